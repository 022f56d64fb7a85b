//! Names of transports that are none.

use crate::image::Transport;

/// The transport that is meant by a name that is none's, such as `dokcer` or `docker://`.
pub(super) fn meant(name: &str) -> Option<Transport> {
    let bare = name.trim().trim_end_matches(['/', ':']);
    match bare.parse() {
        Ok(transport) => Some(transport),
        Err(_) => Transport::nearest(bare),
    }
}
