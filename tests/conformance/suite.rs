//! Reads a folder of cases, and what is expected of them. The test `peers` borrows this file by `#[path]`: both are programs
//! of their own, and `tests/common` is for those that need no `case.rs`.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::case::Case;

/// All the cases of one folder.
pub struct Suite {
    pub root: PathBuf,
    pub cases: Vec<SuiteCase>,
    divergences: Vec<Divergence>,
}

/// A case with its place in the suite, and what is expected.
pub struct SuiteCase {
    suite: String,
    /// The file that it stands in, without its extension.
    file: String,
    about: String,
    pub expected: Expected,
    pub case: Case,
}

/// What a case is expected to be answered with. Without a code, any will do.
#[derive(Clone, Debug, Deserialize)]
pub struct Expected {
    pub verdict: String,
    pub code: Option<String>,
}

/// Where engines or peers answer otherwise, and why.
#[derive(Debug, Deserialize)]
struct Divergence {
    engine: OneOrMore,
    case: OneOrMore,
    instead: String,
    why: String,
}

/// A name, or a list of names.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
struct File {
    suite: Option<String>,
    cases: Option<Vec<Box<RawValue>>>,
    #[serde(default)]
    divergences: Vec<Divergence>,
}

#[derive(Deserialize)]
struct Expectation {
    #[serde(default)]
    about: String,
    expect: Expected,
}

impl Suite {
    /// Reads the folder that `CONFORMANCE_SUITE` names, or this repository's own.
    pub fn load() -> Result<Self, Box<dyn Error>> {
        let root = match std::env::var_os("CONFORMANCE_SUITE") {
            Some(folder) => PathBuf::from(folder),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance"),
        };
        let mut files = std::fs::read_dir(&root)
            .map_err(|error| format!("{}: {error}", root.display()))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        files.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        });
        files.sort();

        let mut suite = Self {
            root,
            cases: Vec::new(),
            divergences: Vec::new(),
        };
        for path in files {
            suite
                .read(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        suite.check()?;
        Ok(suite)
    }

    /// What is on record to be answered instead of what the case expects, by an engine that `is_meant` by the name in
    /// the record.
    pub fn divergence(
        &self,
        case: &SuiteCase,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<Expected> {
        self.divergences
            .iter()
            .find(|divergence| {
                let mut engines = divergence.engine.names();
                let mut cases = divergence.case.names();
                engines.any(|engine| is_meant(engine)) && cases.any(|name| *name == case.case.name)
            })
            .map(|divergence| Expected {
                verdict: divergence.instead.clone(),
                code: None,
            })
    }

    fn read(&mut self, path: &Path) -> Result<(), Box<dyn Error>> {
        let text = std::fs::read(path)?;
        let File {
            suite,
            cases,
            divergences,
        } = serde_json::from_slice(&text)?;
        self.divergences.extend(divergences);
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for case in cases.unwrap_or_default() {
            let Expectation { about, expect } = serde_json::from_str(case.get())?;
            self.cases.push(SuiteCase {
                suite: suite.clone().unwrap_or_else(|| stem.clone()),
                file: stem.clone(),
                about,
                expected: expect,
                case: Case::parse(case.get().as_bytes()).map_err(|answer| answer.message)?,
            });
        }
        Ok(())
    }

    /// A suite must say something, each name once, and in words that a runner knows.
    fn check(&self) -> Result<(), Box<dyn Error>> {
        if self.cases.is_empty() {
            return Err(format!("{} holds no case", self.root.display()).into());
        }
        let mut names = BTreeSet::new();
        for case in &self.cases {
            if !names.insert(case.id()) {
                return Err(format!("two cases are called {}", case.id()).into());
            }
            let verdict = &case.expected.verdict;
            if !["accept", "reject", "error", "deny"].contains(&verdict.as_str()) {
                return Err(format!("{}: no verdict is called `{verdict}`", case.id()).into());
            }
        }
        let known: BTreeSet<_> = self.cases.iter().map(|case| &case.case.name).collect();
        for divergence in &self.divergences {
            if divergence.why.is_empty() {
                return Err(format!("a divergence gives no reason: {:?}", divergence.case).into());
            }
            if let Some(name) = divergence.case.names().find(|name| !known.contains(name)) {
                return Err(format!("a divergence names `{name}`, which is no case").into());
            }
        }
        Ok(())
    }
}

impl OneOrMore {
    fn names(&self) -> std::slice::Iter<'_, String> {
        match self {
            Self::One(name) => std::slice::from_ref(name).iter(),
            Self::More(names) => names.iter(),
        }
    }
}

impl SuiteCase {
    /// The name of the test: suite and case.
    pub fn id(&self) -> String {
        format!("{}::{}", self.suite, self.case.name)
    }

    pub fn about(&self) -> &str {
        &self.about
    }

    /// Whether the case is about what signatures for sigstore mean: all engines have one answer to it.
    pub fn is_of_sigstore(&self) -> bool {
        self.file.starts_with("sigstore-")
    }

    /// Whether its policy asks for signatures by OpenPGP.
    pub fn asks_an_engine(&self) -> bool {
        let policy = self.case.policy.as_ref();
        policy.is_none_or(|policy| policy.get().contains("\"signedBy\""))
    }

    /// The module that makes the case, or of a suite that this repository does not make, its file.
    pub fn source(&self) -> String {
        let module = format!(
            "testdata/generate/suites/{}.py",
            self.file.replace('-', "_")
        );
        if Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(&module)
            .is_file()
        {
            module
        } else {
            format!("{}.json", self.file)
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.verdict),
            None => f.write_str(&self.verdict),
        }
    }
}
