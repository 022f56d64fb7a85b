//! What programs need that embed the library: keys and verdicts of their own, digests without bytes, and errors that
//! they can take apart.
#![cfg(feature = "_rules")]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use common::{Fixture, any_in_process, at, json, read, suite};
use containers_sigpolicy::engine::{Engine, EngineError, Import, KeyMaterial, Settings};
use containers_sigpolicy::verdict::{Note, RequirementOutcome, Signer};
use containers_sigpolicy::{
    Accepted, Category, Clock, Digest, Error, ForeignVerdict, Image, ImageName, KeyLoader, Moment,
    Policy, SourceError, Verifier, VerifierBuilder, VerifyOptions,
};

const FIXTURE: Fixture = Fixture::ED25519;
const BROKER: &str = "kbs:///default/gpg/release";
const SIGNED: &str =
    r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"kbs:///default/gpg/release"}"#;
/// One that is never judged here.
const FOREIGN: &str =
    r#"{"type":"signedBaseLayer","baseLayerIdentity":{"type":"matchRepository"}}"#;
const OTHER_FOREIGN: &str =
    r#"{"type":"signedBaseLayer","baseLayerIdentity":{"type":"matchExact"}}"#;
const ANYTHING: &str = r#"{"type":"insecureAcceptAnything"}"#;

