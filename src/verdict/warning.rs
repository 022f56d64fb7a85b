//! What is about to go wrong with an image that is accepted, or should not be relied on.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::file_access::Exposed;
use crate::clock::{Moment, for_people};
use crate::explain::NearMiss;
use crate::file::path_as_text;
use crate::fingerprint::Fingerprint;
use crate::policy::MatchedScope;
use crate::text::quote::{Quoted, visible};
use crate::text::sentences::{self, WithSentences};

/// Something that a person should know about an image that is accepted: what will refuse it soon, or what makes the
/// acceptance worth less. A warning changes no verdict.
///
/// `Display` is one lower-case sentence, [`Warning::code`] the stable word for programs, and [`Warning::remedy`] what
/// to do about it. As JSON a warning is an object with `code`, `message`, `remedy` and its own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
// The derived function is `Warning::serialize`; the trait's, below, adds the sentences to it.
#[serde(remote = "Self", tag = "code", rename_all = "kebab-case")]
pub enum Warning {
    /// The key that signed ends soon: the primary key, whether it or a subkey signed.
    #[non_exhaustive]
    KeyExpiresSoon {
        /// The key.
        #[serde(flatten)]
        key: NamedKey,
        /// The last moment at which it counts.
        expires: Moment,
        /// Whether it says so itself. Otherwise a signature that binds it expires, or the cryptographic policy does not
        /// take its algorithm for longer.
        by_itself: bool,
        /// The time that was judged by.
        now: Moment,
    },
    /// The subkey that signed ends soon, and before its primary key.
    #[non_exhaustive]
    SubkeyExpiresSoon {
        /// The primary key.
        #[serde(flatten)]
        key: NamedKey,
        /// The subkey.
        subkey: Fingerprint,
        /// The last moment at which it counts.
        expires: Moment,
        /// Whether it says so itself, as above.
        by_itself: bool,
        /// When the primary key expires, if it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        primary_expires: Option<Moment>,
        /// The time that was judged by.
        now: Moment,
    },
    /// The signature itself expires soon.
    #[non_exhaustive]
    SignatureExpiresSoon {
        /// Which of the image's signature blobs it is, from 1.
        signature: usize,
        /// When it was made, if it says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_at: Option<Moment>,
        /// When it expires.
        expires: Moment,
        /// The time that was judged by.
        now: Moment,
    },
    /// A certificate that the acceptance rests on ends soon, and with it what was signed: nobody has recorded that it was signed
    /// in time. It is not told of Fulcio's, whose time a log has recorded.
    #[non_exhaustive]
    CertificateExpiresSoon {
        /// Which of the image's signature blobs it is, from 1.
        signature: usize,
        /// The certificate that ends first: its subject, or a name of the signer's.
        certificate: String,
        /// Whether it is the signer's own. Otherwise it is one that vouches for the signer.
        is_signer: bool,
        /// The last moment at which it is valid.
        expires: Moment,
        /// The time that was judged by.
        now: Moment,
    },
    /// The signature is old, and the image was asked for by a tag, which can be moved back to it.
    #[non_exhaustive]
    SignedLongAgo {
        /// Which of the image's signature blobs it is, from 1.
        signature: usize,
        /// When it was made, as it says itself.
        signed_at: Moment,
        /// The time that was judged by.
        now: Moment,
    },
    /// The image was signed by another tag than it is asked for, and the policy does not compare tags.
    #[non_exhaustive]
    SignedForAnotherTag {
        /// Which of the image's signature blobs it is, from 1.
        signature: usize,
        /// The tag that was signed.
        signed: String,
        /// The tag that was asked for.
        asked: String,
        /// The `signedIdentity` of the requirement: `matchRepository`.
        rule: String,
    },
    /// No name was signed, and the program has said that the digest suffices
    /// ([`SigstoreBundles::DigestSuffices`](crate::SigstoreBundles::DigestSuffices)): the image may be one that the same
    /// signer has signed under another name.
    #[non_exhaustive]
    NameNotSigned {
        /// Which of the image's signature blobs it is, from 1.
        signature: usize,
        /// The `signedIdentity` of the requirement, which was compared with nothing: `matchRepository`.
        rule: String,
    },
    /// The policy accepts the image without any signature, so that nothing was verified.
    #[non_exhaustive]
    AcceptedUnsigned {
        /// Which entry of the policy does.
        scope: MatchedScope,
    },
    /// Nothing was verified, and the policy has an entry that was probably meant for the image and does not match it.
    #[non_exhaustive]
    ScopeMissesImage {
        /// The entry.
        near_miss: NearMiss,
    },
    /// A key file that is trusted can be changed by somebody who is neither this process's user nor root.
    #[non_exhaustive]
    KeyFileWritable {
        /// The file, as it was opened.
        #[serde(serialize_with = "path_as_text")]
        file: PathBuf,
        /// By whom, and how.
        exposed: Exposed,
    },
    /// The policy file can be changed by somebody who is neither this process's user nor root.
    #[non_exhaustive]
    PolicyWritable {
        /// The file.
        #[serde(serialize_with = "path_as_text")]
        file: PathBuf,
        /// By whom, and how.
        exposed: Exposed,
    },
    /// A file of public keys holds a secret one.
    #[non_exhaustive]
    SecretKeyInTrustFile {
        /// The key.
        #[serde(flatten)]
        key: NamedKey,
    },
    /// The requirement still trusts a key that has ended, beside the one that signed.
    #[non_exhaustive]
    TrustedKeyExpired {
        /// The key.
        #[serde(flatten)]
        key: NamedKey,
        /// The last moment at which it counted.
        expired: Moment,
        /// The time that was judged by.
        now: Moment,
        /// How many more keys of the same file have ended, all before this one.
        others: usize,
    },
    /// A key file is not any more what it was when its keys were read. It is looked at once a second at most.
    #[non_exhaustive]
    KeyFileChanged {
        /// The file, as it was opened.
        #[serde(serialize_with = "path_as_text")]
        file: PathBuf,
    },
}

