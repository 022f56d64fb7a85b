//! An index as it has to be: strictly read, and what a platform's instance in it is.

use std::collections::BTreeMap;

use super::error::{IndexError, InstanceError};
use super::list::{DOCKER_LIST, Entry, ManifestList, OCI_INDEX, is_taken_for_list};
use super::platform::Platform;
use crate::digest::{Digest, MAX_MANIFEST_SIZE};
use crate::json::{Document, LocatedJsonError};

/// An annotation of instances whose layers are compressed with zstd, and its value (containers/image,
/// `OCI1InstanceAnnotationCompressionZSTD`).
const ZSTD: (&str, &str) = ("io.github.containers.compression.zstd", "true");

/// A list of the instances of a multi-architecture image: an OCI image index or a Docker manifest list.
///
/// It says which manifest belongs to which platform, and is not verified by being read: an index that a registry serves
/// names whatever the registry wants. [`Image::from_index`](crate::Image::from_index) compares it with the digest in an
/// image's name, and verification then asks for a signature of the instance.
///
/// ```
/// use containers_sigpolicy::{Index, Platform};
///
/// let manifest = br#"{
///     "schemaVersion": 2,
///     "mediaType": "application/vnd.oci.image.index.v1+json",
///     "manifests": [
///         {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 1032,
///          "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
///          "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}}
///     ]
/// }"#;
/// if let Some(index) = Index::parse(manifest)? {
///     let instance = index.choose_for(&Platform::new("linux", "arm64"));
///     assert_eq!(instance.map(|instance| instance.size()), Some(1032));
///     assert_eq!(index.choose_for(&Platform::new("linux", "s390x")), None);
/// }
/// # Ok::<(), containers_sigpolicy::index::IndexError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    format: Format,
    instances: Vec<Instance>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Oci,
    Docker,
}

/// One manifest that an [`Index`] names: what of a descriptor (OCI image specification, "Descriptors") is needed to
/// choose and fetch it.
///
/// ```
/// use containers_sigpolicy::index::Instance;
/// use containers_sigpolicy::{Digest, Platform};
///
/// let manifest = b"{}";
/// let instance = Instance::new("application/vnd.oci.image.manifest.v1+json", Digest::of(manifest), 2)
///     .with_platform(Platform::new("linux", "amd64"));
/// assert_eq!(instance.size(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    media_type: String,
    digest: Digest,
    size: u64,
    platform: Option<Platform>,
    annotations: BTreeMap<String, String>,
}

impl Index {
    /// Reads a manifest, byte for byte as served, if it is an index. None if no program takes it for one: then it is the
    /// manifest of one image, or no manifest at all, which is not looked into further.
    ///
    /// Every member that the OCI image specification or containers/image defines has to have its type, or may be null
    /// where it need not be there; others are skipped. Each instance must have a media type, a digest of a known
    /// algorithm, and a size that is not negative. It is stricter than containers/image in that; in that no key may
    /// occur twice in an object or be in another letter case, even if nothing needs it; in the `schemaVersion`, which
    /// must be 2; and in that a media type, where there is one, must be that of an index.
    ///
    /// # Errors
    ///
    /// [`IndexError`] for what is not JSON, and for what some program may take for an index, and this function does not.
    /// It is not the manifest of an image either: do not run it.
    pub fn parse(manifest: &[u8]) -> Result<Option<Self>, IndexError> {
        if manifest.len() > MAX_MANIFEST_SIZE {
            return Err(IndexError::TooLarge {
                size: manifest.len(),
            });
        }
        let json = |error: LocatedJsonError| IndexError::of_list(error.into());
        let document = Document::parse(manifest).map_err(json)?;
        if !is_taken_for_list(&document) {
            return Ok(None);
        }
        let list = ManifestList::read(&document).map_err(IndexError::of_list)?;
        let format = match list.media_type.as_str() {
            // containers/image takes one without a media type for OCI's, in which it may be left out.
            "" | OCI_INDEX => Format::Oci,
            DOCKER_LIST => Format::Docker,
            _ => {
                return Err(IndexError::MediaType {
                    found: list.media_type,
                });
            }
        };
        if list.schema_version.as_deref() != Some("2") {
            return Err(IndexError::SchemaVersion {
                found: list.schema_version,
            });
        }
        let instances = (1_usize..)
            .zip(list.entries)
            .map(|(number, entry)| {
                Instance::read(entry).map_err(|problem| IndexError::Instance { number, problem })
            })
            .collect::<Result<_, _>>()?;
        Ok(Some(Self { format, instances }))
    }

