//! Reading `sigstoreSigned` requirements.
//!
//! containers/image takes an empty or `null` optional member for an absent one, and so drops the demand for a Rekor log
//! silently. Here such a demand is an error. Only in `pki` do empty optional members count as absent, as they do there;
//! a subject must remain. Empty data for keys or roots is accepted, and trusts nobody.

use super::identity::signed_identity_or_default;
use super::mistakes::Read;
use super::node::{Node, all};
use super::shape::{self, Alternative, Fields};
use super::values::{base64, text, texts};
use crate::policy::error::{InvalidPolicy, PolicyErrorKind};
use crate::policy::sigstore::{KEYS, REKOR_KEYS};
use crate::policy::{CertificateSource, Fulcio, Pki, SigstoreKeys, SigstoreSigned, SigstoreTrust};

/// Who vouches for a signature, before it is clear whether the keys of a Rekor log are there.
enum Voucher {
    Keys(SigstoreKeys),
    Fulcio(Fulcio),
    Pki(Pki),
}

pub(super) fn sigstore_signed(fields: &Fields<'_>) -> Read<SigstoreSigned> {
    let [key_path, key_paths, key_data, key_datas] = KEYS;
    let voucher_choice = fields.exactly_one(&[
        Alternative::new(key_path, |node| key_voucher(path(node)?, node)),
        Alternative::new(key_paths, |node| key_voucher(paths(node)?, node)),
        Alternative::new(key_data, |node| key_voucher(data(node)?, node)),
        Alternative::new(key_datas, |node| key_voucher(datas(node)?, node)),
        Alternative::new("fulcio", |node| fulcio(node).map(Voucher::Fulcio)),
        Alternative::new("pki", |node| pki(node).map(Voucher::Pki)),
    ]);
    let [rekor_path, rekor_paths, rekor_data, rekor_datas] = REKOR_KEYS;
    let rekor_choice = fields.at_most_one(&[
        Alternative::new(rekor_path, path),
        Alternative::new(rekor_paths, paths),
        Alternative::new(rekor_data, data),
        Alternative::new(rekor_datas, datas),
    ]);
    let rekor = match &rekor_choice {
        Ok(Some(choice)) => choice.read().and_then(|keys| {
            let checked = keys.check_rekor();
            checked.map_err(|error| choice.node.invalid(error))?;
            Ok(Some(keys))
        }),
        Ok(None) => Ok(None),
        Err(noted) => Err(*noted),
    };
    let voucher = match &voucher_choice {
        Ok(choice) => choice.read(),
        Err(noted) => Err(*noted),
    };
    let lacks_rekor = || {
        let object = "a sigstoreSigned requirement with `fulcio`";
        fields.lacks_all(object, REKOR_KEYS.to_vec())
    };
    let fits = match (&voucher_choice, &rekor_choice) {
        (Ok(voucher), Ok(None)) if voucher.key == "fulcio" => Err(lacks_rekor()),
        (Ok(voucher), Ok(Some(rekor))) if voucher.key == "pki" => {
            Err(rekor.node.note(PolicyErrorKind::NotBeside {
                key: rekor.key,
                beside: "pki",
            }))
        }
        _ => Ok(()),
    };
    let identity = signed_identity_or_default(fields);
    fits?;
    let trust = match (voucher?, rekor?) {
        (Voucher::Keys(keys), rekor) => SigstoreTrust::Keys { keys, rekor },
        (Voucher::Fulcio(fulcio), Some(rekor)) => SigstoreTrust::Fulcio { fulcio, rekor },
        (Voucher::Fulcio(_), None) => return Err(lacks_rekor()),
        (Voucher::Pki(pki), _) => SigstoreTrust::Pki(pki),
    };
    SigstoreSigned::new(trust, identity?).map_err(|error| fields.node().invalid(error))
}

fn key_voucher(keys: SigstoreKeys, node: Node<'_>) -> Read<Voucher> {
    keys.check_keys().map_err(|error| node.invalid(error))?;
    Ok(Voucher::Keys(keys))
}

