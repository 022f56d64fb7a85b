//! Statements about artifacts: in-toto's, versions 0.1 and 1.

use super::{IN_TOTO, MAX_SUBJECTS};
use crate::digest::{Algorithm, Digest};
use crate::json::{Document, Kind, LocatedJsonError, Object, Value};
use crate::text::quote::Quoted;

/// The types of statements that are read.
const TYPES: [&str; 2] = [
    "https://in-toto.io/Statement/v1",
    "https://in-toto.io/Statement/v0.1",
];

/// What somebody states of artifacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    predicate_type: String,
    subjects: Vec<Subject>,
}

/// An artifact of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    name: Option<String>,
    /// Its digest by SHA-256, as it is written.
    sha256: Option<String>,
}

/// Why octets are no statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StatementError {
    /// An envelope with something else.
    #[error("its type is {}, and not `{IN_TOTO}`", Quoted(.found))]
    PayloadType {
        /// What it is.
        found: String,
    },
    /// Not text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// Not JSON, or a member has the wrong type or occurs twice.
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    /// A member that has to be there is not.
    #[error("`{0}` is missing")]
    Missing(String),
    /// No statement of a version that is read.
    #[error("`_type` is {}, and not an in-toto statement of version 0.1 or 1", Quoted(.found))]
    Type {
        /// What it is.
        found: String,
    },
    /// More subjects than are read.
    #[error("it has {found} subjects, and at most {MAX_SUBJECTS} are read")]
    TooManySubjects {
        /// How many there are.
        found: usize,
    },
}

impl Statement {
    /// Reads a statement. Members that are not known are skipped, as its specification demands; none occurs twice.
    ///
    /// # Errors
    ///
    /// [`StatementError`] for what is none.
    pub(super) fn parse(payload: &[u8]) -> Result<Self, StatementError> {
        if std::str::from_utf8(payload).is_err() {
            return Err(StatementError::NotUtf8);
        }
        let document = Document::parse(payload)?;
        let root = document.root().object()?;
        let kind = required(&root, "_type")?.string()?;
        if !TYPES.contains(&&*kind) {
            return Err(StatementError::Type {
                found: kind.into_owned(),
            });
        }
        let predicate_type = required(&root, "predicateType")?.string()?.into_owned();
        let subjects = required(&root, "subject")?.array()?;
        if subjects.len() > MAX_SUBJECTS {
            return Err(StatementError::TooManySubjects {
                found: subjects.len(),
            });
        }
        let subjects = subjects.into_iter().map(Subject::read);
        Ok(Self {
            predicate_type,
            subjects: subjects.collect::<Result<_, _>>()?,
        })
    }

    /// What kind of statement it is: a URI.
    pub(crate) fn predicate_type(&self) -> &str {
        &self.predicate_type
    }

    /// The names of the subjects with this digest, of which one can be without; no element at all if it is of no subject. Only
    /// digests by SHA-256 count.
    pub(crate) fn names_of(&self, digest: &Digest) -> Vec<Option<&str>> {
        let is_of = |subject: &&Subject| {
            digest.algorithm() == Algorithm::Sha256
                && subject.sha256.as_deref() == Some(digest.hex())
        };
        let subjects = self.subjects.iter().filter(is_of);
        subjects.map(|subject| subject.name.as_deref()).collect()
    }

    /// Name and SHA-256 of the first subject, each if it has one: for people who look at a statement.
    pub(crate) fn untrusted_first(&self) -> Option<(Option<&str>, Option<&str>)> {
        let first = self.subjects.first()?;
        Some((first.name.as_deref(), first.sha256.as_deref()))
    }

    /// The digests of its subjects, as they are written.
    pub(crate) fn digests(&self) -> impl Iterator<Item = &str> {
        let subjects = self.subjects.iter();
        subjects.filter_map(|subject| subject.sha256.as_deref())
    }
}

impl Subject {
    fn read(value: Value<'_>) -> Result<Self, StatementError> {
        let members = value.object()?;
        let text = |value: Option<Value<'_>>| {
            let text = value.map(Value::string).transpose()?;
            Ok::<_, LocatedJsonError>(text.map(|text| text.into_owned()))
        };
        // An empty name is how some writers leave it out.
        let name = text(unless_null(&members, "name"))?.filter(|name| !name.is_empty());
        let mut sha256 = None;
        if let Some(digests) = unless_null(&members, "digest") {
            for digest in digests.object()?.members() {
                let value = digest.value.string()?;
                if digest.name == "sha256" {
                    sha256 = Some(value.into_owned());
                }
            }
        }
        Ok(Self { name, sha256 })
    }
}

/// What kind of statement octets say that they are, if they can be read as one at all. Nothing is proven of it.
pub(super) fn untrusted_predicate_type(payload: &[u8]) -> Option<String> {
    let statement = Statement::parse(payload).ok()?;
    Some(statement.predicate_type)
}

