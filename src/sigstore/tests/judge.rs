//! Which signatures prove their payload.

use super::super::attachment::{Attachment, annotation};
use super::super::judge::{ProvenSigner, judge_by_keys};
use super::super::refusal::{LogEntryPart, SigstoreRefusal};
use super::super::trust::KeyTrust;
use super::made::{
    Maker, PAYLOAD, attachment, base64, body, body_of, entry, keys, keys_and_log, trusted,
};
use super::material::{DSA, ED25519, RSA_1023, X25519, pem};

/// The place of the key that signed, or the code of the refusal.
fn judge(attachment: &Attachment, trust: &KeyTrust) -> Result<usize, &'static str> {
    let proven = judge_by_keys(attachment, trust).map_err(|refusal| refusal.code())?;
    assert_eq!(proven.payload(), attachment.payload);
    assert_eq!(proven.log_entry().is_some(), trust.logs.is_some());
    let ProvenSigner::Key {
        index,
        key,
        algorithm,
    } = proven.signer()
    else {
        panic!("{:?}", proven.signer());
    };
    assert_eq!(*key, trust.keys[*index].reference());
    assert_eq!(*algorithm, trust.keys[*index].algorithm());
    Ok(*index)
}

fn with(mut attachment: Attachment, name: &str, text: &str) -> Attachment {
    attachment
        .annotations
        .insert(name.to_owned(), text.to_owned());
    attachment
}

fn without(mut attachment: Attachment, name: &str) -> Attachment {
    assert!(attachment.annotations.remove(name).is_some());
    attachment
}

fn logged() -> Attachment {
    attachment(&Maker::signer(), Some(entry(body().to_string())))
}

#[test]
fn without_logs_each_key_may_have_signed() {
    let [signer, stranger] = [Maker::signer(), Maker::stranger()];
    let usual = attachment(&signer, None);
    let [a, b] = [signer.trusted("a"), stranger.trusted("b")];
    assert_eq!(judge(&usual, &keys(vec![a.clone()])), Ok(0));
    assert_eq!(judge(&usual, &keys(vec![b.clone(), a.clone()])), Ok(1));
    assert_eq!(judge(&usual, &keys(vec![b.clone()])), Err("bad-signature"));
    assert_eq!(judge(&usual, &keys(vec![])), Err("bad-signature"));
    let changed = Attachment {
        payload: b"payloae".to_vec(),
        ..usual.clone()
    };
    assert_eq!(
        judge(&changed, &keys(vec![a.clone(), b])),
        Err("bad-signature")
    );
    // Entries of logs are not looked at then.
    let noise = with(usual, annotation::LOG_ENTRY, "noise");
    assert_eq!(judge(&noise, &keys(vec![a])), Ok(0));
}

#[test]
fn the_annotation_for_the_signature_is_needed_and_is_base64() {
    let trust = keys(vec![Maker::signer().trusted("a")]);
    let usual = attachment(&Maker::signer(), None);
    let text = usual.annotation(annotation::SIGNATURE).unwrap().to_owned();
    let missing = without(usual.clone(), annotation::SIGNATURE);
    assert_eq!(judge(&missing, &trust), Err("signature-incomplete"));
    let lines = format!("{}\r\n{}\n", &text[..7], &text[7..]);
    let lines = with(usual.clone(), annotation::SIGNATURE, &lines);
    assert_eq!(judge(&lines, &trust), Ok(0));
    for wrong in [
        "",
        "*",
        &text[1..],
        &format!("{text} "),
        &text.replace('=', ""),
    ] {
        if wrong != text {
            let wrong = with(usual.clone(), annotation::SIGNATURE, wrong);
            assert_eq!(judge(&wrong, &trust), Err("bad-signature"));
        }
    }
}

#[test]
fn with_logs_an_entry_is_needed() {
    let trust = keys_and_log(vec![Maker::signer().trusted("a")]);
    assert_eq!(judge(&logged(), &trust), Ok(0));
    let missing = attachment(&Maker::signer(), None);
    assert_eq!(judge(&missing, &trust), Err("signature-incomplete"));
    let empty = with(logged(), annotation::LOG_ENTRY, "");
    assert_eq!(judge(&empty, &trust), Err("log-entry-malformed"));
    let unsigned = without(logged(), annotation::SIGNATURE);
    assert_eq!(judge(&unsigned, &trust), Err("signature-incomplete"));
    let noise = with(logged(), annotation::SIGNATURE, "*");
    assert_eq!(judge(&noise, &trust), Err("bad-signature"));
    let no_log = KeyTrust {
        logs: Some([].into()),
        ..trust
    };
    assert_eq!(judge(&logged(), &no_log), Err("log-entry-untrusted"));
}

