//! What people read, to the letter: a file for each situation, in the folder of this program.
//!
//! `WRITE_MESSAGES=1 cargo test --test messages` writes them anew; then read what has changed.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]
#![cfg(all(feature = "sequoia", feature = "sigstore"))]

mod accounted;
mod book;
#[path = "../../examples/evaluate/case.rs"]
mod case;
#[path = "../common/mod.rs"]
mod common;
#[cfg(unix)]
mod files;
#[cfg(all(feature = "gpgme", feature = "gpg"))]
mod machines;
mod made;
mod situations;
#[path = "../conformance/suite.rs"]
#[allow(dead_code, reason = "what is expected of a case is not asked here")]
mod suite;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use book::Book;
use case::{Case, Failure};
use containers_sigpolicy::answer::{Answer, Fault};
use containers_sigpolicy::engine::{Engine, Sequoia};
use containers_sigpolicy::{Accepted, CryptoPolicy, Error, Report};
use serde_json::value::RawValue;
use situations::SITUATIONS;
use suite::Suite;

/// What a remedy may only name where it says what is given up: each weakens what a policy demands.
const WEAKER: [&str; 5] = [
    "insecureAcceptAnything",
    "matchRepository",
    "exactRepository",
    "remapIdentity",
    "--crypto-policy",
];

/// What comes of a case; nothing if it only has a policy, and that is valid.
fn judged(case: &Case, root: &Path, engine: &Arc<dyn Engine>) -> Option<Result<Accepted, Error>> {
    match case.evaluate(root, engine, CryptoPolicy::Standard) {
        Ok(accepted) => Some(Ok(accepted?)),
        Err(Failure::Library(error)) => Some(Err(error)),
        Err(Failure::Case(complaint)) => panic!("{}: {complaint}", case.name),
    }
}

/// What is told of it.
fn answer(case: &Case, root: &Path, engine: &Arc<dyn Engine>) -> Option<Answer> {
    Some(match judged(case, root, engine)? {
        Ok(accepted) => accepted.report().answer(),
        Err(error) => error.answer(),
    })
}

/// The cases that are not of the suite, in the same format.
fn own_cases() -> Vec<Case> {
    let own: Vec<Box<RawValue>> = serde_json::from_str(include_str!("own.json")).expect("JSON");
    own.iter()
        .map(|case| Case::parse(case.get().as_bytes()).expect("a case"))
        .collect()
}

#[test]
fn each_situation_is_told_in_these_words() {
    let suite = Suite::load().expect("the suite is there");
    let engine: Arc<dyn Engine> = Arc::new(Sequoia::new());
    // Cargo runs tests in the folder of the package; how long its own path is does not matter.
    let root = Path::new("testdata/conformance");
    let mut book = Book::open("tests/messages");
    // Those that are cases of the suite, and others in the same format.
    let own = own_cases();
    let of_suite = SITUATIONS.iter().map(|(situation, name)| {
        let found = suite.cases.iter().find(|case| case.case.name == *name);
        (
            *situation,
            &found.unwrap_or_else(|| panic!("{name} is no case")).case,
        )
    });
    let own = own.iter().map(|case| (case.name.as_str(), case));
    for (situation, case) in of_suite.chain(own) {
        let answer = answer(case, root, &engine).expect("an image was judged");
        book.tell(situation, &answer);
    }
    for (situation, answer) in made::situations() {
        book.tell(situation, &answer);
    }
    #[cfg(unix)]
    for (situation, answer) in files::situations() {
        book.tell(situation, &answer);
    }
    book.close();
}

/// Machines on which GnuPG does not work.
#[test]
#[cfg(all(feature = "gpgme", feature = "gpg"))]
fn each_machine_is_told_in_these_words() {
    // The book's program has no engine native.
    let without_native = |step: &String| {
        let step = step.replace("gpg, native or sequoia", "gpg or sequoia");
        step.replace("native or sequoia", "sequoia")
    };
    let mut book = Book::open("tests/messages/machines");
    for (situation, mut answer) in machines::situations() {
        answer.steps = answer.steps.iter().map(without_native).collect();
        book.tell(situation, &answer);
    }
    book.close();
}

