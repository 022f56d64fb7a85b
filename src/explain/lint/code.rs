//! What a policy is checked for.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::text::name::UnknownNameError;

/// How serious a finding is; the most serious is the greatest.
///
/// As JSON `note`, `warning` or `error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum LintLevel {
    /// Worth knowing.
    Note,
    /// It may be meant, and may be a slip.
    Warning,
    /// It cannot be meant: a part of the policy does nothing, or lets nothing pass.
    Error,
}

impl fmt::Display for LintLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $name:literal, $level:ident;)+) => {
        /// What a finding is about. `Display` and JSON have its stable [name](LintCode::name).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum LintCode {
            $($(#[doc = $doc])+ $code,)+
        }

        impl LintCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The stable word for it, in kebab-case.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }

            /// How serious it is, unless a [`Lint`](super::Lint) says otherwise.
            #[must_use]
            pub fn default_level(self) -> LintLevel {
                match self {
                    $(Self::$code => LintLevel::$level,)+
                }
            }
        }
    };
}

codes! {
    /// No image can match a scope.
    ScopeNeverMatches = "scope-never-matches", Error;
    /// A scope is a user's namespace on Docker Hub that has the name of an official image.
    OfficialImageNamespace = "official-image-namespace", Warning;
    /// A transport is misspelt.
    UnknownTransport = "unknown-transport", Error;
    /// A transport is none that this program knows, and near none.
    ForeignTransport = "foreign-transport", Warning;
    /// Images that a scope demands something of are accepted unsigned, because no image can match the scope.
    UnsignedBesideNeverMatching = "unsigned-beside-never-matching", Error;
    /// No image can meet a requirement.
    RequirementCannotPass = "requirement-cannot-pass", Error;
    /// A requirement is of a type that this program does not evaluate: it rejects every image.
    RequirementNotImplemented = "requirement-not-implemented", Warning;
    /// Requirements of one list must all accept, where one of them was probably meant to be enough.
    BothMustPass = "both-must-pass", Warning;
    /// Images that no scope is for are accepted unsigned.
    UnsignedDefault = "unsigned-default", Warning;
    /// Images of a scope are accepted unsigned, inside of a scope that demands signatures.
    UnsignedBelowSigned = "unsigned-below-signed", Warning;
    /// Any signed tag of a repository is accepted as any other.
    TagNotBound = "tag-not-bound", Warning;
    /// `remapIdentity` does not concern all images of its scope.
    RemapOutsideScope = "remap-outside-scope", Warning;
    /// `remapIdentity` concerns no image of its scope.
    RemapNeverFits = "remap-never-fits", Error;
    /// `matchExact` refuses images that are asked for by digest.
    MatchExactRefusesDigests = "match-exact-refuses-digests", Warning;
    /// The name that has to be signed is a misspelling of the scope's.
    IdentityMisspelt = "identity-misspelt", Warning;
    /// A key file is looked for from the working directory.
    RelativeKeyPath = "relative-key-path", Warning;
    /// `~` in the path of a key file is not the home directory.
    HomeRelativeKeyPath = "home-relative-key-path", Error;
    /// A key file is given as a URL.
    KeyPathIsUrl = "key-path-is-url", Error;
    /// A host has no port, beside one that has one.
    HostWithoutPort = "host-without-port", Note;
    /// A scope says the same as the one that it is in.
    RedundantScope = "redundant-scope", Note;
    /// `sigstoreSigned` compares tags, which signatures by cosign do not have.
    SigstoreDefaultIdentity = "sigstore-default-identity", Note;
    /// A scope applies to none of the images that were [asked about](super::Lint::for_images).
    UnusedScope = "unused-scope", Note;
    /// An image that was asked about does not match a scope that was probably meant for it.
    ScopeMissesImage = "scope-misses-image", Warning;
    /// An image that was asked about is rejected, whatever its signatures are.
    ImageCannotPass = "image-cannot-pass", Warning;
    /// The user's policy decides, and the system's is not read.
    UserPolicyShadowsSystem = "user-policy-shadows-system", Warning;
    /// A key file is not there. This and what follows is found by [`Verifier::lint`](crate::Verifier::lint).
    KeyFileMissing = "key-file-missing", Error;
    /// A key file cannot be read.
    KeyFileUnreadable = "key-file-unreadable", Error;
    /// A key file holds something else than keys.
    NotAKeyFile = "not-a-key-file", Error;
    /// A key file has no key that counts.
    NoTrustedKey = "no-trusted-key", Error;
    /// A key file has only keys that the engine cannot use.
    KeyUnsupported = "key-unsupported", Error;
    /// The engine could not read a key file: what is in it is not known.
    KeysNotChecked = "keys-not-checked", Warning;
    /// All keys, or all certificates, that a requirement trusts have expired. A warning where some signatures count still:
    /// of Fulcio's authorities, those from before; of intermediates, those that carry another.
    AllKeysExpired = "all-keys-expired", Error;
    /// A key that is trusted has expired, beside another that has not.
    TrustedKeyExpired = "trusted-key-expired", Warning;
    /// A key that is trusted cannot sign.
    KeyCannotSign = "key-cannot-sign", Warning;
    /// A key that is trusted is revoked.
    KeyRevoked = "key-revoked", Warning;
    /// A key that is trusted was made later than now.
    KeyNotYetValid = "key-not-yet-valid", Warning;
    /// A key that is trusted expires soon.
    KeyExpiresSoon = "key-expires-soon", Warning;
    /// All subkeys by which a trusted key signs expire soon.
    SubkeyExpiresSoon = "subkey-expires-soon", Warning;
    /// A key is the only one of its requirement that is good, and has an end.
    OnlyOneLiveKey = "only-one-live-key", Note;
    /// A key that is trusted is weaker than the standard cryptographic policy lets count.
    WeakKey = "weak-key", Warning;
    /// Two key files of one requirement hold the same key, or a file is named twice.
    DuplicateKey = "duplicate-key", Warning;
    /// Two requirements of a scope trust the same key, so that one signer can meet both; or two scopes do by different
    /// files, which is a note.
    KeyShared = "key-shared", Warning;
    /// A key file holds a secret key.
    SecretKeyInTrustFile = "secret-key-in-trust-file", Warning;
    /// Somebody else than root and this user can write a key file.
    KeyFileWritable = "key-file-writable", Warning;
    /// Somebody else than root and this user can write the policy.
    PolicyWritable = "policy-writable", Warning;
    /// A key file has changed since it was read.
    KeyFileChanged = "key-file-changed", Note;
    /// An exception met nothing, or has ended.
    UnusedAllow = "unused-allow", Note;
}

impl fmt::Display for LintCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A code by its [name](LintCode::name).
impl FromStr for LintCode {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut codes = Self::ALL.iter().copied();
        codes.find(|code| code.name() == name).ok_or_else(|| {
            UnknownNameError::new("check", name, Self::ALL.iter().map(|code| code.name()))
        })
    }
}

impl Serialize for LintCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
