//! Puts the cases of the conformance suite to other implementations, and compares their verdicts with ours.
//!
//! The peers are `skopeo`, and so containers/image and gpgme, for whole policies and images, and `gpg` itself for
//! the cryptographic part. skopeo is also asked which instance of an index it chooses. Each comparison is a test of its own name. A difference needs an entry with a reason in
//! `divergences.json`, and an entry without a difference fails too. What a peer cannot be asked is counted by reason.
//!
//! A peer that is not installed fails, unless `PEERS=optional` is set; with `CI=true` it fails in any case.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[path = "../../examples/evaluate/case.rs"]
mod case;
mod choice;
mod comparison;
mod gpg;
mod plan;
mod program;
mod question;
mod registry;
mod skopeo;
#[allow(dead_code, reason = "peers are not compared with expectations")]
#[path = "../conformance/suite.rs"]
mod suite;

use std::process::ExitCode;
use std::sync::Arc;

use comparison::Peer;
use containers_sigpolicy::engine::{Engine, Sequoia};
use libtest_mimic::Arguments;
use program::Program;
use suite::Suite;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let suite = match Suite::load() {
        Ok(suite) => Arc::new(suite),
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Everything that a peer writes lies in here, and goes when this goes.
    let folder = tempfile::Builder::new()
        .prefix("sigpolicy-peers-")
        .tempdir()
        .expect("a temporary folder");
    let root = folder.path().canonicalize().expect("an absolute path");
    let engine: Arc<dyn Engine> = Arc::new(Sequoia::new());

    let gpg = Program::find("gpg");
    let skopeo = Program::find("skopeo");
    let mut trials = vec![gpg.trial(), skopeo.trial()];
    if let Some(skopeo) = skopeo.installed() {
        trials.extend(choice::trials(skopeo, &root));
    }
    if let Some(gpg) = gpg.installed() {
        let asked = Arc::new(gpg::Gpg::new(gpg.path.clone(), &root));
        trials.extend(plan::for_gpg(&suite, &engine, &asked, &gpg.peer));
        if let Some(skopeo) = skopeo.installed() {
            let skopeo_on_gpg = Peer {
                asks: Some(Box::new(gpg.peer.clone())),
                ..skopeo.peer.clone()
            };
            let asked = Arc::new(skopeo::Skopeo::new(skopeo.path.clone(), asked, &root));
            trials.extend(plan::for_skopeo(&suite, &engine, &asked, &skopeo_on_gpg));
            let standalone = plan::for_standalone_verify(&suite, &engine, &asked, &skopeo_on_gpg);
            trials.extend(standalone);
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
