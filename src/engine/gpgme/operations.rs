//! What is asked of libgpgme, and whether its answers agree with gpg's own status lines.
//!
//! Where gpg could not be executed, libgpgme returns an import of no keys, and an empty list of
//! signatures, without any error. So nothing that it returns is believed: a verdict comes from the
//! status lines, and results that say otherwise are an error of the engine.

use std::io::{self, Write};

use gpgme::{Context, Data, Key, KeyListMode, Subkey, UserIdSignature, VerificationResult};

use super::kind::KIND;
use super::worker::{Called, Workers};
use crate::clock::unix_seconds;
use crate::engine::gnupg::failure::failed;
use crate::engine::gnupg::listing::{KeyFacts, ListedCertificate, Listing};
use crate::engine::gnupg::operations::{LIST_KEYS, Operations, READ_KEYS, Said, VERIFY};
use crate::engine::gnupg::status::Status;
use crate::engine::{EngineError, EngineKind, MAX_PAYLOAD_SIZE};
use crate::fingerprint::Fingerprint;
use crate::text::quote::visible;

const DISAGREES: &str = "libgpgme and gpg's status lines disagree";

impl Operations for Workers {
    fn engine(&self) -> EngineKind {
        KIND
    }

    fn import(&self, keys: &[u8]) -> Result<Status, EngineError> {
        let keys = keys.to_vec();
        let Called { result, status } = self.call(READ_KEYS, move |context| {
            let result = context.import(Data::from_buffer(&keys)?)?;
            Ok((result.considered(), result.without_user_id()))
        })?;
        match (result, status.fields("IMPORT_RES")) {
            (Ok((considered, without_user_id)), Some(sum)) => {
                let sums = [considered, without_user_id].map(|number| number.to_string());
                match sum.starts_with(&sums.each_ref().map(String::as_str)) {
                    true => Ok(status),
                    false => Err(failed(KIND, READ_KEYS, DISAGREES)),
                }
            }
            // gpg has summed up, so that it was libgpgme's word against its own.
            (Err(_), Some(_)) => Ok(status),
            (Err(error), None) => Err(failed(KIND, READ_KEYS, error)),
            (Ok(_), None) if status.is_empty() => {
                Err(failed(KIND, READ_KEYS, "gpg was not executed"))
            }
            (Ok(_), None) => Err(failed(KIND, READ_KEYS, "gpg exited before it finished")),
        }
    }

    fn list(&self) -> Result<Listing, EngineError> {
        let called = self.call(LIST_KEYS, listing)?;
        called
            .result
            .map_err(|error| failed(KIND, LIST_KEYS, error))
    }

    fn verify(&self, untrusted_message: &[u8]) -> Result<Said, EngineError> {
        let message = untrusted_message.to_vec();
        let Called { result, status } =
            self.call(VERIFY, move |context| Checked::run(context, &message))?;
        let (output, complaint) = match result {
            Ok(checked) if checked.agrees_with(&status) => (checked.output, None),
            Err(error) if status.count("GOODSIG") == 0 => (Vec::new(), Some(error.to_string())),
            Err(error) => return Err(failed(KIND, VERIFY, error)),
            Ok(_) => return Err(failed(KIND, VERIFY, DISAGREES)),
        };
        Ok(Said {
            status,
            output,
            complaint,
        })
    }
}

/// What libgpgme says of one message.
struct Checked {
    signatures: Vec<CheckedSignature>,
    output: Vec<u8>,
}

struct CheckedSignature {
    is_good: bool,
    fingerprint: String,
}

impl Checked {
    fn run(context: &mut Context, message: &[u8]) -> Result<Self, gpgme::Error> {
        let mut output = Bounded(Vec::new());
        let result = {
            let output = Data::from_writer(&mut output).map_err(|error| error.error())?;
            context.verify_opaque(Data::from_buffer(message)?, output)?
        };
        Ok(Self::new(&result, output.0))
    }

