//! What an instance runs on.

use std::fmt;

/// For each architecture that has variants, these from the most to the least demanding: one runs what is built for those
/// behind it. As in containers/image (`internal/pkg/platform`).
const VARIANTS: [(&str, &[&str]); 2] = [("arm", &["v8", "v7", "v6", "v5"]), ("arm64", &["v8"])];

/// What an image is built for, or a machine is: operating system and processor by Go's names for them (`GOOS` and
/// `GOARCH`), as the OCI image specification, "Image Index", has them in `platform`.
///
/// `Display` is what people write: `linux/arm/v7`. What comes from an index is not looked into: it may be any text.
///
/// ```
/// use containers_sigpolicy::Platform;
///
/// let platform = Platform::new("linux", "arm").with_variant("v7");
/// assert_eq!(platform.to_string(), "linux/arm/v7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform {
    os: String,
    architecture: String,
    variant: Option<String>,
    os_version: Option<String>,
    os_features: Vec<String>,
}

impl Platform {
    /// A platform without a variant: `linux` and `amd64`, `windows` and `arm64`.
    pub fn new(os: impl Into<String>, architecture: impl Into<String>) -> Self {
        Self {
            os: os.into(),
            architecture: architecture.into(),
            variant: None,
            os_version: None,
            os_features: Vec::new(),
        }
    }

    /// The same with a variant of the processor, such as `v7`. An empty one is none.
    #[must_use]
    pub fn with_variant(self, variant: impl Into<String>) -> Self {
        Self {
            variant: Some(variant.into()).filter(|variant| !variant.is_empty()),
            ..self
        }
    }

    /// The same with a version of the operating system, such as `10.0.14393.1066`. An empty one is none.
    #[must_use]
    pub fn with_os_version(self, os_version: impl Into<String>) -> Self {
        Self {
            os_version: Some(os_version.into()).filter(|version| !version.is_empty()),
            ..self
        }
    }

    /// The same with these features of the operating system, such as `win32k`.
    #[must_use]
    pub fn with_os_features<F: Into<String>>(
        self,
        os_features: impl IntoIterator<Item = F>,
    ) -> Self {
        Self {
            os_features: os_features.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// The operating system, such as `linux`. Empty where an index does not say.
    #[must_use]
    pub fn os(&self) -> &str {
        &self.os
    }

    /// The processor's architecture, such as `amd64`. Empty where an index does not say.
    #[must_use]
    pub fn architecture(&self) -> &str {
        &self.architecture
    }

    /// The variant of the processor, such as `v7`.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// The version of the operating system. It does not count when an instance is chosen.
    #[must_use]
    pub fn os_version(&self) -> Option<&str> {
        self.os_version.as_deref()
    }

    /// The features that the operating system must have. They do not count when an instance is chosen.
    #[must_use]
    pub fn os_features(&self) -> &[String] {
        &self.os_features
    }

    /// How well this machine runs what is built for `other`: 0 is best. None if it does not.
    ///
    /// Who has a variant runs those that demand less, and last what names none. Who names none prefers what names none,
    /// and then takes the most demanding one. A variant that is not known is compatible with itself only.
    pub(super) fn rank_of(&self, other: &Self) -> Option<usize> {
        if (&self.os, &self.architecture) != (&other.os, &other.architecture) {
            return None;
        }
        let known = VARIANTS
            .iter()
            .find(|(architecture, _)| *architecture == self.architecture)
            .map_or(&[][..], |(_, variants)| variants);
        match (self.variant(), other.variant()) {
            (None, None) => Some(0),
            (None, Some(other)) => {
                let place = known.iter().position(|variant| *variant == other)?;
                place.checked_add(1)
            }
            (Some(own), other) => {
                let unknown = [own];
                let runs = match known.iter().position(|variant| *variant == own) {
                    Some(place) => known.get(place..).unwrap_or_default(),
                    None => &unknown,
                };
                match other {
                    Some(other) => runs.iter().position(|variant| *variant == other),
                    None => Some(runs.len()),
                }
            }
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}
