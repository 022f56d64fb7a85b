//! What people put by mistake where a key or a signature belongs is called by its name, the same on every engine.
#![cfg(feature = "_rules")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::path::{Path, PathBuf};

use common::{Fixture, json};
use containers_sigpolicy::engine::{self, Selection};
use containers_sigpolicy::{DirSource, Image, Policy, Reason, Source, Verifier};

fn mistakes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/mistakes")
}

fn engines() -> impl Iterator<Item = Selection> {
    common::engines()
        .map(|kind| engine::select(&[kind]).unwrap_or_else(|error| panic!("{kind}: {error}")))
}

/// Why an image is refused that has a good signature, by a policy with this key file, on this engine.
fn refusal(key_file: &str, engine: Selection, image: &dyn Source) -> (Reason, String) {
    let policy = format!(
        r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"{key_file}"}}]}}"#
    );
    let error = Verifier::builder(policy.parse::<Policy>().expect("a policy"))
        .engine(engine)
        .key_directory(mistakes())
        .build()
        .verify(image)
        .expect_err("no key");
    let report = error.report().expect("a report");
    json::of(report, "verify");
    (
        report.rejection.clone().expect("a reason"),
        report.answer().steps.join("; "),
    )
}

#[test]
fn what_is_no_key_file_is_called_by_its_name() {
    for (file, what, remedy) in [
        (
            "noise.bin",
            "binary data of an unknown kind",
            "put the signer's public key there",
        ),
        (
            "cosign.pub",
            "a PEM public key, as cosign makes",
            "put the signer's OpenPGP public key there; for signatures by cosign, write \"type\": \"sigstoreSigned\" with this file",
        ),
        (
            "certificate.pem",
            "a PEM certificate (X.509)",
            "keys of this kind cannot make the signatures of `GPGKeys`",
        ),
        (
            "id_ed25519.pub",
            "an SSH public key",
            "keys of this kind cannot make the signatures of `GPGKeys`",
        ),
        (
            "pubring.kbx",
            "GnuPG's own store of keys (`pubring.kbx`)",
            "export the signer's key from it",
        ),
        (
            "login.html",
            "an HTML page (\"Sign in\")",
            "download the key again, and look at the address",
        ),
        (
            "fingerprint.txt",
            "the fingerprint of a key, but not the key",
            "put the key itself there: `gpg --export FINGERPRINT`",
        ),
        (
            "key-id.txt",
            "the ID of a key, but not the key",
            "put the key itself there: `gpg --export FINGERPRINT`",
        ),
        (
            "signature.asc",
            "an OpenPGP signature without what was signed, as text (`-----BEGIN PGP SIGNATURE-----`)",
            "that is something that the signer has signed",
        ),
        (
            "signature.sig",
            "an OpenPGP signature without what was signed",
            "that is something that the signer has signed",
        ),
        (
            "encrypted.gpg",
            "an encrypted OpenPGP message",
            "decrypt it (`gpg -d`)",
        ),
        (
            "key.base64",
            "an OpenPGP public key in base64, without the lines `-----BEGIN PGP …`",
            "decode it (`base64 -d`), or name it as `keyData` in the policy",
        ),
        (
            "manifest.json.gz",
            "data compressed with gzip",
            "unpack the file (`gzip -d`, `zstd -d`)",
        ),
        (
            "manifest-utf-16.json",
            "text in UTF-16",
            "save the file as UTF-8",
        ),
    ] {
        for engine in engines() {
            let name = engine.engine.name().to_owned();
            let (reason, step) = refusal(file, engine, &Fixture::ED25519.image());
            assert_eq!(
                reason.to_string(),
                format!(
                    "there is no OpenPGP key in the key material: {file} is {what}, and no OpenPGP key"
                ),
                "{name}"
            );
            assert_eq!(reason.code(), "key-invalid", "{file}, {name}");
            assert!(step.starts_with(remedy), "{file}: {step}");
        }
    }
}

