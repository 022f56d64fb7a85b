//! The evaluation as its users see it: what is asked of a source, what a report says, when keys
//! are read.
#![cfg(feature = "_rules")]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::borrow::Cow;
use std::cell::Cell;
use std::path::Path;

use common::{Fixture, any_in_process, at, json, suite};
use containers_sigpolicy::policy::Requirement;
use containers_sigpolicy::verdict::{TrustedSigner, Verdict};
use containers_sigpolicy::{
    Category, Clock, Digest, DirSource, Error, Image, ImageName, Policy, Source, SourceError,
    Verifier,
};

const ACCEPT: &str = r#"{"type":"insecureAcceptAnything"}"#;
const REJECT: &str = r#"{"type":"reject"}"#;
const SIGNED: &str = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}"#;
const OTHER: &str = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/rsa2048.gpg"}"#;

fn policy_text(requirements: &[&str]) -> String {
    format!(r#"{{"default":[{}]}}"#, requirements.join(","))
}

fn policy(requirements: &[&str]) -> Policy {
    policy_text(requirements).parse().expect("a valid policy")
}

fn verifier(requirements: &[&str]) -> Verifier {
    Verifier::builder(policy(requirements))
        .engine(any_in_process())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(suite())
        .build()
}

fn code(verifier: &Verifier, image: &dyn Source) -> &'static str {
    match verifier.verify(image) {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

/// Counts what it is asked for.
struct Watched {
    image: Image<'static>,
    lists: Cell<usize>,
    manifests: Cell<usize>,
    signatures: Cell<usize>,
}

impl Watched {
    fn new(image: Image<'static>) -> Self {
        Self {
            image,
            lists: Cell::new(0),
            manifests: Cell::new(0),
            signatures: Cell::new(0),
        }
    }
}

impl Source for Watched {
    fn name(&self) -> &ImageName {
        self.image.name()
    }

    fn instance(&self) -> Option<&Digest> {
        self.image.instance()
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        self.lists.set(self.lists.get().saturating_add(1));
        self.image.list()
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        self.manifests.set(self.manifests.get().saturating_add(1));
        self.image.manifest()
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        self.signatures.set(self.signatures.get().saturating_add(1));
        self.image.signatures()
    }
}

#[test]
fn nothing_is_read_that_the_policy_does_not_need() {
    for (requirements, reads) in [
        (&[ACCEPT][..], 0),
        (&[REJECT], 0),
        (&[ACCEPT, REJECT, SIGNED], 0),
        (&[SIGNED], 1),
        (&[SIGNED, SIGNED, ACCEPT], 1),
    ] {
        let source = Watched::new(Fixture::ED25519.image());
        let _verdict = verifier(requirements).verify(&source);
        assert_eq!(source.manifests.get(), reads, "{requirements:?}");
        assert_eq!(source.signatures.get(), reads, "{requirements:?}");
        assert_eq!(source.lists.get(), 0, "{requirements:?}");

        let fixture = Fixture::ED25519;
        let digest = Digest::of(&fixture.manifest());
        let list = list_of(&[&digest]);
        let source = Watched::new(fixture.image().with_instance(digest, list));
        let _verdict = verifier(requirements).verify(&source);
        assert_eq!(source.lists.get(), reads, "{requirements:?}");
        assert_eq!(source.manifests.get(), reads, "{requirements:?}");
    }
}

/// Once, an accepted signature had the member `signature` twice.
#[test]
fn the_json_of_an_accepted_image_is_read_by_everybody() {
    let fixture = Fixture::ED25519;
    let sigstore = b"\0sigstore-json\n{\"payload\":\"YQ==\"}";
    let image = Image::new(fixture.name(), fixture.manifest())
        .with_signature(&sigstore[..])
        .with_signature(Fixture::RSA.signature())
        .with_signature(fixture.signature());
    let accepted = verifier(&[ACCEPT, SIGNED]).verify(&image).expect("good");
    let report = json::of(accepted.report(), "verify");
    assert_eq!(report["verdict"], "accepted");
    assert!(report["rejection"].is_null());
    let outcome = |number: usize| &report["requirements"][number]["outcome"]["verdict"];
    assert_eq!(outcome(0), "accepted-unsigned");
    assert_eq!(outcome(1), "accepted-signed");
    let signatures = &report["requirements"][1]["signatures"];
    assert_eq!(signatures[0]["verdict"], "skipped");
    assert_eq!(signatures[1]["verdict"], "rejected");
    assert_eq!(signatures[1]["reason"]["code"], "unknown-key");
    assert_eq!(signatures[2]["verdict"], "accepted");
    assert_eq!(signatures[2]["signature"], 3);
    let proof = &signatures[2]["proof"];
    assert_eq!(proof["signature"], 3);
    assert_eq!(proof["requirement"], 2);
    let signer = accepted
        .signatures()
        .next()
        .expect("it is signed")
        .signer
        .to_string();
    assert_eq!(proof["signer"]["type"], "openpgp");
    assert_eq!(proof["signer"]["primary_key"], signer);
}

#[test]
fn every_requirement_must_accept() {
    let image = Fixture::ED25519.image();
    for (requirements, expected) in [
        (&[ACCEPT][..], "accepted"),
        (&[SIGNED], "accepted"),
        (&[ACCEPT, SIGNED], "accepted"),
        (&[SIGNED, SIGNED], "accepted"),
        (&[REJECT], "rejected-by-policy"),
        (&[SIGNED, REJECT], "rejected-by-policy"),
        (&[REJECT, SIGNED], "rejected-by-policy"),
        (&[OTHER], "unknown-key"),
        (&[SIGNED, OTHER], "unknown-key"),
        (&[OTHER, SIGNED], "unknown-key"),
    ] {
        assert_eq!(
            code(&verifier(requirements), &image),
            expected,
            "{requirements:?}"
        );
    }
}

#[test]
fn two_requirements_may_be_met_by_two_signatures() {
    let ed25519 = Fixture::ED25519;
    let image = ed25519.image().with_signature(Fixture::RSA.signature());
    let accepted = verifier(&[OTHER, SIGNED])
        .verify(&image)
        .expect("each requirement has its signature");
    let signatures: Vec<(usize, usize)> = accepted
        .signatures()
        .map(|signature| (signature.requirement, signature.signature))
        .collect();
    assert_eq!(signatures, [(1, 2), (2, 1)]);
    assert_eq!(
        accepted.manifest_digest(),
        Some(&Digest::of(&ed25519.manifest()))
    );
}

#[test]
fn a_caller_can_demand_a_signature() {
    let image = Fixture::ED25519.image();
    let demanding = |requirements: &[&str]| {
        Verifier::builder(policy(requirements))
            .engine(any_in_process())
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .key_directory(suite())
            .require_signed(true)
            .build()
    };
    assert_eq!(code(&demanding(&[ACCEPT]), &image), "unsigned-not-allowed");
    assert_eq!(
        code(&demanding(&[ACCEPT, ACCEPT]), &image),
        "unsigned-not-allowed"
    );
    assert_eq!(code(&demanding(&[ACCEPT, SIGNED]), &image), "accepted");
    assert_eq!(code(&demanding(&[REJECT]), &image), "rejected-by-policy");
    let unsigned = verifier(&[ACCEPT]).verify(&image).expect("anything goes");
    assert!(!unsigned.is_signed());
    assert_eq!(unsigned.manifest_digest(), None);
}

#[test]
fn one_unknown_blob_refuses_beside_good_ones() {
    let fixture = Fixture::ED25519;
    for blob in [
        &b""[..],
        b"-----BEGIN PGP MESSAGE-----",
        b"\0other\nx",
        b"{}",
    ] {
        for image in [
            fixture.image().with_signature(blob),
            Image::new(fixture.name(), fixture.manifest())
                .with_signature(blob)
                .with_signature(fixture.signature()),
        ] {
            assert_eq!(
                code(&verifier(&[SIGNED]), &image),
                "signature-format-unknown"
            );
        }
    }
    let sigstore = b"\0sigstore-json\n{\"payload\":\"YQ==\"}";
    let image = fixture.image().with_signature(&sigstore[..]);
    assert_eq!(code(&verifier(&[SIGNED]), &image), "accepted");
    let image = Image::new(fixture.name(), fixture.manifest()).with_signature(&sigstore[..]);
    assert_eq!(code(&verifier(&[SIGNED]), &image), "no-signature");
}

#[test]
fn what_this_build_cannot_check_rejects() {
    let image = Fixture::ED25519.image();
    for requirement in [
        #[cfg(not(feature = "sigstore"))]
        r#"{"type":"sigstoreSigned","keyPath":"cosign.pub"}"#,
        r#"{"type":"signedBaseLayer","baseLayerIdentity":{"type":"matchExact"}}"#,
        r#"{"type":"signedBy","keyType":"signedByGPGKeys","keyPath":"keys/ed25519.gpg"}"#,
        r#"{"type":"signedBy","keyType":"X509Certificates","keyPath":"keys/ed25519.gpg"}"#,
        r#"{"type":"signedBy","keyType":"signedByX509CAs","keyPath":"keys/ed25519.gpg"}"#,
    ] {
        let code = code(&verifier(&[requirement]), &image);
        assert_eq!(code, "unsupported-requirement", "{requirement}");
    }
}

/// An OCI image index that names these instances.
fn list_of(instances: &[&Digest]) -> Vec<u8> {
    let manifests: Vec<String> = instances
        .iter()
        .map(|digest| format!(r#"{{"digest":"{digest}"}}"#))
        .collect();
    format!(
        r#"{{"schemaVersion":2,"manifests":[{}]}}"#,
        manifests.join(",")
    )
    .into_bytes()
}

#[test]
fn an_instance_is_one_that_the_list_in_the_name_names() {
    let fixture = Fixture::ED25519;
    let right = Digest::of(&fixture.manifest());
    let wrong = Digest::of(b"another");
    let list = list_of(&[&wrong, &right]);
    let by = |digest: &Digest| {
        let name = format!("docker://registry.example/app/web@{digest}");
        ImageName::parse(&name).expect("a valid name")
    };
    let image = |name| Image::new(name, fixture.manifest()).with_signature(fixture.signature());
    let name = by(&Digest::of(&list));
    let verifier = verifier(&[SIGNED]);
    // The digest in the name is the list's, so it does not count for the instance.
    assert_eq!(
        code(&verifier, &image(name.clone())),
        "manifest-digest-mismatch"
    );
    let accepted = verifier
        .verify(&image(name.clone()).with_instance(right.clone(), list.clone()))
        .expect("the list names the instance");
    assert_eq!(accepted.manifest_digest(), Some(&right));
    let report = accepted.report();
    assert_eq!(report.list_digest, Some(Digest::of(&list)));
    assert!(format!("{report:#}").contains("  list of instances: sha256:"));
    for (name, instance, list, expected) in [
        (&name, &wrong, list.clone(), "manifest-digest-mismatch"),
        (&by(&right), &right, list.clone(), "list-digest-mismatch"),
        (&by(&wrong), &right, list.clone(), "list-digest-mismatch"),
        (&fixture.name(), &right, list.clone(), "accepted"),
        (
            &fixture.name(),
            &right,
            list_of(&[&wrong]),
            "instance-not-in-list",
        ),
        (&fixture.name(), &right, list_of(&[]), "list-invalid"),
        (&fixture.name(), &right, fixture.manifest(), "list-invalid"),
        (&fixture.name(), &right, b"{}".to_vec(), "list-invalid"),
    ] {
        let image = image(name.clone()).with_instance(instance.clone(), list);
        assert_eq!(code(&verifier, &image), expected);
    }
}

#[test]
fn both_sides_of_an_instance_are_named() {
    let fixture = Fixture::ED25519;
    let right = Digest::of(&fixture.manifest());
    let others: Vec<Digest> = (0..20_u8).map(|number| Digest::of(&[number])).collect();
    let list = list_of(&others.iter().collect::<Vec<_>>());
    let image = fixture.image().with_instance(right.clone(), list.clone());
    let error = verifier(&[SIGNED]).verify(&image).expect_err("not named");
    let message = error.to_string();
    let list = Digest::of(&list);
    assert!(
        message.contains(&format!(
            "the list {list} does not name the instance {right}: it names `{}`, `{}`, ",
            others[0], others[1]
        )),
        "{message}"
    );
    assert!(message.ends_with(&format!("`{}`, and 4 more", others[15])));
    let report = error.report().expect("a verdict");
    let json = json::of(report, "verify");
    assert_eq!(json["list_digest"], list.to_string());
    assert_eq!(json["rejection"]["instance"], right.to_string());
    assert_eq!(json["rejection"]["list"], list.to_string());
    assert_eq!(json["rejection"]["named"][15], others[15].to_string());
    assert_eq!(json["rejection"]["others"], 4);
}

/// A source that speaks of an instance and hands no list over.
struct Careless(Image<'static>, Digest);

impl Source for Careless {
    fn name(&self) -> &ImageName {
        self.0.name()
    }

    fn instance(&self) -> Option<&Digest> {
        Some(&self.1)
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        Ok(None)
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        self.0.manifest()
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        self.0.signatures()
    }
}

#[test]
fn an_instance_is_taken_on_nobodys_word() {
    let fixture = Fixture::ED25519;
    let digest = Digest::of(&fixture.manifest());
    let error = verifier(&[SIGNED])
        .verify(&Careless(fixture.image(), digest))
        .expect_err("there is no list");
    assert_eq!(error.code(), "list-missing");
    assert!(matches!(error, Error::Undecided(_)));
}

/// The issue's own words: any instance of a `dir:` image was accepted, and any list digest in the name.
#[test]
fn an_instance_in_a_directory_is_one_of_its_list() {
    let fixture = Fixture::ED25519;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, content: &[u8]| {
        std::fs::write(folder.path().join(name), content).expect("a writable folder");
    };
    let instance = Digest::of(&fixture.manifest());
    let listed = Digest::of(b"another");
    let list = list_of(&[&listed]);
    write("version", b"Directory Transport Version: 1.1\n");
    write("manifest.json", &list);
    write(
        &format!("{}.manifest.json", instance.hex()),
        &fixture.manifest(),
    );
    write(
        &format!("{}.signature-1", instance.hex()),
        &fixture.signature(),
    );
    let source = |name| DirSource::named(folder.path(), name).with_instance(instance.clone());
    let verifier = verifier(&[SIGNED]);
    let code_of = |name| code(&verifier, &source(name));
    assert_eq!(code_of(fixture.name()), "instance-not-in-list");

    let good = list_of(&[&listed, &instance]);
    write("manifest.json", &good);
    assert_eq!(code_of(fixture.name()), "accepted");
    let by = |list: &[u8]| {
        let name = format!("docker://registry.example/app/web@{}", Digest::of(list));
        ImageName::parse(&name).expect("a valid name")
    };
    assert_eq!(code_of(by(&good)), "accepted");
    assert_eq!(code_of(by(&list)), "list-digest-mismatch");
    // The directory of a single image has no list.
    write("manifest.json", &fixture.manifest());
    assert_eq!(code_of(fixture.name()), "list-invalid");
    std::fs::remove_file(folder.path().join("manifest.json")).expect("it is there");
    assert_eq!(code_of(fixture.name()), "list-unreadable");
}

#[test]
fn sources_without_limits_are_limited() {
    let fixture = Fixture::ED25519;
    let signature = fixture.signature();
    let many = |count: usize| {
        Image::new(fixture.name(), fixture.manifest())
            .with_signatures(std::iter::repeat_n(signature.clone(), count))
    };
    assert_eq!(code(&verifier(&[SIGNED]), &many(128)), "accepted");
    assert_eq!(code(&verifier(&[SIGNED]), &many(129)), "signatures-invalid");
    let large = fixture
        .image()
        .with_signature(vec![0xC8; 4 * 1024 * 1024 + 1]);
    assert_eq!(code(&verifier(&[SIGNED]), &large), "signatures-invalid");
}

/// An image of which one part fails.
struct Failing {
    image: Image<'static>,
    digest: Digest,
    list: Option<fn() -> SourceError>,
    manifest: Option<fn() -> SourceError>,
    signatures: Option<fn() -> SourceError>,
}

impl Source for Failing {
    fn name(&self) -> &ImageName {
        self.image.name()
    }

    fn instance(&self) -> Option<&Digest> {
        self.list.map(|_| &self.digest)
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        match self.list {
            Some(error) => Err(error()),
            None => Ok(None),
        }
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        match self.manifest {
            Some(error) => Err(error()),
            None => self.image.manifest(),
        }
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        match self.signatures {
            Some(error) => Err(error()),
            None => self.image.signatures(),
        }
    }
}

fn timed_out() -> SourceError {
    #[derive(Debug, thiserror::Error)]
    #[error("the registry does not answer")]
    struct NoAnswer(#[source] std::io::Error);

    SourceError::other(NoAnswer(std::io::ErrorKind::TimedOut.into()))
}

fn missing() -> SourceError {
    SourceError::io("/image", std::io::ErrorKind::NotFound.into())
}

fn too_large() -> SourceError {
    SourceError::too_large("/image/file", 1)
}

#[test]
fn what_could_not_be_read_is_undecided_and_what_is_wrong_is_rejected() {
    let failing = |list, manifest, signatures| Failing {
        image: Fixture::ED25519.image(),
        digest: Digest::of(b""),
        list,
        manifest,
        signatures,
    };
    let errors: [(fn() -> SourceError, Verdict); 3] = [
        (timed_out, Verdict::Undecided),
        (missing, Verdict::Undecided),
        (too_large, Verdict::Rejected),
    ];
    for (index, (error, verdict)) in (0..9).map(|index| (index, errors[index % 3])) {
        let in_place = |place| (index / 3 == place).then_some(error);
        let code = match (index / 3, verdict) {
            (0, Verdict::Undecided) => "list-unreadable",
            (1, Verdict::Undecided) => "manifest-unreadable",
            (2, Verdict::Undecided) => "signature-unreadable",
            (0, _) => "list-invalid",
            (1, _) => "manifest-invalid",
            (_, _) => "signatures-invalid",
        };
        let error = verifier(&[SIGNED])
            .verify(&failing(in_place(0), in_place(1), in_place(2)))
            .expect_err("it fails");
        assert_eq!(error.code(), code);
        let report = error.report().expect("an image was judged");
        assert_eq!(report.verdict(), verdict);
        assert!(!report.is_accepted());
        let reason = report.rejection.as_ref().expect("it is refused");
        assert_eq!(reason.is_undecided(), verdict == Verdict::Undecided);
        match verdict {
            Verdict::Undecided => {
                assert!(matches!(error, Error::Unavailable { .. }));
                assert_eq!(error.category(), Category::Unavailable);
            }
            _ => {
                assert!(matches!(error, Error::Rejected(_)));
                assert_eq!(error.category(), Category::Rejected);
            }
        }
    }
    let error = verifier(&[SIGNED])
        .verify(&failing(None, None, Some(timed_out)))
        .expect_err("it fails");
    assert_eq!(
        error.to_string(),
        "the image docker://registry.example/app/web:1.4.2 could not be judged: the signatures could not be \
         read: the registry does not answer: timed out"
    );
}

#[test]
fn an_unreadable_key_file_says_nothing_of_the_image() {
    let missing = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/missing.gpg"}"#;
    let image = Fixture::ED25519.image();
    // The first requirement that does not accept ends the evaluation, as in containers/image.
    for (requirements, expected) in [
        (&[missing][..], "key-unreadable"),
        (&[SIGNED, missing], "key-unreadable"),
        (&[missing, REJECT], "key-unreadable"),
        (&[REJECT, missing], "rejected-by-policy"),
    ] {
        let error = verifier(requirements).verify(&image).expect_err("refused");
        assert_eq!(error.code(), expected);
        let undecided = expected == "key-unreadable";
        assert_eq!(matches!(error, Error::Unavailable { .. }), undecided);
    }
    let error = verifier(&[missing, REJECT]).verify(&image);
    let error = error.expect_err("refused");
    let report = error.report().expect("a verdict");
    let text = format!("{report:#}");
    assert!(text.starts_with("undecided: docker://"), "{text}");
    assert!(text.contains(": undecided, key-unreadable\n"), "{text}");
    assert!(text.contains("reject: not evaluated\n"), "{text}");
    let json = json::of(report, "verify");
    assert_eq!(json["verdict"], "undecided");
    assert_eq!(json["requirements"][0]["outcome"]["verdict"], "undecided");
}

/// Leaving an engine out of a build is a choice, and nothing that each image should be told with.
#[test]
fn an_engine_that_is_not_in_the_build_is_not_reported() {
    let fixture = Fixture::ED25519;
    let accepted = Verifier::builder(fixture.policy())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(suite())
        .build()
        .verify(&fixture.image())
        .expect("a good image");
    let report = accepted.report();
    let engine = report.engine.as_ref().expect("an engine");
    let skipped = &engine.skipped;
    assert!(
        skipped
            .iter()
            .all(|skipped| skipped.engine.is_compiled_in())
    );
    let text = format!("{report:#}");
    assert!(!text.contains("compiled"), "{text}");
    let json = json::of(report, "verify").to_string();
    assert!(!json.contains("not-compiled-in"), "{json}");
}

#[test]
fn keys_are_read_once_until_they_are_reloaded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("trusted.gpg");
    let requirement = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"trusted.gpg"}"#;
    let verifier = Verifier::builder(policy(&[requirement]))
        .engine(any_in_process())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(folder.path())
        .build();
    let (first, second) = (Fixture::ED25519, Fixture::RSA);

    // What could not be read is tried again without being told.
    assert_eq!(code(&verifier, &first.image()), "key-unreadable");
    std::fs::write(&file, first.keys()).expect("a writable folder");
    assert_eq!(code(&verifier, &first.image()), "accepted");
    assert_eq!(verifier.changed_key_files(), [] as [&Path; 0]);

    std::fs::write(&file, second.keys()).expect("a writable folder");
    assert_eq!(verifier.changed_key_files(), [file.as_path()]);
    assert_eq!(code(&verifier, &first.image()), "accepted");
    let error = verifier.verify(&second.image()).expect_err("not read yet");
    let [note] = error.report().expect("a rejection").notes.as_slice() else {
        panic!("{error:?}");
    };
    assert_eq!(
        note.to_string(),
        format!(
            "the key file {} has changed since it was read; reload the keys",
            file.display()
        )
    );

    verifier.reload();
    assert_eq!(code(&verifier, &second.image()), "accepted");
    assert_eq!(code(&verifier, &first.image()), "unknown-key");
    std::fs::remove_file(&file).expect("the file is there");
    assert_eq!(verifier.changed_key_files(), [file.as_path()]);
}

#[test]
fn all_key_problems_show_at_once() {
    let missing = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/missing.gpg"}"#;
    let noise = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"manifests/web.json"}"#;
    let empty = r#"{"type":"signedBy","keyType":"GPGKeys","keyData":""}"#;
    let folder = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys"}"#;
    let error = verifier(&[SIGNED, missing, noise, empty, folder, SIGNED])
        .load_keys()
        .expect_err("four of the five are wrong");
    assert!(
        error.to_string().starts_with(
            "4 of the policy's 5 key sources cannot be used: keyPath keys/missing.gpg: "
        ),
        "{error}"
    );
    let good = &error.sources()[0];
    assert!(good.problem.is_none());
    assert_eq!(good.keys.len(), 1);
    assert_eq!(error.sources()[2].warnings.len(), 1);
    for source in error.sources() {
        let scopes: Vec<String> = source.scopes.iter().map(ToString::to_string).collect();
        assert_eq!(scopes, ["the policy's default"], "{}", source.source);
    }
    let messages: Vec<String> = error.problems().map(ToString::to_string).collect();
    assert_eq!(messages.len(), 4, "{messages:#?}");
    assert!(messages[0].contains("keys/missing.gpg"), "{messages:#?}");
    assert!(messages[1].contains("manifests/web.json"), "{messages:#?}");
    assert_eq!(
        messages[2],
        "the requirement trusts no key: keyData contains no OpenPGP key: it is empty"
    );
    assert!(
        messages[3].ends_with("it is not a regular file"),
        "{messages:#?}"
    );
    let sources = verifier(&[SIGNED, OTHER])
        .load_keys()
        .expect("both are good");
    assert_eq!(sources.len(), 2);
}

/// On OpenSSL alone, there is no such key.
#[test]
#[cfg(any(feature = "native", feature = "sequoia"))]
fn what_the_engine_cannot_check_is_neither_bad_nor_missing() {
    const BRAINPOOL: &str =
        r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/brainpoolP256r1.gpg"}"#;
    const BOTH: &str = r#"{"type":"signedBy","keyType":"GPGKeys","keyPaths":["keys/ed25519.gpg","keys/brainpoolP256r1.gpg"]}"#;
    let signature = || common::read("signatures/algorithms/brainpoolP256r1-good.gpg");
    let fixture = Fixture::ED25519;
    let image = Image::new(fixture.name(), fixture.manifest()).with_signature(signature());
    for requirement in [BRAINPOOL, BOTH] {
        let error = verifier(&[requirement])
            .verify(&image)
            .expect_err("no key can");
        assert_eq!(error.code(), "unsupported-signature", "{requirement}");
        assert_eq!(
            error.answer().steps,
            [if cfg!(feature = "gpgme") {
                "verify with the engine gpgme, which this program has"
            } else {
                "use a program with the engine gpgme (feature `gpgme`)"
            }]
        );
        let Error::Undecided(report) = &error else {
            panic!("{error:?}");
        };
        let text = format!("{report:#}");
        let engine = any_in_process();
        let engine = engine.name();
        // On OpenSSL, native could: native itself says so, and others in a program that has it.
        let native_too = engine == "native" || cfg!(feature = "native-openssl");
        let (others, supported_by) = match native_too {
            true => (
                ", native (feature `native-openssl`)",
                &["gpgme", "gpg", "native"][..],
            ),
            false => ("", &["gpgme", "gpg"][..]),
        };
        let warning = format!(
            "\n    warning: keys/brainpoolP256r1.gpg contains a key that the engine {engine} cannot use \
                       (3C5B23179F0A7213E133AAE2B708ABDA2D81C22B): it does not support ECDSA on \
                       Brainpool P-256; the engines gpgme (feature `gpgme`), gpg (feature `gpg`){others} do\n"
        );
        assert!(text.contains(&warning), "{text}");
        assert!(!text.contains("do not run"), "{text}");
        let json = json::of(report, "verify");
        let reason = &json["rejection"];
        assert_eq!(reason["what"], "ECDSA on Brainpool P-256");
        assert_eq!(reason["engine"], engine);
        assert_eq!(reason["supported_by"], serde_json::json!(supported_by));
        let warning = &json["requirements"][0]["key_warnings"][0];
        assert_eq!(warning["kind"], "unsupported-key");
        assert_eq!(warning["supported_by"], serde_json::json!(supported_by));
    }

    // It outranks what other signatures prove wrong, and nothing that one proves right.
    let wrong = Image::new(fixture.name(), fixture.manifest())
        .with_signature(common::read("signatures/algorithms/rsa2048-good.gpg"))
        .with_signature(signature());
    assert_eq!(code(&verifier(&[BOTH]), &wrong), "unsupported-signature");
    let both = image.with_signature(fixture.signature());
    assert_eq!(code(&verifier(&[BOTH]), &both), "accepted");
    assert_eq!(code(&verifier(&[SIGNED]), &wrong), "unknown-key");

    // Where there is no signature to judge, it is the key that cannot be used.
    let problems = verifier(&[SIGNED, BRAINPOOL, BOTH])
        .load_keys()
        .expect_err("one source holds nothing that can be used");
    let problems: Vec<_> = problems.problems().collect();
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert!(
        problem.to_string().starts_with(
            "the requirement trusts no key that this engine can use: keys/brainpoolP256r1.gpg"
        ),
        "{problem}"
    );
}

#[test]
fn one_verifier_serves_many_threads() {
    let verifier = verifier(&[SIGNED]);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let verifier = &verifier;
            scope.spawn(move || {
                for round in 0..25 {
                    let good = (thread + round) % 2 == 0;
                    let fixture = if good { Fixture::ED25519 } else { Fixture::RSA };
                    let expected = if good { "accepted" } else { "unknown-key" };
                    assert_eq!(code(verifier, &fixture.image()), expected);
                }
            });
        }
    });
}