    /// Its media type: `application/vnd.oci.image.index.v1+json`, also where none is written, or
    /// `application/vnd.docker.distribution.manifest.list.v2+json`.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.format {
            Format::Oci => OCI_INDEX,
            Format::Docker => DOCKER_LIST,
        }
    }

    /// The instances in the order of the index. Several may have the same digest.
    #[must_use]
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// The instance of this digest: the first one, if it is there for several platforms.
    #[must_use]
    pub fn instance(&self, digest: &Digest) -> Option<&Instance> {
        self.instances
            .iter()
            .find(|instance| instance.digest == *digest)
    }

    /// The instance that containers/image chooses for a platform (`ChooseInstance` in `internal/manifest`); none if
    /// there is none for it.
    ///
    /// - Operating system and architecture have to be the same.
    /// - A machine with a variant takes the nearest one that it runs, and at last one without a variant: an `arm` of `v7`
    ///   takes `v7`, `v6`, `v5`, none; an `arm64` of `v8` takes `v8`, none; a variant that is not known, itself and none. A
    ///   platform without a variant takes an instance without one, and then the most demanding one that is known:
    ///   `v8`, `v7`, `v6`, `v5` of `arm`, `v8` of `arm64`. Other architectures have no known variants.
    /// - In an OCI index, an instance without a platform is taken if no other fits.
    /// - Of several that fit alike, in an OCI index those come first whose annotation
    ///   `io.github.containers.compression.zstd` is `true`. Otherwise the first one is taken.
    ///
    /// The version and the features of the operating system do not count, as in containers/image.
    #[must_use]
    pub fn choose_for(&self, platform: &Platform) -> Option<&Instance> {
        let is_oci = self.format == Format::Oci;
        let candidates = self.instances.iter().filter_map(|instance| {
            let rank = match &instance.platform {
                Some(offered) => platform.rank_of(offered)?,
                None if is_oci => usize::MAX,
                None => return None,
            };
            Some((rank, !(is_oci && instance.is_zstd()), instance))
        });
        let best = candidates.min_by_key(|(rank, is_other, _)| (*rank, *is_other))?;
        Some(best.2)
    }
}

impl Instance {
    /// A manifest of this media type, digest and size in bytes, for any platform.
    pub fn new(media_type: impl Into<String>, digest: Digest, size: u64) -> Self {
        Self {
            media_type: media_type.into(),
            digest,
            size,
            platform: None,
            annotations: BTreeMap::new(),
        }
    }

    fn read(entry: Entry) -> Result<Self, InstanceError> {
        let missing = |member| Err(InstanceError::Missing { member });
        if entry.media_type.is_empty() {
            return missing("mediaType");
        }
        if entry.untrusted_digest.is_empty() {
            return missing("digest");
        }
        let Some(size) = entry.size else {
            return missing("size");
        };
        Ok(Self {
            media_type: entry.media_type,
            digest: Digest::parse(&entry.untrusted_digest)
                .map_err(|reason| InstanceError::Digest { reason })?,
            size: u64::try_from(size).map_err(|_| InstanceError::Size { found: size })?,
            platform: entry.platform,
            annotations: entry.annotations,
        })
    }

    /// The same for a platform.
    #[must_use]
    pub fn with_platform(self, platform: Platform) -> Self {
        Self {
            platform: Some(platform),
            ..self
        }
    }

    /// The same with this annotation; it replaces one of the same name.
    #[must_use]
    pub fn with_annotation(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(name.into(), value.into());
        self
    }

    /// The digest of its manifest, by which it is fetched.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The media type of its manifest as the index says it, which is not looked into: it may be another index.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The size of its manifest in bytes as the index says it: a bound for whoever fetches it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it runs on, if the index says so.
    #[must_use]
    pub fn platform(&self) -> Option<&Platform> {
        self.platform.as_ref()
    }

    /// Its annotations by their names.
    #[must_use]
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.annotations
    }

    fn is_zstd(&self) -> bool {
        let (name, value) = ZSTD;
        self.annotations
            .get(name)
            .is_some_and(|found| found == value)
    }
}
