//! The words for one reason, and who can mend it.

use serde::Serialize;

/// Who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Whoever published the image: it, or what is stored with it, is not as it should be.
    Image,
    /// Whoever writes the policy or keeps its key files.
    Policy,
    /// Whoever runs this machine or this program: something does not work or cannot be read here. Nothing is said against the image.
    Machine,
    /// Whoever signed the image, or owns the key.
    Signer,
    /// Whoever asked: the name or an argument is wrong.
    Request,
}

/// One reason, in words.
pub(super) struct Told {
    pub(super) fault: Fault,
    pub(super) cause: String,
    pub(super) place: Option<String>,
    pub(super) steps: Vec<String>,
}

impl Told {
    pub(super) fn new(fault: Fault, cause: impl Into<String>) -> Self {
        Self {
            fault,
            cause: cause.into(),
            place: None,
            steps: Vec::new(),
        }
    }

    /// The same, with where it is.
    pub(super) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same, with one more step.
    pub(super) fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }
}