/// Whatever happens, and however long the names are.
#[test]
fn every_answer_of_the_suite_is_short_and_helps() {
    let suite = Suite::load().expect("the suite is there");
    let engine: Arc<dyn Engine> = Arc::new(Sequoia::new());
    let mut refused = 0;
    for case in &suite.cases {
        let Some(answer) = answer(&case.case, &suite.root, &engine) else {
            continue;
        };
        let (name, text) = (&case.case.name, answer.to_string());
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() <= Answer::MAX_LINES, "{name}: {text}");
        let longest = lines.iter().map(|line| line.chars().count()).max();
        assert!(longest <= Some(Answer::MAX_COLUMNS), "{name}: {text}");
        assert!(!text.contains(|character: char| character.is_control() && character != '\n'));
        let Some(code) = answer.code else {
            assert_eq!((answer.fault, answer.cause), (None, None), "{name}");
            continue;
        };
        refused += 1;
        assert!(lines[0].ends_with(&format!(" [{code}]")), "{name}: {text}");
        assert!(
            answer.cause.is_some_and(|cause| !cause.is_empty()),
            "{name}: {text}"
        );
        let steps = answer.steps.join("; ");
        assert!(!steps.is_empty(), "{name}: nothing to do: {text}");
        if answer.fault == Some(Fault::Machine) {
            assert!(!steps.contains("do not run"), "{name}: {text}");
        }
        for weaker in WEAKER {
            // The right spelling of what somebody meant to write is not weaker.
            let says_when = steps.contains("only if") || code.starts_with("policy-");
            assert!(
                says_when || !steps.contains(weaker),
                "{name}: {weaker}: {text}"
            );
        }
    }
    assert!(refused > 1000, "{refused}");
}

/// Whatever a report says, its JSON has all of it: what is read back is told and written in the same words.
#[test]
fn every_report_of_the_suite_is_read_back_from_its_json() {
    let suite = Suite::load().expect("the suite is there");
    let engine: Arc<dyn Engine> = Arc::new(Sequoia::new());
    let mut codes = BTreeSet::new();
    let own = own_cases();
    for case in suite.cases.iter().map(|case| &case.case).chain(&own) {
        let name = &case.name;
        let judged = judged(case, Path::new("testdata/conformance"), &engine);
        let (report, error) = match &judged {
            Some(Ok(accepted)) => (Some(accepted.report()), None),
            Some(Err(error)) => (error.report(), Some(error)),
            None => continue,
        };
        let Some(report) = report else {
            continue;
        };
        let json = serde_json::to_string(report).expect("JSON");
        let read: Report =
            serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error}: {json}"));
        assert_eq!(serde_json::to_string(&read).expect("JSON"), json, "{name}");
        assert_eq!(format!("{read:#}"), format!("{report:#}"), "{name}");
        // The JSON of an error has its report in it.
        if let Some(error) = error {
            let json = serde_json::to_string(error).expect("JSON");
            let read: Report = serde_json::from_str(&json).expect("the same");
            assert_eq!(format!("{read:#}"), format!("{report:#}"), "{name}");
        }
        codes.insert(report.rejection.as_ref().map(|reason| reason.code()));
    }
    assert!(codes.len() > 30, "{codes:?}");
}

/// What the README shows of them.
#[test]
fn the_readme_tells_its_stories_in_these_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    for situation in [
        "key-expired",
        "key-expires-soon",
        "window-missed-by-four-minutes",
        "signature-for-another-tag",
        "manifest-with-a-line-feed-more",
    ] {
        let file = root.join(format!("tests/messages/{situation}.txt"));
        let text = fs::read_to_string(file).expect("a message");
        assert!(
            readme.contains(&format!("```text\n{text}```")),
            "{situation}"
        );
    }
}
