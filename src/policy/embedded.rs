//! Policies that are a part of something else, such as a program's configuration.

use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::error::PolicyError;
use super::origin::{PolicyOrigin, PolicyPlace};
use super::places::Places;
use super::{Policy, read};
use crate::text::quote::Quoted;

/// How deep arrays and objects may be nested. A policy needs five levels; this is serde_json's own limit.
const MAX_DEPTH: usize = 128;

/// Reads a policy in whatever format serde reads: as a member of a program's configuration in JSON, YAML or TOML, say.
///
/// It has to be what [`Policy::from_slice`] reads, written in that format: objects, arrays and strings, and nothing that
/// containers-policy.json(5) does not define. A key that occurs twice in an object is an error, however it is written, if
/// the format hands both over: `serde_json` does so when it reads text or bytes, and through `#[serde(flatten)]`. What has
/// become a `serde_json::Value` or another table on its way here has lost all but one of two equal keys, and nobody can
/// tell. A policy that is not the program's own should therefore be read by [`Policy::from_slice`] or
/// [`Policy::from_file`].
///
/// Places are not known: an error gives the JSON path below the policy, and the position is the format's. Whatever asks a
/// policy for places, such as [`Policy::place_of_scope`], finds none. [`Policy::origin`] is [`PolicyPlace::Code`].
///
/// # Errors
///
/// The format's own error, with what [`Policy::from_slice`] says, and for more than [`Policy::MAX_SIZE`] bytes or 128
/// levels.
///
/// ```
/// use containers_sigpolicy::Policy;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Configuration {
///     image_policy: Policy,
/// }
///
/// let text = r#"{"image_policy": {"default": [{"type": "reject"}]}}"#;
/// let configuration: Configuration = serde_json::from_str(text)?;
///
/// let text = r#"{"image_policy": {"default": [{"type": "reject", "type": "reject"}]}}"#;
/// let error = serde_json::from_str::<Configuration>(text).err().map(|error| error.to_string());
/// assert!(error.is_some_and(|error| error.starts_with("the key `type` occurs twice in one object")));
/// # let _ = configuration.image_policy;
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Json::default();
        Part {
            json: &mut json,
            depth: 0,
        }
        .deserialize(deserializer)?;
        let policy = read::policy(json.text.as_bytes())
            .map_err(|error| de::Error::custom(without_place(&error)))?;
        Ok(Self {
            origin: PolicyOrigin::of(PolicyPlace::Code),
            places: Places::default(),
            ..policy
        })
    }
}

/// The message of an error, whose position is one in the text that was made here.
fn without_place(error: &PolicyError) -> String {
    let path = match error.path() {
        "" => String::new(),
        path => format!("{path}: "),
    };
    let more = match error.others().len().saturating_add(error.others_left_out()) {
        0 => String::new(),
        1 => "; and 1 more mistake".to_owned(),
        more => format!("; and {more} more mistakes"),
    };
    format!("{path}{}{more}", error.kind())
}

/// JSON that is written anew.
#[derive(Default)]
struct Json {
    text: String,
}

impl Json {
    fn push<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        self.text.push_str(text);
        if self.text.len() > Policy::MAX_SIZE {
            let limit = Policy::MAX_SIZE;
            return Err(E::custom(format!(
                "the policy is larger than {limit} bytes"
            )));
        }
        Ok(())
    }

    fn push_value<E: de::Error>(&mut self, value: &impl Serialize) -> Result<(), E> {
        let text = serde_json::to_string(value).map_err(E::custom)?;
        self.push(&text)
    }
}

/// A value that is read, and written as JSON.
struct Part<'json> {
    json: &'json mut Json,
    depth: usize,
}

