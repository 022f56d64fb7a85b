//! Events for `tracing`, behind the feature of that name: what was chosen and found, where users of containers/image know debug
//! lines from. Nothing secret is in them, and foreign text only without control characters.

/// An event of the level "debug"; nothing at all without the feature.
macro_rules! event {
    ($($fields:tt)*) => {{
        #[cfg(feature = "tracing")]
        ::tracing::debug!(target: "containers_sigpolicy", $($fields)*);
    }};
}
