use super::*;
use crate::json_output;
use crate::testing::{
    contents, digest_causes, mismatch_causes, reasons, refusals, sigstore_refusals,
};

#[test]
fn what_was_not_checked_outweighs_what_is_bad() {
    let bad = Reason::from(Refusal::NotSigned);
    let unknown = Reason::from(Refusal::UnknownKey {
        issuers: Vec::new(),
    });
    let unreadable = Reason::SignatureUnreadable {
        detail: String::new(),
    };
    let nothing: [&Reason; 0] = [];
    assert_eq!(Reason::headline(nothing), None);
    for (reasons, headline) in [
        (vec![&bad, &unknown], &unknown),
        (vec![&unknown, &bad], &unknown),
        (vec![&bad, &unreadable, &unknown], &unreadable),
        (vec![&unreadable, &bad], &unreadable),
    ] {
        assert_eq!(Reason::headline(reasons), Some(headline));
    }
}

#[test]
fn every_reason_is_an_object_that_the_schema_knows() {
    let mut codes = std::collections::BTreeSet::new();
    for reason in reasons() {
        let json = json_output::of(&reason, "reason");
        assert_eq!(json["code"], reason.code());
        assert_eq!(json["message"], reason.to_string());
        assert!(!reason.to_string().contains('\n'));
        let is_of_both = matches!(
            &reason,
            Reason::Sigstore(
                SigstoreRefusal::BadSignature { .. } | SigstoreRefusal::UnusableKey { .. }
            )
        );
        assert_eq!(
            codes.insert(reason.code()),
            !is_of_both,
            "{reason}: not its own code"
        );
    }
}

#[test]
fn an_engine_s_refusal_is_known_by_its_code() {
    let codes: Vec<&str> = refusals().iter().map(Refusal::code).collect();
    assert_eq!(codes, Refusal::CODES);
}

#[test]
fn a_refusal_of_sigstore_is_known_by_its_code_and_members() {
    let codes: Vec<&str> = sigstore_refusals()
        .iter()
        .map(SigstoreRefusal::code)
        .collect();
    assert_eq!(codes, SigstoreRefusal::CODES);
    for refusal in sigstore_refusals() {
        let reason = Reason::from(refusal);
        let json = serde_json::to_value(&reason).unwrap();
        assert_eq!(serde_json::from_value::<Reason>(json).unwrap(), reason);
    }
}

#[test]
fn every_cause_of_a_mismatch_is_one_that_the_schema_knows() {
    for cause in mismatch_causes() {
        let reason = Reason::IdentityMismatch {
            signed: text(),
            demanded: text(),
            rule: text(),
            cause,
        };
        json_output::of(&reason, "reason");
    }
}

#[test]
fn every_cause_of_another_digest_is_one_that_the_schema_knows() {
    for cause in digest_causes() {
        let json = json_output::of(&cause, "digest-cause");
        assert_eq!(json["code"], cause.code());
        assert_eq!(json["message"], cause.to_string());
        assert_eq!(json["remedy"], cause.remedy());
        let reason = Reason::ManifestDigestMismatch {
            demanded: digest(),
            actual: digest(),
            cause: cause.into(),
        };
        json_output::of(&reason, "reason");
    }
}

#[test]
fn every_content_is_one_that_the_schema_knows() {
    for content in contents() {
        let reason = Reason::SignatureFormatUnknown {
            signature: 1,
            name: None,
            detail: content.to_string(),
            found: Some(content.clone()),
        };
        json_output::of(&reason, "reason");
        let warnings = vec![KeyWarning::NoKeyFound {
            origin: text(),
            detail: content.to_string(),
            found: Some(content),
        }];
        json_output::of(&Reason::KeyInvalid { warnings }, "reason");
    }
}

#[test]
fn the_schema_knows_no_more_and_no_less() {
    let good = json_output::of(&Reason::ListMissing { instance: digest() }, "reason");
    assert_eq!(json_output::fits(&good, "reason"), Ok(()));
    let change = |change: fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut object = good.clone();
        change(object.as_object_mut().unwrap());
        json_output::fits(&object, "reason")
    };
    assert!(change(|object| drop(object.insert("new".into(), 1.into()))).is_err());
    assert!(change(|object| drop(object.insert("code".into(), "new".into()))).is_err());
    assert!(change(|object| drop(object.insert("instance".into(), "x".into()))).is_err());
    for member in ["code", "message", "instance"] {
        let mut object = good.clone();
        object.as_object_mut().unwrap().remove(member);
        assert!(json_output::fits(&object, "reason").is_err(), "{member}");
    }
}

fn digest() -> Digest {
    Digest::of(b"")
}

fn text() -> String {
    "text".to_owned()
}
