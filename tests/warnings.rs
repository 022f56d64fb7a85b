//! What is said of an image that is accepted: what will refuse it soon, and what makes the acceptance worth less. On
//! each engine of the build, to the letter.
#![cfg(any(feature = "_rules", feature = "gpgme", feature = "gpg"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use common::{at, engines, json};
use containers_sigpolicy::engine::{EngineKind, Environment};
use containers_sigpolicy::verdict::Warning;
use containers_sigpolicy::{
    Accepted, Clock, Error, Image, ImageName, Moment, Policy, Verifier, VerifierBuilder,
    VerifyOptions,
};

const DAY: Duration = Duration::from_secs(86_400);

/// Where the key files are, copied out of the repository: whoever owns that, and can write there.
fn folder() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("warnings");
        for keys in [
            "keys/dsa2048.gpg",
            "keys/ed25519.gpg",
            "keys/files/secret.gpg",
            "keys/states/expiry-in-a-year.gpg",
            "keys/states/subkey-expiry-in-a-second.gpg",
        ] {
            let (copy, bytes) = (folder.join(keys), common::read(keys));
            if fs::read(&copy).is_ok_and(|known| known == bytes) {
                continue;
            }
            fs::create_dir_all(copy.parent().expect("a folder")).expect("a writable folder");
            fs::write(copy, bytes).expect("a writable folder");
        }
        folder
    });
    &FOLDER
}

/// An image, the keys that the policy trusts, and the time.
#[derive(Clone)]
struct Story {
    image: &'static str,
    requirement: String,
    signature: &'static str,
    now: &'static str,
    warn_signature_age: Duration,
}

impl Story {
    fn new(keys: &str, signature: &'static str, now: &'static str) -> Self {
        let requirement =
            format!(r#"{{"type":"signedBy","keyType":"GPGKeys","keyPath":"{keys}"}}"#);
        Self {
            image: "docker://registry.example/app/web:1.4.2",
            requirement,
            signature,
            now,
            // Signatures of the suite are old.
            warn_signature_age: Duration::ZERO,
        }
    }

    fn policy(&self) -> String {
        format!(r#"{{"default":[{}]}}"#, self.requirement)
    }

    fn image(&self) -> Image<'static> {
        let name = ImageName::parse(self.image).expect("a valid name");
        let image = Image::new(name, common::read("manifests/web.json"));
        image.with_signature(common::read(self.signature))
    }

    fn builder_of(&self, policy: Policy, kind: EngineKind) -> VerifierBuilder {
        Verifier::builder(policy)
            .engine(Environment::from_env().select(&[kind]).expect("an engine"))
            .clock(Clock::Fixed(at(self.now)))
            .warn_signature_age(self.warn_signature_age)
            .key_directory(folder())
    }

    fn builder(&self, kind: EngineKind) -> VerifierBuilder {
        self.builder_of(self.policy().parse().expect("a valid policy"), kind)
    }

    /// The warnings with which each engine accepts the image, which are the same.
    fn warnings(&self) -> Vec<Warning> {
        let all = engines().map(|kind| {
            let accepted = self.builder(kind).build().verify(&self.image());
            warnings_of(&accepted.unwrap_or_else(|error| panic!("{kind}: {error}")))
        });
        let all: Vec<Vec<Warning>> = all.collect();
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:#?}");
        all.into_iter().next().expect("an engine")
    }

    /// The one warning with which each engine accepts the image says this.
    fn says(&self, code: &str, message: &str, remedy: &str) {
        let warnings = self.warnings();
        let [warning] = warnings.as_slice() else {
            panic!("{warnings:#?}");
        };
        assert_eq!(warning.to_string(), message);
        assert_eq!((warning.code(), warning.remedy().as_str()), (code, remedy));
    }
}

fn codes(warnings: &[Warning]) -> Vec<&'static str> {
    warnings.iter().map(Warning::code).collect()
}

/// Writes a key file.
fn write(folder: &Path, bytes: &[u8]) -> PathBuf {
    let file = folder.join("trusted.gpg");
    fs::write(&file, bytes).expect("a writable folder");
    file
}

/// The warnings of an accepted image, which its text and its JSON have too.
fn warnings_of(accepted: &Accepted) -> Vec<Warning> {
    let report = accepted.report();
    let value = json::of(report, "verify");
    let text = format!("{report:#}");
    let told = value["warnings"].as_array().expect("a list");
    assert_eq!(told.len(), accepted.warnings().len());
    for (warning, told) in accepted.warnings().iter().zip(told) {
        assert_eq!(told["code"], warning.code());
        assert_eq!(told["message"], warning.to_string());
        assert_eq!(told["remedy"], warning.remedy());
        let line = format!("  warning: {warning} ({})\n", warning.code());
        assert!(text.contains(&line), "{text}");
    }
    accepted.warnings().to_vec()
}

