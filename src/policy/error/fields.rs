//! A policy's error as JSON.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::PolicyError;

impl Serialize for PolicyError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write_mistake(self, &mut map)?;
        if let Some(origin) = self.origin() {
            map.serialize_entry("origin", origin)?;
        }
        if !self.others().is_empty() {
            let others: Vec<Mistake<'_>> = self.others().iter().map(Mistake).collect();
            map.serialize_entry("others", &others)?;
            map.serialize_entry("others_left_out", &self.others_left_out())?;
        }
        map.end()
    }
}

/// Another mistake of a policy, which has the same origin.
struct Mistake<'a>(&'a PolicyError);

impl Serialize for Mistake<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write_mistake(self.0, &mut map)?;
        map.end()
    }
}

fn write_mistake<M: SerializeMap>(error: &PolicyError, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("code", error.code())?;
    map.serialize_entry("message", &error.kind().to_string())?;
    if let Some(file) = error.file() {
        map.serialize_entry("file", &file.to_string_lossy())?;
    }
    if let Some(span) = error.span() {
        map.serialize_entry("line", &span.start.line)?;
        map.serialize_entry("column", &span.start.column)?;
        map.serialize_entry("end_line", &span.end.line)?;
        map.serialize_entry("end_column", &span.end.column)?;
    }
    if !error.path().is_empty() {
        map.serialize_entry("path", error.path())?;
    }
    map.serialize_entry("kind", error.kind())?;
    if let Some(suggestion) = error.suggestion() {
        map.serialize_entry("suggestion", suggestion)?;
    }
    if let Some(example) = error.example() {
        map.serialize_entry("example", example)?;
    }
    if let Some(label) = error.label() {
        map.serialize_entry("label", &label)?;
    }
    map.serialize_entry("steps", &error.steps())?;
    match error.line_text() {
        Some(line) => map.serialize_entry("line_text", line),
        None => Ok(()),
    }
}