fn policy(requirements: &[&str]) -> Policy {
    let text = format!(r#"{{"default":[{}]}}"#, requirements.join(","));
    text.parse().expect("a valid policy")
}

fn builder(requirements: &[&str]) -> VerifierBuilder {
    Verifier::builder(policy(requirements))
        .engine(any_in_process())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(suite())
}

fn broker() -> HashMap<String, Vec<u8>> {
    HashMap::from([(BROKER.to_owned(), FIXTURE.keys())])
}

fn digest() -> Digest {
    Digest::of(&FIXTURE.manifest())
}

/// The verdicts of somebody who judges each foreign requirement of the image alike.
fn judged(
    verifier: &Verifier,
    judge: impl Fn(&containers_sigpolicy::ForeignRequirement<'_>) -> ForeignVerdict,
) -> Vec<ForeignVerdict> {
    let plan = verifier.policy().plan(&FIXTURE.name());
    plan.foreign().map(|foreign| judge(&foreign)).collect()
}

fn code(verdict: &Result<Accepted, Error>) -> &'static str {
    verdict.as_ref().map_or_else(Error::code, |_| "accepted")
}

// Keys from anywhere.

/// A key broker that says what it was asked for, and then fails if it is told to.
#[derive(Default)]
struct Broker {
    keys: HashMap<String, Vec<u8>>,
    asked: Mutex<Vec<String>>,
    is_down: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the key broker does not answer")]
struct Down(#[source] io::Error);

impl KeyLoader for Broker {
    fn load(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.asked.lock().expect("a list").push(path.to_owned());
        if self.is_down {
            return Err(SourceError::other(Down(io::ErrorKind::TimedOut.into())));
        }
        self.keys.load(path)
    }
}

#[test]
fn keys_come_from_the_loader_once() {
    let loader = Arc::new(Broker {
        keys: broker(),
        ..Broker::default()
    });
    let verifier = builder(&[SIGNED]).key_loader(Arc::clone(&loader)).build();
    for _ in 0..2 {
        let accepted = verifier.verify(&FIXTURE.image()).expect("accepted");
        let signature = accepted.signatures().next().expect("it is signed");
        let Signer::OpenPgp { key_origin, .. } = &signature.signer else {
            panic!("it was made with OpenPGP");
        };
        assert_eq!(key_origin, BROKER);
    }
    assert_eq!(*loader.asked.lock().expect("a list"), [BROKER]);
    // There is no file to watch, and none to be named.
    assert!(verifier.changed_key_files().is_empty());
    let keys = verifier.keys();
    assert_eq!((keys[0].origin.as_str(), &keys[0].file), (BROKER, &None));
    verifier.reload();
    assert_eq!(code(&verifier.verify(&FIXTURE.image())), "accepted");
    assert_eq!(loader.asked.lock().expect("a list").len(), 2);
}

#[test]
fn a_key_that_the_loader_does_not_have_refuses_and_no_file_takes_its_place() {
    // A file of this name is there.
    let of_file = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}"#;
    let verifier = builder(&[of_file]).build();
    assert_eq!(code(&verifier.verify(&FIXTURE.image())), "accepted");
    let empty: HashMap<String, Vec<u8>> = HashMap::new();
    let options = VerifyOptions::new().keys(&empty);
    let error = verifier
        .verify_with(&FIXTURE.image(), options)
        .expect_err("refused");
    assert_eq!(error.code(), "key-unreadable");
    assert_eq!(error.category(), Category::Unavailable);
    assert_eq!(
        error.to_string(),
        "the image docker://registry.example/app/web:1.4.2 could not be judged: the key file \
         keys/ed25519.gpg could not be read: it was not supplied"
    );
    assert!(matches!(
        error.source().and_then(|cause| cause.downcast_ref()),
        Some(SourceError::NoSuchKey { path, .. }) if path == "keys/ed25519.gpg"
    ));
    let verifier = builder(&[of_file]).key_loader(empty).build();
    assert_eq!(code(&verifier.verify(&FIXTURE.image())), "key-unreadable");
}

/// Binary and armored files, concatenated, would be read as far as the first only.
#[test]
fn several_files_are_never_concatenated() {
    let paths = r#"{"type":"signedBy","keyType":"GPGKeys","keyPaths":["kbs:///a","kbs:///b"]}"#;
    let armored = read("keys/rsa2048.asc");
    for (a, b) in [(FIXTURE.keys(), armored.clone()), (armored, FIXTURE.keys())] {
        let keys = HashMap::from([("kbs:///a".to_owned(), a), ("kbs:///b".to_owned(), b)]);
        let verifier = builder(&[paths]).key_loader(keys).build();
        assert_eq!(code(&verifier.verify(&FIXTURE.image())), "accepted");
        assert_eq!(verifier.load_keys().expect("good keys")[0].keys.len(), 2);
    }
}

#[test]
fn supplied_keys_are_read_each_time_and_imported_when_they_change() {
    let imports = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&imports);
    let engine = Hooked::new(move |_: &[KeyMaterial<'_>]| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let verifier = builder(&[SIGNED]).engine(engine).build();
    let verify = |keys: &HashMap<String, Vec<u8>>| {
        code(&verifier.verify_with(&FIXTURE.image(), VerifyOptions::new().keys(keys)))
    };
    let other = HashMap::from([(BROKER.to_owned(), Fixture::RSA.keys())]);
    for (keys, verdict, expected) in [
        (&broker(), "accepted", 1),
        (&broker(), "accepted", 1),
        (&other, "unknown-key", 2),
        (&other, "unknown-key", 2),
        (&broker(), "accepted", 3),
    ] {
        assert_eq!(verify(keys), verdict);
        assert_eq!(imports.load(Ordering::SeqCst), expected);
    }
    // They are for that image alone: the verifier's own loader has none.
    assert_eq!(code(&verifier.verify(&FIXTURE.image())), "key-unreadable");
}

/// An engine, with something that is done before each import.
struct Hooked<F> {
    engine: Arc<dyn Engine>,
    before_import: F,
}

impl<F: Fn(&[KeyMaterial<'_>])> Hooked<F> {
    fn new(before_import: F) -> Self {
        Self {
            engine: any_in_process(),
            before_import,
        }
    }
}

impl<F> fmt::Debug for Hooked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.engine.fmt(f)
    }
}

impl<F: Fn(&[KeyMaterial<'_>]) + Send + Sync> Engine for Hooked<F> {
    fn name(&self) -> &'static str {
        "hooked"
    }

    fn version(&self) -> String {
        self.engine.version()
    }

    fn import(
        &self,
        material: &[KeyMaterial<'_>],
        settings: &Settings,
    ) -> Result<Import, EngineError> {
        (self.before_import)(material);
        self.engine.import(material, settings)
    }
}

// A cell for each key source.

#[test]
fn nobody_waits_for_the_import_of_keys_that_he_does_not_need() {
    // The import of one key file waits until it is told to go on.
    let barriers = Arc::new([Barrier::new(2), Barrier::new(2)]);
    let of_engine = Arc::clone(&barriers);
    let engine = Hooked::new(move |files: &[KeyMaterial<'_>]| {
        let is_slow = files.iter().any(|file| file.origin == "keys/rsa2048.gpg");
        if is_slow {
            of_engine.iter().for_each(|barrier| {
                barrier.wait();
            });
        }
    });
    let [has_begun, may_end] = &*barriers;
    let policy: Policy = r#"{"default": [{"type": "reject"}], "transports": {"docker": {
        "registry.example/slow": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "keys/rsa2048.gpg"}],
        "registry.example/warm": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "keys/ed25519.gpg",
            "signedIdentity": {"type": "exactReference", "dockerReference": "registry.example/app/web:1.4.2"}}],
        "registry.example/cold": [{"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["keys/ed25519.gpg"],
            "signedIdentity": {"type": "exactReference", "dockerReference": "registry.example/app/web:1.4.2"}}]
    }}}"#
        .parse()
        .expect("a valid policy");
    let verifier = Verifier::builder(policy)
        .engine(engine)
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(suite())
        .build();
    let image = |name: &str| {
        let name =
            ImageName::parse(&format!("docker://registry.example/{name}:1")).expect("a name");
        Image::new(name, FIXTURE.manifest()).with_signature(FIXTURE.signature())
    };
    assert_eq!(code(&verifier.verify(&image("warm"))), "accepted");
    thread::scope(|scope| {
        let slow = scope.spawn(|| code(&verifier.verify(&image("slow"))));
        has_begun.wait();
        // While that import goes on: keys that are there, keys that are imported now, and what watches them.
        assert_eq!(code(&verifier.verify(&image("warm"))), "accepted");
        assert_eq!(code(&verifier.verify(&image("cold"))), "accepted");
        assert!(verifier.changed_key_files().is_empty());
        assert!(!slow.is_finished());
        may_end.wait();
        assert_eq!(slow.join().expect("a verdict"), "unknown-key");
    });
}

