//! The verdict: what libgpgme returned, what gpg said, and what stands in the message must agree.

use gpgme::VerificationResult;

use super::failed;
use super::listing::{ListedKey, Listing};
use super::status::Status;
use crate::clock::{Moment, unix_seconds};
use crate::engine::message::{UnverifiedMessage, malformed};
use crate::engine::{CryptoPolicy, KeyringError, Proven, Refusal, Settings, ambiguity};
use crate::fingerprint::{Fingerprint, KeyHandle};

const VERIFY: &str = "verify a signature";

/// Codes of libgpg-error that gpg puts into the status line `ERRSIG`.
mod code {
    pub(super) const DIGEST_ALGORITHM: u32 = 5;
    pub(super) const BAD_PUBLIC_KEY: u32 = 6;
    pub(super) const NO_PUBLIC_KEY: u32 = 9;
    pub(super) const TIME_CONFLICT: u32 = 40;
    pub(super) const UNUSABLE_PUBLIC_KEY: u32 = 53;
    pub(super) const WRONG_KEY_USAGE: u32 = 125;
}

/// Hash algorithms (RFC 9580, section 9.5) that are too weak, MD5 always.
mod hash {
    pub(super) const MD5: u32 = 1;
    pub(super) const SHA1: u32 = 2;
    pub(super) const RIPEMD160: u32 = 3;
}

/// What libgpgme says of one message.
#[derive(Debug)]
pub(super) struct Checked {
    signatures: Vec<CheckedSignature>,
    output: Vec<u8>,
}

#[derive(Clone, Debug)]
struct CheckedSignature {
    status: Result<(), gpgme::Error>,
    fingerprint: String,
    wrong_key_usage: bool,
}

impl Checked {
    pub(super) fn new(result: &VerificationResult, output: Vec<u8>) -> Self {
        let signatures = result
            .signatures()
            .map(|signature| CheckedSignature {
                status: signature.status(),
                fingerprint: signature.fingerprint().unwrap_or_default().to_owned(),
                wrong_key_usage: signature.is_wrong_key_usage(),
            })
            .collect();
        Self { signatures, output }
    }
}

/// What a verdict is found from.
pub(super) struct Verdict<'a> {
    /// The message as we read it.
    pub(super) message: &'a UnverifiedMessage,
    /// The trusted keys.
    pub(super) listing: &'a Listing,
    /// What to judge by.
    pub(super) settings: Settings,
    /// What gpg said.
    pub(super) status: &'a Status,
}

/// A signature whose mathematics hold: the status line `VALIDSIG`.
struct ValidSignature<'a> {
    signing_key: Fingerprint,
    primary_key: Fingerprint,
    signing: &'a ListedKey,
    primary: &'a ListedKey,
    created: u64,
    expires: u64,
    hash: u32,
}