#[test]
fn the_report_says_it_all() {
    let fixture = Fixture::ED25519;
    let image = Image::new(fixture.name(), &b"{}"[..])
        .with_signature(Fixture::RSA.signature())
        .with_signature(fixture.signature());
    let error = verifier(&[SIGNED, REJECT])
        .verify(&image)
        .expect_err("another manifest");
    assert_eq!(error.category(), Category::Rejected);
    assert_eq!(error.code(), "digest-mismatch");
    let Error::Rejected(report) = &error else {
        panic!("{error:?}");
    };
    let signed = Digest::of(&fixture.manifest());
    let actual = Digest::of(b"{}");
    let TrustedSigner::OpenPgp(key) = &report.requirements[0].trusted_signers[0] else {
        panic!("{report}");
    };
    let unknown = match &report.requirements[0].signatures[0].outcome {
        containers_sigpolicy::verdict::SignatureOutcome::Rejected { reason, .. } => {
            reason.to_string()
        }
        other => panic!("{other:?}"),
    };
    let mismatch = format!(
        "the signature is for the manifest {signed}, but the image's manifest is {actual}: the image was changed, or pushed again under the same name, or a mirror serves old bytes"
    );
    let engine = report.engine.as_ref().expect("signatures were judged");
    let user_id = key.user_id.as_deref().expect("the key has a user ID");
    let policy = Digest::of(policy_text(&[SIGNED, REJECT]).as_bytes());
    let short = |digest: &Digest| digest.to_string().chars().take(19).collect::<String>();
    assert_eq!(
        format!("{report:#}"),
        format!(
            "\
rejected: docker://registry.example/app/web:1.4.2 [digest-mismatch]
  cause:   a good signature of 2025-06-01T12:00:00Z, but not for what came: the image was changed,
           or pushed again under the same name, or a mirror serves old bytes
  where:   signature 2; none of 2 counts: 1 unknown-key, 1 digest-mismatch
  policy:  given as bytes, line 1, the default, 1 of 2 that must all accept, {}…
  do:      do not run it; compare it with the registry of origin; if it is meant, have it signed
  identity: registry.example/app/web:1.4.2
  policy: given as bytes, {}
  policy scope: the policy's default
  manifest: {actual}
  engine: {} ({}), cryptographic policy standard, judged at 2026-01-15T12:00:00Z
  requirement 1 of 2, signedBy GPGKeys, keyPath keys/ed25519.gpg, matchRepoDigestOrExact: rejected, digest-mismatch
    trusts {} \"{user_id}\", from keys/ed25519.gpg
    signature 1: unknown-key, {unknown}
    signature 2: digest-mismatch, {mismatch}
  requirement 2 of 2, reject: not evaluated
",
            short(&policy),
            policy,
            engine.name,
            engine.version,
            key.fingerprint
        )
    );
    let json = json::of(report, "verify");
    assert_eq!(json["rejection"]["code"], "digest-mismatch");
    assert_eq!(json["rejection"]["signed"], signed.to_string());
    assert_eq!(json["rejection"]["actual"], actual.to_string());
    assert_eq!(
        json["requirements"][0]["signatures"][0]["reason"]["code"],
        "unknown-key"
    );
    assert_eq!(
        json["requirements"][1]["outcome"]["verdict"],
        "not-evaluated"
    );
}

