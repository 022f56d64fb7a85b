//! Runs what containers/image tests its `sigstoreSigned` with: the fixtures of its Go tests, which are not in this repository.
//!
//! ```text
//! CONTAINERS_IMAGE_FIXTURES=…/image/signature cargo test --test containers_image_fixtures
//! ```
//!
//! The variable names the folder `signature` of <https://github.com/containers/image> (the folder `image/signature` of
//! <https://github.com/containers/container-libs>), whose `fixtures` and `internal/testdata` are read. Each case names the test
//! of theirs that it follows: what that accepts has to be accepted, and what that refuses has to be refused here, for a reason
//! that is on record, too. Certificates of Fulcio are judged at the log's time, the others by the system's clock.
//!
//! Not followed are tests of theirs that make keys and certificates as they run, for which the suites `sigstore-…` have cases; but
//! their changes to an entry of the log are made here on a recorded one, and signed anew by a log of the test's own.
//!
//! Without the variable, nothing of theirs is run, and the program says so; the table of cases is always looked at.
#![cfg_attr(
    not(feature = "sigstore"),
    allow(dead_code, unused_imports, reason = "there is nothing to run")
)]
#![allow(
    clippy::indexing_slicing,
    reason = "it sets members of JSON objects that are made here"
)]

#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/case.rs"]
mod case;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/certificates.rs"]
mod certificates;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/keys.rs"]
mod keys;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/log.rs"]
mod log;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/log_entries.rs"]
mod log_entries;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/material.rs"]
mod material;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/running.rs"]
mod running;
#[cfg(feature = "sigstore")]
#[path = "containers_image_fixtures/trust_roots.rs"]
mod trust_roots;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

#[cfg(feature = "sigstore")]
use case::{Asked, Case, Wanted};

/// The folder, in the folder of containers/image that the variable names, of most files.
const FIXTURES: &str = "fixtures";

/// What the folders of signed images are called that are all to be run.
const SIGNED: &str = "dir-img-cosign-";

/// Fixtures that no folder of the above holds, and that are to be run, too.
const OTHERS: [&str; 8] = [
    "unknown-cosign-key.signature",
    "cosign.pub",
    "cosign2.pub",
    "rekor.pub",
    "fulcio_v1.crt.pem",
    "pki_root_crts.pem",
    "pki_intermediate_crts.pem",
    "some-rsa-key.pub",
];

/// The tests of containers/image that cases may name.
#[cfg(feature = "sigstore")]
const TESTS: [&str; 11] = [
    trust_roots::FULCIO,
    trust_roots::PKI,
    trust_roots::ALL,
    keys::ACCEPTED,
    running::ALLOWED,
    certificates::FULCIO,
    certificates::REKOR_FULCIO,
    certificates::PKI,
    log_entries::SET,
    log_entries::ANNOTATION,
    log_entries::PAYLOAD,
];