/// A trusted key, as people know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NamedKey {
    /// The primary key's fingerprint.
    pub primary_key: Fingerprint,
    /// A user ID of the key, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The key file (or `keyData`) that makes the key a trusted one.
    pub origin: String,
}

impl Warning {
    /// The stable word for this warning, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyExpiresSoon { .. } => "key-expires-soon",
            Self::SubkeyExpiresSoon { .. } => "subkey-expires-soon",
            Self::SignatureExpiresSoon { .. } => "signature-expires-soon",
            Self::CertificateExpiresSoon { .. } => "certificate-expires-soon",
            Self::SignedLongAgo { .. } => "signed-long-ago",
            Self::SignedForAnotherTag { .. } => "signed-for-another-tag",
            Self::NameNotSigned { .. } => "name-not-signed",
            Self::AcceptedUnsigned { .. } => "accepted-unsigned",
            Self::ScopeMissesImage { .. } => "scope-misses-image",
            Self::KeyFileWritable { .. } => "key-file-writable",
            Self::PolicyWritable { .. } => "policy-writable",
            Self::SecretKeyInTrustFile { .. } => "secret-key-in-trust-file",
            Self::TrustedKeyExpired { .. } => "trusted-key-expired",
            Self::KeyFileChanged { .. } => "key-file-changed",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::KeyExpiresSoon {
                by_itself: true, ..
            } => "before that day, get the same key with a later end from its owner, or a second key"
                .to_owned(),
            Self::SubkeyExpiresSoon {
                by_itself: true, ..
            } => "before that day, get the key anew from its owner, with a later end or a new subkey"
                .to_owned(),
            Self::KeyExpiresSoon { .. } | Self::SubkeyExpiresSoon { .. } => {
                "before that day, get the key from its owner as it is today, or a new one".to_owned()
            }
            Self::SignatureExpiresSoon { .. } => {
                "have the image signed again before then, or for longer".to_owned()
            }
            Self::CertificateExpiresSoon {
                is_signer: true, ..
            } => "before that day, have the image signed again, by the signer's next certificate"
                .to_owned(),
            Self::CertificateExpiresSoon { .. } => {
                "before that day, have the image signed again under the authority's next certificate"
                    .to_owned()
            }
            Self::SignedLongAgo { .. } => {
                "check that the tag still means this image, or ask for the image by its digest".to_owned()
            }
            Self::SignedForAnotherTag { .. } => {
                "leave `signedIdentity` out of the requirement: the default compares tags".to_owned()
            }
            Self::NameNotSigned { .. } => {
                "have the image signed with its name: `cosign sign --new-bundle-format=false`".to_owned()
            }
            Self::ScopeMissesImage { near_miss } => near_miss.remedy(),
            Self::AcceptedUnsigned { .. } => {
                "if a signature is wanted, give the image's scope a requirement `signedBy`"
                    .to_owned()
            }
            Self::KeyFileWritable { exposed, .. } | Self::PolicyWritable { exposed, .. } => {
                format!(
                    "check that the file is what it should be, then `{}`",
                    exposed.command()
                )
            }
            Self::SecretKeyInTrustFile { .. } => {
                "put the public key alone there (`gpg --export`), and ask whether the secret one is safe"
                    .to_owned()
            }
            Self::TrustedKeyExpired { .. } => {
                "if its owner has a newer key, remove this one: nothing that it signs is accepted".to_owned()
            }
            Self::KeyFileChanged { .. } => {
                "have the keys read again: `Verifier::reload`, or a new start of the program"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyExpiresSoon {
                key,
                expires,
                by_itself,
                now,
            } => write!(f, "{key} {}", ends(*expires, *now, *by_itself)),
            Self::SubkeyExpiresSoon {
                key,
                subkey,
                expires,
                by_itself,
                primary_expires,
                now,
            } => {
                let subkey = subkey.key_id();
                let ends = ends(*expires, *now, *by_itself);
                // When it ends comes first: an answer has room for two lines.
                write!(f, "the signing subkey {subkey} {ends}; the key itself ")?;
                match primary_expires {
                    Some(later) => write!(f, "expires on {later}: {key}"),
                    None => write!(f, "has no end: {key}"),
                }
            }
            Self::SignatureExpiresSoon {
                signature,
                signed_at,
                expires,
                now,
            } => {
                write!(f, "signature {signature}")?;
                if let Some(signed_at) = signed_at {
                    write!(f, ", made on {signed_at},")?;
                }
                write!(f, " expires in {}, on {expires}", until(*expires, *now))
            }
            Self::CertificateExpiresSoon {
                signature,
                certificate,
                is_signer,
                expires,
                now,
            } => {
                let left = until(*expires, *now);
                let whose = if *is_signer {
                    "the signer's certificate"
                } else {
                    "the authority's certificate"
                };
                write!(
                    f,
                    "signature {signature} counts for {left} more: {whose} {} expires on {expires}",
                    Quoted(certificate)
                )
            }
            Self::SignedLongAgo {
                signature,
                signed_at,
                now,
            } => write!(
                f,
                "signature {signature} was made {} ago, on {signed_at}, and a tag can be moved back to an old image",
                until(*now, *signed_at)
            ),
            Self::SignedForAnotherTag {
                signature,
                signed,
                asked,
                rule,
            } => write!(
                f,
                "signature {signature} is for the tag {}, and {} was asked for: {} does not compare tags",
                Quoted(signed),
                Quoted(asked),
                Quoted(rule)
            ),
            Self::NameNotSigned { signature, rule } => write!(
                f,
                "signature {signature} names no image, and was not held against {}: this program is content with the digest",
                Quoted(rule)
            ),
            Self::AcceptedUnsigned { scope } => {
                let scope = visible(&scope.to_string());
                write!(
                    f,
                    "nothing was verified: {scope} accepts images without a signature"
                )
            }
            Self::ScopeMissesImage { near_miss } => {
                write!(f, "nothing was verified, and {}", near_miss.cause())
            }
            Self::KeyFileWritable { file, exposed } => {
                let file = visible(&file.to_string_lossy());
                write_exposed(f, &format!("the key file {file}"), exposed)
            }
            Self::PolicyWritable { file, exposed } => {
                let file = visible(&file.to_string_lossy());
                write_exposed(f, &format!("the policy file {file}"), exposed)
            }
            Self::SecretKeyInTrustFile { key } => write!(
                f,
                "{} holds the secret part of {}: who can read the file can sign as its owner",
                key.place(),
                key.without_place()
            ),
            Self::TrustedKeyExpired {
                key,
                expired,
                now,
                others,
            } => {
                let ago = until(*now, *expired);
                write!(
                    f,
                    "{key} expired {ago} ago, on {expired}, and is still among the trusted ones"
                )?;
                match others {
                    0 => Ok(()),
                    1 => f.write_str(", as is one more that has expired"),
                    more => write!(f, ", as are {more} more that have expired"),
                }
            }
            Self::KeyFileChanged { file } => write!(
                f,
                "the key file {} has changed since it was read; what counted was what it held then",
                visible(&file.to_string_lossy())
            ),
        }
    }
}

