//! A peer's verdict beside ours.

use std::fmt;

use libtest_mimic::Failed;

use crate::suite::{Suite, SuiteCase};

/// The engine that answers for us, as `divergences.json` names it.
const ENGINE: &str = "sequoia";

/// The releases whose answers `divergences.json` records. Others may have been mended, or broken.
const ON_RECORD: [(&str, &str); 5] = [
    ("gpg", "2.2"),
    ("gpg", "2.4"),
    ("skopeo", "1.9"),
    ("skopeo", "1.18"),
    ("skopeo", "1.22"),
];

/// Somebody else's program, in one version.
#[derive(Clone, Debug)]
pub struct Peer {
    pub name: &'static str,
    pub version: String,
    /// The program that it asks in turn.
    pub asks: Option<Box<Peer>>,
}

impl Peer {
    fn is_on_record(&self) -> bool {
        ON_RECORD
            .iter()
            .any(|(name, release)| *name == self.name && is_of(&self.version, release))
    }

    /// Whether a record means this peer: by its name, with nothing or with a release of it. A version that is not on
    /// record may do what any other does.
    fn is_meant_by(&self, record: &str) -> bool {
        match record.split_once(' ') {
            None => record == self.name,
            Some((name, release)) => {
                name == self.name && (is_of(&self.version, release) || !self.is_on_record())
            }
        }
    }
}

/// Whether a version is one of a release: 2.2.40 is one of 2.2, and 2.20 is not.
fn is_of(version: &str, release: &str) -> bool {
    version
        .strip_prefix(release)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// What somebody says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accept,
    Reject,
    Error,
    /// `Reject` or `Error`: the peer does not tell these apart here.
    Deny,
}

impl Verdict {
    /// The verdict of this name in a suite.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "accept" => Some(Self::Accept),
            "reject" => Some(Self::Reject),
            "error" => Some(Self::Error),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }

    fn agrees(self, other: Self) -> bool {
        self == other
            || (self == Self::Deny && other != Self::Accept)
            || (other == Self::Deny && self != Self::Accept)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Error => "error",
            Self::Deny => "reject or error",
        })
    }
}

/// A verdict and its reason.
#[derive(Clone, Debug)]
pub struct Said {
    pub verdict: Verdict,
    pub detail: String,
}

impl Said {
    pub fn new(verdict: Verdict, detail: impl Into<String>) -> Self {
        Self {
            verdict,
            detail: detail.into(),
        }
    }
}

/// How much of a case a peer was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it: an entry in `divergences.json` without a difference is out of date.
    Whole,
    /// Something of it: an entry may be about the rest.
    Part,
}

/// Fails unless both say the same, or say what is on record.
pub fn compare(
    suite: &Suite,
    case: &SuiteCase,
    peer: &Peer,
    extent: Extent,
    (ours, theirs): (&Said, &Said),
) -> Result<(), Failed> {
    let own = suite.divergence(case, |engine| peer.is_meant_by(engine));
    // What the other one says instead may show, or may not for other reasons.
    let indirect = || {
        let other = peer.asks.as_ref()?;
        suite.divergence(case, |engine| other.is_meant_by(engine))
    };
    let must_differ = own.is_some() && extent == Extent::Whole && peer.is_on_record();
    let listed = own.or_else(indirect).map(|it| it.verdict);
    // Where this engine cannot follow, and refuses: that is on record for itself.
    let cannot_follow = ours.verdict != Verdict::Accept
        && suite
            .divergence(case, |engine| engine == ENGINE)
            .and_then(|it| Verdict::from_name(&it.verdict))
            .is_some_and(|it| it.agrees(ours.verdict));
    let agree = ours.verdict.agrees(theirs.verdict);
    let complaint = match (agree, listed.as_deref()) {
        (true, None) => return Ok(()),
        (true, Some(_)) if !must_differ => return Ok(()),
        (true, Some(instead)) => {
            format!("divergences.json says that {peer} answers `{instead}` here; it agrees with us")
        }
        (false, Some(instead))
            if Verdict::from_name(instead).is_some_and(|it| it.agrees(theirs.verdict)) =>
        {
            return Ok(());
        }
        (false, None) if cannot_follow => return Ok(()),
        (false, _) if ours.verdict == Verdict::Accept => {
            format!("we accept what {peer} refuses, and divergences.json has no reason for it")
        }
        (false, _) => format!("{peer} differs, and divergences.json has no reason for it"),
    };
    Err(Failed::from(format!(
        "{complaint}\n  case:  {}\n  ours:  {}: {}\n  peer:  {}: {}",
        case.about(),
        ours.verdict,
        ours.detail,
        theirs.verdict,
        theirs.detail
    )))
}
