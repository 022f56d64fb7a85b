//! The members of JSON objects as Go takes them for fields, with values that are not read yet.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::go::folds_to;

/// The members of a JSON object in their order, duplicates included; keys are not necessarily UTF-8, because lone
/// surrogates get through.
pub(crate) struct Members<'a>(pub(crate) Vec<(Vec<u8>, &'a RawValue)>);

/// One member looked up by name the way Go matches struct fields.
pub(crate) enum Member<'a> {
    /// There is none.
    Missing,
    /// There is exactly one, and it is spelled as expected.
    Exact(&'a RawValue),
    /// There are several, or one in another letter case.
    Ambiguous,
}

impl<'a> Members<'a> {
    /// Reads a JSON object; `None` if the text is anything else.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// All values whose names Go would take for this one.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = (bool, &'a RawValue)> {
        self.0
            .iter()
            .filter(move |(key, _)| folds_to(key, name))
            .map(move |(key, value)| (key.as_slice() == name.as_bytes(), *value))
    }

    /// The only value of this name.
    pub(crate) fn member(&self, name: &str) -> Member<'a> {
        let mut values = self.named(name);
        match (values.next(), values.next()) {
            (None, _) => Member::Missing,
            (Some((true, value)), None) => Member::Exact(value),
            _ => Member::Ambiguous,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Bytes(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

/// A JSON string, lone surrogates tolerated.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl Visitor<'_> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Bytes(bytes.to_vec()))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                self.visit_bytes(text.as_bytes())
            }
        }

        deserializer.deserialize_bytes(BytesVisitor)
    }
}