/// That a file is exposed, or its folder.
fn write_exposed(f: &mut fmt::Formatter<'_>, file: &str, exposed: &Exposed) -> fmt::Result {
    if exposed.is_folder {
        let folder = visible(&exposed.path.to_string_lossy());
        write!(f, "{file} can be replaced: its folder {folder} {exposed}")
    } else {
        write!(f, "{file} {exposed}")
    }
}

/// When a key ends, as a part of a sentence.
fn ends(expires: Moment, now: Moment, by_itself: bool) -> String {
    let left = until(expires, now);
    if by_itself {
        format!("expires in {left}, on {expires}")
    } else {
        format!(
            "counts for {left} more, until {expires}: then a signature that binds it expires, or its algorithm is no \
             longer accepted"
        )
    }
}

fn until(later: Moment, now: Moment) -> String {
    for_people(later.distance(now))
}

impl NamedKey {
    pub(crate) fn new(primary_key: Fingerprint, user_id: Option<String>, origin: String) -> Self {
        Self {
            primary_key,
            user_id,
            origin,
        }
    }

    /// Where it is, as a part of a sentence.
    fn place(&self) -> String {
        match self.origin.as_str() {
            "keyData" => "the policy's `keyData`".to_owned(),
            file => visible(file),
        }
    }

    fn without_place(&self) -> String {
        let id = self.primary_key.key_id();
        match &self.user_id {
            Some(owner) => format!("the key {id} of \"{}\"", visible(owner)),
            None => format!("the key {id}"),
        }
    }
}

impl fmt::Display for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.without_place(), self.place())
    }
}

impl WithSentences for Warning {
    fn members<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Warning::serialize(self, serializer)
    }

    fn what_to_do(&self) -> Option<String> {
        Some(self.remedy())
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sentences::serialize(self, serializer)
    }
}

/// The sentences are derived, and not read.
impl<'de> Deserialize<'de> for Warning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}
