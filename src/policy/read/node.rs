//! Values of the document that note their mistakes.

use std::borrow::Cow;

use super::mistakes::{Mistake, Mistakes, Noted, Problem, Read};
use crate::json::{JsonError, Kind, LocatedJsonError, Value, duplicates};
use crate::policy::error::{InvalidPolicy, PolicyErrorKind};

/// A value or a key of the document, and where its mistakes are noted.
#[derive(Clone, Copy)]
pub(super) struct Node<'doc> {
    value: Value<'doc>,
    mistakes: &'doc Mistakes,
}

/// One member of an object.
pub(super) struct MemberNode<'doc> {
    /// The key, unescaped.
    pub(super) name: Cow<'doc, str>,
    /// The key, for its place.
    pub(super) key: Node<'doc>,
    pub(super) value: Node<'doc>,
}

impl<'doc> Node<'doc> {
    pub(super) fn new(value: Value<'doc>, mistakes: &'doc Mistakes) -> Self {
        Self { value, mistakes }
    }

    /// The members of an object, in order; a mistake for another value, of which `example` is one of the right form.
    /// Each key that occurred before is a mistake, too.
    pub(super) fn members(self, example: Option<&'static str>) -> Read<Vec<MemberNode<'doc>>> {
        self.expect(Kind::Object, "an object", example.map(Cow::Borrowed))?;
        self.object()
    }

    /// The same for an object that is one of several sorts by its `type`: if only that is written, `example` makes an
    /// object of it.
    pub(super) fn members_of_sort(
        self,
        example: impl FnOnce(Option<&str>) -> Cow<'static, str>,
    ) -> Read<Vec<MemberNode<'doc>>> {
        if self.value.kind() != Kind::Object {
            let text = self.value.string().ok();
            self.expect(Kind::Object, "an object", Some(example(text.as_deref())))?;
        }
        self.object()
    }

    fn object(self) -> Read<Vec<MemberNode<'doc>>> {
        let members = self.value.members_with_duplicates();
        let members = members.map_err(|error| self.note_json(error))?;
        for (first, second) in duplicates(&members) {
            self.mistakes.note(Mistake {
                bytes: second.key.range(),
                problem: Problem::Duplicate {
                    key: second.name.clone().into_owned(),
                    first: first.key.range().start,
                },
                example: None,
            });
        }
        let members = members.into_iter().map(|member| MemberNode {
            name: member.name,
            key: self.with(member.key),
            value: self.with(member.value),
        });
        Ok(members.collect())
    }

    /// The elements of an array; a mistake for another value, of which `example` is one of the right form.
    pub(super) fn elements(self, example: Option<&'static str>) -> Read<Vec<Self>> {
        self.expect(Kind::Array, "an array", example.map(Cow::Borrowed))?;
        let elements = self.value.array().map_err(|error| self.note_json(error))?;
        Ok(elements.into_iter().map(|value| self.with(value)).collect())
    }

    /// The text of a string, unescaped; a mistake for another value.
    pub(super) fn string(self) -> Read<Cow<'doc, str>> {
        self.expect(Kind::String, "a string", None)?;
        self.value.string().map_err(|error| self.note_json(error))
    }

    /// Notes what is wrong here.
    pub(super) fn note(self, kind: PolicyErrorKind) -> Noted {
        self.mistakes.note(Mistake {
            bytes: self.value.range(),
            problem: Problem::Kind(kind),
            example: None,
        })
    }

    /// Notes what an object lacks, at the bracket that opens it: all of it may be many lines.
    pub(super) fn note_lack(self, kind: PolicyErrorKind) -> Noted {
        let start = self.value.range().start;
        self.mistakes.note(Mistake {
            bytes: start..start.saturating_add(1),
            problem: Problem::Kind(kind),
            example: None,
        })
    }

    /// Notes a rule that is broken here.
    pub(super) fn invalid(self, error: InvalidPolicy) -> Noted {
        self.note(PolicyErrorKind::Invalid(error))
    }

    fn with(self, value: Value<'doc>) -> Self {
        Self { value, ..self }
    }

    fn expect(
        self,
        kind: Kind,
        expected: &'static str,
        example: Option<Cow<'static, str>>,
    ) -> Read<()> {
        if self.value.kind() == kind {
            return Ok(());
        }
        let problem = JsonError::WrongType {
            expected,
            found: self.value.kind().name(),
        };
        Err(self.mistakes.note(Mistake {
            bytes: self.value.range(),
            problem: Problem::Kind(PolicyErrorKind::Json(problem)),
            example,
        }))
    }

    fn note_json(self, error: LocatedJsonError) -> Noted {
        self.note(PolicyErrorKind::Json(error.problem))
    }
}

/// What is read of each, if there is no mistake in any; all are read.
pub(super) fn all<T>(items: impl IntoIterator<Item = Read<T>>) -> Read<Vec<T>> {
    let mut list = Vec::new();
    let mut noted = None;
    for item in items {
        match item {
            Ok(item) => list.push(item),
            Err(mistake) => noted = Some(mistake),
        }
    }
    noted.map_or(Ok(list), Err)
}