#[test]
fn the_key_of_the_entry_is_the_only_candidate() {
    let [signer, stranger] = [Maker::signer(), Maker::stranger()];
    let [a, b] = [signer.trusted("a"), stranger.trusted("b")];
    assert_eq!(
        judge(&logged(), &keys_and_log(vec![b.clone(), a.clone()])),
        Ok(1)
    );
    let trust = keys_and_log(vec![b.clone()]);
    let Err(SigstoreRefusal::LogEntryMismatch {
        part,
        recorded,
        expected,
    }) = judge_by_keys(&logged(), &trust)
    else {
        panic!("another key was taken");
    };
    assert_eq!(part, LogEntryPart::Key);
    assert_eq!(recorded, Some(a.key.key_id().to_string()));
    assert_eq!(expected, [b.key.key_id().to_string()]);
    // The signature of one key, with an entry that names another, both trusted.
    let signature = signer.sign(PAYLOAD);
    let crossed = entry(body_of(&stranger.pem(), &signature, PAYLOAD).to_string());
    let crossed = attachment(&signer, Some(crossed));
    assert_eq!(
        judge(&crossed, &keys_and_log(vec![a, b])),
        Err("bad-signature")
    );
}

#[test]
fn the_entry_is_of_this_signature_over_this_payload() {
    let [signer, stranger] = [Maker::signer(), Maker::stranger()];
    let trust = keys_and_log(vec![signer.trusted("a"), stranger.trusted("b")]);
    let signature = signer.sign(PAYLOAD);
    let other = &b"other"[..];
    for (logged, payload) in [
        (signer.sign(other), other),
        (signer.sign(other), PAYLOAD),
        (signature, other),
    ] {
        let about = entry(body_of(&signer.pem(), &logged, payload).to_string());
        let about = attachment(&signer, Some(about));
        assert_eq!(judge(&about, &trust), Err("log-entry-mismatch"));
    }
    // A log records whatever it is given.
    let noise = entry(body_of(&signer.pem(), b"noise", PAYLOAD).to_string());
    let noise = with(
        attachment(&signer, Some(noise)),
        annotation::SIGNATURE,
        &base64("noise"),
    );
    assert_eq!(judge(&noise, &trust), Err("bad-signature"));
}

#[test]
fn a_candidate_of_an_unusable_kind_spoils_all() {
    let usual = attachment(&Maker::signer(), None);
    let good = || Maker::signer().trusted("a");
    for data in [X25519, DSA] {
        let other = || trusted(&pem("PUBLIC KEY", data), "b");
        for list in [vec![good(), other()], vec![other(), good()], vec![other()]] {
            assert_eq!(judge(&usual, &keys(list)), Err("key-invalid"));
        }
        // With a log it is a candidate only if the entry names it.
        assert_eq!(
            judge(&logged(), &keys_and_log(vec![good(), other()])),
            Ok(0)
        );
        let named =
            entry(body_of(&pem("X", data), &Maker::signer().sign(PAYLOAD), PAYLOAD).to_string());
        let named = attachment(&Maker::signer(), Some(named));
        assert_eq!(
            judge(&named, &keys_and_log(vec![other(), good()])),
            Err("key-invalid")
        );
    }
    let before = |data| vec![trusted(&pem("PUBLIC KEY", data), "b"), good()];
    assert_eq!(judge(&logged(), &keys_and_log(before(X25519))), Ok(1));
    // Go cannot write it anew, and gives up.
    assert_eq!(
        judge(&logged(), &keys_and_log(before(DSA))),
        Err("key-invalid")
    );
}

#[test]
fn weak_keys_spoil_nothing() {
    for data in [RSA_1023.spki, ED25519.spki] {
        let list = vec![
            trusted(&pem("PUBLIC KEY", data), "b"),
            Maker::signer().trusted("a"),
        ];
        let usual = attachment(&Maker::signer(), None);
        assert_eq!(judge(&usual, &keys(list.clone())), Ok(1));
        assert_eq!(judge(&logged(), &keys_and_log(list)), Ok(1));
    }
    let weak = KeyTrust {
        keys: [trusted(&pem("PUBLIC KEY", RSA_1023.spki), "b")].into(),
        logs: None,
    };
    let mut signed = attachment(&Maker::signer(), None);
    signed.payload = super::material::MESSAGE.to_vec();
    let signed = with(signed, annotation::SIGNATURE, RSA_1023.signature);
    assert_eq!(judge(&signed, &weak), Err("bad-signature"));
}