#[test]
fn what_is_no_stored_signature_is_called_by_its_name() {
    let manifest = mistakes().join("../example/image/manifest.json");
    for (file, what, remedy) in [
        (
            "signature.asc",
            "an OpenPGP signature without what was signed, as text (`-----BEGIN PGP SIGNATURE-----`)",
            "remove it: it refuses the image even beside good signatures, as `podman push --sign-by`",
        ),
        (
            "cleartext.asc",
            "a text with an OpenPGP signature below it (`-----BEGIN PGP SIGNED MESSAGE-----`)",
            "remove it: it refuses the image even beside good signatures, as `podman push --sign-by`",
        ),
        (
            "message.asc",
            "an OpenPGP message as text (`-----BEGIN PGP MESSAGE-----`)",
            "store it in binary (`gpg --dearmor`)",
        ),
        (
            "encrypted.gpg",
            "an encrypted OpenPGP message",
            "ask the signer for a signature that is not encrypted",
        ),
        (
            "login.html",
            "an HTML page (\"Sign in\")",
            "look at the address that signatures are fetched from",
        ),
        (
            "../example/image/manifest.json",
            "the manifest of an image (JSON)",
            "find out who stored that blob and remove it",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::copy(&manifest, folder.path().join("manifest.json")).expect("a copy");
        // Beside a good one.
        std::fs::write(
            folder.path().join("signature-1"),
            Fixture::ED25519.signature(),
        )
        .expect("a file");
        std::fs::copy(mistakes().join(file), folder.path().join("signature-2")).expect("a copy");
        let image = DirSource::named(folder.path(), Fixture::ED25519.name());
        for engine in engines() {
            let (reason, step) = refusal("key.gpg", engine, &image);
            assert_eq!(
                reason.to_string(),
                format!(
                    "signature 2 (`signature-2`) has an unknown format: it is {what}, and no signed OpenPGP message in binary"
                )
            );
            assert_eq!(reason.code(), "signature-format-unknown");
            assert!(step.starts_with(remedy), "{file}: {step}");
        }
    }
    let fixture = Fixture::ED25519;
    let empty = Image::new(fixture.name(), fixture.manifest()).with_signature(&b""[..]);
    for engine in engines() {
        let (reason, _) = refusal("key.gpg", engine, &empty);
        assert_eq!(
            reason.to_string(),
            "signature 1 has an unknown format: it is empty"
        );
    }
}

/// d01, i05: what is there instead of a signature, and where it was looked for.
#[test]
fn where_no_signature_is_it_says_where_it_looked_and_what_is_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::ED25519;
    std::fs::write(folder.path().join("manifest.json"), fixture.manifest()).expect("a file");
    let image = DirSource::named(folder.path(), fixture.name());
    let place = format!("`dir:{} (signature-1)`", folder.path().display());
    let reason = |image: &dyn Source| {
        let engine = engines().next().expect("an engine");
        refusal("key.gpg", engine, image)
    };
    let (none, _) = reason(&image);
    assert_eq!(
        none.to_string(),
        format!("an OpenPGP signature was required, but there is none in {place}")
    );
    assert_eq!(none.code(), "no-signature");
    let sigstore = b"\0sigstore-json\n{\"payload\":\"YQ==\"}";
    for (number, note) in [
        (
            1,
            "there is 1 of sigstore (cosign), at which `signedBy` does not look",
        ),
        (
            2,
            "there are 2 of sigstore (cosign), at which `signedBy` does not look",
        ),
    ] {
        std::fs::write(folder.path().join(format!("signature-{number}")), sigstore)
            .expect("a file");
        let (of_sigstore, step) = reason(&image);
        assert_eq!(
            of_sigstore.to_string(),
            format!("an OpenPGP signature was required, but there is none in {place}; {note}")
        );
        assert!(step.starts_with("the publisher uses cosign: "));
    }
    // A source that says nothing of places.
    let image = Image::new(fixture.name(), fixture.manifest());
    assert_eq!(
        reason(&image).0.to_string(),
        "an OpenPGP signature was required, but there is none"
    );
}

/// A key that is damaged is a key: what is wrong with it is said as before.
#[test]
fn a_damaged_key_is_not_called_something_else() {
    let text = std::fs::read_to_string(mistakes().join("key.asc")).expect("a file");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key.asc");
    let long_before = "x\n".repeat(10_000) + &text.replace("\n=", "\n=A");
    for damaged in [text.replace("\n=", "\n=A"), long_before] {
        std::fs::write(&path, damaged).expect("a file");
        for engine in engines() {
            let file = path.to_str().expect("UTF-8");
            let (reason, _) = refusal(file, engine, &Fixture::ED25519.image());
            assert!(reason.to_string().contains("block 1 (line"), "{reason}");
        }
    }
}

/// A proxy answers with a page where the list of instances should be.
#[test]
fn what_is_no_list_is_called_by_its_name() {
    let fixture = Fixture::ED25519;
    let page = std::fs::read(mistakes().join("login.html")).expect("a file");
    let digest = containers_sigpolicy::Digest::of(&fixture.manifest());
    let image = fixture.image().with_instance(digest, page);
    let engine = engines().next().expect("an engine");
    let (reason, _) = refusal("key.gpg", engine, &image);
    assert_eq!(
        reason.to_string(),
        "the list of instances is invalid: it is an HTML page (\"Sign in\")"
    );
    assert_eq!(reason.code(), "list-invalid");
}
