//! Images in plain directories, `dir:path`.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Kind, MAX_SIGNATURE_COUNT, Source, SourceError};
use crate::digest::{Algorithm, Digest};
use crate::file::{self, ReadError};
use crate::image::{ImageName, ImageNameError};
use crate::index::{Index, IndexError};

/// The file of a manifest; that of an instance has its digest before that.
const MANIFEST: &str = "manifest.json";

/// What the `version` file says before the number.
const VERSION_PREFIX: &str = "Directory Transport Version: ";

/// The newest version of the format that is known. What is new in it are file names with digests other than SHA-256:
/// `<algorithm>-<hex>` instead of `<hex>`, which containers/image does not write in older versions, but reads in all.
const VERSION: (u64, u64) = (1, 2);

/// An image in a directory as `skopeo copy … dir:path` writes it: `manifest.json`, `signature-1`, `signature-2`, …, and
/// `version`; for each instance of a manifest list, `<hex>.manifest.json`, `<hex>.signature-1`, …, or, where the list
/// names it by a digest other than SHA-256, `<algorithm>-<hex>.manifest.json`, ….
///
/// Nothing is read before it is asked for. The `version` file may be missing; otherwise it must be one line that ends
/// in a line feed, `Directory Transport Version: MAJOR.MINOR`, byte for byte, and a version higher than 1.2 is an
/// error.
#[derive(Clone, Debug)]
pub struct DirSource {
    path: PathBuf,
    name: ImageName,
    instance: Option<Digest>,
}

impl DirSource {
    /// An image in a directory. Its name is `dir:` and the path, until [`with_name`](Self::with_name) says otherwise.
    ///
    /// # Errors
    ///
    /// [`ImageNameError`] if the path is not valid UTF-8 or cannot be resolved.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ImageNameError> {
        let path = path.as_ref();
        let text = path.to_str().ok_or_else(|| ImageNameError::Path {
            transport: crate::image::Transport::Dir,
            path: path.to_string_lossy().into_owned(),
            source: io::Error::new(io::ErrorKind::InvalidData, "the path is not valid UTF-8"),
        })?;
        let name = ImageName::parse(&format!("dir:{text}"))?;
        Ok(Self {
            path: path.to_owned(),
            name,
            instance: None,
        })
    }

    /// An image in a directory, judged under another name: for example a copy that was made of an image in a registry.
    pub fn named(path: impl Into<PathBuf>, name: ImageName) -> Self {
        Self {
            path: path.into(),
            name,
            instance: None,
        }
    }

    /// The same bytes, judged under another name.
    #[must_use]
    pub fn with_name(mut self, name: ImageName) -> Self {
        self.name = name;
        self
    }

    /// One instance of the multi-architecture image in the same directory, under the same name. Whether `manifest.json`
    /// is a list that names it is found out when the image is verified.
    #[must_use]
    pub fn with_instance(mut self, digest: Digest) -> Self {
        self.instance = Some(digest);
        self
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The list of its instances, with their platforms, that the image's manifest is; none if it is the manifest of one
    /// image.
    ///
    /// # Errors
    ///
    /// [`SourceError`] if the manifest cannot be read, or may be a list and is not a readable one.
    pub fn index(&self) -> Result<Option<Index>, SourceError> {
        let manifest = self.manifest_of_all()?;
        Index::parse(&manifest).map_err(|error: IndexError| SourceError::ListInvalid {
            path: self.path.join(MANIFEST),
            reason: error.to_string(),
        })
    }

    /// The digests of all instances that the image's manifest lists; none if it is the manifest of one image.
    ///
    /// # Errors
    ///
    /// Those of [`index`](Self::index).
    pub fn instances(&self) -> Result<Vec<Digest>, SourceError> {
        let index = self.index()?;
        let instances = index.iter().flat_map(Index::instances);
        Ok(instances
            .map(|instance| instance.digest().clone())
            .collect())
    }

    /// The manifest of the image as a whole, be it a list or not.
    fn manifest_of_all(&self) -> Result<Vec<u8>, SourceError> {
        self.check_version()?;
        read(&self.path.join(MANIFEST), Kind::Manifest)
    }

    /// A file of this image or instance.
    fn file(&self, name: &str) -> PathBuf {
        self.path.join(self.file_name(name))
    }

    fn file_name(&self, name: &str) -> String {
        match &self.instance {
            None => name.to_owned(),
            Some(digest) if digest.algorithm() == Algorithm::Sha256 => {
                format!("{}.{name}", digest.hex())
            }
            Some(digest) => format!("{}-{}.{name}", digest.algorithm(), digest.hex()),
        }
    }

    /// Checks that this is a directory in a known version of the format.
    fn check_version(&self) -> Result<(), SourceError> {
        let io = |source| SourceError::Io {
            path: self.path.clone(),
            source,
        };
        if !fs::metadata(&self.path).map_err(io)?.is_dir() {
            return Err(SourceError::NotADirectory {
                path: self.path.clone(),
            });
        }
        let path = self.path.join("version");
        let Some(content) = read_if_exists(&path, Kind::Version)? else {
            return Ok(());
        };
        let Some((version, numbers)) = parse_version(&content) else {
            return Err(SourceError::VersionInvalid { path });
        };
        if numbers > VERSION {
            return Err(SourceError::VersionUnknown {
                path,
                found: version.to_owned(),
            });
        }
        Ok(())
    }
}