// Requirements that somebody else judges.

#[test]
fn a_foreign_requirement_without_a_verdict_refuses() {
    for requirements in [
        &[FOREIGN][..],
        &[SIGNED, FOREIGN],
        &[FOREIGN, SIGNED],
        &[ANYTHING, FOREIGN],
    ] {
        let verifier = builder(requirements).key_loader(broker()).build();
        let verdict = verifier.verify(&FIXTURE.image());
        assert_eq!(
            code(&verdict),
            "unsupported-requirement",
            "{requirements:?}"
        );
        // With it, the image is accepted.
        let verdicts = judged(&verifier, |foreign| foreign.accepted(digest(), "cosign"));
        assert_eq!(verdicts.len(), 1);
        let options = VerifyOptions::new().foreign_verdicts(verdicts);
        let accepted = verifier
            .verify_with(&FIXTURE.image(), options)
            .expect("accepted");
        assert!(accepted.is_signed());
        assert_eq!(accepted.manifest_digest(), Some(&digest()));
    }
    // One of two is not enough, whichever it is.
    let verifier = builder(&[FOREIGN, OTHER_FOREIGN]).build();
    let verdicts = judged(&verifier, |foreign| foreign.accepted(digest(), "cosign"));
    for one in &verdicts {
        let options = VerifyOptions::new().foreign_verdict(one.clone());
        let verdict = verifier.verify_with(&FIXTURE.image(), options);
        assert_eq!(code(&verdict), "unsupported-requirement");
    }
    let options = VerifyOptions::new().foreign_verdicts(verdicts);
    assert_eq!(
        code(&verifier.verify_with(&FIXTURE.image(), options)),
        "accepted"
    );
}

#[test]
fn a_verdict_counts_for_its_requirement_and_image_alone() {
    let verifier = builder(&[FOREIGN]).build();
    let other_policy = builder(&[OTHER_FOREIGN]).build();
    let other_place = builder(&[ANYTHING, FOREIGN]).build();
    let other_name = ImageName::parse("docker://registry.example/app/web:1.4.3").expect("a name");
    let of_other_name = policy(&[FOREIGN]);
    let of_other_name = of_other_name.plan(&other_name);
    let of_other_name = of_other_name
        .foreign()
        .map(|foreign| foreign.accepted(digest(), "cosign"));
    for verdicts in [
        judged(&other_policy, |foreign| {
            foreign.accepted(digest(), "cosign")
        }),
        judged(&other_place, |foreign| foreign.accepted(digest(), "cosign")),
        of_other_name.collect(),
    ] {
        assert_eq!(verdicts.len(), 1);
        let options = VerifyOptions::new().foreign_verdicts(verdicts);
        let verdict = verifier.verify_with(&FIXTURE.image(), options);
        assert_eq!(code(&verdict), "unsupported-requirement");
    }
}

