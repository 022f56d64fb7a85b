//! What the engines know of trusted keys: the same on each, and never more than a verdict bears out.
#![cfg(feature = "_rules")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use common::{at, import, in_process, suite};
use containers_sigpolicy::engine::{Engine, KeyringError, Proven, Refusal, TrustedKey};
use containers_sigpolicy::{CryptoPolicy, Moment};
use serde_json::Value;

/// A case of the conformance suite that asks about one requirement `signedBy`.
struct Case {
    name: String,
    keys: Vec<Vec<u8>>,
    signatures: Vec<Vec<u8>>,
    at: Moment,
    policy: CryptoPolicy,
}

/// The cases of a suite, or of all.
fn cases(suites: Option<&[&str]>) -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(suite()).expect("the suite") {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().expect("a name").to_string_lossy();
        let is_wanted = suites.is_none_or(|suites| suites.contains(&stem.as_ref()));
        if !is_wanted || path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read(&path).expect("a suite");
        let value: Value = serde_json::from_slice(&text).expect("JSON");
        let all = value.get("cases").and_then(Value::as_array);
        cases.extend(all.into_iter().flatten().filter_map(case));
    }
    cases
}

fn case(case: &Value) -> Option<Case> {
    let [requirement] = case.pointer("/policy/default")?.as_array()?.as_slice() else {
        return None;
    };
    let read = |path: &Value| fs::read(suite().join(path.as_str()?)).ok();
    let paths = match (requirement.get("keyPath"), requirement.get("keyPaths")) {
        (Some(path), None) => vec![path.clone()],
        (None, Some(paths)) => paths.as_array()?.clone(),
        _ => return None,
    };
    Some(Case {
        name: case.get("name")?.as_str()?.to_owned(),
        keys: paths.iter().map(read).collect::<Option<_>>()?,
        signatures: case
            .get("signatures")?
            .as_array()?
            .iter()
            .filter_map(read)
            .collect(),
        at: at(case.get("at")?.as_str()?),
        policy: match case.get("crypto_policy").and_then(Value::as_str) {
            Some("gnupg") => CryptoPolicy::GnuPg,
            _ => CryptoPolicy::Standard,
        },
    })
}

/// What is wrong with the facts, if a verdict does not bear them out.
fn contradiction(
    keys: &[TrustedKey],
    verdict: &Result<Proven, Refusal>,
    now: Moment,
) -> Option<String> {
    let key = |primary: &_| keys.iter().find(|key| key.fingerprint == *primary);
    let complain = |what: &str| Some(format!("{what}: {verdict:?}\n{keys:?}"));
    match verdict {
        Ok(proven) => {
            let key = key(proven.primary_key())?;
            let signing = key.signing_key(proven.signing_key());
            let lives = |until: Option<Moment>| until.is_none_or(|until| until >= now);
            let is_usable = signing
                .is_some_and(|signing| signing.revoked.is_none() && lives(signing.usable_until()));
            if is_usable && key.can_sign() && lives(key.usable_until()) {
                None
            } else {
                complain("it counts, and is not said to be usable")
            }
        }
        Err(Refusal::KeyExpired {
            primary_key,
            key: expired_key,
            expired,
            ..
        }) => {
            let key = key(primary_key)?;
            let of_key = if expired_key == primary_key {
                key.expires
            } else {
                key.signing_key(expired_key)?.expires
            };
            if of_key == Some(*expired) && of_key < Some(now) {
                None
            } else {
                complain("it has expired, and is said to expire at another time")
            }
        }
        Err(Refusal::KeyRevoked {
            primary_key,
            key: revoked,
            ..
        }) => {
            let key = key(primary_key)?;
            let signing = key.signing_key(revoked)?;
            match (&key.revoked, &signing.revoked) {
                (None, None) => complain("it is revoked, and not said to be"),
                _ => None,
            }
        }
        Err(Refusal::KeyNotForSigning {
            primary_key,
            key: not,
            ..
        }) => match key(primary_key)?.signing_key(not) {
            Some(_) => complain("it may not sign, and is said to be able to"),
            None => None,
        },
        Err(_) => None,
    }
}

/// Whether the signature is accepted with these keys at another time.
fn accepts(engine: &dyn Engine, case: &Case, blob: &[u8], now: Moment) -> bool {
    match import(engine, &case.keys, now, case.policy)
        .keyring
        .verify(blob)
    {
        Ok(_) => true,
        Err(KeyringError::Refused(_)) => false,
        Err(error) => panic!("{}: {error}", case.name),
    }
}