/// b02: the key ends in twelve days.
#[test]
fn a_key_that_ends_soon() {
    let mut story = Story::new(
        "keys/states/expiry-in-a-year.gpg",
        "signatures/keys/bab1bb775b6e08bd-44712000.sig",
        "2027-01-03T12:00:00Z",
    );
    story.says(
        "key-expires-soon",
        "the key BAB1BB775B6E08BD of \"Somebody <somebody@example.org>\" in keys/states/expiry-in-a-year.gpg \
         expires in 12 days, on 2027-01-15T12:00:00Z",
        "before that day, get the same key with a later end from its owner, or a second key",
    );
    // The horizon is 30 days, and what ends at its end is still told.
    story.now = "2026-12-16T12:00:00Z";
    assert_eq!(codes(&story.warnings()), ["key-expires-soon"]);
    story.now = "2026-12-16T11:59:59Z";
    assert_eq!(codes(&story.warnings()), [""; 0]);
}

/// The cryptographic policy takes DSA until the end of January 2030.
#[test]
fn a_key_whose_algorithm_ends_soon() {
    Story::new(
        "keys/dsa2048.gpg",
        "signatures/algorithms/dsa2048-good.gpg",
        "2030-01-21T23:59:59Z",
    )
    .says(
        "key-expires-soon",
        "the key 19206DC9C2FF15B0 of \"Signer with dsa2048 <dsa2048@example.org>\" in keys/dsa2048.gpg counts for 10 days \
         more, until 2030-01-31T23:59:59Z: then a signature that binds it expires, or its algorithm is no longer accepted",
        "before that day, get the key from its owner as it is today, or a new one",
    );
}

/// b04: the subkey that signed ends in five days; the key does not.
#[test]
fn a_subkey_that_ends_soon() {
    Story::new(
        "keys/states/subkey-expiry-in-a-second.gpg",
        "signatures/keys/6be4fbba56d22426-44712000.sig",
        "2026-01-10T12:00:01Z",
    )
    .says(
        "subkey-expires-soon",
        "the signing subkey 6BE4FBBA56D22426 expires in 5 days, on 2026-01-15T12:00:01Z; the key itself has no end: \
         the key CF8A36F30F82599E of \"Somebody <somebody@example.org>\" in \
         keys/states/subkey-expiry-in-a-second.gpg",
        "before that day, get the key anew from its owner, with a later end or a new subkey",
    );
}

/// c06: the signature ends in five minutes.
#[test]
fn a_signature_that_ends_soon() {
    Story::new(
        "keys/ed25519.gpg",
        "signatures/messages/time-expires-in-a-second.sig",
        "2026-01-15T11:55:01Z",
    )
    .says(
        "signature-expires-soon",
        "signature 1, made on 2025-06-01T12:00:00Z, expires in 5 minutes, on 2026-01-15T12:00:01Z",
        "have the image signed again before then, or for longer",
    );
}

/// d05: an old image that was properly signed once.
#[test]
fn a_signature_from_long_ago() {
    let mut story = Story::new(
        "keys/ed25519.gpg",
        "signatures/good.gpg",
        "2026-03-28T12:00:00Z",
    );
    story.warn_signature_age = 180 * DAY;
    story.says(
        "signed-long-ago",
        "signature 1 was made 300 days ago, on 2025-06-01T12:00:00Z, and a tag can be moved back to an old image",
        "check that the tag still means this image, or ask for the image by its digest",
    );
    story.now = "2025-11-28T12:00:00Z";
    assert_eq!(codes(&story.warnings()), [""; 0]);
    // What is asked for by its digest is always the same image.
    story.now = "2026-03-28T12:00:00Z";
    story.image = "docker://registry.example/app/web@sha256:4a666a5cab6502c3c85ec9021ea493d44414b2f47455c4c98f9bc46b1110b38a";
    assert_eq!(codes(&story.warnings()), [""; 0]);
}

/// d06: any signed tag of the repository passes as any other.
#[test]
fn a_signature_for_another_tag() {
    let mut story = Story::new(
        "keys/ed25519.gpg",
        "signatures/good.gpg",
        "2025-06-15T12:00:00Z",
    );
    story.image = "docker://registry.example/app/web:1.4.1";
    story.requirement = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg",
        "signedIdentity":{"type":"matchRepository"}}"#
        .to_owned();
    story.says(
        "signed-for-another-tag",
        "signature 1 is for the tag `1.4.2`, and `1.4.1` was asked for: `matchRepository` does not compare tags",
        "leave `signedIdentity` out of the requirement: the default compares tags",
    );
}

