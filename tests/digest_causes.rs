//! An image with a good signature for another digest: what is said of the cause.
#![cfg(feature = "sequoia")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::io::Write as _;
use std::time::{Duration, SystemTime};

use common::{at, json, read, signing};
use containers_sigpolicy::answer::Answer;
use containers_sigpolicy::digest::{Algorithm, DigestCause};
use containers_sigpolicy::engine::Sequoia;
use containers_sigpolicy::{
    Clock, Digest, DirSource, Image, ImageName, Policy, Reason, Source, Verifier, manifest_digest,
};
use sequoia_openpgp::cert::{Cert, CertBuilder};
use sequoia_openpgp::serialize::Serialize as _;
use sha2::{Digest as _, Sha384, Sha512};

const NAME: &str = "registry.example/app/web:1.4.2";

/// When everything here was signed: 2026-01-10T12:00:00Z.
fn signed_at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_046_400)
}

/// A signer, and a verifier that trusts it.
struct Signer {
    cert: Cert,
    verifier: Verifier,
}

impl Signer {
    fn new() -> Self {
        let (cert, _) = CertBuilder::new()
            .add_userid("Example Releases <releases@registry.example>")
            .set_creation_time(signed_at() - Duration::from_secs(86_400))
            .add_signing_subkey()
            .generate()
            .expect("a key");
        let mut keys = Vec::new();
        cert.serialize(&mut keys).expect("a key");
        let policy = serde_json::json!({"default": [{
            "type": "signedBy",
            "keyType": "GPGKeys",
            "keyData": base64(&keys),
        }]});
        let policy = Policy::from_slice(policy.to_string().as_bytes()).expect("a policy");
        let verifier = Verifier::builder(policy)
            .engine(Sequoia::new())
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .build();
        Self { cert, verifier }
    }

    /// A signature that says that the image has this digest.
    fn sign(&self, digest: &str) -> Vec<u8> {
        let payload = serde_json::json!({
            "critical": {
                "type": "atomic container signature",
                "image": {"docker-manifest-digest": digest},
                "identity": {"docker-reference": NAME},
            },
            "optional": {},
        });
        signing::signed_by(
            &self.cert,
            payload.to_string().as_bytes(),
            signed_at(),
            false,
        )
    }

    /// Why an image is refused, and what people are told.
    fn refusal(&self, image: &dyn Source) -> (Reason, Answer) {
        let error = self.verifier.verify(image).expect_err("another digest");
        let report = error.report().expect("a report");
        json::of(report, "verify");
        (report.rejection.clone().expect("a reason"), report.answer())
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;

    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn image(manifest: &[u8]) -> Image<'static> {
    let name = format!("docker://{NAME}");
    Image::new(ImageName::parse(&name).expect("a name"), manifest.to_vec())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn sha256(bytes: &[u8]) -> String {
    manifest_digest(bytes).expect("a digest").to_string()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A manifest as a registry stores it, in one line.
fn compact() -> Vec<u8> {
    let value: serde_json::Value = serde_json::from_slice(&pretty()).expect("JSON");
    value.to_string().into_bytes()
}

/// The same as Docker indents it.
fn pretty() -> Vec<u8> {
    read("manifests/web.json")
}

/// A list with instances for three platforms.
fn list(instances: &[(&[u8], &str, &str)]) -> Vec<u8> {
    let manifests: Vec<_> = instances
        .iter()
        .map(|(manifest, os, architecture)| {
            serde_json::json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": sha256(manifest),
                "size": manifest.len(),
                "platform": {"os": os, "architecture": architecture},
            })
        })
        .collect();
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": manifests,
    })
    .to_string()
    .into_bytes()
}

