//! How to print.

use clap::{Args, ValueEnum};

/// The formats of a command, one of which is JSON.
pub trait HasJson: ValueEnum + Copy + PartialEq + Send + Sync + 'static {
    const JSON: Self;
}

/// How to print.
#[derive(Clone, Copy, Debug, Args)]
pub struct FormatArguments<F: HasJson> {
    /// How to print the answer
    #[arg(
        long,
        value_name = "FORMAT",
        overrides_with = "format",
        default_value = "text"
    )]
    format: F,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

impl<F: HasJson> FormatArguments<F> {
    /// How to print.
    pub fn get(self) -> F {
        if self.json { F::JSON } else { self.format }
    }

    /// Whether JSON is asked for.
    pub fn is_json(self) -> bool {
        self.get() == F::JSON
    }
}

/// How most commands print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

impl HasJson for Format {
    const JSON: Self = Self::Json;
}