#[test]
fn a_foreign_verdict_is_held_against_the_manifest() {
    let verifier = builder(&[FOREIGN]).build();
    let verify = |judge: fn(&containers_sigpolicy::ForeignRequirement<'_>) -> ForeignVerdict| {
        let options = VerifyOptions::new().foreign_verdicts(judged(&verifier, judge));
        verifier.verify_with(&FIXTURE.image(), options)
    };
    let error = verify(|foreign| foreign.accepted(Digest::of(b"other"), "cosign"));
    assert_eq!(code(&error), "digest-mismatch");
    let error = verify(|foreign| foreign.rejected("no entry in the log\u{1b}")).expect_err("no");
    assert_eq!(
        (error.code(), error.category()),
        ("foreign-rejected", Category::Rejected)
    );
    assert_eq!(
        error.to_string(),
        "the image docker://registry.example/app/web:1.4.2 is rejected: the requirement \
         `signedBaseLayer` is not met: no entry in the log\u{fffd}"
    );
    let error = verify(|foreign| foreign.undecided("the log does not answer")).expect_err("no");
    assert_eq!(
        (error.code(), error.category()),
        ("foreign-undecided", Category::Undecided)
    );

    // Of two verdicts on one requirement, both must accept.
    let both = |first: ForeignVerdict, second: ForeignVerdict| {
        let options = VerifyOptions::new().foreign_verdicts([first, second]);
        code(&verifier.verify_with(&FIXTURE.image(), options))
    };
    let good = judged(&verifier, |foreign| foreign.accepted(digest(), "cosign")).remove(0);
    let bad = judged(&verifier, |foreign| foreign.rejected("no")).remove(0);
    let other = judged(&verifier, |foreign| foreign.accepted(Digest::of(b""), "x")).remove(0);
    assert_eq!(both(good.clone(), good.clone()), "accepted");
    assert_eq!(both(good.clone(), bad.clone()), "foreign-rejected");
    assert_eq!(both(bad, good.clone()), "foreign-rejected");
    assert_eq!(both(good.clone(), other.clone()), "digest-mismatch");
    assert_eq!(both(other, good), "digest-mismatch");
}

#[test]
fn the_report_says_who_vouched() {
    let verifier = builder(&[FOREIGN]).build();
    let signed_at: Moment = at("2026-01-14T00:00:00Z");
    let verdicts = judged(&verifier, |foreign| {
        foreign
            .accepted(digest(), "cosign\n release.pub")
            .with_signed_at(signed_at)
    });
    let options = VerifyOptions::new().foreign_verdicts(verdicts);
    let accepted = verifier
        .verify_with(&FIXTURE.image(), options)
        .expect("accepted");
    assert_eq!(accepted.signed_at(), Some(signed_at));
    assert_eq!(accepted.signatures().count(), 0);
    let report = accepted.report();
    assert!(matches!(
        &report.requirements[0].outcome,
        RequirementOutcome::AcceptedByCaller { by, .. } if by == "cosign\n release.pub"
    ));
    let text = report.to_string();
    assert!(
        text.contains(
            "  signed:  judged elsewhere, `cosign\\n release.pub` on 2026-01-14T00:00:00Z\n"
        ),
        "{text}"
    );
    assert!(
        text.contains(&format!("  run:     {}\n", digest())),
        "{text}"
    );
    assert!(!text.contains("nothing was verified"));
    let json = json::of(report, "verify");
    assert_eq!(
        json["requirements"][0]["outcome"]["verdict"],
        "accepted-by-caller"
    );
    assert_eq!(json["answer"]["run"], digest().to_string());
}