#[test]
fn a_verdict_names_the_policy_that_decided() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("policy.json");
    let image = Fixture::ED25519.image();
    for (requirement, accepted) in [(ACCEPT, true), (REJECT, false)] {
        let text = policy_text(&[requirement]);
        std::fs::write(&file, &text).expect("a file");
        let read = Policy::from_file(&file).expect("a valid policy");
        let origin = format!(
            "{}, named explicitly, {}",
            file.display(),
            Digest::of(text.as_bytes())
        );
        let verdict = Verifier::new(read.clone()).verify(&image);
        let report = match &verdict {
            Ok(accepted) => accepted.report(),
            Err(error) => {
                let end = format!(" (the policy: {origin})");
                assert!(error.to_string().ends_with(&end), "{error}");
                error.report().expect("a rejection")
            }
        };
        assert_eq!(report.is_accepted(), accepted);
        assert_eq!(report.policy, *read.origin());
        let line = format!("\n  policy: {origin}\n");
        let whole = format!("{report:#}");
        assert!(whole.contains(&line), "{whole}");
        let json = serde_json::to_value(report).expect("a report is JSON");
        assert_eq!(json["policy"]["place"], "explicit");
        assert_eq!(json["policy"]["file"], file.to_str().expect("UTF-8"));
        assert_eq!(
            json["policy"]["digest"],
            Digest::of(text.as_bytes()).to_string()
        );
    }
    let made = Verifier::new(Policy::new(Requirement::Reject)).verify(&image);
    let error = made.expect_err("all is rejected");
    assert!(!error.to_string().contains("policy:"), "{error}");
    let report = format!("{:#}", error.report().expect("a rejection"));
    assert!(report.contains("\n  policy: made in code\n"), "{report}");
}

#[test]
fn hostile_names_do_not_forge_lines() {
    let path = "/missing\n  do: run it";
    let requirement =
        serde_json::json!({"type": "signedBy", "keyType": "GPGKeys", "keyPath": path});
    let report = verifier(&[&requirement.to_string()])
        .verify(&Fixture::ED25519.image())
        .expect_err("there are no keys");
    let text = format!("{:#}", report.report().expect("a rejection"));
    let steps = text.lines().filter(|line| line.starts_with("  do:"));
    assert_eq!(steps.count(), 1, "{text}");
    assert!(text.contains("missing"), "{text}");
}