/// What is wrong with the last moment that the facts tell of a signature's key, if it counts now.
fn wrong_end(
    engine: &dyn Engine,
    case: &Case,
    blob: &[u8],
    keys: &[TrustedKey],
    proven: &Proven,
) -> Option<String> {
    let mut keys = keys.iter();
    let key = keys.find(|key| key.fingerprint == *proven.primary_key())?;
    let signing = key.signing_key(proven.signing_key())?;
    let ends = [key.expires, signing.usable_until()];
    let end = ends.into_iter().flatten().min();
    // The last that OpenPGP has is in 2106.
    let last = end.unwrap_or_else(|| at("2105-12-31T00:00:00Z"));
    if proven
        .signature_expires()
        .is_some_and(|expires| expires <= last)
    {
        return None;
    }
    if !accepts(engine, case, blob, last) {
        return Some(format!("it is said to count at {last}, and does not"));
    }
    let after = end?.system_time().checked_add(Duration::from_secs(1));
    let after = after.expect("a time").into();
    accepts(engine, case, blob, after)
        .then(|| format!("it still counts at {after}, and is said not to"))
}

/// The cases of these suites in which a verdict does not bear out the facts, and how many verdicts there were.
fn contradictions(engine: &dyn Engine, suites: Option<&[&str]>) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut verdicts = 0_usize;
    for case in cases(suites) {
        let import = import(engine, &case.keys, case.at, case.policy);
        for blob in &case.signatures {
            let verdict = match import.keyring.verify(blob) {
                Ok(proven) => Ok(proven),
                Err(KeyringError::Refused(refusal)) => Err(refusal),
                Err(error) => panic!("{}: {error}", case.name),
            };
            verdicts = verdicts.saturating_add(1);
            let wrong = contradiction(&import.keys, &verdict, case.at).or_else(|| match &verdict {
                Ok(proven) => wrong_end(engine, &case, blob, &import.keys, proven),
                Err(_) => None,
            });
            found.extend(wrong.map(|what| format!("{}: {what}", case.name)));
        }
    }
    (verdicts, found)
}

#[test]
fn every_verdict_bears_out_what_its_engine_knows_of_the_key() {
    for engine in in_process() {
        let (verdicts, found) = contradictions(&*engine, None);
        assert!(verdicts > 4000, "{verdicts}");
        assert!(found.is_empty(), "{}: {found:#?}", engine.name());
    }
}

