//! What the system can run out of.

use std::io;

/// Whether the system has no more processes, descriptors or memory to give.
pub(in crate::engine) fn is_lack_of_resources(error: &io::Error) -> bool {
    use rustix::io::Errno;

    matches!(
        Errno::from_io_error(error),
        Some(Errno::AGAIN | Errno::NOMEM | Errno::MFILE | Errno::NFILE)
    )
}