    fn new(result: &VerificationResult, output: Vec<u8>) -> Self {
        let signatures = result
            .signatures()
            .map(|signature| CheckedSignature {
                is_good: signature.status().is_ok(),
                fingerprint: signature.fingerprint().unwrap_or_default().to_owned(),
            })
            .collect();
        Self { signatures, output }
    }

    /// Whether both say that the message is good, and by whom, or both do not.
    fn agrees_with(&self, status: &Status) -> bool {
        let valid = status.fields("VALIDSIG").unwrap_or_default();
        let good_for_gpg = status.count("GOODSIG") > 0;
        match self.signatures.as_slice() {
            [signature] if signature.is_good => {
                good_for_gpg
                    && valid
                        .first()
                        .is_some_and(|key| key.eq_ignore_ascii_case(&signature.fingerprint))
            }
            several => !good_for_gpg && several.iter().all(|signature| !signature.is_good),
        }
    }
}

/// Output with a bound.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > MAX_PAYLOAD_SIZE {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lists every key of the context's home directory.
fn listing(context: &mut Context) -> Result<Listing, gpgme::Error> {
    context.set_key_list_mode(KeyListMode::LOCAL | KeyListMode::SIGS)?;
    let mut listing = Listing::default();
    for key in context.keys()? {
        listing.add_if_named(&key?);
    }
    Ok(listing)
}

impl Listing {
    fn add_if_named(&mut self, key: &Key) {
        let Some(primary) = key.primary_key().as_ref().and_then(fingerprint) else {
            return;
        };
        self.add(ListedCertificate {
            is_self_signed: is_self_signed(key, &primary),
            user_id: key
                .user_ids()
                .find_map(|user| user.id_raw().map(|id| visible(&id.to_string_lossy()))),
            keys: key
                .subkeys()
                .filter_map(|subkey| Some((fingerprint(&subkey)?, facts(&subkey))))
                .collect(),
            primary,
        });
    }
}

fn is_self_signed(key: &Key, primary: &Fingerprint) -> bool {
    let is_own = |signature: &UserIdSignature<'_>| {
        signature
            .signer_key_id()
            .is_ok_and(|id| !id.is_empty() && primary.as_str().ends_with(id))
    };
    key.user_ids()
        .flat_map(|user_id| user_id.signatures())
        .any(|signature| is_own(&signature) && signature.status() == gpgme::Error::NO_ERROR)
}

fn facts(key: &Subkey<'_>) -> KeyFacts {
    let curve = key.curve().ok().filter(|curve| !curve.is_empty());
    KeyFacts {
        created: key.creation_time().map(unix_seconds),
        expires: key.expiration_time().map(unix_seconds),
        algorithm: openpgp_number(key.algorithm().raw()),
        bits: key.length(),
        curve: curve.map(str::to_owned),
        may_sign: key.can_sign(),
        is_revoked: key.is_revoked(),
        is_invalid: key.is_invalid(),
    }
}

fn fingerprint(key: &Subkey<'_>) -> Option<Fingerprint> {
    key.fingerprint().ok()?.parse().ok()
}

/// The number that OpenPGP has for an algorithm (RFC 9580, section 9.1), by that of libgpgme (`gpgme_pubkey_algo_t` in
/// its `gpgme.h`); 0 for one that this release of libgpgme does not know, which no table has.
fn openpgp_number(algorithm: u32) -> u8 {
    match algorithm {
        301 => 19,
        302 => 18,
        303 => 22,
        other => u8::try_from(other).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_have_the_numbers_of_openpgp() {
        for (of_libgpgme, number) in [
            (1, 1),
            (17, 17),
            (301, 19),
            (302, 18),
            (303, 22),
            (304, 0),
            (u32::MAX, 0),
        ] {
            assert_eq!(openpgp_number(of_libgpgme), number);
        }
    }
}