#[test]
fn what_the_caller_demands_holds_for_foreign_verdicts_too() {
    let strict = |builder: VerifierBuilder| {
        builder
            .require_signed(true)
            .max_signature_age(std::time::Duration::from_secs(24 * 3600))
            .build()
    };
    let verifier = strict(builder(&[FOREIGN]));
    let verify = |signed_at: Option<&str>, newest_seen: Option<&str>| {
        let mut options = VerifyOptions::new().foreign_verdicts(judged(&verifier, |foreign| {
            let verdict = foreign.accepted(digest(), "cosign");
            match signed_at {
                Some(signed_at) => verdict.with_signed_at(at(signed_at)),
                None => verdict,
            }
        }));
        if let Some(newest_seen) = newest_seen {
            options = options.newest_seen(at(newest_seen));
        }
        code(&verifier.verify_with(&FIXTURE.image(), options))
    };
    let (old, new, newer) = (
        "2026-01-14T11:59:59Z",
        "2026-01-14T12:00:00Z",
        "2026-01-14T12:00:01Z",
    );
    assert_eq!(verify(Some(new), None), "accepted");
    assert_eq!(verify(Some(new), Some(new)), "accepted");
    assert_eq!(verify(Some(old), None), "signature-too-old");
    assert_eq!(verify(None, None), "signature-too-old");
    assert_eq!(verify(Some(new), Some(newer)), "rolled-back");
}

// By digest.

#[test]
fn an_image_is_judged_by_its_digest_alone() {
    let of_file = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}"#;
    let verifier = builder(&[of_file]).build();
    let image = |digest: Digest| {
        Image::from_digest(FIXTURE.name(), digest).with_signature(FIXTURE.signature())
    };
    let accepted = verifier.verify(&image(digest())).expect("accepted");
    assert_eq!(accepted.manifest_digest(), Some(&digest()));
    assert_eq!(accepted.report().notes, [Note::DigestGiven]);
    let text = format!("{:#}", accepted.report());
    assert!(
        text.contains(
            "  note: the manifest was not read: its digest is the word of whoever asked\n"
        ),
        "{text}"
    );
    json::of(accepted.report(), "verify");

    let error = verifier
        .verify(&image(Digest::of(b"other")))
        .expect_err("refused");
    assert_eq!(error.code(), "digest-mismatch");
    let text = error.answer().to_string();
    assert!(
        text.contains("so that the cause could not be looked for"),
        "{text}"
    );
    json::of(error.report().expect("a verdict"), "verify");

    // One of another algorithm cannot be compared, though a signature could name it.
    let sha512: Digest = format!("sha512:{}", "0".repeat(128))
        .parse()
        .expect("a digest");
    let error = verifier.verify(&image(sha512)).expect_err("refused");
    assert_eq!(
        (error.code(), error.category()),
        ("digest-not-comparable", Category::Undecided)
    );
    json::of(error.report().expect("a verdict"), "verify");
}

#[test]
fn a_digest_hangs_together_with_name_and_list() {
    let of_file = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg",
        "signedIdentity":{"type":"exactReference","dockerReference":"registry.example/app/web:1.4.2"}}"#;
    let verifier = builder(&[of_file]).build();
    let other = Digest::of(b"other");
    let list = |named: &Digest| {
        format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":
            "application/vnd.oci.image.manifest.v1+json","size":1,"digest":"{named}"}}]}}"#
        )
        .into_bytes()
    };
    let named = |digest: &Digest| {
        let name = format!("docker://registry.example/app/web@{digest}");
        ImageName::parse(&name).expect("a name")
    };
    let verify = |name: ImageName, given: Digest, instance: Option<(&Digest, Vec<u8>)>| {
        let mut image = Image::from_digest(name, given).with_signature(FIXTURE.signature());
        if let Some((instance, list)) = instance {
            image = image.with_instance(instance.clone(), list);
        }
        code(&verifier.verify(&image))
    };
    let signed = digest();
    assert_eq!(verify(named(&signed), signed.clone(), None), "accepted");
    assert_eq!(
        verify(named(&other), signed.clone(), None),
        "manifest-digest-mismatch"
    );
    let good = list(&signed);
    let of_list = Digest::of(&good);
    let instance = Some((&signed, good.clone()));
    assert_eq!(
        verify(named(&of_list), signed.clone(), instance.clone()),
        "accepted"
    );
    assert_eq!(
        verify(FIXTURE.name(), signed.clone(), instance.clone()),
        "accepted"
    );
    assert_eq!(
        verify(named(&other), signed.clone(), instance.clone()),
        "list-digest-mismatch"
    );
    assert_eq!(
        verify(FIXTURE.name(), other.clone(), instance),
        "manifest-digest-mismatch"
    );
    // An instance that no list names.
    assert_eq!(
        verify(
            FIXTURE.name(),
            signed.clone(),
            Some((&signed, list(&other)))
        ),
        "instance-not-in-list"
    );
    // One that the list calls a list.
    let nested = String::from_utf8(list(&signed)).expect("UTF-8");
    let nested = nested.replacen("image.manifest", "image.index", 1);
    assert_eq!(
        verify(
            FIXTURE.name(),
            signed.clone(),
            Some((&signed, nested.into_bytes()))
        ),
        "instance-is-list"
    );
}

