//! What some bytes are, for people and for programs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What some bytes are, by their beginning: a guess for people, on which no verdict depends.
///
/// `Display` is a noun phrase, ``a PEM public key, as cosign makes``. As JSON an object whose member `kind` is a stable
/// word in kebab-case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Content {
    /// Not a single byte.
    Empty,
    /// A web page, such as a registry's login or an error of a proxy.
    #[non_exhaustive]
    HtmlPage {
        /// Its title, with its white space joined, and cut.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// Data compressed with gzip (RFC 1952).
    Gzip,
    /// Data compressed with zstd (RFC 8878).
    Zstd,
    /// A public key in PEM (RFC 7468), as cosign makes.
    PemPublicKey,
    /// An X.509 certificate in PEM (RFC 7468).
    PemCertificate,
    /// A private key in PEM, encrypted or not, of cosign, OpenSSH or another program.
    PemPrivateKey,
    /// An SSH public key in one line (`ssh-ed25519 AAAA…`).
    SshPublicKey,
    /// GnuPG's own store of keys, `pubring.kbx`.
    GpgKeybox,
    /// OpenPGP (RFC 9580).
    #[serde(rename = "openpgp")]
    #[non_exhaustive]
    OpenPgp {
        /// What of it.
        what: OpenPgpContent,
        /// Whether it is text, `-----BEGIN PGP …`.
        armored: bool,
    },
    /// Base64 and nothing around it.
    #[non_exhaustive]
    Base64 {
        /// What of OpenPGP it decodes to, if it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        openpgp: Option<OpenPgpContent>,
    },
    /// The fingerprint of an OpenPGP key, 40 hexadecimal digits, without the key.
    Fingerprint,
    /// The ID of an OpenPGP key, 16 hexadecimal digits, without the key.
    KeyId,
    /// Text in UTF-16, as some programs on Windows save it.
    Utf16,
    /// A sigstore bundle, in JSON.
    SigstoreBundle,
    /// What cosign signs of an image, in JSON.
    CosignPayload,
    /// The list of a multi-architecture image, in JSON.
    ManifestList,
    /// The manifest of an image, in JSON.
    Manifest,
    /// Other JSON.
    Json,
    /// YAML.
    Yaml,
    /// Other text.
    Text,
    /// Anything else.
    Binary,
}

/// What of OpenPGP some bytes are, as far as their beginning says.
///
/// As text a noun phrase, as JSON a stable word in kebab-case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum OpenPgpContent {
    /// A public key.
    PublicKey,
    /// A secret key.
    SecretKey,
    /// A signature, without what was signed.
    Signature,
    /// A text with its signature below it (RFC 9580, section 7).
    CleartextSigned,
    /// A message that is not encrypted, such as a signed one.
    Message,
    /// An encrypted message.
    Encrypted,
}

impl Content {
    /// Whether it holds OpenPGP keys, or is meant to.
    pub(crate) fn is_openpgp_key(&self) -> bool {
        matches!(
            self,
            Self::OpenPgp {
                what: OpenPgpContent::PublicKey | OpenPgpContent::SecretKey,
                ..
            }
        )
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            // The title is a stranger's: in quotation marks, escaped.
            Self::HtmlPage { title: Some(title) } => return write!(f, "an HTML page ({title:?})"),
            Self::HtmlPage { title: None } => "an HTML page",
            Self::Gzip => "data compressed with gzip",
            Self::Zstd => "data compressed with zstd",
            Self::PemPublicKey => "a PEM public key, as cosign makes",
            Self::PemCertificate => "a PEM certificate (X.509)",
            Self::PemPrivateKey => "a PEM private key",
            Self::SshPublicKey => "an SSH public key",
            Self::GpgKeybox => "GnuPG's own store of keys (`pubring.kbx`)",
            Self::OpenPgp { what, armored } => {
                what.fmt(f)?;
                if !armored {
                    return Ok(());
                }
                let text = match what {
                    OpenPgpContent::Signature => ", as text",
                    OpenPgpContent::CleartextSigned => "",
                    _ => " as text",
                };
                return write!(f, "{text} (`-----BEGIN PGP {}-----`)", what.label());
            }
            Self::Base64 {
                openpgp: Some(what),
            } => return write!(f, "{what} in base64, without the lines `-----BEGIN PGP …`"),
            Self::Base64 { openpgp: None } => "base64, and nothing around it",
            Self::Fingerprint => "the fingerprint of a key, but not the key",
            Self::KeyId => "the ID of a key, but not the key",
            Self::Utf16 => "text in UTF-16",
            Self::SigstoreBundle => "a sigstore bundle (JSON)",
            Self::CosignPayload => "what cosign signs of an image (JSON)",
            Self::ManifestList => "the list of a multi-architecture image (JSON)",
            Self::Manifest => "the manifest of an image (JSON)",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Text => "text",
            Self::Binary => "binary data of an unknown kind",
        })
    }
}

impl OpenPgpContent {
    /// The words between `-----BEGIN PGP ` and `-----`.
    fn label(self) -> &'static str {
        match self {
            Self::PublicKey => "PUBLIC KEY BLOCK",
            Self::SecretKey => "PRIVATE KEY BLOCK",
            Self::Signature => "SIGNATURE",
            Self::CleartextSigned => "SIGNED MESSAGE",
            Self::Message | Self::Encrypted => "MESSAGE",
        }
    }
}

impl fmt::Display for OpenPgpContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PublicKey => "an OpenPGP public key",
            Self::SecretKey => "an OpenPGP secret key",
            Self::Signature => "an OpenPGP signature without what was signed",
            Self::CleartextSigned => "a text with an OpenPGP signature below it",
            Self::Message => "an OpenPGP message",
            Self::Encrypted => "an encrypted OpenPGP message",
        })
    }
}
