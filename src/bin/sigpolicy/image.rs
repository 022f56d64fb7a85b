//! Where an image's bytes come from.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use containers_sigpolicy::sigstore::stored_bundle;
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
        self.list.as_deref().map(read).transpose()
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        read(&self.manifest)
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        self.signatures.iter().map(|path| read(path)).collect()
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
            signatures.push(stored_bundle(read(path)?).into());
        }
        Ok(signatures)
    }

    fn signature_name(&self, number: usize) -> Option<String> {
        let others = self.others.get().copied().unwrap_or(usize::MAX);
        let Some(number) = number.checked_sub(others).filter(|number| *number > 0) else {
            return self.source.signature_name(number);
        };
        let path = self.bundles.get(number.checked_sub(1)?)?;
        Some(path.display().to_string())
    }

    fn signature_location(&self) -> Option<String> {
        let files = "the files that --bundle names";
        Some(match self.source.signature_location() {
            Some(others) => format!("{others}, and {files}"),
            None => files.to_owned(),
        })
    }
}

fn read(path: &Path) -> Result<Cow<'static, [u8]>, SourceError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Cow::Owned(content)),
        Err(source) => Err(SourceError::io(path, source)),
    }
}
