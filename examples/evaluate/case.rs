//! One case of a conformance suite, and the answer to it. `testdata/README.md` has the format. The tests `conformance`
//! and `peers` borrow this file by `#[path]`: an example is not a library, and what it judges is what they test.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use containers_sigpolicy::engine::Engine;
use containers_sigpolicy::{
    Accepted, Clock, CryptoPolicy, Digest, Error, ImageName, Moment, NameContext, Policy, Reason,
    SigstoreBundles, Source, SourceError, Verifier,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A question to the library. Members that are not known are ignored.
#[derive(Debug, Deserialize)]
pub struct Case {
    /// What the case is called.
    pub name: String,
    /// The policy, inline. Kept as it is written: a duplicate key must not get lost.
    #[serde(default)]
    pub policy: Option<Box<RawValue>>,
    /// The policy as text, for what is not JSON.
    #[serde(default)]
    pub policy_text: Option<String>,
    /// The policy in a file.
    #[serde(default)]
    pub policy_file: Option<PathBuf>,
    /// The image's name; without one, the policy is only read.
    #[serde(default)]
    pub image: Option<String>,
    /// The file of its manifest; without one, the manifest is empty.
    #[serde(default)]
    pub manifest: Option<PathBuf>,
    /// The files of its signatures.
    #[serde(default)]
    pub signatures: Vec<PathBuf>,
    /// The digest by which a list refers to this manifest, for an instance of a
    /// multi-architecture image.
    #[serde(default)]
    pub instance: Option<String>,
    /// The file of that list.
    #[serde(default)]
    pub list: Option<PathBuf>,
    /// Whether a signature must have been verified.
    #[serde(default)]
    pub require_signed: bool,
    /// The time to judge at (RFC 3339); without one, now.
    #[serde(default)]
    pub at: Option<String>,
    /// The cryptographic policy; without one, the runner's.
    #[serde(default)]
    pub crypto_policy: Option<String>,
    /// Which sigstore bundles count: `off`, `named` or `digest-suffices`; without one, as the library has it.
    #[serde(default)]
    pub sigstore_bundles: Option<String>,
}

/// What the library says to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The case's name, if it has one.
    pub name: Option<String>,
    /// `accept`, `reject` or `error`.
    pub verdict: &'static str,
    /// The code of the reason; none for `accept`.
    pub code: Option<String>,
    /// The reason as a sentence.
    pub message: String,
}

impl Answer {
    /// The answer to what is not a case.
    pub fn invalid(name: Option<String>, message: impl ToString) -> Self {
        Self {
            name,
            verdict: "error",
            code: Some("case-invalid".to_owned()),
            message: message.to_string(),
        }
    }
}

impl Case {
    /// Reads a case from one JSON object; the error is the answer to it.
    pub fn parse(line: &[u8]) -> Result<Self, Answer> {
        serde_json::from_slice(line).map_err(|error| {
            #[derive(Deserialize)]
            struct Named {
                name: String,
            }
            let name = serde_json::from_slice(line).ok().map(|Named { name }| name);
            Answer::invalid(name, error)
        })
    }

    /// Puts the case to the library, with paths that start from `root`.
    #[allow(dead_code, reason = "a test that borrows this file asks for more")]
    pub fn answer(
        &self,
        root: &Path,
        engine: &Arc<dyn Engine>,
        crypto_policy: CryptoPolicy,
    ) -> Answer {
        let answer = |verdict, code: Option<&str>, message: String| Answer {
            name: Some(self.name.clone()),
            verdict,
            code: code.map(str::to_owned),
            message,
        };
        match self.evaluate(root, engine, crypto_policy) {
            Ok(None) => answer("accept", None, "the policy is valid".to_owned()),
            Ok(Some(accepted)) => {
                let message = match accepted.signatures().next() {
                    Some(signature) => format!("signed by {}", signature.signer),
                    None => "accepted without a signature".to_owned(),
                };
                answer("accept", None, message)
            }
            Err(Failure::Case(message)) => Answer::invalid(Some(self.name.clone()), message),
            Err(Failure::Library(error)) => {
                let by_time = refused_by_time(&error);
                // What could not be read or checked has not been judged.
                let verdict = match error {
                    Error::Rejected(_) => "reject",
                    _ if by_time.is_some() => "reject",
                    _ => "error",
                };
                let code = match &error {
                    // The suites' word for whatever is wrong with a policy.
                    Error::Policy(_) => "policy-invalid",
                    error => by_time.unwrap_or_else(|| error.code()),
                };
                answer(verdict, Some(code), error.to_string())
            }
        }
    }