/// g05: a secret key where public keys are trusted.
#[test]
fn a_secret_key_in_the_key_file() {
    Story::new("keys/files/secret.gpg", "signatures/good.gpg", "2025-06-15T12:00:00Z").says(
        "secret-key-in-trust-file",
        "keys/files/secret.gpg holds the secret part of the key 072BFD98BFD18C59 of \"Release Signing \
         <release@example.org>\": who can read the file can sign as its owner",
        "put the public key alone there (`gpg --export`), and ask whether the secret one is safe",
    );
}

/// b05: the old key is still there, beside the new one.
#[test]
fn a_trusted_key_that_has_ended() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keys = ["keys/rsa2048-expired.gpg", "keys/ed25519.gpg"].map(common::read);
    let file = write(folder.path(), &keys.concat());
    let file = file.display();
    Story::new(&file.to_string(), "signatures/good.gpg", "2026-01-15T12:00:00Z").says(
        "trusted-key-expired",
        &format!(
            "the key 346265C87326EA6C of \"Expired rsa2048 <expired@example.org>\" in {file} expired 15 days 12 hours ago, \
             on 2025-12-31T00:00:00Z, and is still among the trusted ones"
        ),
        "if its owner has a newer key, remove this one: nothing that it signs is accepted",
    );
}

/// g06: everybody can write the key file.
#[cfg(unix)]
#[test]
fn a_key_file_that_everybody_can_write() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = write(folder.path(), &common::read("keys/ed25519.gpg"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("our file");
    let file = file.display();
    let story = Story::new(
        &file.to_string(),
        "signatures/good.gpg",
        "2025-06-15T12:00:00Z",
    );
    story.says(
        "key-file-writable",
        &format!("the key file {file} can be written by everybody (mode 0666)"),
        &format!("check that the file is what it should be, then `chmod go-w {file}`"),
    );
}

/// The same of the policy itself, here in a folder that everybody can write.
#[cfg(unix)]
#[test]
fn a_policy_that_everybody_can_replace() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let story = Story::new(
        "keys/ed25519.gpg",
        "signatures/good.gpg",
        "2025-06-15T12:00:00Z",
    );
    let file = folder.path().join("policy.json");
    fs::write(&file, story.policy()).expect("a policy");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("our folder");
    for kind in engines() {
        let policy = Policy::from_file(&file).expect("a valid policy");
        let verifier = story.builder_of(policy, kind).build();
        let accepted = verifier.verify(&story.image()).expect("a good image");
        let warnings = warnings_of(&accepted);
        let [warning] = warnings.as_slice() else {
            panic!("{warnings:#?}");
        };
        let (file, folder) = (file.display(), folder.path().display());
        assert_eq!(warning.code(), "policy-writable");
        assert_eq!(
            warning.to_string(),
            format!(
                "the policy file {file} can be replaced: its folder {folder} can be written by everybody (mode 0777)"
            )
        );
        assert_eq!(
            warning.remedy(),
            format!("check that the file is what it should be, then `chmod go-w {folder}`")
        );
    }
}

/// A key was added, or taken out, after the program had read the file.
#[test]
fn a_key_file_that_has_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keys = common::read("keys/ed25519.gpg");
    for kind in engines() {
        let file = write(folder.path(), &keys);
        let path = file.display().to_string();
        let story = Story::new(&path, "signatures/good.gpg", "2025-06-15T12:00:00Z");
        let verifier = story.builder(kind).build();
        let accepted = verifier.verify(&story.image()).expect("a good image");
        assert_eq!(codes(&warnings_of(&accepted)), [""; 0]);
        write(folder.path(), b"");
        // The file is looked at once a second at most.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let accepted = verifier.verify(&story.image()).expect("it was read before");
        let warnings = warnings_of(&accepted);
        assert_eq!(codes(&warnings), ["key-file-changed"]);
        assert_eq!(
            warnings[0].to_string(),
            format!(
                "the key file {path} has changed since it was read; what counted was what it held then"
            )
        );
        verifier.reload();
        let error = verifier.verify(&story.image()).expect_err("no key is left");
        assert_eq!(error.code(), "no-trusted-key");
        // A refused image has its reason.
        assert!(error.report().expect("a report").warnings.is_empty());
    }
}