#[test]
fn what_can_be_told_of_the_bytes_that_came_is_told() {
    let signer = Signer::new();
    let signed = compact();
    let docker = pretty();
    let text = String::from_utf8(docker.clone()).expect("UTF-8");
    let crlf = text.replace('\n', "\r\n").into_bytes();
    let jq = serde_json::to_vec_pretty(
        &serde_json::from_slice::<serde_json::Value>(&signed).expect("JSON"),
    )
    .expect("JSON");
    let amd64 = signed.clone();
    let s390x = br#"{"schemaVersion":2,"config":{},"layers":[]}"#.to_vec();
    let list = list(&[(&amd64, "linux", "amd64"), (&s390x, "linux", "s390x")]);
    let value: serde_json::Value = serde_json::from_slice(&signed).expect("JSON");
    let named = |pointer: &str| {
        let digest = value.pointer(pointer).and_then(serde_json::Value::as_str);
        digest.unwrap_or_else(|| panic!("{pointer}")).to_owned()
    };
    let with_subject = br#"{"schemaVersion":2,"subject":{"digest":"sha256:SUBJECT"}}"#;
    let subject = Digest::of(b"subject");
    let with_subject =
        String::from_utf8_lossy(with_subject).replace("sha256:SUBJECT", subject.as_str());
    let html = std::fs::read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/mistakes/login.html"),
    )
    .expect("a file");
    let schema_1 = read("manifests/schema1/by-digest.json");
    let cases: Vec<(&str, Vec<u8>, String, &str, &str)> = vec![
        (
            "e03, saved with a line feed at its end",
            [&signed[..], b"\n"].concat(),
            sha256(&signed),
            "trailing-newline",
            "without the line feed or space at its end, it has that digest: an editor or a tool has saved it anew",
        ),
        (
            "several of them",
            [&signed[..], b"\r\n\n"].concat(),
            sha256(&signed),
            "trailing-newline",
            "without the 3 bytes of white space at its end, it has that digest: an editor or a tool has saved it anew",
        ),
        (
            "read by a shell, which cuts the line feed off",
            signed.clone(),
            sha256(&[&signed[..], b"\n"].concat()),
            "line-feed-missing",
            "with a line feed at its end, it has that digest: a tool has cut it off",
        ),
        (
            "e04, formatted by jq",
            jq.clone(),
            sha256(&signed),
            "white-space",
            "with other white space between its members, it has that digest: a tool has formatted it anew",
        ),
        (
            "formatted by jq, with its line feed",
            [&jq[..], b"\n"].concat(),
            sha256(&signed),
            "white-space",
            "with other white space between its members, it has that digest: a tool has formatted it anew",
        ),
        (
            "a manifest that was indented, in one line",
            signed.clone(),
            sha256(&jq),
            "white-space",
            "with other white space between its members, it has that digest: a tool has formatted it anew",
        ),
        (
            "e15, git's autocrlf",
            crlf.clone(),
            sha256(&docker),
            "crlf",
            "with lines that end in LF and not CRLF, it has that digest: an editor or git (`autocrlf`) has rewritten them",
        ),
        (
            "signed on Windows",
            docker.clone(),
            sha256(&crlf),
            "crlf",
            "with lines that end in CRLF and not LF, it has that digest: an editor or git (`autocrlf`) has rewritten them",
        ),
        (
            "saved by Notepad",
            [b"\xEF\xBB\xBF", &signed[..]].concat(),
            sha256(&signed),
            "byte-order-mark",
            "without the byte-order mark before it, it has that digest: an editor has saved it anew",
        ),
        (
            "e12, a cache that compresses",
            gzip(&signed),
            sha256(&signed),
            "gzip",
            "what came is compressed with gzip, and has that digest once it is unpacked",
        ),
        (
            "another one, compressed",
            gzip(&jq),
            sha256(&signed),
            "gzip",
            "what came is compressed with gzip, and no manifest",
        ),
        (
            "e11, signed as sha512",
            signed.clone(),
            format!("sha512:{}", hex(Sha512::digest(&signed))),
            "other-algorithm",
            "the digest is the sha512 of the same bytes, and manifests are compared by sha256",
        ),
        (
            "signed as sha384",
            signed.clone(),
            format!("sha384:{}", hex(Sha384::digest(&signed))),
            "other-algorithm",
            "the digest is the sha384 of the same bytes, and manifests are compared by sha256",
        ),
        (
            "e06, a list of which the instances are signed",
            list.clone(),
            sha256(&amd64),
            "instance-of-this-list",
            "what came is a list of instances, and the digest is of linux/amd64 in it",
        ),
        (
            "e08, the image's ID",
            signed.clone(),
            named("/config/digest"),
            "image-id-signed",
            "the digest is of the image's configuration (the image ID), and not of its manifest",
        ),
        (
            "a layer",
            signed.clone(),
            named("/layers/0/digest"),
            "layer-signed",
            "the digest is of layer 1 of the image, and not of its manifest",
        ),
        (
            "an attached manifest",
            with_subject.into_bytes(),
            subject.to_string(),
            "subject-signed",
            "the digest is of the manifest that this one is attached to (`subject`)",
        ),
        (
            "e09, a login page",
            html.clone(),
            sha256(&signed),
            "html-page",
            "no manifest came but a web page (\"Sign in\", 106 bytes)",
        ),
        (
            "e10, cut off",
            signed[..200].to_vec(),
            sha256(&signed),
            "truncated",
            "what came is cut off in the middle, after 200 bytes",
        ),
        (
            "e13, empty",
            Vec::new(),
            sha256(&signed),
            "empty",
            "what came is empty, 0 bytes",
        ),
        (
            "an error in plain text",
            b"404 page not found\n".to_vec(),
            sha256(&signed),
            "not-json",
            "what came is no manifest but text",
        ),
        (
            "the whole file of a signed manifest of schema 1",
            schema_1.clone(),
            Digest::of(&schema_1).to_string(),
            "schema-1-signatures",
            "the digest is of the whole file, and that of a Docker schema 1 manifest leaves out the signatures in it",
        ),
        (
            "e02, pushed again",
            jq.iter()
                .copied()
                .map(|byte| if byte == b'2' { b'3' } else { byte })
                .collect(),
            sha256(&signed),
            "changed",
            "the image was changed, or pushed again under the same name, or a mirror serves old bytes",
        ),
        (
            "d07, one byte",
            {
                let mut changed = signed.clone();
                let place = changed
                    .iter()
                    .position(u8::is_ascii_digit)
                    .expect("a digit");
                changed[place] ^= 1;
                changed
            },
            sha256(&signed),
            "changed",
            "the image was changed, or pushed again under the same name, or a mirror serves old bytes",
        ),
        (
            "e05, the instance of a list that nobody has given",
            signed.clone(),
            sha256(&list),
            "changed",
            "the image was changed, or pushed again under the same name, or a mirror serves old bytes",
        ),
    ];
    for (what, came, digest, code, sentence) in cases {
        let image = image(&came).with_signature(signer.sign(&digest));
        let (reason, answer) = signer.refusal(&image);
        let actual = sha256(&came);
        assert_eq!(
            reason.to_string(),
            format!(
                "the signature is for the manifest {digest}, but the image's manifest is {actual}: {sentence}"
            ),
            "{what}"
        );
        assert_eq!(reason.code(), "digest-mismatch", "{what}");
        let Reason::DigestMismatch { cause, .. } = &reason else {
            panic!("{what}: {reason}");
        };
        assert_eq!(cause.code(), code, "{what}");
        assert_eq!(answer.steps, [cause.remedy()], "{what}");
        assert_eq!(
            answer.cause.unwrap(),
            format!("a good signature of 2026-01-10T12:00:00Z, but not for what came: {sentence}"),
            "{what}"
        );
        assert!(!report_is_cut(&image, &signer), "{what}");

        // The same where the image is asked for by that digest, which needs no signature.
        let name = format!("docker://registry.example/app/web@{digest}");
        let demanded = Image::new(ImageName::parse(&name).expect("a name"), came.clone());
        let (reason, _) = signer.refusal(&demanded);
        assert_eq!(
            reason.to_string(),
            format!("the manifest is {actual}, but {digest} was asked for: {sentence}"),
            "{what}"
        );
        assert_eq!(reason.code(), "manifest-digest-mismatch", "{what}");
    }
}

