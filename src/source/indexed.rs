//! From a multi-architecture image to the one that runs here.

use std::borrow::Cow;

use thiserror::Error;

use super::memory::Image;
use crate::digest::error::ManifestError;
use crate::digest::{Digest, manifest_digest};
use crate::image::ImageName;
use crate::index::{Index, IndexError, Instance, Platform};
use crate::text::quote::Quoted;

/// How many platforms [`IndexedImageError::NoInstance`] repeats.
const MAX_PLATFORMS_SHOWN: usize = 16;

/// A multi-architecture image: its name, and the index that a registry has for it.
///
/// The three belong together by construction: where the name has a digest, it is the index's; an instance is one that
/// the index names; and the [`Image`] of an instance has the manifest of that digest. Nothing of it is trusted by that:
/// the index is whatever the registry served, until a signature of the instance is verified.
///
/// What is verified is the chosen instance, by its own signatures and under the name of the image as a whole, as in
/// containers/image. To verify a signature of the index itself, make an [`Image`] of it: [`Image::new`].
///
/// ```
/// use containers_sigpolicy::{Digest, Image, ImageName, Platform, Source};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // What a registry serves for the name: the index, and then the manifest that it names.
/// # let manifest = br#"{"schemaVersion": 2, "config": {}, "layers": []}"#;
/// # let index = format!(
/// #     r#"{{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
/// #         {{"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": {}, "digest": "{}",
/// #          "platform": {{"os": "linux", "architecture": "amd64"}}}}]}}"#,
/// #     manifest.len(), Digest::of(manifest));
/// # let fetch = |digest: &Digest, _at_most: u64| (*digest == Digest::of(manifest)).then_some(manifest.as_slice()).ok_or("not found");
/// let name = ImageName::parse("docker://registry.example/app/web:1.4.2")?;
/// let indexed = Image::from_index(name, index.as_bytes())?;
/// let chosen = indexed.choose(&Platform::new("linux", "amd64"))?;
/// let manifest = fetch(chosen.digest(), chosen.size())?;
/// let image = chosen.with_manifest(manifest)?; // add its signatures, and verify it
/// assert_eq!(image.instance(), Some(chosen.digest()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct IndexedImage<'a> {
    name: ImageName,
    list: Cow<'a, [u8]>,
    digest: Digest,
    index: Index,
}

/// An instance of a multi-architecture image, which its index names. It is fetched by its
/// [`digest`](Instance::digest): everything that an [`Instance`] says can be asked of it.
#[derive(Clone, Copy, Debug)]
pub struct ChosenInstance<'i, 'a> {
    image: &'i IndexedImage<'a>,
    instance: &'i Instance,
}

/// Why name, index, instance and manifest do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IndexedImageError {
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The manifest is no index.
    #[error("the manifest is that of one image, and not an index")]
    NotAnIndex,
    /// The index, or the manifest of the instance, has no digest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The name has the digest of another manifest than of this index.
    #[error("the name asks for {demanded}, but the index has the digest {actual}")]
    #[non_exhaustive]
    IndexDigest {
        /// The digest in the name.
        demanded: Digest,
        /// That of the index.
        actual: Digest,
    },
    /// The index has no instance for this platform.
    #[error("the index has no instance for {}{}", Quoted(&.platform.to_string()), offered(.named, .others))]
    #[non_exhaustive]
    NoInstance {
        /// The platform.
        platform: Box<Platform>,
        /// The platforms that it has instances for, at most 16 of them.
        named: Vec<Platform>,
        /// How many more there are.
        others: usize,
    },
    /// The index does not name this instance.
    #[error("the index {index} does not name the instance {instance}")]
    #[non_exhaustive]
    NotNamed {
        /// The instance.
        instance: Digest,
        /// The digest of the index.
        index: Digest,
    },
    /// This is another manifest than that of the instance.
    #[error("the manifest has the digest {actual}, but the instance is {demanded}")]
    #[non_exhaustive]
    ManifestDigest {
        /// The digest of the instance.
        demanded: Digest,
        /// That of the manifest.
        actual: Digest,
    },
}

impl<'a> Image<'a> {
    /// A multi-architecture image, of which one instance is to be chosen. `index` has the bytes exactly as served: an OCI
    /// image index or a Docker manifest list. Where the name has a digest, it must be the index's.
    ///
    /// # Errors
    ///
    /// [`IndexedImageError`] if it is no readable index, or another one than the name asks for.
    pub fn from_index(
        name: ImageName,
        index: impl Into<Cow<'a, [u8]>>,
    ) -> Result<IndexedImage<'a>, IndexedImageError> {
        let list = index.into();
        let index = Index::parse(&list)?.ok_or(IndexedImageError::NotAnIndex)?;
        let digest = manifest_digest(&list)?;
        let demanded = name
            .docker_reference()
            .and_then(|reference| reference.digest());
        if let Some(demanded) = demanded.filter(|demanded| **demanded != digest) {
            return Err(IndexedImageError::IndexDigest {
                demanded: demanded.clone(),
                actual: digest,
            });
        }
        Ok(IndexedImage {
            name,
            list,
            digest,
            index,
        })
    }
}

