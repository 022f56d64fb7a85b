//! Policies made in code keep the reader's rules.

use super::*;

fn empty_key<T: std::fmt::Debug>(result: Result<T, InvalidPolicy>) -> &'static str {
    match result {
        Err(InvalidPolicy::Empty { key }) => key,
        other => panic!("{other:?}"),
    }
}

#[test]
fn requirements_are_not_empty() {
    let error = Requirements::new([]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a list of requirements must not be empty"
    );
    let two = Requirements::new([Requirement::Reject, Requirement::Reject]).unwrap();
    assert_eq!(two.as_slice().len(), 2);
    assert_eq!(two.iter().count(), 2);
    assert_eq!((&two).into_iter().count(), 2);
    assert_ne!(two, Requirements::from(Requirement::Reject));
}

#[test]
fn key_sources() {
    let new = |keys| SignedBy::new(KeyType::GpgKeys, keys, SignedIdentity::default());
    assert_eq!(empty_key(new(KeySource::Path(String::new()))), "keyPath");
    for keys in [
        KeySource::Path("k".into()),
        KeySource::Paths(vec![]),
        KeySource::Data(vec![]),
    ] {
        let requirement = new(keys.clone()).unwrap();
        assert_eq!(requirement.keys(), &keys);
        let policy = Policy::new(Requirement::from(requirement));
        assert_eq!(read(&policy.to_json()), policy);
    }
}

#[test]
fn sigstore_has_no_empty_text_and_no_empty_demand() {
    let new = |trust| SigstoreSigned::new(trust, SignedIdentity::default());
    let empty = [
        SigstoreKeys::Path(String::new()),
        SigstoreKeys::Paths(vec![]),
        SigstoreKeys::Data(vec![]),
        SigstoreKeys::Datas(vec![]),
    ];
    let key_names = ["keyPath", "keyPaths", "keyData", "keyDatas"];
    let rekor_names = [
        "rekorPublicKeyPath",
        "rekorPublicKeyPaths",
        "rekorPublicKeyData",
        "rekorPublicKeyDatas",
    ];
    for (index, keys) in empty.into_iter().enumerate() {
        let good = SigstoreKeys::Path("k".into());
        let trust = SigstoreTrust::keys(keys.clone(), None);
        if matches!(keys, SigstoreKeys::Data(_)) {
            // Nobody is trusted, as with empty data in a `SignedBy`.
            let policy = Policy::new(Requirement::from(new(trust).unwrap()));
            assert_eq!(read(&policy.to_json()), policy);
        } else {
            assert_eq!(empty_key(new(trust)), key_names[index]);
        }
        let trust = SigstoreTrust::keys(good, Some(keys.clone()));
        assert_eq!(empty_key(new(trust)), rekor_names[index]);
        let fulcio = Fulcio::new(CertificateSource::Path("c".into()), "i", "s").unwrap();
        let trust = SigstoreTrust::fulcio(fulcio, keys);
        assert_eq!(empty_key(new(trust)), rekor_names[index]);
    }
    let path = |path: &str| CertificateSource::Path(path.to_owned());
    let no_data = CertificateSource::Data(vec![]);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(empty_key(Fulcio::new(path(""), "i", "s")), "caPath");
    assert!(Fulcio::new(no_data.clone(), "i", "s").is_ok());
    assert_eq!(empty_key(Fulcio::new(path("c"), "", "s")), "oidcIssuer");
    assert_eq!(empty_key(Fulcio::new(path("c"), "i", "")), "subjectEmail");
    assert_eq!(
        empty_key(Pki::new(path(""), None, some("s"), None)),
        "caRootsPath"
    );
    assert!(Pki::new(no_data.clone(), None, some("s"), None).is_ok());
    assert_eq!(
        empty_key(Pki::new(path("c"), Some(path("")), some("s"), None)),
        "caIntermediatesPath"
    );
    assert_eq!(
        empty_key(Pki::new(path("c"), Some(no_data), some("s"), None)),
        "caIntermediatesData"
    );
    assert_eq!(
        empty_key(Pki::new(path("c"), None, some(""), some("h"))),
        "subjectEmail"
    );
    assert_eq!(
        empty_key(Pki::new(path("c"), None, some("s"), some(""))),
        "subjectHostname"
    );
    let no_subject = Pki::new(path("c"), None, None, None);
    assert!(matches!(no_subject, Err(InvalidPolicy::NoSubject)));
}

#[test]
fn whole_policies_read_back_equal() {
    let identity: SignedIdentity = RemapIdentity::new("a.b", "c.d/e").unwrap().into();
    let sigstore = |trust| Requirement::from(SigstoreSigned::new(trust, identity.clone()).unwrap());
    let certificates = [
        CertificateSource::Path("c".into()),
        CertificateSource::Data(vec![0, 255]),
    ];
    let keys = [
        SigstoreKeys::Path("k".into()),
        SigstoreKeys::Paths(vec!["k".into(), "l".into()]),
        SigstoreKeys::Data(vec![1]),
        SigstoreKeys::Datas(vec![vec![2], vec![]]),
    ];
    let mut list = vec![
        Requirement::InsecureAcceptAnything,
        Requirement::Reject,
        SignedBaseLayer::new(ExactRepository::new("a.b/c").unwrap().into()).into(),
        signed_by(KeySource::Data((0..=255).collect())),
    ];
    for keys in keys {
        list.push(sigstore(SigstoreTrust::keys(keys.clone(), None)));
        list.push(sigstore(SigstoreTrust::keys(
            keys.clone(),
            Some(keys.clone()),
        )));
        for ca in certificates.clone() {
            let fulcio = Fulcio::new(ca, "https://i", "s@example.org").unwrap();
            list.push(sigstore(SigstoreTrust::fulcio(fulcio, keys.clone())));
        }
    }
    for roots in certificates.clone() {
        for intermediates in [
            None,
            Some(certificates[0].clone()),
            Some(certificates[1].clone()),
        ] {
            for (email, hostname) in [(true, false), (false, true), (true, true)] {
                let text = |wanted: bool| wanted.then(|| "s".to_owned());
                let pki = Pki::new(
                    roots.clone(),
                    intermediates.clone(),
                    text(email),
                    text(hostname),
                );
                list.push(sigstore(SigstoreTrust::Pki(pki.unwrap())));
            }
        }
    }
    let policy = Policy::builder(Requirements::new(list.clone()).unwrap())
        .transport_default("docker", Requirement::Reject)
        .scope("docker", "a.b/c", Requirements::new(list).unwrap())
        .build()
        .unwrap();
    assert_eq!(read(&policy.to_json()), policy);
    assert_eq!(policy.scopes().count(), 3);
}

#[test]
fn the_builder_checks_scopes() {
    let build = |transport: &str, scope: &str| {
        Policy::builder(Requirement::Reject)
            .scope(transport, scope, Requirement::Reject)
            .build()
    };
    for (transport, scope) in [
        ("dir", "/a"),
        ("dir", ""),
        ("ostree", "anything"),
        ("", ""),
        ("docker", "x"),
    ] {
        assert!(build(transport, scope).is_ok());
    }
    let error = build("dir", "a").unwrap_err();
    assert!(
        matches!(&error, InvalidPolicy::Scope { transport: "dir", scope, .. } if scope == "a"),
        "{error}"
    );
    let error = Policy::builder(Requirement::Reject)
        .transport_default("docker", Requirement::Reject)
        .scope("docker", "", Requirement::InsecureAcceptAnything)
        .scope("dir", "a", Requirement::Reject)
        .build()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the scope \"\" of the transport docker is given twice"
    );
}