fn fulcio(node: Node<'_>) -> Read<Fulcio> {
    let [ca_path, ca_data] = Fulcio::CA;
    let fields = Fields::new(node, &shape::FULCIO, None)?;
    let ca = roots(
        &fields,
        Fulcio::CA,
        &[
            Alternative::new(ca_path, certificate_path),
            Alternative::new(ca_data, certificate_data),
        ],
    );
    let oidc_issuer = full_text(&fields, "oidcIssuer");
    let subject_email = full_text(&fields, "subjectEmail");
    Fulcio::new(ca?, oidc_issuer?, subject_email?).map_err(|error| node.invalid(error))
}

fn pki(node: Node<'_>) -> Read<Pki> {
    let [roots_path, roots_data] = Pki::ROOTS;
    let fields = Fields::new(node, &shape::PKI, None)?;
    let ca_roots = roots(
        &fields,
        Pki::ROOTS,
        &[
            Alternative::new(roots_path, certificate_path),
            Alternative::new(roots_data, certificate_data),
        ],
    );
    let intermediates = intermediates(&fields);
    let email = text_unless_empty(&fields, "subjectEmail");
    let hostname = text_unless_empty(&fields, "subjectHostname");
    Pki::new(ca_roots?, intermediates?, email?, hostname?).map_err(|error| node.invalid(error))
}

/// The certificates that are the root of all trust.
fn roots(
    fields: &Fields<'_>,
    names: [&'static str; 2],
    alternatives: &[Alternative<CertificateSource>],
) -> Read<CertificateSource> {
    let choice = fields.exactly_one(alternatives)?;
    let roots = choice.read()?;
    let checked = roots.check_roots(names);
    checked.map_err(|error| choice.node.invalid(error))?;
    Ok(roots)
}

fn intermediates(fields: &Fields<'_>) -> Read<Option<CertificateSource>> {
    let [path_key, data_key] = Pki::INTERMEDIATES;
    if let Some(path) = text_unless_empty(fields, path_key)? {
        // Beside a path, data are one too many even if they are empty.
        fields.at_most_one(&[
            Alternative::new(path_key, certificate_path),
            Alternative::new(data_key, certificate_data),
        ])?;
        return Ok(Some(CertificateSource::Path(path)));
    }
    match fields.optional(data_key) {
        Some(node) => {
            let data = Some(base64(node)?).filter(|data| !data.is_empty());
            Ok(data.map(CertificateSource::Data))
        }
        None => Ok(None),
    }
}

fn full_text(fields: &Fields<'_>, key: &'static str) -> Read<String> {
    let node = fields.required(key)?;
    let text = text(node)?;
    if text.is_empty() {
        return Err(node.invalid(InvalidPolicy::Empty { key }));
    }
    Ok(text)
}

fn text_unless_empty(fields: &Fields<'_>, key: &'static str) -> Read<Option<String>> {
    match fields.optional(key) {
        Some(node) => Ok(Some(text(node)?).filter(|text| !text.is_empty())),
        None => Ok(None),
    }
}

fn path(node: Node<'_>) -> Read<SigstoreKeys> {
    text(node).map(SigstoreKeys::Path)
}

fn paths(node: Node<'_>) -> Read<SigstoreKeys> {
    texts(node).map(SigstoreKeys::Paths)
}

fn data(node: Node<'_>) -> Read<SigstoreKeys> {
    base64(node).map(SigstoreKeys::Data)
}

fn datas(node: Node<'_>) -> Read<SigstoreKeys> {
    let datas = node.elements(None)?.into_iter().map(base64);
    all(datas).map(SigstoreKeys::Datas)
}

fn certificate_path(node: Node<'_>) -> Read<CertificateSource> {
    text(node).map(CertificateSource::Path)
}

fn certificate_data(node: Node<'_>) -> Read<CertificateSource> {
    base64(node).map(CertificateSource::Data)
}
