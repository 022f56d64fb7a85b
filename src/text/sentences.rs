//! JSON that says the same twice: by its members to programs, and in sentences to people.

use std::fmt;

use serde::{Serialize, Serializer};

/// What is an object in JSON with the sentences beside its own members, which serde derives (`remote = "Self"`).
pub(crate) trait WithSentences: fmt::Display {
    /// The derived function.
    fn members<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// What to do about it, if that is known here.
    fn what_to_do(&self) -> Option<String> {
        None
    }
}

/// Writes the members, then `message`, which is the value's text, and `remedy`, if there is one.
pub(crate) fn serialize<T: WithSentences, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    struct Members<'a, T>(&'a T);

    impl<T: WithSentences> Serialize for Members<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.members(serializer)
        }
    }

    #[derive(Serialize)]
    #[serde(bound = "")]
    struct Object<'a, T: WithSentences> {
        #[serde(flatten)]
        members: Members<'a, T>,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        remedy: Option<String>,
    }

    Object {
        members: Members(value),
        message: value.to_string(),
        remedy: value.what_to_do(),
    }
    .serialize(serializer)
}
