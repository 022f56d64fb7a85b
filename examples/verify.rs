//! Verifies one image under a policy and says why, if it may not run.
//!
//! ```text
//! verify [OPTIONS] IMAGE [dir:PATH]
//! verify [OPTIONS] IMAGE --manifest FILE [--signature FILE]… [--instance DIGEST --list FILE]
//! ```
//!
//! The exit code is 0 if the image is accepted, 1 if it is rejected, 2 if nobody knows: something
//! could not be read or checked, the engine failed, the arguments, the policy or the name are wrong,
//! or the answer could not be written. Only 0 means that the image may run. A reader of the output
//! who goes before its end changes nothing.

#[path = "shared/output.rs"]
mod output;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use containers_sigpolicy::engine::{self, EngineError, EngineKind};
use containers_sigpolicy::{
    Accepted, Clock, CryptoPolicy, Digest, DirSource, Error, ImageName, Moment, Policy, Report,
    Source, SourceError, SystemPaths, Verifier,
};

const USAGE: &str = "\
usage: verify [OPTIONS] IMAGE [dir:PATH]
       verify [OPTIONS] IMAGE --manifest FILE [--signature FILE]... [--instance DIGEST --list FILE]

IMAGE is the name that the policy is asked about, such as docker://registry.example/app:1.
Its bytes are read from a `dir:` image, or from a manifest and files of signatures; without
either, IMAGE itself must be a `dir:` image.

options:
  --policy FILE         the policy; default, as podman 6 finds it: $CONTAINERS_POLICY_JSON, else the
                        first that exists of containers/policy.json in $XDG_CONFIG_HOME (or in
                        ~/.config), in /etc and in /usr/share
  --key-dir DIR         where relative key paths of the policy start (default: here)
  --instance DIGEST     check this instance of a multi-architecture image
  --list FILE           with --manifest, the list that names the instance
  --require-signed      reject where the policy asks for no signature
  --at TIME             judge at this time, such as 2026-01-15T12:00:00Z (default: now)
  --crypto-policy NAME  standard or gnupg (default: standard)
  --engine NAME         auto, gpgme, gpg or sequoia (default: auto, the first that works of these)
  --json                print the report as JSON
  -h, --help            print this
";

fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => return output::end(USAGE, 0),
        Err(error) => return output::end_with_usage(error, USAGE),
    };
    match verify(&options) {
        Ok(accepted) => end_with_report(accepted.report(), 0, options.json),
        Err(error) => match error.downcast_ref() {
            Some(Error::Rejected(report)) => end_with_report(report, 1, options.json),
            Some(Error::Undecided(report)) => {
                end_with_report(report, output::NO_ANSWER, options.json)
            }
            _ => end_with_error(error.as_ref(), options.json),
        },
    }
}

fn verify(options: &Options) -> Result<Accepted, Box<dyn StdError>> {
    let policy = match &options.policy {
        Some(path) => Policy::from_file(path).map_err(Error::from)?,
        None => Policy::from_system(&SystemPaths::from_env()).map_err(Error::from)?,
    };
    let mut builder = Verifier::builder(policy)
        .clock(options.clock.clone())
        .crypto_policy(options.crypto_policy)
        .require_signed(options.require_signed);
    if let Some(kind) = options.engine {
        builder = builder.engine(engine::select(&[kind]).map_err(Error::from)?);
    }
    if let Some(directory) = &options.key_directory {
        builder = builder.key_directory(directory);
    }
    let source = options.source()?;
    Ok(builder.build().verify(source.as_ref())?)
}

fn end_with_report(report: &Report, status: u8, json: bool) -> ExitCode {
    if !json {
        return output::end(report, status);
    }
    match output::pretty(report) {
        Ok(text) => output::end(text, status),
        Err(error) => output::untold(&error.into()),
    }
}

