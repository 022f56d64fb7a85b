//! The keys of the key files that gpg does not have.

use super::key_file::FutureKey;
use crate::engine::unsupported::Unsupported;
use crate::fingerprint::Fingerprint;

/// The most keys of each kind that are remembered for their reason. A signature by any other counts as one by an
/// unknown key.
const MAX_REMEMBERED: usize = 1000;

/// Keys of the key files that gpg does not have, and why.
#[derive(Debug, Default)]
pub(super) struct UnusableKeys {
    /// Those whose creation time was in the future when they were read.
    pub(super) from_the_future: Vec<FutureKey>,
    /// Those that GnuPG does not know.
    pub(super) unsupported: Vec<(Fingerprint, Unsupported)>,
}

impl UnusableKeys {
    /// Remembers a key from the future, and returns whether it is a new one.
    pub(super) fn add_from_the_future(&mut self, key: FutureKey) -> bool {
        let is_new =
            self.from_the_future.len() < MAX_REMEMBERED && !self.from_the_future.contains(&key);
        if is_new {
            self.from_the_future.push(key);
        }
        is_new
    }

    /// Remembers a key that GnuPG does not know.
    pub(super) fn add_unsupported(&mut self, key: Fingerprint, what: Unsupported) {
        if self.unsupported.len() < MAX_REMEMBERED {
            self.unsupported.push((key, what));
        }
    }
}
