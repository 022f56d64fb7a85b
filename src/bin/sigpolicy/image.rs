//! Where an image's bytes come from.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use containers_sigpolicy::{Digest, DirSource, ImageName, Source, SourceError};

use super::arguments::VerifyArguments;

/// The source that the command line names, or what is wrong with it.
pub fn source(
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

fn read(path: &Path) -> Result<Cow<'static, [u8]>, SourceError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Cow::Owned(content)),
        Err(source) => Err(SourceError::io(path, source)),
    }
}
