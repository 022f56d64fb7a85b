//! A peer's verdict beside ours.

use std::fmt;

use libtest_mimic::Failed;

use crate::suite::{Suite, SuiteCase};

/// The engine that answers for us, as `divergences.json` names it.
const ENGINE: &str = "sequoia";

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

/// What the record must say where peer and library agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// An entry without a difference is out of date.
    Exact,
    /// An entry may be about another question of the same case, or another version of the peer.
    Lenient,
}

/// Fails unless both say the same, or say what is on record.
pub fn compare(
    suite: &Suite,
    case: &SuiteCase,
    peer: &str,
    record: Record,
    (ours, theirs): (&Said, &Said),
) -> Result<(), Failed> {
    let listed = suite.divergence(case, peer).map(|it| it.verdict);
    // Where this engine cannot follow, and refuses: that is on record for itself.
    let cannot_follow = ours.verdict != Verdict::Accept
        && suite
            .divergence(case, ENGINE)
            .and_then(|it| Verdict::from_name(&it.verdict))
            .is_some_and(|it| it.agrees(ours.verdict));
    let agree = ours.verdict.agrees(theirs.verdict);
    let complaint = match (agree, listed.as_deref()) {
        (true, None) => return Ok(()),
        (true, Some(_)) if record == Record::Lenient => return Ok(()),
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
