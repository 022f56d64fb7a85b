//! Who can write the file that the policy was read from.

use std::sync::{PoisonError, RwLock};

use super::access::{self, FileIdentity};
use super::of_late::OfLate;
use crate::policy::Policy;
use crate::verdict::{Exposed, Warning};

/// What is known of the policy's file. The system is asked once: again only where the file is another, has another
/// owner or mode, or everything is [forgotten](Self::forget); and to learn that takes one look at it.
#[derive(Debug, Default)]
pub(super) struct PolicyFile {
    known: RwLock<Option<(FileIdentity, Option<Exposed>)>>,
    of_late: OfLate<Option<Warning>>,
}

impl PolicyFile {
    /// Whether somebody else can change the policy.
    pub(super) fn writable(&self, policy: &Policy) -> Option<Warning> {
        let file = policy.origin().file.as_ref()?;
        // Before the access, so that a change in between shows as one.
        let identity = FileIdentity::of(file)?;
        let exposed = match self.known(identity) {
            Some(exposed) => exposed,
            None => {
                let exposed = access::of(file)?.exposed;
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                *known = Some((identity, exposed.clone()));
                exposed
            }
        };
        Some(Warning::PolicyWritable {
            file: file.clone(),
            exposed: exposed?,
        })
    }

    /// The same, as it was within the last second: each image that is accepted asks.
    pub(super) fn writable_of_late(&self, policy: &Policy) -> Option<Warning> {
        self.of_late.get(|| self.writable(policy))
    }

    /// Asks anew the next time: who can write the file's folder may be others now.
    pub(super) fn forget(&self) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.of_late.forget();
    }

    fn known(&self, identity: FileIdentity) -> Option<Option<Exposed>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (of, exposed) = known.as_ref()?;
        (*of == identity).then(|| exposed.clone())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    use super::*;

    #[test]
    fn it_is_asked_once_and_again_where_it_has_changed() {
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let folder = tempfile::tempdir().unwrap();
        let [one, other, link] =
            ["one.json", "other.json", "link.json"].map(|name| folder.path().join(name));
        for file in [&one, &other] {
            fs::write(file, r#"{"default": [{"type": "reject"}]}"#).unwrap();
            set(file, 0o644);
        }
        symlink(&one, &link).unwrap();
        let policy = Policy::from_file(&link).unwrap();
        let file = PolicyFile::default();
        let mode = || match file.writable(&policy) {
            Some(Warning::PolicyWritable { exposed, .. }) => Some(exposed.mode),
            Some(other) => panic!("{other:?}"),
            None => None,
        };
        assert_eq!(mode(), None);
        set(&one, 0o666);
        assert_eq!(mode(), Some(0o666));
        set(&one, 0o646);
        assert_eq!(mode(), Some(0o646));
        // Another file by the same name.
        fs::remove_file(&link).unwrap();
        symlink(&other, &link).unwrap();
        assert_eq!(mode(), None);
        // It is not asked again, or the folder would be seen.
        set(folder.path(), 0o777);
        assert_eq!(mode(), None);
        file.forget();
        assert_eq!(mode(), Some(0o777));
        fs::remove_file(&link).unwrap();
        assert_eq!(mode(), None);
    }
}
