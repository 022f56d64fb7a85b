//! Names in the local storage of Podman, Buildah and CRI-O.

use super::path::clean;
use super::{ImageNameError, NameContext, Transport};
use crate::digest::Digest;
use crate::reference::{Reference, ReferenceError, is_image_id};

/// A parsed `containers-storage` name.
pub(super) struct StorageName {
    driver: String,
    graph_root: String,
    pub(super) reference: Option<Reference>,
    image_id: Option<String>,
}

impl StorageName {
    /// Reads what follows `containers-storage:`, `[driver@graphroot+runroot:options]name:tag@digest@imageid` with most
    /// parts optional; parts of the store that are not written come from the context.
    pub(super) fn parse(text: &str, context: &NameContext) -> Result<Self, ImageNameError> {
        let (driver, graph_root, rest) = match text.strip_prefix('[') {
            Some(store) => parse_store(text, store, context)?,
            None => (
                context.storage_driver.clone(),
                context.storage_graph_root.clone(),
                text,
            ),
        };
        if !graph_root.starts_with('/') {
            return Err(ImageNameError::StoreNotAbsolute { found: graph_root });
        }
        if rest.is_empty() {
            return Err(ImageNameError::Empty {
                transport: Transport::ContainersStorage,
            });
        }
        if is_short_id(rest) {
            return Err(ImageNameError::StorageShortId {
                found: rest.to_owned(),
            });
        }
        let (named, image_id) = match rest.rsplit_once('@') {
            Some((named, suffix)) if is_image_id(suffix) => (named, Some(suffix.to_owned())),
            // A digest belongs to the reference.
            Some((_, suffix)) if Digest::parse(suffix).is_ok() => (rest, None),
            Some((_, suffix)) => {
                return Err(ImageNameError::StorageImageId {
                    found: suffix.to_owned(),
                });
            }
            None => (rest, None),
        };
        let reference = match named {
            "" => None,
            named => Some(
                Reference::parse_normalized(named)
                    .map_err(|reason: ReferenceError| ImageNameError::Reference {
                        transport: Transport::ContainersStorage,
                        reason,
                    })?
                    .with_default_tag(),
            ),
        };
        // The store uses the driver's own name for itself, and scopes are looked up by that.
        let driver = match driver.as_str() {
            "overlay2" => "overlay".to_owned(),
            _ => driver,
        };
        Ok(Self {
            driver,
            graph_root: clean(&graph_root),
            reference,
            image_id,
        })
    }

    pub(super) fn identity(&self) -> String {
        let mut identity = self.store();
        if let Some(reference) = &self.reference {
            identity.push_str(&reference.to_string());
        }
        if let Some(image_id) = &self.image_id {
            identity.push('@');
            identity.push_str(image_id);
        }
        identity
    }

    pub(super) fn namespaces(&self) -> Vec<String> {
        let store = self.store();
        let mut namespaces = Vec::new();
        if let Some(reference) = &self.reference {
            if self.image_id.is_some() {
                namespaces.push(format!("{store}{reference}"));
            }
            if let (Some(tag), Some(_)) = (reference.tag(), reference.digest()) {
                namespaces.push(format!("{store}{}:{tag}", reference.name()));
            }
            let mut name = reference.name();
            namespaces.push(format!("{store}{name}"));
            while let Some((parent, _)) = name.rsplit_once('/') {
                namespaces.push(format!("{store}{parent}"));
                name = parent;
            }
        }
        namespaces.push(store);
        namespaces.push(format!("[{}]", self.graph_root));
        namespaces
    }

    fn store(&self) -> String {
        format!("[{}@{}]", self.driver, self.graph_root)
    }
}

/// Whether containers/image would take a name for the beginning of an image ID if there is such an image: at least
/// three hexadecimal digits.
fn is_short_id(name: &str) -> bool {
    (3..64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Reads the part between the brackets; returns driver, graph root and what follows.
fn parse_store<'a>(
    text: &str,
    store: &'a str,
    context: &NameContext,
) -> Result<(String, String, &'a str), ImageNameError> {
    let malformed = || ImageNameError::Store {
        found: text.to_owned(),
    };
    let (store, rest) = store.split_once(']').ok_or_else(malformed)?;
    let (driver, location) = match store.split_once('@') {
        Some((driver, location)) if !driver.is_empty() => (driver, location),
        Some(_) => return Err(malformed()),
        None => (context.storage_driver.as_str(), store),
    };
    let location = location
        .split_once(':')
        .map_or(location, |(location, _options)| location);
    let (graph_root, run_root) = match location.split_once('+') {
        Some((graph_root, run_root)) => (graph_root, Some(run_root)),
        None => (location, None),
    };
    if graph_root.is_empty() {
        return Err(malformed());
    }
    if let Some(run_root) = run_root.filter(|path| !path.is_empty() && !path.starts_with('/')) {
        return Err(ImageNameError::StoreNotAbsolute {
            found: run_root.to_owned(),
        });
    }
    Ok((driver.to_owned(), graph_root.to_owned(), rest))
}
