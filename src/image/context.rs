//! What the meaning of an image name depends on besides its text.

use std::path::PathBuf;

/// What the meaning of an image name depends on besides its text.
///
/// By default, relative paths start from the current directory of the process, and `containers-storage` names without a
/// store mean `[overlay@/var/lib/containers/storage]`, the default of containers-storage.conf(5) for root. This crate
/// does not read that file: programs for other users or with other settings state the store themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameContext {
    pub(super) working_directory: Option<PathBuf>,
    pub(super) storage_driver: String,
    pub(super) storage_graph_root: String,
}

impl NameContext {
    /// The same, with relative paths starting from this directory.
    #[must_use]
    pub fn with_working_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.working_directory = Some(directory.into());
        self
    }

    /// The same, with another default store: a driver such as `overlay`, and the absolute path of the graph root.
    #[must_use]
    pub fn with_storage(
        mut self,
        driver: impl Into<String>,
        graph_root: impl Into<String>,
    ) -> Self {
        self.storage_driver = driver.into();
        self.storage_graph_root = graph_root.into();
        self
    }
}

impl Default for NameContext {
    fn default() -> Self {
        Self {
            working_directory: None,
            storage_driver: "overlay".to_owned(),
            storage_graph_root: "/var/lib/containers/storage".to_owned(),
        }
    }
}
