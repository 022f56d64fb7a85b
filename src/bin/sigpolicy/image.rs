//! Where an image's bytes come from.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use containers_sigpolicy::digest::MAX_MANIFEST_SIZE;
use containers_sigpolicy::sigstore::{MAX_BUNDLE_SIZE, stored_bundle};
use containers_sigpolicy::source::MAX_SIGNATURE_SIZE;
use containers_sigpolicy::{Digest, DirSource, ImageName, Source, SourceError};

use super::arguments::VerifyArguments;

/// The source that the command line names, with the bundles that it names, or what is wrong with it.
pub fn source(
    arguments: &VerifyArguments,
    name: ImageName,
) -> Result<Box<dyn Source>, &'static str> {
    let source = without_bundles(arguments, name)?;
    if arguments.bundles.is_empty() {
        return Ok(source);
    }
    Ok(Box::new(WithBundles {
        source,
        bundles: arguments.bundles.clone(),
        others: OnceCell::new(),
    }))
}

fn without_bundles(
    arguments: &VerifyArguments,
    name: ImageName,
) -> Result<Box<dyn Source>, &'static str> {
    if let Some(manifest) = &arguments.manifest {
        if arguments.instance.is_some() != arguments.list.is_some() {
            return Err("--instance and --list belong together");
        }
        return Ok(Box::new(Files {
            name,
            instance: arguments.instance.clone(),
            list: arguments.list.clone(),
            manifest: manifest.clone(),
            signatures: arguments.signatures.clone(),
        }));
    }
    let location = arguments.location.as_deref().unwrap_or(&arguments.image);
    let Some(path) = location.strip_prefix("dir:") else {
        return Err("where are the image's bytes? `dir:PATH`, or --manifest and --signature");
    };
    let mut source = DirSource::named(path, name);
    if let Some(instance) = &arguments.instance {
        source = source.with_instance(instance.clone());
    }
    Ok(Box::new(source))
}

/// An image in files that the command line names, read only if the policy asks for them.
struct Files {
    name: ImageName,
    instance: Option<Digest>,
    list: Option<PathBuf>,
    manifest: PathBuf,
    signatures: Vec<PathBuf>,
}

impl Source for Files {
    fn name(&self) -> &ImageName {
        &self.name
    }

    fn instance(&self) -> Option<&Digest> {
        self.instance.as_ref()
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        let list = self.list.as_deref();
        list.map(|path| read(path, MAX_MANIFEST_SIZE)).transpose()
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        read(&self.manifest, MAX_MANIFEST_SIZE)
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        let signatures = self.signatures.iter();
        signatures
            .map(|path| read(path, MAX_SIGNATURE_SIZE))
            .collect()
    }

    fn signature_name(&self, number: usize) -> Option<String> {
        let path = self.signatures.get(number.checked_sub(1)?)?;
        Some(path.display().to_string())
    }

    fn signature_location(&self) -> Option<String> {
        Some("the files that --signature names".to_owned())
    }
}

/// An image with bundles in files, which come behind its other signatures. They are read if those are.
struct WithBundles {
    source: Box<dyn Source>,
    bundles: Vec<PathBuf>,
    /// How many other signatures there are, as soon as they have been read.
    others: OnceCell<usize>,
}

impl Source for WithBundles {
    fn name(&self) -> &ImageName {
        self.source.name()
    }

    fn instance(&self) -> Option<&Digest> {
        self.source.instance()
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        self.source.list()
    }

    fn manifest_digest(&self) -> Option<&Digest> {
        self.source.manifest_digest()
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        self.source.manifest()
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        let mut signatures = self.source.signatures()?;
        self.others.get_or_init(|| signatures.len());
        for path in &self.bundles {
            signatures.push(stored_bundle(read(path, MAX_BUNDLE_SIZE)?).into());
        }
        Ok(signatures)
    }

    fn signature_name(&self, number: usize) -> Option<String> {
        let others = self.others.get().copied().unwrap_or(usize::MAX);
        if number <= others {
            return self.source.signature_name(number);
        }
        let place = number.checked_sub(others)?.checked_sub(1)?;
        Some(self.bundles.get(place)?.display().to_string())
    }

    fn signature_location(&self) -> Option<String> {
        let files = "the files that --bundle names";
        Some(match self.source.signature_location() {
            Some(others) => format!("{others}, and {files}"),
            None => files.to_owned(),
        })
    }
}

/// Reads a file, which may be a pipe, of no more than so many bytes.
fn read(path: &Path, limit: usize) -> Result<Cow<'static, [u8]>, SourceError> {
    let beyond = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(beyond).read_to_end(&mut content))
        .map_err(|source| SourceError::io(path, source))?;
    if content.len() > limit {
        return Err(SourceError::too_large(path, limit));
    }
    Ok(Cow::Owned(content))
}