/// Whether something in the text for people was cut off to fit.
fn report_is_cut(image: &dyn Source, signer: &Signer) -> bool {
    let error = signer.verifier.verify(image).expect_err("another digest");
    let text = error.report().expect("a report").to_string();
    text.lines().any(|line| line.ends_with(" …"))
}

#[test]
fn a_person_reads_it_in_six_lines() {
    let signer = Signer::new();
    let manifest = compact();
    let came = [&manifest[..], b"\n"].concat();
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("manifest.json"), &came).expect("a file");
    std::fs::write(
        folder.path().join("signature-1"),
        signer.sign(&sha256(&manifest)),
    )
    .expect("a file");
    let name = ImageName::parse(&format!("docker://{NAME}")).expect("a name");
    let error = signer
        .verifier
        .verify(&DirSource::named(folder.path(), name))
        .expect_err("a line feed");
    let report = error.report().expect("a report");
    let lines: Vec<String> = report.to_string().lines().map(str::to_owned).collect();
    let short = |digest: &str| digest.chars().take(19).collect::<String>();
    assert_eq!(
        [&lines[..4], &lines[5..]].concat(),
        [
            "rejected: docker://registry.example/app/web:1.4.2 [digest-mismatch]".to_owned(),
            "  cause:   a good signature of 2026-01-10T12:00:00Z, but not for what came: without the line feed or".to_owned(),
            "           space at its end, it has that digest: an editor or a tool has saved it anew".to_owned(),
            format!(
                "  where:   signature 1 (signature-1), for {}…, came {}…",
                short(&sha256(&manifest)),
                short(&sha256(&came))
            ),
            "  do:      fetch it byte for byte (`skopeo copy --preserve-digests`), do not edit or format it".to_owned(),
        ],
        "{report}"
    );
}