/// An error, with all that is known about it.
fn end_with_error(error: &(dyn StdError + 'static), json: bool) -> ExitCode {
    let known = error.downcast_ref::<Error>();
    if json {
        let text = match known {
            Some(error) => output::pretty(error),
            None => output::pretty(&serde_json::json!({
                "schema": 1,
                "verdict": "undecided",
                "error": {"code": "usage", "message": error.to_string(), "causes": []},
            })),
        };
        return match text {
            Ok(text) => output::end(text, output::NO_ANSWER),
            Err(error) => output::untold(&error.into()),
        };
    }
    let Some(error) = known else {
        output::complain(format_args!("error: {error}\n"));
        return ExitCode::from(output::NO_ANSWER);
    };
    let status = if error.report().is_some() {
        output::end(error.answer(), output::NO_ANSWER)
    } else {
        output::complain(error.answer());
        ExitCode::from(output::NO_ANSWER)
    };
    if let Error::Engine { error, .. } = error {
        if let Some(diagnosis) = EngineError::diagnosis(error) {
            output::complain(diagnosis);
        }
    }
    status
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Options {
    image: String,
    location: Option<String>,
    policy: Option<PathBuf>,
    key_directory: Option<PathBuf>,
    manifest: Option<PathBuf>,
    signatures: Vec<PathBuf>,
    instance: Option<String>,
    list: Option<PathBuf>,
    require_signed: bool,
    clock: Clock,
    crypto_policy: CryptoPolicy,
    /// None for the first engine that works.
    engine: Option<EngineKind>,
    json: bool,
}

impl Options {
    /// The options, or nothing if help was asked for.
    fn parse() -> Result<Option<Self>, Box<dyn StdError>> {
        use lexopt::prelude::*;

        let mut options = Self::default();
        let mut names: Vec<String> = Vec::new();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("policy") => options.policy = Some(parser.value()?.into()),
                Long("key-dir") => options.key_directory = Some(parser.value()?.into()),
                Long("manifest") => options.manifest = Some(parser.value()?.into()),
                Long("signature") => options.signatures.push(parser.value()?.into()),
                Long("instance") => options.instance = Some(parser.value()?.string()?),
                Long("list") => options.list = Some(parser.value()?.into()),
                Long("require-signed") => options.require_signed = true,
                Long("at") => {
                    let moment: Moment = parser.value()?.string()?.parse()?;
                    options.clock = Clock::Fixed(moment);
                }
                Long("crypto-policy") => {
                    options.crypto_policy = parser.value()?.string()?.parse()?;
                }
                Long("engine") => {
                    let name = parser.value()?.string()?;
                    options.engine = match name.as_str() {
                        "auto" => None,
                        name => Some(name.parse()?),
                    };
                }
                Long("json") => options.json = true,
                Short('h') | Long("help") => return Ok(None),
                Value(name) => names.push(text(name)?),
                other => return Err(other.unexpected().into()),
            }
        }
        let mut names = names.into_iter();
        options.image = names.next().ok_or("which image?")?;
        options.location = names.next();
        match names.next() {
            None => Ok(Some(options)),
            Some(extra) => Err(format!("`{extra}` is one argument too many").into()),
        }
    }

    /// Where the image's bytes come from.
    fn source(&self) -> Result<Box<dyn Source>, Box<dyn StdError>> {
        let name = ImageName::parse(&self.image).map_err(Error::from)?;
        let instance: Option<Digest> = match &self.instance {
            Some(digest) => Some(digest.parse()?),
            None => None,
        };
        if let Some(manifest) = &self.manifest {
            if self.location.is_some() {
                return Err("either `dir:PATH` or --manifest, not both".into());
            }
            if self.instance.is_some() != self.list.is_some() {
                return Err("--instance and --list belong together".into());
            }
            return Ok(Box::new(Files {
                name,
                instance,
                list: self.list.clone(),
                manifest: manifest.clone(),
                signatures: self.signatures.clone(),
            }));
        }
        if !self.signatures.is_empty() || self.list.is_some() {
            return Err("--signature and --list need --manifest".into());
        }
        let location = self.location.as_deref().unwrap_or(&self.image);
        let Some(path) = location.strip_prefix("dir:") else {
            return Err("the image's bytes: `dir:PATH`, or --manifest and --signature".into());
        };
        let mut source = DirSource::named(path, name);
        if let Some(instance) = instance {
            source = source.with_instance(instance);
        }
        Ok(Box::new(source))
    }
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
}

fn read(path: &Path) -> Result<Cow<'static, [u8]>, SourceError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Cow::Owned(content)),
        Err(source) => Err(SourceError::Io {
            path: path.to_owned(),
            source,
        }),
    }
}

fn text(argument: OsString) -> Result<String, String> {
    argument
        .into_string()
        .map_err(|argument| format!("`{}` is not UTF-8", argument.to_string_lossy()))
}
