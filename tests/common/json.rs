//! Outputs in JSON as their readers see them: no member stands twice, and the schema knows each. The library's own
//! unit tests borrow this file by `#[path]`: they cannot see the test programs otherwise.
#![allow(dead_code, reason = "no test program uses all of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::fmt;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// An output of a program: one JSON document by a schema of `testdata/schema`, and nothing else.
pub fn read(output: &[u8], schema: &str) -> Value {
    let value = strict(output).unwrap_or_else(|error| {
        let output = String::from_utf8_lossy(output);
        panic!("not JSON without duplicates: {error}\n{output}")
    });
    if let Err(complaint) = fits(&value, schema) {
        panic!("{complaint}");
    }
    value
}

/// A value as its serialization, read back by the same rules.
pub fn of(value: &impl serde::Serialize, schema: &str) -> Value {
    read(&serde_json::to_vec(value).expect("JSON"), schema)
}

/// Whether the schema allows a value, or else why not.
pub fn fits(value: &Value, schema: &str) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/schema");
    let path = folder.join(format!("{schema}.json"));
    let mut schemas = boon::Schemas::new();
    let index = boon::Compiler::new()
        .compile(path.to_str().expect("UTF-8"), &mut schemas)
        .unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
    schemas
        .validate(value, index)
        .map_err(|error| format!("{}: {error:#}\n{value:#}", path.display()))
}

/// Reads JSON and refuses an object with the same key twice.
fn strict(text: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = elements.next_element_seed(Self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Self)?;
            if object.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("`{key}` stands there twice")));
            }
        }
        Ok(Value::Object(object))
    }
}