#[cfg(feature = "sigstore")]
fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = cases();
    let facts = Facts::of(&cases);
    let mut trials = vec![Trial::test("own::table", move || facts.check())];
    match env::var_os("CONTAINERS_IMAGE_FIXTURES").map(PathBuf::from) {
        None => eprintln!(
            "\nNOT RUN: all {} cases with the fixtures of containers/image, because CONTAINERS_IMAGE_FIXTURES does not name its \
             folder `signature`.\nOnly the table of cases is looked at.\n",
            cases.len()
        ),
        Some(folder) if !folder.join(FIXTURES).is_dir() => {
            eprintln!(
                "error: there is no folder {FIXTURES} in {}",
                folder.display()
            );
            return ExitCode::FAILURE;
        }
        Some(folder) => trials.extend(strangers(&folder, cases)),
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

#[cfg(not(feature = "sigstore"))]
fn main() -> ExitCode {
    eprintln!("\nNOT RUN: this build has not the feature `sigstore`\n");
    ExitCode::SUCCESS
}

#[cfg(feature = "sigstore")]
fn cases() -> Vec<Case> {
    let parts = [
        trust_roots::cases(),
        keys::cases(),
        running::cases(),
        certificates::cases(),
        log_entries::cases(),
    ];
    parts.into_iter().flatten().collect()
}

/// A test for each case, and one that there is no fixture without a case.
#[cfg(feature = "sigstore")]
fn strangers(folder: &Path, cases: Vec<Case>) -> Vec<Trial> {
    let used: BTreeSet<String> = cases.iter().flat_map(Case::fixtures).collect();
    let fixtures = folder.join(FIXTURES);
    let folder = Arc::new(folder.to_owned());
    let trials = cases.into_iter().map(|case| {
        let folder = Arc::clone(&folder);
        Trial::test(format!("containers-image::{}", case.name), move || {
            case.check(&folder)
        })
    });
    let mut trials: Vec<Trial> = trials.collect();
    trials.push(Trial::test("containers-image::all-are-run", move || {
        all_are_run(&fixtures, &used)
    }));
    trials
}

/// That each fixture that should be run is, and so that a new one is noticed.
fn all_are_run(fixtures: &Path, used: &BTreeSet<String>) -> Result<(), Failed> {
    let entries =
        fs::read_dir(fixtures).map_err(|error| format!("{}: {error}", fixtures.display()))?;
    let mut wanted: BTreeSet<String> = OTHERS.map(str::to_owned).into();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(SIGNED) {
            wanted.insert(name);
        }
    }
    match wanted.difference(used).next() {
        None => Ok(()),
        Some(name) => Err(format!("no case runs {name}: look at it").into()),
    }
}

/// What the table of cases is like, as far as it does not depend on the fixtures.
#[cfg(feature = "sigstore")]
struct Facts {
    names: Vec<String>,
    tests: BTreeSet<&'static str>,
    used: BTreeSet<String>,
    accepting: usize,
    refusing: usize,
    without_code: Vec<String>,
}

#[cfg(feature = "sigstore")]
impl Facts {
    fn of(cases: &[Case]) -> Self {
        let accepting = cases.iter().filter(|case| case.wanted.is_yes()).count();
        let without_code = cases
            .iter()
            .filter(|case| case.wanted.code() == Some("") || !case.fits());
        Self {
            names: cases.iter().map(|case| case.name.clone()).collect(),
            tests: cases.iter().map(|case| case.test).collect(),
            used: cases.iter().flat_map(Case::fixtures).collect(),
            accepting,
            refusing: cases.len().saturating_sub(accepting),
            without_code: without_code.map(|case| case.name.clone()).collect(),
        }
    }

    /// That names are unique, that each test of theirs which should be followed is, and no other, that no fixture is
    /// forgotten, and that cases of both kinds are there.
    fn check(&self) -> Result<(), Failed> {
        let mut seen = BTreeSet::new();
        if let Some(name) = self.names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(format!("two cases are called {name}").into());
        }
        if let Some(name) = self.without_code.first() {
            return Err(format!("{name} wants what cannot come out").into());
        }
        let known = BTreeSet::from(TESTS);
        if let Some(test) = known.symmetric_difference(&self.tests).next() {
            return Err(format!("{test} is named by no case, or is not known").into());
        }
        if let Some(name) = OTHERS.iter().find(|name| !self.used.contains(**name)) {
            return Err(format!("no case runs {name}").into());
        }
        if self.accepting == 0 || self.refusing <= self.accepting {
            let (accepting, refusing) = (self.accepting, self.refusing);
            return Err(format!("{accepting} cases accept, and only {refusing} refuse").into());
        }
        Ok(())
    }
}

#[cfg(feature = "sigstore")]
impl Case {
    /// Whether what is wanted can come of what is asked.
    fn fits(&self) -> bool {
        match self.wanted {
            Wanted::Accepted => matches!(self.asked, Asked::Image(_)),
            Wanted::Loaded(_) => matches!(self.asked, Asked::Keys),
            Wanted::NoPolicy(_) | Wanted::Rejected(_) | Wanted::Undecided(_) => true,
        }
    }
}
