//! Situations with signatures that are made here, by the secret key of the suite's first signer.

use std::time::{Duration, SystemTime};

use containers_sigpolicy::answer::Answer;
use containers_sigpolicy::engine::Sequoia;
use containers_sigpolicy::{Clock, Digest, Image, ImageName, Policy, Verifier, manifest_digest};
use sequoia_openpgp::Cert;
use sequoia_openpgp::parse::Parse as _;
use sha2::{Digest as _, Sha512};

use crate::common::{at, read, signing};

const NAME: &str = "registry.example/app/web:1.4.2";

/// 2026-01-10T12:00:00Z.
fn signed_at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_046_400)
}

struct Signer(Cert);

impl Signer {
    fn sign(&self, payload: &[u8]) -> Vec<u8> {
        signing::signed_by(&self.0, payload, signed_at(), false)
    }

    /// A signature that says that an image has this name and this digest.
    fn says(&self, name: &str, digest: &str) -> Vec<u8> {
        self.sign(payload(name, digest).to_string().as_bytes())
    }
}

fn payload(name: &str, digest: &str) -> serde_json::Value {
    serde_json::json!({
        "critical": {
            "type": "atomic container signature",
            "image": {"docker-manifest-digest": digest},
            "identity": {"docker-reference": name},
        },
        "optional": {},
    })
}

fn digest(bytes: &[u8]) -> String {
    manifest_digest(bytes).expect("a digest").to_string()
}

fn image(manifest: &[u8]) -> Image<'static> {
    named(&format!("docker://{NAME}"), manifest)
}

fn named(name: &str, manifest: &[u8]) -> Image<'static> {
    Image::new(ImageName::parse(name).expect("a name"), manifest.to_vec())
}

/// What is told of the image, where the signer's key is trusted for every image, by this source of keys.
fn told_by(keys: &str, image: &Image<'_>, now: &str) -> Answer {
    let policy: Policy =
        format!(r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys",{keys}}}]}}"#)
            .parse()
            .expect("a policy");
    let verified = Verifier::builder(policy)
        .engine(Sequoia::new())
        .clock(Clock::Fixed(at(now)))
        .key_directory("testdata/conformance")
        .build()
        .verify(image);
    match verified {
        Ok(accepted) => accepted.report().answer(),
        Err(error) => error.answer(),
    }
}

fn told(image: &Image<'_>) -> Answer {
    told_by(
        r#""keyPath":"keys/ed25519.gpg""#,
        image,
        "2026-01-15T12:00:00Z",
    )
}

/// Each with its name.
pub fn situations() -> Vec<(&'static str, Answer)> {
    let secret = read("keys/files/secret.gpg");
    let signer = Signer(Cert::from_bytes(&secret).expect("a secret key"));
    let mut told = manifests(&signer);
    told.extend(instances(&signer));
    told.extend(names(&signer));
    told.extend(blobs(&signer));
    told
}

/// Other bytes came than were signed.
fn manifests(signer: &Signer) -> Vec<(&'static str, Answer)> {
    let indented = read("manifests/web.json");
    let value: serde_json::Value = serde_json::from_slice(&indented).expect("JSON");
    let compact = value.to_string().into_bytes();
    let pretty = serde_json::to_vec_pretty(&value).expect("JSON");
    let text = String::from_utf8(indented.clone()).expect("UTF-8");
    let half = &compact[..compact.len() / 2];
    let image_id = value["config"]["digest"].as_str().expect("a digest");
    let sha512 = Sha512::digest(&compact);
    let sha512: String = sha512.iter().map(|byte| format!("{byte:02x}")).collect();
    let of = |manifest: &[u8]| signer.says(NAME, &digest(manifest));
    [
        (
            "manifest-with-another-line-feed",
            [&compact[..], b"\n"].concat(),
            of(&compact),
        ),
        ("manifest-indented", pretty, of(&compact)),
        (
            "manifest-with-line-ends-of-windows",
            text.replace('\n', "\r\n").into_bytes(),
            of(&indented),
        ),
        ("manifest-cut-off", half.to_vec(), of(&compact)),
        ("manifest-empty", Vec::new(), of(&compact)),
        (
            "manifest-changed-by-a-byte",
            text.replacen('2', "3", 1).into_bytes(),
            of(&indented),
        ),
        (
            "image-id-was-signed",
            indented.clone(),
            signer.says(NAME, image_id),
        ),
        (
            "digest-of-another-algorithm-was-signed",
            compact.clone(),
            signer.says(NAME, &format!("sha512:{sha512}")),
        ),
    ]
    .map(|(situation, came, signature)| (situation, told(&image(&came).with_signature(signature))))
    .into()
}

/// Lists, and their instances.
fn instances(signer: &Signer) -> Vec<(&'static str, Answer)> {
    let amd64 = read("manifests/web.json");
    let s390x = br#"{"schemaVersion":2,"config":{},"layers":[]}"#.to_vec();
    let entry = |manifest: &[u8], architecture: &str| {
        serde_json::json!({
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": digest(manifest),
            "size": manifest.len(),
            "platform": {"os": "linux", "architecture": architecture},
        })
    };
    let list = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [entry(&amd64, "amd64"), entry(&s390x, "s390x")],
    })
    .to_string()
    .into_bytes();
    let of = |manifest: &[u8]| signer.says(NAME, &digest(manifest));
    let instance =
        |named: &[u8], came: &[u8]| image(came).with_instance(Digest::of(named), list.clone());
    let by_list = format!("docker://registry.example/app/web@{}", digest(&list));
    [
        (
            "only-the-list-was-signed",
            instance(&amd64, &amd64).with_signature(of(&list)),
        ),
        (
            "only-an-instance-was-signed",
            image(&list).with_signature(of(&amd64)),
        ),
        (
            "another-instance-was-signed",
            instance(&s390x, &s390x).with_signature(of(&amd64)),
        ),
        (
            "another-instance-came",
            instance(&amd64, &s390x).with_signature(of(&amd64)),
        ),
        (
            "asked-by-the-digest-of-a-list-without-it",
            named(&by_list, &amd64).with_signature(of(&amd64)),
        ),
    ]
    .map(|(situation, image)| (situation, told(&image)))
    .into()
}