/// The key files of ordinary keys, and of keys in all states.
fn key_files() -> Vec<String> {
    let keys = suite().join("keys");
    let mut files = Vec::new();
    for folder in ["", "states/"] {
        for entry in fs::read_dir(keys.join(folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            if entry.path().is_file() {
                files.push(format!("{folder}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    files
}

/// What an engine knows of the keys in each file.
fn known(engine: &dyn Engine, files: &[String]) -> Vec<Vec<TrustedKey>> {
    let keys_of = |file: &String| {
        let bytes = fs::read(suite().join("keys").join(file)).expect("a key file");
        let now = at("2026-01-15T12:00:00Z");
        import(engine, &[bytes], now, CryptoPolicy::Standard).keys
    };
    files.iter().map(keys_of).collect()
}

/// Two engines know the same of all keys, but for those in excused files. There are that many files and more.
fn know_the_same(one: &dyn Engine, other: &dyn Engine, excused: &BTreeSet<&str>) {
    let files = key_files();
    let (theirs, ours) = (known(one, &files), known(other, &files));
    let mut same = 0_usize;
    for (file, (theirs, ours)) in files.iter().zip(theirs.iter().zip(&ours)) {
        if theirs == ours {
            same = same.saturating_add(1);
        } else {
            assert!(
                excused.contains(file.as_str()),
                "{file}: {theirs:#?}\n{ours:#?}"
            );
        }
    }
    assert!(same > 200, "{same}");
}

/// Keys that not every engine without GnuPG calculates with.
const NOT_OF_ALL: [&str; 16] = [
    "brainpoolP256r1-expired.gpg",
    "brainpoolP256r1-revoked.gpg",
    "brainpoolP256r1.asc",
    "brainpoolP256r1.gpg",
    "brainpoolP384r1-expired.gpg",
    "brainpoolP384r1-revoked.gpg",
    "brainpoolP384r1.asc",
    "brainpoolP384r1.gpg",
    "brainpoolP512r1-expired.gpg",
    "brainpoolP512r1-revoked.gpg",
    "brainpoolP512r1.asc",
    "brainpoolP512r1.gpg",
    "secp256k1-expired.gpg",
    "secp256k1-revoked.gpg",
    "secp256k1.asc",
    "secp256k1.gpg",
];

#[test]
fn the_engines_without_gnupg_know_the_same() {
    let engines = in_process();
    let excused = NOT_OF_ALL.into_iter().collect();
    for pair in engines.windows(2) {
        if let [one, other] = pair {
            know_the_same(&**one, &**other, &excused);
        }
    }
}

#[cfg(all(feature = "sequoia", any(feature = "gpgme", feature = "gpg")))]
mod on_gnupg {
    use std::sync::Arc;

    use super::*;
    use containers_sigpolicy::engine::{EngineKind, Environment, Sequoia};

    /// Where an engine on GnuPG knows something else than sequoia, and why.
    const DIFFERENT: [(&str, &[&str]); 6] = [
        (
            "gpg calculates with these curves, and this build of sequoia does not",
            &NOT_OF_ALL,
        ),
        (
            "gpg has no keys of version 6",
            &[
                "states/version-6-after-version-4.gpg",
                "states/version-6-before-version-4-armored.gpg",
                "states/version-6-before-version-4-gnupg.gpg",
                "states/version-6-before-version-4-standard.gpg",
                "states/version-6-direct-signature-only.gpg",
                "states/version-6-gnupg.gpg",
                "states/version-6-one-pass-other-salt.gpg",
                "states/version-6-one-pass-version-3.gpg",
                "states/version-6-sha3.gpg",
                "states/version-6-signs-as-version-4.gpg",
                "states/version-6-subkey.gpg",
                "states/version-6-user-id-only.gpg",
                "states/version-6.gpg",
            ],
        ),
        (
            "gpg does not list whether the signature of a subkey over its primary key is good; it refuses what such a \
             subkey signs",
            &[
                "states/back-signature-md5.gpg",
                "states/back-signature-other-key.gpg",
                "states/back-signature-other-primary.gpg",
                "states/back-signature-wrong.gpg",
                "states/back-signatures-wrong-newer.gpg",
                "states/sha3-back-signature.gpg",
            ],
        ),
        (
            "gpg does not import what was made in the future",
            &[
                "states/created-in-a-second.gpg",
                "states/created-in-the-future-beside-good.gpg",
                "states/created-in-the-future-signed-later.gpg",
                "states/created-in-the-future-with-older-subkey.gpg",
                "states/created-in-the-future.gpg",
            ],
        ),
        (
            "gpg does not list what a revocation says, and the file has several, or one by somebody else; SHA-3 it does \
             not know",
            &[
                "states/revoked-bogus-and-real.gpg",
                "states/revoker-present-sensitive.gpg",
                "states/revoker-present.gpg",
                "states/sha3-revocation.gpg",
            ],
        ),
        (
            "gpg shows another user ID",
            &[
                "states/self-signature-one-good.gpg",
                "states/user-id-revoked-one-of-two.gpg",
            ],
        ),
    ];

    /// The engine of this kind.
    fn engine(kind: EngineKind) -> Arc<dyn Engine> {
        let selection = Environment::from_env().select(&[kind]);
        selection.unwrap_or_else(|error| panic!("{error}")).engine
    }

    fn knows_the_same_as_sequoia(kind: EngineKind) {
        let excused = DIFFERENT
            .iter()
            .flat_map(|(_, files)| *files)
            .copied()
            .collect();
        know_the_same(&*engine(kind), &Sequoia::new(), &excused);
    }

    fn verdicts_bear_it_out(kind: EngineKind) {
        let suites = ["keys", "self-signatures", "revocations", "subpackets"];
        let (verdicts, found) = contradictions(&*engine(kind), Some(&suites));
        assert!(verdicts > 200, "{verdicts}");
        assert!(found.is_empty(), "{found:#?}");
    }

    macro_rules! on_each_engine {
        ($($test:ident,)*) => {
            #[cfg(feature = "gpgme")]
            mod gpgme {
                $(#[test] fn $test() { super::$test(super::EngineKind::Gpgme); })*
            }
            #[cfg(feature = "gpg")]
            mod gpg {
                $(#[test] fn $test() { super::$test(super::EngineKind::Gpg); })*
            }
        };
    }

    on_each_engine! {
        knows_the_same_as_sequoia,
        verdicts_bear_it_out,
    }
}