/// Nothing was verified at all.
#[test]
fn an_image_that_is_accepted_unsigned() {
    let mut story = Story::new("", "signatures/good.gpg", "2025-06-15T12:00:00Z");
    story.requirement = r#"{"type":"insecureAcceptAnything"}"#.to_owned();
    story.says(
        "accepted-unsigned",
        "nothing was verified: the policy's default accepts images without a signature",
        "if a signature is wanted, give the image's scope a requirement `signedBy`",
    );
}

/// What looks ahead, and what looks at the age, can be turned off, and set.
#[test]
fn the_horizon_is_the_caller_s() {
    let story = Story::new(
        "keys/states/expiry-in-a-year.gpg",
        "signatures/keys/bab1bb775b6e08bd-44712000.sig",
        "2027-01-15T12:00:00Z",
    );
    for kind in engines() {
        let told = |ahead: Duration, age: Duration| {
            let verifier = story
                .builder(kind)
                .warn_ahead(ahead)
                .warn_signature_age(age);
            let accepted = verifier.build().verify(&story.image());
            codes(&warnings_of(&accepted.expect("a good image")))
        };
        // It is the last second in which the key counts.
        assert_eq!(told(DAY, 1000 * DAY), ["key-expires-soon"]);
        assert_eq!(told(Duration::ZERO, Duration::ZERO), [""; 0]);
        assert_eq!(told(Duration::ZERO, DAY), ["signed-long-ago"]);
    }
}

/// An old signature is refused where the caller says so; what is as old as it may be is fine.
#[test]
fn a_signature_that_is_too_old() {
    for kind in engines() {
        for (now, age, refused) in [
            ("2025-06-11T12:00:00Z", 10 * DAY, false),
            ("2025-06-11T12:00:01Z", 10 * DAY, true),
        ] {
            let story = Story::new("keys/ed25519.gpg", "signatures/good.gpg", now);
            let verifier = story.builder(kind).max_signature_age(age).build();
            match verifier.verify(&story.image()) {
                Ok(_) if !refused => {}
                Err(error @ Error::Rejected(_)) if refused => {
                    assert_eq!(error.code(), "signature-too-old");
                    let report = error.report().expect("a report");
                    let reason = report.rejection.as_ref().expect("a reason");
                    assert_eq!(
                        reason.to_string(),
                        "the signature was made 10 days 1 second ago, on 2025-06-01T12:00:00Z, and 10 days at most is \
                         accepted"
                    );
                    let value = json::of(report, "verify");
                    assert_eq!(value["rejection"]["max_age_seconds"], 864_000);
                }
                other => panic!("{kind} at {now}: {other:?}"),
            }
        }
    }
}

/// Somebody has put an image back that was signed before the one that was seen last.
#[test]
fn an_image_that_is_rolled_back() {
    let story = Story::new(
        "keys/ed25519.gpg",
        "signatures/good.gpg",
        "2025-06-15T12:00:00Z",
    );
    for kind in engines() {
        let verifier = story.builder(kind).build();
        let verify = |seen: &str| {
            let options = VerifyOptions::new().newest_seen(at(seen));
            verifier.verify_with(&story.image(), options)
        };
        let accepted = verifier.verify(&story.image()).expect("a good image");
        let signed_at: Moment = accepted.signed_at().expect("it says so");
        assert_eq!(signed_at, at("2025-06-01T12:00:00Z"));
        for fine in ["2025-05-01T00:00:00Z", "2025-06-01T12:00:00Z"] {
            assert!(verify(fine).is_ok(), "{fine}");
        }
        let error = verify("2025-06-03T12:00:00Z").expect_err("an older one");
        assert_eq!(error.code(), "rolled-back");
        let report = error.report().expect("a report");
        let reason = report.rejection.as_ref().expect("a reason");
        assert_eq!(
            reason.to_string(),
            "the image was signed on 2025-06-01T12:00:00Z, 2 days before the newest that was seen by this name, on \
             2025-06-03T12:00:00Z"
        );
        json::of(report, "verify");
    }
}

/// What is accepted without a signature may be of any age, so that the caller who has seen a signed one is not served
/// with it.
#[test]
fn an_unsigned_image_in_place_of_a_signed_one() {
    let mut story = Story::new("", "signatures/good.gpg", "2025-06-15T12:00:00Z");
    story.requirement = r#"{"type":"insecureAcceptAnything"}"#.to_owned();
    for kind in engines() {
        let verifier = story.builder(kind).max_signature_age(DAY).build();
        assert!(verifier.verify(&story.image()).is_ok());
        let options = VerifyOptions::new().newest_seen(at("2025-06-01T12:00:00Z"));
        let error = verifier.verify_with(&story.image(), options);
        let error = error.expect_err("nobody knows how old it is");
        assert_eq!(error.code(), "rolled-back");
    }
}
