//! One case: a requirement, what is asked of it, and what has to come of it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use containers_sigpolicy::engine::Environment;
use containers_sigpolicy::verdict::KeySourceError;
use containers_sigpolicy::{DirSource, Error, Image, ImageName, Policy, Verifier};
use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::material::{Change, Signature, filled};

/// A case.
pub struct Case {
    /// Unique.
    pub name: String,
    /// The test of containers/image that it follows.
    pub test: &'static str,
    /// The requirement, with `@…` in place of what is read from files: see [`filled`].
    pub requirement: Value,
    pub asked: Asked,
    pub wanted: Wanted,
}

/// What is asked of a requirement.
pub enum Asked {
    /// Whether what it trusts can be loaded, as `prepareTrustRoot` of containers/image does.
    Keys,
    /// Whether it accepts an image.
    Image(Stored),
}

/// An image.
#[derive(Clone)]
pub struct Stored {
    /// Its folder.
    pub folder: &'static str,
    /// By which name it is judged.
    pub reference: &'static str,
    pub signature: Signature,
    /// What is done to its signature before.
    pub changes: Vec<Change>,
}

/// What has to come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Accepted,
    Rejected(&'static str),
    /// It cannot be judged, and is refused.
    Undecided(&'static str),
    /// The requirement is none: containers/image refuses it when it is read, too, and its test goes around that.
    NoPolicy(&'static str),
    /// So many keys or certificates are in each source.
    Loaded(&'static [usize]),
}

impl Wanted {
    /// Whether it is no refusal.
    pub fn is_yes(self) -> bool {
        matches!(self, Self::Accepted | Self::Loaded(_))
    }

    /// Why it is refused.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Accepted | Self::Loaded(_) => None,
            Self::Rejected(code) | Self::Undecided(code) | Self::NoPolicy(code) => Some(code),
        }
    }
}

impl Stored {
    /// An image as it lies there.
    pub fn new(folder: &'static str, reference: &'static str) -> Self {
        Self {
            folder,
            reference,
            signature: Signature::AsItIs,
            changes: Vec::new(),
        }
    }

    /// With another signature instead.
    pub fn with_signature(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    /// With this done to its signature, too.
    pub fn with(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }
}

/// What came of a case.
struct Outcome {
    kind: &'static str,
    code: Option<&'static str>,
    counts: Vec<usize>,
    told: String,
}

impl Outcome {
    fn new(kind: &'static str, code: &'static str, told: impl fmt::Display) -> Self {
        Self {
            kind,
            code: Some(code),
            counts: Vec::new(),
            told: told.to_string(),
        }
    }

    fn is(&self, wanted: Wanted) -> bool {
        match wanted {
            Wanted::Accepted => self.kind == "accepted",
            Wanted::Loaded(counts) => self.kind == "loaded" && self.counts == counts,
            Wanted::Rejected(code) => self.kind == "rejected" && self.code == Some(code),
            Wanted::Undecided(code) => self.kind == "undecided" && self.code == Some(code),
            Wanted::NoPolicy(code) => self.kind == "no policy" && self.code == Some(code),
        }
    }
}

impl Case {
    /// The fixtures that it uses, by the names of their files, or folders, in `fixtures`.
    pub fn fixtures(&self) -> BTreeSet<String> {
        let mut texts = vec![self.requirement.to_string()];
        if let Asked::Image(image) = &self.asked {
            texts.push(format!("\"{}/", image.folder));
            if let Signature::File(path) = image.signature {
                texts.push(path.to_owned());
            }
        }
        let mut names = BTreeSet::new();
        for text in &texts {
            for rest in text.split("fixtures/").skip(1) {
                let end = rest.find(['"', '/', ':']).unwrap_or(rest.len());
                names.extend(rest.get(..end).map(str::to_owned));
            }
        }
        names
    }

    /// Runs it with the folder `signature` of containers/image.
    pub fn check(&self, folder: &Path) -> Result<(), Failed> {
        let outcome = self.run(folder)?;
        if outcome.is(self.wanted) {
            return Ok(());
        }
        let Outcome {
            kind,
            code,
            counts,
            told,
        } = outcome;
        Err(format!(
            "after {}: wanted {:?}, came {kind} {code:?} {counts:?}: {told}",
            self.test, self.wanted
        )
        .into())
    }

    fn run(&self, folder: &Path) -> Result<Outcome, Failed> {
        let requirement = filled(&self.requirement, folder)?;
        let policy = json!({ "default": [requirement] }).to_string();
        let policy: Policy = match policy.parse() {
            Ok(policy) => policy,
            Err(error) => {
                let error = Error::from(error);
                return Ok(Outcome::new("no policy", error.code(), &error));
            }
        };
        let verifier = Verifier::builder(policy)
            .first_engine(Environment::from_env(), [])
            .key_directory(folder)
            .build();
        match &self.asked {
            Asked::Keys => Ok(load(&verifier)),
            Asked::Image(image) => image.judge(folder, &verifier),
        }
    }
}

fn load(verifier: &Verifier) -> Outcome {
    match verifier.load_keys() {
        Ok(sources) => {
            let counts = sources.iter().map(|source| {
                let (keys, certificates) = (source.public_keys.len(), source.certificates.len());
                keys.saturating_add(certificates)
            });
            Outcome {
                kind: "loaded",
                code: None,
                counts: counts.collect(),
                told: String::new(),
            }
        }
        Err(error) => {
            let mut kind = "rejected";
            let mut code = "";
            if let Some(problem) = error.problems().next() {
                code = problem.reason().code();
                if !matches!(problem, KeySourceError::Refused(_)) {
                    kind = "undecided";
                }
            }
            Outcome::new(kind, code, &error)
        }
    }
}

impl Stored {
    fn judge(&self, folder: &Path, verifier: &Verifier) -> Result<Outcome, Failed> {
        let name = ImageName::parse(&format!("docker://{}", self.reference))?;
        let path = folder.join(self.folder);
        let verdict = if self.signature == Signature::AsItIs && self.changes.is_empty() {
            verifier.verify(&DirSource::named(path, name))
        } else if self.signature == Signature::Unreadable {
            let copy = tempfile::tempdir()?;
            let manifest = path.join("manifest.json");
            fs::copy(&manifest, copy.path().join("manifest.json"))
                .map_err(|error| format!("{}: {error}", manifest.display()))?;
            fs::create_dir(copy.path().join("signature-1"))?;
            verifier.verify(&DirSource::named(copy.path(), name))
        } else {
            let manifest = path.join("manifest.json");
            let manifest =
                fs::read(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
            let mut signature = self.signature.read(folder, &path)?;
            for change in &self.changes {
                change.make(&mut signature, folder)?;
            }
            verifier.verify(&Image::new(name, manifest).with_signature(signature.blob()))
        };
        Ok(match verdict {
            Ok(accepted) if accepted.is_signed() => Outcome {
                kind: "accepted",
                code: None,
                counts: Vec::new(),
                told: String::new(),
            },
            Ok(_) => Outcome::new("accepted unsigned", "", ""),
            Err(error) => {
                let kind = match &error {
                    Error::Rejected(_) => "rejected",
                    _ => "undecided",
                };
                Outcome::new(kind, error.code(), &error)
            }
        })
    }
}