// What could not be fetched.

/// A registry that does not answer.
struct Silent(RefCell<Option<io::Error>>, ImageName);

impl containers_sigpolicy::Source for Silent {
    fn name(&self) -> &ImageName {
        &self.1
    }

    fn instance(&self) -> Option<&Digest> {
        None
    }

    fn list(&self) -> Result<Option<std::borrow::Cow<'_, [u8]>>, SourceError> {
        Ok(None)
    }

    fn manifest(&self) -> Result<std::borrow::Cow<'_, [u8]>, SourceError> {
        let error = self.0.borrow_mut().take().expect("it is asked once");
        Err(SourceError::other(Down(error)))
    }

    fn signatures(&self) -> Result<Vec<std::borrow::Cow<'_, [u8]>>, SourceError> {
        Ok(Vec::new())
    }
}

#[test]
fn what_could_not_be_fetched_can_be_taken_apart() {
    let timed_out = || io::Error::from(io::ErrorKind::TimedOut);
    let silent = Silent(RefCell::new(Some(timed_out())), FIXTURE.name());
    let loader = Broker {
        is_down: true,
        ..Broker::default()
    };
    let errors = [
        builder(&[SIGNED]).build().verify(&silent),
        builder(&[SIGNED])
            .key_loader(loader)
            .build()
            .verify(&FIXTURE.image()),
    ];
    for (error, code) in errors
        .into_iter()
        .zip(["manifest-unreadable", "key-unreadable"])
    {
        let error = error.expect_err("refused");
        assert_eq!(
            (error.code(), error.category()),
            (code, Category::Unavailable)
        );
        let own: &Down = error
            .source()
            .and_then(|cause| cause.downcast_ref())
            .expect("the caller's own error");
        assert_eq!(own.0.kind(), io::ErrorKind::TimedOut);
        let deeper: &io::Error = error
            .source()
            .and_then(StdError::source)
            .and_then(|cause| cause.downcast_ref())
            .expect("its cause");
        assert_eq!(deeper.kind(), io::ErrorKind::TimedOut);
        let text = error.answer().to_string();
        assert!(text.starts_with("undecided: "), "{text}");
        assert_eq!(
            error.answer().steps,
            ["see why it could not be had, and try again: nothing is said against the image"]
        );
        assert!(
            error
                .to_string()
                .ends_with("the key broker does not answer: timed out"),
            "{text}"
        );
        let json = json::of(&error, "verify");
        assert_eq!(json["verdict"], "undecided");
        assert_eq!(json["error"]["causes"][0], "the key broker does not answer");
    }
}

/// It is there, and no other the next time: that is not what a runtime tries again for.
#[test]
fn what_this_release_cannot_read_is_undecided_and_not_unavailable() {
    let folder = tempfile::tempdir().expect("a folder");
    let version = "Directory Transport Version: 1.3\n";
    std::fs::write(folder.path().join("version"), version).expect("a file");
    std::fs::write(folder.path().join("manifest.json"), FIXTURE.manifest()).expect("a file");
    let source = containers_sigpolicy::DirSource::named(folder.path(), FIXTURE.name());
    let verifier = builder(&[SIGNED]).key_loader(broker()).build();
    let error = verifier.verify(&source).expect_err("refused");
    assert_eq!(
        (error.code(), error.category()),
        ("manifest-unreadable", Category::Undecided)
    );
}