impl Source for DirSource {
    fn name(&self) -> &ImageName {
        &self.name
    }

    fn instance(&self) -> Option<&Digest> {
        self.instance.as_ref()
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        match self.instance {
            Some(_) => Ok(Some(Cow::Owned(self.manifest_of_all()?))),
            None => Ok(None),
        }
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        self.check_version()?;
        read(&self.file(MANIFEST), Kind::Manifest).map(Cow::Owned)
    }

    /// Reads signatures 1, 2, … until the first that does not exist.
    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        self.check_version()?;
        let mut signatures = Vec::new();
        for number in 1_usize.. {
            let path = self.file(&signature(number));
            let Some(signature) = read_if_exists(&path, Kind::Signature)? else {
                break;
            };
            if number > MAX_SIGNATURE_COUNT {
                return Err(SourceError::TooManySignatures { path });
            }
            signatures.push(Cow::Owned(signature));
        }
        Ok(signatures)
    }

    fn signature_name(&self, number: usize) -> Option<String> {
        Some(self.file_name(&signature(number)))
    }

    fn signature_location(&self) -> Option<String> {
        let first = self.file_name(&signature(1));
        Some(format!("dir:{} ({first})", self.path.display()))
    }
}

/// The file of a signature; that of an instance has its digest before that.
fn signature(number: usize) -> String {
    format!("signature-{number}")
}

/// The version that a `version` file says, as text and as its two numbers. As in containers/image's `parseVersion`, the
/// file must be what a writer of that version would write.
fn parse_version(content: &[u8]) -> Option<(&str, (u64, u64))> {
    let line = std::str::from_utf8(content).ok()?;
    let version = line.strip_prefix(VERSION_PREFIX)?.strip_suffix('\n')?;
    let (major, minor) = version.split_once('.')?;
    Some((version, (number(major)?, number(minor)?)))
}

/// A decimal number in its one form: digits, no zero before others. What is too large for the type becomes its largest
/// value, which is not a known version.
fn number(text: &str) -> Option<u64> {
    let is_canonical = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    is_canonical.then(|| text.parse().unwrap_or(u64::MAX))
}

fn read(path: &Path, kind: Kind) -> Result<Vec<u8>, SourceError> {
    read_if_exists(path, kind)?.ok_or_else(|| SourceError::Io {
        path: path.to_owned(),
        source: io::Error::new(io::ErrorKind::NotFound, "no such file"),
    })
}

/// Reads a regular file of bounded size; `None` if and only if there is nothing with this name, not even a link.
fn read_if_exists(path: &Path, kind: Kind) -> Result<Option<Vec<u8>>, SourceError> {
    let io = |source| SourceError::Io {
        path: path.to_owned(),
        source,
    };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        result => result.map_err(io)?,
    };
    let path = path.to_owned();
    match file::read(&path, kind.limit()) {
        Ok(content) => Ok(Some(content)),
        Err(ReadError::Io(source)) => Err(SourceError::Io { path, source }),
        Err(ReadError::NotAFile) => Err(SourceError::NotAFile { path }),
        Err(ReadError::TooLarge { limit }) => Err(SourceError::TooLarge { path, limit }),
    }
}

#[cfg(test)]
mod tests;