fn required<'doc>(object: &Object<'doc>, name: &str) -> Result<Value<'doc>, StatementError> {
    unless_null(object, name).ok_or_else(|| StatementError::Missing(name.to_owned()))
}

fn unless_null<'doc>(object: &Object<'doc>, name: &str) -> Option<Value<'doc>> {
    object.find(name).filter(|value| value.kind() != Kind::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    fn statement(kind: &str, subjects: &str) -> String {
        format!(r#"{{"_type":"{kind}","predicateType":"p","subject":{subjects}}}"#)
    }

    fn names(subjects: &str) -> Vec<Option<String>> {
        let text = statement(TYPES[0], &subjects.replace("HEX", HEX));
        let statement = Statement::parse(text.as_bytes()).unwrap();
        let names = statement.names_of(&Digest::of(b"{}")).into_iter();
        names.map(|name| name.map(str::to_owned)).collect()
    }

    #[test]
    fn subjects_are_known_by_their_digest() {
        let named = |name: &str| Some(name.to_owned());
        for (subjects, expected) in [
            (r#"[{"digest":{"sha256":"HEX"}}]"#, vec![None]),
            (r#"[{"name":null,"digest":{"sha256":"HEX"}}]"#, vec![None]),
            (r#"[{"name":"","digest":{"sha256":"HEX"}}]"#, vec![None]),
            (
                r#"[{"name":"a","digest":{"sha256":"00"}},{"name":"b","digest":{"sha512":"1","sha256":"HEX"},"uri":"u"}]"#,
                vec![named("b")],
            ),
            (
                r#"[{"name":"a","digest":{"sha256":"HEX"}},{"digest":{"sha256":"HEX"}}]"#,
                vec![named("a"), None],
            ),
            (r#"[{"name":"a","digest":{"sha512":"HEX"}}]"#, vec![]),
            (r#"[{"name":"a","digest":{"SHA256":"HEX"}}]"#, vec![]),
            (r#"[{"name":"a","digest":{"sha256":"sha256:HEX"}}]"#, vec![]),
            (r#"[{"name":"HEX"}]"#, vec![]),
            (r#"[{}]"#, vec![]),
            (r#"[]"#, vec![]),
        ] {
            assert_eq!(names(subjects), expected, "{subjects}");
        }
        let upper = format!(r#"[{{"digest":{{"sha256":"{}"}}}}]"#, HEX.to_uppercase());
        assert_eq!(names(&upper), Vec::<Option<String>>::new());
        // A digest by another function is none by SHA-256, whatever its digits are called.
        let long = Digest::by(Algorithm::Sha512, b"{}");
        let text = format!(r#"[{{"digest":{{"sha256":"{}"}}}}]"#, long.hex());
        let text = statement(TYPES[0], &text);
        let read = Statement::parse(text.as_bytes()).unwrap();
        assert_eq!(read.names_of(&long), Vec::<Option<&str>>::new());
        let of_lower = statement(TYPES[1], "[]");
        assert_eq!(
            untrusted_predicate_type(of_lower.as_bytes()).as_deref(),
            Some("p")
        );
    }

    #[test]
    fn what_is_no_statement_is_an_error() {
        let many = |count: usize| {
            let subjects = vec!["{}"; count].join(",");
            statement(TYPES[0], &format!("[{subjects}]"))
        };
        assert!(Statement::parse(many(MAX_SUBJECTS).as_bytes()).is_ok());
        for bad in [
            String::new(),
            "[]".to_owned(),
            "{}".to_owned(),
            many(MAX_SUBJECTS + 1),
            statement("https://in-toto.io/Statement/v2", "[]"),
            statement("https://in-toto.io/statement/v1", "[]"),
            statement(TYPES[0], "null"),
            statement(TYPES[0], "{}"),
            statement(TYPES[0], "[5]"),
            statement(TYPES[0], r#"[],"subject":[]"#),
            statement(TYPES[0], r#"[{"name":5}]"#),
            statement(TYPES[0], r#"[{"digest":[]}]"#),
            statement(TYPES[0], r#"[{"digest":{"sha256":5}}]"#),
            statement(TYPES[0], r#"[{"digest":{"sha256":"a","sha256":"b"}}]"#),
            statement(TYPES[0], r#"[{"name":"a","name":"a"}]"#),
            r#"{"_type":"https://in-toto.io/Statement/v1","subject":[]}"#.to_owned(),
            r#"{"predicateType":"p","subject":[]}"#.to_owned(),
            format!("{} ", statement(TYPES[0], "[]")) + "{}",
        ] {
            assert!(Statement::parse(bad.as_bytes()).is_err(), "{bad:.100}");
        }
        assert_eq!(Statement::parse(b"\"\xFF\""), Err(StatementError::NotUtf8));
    }
}
