//! Values that JSON has as their text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

/// A value by the text that it is in JSON.
pub(crate) fn from_text<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?
        .parse()
        .map_err(de::Error::custom)
}
