//! Certificates of signers.
//!
//! The image of `fulcio-cert`, `rekor-set` and the like is not among the fixtures. What its signature proves is about another
//! image than the one here: `digest-mismatch` says that all that containers/image tests of it was good.

use serde_json::{Value, json};

use crate::case::{Asked, Case, Stored, Wanted};
use crate::keys::{self, any_tag, image, of_fulcio, of_pki};
use crate::log::{By, Edit, LogChange};
use crate::material::{CERTIFICATE, CHAIN, Change, Signature};

pub const FULCIO: &str = "TestFulcioTrustRootVerifyFulcioCertificateAtTime";
pub const REKOR_FULCIO: &str = "TestVerifyRekorFulcio";
pub const PKI: &str = "TestPKIVerify";

/// What comes of a signature of which all is good, but that is about another image than the one here.
pub const PROVEN: Wanted = Wanted::Rejected("digest-mismatch");

/// A time within the certificate's, as the log has recorded it, and the first ones before and after.
const TIMES: [(&str, i64, Wanted); 4] = [
    (
        "time-too-early",
        1_670_870_897,
        Wanted::Rejected("certificate-expired"),
    ),
    ("time-first", 1_670_870_898, PROVEN),
    ("time-last", 1_670_871_498, PROVEN),
    (
        "time-too-late",
        1_670_871_499,
        Wanted::Rejected("certificate-expired"),
    ),
];

pub fn cases() -> Vec<Case> {
    [fulcio(), pki()].into_iter().flatten().collect()
}

/// The image of which nothing but the signature is there, with another manifest.
pub fn loose() -> Stored {
    Stored::new(
        "fixtures/dir-img-cosign-valid",
        "192.168.64.2:5000/test-repo-2100826901021538654/alpine",
    )
    .with_signature(Signature::Loose)
}

fn case(name: &str, test: &'static str, requirement: Value, image: Stored, wanted: Wanted) -> Case {
    Case {
        name: format!("certificate::{name}"),
        test,
        requirement: any_tag(requirement),
        asked: Asked::Image(image),
        wanted,
    }
}

fn fulcio() -> Vec<Case> {
    let with =
        |fulcio: Value| json!({ "fulcio": fulcio, "rekorPublicKeyPath": "fixtures/rekor.pub" });
    let good = || with(of_fulcio("mitr@redhat.com"));
    let mut by_chain = of_fulcio("mitr@redhat.com");
    by_chain["caPath"] = "fixtures/fulcio-chain".into();
    let mut other_issuer = of_fulcio("mitr@redhat.com");
    other_issuer["oidcIssuer"] = "this does not match".into();
    let malformed = Wanted::Rejected("certificate-malformed");
    let mismatch = Wanted::Rejected("signer-mismatch");
    let rows = [
        ("good", FULCIO, good(), loose(), PROVEN),
        (
            "invalid-chain",
            FULCIO,
            good(),
            loose().with(Change::Annotation(CHAIN, "not a certificate")),
            malformed,
        ),
        (
            "invalid",
            FULCIO,
            good(),
            loose().with(Change::Annotation(CERTIFICATE, "not a certificate")),
            malformed,
        ),
        (
            "empty",
            FULCIO,
            good(),
            loose().with(Change::Annotation(CERTIFICATE, "")),
            malformed,
        ),
        (
            "twice",
            FULCIO,
            good(),
            loose().with(Change::Doubled(CERTIFICATE)),
            malformed,
        ),
        (
            "no-chain",
            FULCIO,
            good(),
            loose().with(Change::Annotation(CHAIN, "")),
            Wanted::Rejected("certificate-untrusted"),
        ),
        (
            "no-chain-but-trusted-issuer",
            FULCIO,
            with(by_chain),
            loose().with(Change::Without(CHAIN)),
            PROVEN,
        ),
        (
            "other-issuer",
            FULCIO,
            with(other_issuer),
            loose(),
            mismatch,
        ),
        ("and-log-good", REKOR_FULCIO, good(), loose(), PROVEN),
        (
            "and-log-other-email",
            REKOR_FULCIO,
            with(of_fulcio("this-does-not-match@example.com")),
            loose(),
            mismatch,
        ),
        (
            "and-log-other-payload",
            REKOR_FULCIO,
            good(),
            loose().with(Change::Payload("this payload does not match")),
            Wanted::Rejected("log-entry-mismatch"),
        ),
    ];
    let rows = rows.map(|(name, test, requirement, image, wanted)| {
        case(&format!("fulcio-{name}"), test, requirement, image, wanted)
    });
    let times = TIMES.map(|(name, time, wanted)| {
        let edit = Edit::Set("", "integratedTime", time.into());
        let image = loose().with(Change::Log(LogChange::Entry(edit, By::Test)));
        let fulcio = of_fulcio("mitr@redhat.com");
        let requirement = json!({ "fulcio": fulcio, "rekorPublicKeyData": "@log" });
        case(
            &format!("fulcio-{name}"),
            FULCIO,
            requirement,
            image,
            wanted,
        )
    });
    rows.into_iter().chain(times).collect()
}

fn pki() -> Vec<Case> {
    let with = |pki: Value| json!({ "pki": pki });
    let mut roots_alone = of_pki();
    roots_alone
        .as_object_mut()
        .map(|members| members.remove("caIntermediatesPath"));
    let subject = |member: &str, value: &str| {
        let mut pki = of_pki();
        pki[member] = value.into();
        json!({ "pki": pki })
    };
    let malformed = Wanted::Rejected("certificate-malformed");
    let mismatch = Wanted::Rejected("signer-mismatch");
    let stored = || image(keys::PKI);
    let loose = || {
        stored()
            .with(Change::AnnotationFile(CERTIFICATE, "fixtures/pki-cert"))
            .with(Change::AnnotationFile(CHAIN, "fixtures/pki-chain"))
    };
    let without_chain = || stored().with(Change::Annotation(CHAIN, ""));
    let rows = [
        ("good", with(of_pki()), loose(), Wanted::Accepted),
        (
            "invalid-chain",
            with(of_pki()),
            stored().with(Change::Annotation(CHAIN, "not a certificate")),
            malformed,
        ),
        (
            "invalid",
            with(of_pki()),
            stored().with(Change::Annotation(CERTIFICATE, "not a certificate")),
            malformed,
        ),
        (
            "no-intermediate",
            with(roots_alone.clone()),
            without_chain(),
            Wanted::Rejected("certificate-untrusted"),
        ),
        (
            "intermediate-of-policy",
            with(of_pki()),
            without_chain(),
            Wanted::Accepted,
        ),
        (
            "intermediate-of-signature",
            with(roots_alone),
            loose(),
            Wanted::Accepted,
        ),
        (
            "other-host",
            subject("subjectHostname", "this-does-not-match.example.com"),
            stored(),
            mismatch,
        ),
        (
            "other-email",
            subject("subjectEmail", "this-does-not-match@example.com"),
            stored(),
            mismatch,
        ),
    ];
    let rows = rows.into_iter().map(|(name, requirement, image, wanted)| {
        case(&format!("pki-{name}"), PKI, requirement, image, wanted)
    });
    rows.collect()
}
