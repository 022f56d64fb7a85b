//! Images with all their signatures.

use serde_json::json;

use crate::case::{Asked, Case, Stored, Wanted};
use crate::keys::{KEY, any_tag};
use crate::material::Signature;

pub const ALLOWED: &str = "TestPRSigstoreSignedIsRunningImageAllowed";

pub fn cases() -> Vec<Case> {
    let [valid, name] = KEY;
    let two = "fixtures/dir-img-cosign-valid-2";
    let tagged = "fixtures/dir-img-cosign-valid-with-tag";
    let testing = "testing/manifest:latest";
    let none = Wanted::Rejected("no-signature");
    let other = Wanted::Rejected("identity-mismatch");
    let rows = [
        ("valid", valid, name, Wanted::Accepted),
        ("unsigned", "fixtures/dir-img-unsigned", testing, none),
        (
            "simple-signing-alone",
            "fixtures/dir-img-valid",
            testing,
            none,
        ),
        (
            "other-attachment-alone",
            "fixtures/dir-img-cosign-other-attachment",
            testing,
            none,
        ),
        ("other-name", valid, "testing/manifest:notlatest", other),
        ("two", two, name, Wanted::Accepted),
        (
            "one-of-two",
            "fixtures/dir-img-cosign-mixed",
            name,
            Wanted::Accepted,
        ),
        ("two-of-other-name", two, "this/does-not:match", other),
    ];
    let exact = [
        (
            "tag",
            tagged,
            "192.168.64.2:5000/skopeo-signed:tag",
            Wanted::Accepted,
        ),
        (
            "other-tag",
            tagged,
            "192.168.64.2:5000/skopeo-signed:othertag",
            other,
        ),
        ("cosign-signs-no-tag", valid, name, other),
    ];
    let case = |name: &str, image, rule: &str, wanted| Case {
        name: format!("image::{name}"),
        test: ALLOWED,
        requirement: any_tag(
            json!({ "keyPath": "fixtures/cosign.pub", "signedIdentity": { "type": rule } }),
        ),
        asked: Asked::Image(image),
        wanted,
    };
    let unreadable = Stored::new(valid, name).with_signature(Signature::Unreadable);
    let mut cases = vec![case(
        "unreadable-signature",
        unreadable,
        "matchRepository",
        Wanted::Undecided("signature-unreadable"),
    )];
    for (rows, rule) in [
        (rows.as_slice(), "matchRepository"),
        (exact.as_slice(), "matchExact"),
    ] {
        cases.extend(rows.iter().map(|(name, folder, reference, wanted)| {
            case(name, Stored::new(folder, reference), rule, *wanted)
        }));
    }
    cases
}
