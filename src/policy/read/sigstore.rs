//! Reading `sigstoreSigned` requirements.
//!
//! containers/image takes an empty or `null` optional member for an absent one, and so drops the demand for a Rekor log
//! silently. Here such a demand is an error. Only in `pki` do empty optional members count as absent, as they do there;
//! a subject must remain. Empty data for keys or roots is accepted, and trusts nobody.

use super::identity::signed_identity_or_default;
use super::shape::{self, Alternative, Fields};
use super::values::{base64, invalid, text, texts};
use crate::json::Value;
use crate::policy::error::{InvalidPolicy, PolicyError, PolicyErrorKind};
use crate::policy::sigstore::{KEYS, REKOR_KEYS};
use crate::policy::{CertificateSource, Fulcio, Pki, SigstoreKeys, SigstoreSigned, SigstoreTrust};

/// Who vouches for a signature, before it is clear whether the keys of a Rekor log are there.
enum Voucher {
    Keys(SigstoreKeys),
    Fulcio(Fulcio),
    Pki(Pki),
}

pub(super) fn sigstore_signed(fields: &Fields<'_>) -> Result<SigstoreSigned, PolicyError> {
    let [key_path, key_paths, key_data, key_datas] = KEYS;
    let voucher = fields.exactly_one(&[
        Alternative::new(key_path, |value| key_voucher(path(value)?, value)),
        Alternative::new(key_paths, |value| key_voucher(paths(value)?, value)),
        Alternative::new(key_data, |value| key_voucher(data(value)?, value)),
        Alternative::new(key_datas, |value| key_voucher(datas(value)?, value)),
        Alternative::new("fulcio", |value| fulcio(value).map(Voucher::Fulcio)),
        Alternative::new("pki", |value| pki(value).map(Voucher::Pki)),
    ])?;
    let [rekor_path, rekor_paths, rekor_data, rekor_datas] = REKOR_KEYS;
    let rekor = fields.at_most_one(&[
        Alternative::new(rekor_path, path),
        Alternative::new(rekor_paths, paths),
        Alternative::new(rekor_data, data),
        Alternative::new(rekor_datas, datas),
    ])?;
    let rekor_keys = match &rekor {
        Some(choice) => {
            let keys = choice.read()?;
            keys.check_rekor().map_err(invalid(choice.value))?;
            Some(keys)
        }
        None => None,
    };
    let trust = match (voucher.read()?, rekor_keys, rekor) {
        (Voucher::Keys(keys), rekor, _) => SigstoreTrust::Keys { keys, rekor },
        (Voucher::Fulcio(fulcio), Some(rekor), _) => SigstoreTrust::Fulcio { fulcio, rekor },
        (Voucher::Fulcio(_), None, _) => {
            return Err(fields.error(PolicyErrorKind::NoneOf {
                object: "a sigstoreSigned requirement with `fulcio`",
                keys: REKOR_KEYS.to_vec(),
            }));
        }
        (Voucher::Pki(pki), _, None) => SigstoreTrust::Pki(pki),
        (Voucher::Pki(_), _, Some(choice)) => {
            return Err(PolicyError::at(
                choice.value,
                PolicyErrorKind::NotBeside {
                    key: choice.key,
                    beside: "pki",
                },
            ));
        }
    };
    let identity = signed_identity_or_default(fields)?;
    SigstoreSigned::new(trust, identity)
        .map_err(|error| fields.error(PolicyErrorKind::Invalid(error)))
}

fn key_voucher(keys: SigstoreKeys, value: Value<'_>) -> Result<Voucher, PolicyError> {
    keys.check_keys().map_err(invalid(value))?;
    Ok(Voucher::Keys(keys))
}

fn fulcio(value: Value<'_>) -> Result<Fulcio, PolicyError> {
    let [ca_path, ca_data] = Fulcio::CA;
    let fields = Fields::new(value, &shape::FULCIO)?;
    let ca_choice = fields.exactly_one(&[
        Alternative::new(ca_path, certificate_path),
        Alternative::new(ca_data, certificate_data),
    ])?;
    let ca = ca_choice.read()?;
    ca.check_roots(Fulcio::CA)
        .map_err(invalid(ca_choice.value))?;
    let oidc_issuer = full_text(&fields, "oidcIssuer")?;
    let subject_email = full_text(&fields, "subjectEmail")?;
    Fulcio::new(ca, oidc_issuer, subject_email).map_err(invalid(value))
}

fn pki(value: Value<'_>) -> Result<Pki, PolicyError> {
    let [roots_path, roots_data] = Pki::ROOTS;
    let fields = Fields::new(value, &shape::PKI)?;
    let roots = fields.exactly_one(&[
        Alternative::new(roots_path, certificate_path),
        Alternative::new(roots_data, certificate_data),
    ])?;
    let ca_roots = roots.read()?;
    ca_roots
        .check_roots(Pki::ROOTS)
        .map_err(invalid(roots.value))?;
    Pki::new(
        ca_roots,
        intermediates(&fields)?,
        text_unless_empty(&fields, "subjectEmail")?,
        text_unless_empty(&fields, "subjectHostname")?,
    )
    .map_err(invalid(value))
}

fn intermediates(fields: &Fields<'_>) -> Result<Option<CertificateSource>, PolicyError> {
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
        Some(value) => {
            let data = Some(base64(value)?).filter(|data| !data.is_empty());
            Ok(data.map(CertificateSource::Data))
        }
        None => Ok(None),
    }
}

fn full_text(fields: &Fields<'_>, key: &'static str) -> Result<String, PolicyError> {
    let value = fields.required(key)?;
    let text = text(value)?;
    if text.is_empty() {
        return Err(invalid(value)(InvalidPolicy::Empty { key }));
    }
    Ok(text)
}

fn text_unless_empty(
    fields: &Fields<'_>,
    key: &'static str,
) -> Result<Option<String>, PolicyError> {
    match fields.optional(key) {
        Some(value) => Ok(Some(text(value)?).filter(|text| !text.is_empty())),
        None => Ok(None),
    }
}

fn path(value: Value<'_>) -> Result<SigstoreKeys, PolicyError> {
    text(value).map(SigstoreKeys::Path)
}

fn paths(value: Value<'_>) -> Result<SigstoreKeys, PolicyError> {
    texts(value).map(SigstoreKeys::Paths)
}

fn data(value: Value<'_>) -> Result<SigstoreKeys, PolicyError> {
    base64(value).map(SigstoreKeys::Data)
}

fn datas(value: Value<'_>) -> Result<SigstoreKeys, PolicyError> {
    let datas = value.array()?.into_iter().map(base64);
    datas.collect::<Result<_, _>>().map(SigstoreKeys::Datas)
}

fn certificate_path(value: Value<'_>) -> Result<CertificateSource, PolicyError> {
    text(value).map(CertificateSource::Path)
}

fn certificate_data(value: Value<'_>) -> Result<CertificateSource, PolicyError> {
    base64(value).map(CertificateSource::Data)
}