impl Part<'_> {
    /// A value of an array or object in this one.
    fn inner(&mut self) -> Part<'_> {
        Part {
            json: self.json,
            depth: self.depth,
        }
    }

    fn deeper<E: de::Error>(&mut self) -> Result<(), E> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(E::custom(format!(
                "arrays and objects are nested more than {MAX_DEPTH} levels deep"
            )));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what containers-policy.json(5) defines")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.json.push_value(&value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.json.push_value(&value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.json.push_value(&value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.json.push_value(&value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.json.push_value(&value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.json.push("null")
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.json.push("null")
    }

    fn visit_some<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        self.deeper()?;
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        mut self,
        deserializer: D,
    ) -> Result<(), D::Error> {
        self.deeper()?;
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        self.deeper()?;
        self.json.push("[")?;
        let mut start = self.json.text.len();
        while elements.next_element_seed(self.inner())?.is_some() {
            start = self.json.text.len();
            self.json.push(",")?;
        }
        // The last comma.
        self.json.text.truncate(start);
        self.json.push("]")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.deeper()?;
        self.json.push("{")?;
        let mut start = self.json.text.len();
        let mut keys = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            self.json.push_value(&key)?;
            self.json.push(":")?;
            if keys.contains(&key) {
                return Err(de::Error::custom(format!(
                    "the key {} occurs twice in one object",
                    Quoted(&key)
                )));
            }
            keys.insert(key);
            members.next_value_seed(self.inner())?;
            start = self.json.text.len();
            self.json.push(",")?;
        }
        self.json.text.truncate(start);
        self.json.push("}")
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{MAX_DEPTH, PolicyPlace};
    use crate::policy::{Policy, ScopeName};

    const POLICY: &str = r#"{
        "transports": {"docker": {"registry.example": [
            {"keyPath": "/k", "signedIdentity": {"type": "matchRepository"}, "type": "signedBy", "keyType": "GPGKeys"},
            {"type": "insecureAcceptAnything"}
        ], "": [{"type": "reject"}]}},
        "default": [{"type": "reject"}]
    }"#;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Configuration {
        policy: Policy,
        #[serde(default)]
        other: Option<Policy>,
    }

    #[derive(Deserialize)]
    struct Flat {
        #[serde(flatten)]
        policy: Policy,
    }

    /// The message for a policy within a configuration, without serde_json's position.
    fn message(policy: &str) -> String {
        let text = format!("{{\"policy\": {policy}}}");
        let error = serde_json::from_str::<Configuration>(&text)
            .map(|_| ())
            .unwrap_err();
        let message = error.to_string();
        let (message, _position) = message.rsplit_once(" at line ").unwrap();
        message.to_owned()
    }

    #[test]
    fn a_policy_is_what_it_is_elsewhere() {
        let read = Policy::from_slice(POLICY.as_bytes()).unwrap();
        let text = format!("{{\"policy\": {POLICY}, \"other\": {POLICY}}}");
        let configuration: Configuration = serde_json::from_str(&text).unwrap();
        assert_eq!(configuration.policy, read);
        assert_eq!(configuration.other, Some(read.clone()));
        assert_eq!(configuration.policy.origin().place, PolicyPlace::Code);
        assert_eq!(configuration.policy.origin().digest, None);
        let scope = ScopeName::new(Some("docker"), "registry.example");
        assert!(read.place_of_scope(&scope).is_some());
        assert_eq!(configuration.policy.place_of_scope(&scope), None);
        // There and back, and by another way to serde.
        let text = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), read);
        let value: serde_json::Value = serde_json::from_str(POLICY).unwrap();
        assert_eq!(serde_json::from_value::<Policy>(value).unwrap(), read);
        assert_eq!(
            serde_json::from_reader::<_, Policy>(POLICY.as_bytes()).unwrap(),
            read
        );
        assert_eq!(serde_json::from_str::<Flat>(POLICY).unwrap().policy, read);
    }

    #[test]
    fn mistakes_are_told_by_their_path() {
        for (policy, expected) in [
            ("{}", "a policy needs `default`"),
            (
                r#"{"default": [{"type": "rejct"}]}"#,
                "default[0].type: unknown requirement type \"rejct\"; did you mean `reject`?",
            ),
            (
                r#"{"default": [{"type": "rejct"}], "transports": {"docker": {"": []}}}"#,
                "default[0].type: unknown requirement type \"rejct\"; did you mean `reject`?; and 1 more mistake",
            ),
            (
                r#"{"default": []}"#,
                "default: a list of requirements must not be empty",
            ),
            (
                r#"{"default": true}"#,
                "default: expected an array, found a boolean",
            ),
            (
                r#"{"default": -1}"#,
                "default: expected an array, found a number",
            ),
            (
                r#"{"default": 1.5}"#,
                "default: expected an array, found a number",
            ),
            (
                r#"{"default": null}"#,
                "default: expected an array, found null",
            ),
            ("[]", "expected an object, found an array"),
            ("\"x\"", "expected an object, found a string"),
        ] {
            assert_eq!(message(policy), expected, "{policy}");
        }
    }

    #[test]
    fn a_key_that_occurs_twice_is_refused_wherever_it_is() {
        for policy in [
            r#"{"default": [{"type": "reject"}], "default": [{"type": "insecureAcceptAnything"}]}"#,
            r#"{"default": [{"type": "reject"}], "default": [{"type": "reject"}]}"#,
        ] {
            assert_eq!(
                message(policy),
                "the key `default` occurs twice in one object"
            );
            assert!(serde_json::from_str::<Flat>(policy).is_err());
        }
        for (policy, key) in [
            (
                r#"{"default": [{"type": "reject", "type": "reject"}]}"#,
                "type",
            ),
            (
                r#"{"default": [{"type": "reject"}], "transports": {"docker": {"a": [{"type": "reject"}], "a": [{"type": "reject"}]}}}"#,
                "a",
            ),
            (
                r#"{"default": [{"type": "reject"}], "transports": {"docker": {}, "docker": {}}}"#,
                "docker",
            ),
            (r#"{"a\n": 1, "a\n": 1}"#, "a\\n"),
        ] {
            let expected = format!("the key `{key}` occurs twice in one object");
            assert_eq!(message(policy), expected, "{policy}");
        }
    }

    #[test]
    fn size_and_depth_are_bounded() {
        // Formats have limits of their own, and serde_json a lower one than ours is.
        let mut deep = serde_json::json!([]);
        for _ in 0..MAX_DEPTH {
            deep = serde_json::json!([deep]);
        }
        assert_eq!(
            serde_json::from_value::<Policy>(deep)
                .unwrap_err()
                .to_string(),
            "arrays and objects are nested more than 128 levels deep"
        );
        let large = format!(
            r#"{{"default": [{{"type": "{}"}}]}}"#,
            "x".repeat(Policy::MAX_SIZE)
        );
        assert_eq!(message(&large), "the policy is larger than 16777216 bytes");
    }
}