impl<'a> IndexedImage<'a> {
    /// The name of the image as a whole.
    #[must_use]
    pub fn name(&self) -> &ImageName {
        &self.name
    }

    /// The digest of the index, as [`manifest_digest`](crate::manifest_digest) has it.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What the index says.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The instance for a platform, as [`Index::choose_for`] chooses it.
    ///
    /// # Errors
    ///
    /// [`IndexedImageError::NoInstance`] if there is none.
    pub fn choose(&self, platform: &Platform) -> Result<ChosenInstance<'_, 'a>, IndexedImageError> {
        match self.index.choose_for(platform) {
            Some(instance) => Ok(ChosenInstance {
                image: self,
                instance,
            }),
            None => {
                let mut named = self.platforms();
                let others = named.len().saturating_sub(MAX_PLATFORMS_SHOWN);
                named.truncate(MAX_PLATFORMS_SHOWN);
                Err(IndexedImageError::NoInstance {
                    platform: Box::new(platform.clone()),
                    named,
                    others,
                })
            }
        }
    }

    /// The instance of this digest, however it was chosen.
    ///
    /// # Errors
    ///
    /// [`IndexedImageError::NotNamed`] if the index does not name it.
    pub fn instance(&self, digest: &Digest) -> Result<ChosenInstance<'_, 'a>, IndexedImageError> {
        match self.index.instance(digest) {
            Some(instance) => Ok(ChosenInstance {
                image: self,
                instance,
            }),
            None => Err(IndexedImageError::NotNamed {
                instance: digest.clone(),
                index: self.digest.clone(),
            }),
        }
    }

    fn platforms(&self) -> Vec<Platform> {
        let instances = self.index.instances().iter();
        instances.filter_map(Instance::platform).cloned().collect()
    }
}

impl<'a> ChosenInstance<'_, 'a> {
    /// The image of this instance: under the name of the image as a whole, and with the index that names it. `manifest` has
    /// the bytes of the instance's manifest exactly as served. Its signatures are those that are stored for the instance.
    ///
    /// # Errors
    ///
    /// [`IndexedImageError::ManifestDigest`] if this is another manifest, and [`IndexedImageError::Manifest`] if it has no
    /// digest. Verification says why a digest is another one: for that, see [`Image::with_instance`], which checks nothing
    /// before.
    pub fn with_manifest(
        &self,
        manifest: impl Into<Cow<'a, [u8]>>,
    ) -> Result<Image<'a>, IndexedImageError> {
        let manifest = manifest.into();
        let actual = manifest_digest(&manifest)?;
        let demanded = self.instance.digest();
        if actual != *demanded {
            return Err(IndexedImageError::ManifestDigest {
                demanded: demanded.clone(),
                actual,
            });
        }
        let IndexedImage { name, list, .. } = self.image;
        Ok(Image::new(name.clone(), manifest).with_instance(actual, list.clone()))
    }

    /// The same without the manifest's bytes, for a program that has only its digest: [`Image::from_digest`] says what that
    /// is worth.
    #[must_use]
    pub fn by_digest(&self) -> Image<'a> {
        let IndexedImage { name, list, .. } = self.image;
        let digest = self.instance.digest();
        Image::from_digest(name.clone(), digest.clone()).with_instance(digest.clone(), list.clone())
    }
}

impl std::ops::Deref for ChosenInstance<'_, '_> {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        self.instance
    }
}