#[test]
fn the_list_of_an_instance_tells_more() {
    let signer = Signer::new();
    let amd64 = compact();
    let s390x = br#"{"schemaVersion":2,"config":{},"layers":[]}"#.to_vec();
    let list = list(&[(&amd64, "linux", "amd64"), (&s390x, "linux", "s390x")]);
    let instance =
        |manifest: &[u8]| image(manifest).with_instance(Digest::of(manifest), list.clone());
    for (what, image, digest, sentence) in [
        (
            "e05, only the list was signed",
            instance(&amd64),
            sha256(&list),
            "the digest is of the list that names this instance",
        ),
        (
            "e07, e16, the signature of another instance",
            instance(&s390x),
            sha256(&amd64),
            "the digest is of another instance of the list, that for linux/amd64, and that for linux/s390x came",
        ),
        (
            "another image",
            instance(&amd64),
            sha256(b"another"),
            "the image was changed, or pushed again under the same name, or a mirror serves old bytes",
        ),
    ] {
        let (reason, _) = signer.refusal(&image.with_signature(signer.sign(&digest)));
        let sentence = format!(": {sentence}");
        assert!(reason.to_string().ends_with(&sentence), "{what}: {reason}");
    }
    // e18: the file of one instance has the manifest of another.
    let swapped = image(&s390x).with_instance(Digest::of(&amd64), list);
    let (reason, answer) = signer.refusal(&swapped);
    let sentence = "the digest is of another instance of the list, that for linux/amd64, and that for linux/s390x came";
    assert_eq!(reason.code(), "manifest-digest-mismatch");
    assert!(reason.to_string().ends_with(sentence), "{reason}");
    assert_eq!(
        answer.steps,
        ["fetch the manifest of the instance that was asked for: another one is in its place"]
    );
}

#[test]
fn a_cause_is_only_looked_for_after_a_good_signature() {
    let (signer, stranger) = (Signer::new(), Signer::new());
    let manifest = compact();
    let digest = sha256(&manifest);
    let came = [&manifest[..], b"\n"].concat();
    let image = image(&came).with_signature(stranger.sign(&digest));
    assert_eq!(signer.refusal(&image).0.code(), "unknown-key");
    // Beside it, the one by the trusted key.
    let image = image.with_signature(signer.sign(&digest));
    let (Reason::DigestMismatch { cause, signed, .. }, _) = signer.refusal(&image) else {
        panic!("another reason");
    };
    assert!(matches!(
        *cause,
        DigestCause::TrailingNewline { bytes: 1, .. }
    ));
    assert_eq!(signed.algorithm(), Algorithm::Sha256);
}

/// i09: somebody has run `gpg --sign manifest.json`.
#[test]
fn a_manifest_that_was_signed_itself_is_recognised() {
    let signer = Signer::new();
    let manifest = compact();
    let blob = signing::signed_by(&signer.cert, &manifest, signed_at(), false);
    let (reason, _) = signer.refusal(&image(&manifest).with_signature(blob));
    assert_eq!(reason.code(), "payload-invalid");
    assert_eq!(
        reason.to_string(),
        "the signed data is not a valid payload: it is the manifest itself, and not a statement about it as containers-signature(5) has it"
    );
}
