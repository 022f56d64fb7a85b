//! All mistakes of a policy, found in one go.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::json::{Document, JsonError, LineTable, LineText, Position};
use crate::policy::error::{PolicyError, PolicyErrorKind};

/// The most mistakes that are told besides the first.
const MAX_OTHERS: usize = 100;

/// What is read of a policy: nothing where a mistake was noted.
pub(super) type Read<T> = Result<T, Noted>;

/// That a mistake was noted, so that what depends on it cannot be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted(());

/// The mistakes that were found so far, by offset: the first that was found, and of the others those that come first in
/// the document.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    found: RefCell<Found>,
}

#[derive(Debug, Default)]
struct Found {
    first: Option<Mistake>,
    /// By where they begin, and by the order in which they were found.
    others: BTreeMap<(usize, usize), Mistake>,
    count: usize,
}

/// What is wrong with a part of the document.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) bytes: Range<usize>,
    pub(super) problem: Problem,
    /// What belongs there.
    pub(super) example: Option<Cow<'static, str>>,
}

#[derive(Debug)]
pub(super) enum Problem {
    Kind(PolicyErrorKind),
    /// A key occurs twice.
    Duplicate {
        key: String,
        /// Where it is first.
        first: usize,
    },
}

impl Mistakes {
    pub(super) fn note(&self, mistake: Mistake) -> Noted {
        let found = &mut *self.found.borrow_mut();
        let count = found.count;
        found.count = count.saturating_add(1);
        if found.first.is_none() {
            found.first = Some(mistake);
        } else {
            found.others.insert((mistake.bytes.start, count), mistake);
            if found.others.len() > MAX_OTHERS {
                found.others.pop_last();
            }
        }
        Noted(())
    }

    /// The first mistake that was found, with the others; none if there are none.
    pub(super) fn into_error(self, document: &Document<'_>) -> Option<PolicyError> {
        let found = self.found.into_inner();
        let first = found.first?;
        let kept = found.others.len();
        let lines = LineTable::new(document.text());

        let first_offset = first.bytes.start;
        let mut mistakes: Vec<Mistake> = found.others.into_values().collect();
        let place = mistakes.partition_point(|other| other.bytes.start < first_offset);
        mistakes.insert(place, first);
        let offsets: Vec<usize> = mistakes.iter().map(|mistake| mistake.bytes.start).collect();
        let paths = document.paths(&offsets);
        let mut errors: Vec<PolicyError> = mistakes
            .into_iter()
            .zip(paths)
            .map(|(mistake, path)| mistake.into_error(document.text(), &lines, path))
            .collect();
        let first = errors.remove(place);
        let left_out = found.count.saturating_sub(1).saturating_sub(kept);
        Some(first.with_others(errors, left_out))
    }
}

impl Mistake {
    fn into_error(self, text: &str, lines: &LineTable, path: String) -> PolicyError {
        let span = lines.span(text, self.bytes);
        let line = LineText::around(text, span.bytes.start, span.start);
        let kind = match self.problem {
            Problem::Kind(kind) => kind,
            Problem::Duplicate { key, first } => {
                let Position { line, column } = lines.position(text, first);
                PolicyErrorKind::Json(JsonError::DuplicateKey {
                    key,
                    first_line: line,
                    first_column: column,
                })
            }
        };
        PolicyError::new(kind).at(span, line, path, self.example)
    }
}