/// Which platforms there are instead.
fn offered(named: &[Platform], others: &usize) -> String {
    if named.is_empty() {
        return ": it names no platform".to_owned();
    }
    let named: Vec<String> = named
        .iter()
        .map(|platform| Quoted(&platform.to_string()).to_string())
        .collect();
    let more = match others {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    format!(": it has {}{more}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::IndexedImageError;
    use crate::digest::Digest;
    use crate::image::ImageName;
    use crate::index::{IndexError, Platform};
    use crate::source::Source;
    use crate::source::memory::Image;

    const AMD64: &str = r#"{"schemaVersion":2,"config":{"size":1},"layers":[]}"#;
    const ARM64: &str = r#"{"schemaVersion":2,"config":{"size":2},"layers":[]}"#;

    fn index(platforms: &[(&str, &str)]) -> String {
        let instances: Vec<String> = platforms
            .iter()
            .map(|(architecture, manifest)| {
                format!(
                    "{{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"size\":{},\"digest\":\"{}\",\
                     \"platform\":{{\"os\":\"linux\",\"architecture\":\"{architecture}\"}}}}",
                    manifest.len(),
                    Digest::of(manifest.as_bytes())
                )
            })
            .collect();
        format!(
            "{{\"schemaVersion\":2,\"manifests\":[{}]}}",
            instances.join(",")
        )
    }

    fn name(text: &str) -> ImageName {
        text.parse().unwrap()
    }

    #[test]
    fn an_instance_is_one_of_the_index_of_the_name() {
        let list = index(&[("amd64", AMD64), ("arm64", ARM64)]);
        let digest = Digest::of(list.as_bytes());
        for asked in [
            "docker://h.example/app:1".to_owned(),
            format!("docker://h.example/app@{digest}"),
            // Nothing to compare with.
            "oci-archive:/image.tar:app".to_owned(),
        ] {
            let name = name(&asked);
            let indexed = Image::from_index(name.clone(), list.as_bytes()).unwrap();
            assert_eq!(indexed.name(), &name);
            assert_eq!(indexed.digest(), &digest);
            assert_eq!(indexed.index().instances().len(), 2);
            let arm64 = Platform::new("linux", "arm64").with_variant("v8");
            let chosen = indexed.choose(&arm64).unwrap();
            assert_eq!(*chosen.digest(), Digest::of(ARM64.as_bytes()));
            assert_eq!(chosen.size(), ARM64.len() as u64);
            let image = chosen.with_manifest(ARM64.as_bytes()).unwrap();
            assert_eq!(image.name(), &name);
            assert_eq!(image.instance(), Some(chosen.digest()));
            assert_eq!(image.list().unwrap(), Some(Cow::Borrowed(list.as_bytes())));
            assert_eq!(&*image.manifest().unwrap(), ARM64.as_bytes());
            let image = chosen.by_digest();
            assert_eq!(image.instance(), Some(chosen.digest()));
            assert_eq!(image.manifest_digest(), Some(chosen.digest()));
            let other = indexed.instance(&Digest::of(AMD64.as_bytes())).unwrap();
            assert!(other.with_manifest(AMD64.as_bytes()).is_ok());
            let error = other.with_manifest(ARM64.as_bytes()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "the manifest has the digest {}, but the instance is {}",
                    Digest::of(ARM64.as_bytes()),
                    Digest::of(AMD64.as_bytes())
                )
            );
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let list = index(&[("amd64", AMD64)]);
        let digest = Digest::of(list.as_bytes());
        let other = Digest::of(b"another");
        let of_another = name(&format!("docker://h.example/app@{other}"));
        let error = Image::from_index(of_another, list.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the name asks for {other}, but the index has the digest {digest}")
        );
        let app = name("docker://h.example/app:1");
        for (manifest, expected) in [
            (AMD64, IndexedImageError::NotAnIndex),
            (
                r#"{"schemaVersion":2,"manifests":[{}],"layers":[]}"#,
                IndexedImageError::Index(IndexError::OtherFormat { member: "layers" }),
            ),
        ] {
            let error = Image::from_index(app.clone(), manifest.as_bytes()).unwrap_err();
            assert_eq!(error, expected);
        }
        let indexed = Image::from_index(app, list.as_bytes()).unwrap();
        assert_eq!(
            indexed.instance(&other).unwrap_err().to_string(),
            format!("the index {digest} does not name the instance {other}")
        );
        // Not even the index itself.
        assert!(indexed.instance(&digest).is_err());
        assert!(indexed.choose(&Platform::new("linux", "s390x")).is_err());
    }

    #[test]
    fn what_there_is_instead_is_said() {
        let app = || name("docker://h.example/app:1");
        let s390x = Platform::new("linux", "s390x");
        let sentence = |list: &str| {
            let indexed = Image::from_index(app(), list.as_bytes()).unwrap();
            indexed.choose(&s390x).unwrap_err().to_string()
        };
        assert_eq!(
            sentence(&index(&[("amd64", AMD64), ("arm\\u001b64", ARM64)])),
            "the index has no instance for `linux/s390x`: it has `linux/amd64`, `linux/arm\\u{1b}64`"
        );
        let many = index(&[("amd64", AMD64); 17]);
        let sentence = sentence(&many);
        assert_eq!(sentence.matches("`linux/amd64`").count(), 16);
        assert!(sentence.ends_with(" and 1 more"), "{sentence}");
        let empty = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json"}"#;
        let indexed = Image::from_index(app(), empty.as_bytes()).unwrap();
        assert_eq!(
            indexed.choose(&s390x).unwrap_err().to_string(),
            "the index has no instance for `linux/s390x`: it names no platform"
        );
    }
}
