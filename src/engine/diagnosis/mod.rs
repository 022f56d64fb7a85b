//! What engines there are, and why one does not work: for people, and as JSON.

mod finding;

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

pub use self::finding::Finding;
use crate::engine::EngineKind;
use crate::file;
use crate::text::quote::visible;

/// Every engine of this crate, compiled in or not, with what a probe found.
///
/// `Display` is a text for people, several lines long; `serde` gives the same as JSON, each
/// finding with its `code`, `message` and `remedy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The engines, in the order in which they were asked for.
    pub engines: Vec<EngineDiagnosis>,
}

impl Diagnosis {
    /// The first engine that works.
    #[must_use]
    pub fn usable(&self) -> Option<&EngineDiagnosis> {
        self.engines.iter().find(|engine| engine.is_usable())
    }
}

/// What a probe found about one engine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineDiagnosis {
    /// The engine.
    pub engine: EngineKind,
    /// What does the work, with its version, as far as it was found.
    pub version: Option<String>,
    /// The program that it runs, if it needs one and one serves.
    pub program: Option<PathBuf>,
    /// Why the engine does not work; none if it does.
    pub cause: Option<Finding>,
    /// What else was found: programs that were skipped, a library that is configured for another place.
    pub notes: Vec<Finding>,
    /// Where a program was looked for.
    pub searched: Vec<SearchedDirectory>,
}

/// A directory of `PATH`, and what there was in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SearchedDirectory {
    /// The directory.
    #[serde(serialize_with = "file::path_as_text")]
    pub directory: PathBuf,
    /// Whether it was looked into, and what it holds.
    pub found: Found,
}

/// What a directory of `PATH` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case", tag = "state", content = "programs")]
pub enum Found {
    /// The directory does not exist, or cannot be read.
    NoDirectory,
    /// The path is not absolute. Such directories are not searched: what they hold depends on
    /// where the program was started.
    NotAbsolute,
    /// Neither `gpg` nor `gpg2`.
    Nothing,
    /// One of them, or both.
    Programs(#[serde(serialize_with = "file::paths_as_text")] Vec<PathBuf>),
}

impl EngineDiagnosis {
    pub(crate) fn new(engine: EngineKind) -> Self {
        let cause = (!engine.is_compiled_in()).then(|| Finding::NotCompiledIn {
            engine,
            feature: engine.feature().to_owned(),
        });
        Self {
            engine,
            version: None,
            program: None,
            cause,
            notes: Vec::new(),
            searched: Vec::new(),
        }
    }

    /// Whether the engine works.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.cause.is_none()
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for engine in &self.engines {
            write!(f, "{engine}")?;
        }
        match self.usable() {
            Some(usable) => writeln!(f, "chosen by default: {}", usable.engine),
            None => writeln!(
                f,
                "no engine works: images that need a signature cannot be judged"
            ),
        }
    }
}

impl fmt::Display for EngineDiagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_usable() {
            "works"
        } else {
            "does not work"
        };
        write!(f, "{}: {state}", self.engine)?;
        match &self.version {
            Some(version) => writeln!(f, ", {}", visible(version))?,
            None => writeln!(f)?,
        }
        if let Some(program) = &self.program {
            writeln!(f, "  program: {}", visible(&program.display().to_string()))?;
        }
        if let Some(cause) = &self.cause {
            writeln!(
                f,
                "  why: {} ({})",
                visible(&cause.to_string()),
                cause.code()
            )?;
            writeln!(f, "  what to do: {}", cause.remedy())?;
        }
        for note in &self.notes {
            writeln!(
                f,
                "  note: {} ({})",
                visible(&note.to_string()),
                note.code()
            )?;
            writeln!(f, "    what to do: {}", note.remedy())?;
        }
        for searched in &self.searched {
            writeln!(
                f,
                "  searched {}: {}",
                visible(&searched.directory.display().to_string()),
                searched.found
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDirectory => f.write_str("no such directory"),
            Self::NotAbsolute => f.write_str("skipped, the path is not absolute"),
            Self::Nothing => f.write_str("no gpg or gpg2"),
            Self::Programs(programs) => {
                let names: Vec<String> = programs
                    .iter()
                    .filter_map(|program| program.file_name())
                    .map(|name| name.to_string_lossy().into_owned())
                    .collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

impl Serialize for EngineDiagnosis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("EngineDiagnosis", 9)?;
        object.serialize_field("engine", &self.engine)?;
        object.serialize_field("usable", &self.is_usable())?;
        object.serialize_field("compiled_in", &self.engine.is_compiled_in())?;
        object.serialize_field("feature", self.engine.feature())?;
        object.serialize_field("version", &self.version)?;
        let program = self
            .program
            .as_deref()
            .map(std::path::Path::to_string_lossy);
        object.serialize_field("program", &program)?;
        object.serialize_field("cause", &self.cause.as_ref().map(Explained::from))?;
        let notes: Vec<Explained<'_>> = self.notes.iter().map(Explained::from).collect();
        object.serialize_field("notes", &notes)?;
        object.serialize_field("searched", &self.searched)?;
        object.end()
    }
}

/// A finding as JSON: its code and fields, and the sentences for people.
#[derive(Serialize)]
pub(crate) struct Explained<'a> {
    #[serde(flatten)]
    fields: &'a Finding,
    message: String,
    remedy: &'static str,
}

impl<'a> From<&'a Finding> for Explained<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            fields: finding,
            message: finding.to_string(),
            remedy: finding.remedy(),
        }
    }
}