/// Names that were signed.
fn names(signer: &Signer) -> Vec<(&'static str, Answer)> {
    let manifest = read("manifests/web.json");
    let signed = |name: &str| signer.says(name, &digest(&manifest));
    let mut told: Vec<(&'static str, Answer)> = [
        ("signed-without-a-tag", "registry.example/app/web"),
        ("signed-in-upper-case", "registry.example/App/web:1.4.2"),
        ("signed-name-is-none", "::"),
        (
            "signed-name-with-control-characters",
            "registry.example/app/web:1\n\u{1b}[2K",
        ),
    ]
    .map(|(situation, name)| {
        let image = image(&manifest).with_signature(signed(name));
        (situation, told(&image))
    })
    .into();
    let busybox = named("docker://docker.io/library/busybox:1", &manifest);
    told.push((
        "signed-by-the-short-name",
        self::told(&busybox.with_signature(signed("busybox:1"))),
    ));
    told
}

/// What was signed instead of a statement about the image, and what is stored instead of a signature.
fn blobs(signer: &Signer) -> Vec<(&'static str, Answer)> {
    use base64::Engine as _;

    let manifest = read("manifests/web.json");
    let good = || payload(NAME, &digest(&manifest));
    let (mut cosign, mut unknown) = (good(), good());
    cosign["critical"]["type"] = "cosign container image signature".into();
    unknown["critical"]["builder"] = "home-made".into();
    let mut told: Vec<(&'static str, Answer)> = [
        ("manifest-itself-was-signed", signer.sign(&manifest)),
        (
            "payload-of-cosign-was-signed",
            signer.sign(cosign.to_string().as_bytes()),
        ),
        (
            "payload-with-an-unknown-member",
            signer.sign(unknown.to_string().as_bytes()),
        ),
        ("signature-is-empty", Vec::new()),
    ]
    .map(|(situation, signature)| (situation, told(&image(&manifest).with_signature(signature))))
    .into();
    let keys =
        base64::engine::general_purpose::STANDARD.encode(read("keys/states/expiry-in-a-year.gpg"));
    told.push((
        "key-in-the-policy-expired",
        told_by(
            &format!(r#""keyData":"{keys}""#),
            &image(&manifest).with_signature(read("signatures/keys/bab1bb775b6e08bd-44712000.sig")),
            "2027-02-01T00:00:00Z",
        ),
    ));
    told
}
