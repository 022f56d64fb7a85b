//! The costs around the mathematics, as ratios measured in one run, and the fixed workloads whose instructions
//! `benches/instructions.sh` counts.
//!
//! ```text
//! cargo bench --bench costs --features native            # the ratios
//! cargo bench --bench costs -- count sequoia strangers   # one workload, once
//! cargo bench --bench costs -- verify gpg POLICY KEY_DIRECTORY IMAGE DIRECTORY
//! ```
//!
//! What is compared is measured in turns, since the speed of a machine changes from minute to minute; of each the first
//! quartile counts. `benches/README.md` says what each line means.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a benchmark that panics has failed"
)]

mod engines;
mod gnupg;
mod keys;
#[cfg(any(feature = "native", feature = "native-openssl"))]
mod raw;
#[cfg(all(feature = "native", feature = "sigstore"))]
mod sigstore;
mod times;
mod workloads;

use std::hint::black_box;
use std::thread;

use containers_sigpolicy::engine::{EngineKind, Environment};
use containers_sigpolicy::{DirSource, ImageName, Policy, Verifier};
use sequoia_openpgp::cert::CipherSuite;
use sha2::{Digest as _, Sha256};

use self::keys::{SUITES, Signed, image};
use self::times::{in_turns, microseconds, ratio};
use self::workloads::Workload;

fn main() {
    // cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["count", engine, workload] => count(engine, workload),
        ["list"] => {
            for workload in Workload::ALL {
                println!("{}", workload.name());
            }
        }
        [] => {
            for one in engines::in_process() {
                println!("\n{} ({})", one.name, one.engine.version());
                #[cfg(any(feature = "native", feature = "native-openssl"))]
                raw::beside_evaluation(&one);
                imports(&one.engine);
                strangers(&one.engine, 101);
                threads(&one.engine);
            }
            #[cfg(all(feature = "native", feature = "sigstore"))]
            {
                println!("\nsigstore");
                sigstore::beside_bare();
            }
            for engine in engines::on_gnupg() {
                println!("\n{} ({})", engine.name(), engine.version());
                gnupg::warm(&engine);
                strangers(&engine, 11);
            }
        }
        ["verify", engine, policy, keys, image, directory] => {
            verify(engine, policy, keys, image, directory);
        }
        other => panic!("unknown arguments: {other:?}"),
    }
}

/// Verifies one image as the first thing that the process does, on this engine.
fn verify(engine: &str, policy: &str, keys: &str, image: &str, directory: &str) {
    let engine: EngineKind = engine.parse().expect("an engine");
    let verifier = Verifier::builder(Policy::from_file(policy).expect("a policy"))
        .first_engine(Environment::from_env(), [engine])
        .key_directory(keys)
        .build();
    let image = ImageName::parse(image).expect("a name");
    let accepted = verifier.verify(&DirSource::named(directory, image));
    println!("{}", accepted.expect("a good signature").report());
}

/// Runs one workload once, in a function that callgrind can find by its name.
fn count(engine: &str, workload: &str) {
    let engine = engines::in_process()
        .into_iter()
        .find(|one| one.name == engine)
        .expect("an engine of this build")
        .engine;
    let workload = Workload::named(workload).expect("a workload");
    let mut work = workload.prepare(&engine);
    counted_work(&mut work);
}

#[inline(never)]
fn counted_work(work: &mut dyn FnMut()) {
    black_box(work)();
}

/// What an import costs, in signatures: how many evaluations of one signature take as long.
fn imports(engine: &engines::Shared) {
    for workload in [Workload::Subkeys, Workload::Keys] {
        let signed = Signed::by(CipherSuite::Cv25519);
        let verifier = signed.verifier(engine);
        let one = image(signed.blob(0));
        let mut import = workload.prepare(engine);
        let [evaluation, import] = in_turns(9, [&mut || warm(&verifier, &one), &mut || import()]);
        println!(
            "  {:<44} {:>10} µs = {:>6.1} evaluations",
            workload.title(),
            microseconds(import),
            ratio(import, evaluation)
        );
    }
}

/// 99 signatures by strangers before a good one, beside the good one alone.
fn strangers(engine: &engines::Shared, times: usize) {
    for (name, suite) in SUITES {
        let signed = Signed::by(suite);
        let verifier = signed.verifier(engine);
        let one = image(signed.blob(0));
        let hundred = signed.behind_strangers(99);
        let [alone, behind] = in_turns(
            times,
            [&mut || warm(&verifier, &one), &mut || {
                warm(&verifier, &hundred);
            }],
        );
        println!(
            "  99 by unknown keys before a good one: {name:<10} {:>8} µs ÷ {:>6} µs = {:.2}",
            microseconds(behind),
            microseconds(alone),
            ratio(behind, alone)
        );
    }
}

/// How much more two threads do than one; beside it, what of that the machine gives to work that shares nothing at all.
fn threads(engine: &engines::Shared) {
    // Enough of it that starting the threads is no part of the measure.
    const EACH: usize = 1_000;
    let signed = Signed::by(CipherSuite::Cv25519);
    let verifier = signed.verifier(engine);
    let one = image(signed.blob(0));
    let evaluations = on_two_threads(&|| (0..EACH).for_each(|_| warm(&verifier, &one)));
    let arithmetic = on_two_threads(&hash_in_a_chain);
    println!(
        "  two threads ÷ one thread, evaluations a second: {evaluations:.2}; of arithmetic alone: {arithmetic:.2}"
    );
}

/// How many times as much of this work two threads do as one in the same time.
fn on_two_threads(work: &(dyn Fn() + Sync)) -> f64 {
    let [alone, both] = in_turns(
        21,
        [&mut || work(), &mut || {
            thread::scope(|scope| {
                scope.spawn(work);
                scope.spawn(work);
            });
        }],
    );
    2.0 * ratio(alone, both)
}

/// Work without memory: digests of digests.
fn hash_in_a_chain() {
    let digest = (0..200_000).fold([0; 32], |digest, _| Sha256::digest(digest).into());
    let _ = black_box::<[u8; 32]>(digest);
}

fn warm(verifier: &Verifier, image: &containers_sigpolicy::Image<'_>) {
    let accepted = verifier.verify(image).expect("a good signature");
    let _ = black_box(accepted);
}