    /// Puts the case to the library, and says all that it says; nothing of a case that only has a policy.
    pub fn evaluate(
        &self,
        root: &Path,
        engine: &Arc<dyn Engine>,
        crypto_policy: CryptoPolicy,
    ) -> Result<Option<Accepted>, Failure> {
        let policy = self.policy(root)?;
        let clock = match &self.at {
            Some(at) => {
                let moment: Moment = at.parse().map_err(|error| invalid("at", &error))?;
                Clock::Fixed(moment)
            }
            None => Clock::System,
        };
        let crypto_policy = match &self.crypto_policy {
            Some(name) => name
                .parse()
                .map_err(|error| invalid("crypto_policy", &error))?,
            None => crypto_policy,
        };
        let bundles = match self.sigstore_bundles.as_deref() {
            None => SigstoreBundles::default(),
            Some("off") => SigstoreBundles::Off,
            Some("named") => SigstoreBundles::Named,
            Some("digest-suffices") => SigstoreBundles::DigestSuffices,
            Some(other) => return Err(invalid("sigstore_bundles", &other)),
        };
        let instance = match &self.instance {
            Some(text) => {
                let digest: Digest = text.parse().map_err(|error| invalid("instance", &error))?;
                Some(digest)
            }
            None => None,
        };
        let Some(image) = &self.image else {
            return Ok(None);
        };
        let directory = std::path::absolute(root).map_err(|error| invalid("root", &error))?;
        let context = NameContext::default().with_working_directory(directory);
        let source = CaseSource {
            name: ImageName::parse_in(image, &context).map_err(Error::from)?,
            instance,
            list: self.list.as_ref().map(|path| root.join(path)),
            manifest: self.manifest.as_ref().map(|path| root.join(path)),
            signatures: self.signatures.iter().map(|path| root.join(path)).collect(),
        };
        let accepted = Verifier::builder(policy)
            .engine(Arc::clone(engine))
            .clock(clock)
            .crypto_policy(crypto_policy)
            .key_directory(root)
            .require_signed(self.require_signed)
            .sigstore_bundles(bundles)
            .build()
            .verify(&source)?;
        Ok(Some(accepted))
    }

    fn policy(&self, root: &Path) -> Result<Policy, Failure> {
        let policy = match (&self.policy, &self.policy_text, &self.policy_file) {
            (Some(policy), None, None) => Policy::from_slice(policy.get().as_bytes()),
            (None, Some(text), None) => Policy::from_slice(text.as_bytes()),
            (None, None, Some(file)) => Policy::from_file(root.join(file)),
            _ => {
                return Err(Failure::Case(
                    "exactly one of `policy`, `policy_text` and `policy_file` is needed".to_owned(),
                ));
            }
        };
        Ok(policy.map_err(Error::from)?)
    }
}

/// What the requirement refuses the image for, where the library takes the time that it was judged by for the wrong one.
/// Cases choose their times themselves, so that their clock is right.
#[allow(dead_code, reason = "a test that borrows this file asks for more")]
fn refused_by_time(error: &Error) -> Option<&'static str> {
    let report = error.report()?;
    if !matches!(report.rejection, Some(Reason::ClockImplausible { .. })) {
        return None;
    }
    let mut reasons = report
        .requirements
        .iter()
        .filter_map(|requirement| requirement.outcome.reason());
    reasons.next().map(Reason::code)
}

/// Why a case was not accepted.
pub enum Failure {
    /// The case itself is wrong.
    Case(String),
    /// The library said no.
    Library(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

fn invalid(member: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::Case(format!("`{member}`: {error}"))
}

/// The image of a case: its files are read only when the library asks for them.
struct CaseSource {
    name: ImageName,
    instance: Option<Digest>,
    list: Option<PathBuf>,
    manifest: Option<PathBuf>,
    signatures: Vec<PathBuf>,
}

impl Source for CaseSource {
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
        match &self.manifest {
            Some(path) => read(path),
            None => Ok(Cow::Borrowed(b"")),
        }
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        self.signatures.iter().map(|path| read(path)).collect()
    }
}

fn read(path: &Path) -> Result<Cow<'static, [u8]>, SourceError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Cow::Owned(content)),
        Err(source) => Err(SourceError::io(path, source)),
    }
}