impl Verdict<'_> {
    pub(super) fn judge(
        &self,
        called: Result<Checked, gpgme::Error>,
    ) -> Result<Proven, KeyringError> {
        if self.status.is_empty() {
            let error = called.err().map(|error| error.to_string());
            let detail = error.unwrap_or_else(|| "gpg was not executed".to_owned());
            return Err(failed(VERIFY, detail).into());
        }
        let checked = match called {
            Ok(checked) => checked,
            // What is no signed message for gpg is none, though it looks like one.
            Err(error) if self.status.count("NODATA") > 0 || self.status.count("BADARMOR") > 0 => {
                return Err(self.bad(None, error.to_string()).into());
            }
            Err(error) => return Err(failed(VERIFY, error).into()),
        };
        let signature = match checked.signatures.as_slice() {
            [signature] => signature,
            [] if self.status.count("NODATA") > 0 || self.status.count("ERROR") > 0 => {
                return Err(self.bad(None, "gpg does not understand it").into());
            }
            // Neither a signature nor a word about it: gpg did not get there.
            [] => return Err(failed(VERIFY, "gpg ended before it was done").into()),
            several => {
                let count = several.len();
                return Err(Refusal::MultipleSignatures { count }.into());
            }
        };
        let Some(valid) = self.valid()? else {
            return Err(self.not_valid(signature).into());
        };
        self.good_in_time(&valid, signature)?;
        self.strong(&valid)?;
        self.same_data(&checked.output)?;
        if self.listing.is_shared(&valid.signing_key) {
            return Err(KeyringError::from(Refusal::KeyNotForSigning {
                primary_key: valid.primary_key,
                key: valid.signing_key,
                detail: ambiguity::SHARED_KEY.to_owned(),
            }));
        }
        Ok(
            Proven::assertion(self.message.untrusted_payload.clone(), valid.primary_key)
                .with_signing_key(valid.signing_key)
                .with_signed_at(Moment::from_unix(valid.created)),
        )
    }

    /// The one valid signature by a trusted key; `None` if gpg does not call it valid.
    fn valid(&self) -> Result<Option<ValidSignature<'_>>, KeyringError> {
        if self.status.count("VALIDSIG") != 1 {
            return Ok(None);
        }
        let fields = self.status.fields("VALIDSIG").unwrap_or_default();
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let number = |index: usize| field(index).parse::<u64>().ok();
        let incomplete = || failed(VERIFY, "gpg's status line VALIDSIG is incomplete");
        let signing_key: Fingerprint = field(0).parse().map_err(|_| incomplete())?;
        let primary_key: Fingerprint = field(9).parse().map_err(|_| incomplete())?;
        let (Some(created), Some(expires), Some(hash)) = (number(2), number(3), number(7)) else {
            return Err(incomplete().into());
        };
        // What gpg calls the primary key must be the one that we know as this key's.
        match (
            self.listing.key(&signing_key),
            self.listing.key(&primary_key),
        ) {
            (Some(signing), Some(primary))
                if signing.primary == primary_key && primary.primary == primary_key =>
            {
                Ok(Some(ValidSignature {
                    signing_key,
                    primary_key,
                    signing,
                    primary,
                    created,
                    expires,
                    hash: u32::try_from(hash).unwrap_or(hash::MD5),
                }))
            }
            _ => Err(Refusal::UnknownKey {
                issuers: vec![signing_key.into()],
            }
            .into()),
        }
    }

    /// Why gpg does not call the signature valid.
    fn not_valid(&self, signature: &CheckedSignature) -> Refusal {
        let handle: Option<KeyHandle> = signature.fingerprint.parse().ok();
        let fields = self.status.fields("ERRSIG").unwrap_or_default();
        let number = |index: usize| fields.get(index).and_then(|field| field.parse().ok());
        let (hash, reason): (Option<u32>, Option<u32>) = (number(2), number(5));
        let known = handle
            .as_ref()
            .and_then(|handle| handle.as_str().parse::<Fingerprint>().ok())
            .and_then(|key| Some((self.listing.key(&key)?.primary.clone(), key)));
        let status = signature.status;
        match reason {
            // gpg 2.4 does not look at keys that may not sign.
            _ if reason == Some(code::NO_PUBLIC_KEY)
                || status.is_err_and(|error| error.code() == gpgme::Error::NO_PUBKEY.code()) =>
            {
                match known {
                    Some((primary_key, key)) => Refusal::KeyNotForSigning {
                        primary_key,
                        key,
                        detail: "gpg passes it over when it looks for keys that sign".to_owned(),
                    },
                    None => self.unknown(handle),
                }
            }
            Some(code::DIGEST_ALGORITHM) if hash == Some(hash::MD5) => {
                self.weak(handle, "MD5".to_owned())
            }
            Some(code::WRONG_KEY_USAGE | code::UNUSABLE_PUBLIC_KEY | code::BAD_PUBLIC_KEY) => {
                match known {
                    Some((primary_key, key)) => Refusal::KeyNotForSigning {
                        primary_key,
                        key,
                        detail: "gpg says that it is not usable for this purpose".to_owned(),
                    },
                    None => self.bad(handle, "its key is not usable for signing"),
                }
            }
            _ if signature.wrong_key_usage => match known {
                Some((primary_key, key)) => Refusal::KeyNotForSigning {
                    primary_key,
                    key,
                    detail: "gpg says that it is not for signing".to_owned(),
                },
                None => self.bad(handle, "its key is not for signing"),
            },
            Some(code::TIME_CONFLICT) => self.bad(
                handle,
                "it was made before its key, or its key was made in the future",
            ),
            Some(reason) => {
                let error = gpgme::Error::new(reason);
                self.bad(handle, format!("gpg says: {error}"))
            }
            None if self.status.count("BADSIG") > 0 => {
                self.bad(handle, "the signed data or the signature was changed")
            }
            None => {
                let detail = match status {
                    Ok(()) => "gpg does not call it valid".to_owned(),
                    Err(error) => format!("gpg says: {error}"),
                };
                self.bad(handle, detail)
            }
        }
    }

    /// Whether signature and keys are live, by gpg's word; its order of precedence is ours.
    fn good_in_time(
        &self,
        valid: &ValidSignature<'_>,
        signature: &CheckedSignature,
    ) -> Result<(), KeyringError> {
        let now = self.now();
        // gpg does not mind.
        if valid.created > now {
            return Err(Refusal::SignatureFromTheFuture {
                key: valid.signing_key.clone(),
                created: Moment::from_unix(valid.created),
                now: Moment::from_unix(now),
            }
            .into());
        }
        let states = [
            "GOODSIG",
            "EXPSIG",
            "EXPKEYSIG",
            "REVKEYSIG",
            "BADSIG",
            "ERRSIG",
        ]
        .map(|keyword| self.status.count(keyword));
        let code = signature.status.err().map(|error| error.code());
        let fingerprint_agrees = signature
            .fingerprint
            .parse::<Fingerprint>()
            .is_ok_and(|fingerprint| fingerprint == valid.signing_key);
        let refusal = match states {
            [1, 0, 0, 0, 0, 0] if code.is_none() && fingerprint_agrees => return Ok(()),
            [0, 1, 0, 0, 0, 0] => Refusal::SignatureExpired {
                key: valid.signing_key.clone(),
                expired: Moment::from_unix(valid.expires),
                now: Moment::from_unix(now),
            },
            [0, 0, 1, 0, 0, 0] => {
                let expired = |key: &ListedKey| {
                    key.expires
                        .filter(|expires| unix_seconds(*expires) <= now)
                        .map(Moment::from)
                };
                let (key, expired) = match (expired(valid.primary), expired(valid.signing)) {
                    (Some(expired), _) => (&valid.primary_key, expired),
                    (None, Some(expired)) => (&valid.signing_key, expired),
                    (None, None) => (&valid.signing_key, Moment::from_unix(now)),
                };
                Refusal::KeyExpired {
                    primary_key: valid.primary_key.clone(),
                    key: key.clone(),
                    expired,
                    now: Moment::from_unix(now),
                }
            }
            [0, 0, 0, 1, 0, 0] => Refusal::KeyRevoked {
                primary_key: valid.primary_key.clone(),
                key: valid.signing_key.clone(),
                revoked: None,
                reason: None,
            },
            _ => self.bad(
                Some(valid.signing_key.clone().into()),
                "gpg contradicts itself about it",
            ),
        };
        Err(refusal.into())
    }

    /// Whether the algorithms are good enough.
    fn strong(&self, valid: &ValidSignature<'_>) -> Result<(), Refusal> {
        let policy = self.settings.crypto_policy;
        let standard = policy == CryptoPolicy::Standard;
        let hash = match valid.hash {
            hash::MD5 => Some("MD5"),
            hash::SHA1 if standard => Some("SHA-1"),
            hash::RIPEMD160 if standard => Some("RIPEMD-160"),
            _ => None,
        };
        let weakness = hash
            .map(str::to_owned)
            .or_else(|| valid.signing.weakness(policy, self.now()))
            .or_else(|| valid.primary.weakness(policy, self.now()));
        match weakness {
            Some(algorithm) => Err(self.weak(Some(valid.signing_key.clone().into()), algorithm)),
            None => Ok(()),
        }
    }

    /// Whether gpg verified the data that we read. It leaves out carriage returns where the
    /// message says that it holds text.
    fn same_data(&self, output: &[u8]) -> Result<(), Refusal> {
        let ours = &self.message.untrusted_payload;
        let without = |bytes: &[u8]| -> Vec<u8> {
            bytes
                .iter()
                .copied()
                .filter(|byte| *byte != b'\r')
                .collect()
        };
        if ours == output || without(ours) == output {
            Ok(())
        } else {
            Err(malformed("gpg reads other data in it"))
        }
    }

    fn now(&self) -> u64 {
        unix_seconds(self.settings.clock.now())
    }

    fn unknown(&self, handle: Option<KeyHandle>) -> Refusal {
        Refusal::UnknownKey {
            issuers: handle.into_iter().collect(),
        }
    }

    fn bad(&self, key: Option<KeyHandle>, detail: impl Into<String>) -> Refusal {
        Refusal::BadSignature {
            key,
            detail: detail.into(),
        }
    }

    fn weak(&self, key: Option<KeyHandle>, algorithm: String) -> Refusal {
        Refusal::WeakAlgorithm {
            key,
            algorithm,
            policy: self.settings.crypto_policy.name().to_owned(),
        }
    }
}
