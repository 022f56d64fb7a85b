//! What to do where something is not what it should be, by what it is instead.

use crate::digest::DigestCause;
use crate::engine::KeyWarning;
use crate::source::SourceError;
use crate::text::content::{Content, OpenPgpContent};

/// Where keys should be, and none are: OpenPGP's, or the public key that a requirement `sigstoreSigned` needs.
pub(crate) fn on_key_warning(warning: Option<&KeyWarning>) -> &'static str {
    let found = warning.and_then(KeyWarning::found);
    match warning {
        Some(KeyWarning::NoPublicKey { .. }) => on_public_key_file(found),
        _ => on_key_file(found),
    }
}

/// Where a public key of sigstore should be, and none is.
fn on_public_key_file(found: Option<&Content>) -> &'static str {
    match found {
        Some(Content::PemPrivateKey) => {
            "keep that private key out of the policy's files, and put its public key there \
             (`cosign public-key`, `openssl pkey -pubout`)"
        }
        Some(Content::PemCertificate) => {
            "put the public key alone there (`openssl x509 -noout -pubkey`); for signatures with \
             certificates the requirement has `fulcio` and `pki`"
        }
        Some(
            Content::OpenPgp { .. } | Content::GpgKeybox | Content::Fingerprint | Content::KeyId,
        ) => {
            "OpenPGP keys belong into a requirement `signedBy`: for `sigstoreSigned`, put the \
             signer's public key in PEM there (`cosign.pub`)"
        }
        Some(Content::SshPublicKey) => {
            "write it as PEM (`ssh-keygen -e -m PKCS8`), if the signer signs images by it"
        }
        Some(Content::HtmlPage { .. }) => {
            "download the key again, and look at the address: the server has answered with a page \
             for people"
        }
        Some(Content::Gzip | Content::Zstd) => "unpack the file (`gzip -d`, `zstd -d`)",
        Some(Content::Base64 { .. }) => {
            "put the public key there in PEM, with its lines `-----BEGIN PUBLIC KEY-----`; \
             `keyData` takes base64 of that text"
        }
        Some(Content::Utf16) => "save the file as UTF-8",
        _ => {
            "put one public key in PEM there, such as cosign's `cosign.pub`: ECDSA, RSA or Ed25519, \
             and for a Rekor log ECDSA"
        }
    }
}

/// Where OpenPGP keys should be, and none are.
fn on_key_file(found: Option<&Content>) -> &'static str {
    match found {
        Some(Content::PemPublicKey) if cfg!(feature = "sigstore") => {
            "put the signer's OpenPGP public key there; for signatures by cosign, write \"type\": \
             \"sigstoreSigned\" with this file"
        }
        Some(Content::PemPublicKey) => {
            "put the signer's OpenPGP public key there; for signatures by cosign, write \"type\": \
             \"sigstoreSigned\" with this file, and use a program with the feature `sigstore`"
        }
        Some(Content::PemPrivateKey) => {
            "keep that private key out of the policy's files, and put the signer's OpenPGP public \
             key there"
        }
        Some(Content::PemCertificate | Content::SshPublicKey) => {
            "keys of this kind cannot make the signatures of `GPGKeys`: ask the signer for an \
             OpenPGP public key"
        }
        Some(Content::GpgKeybox) => {
            "export the signer's key from it, and from nothing else: `gpg --no-default-keyring \
             --keyring ./pubring.kbx --export FINGERPRINT`"
        }
        Some(Content::HtmlPage { .. }) => {
            "download the key again, and look at the address: the server has answered with a page \
             for people"
        }
        Some(Content::Gzip | Content::Zstd) => "unpack the file (`gzip -d`, `zstd -d`)",
        Some(Content::Base64 {
            openpgp: Some(OpenPgpContent::PublicKey),
        }) => {
            "decode it (`base64 -d`), or name it as `keyData` in the policy, which takes base64 as \
             it is"
        }
        Some(Content::Base64 { .. }) => {
            "decode it (`base64 -d`) if it is the signer's public key; else put that there, as \
             `gpg --export` writes it"
        }
        Some(Content::Fingerprint | Content::KeyId) => {
            "put the key itself there: `gpg --export FINGERPRINT`, and compare the fingerprint of \
             what you get with this one"
        }
        Some(Content::OpenPgp {
            what:
                OpenPgpContent::Signature | OpenPgpContent::CleartextSigned | OpenPgpContent::Message,
            ..
        }) => {
            "that is something that the signer has signed: put the signer's public key there, as \
             `gpg --export` writes it"
        }
        Some(Content::OpenPgp {
            what: OpenPgpContent::Encrypted,
            ..
        }) => "decrypt it (`gpg -d`) if it is the signer's public key; keys need not be secret",
        Some(Content::Utf16) => "save the file as UTF-8, or export the key again",
        _ => {
            "put the signer's public key there, as `gpg --export` or `gpg --export --armor` writes it"
        }
    }
}

/// Where a stored signature should be.
pub(super) fn on_signature(found: Option<&Content>) -> &'static str {
    match found {
        Some(Content::OpenPgp {
            what: OpenPgpContent::Signature | OpenPgpContent::CleartextSigned,
            ..
        }) => {
            "remove it: it refuses the image even beside good signatures, as `podman push --sign-by` \
             and `skopeo standalone-sign` make them"
        }
        Some(Content::OpenPgp {
            what: OpenPgpContent::Message,
            armored: true,
        }) => {
            "store it in binary (`gpg --dearmor`); one unknown blob refuses the image even beside \
             good signatures"
        }
        Some(Content::OpenPgp {
            what: OpenPgpContent::Encrypted,
            ..
        }) => "ask the signer for a signature that is not encrypted",
        Some(Content::HtmlPage { .. }) => {
            "look at the address that signatures are fetched from: the server has answered with a \
             page for people, and that must not be stored as a signature"
        }
        Some(Content::SigstoreBundle) => {
            "hand it over as a bundle (`Image::with_bundle`, `sigpolicy verify --bundle`): stored like this, it refuses \
             the image even beside good signatures"
        }
        Some(Content::CosignPayload) => {
            "remove it: signatures of sigstore are stored as `sigstore-json`, or as images of their \
             own; one unknown blob refuses the image even beside good signatures"
        }
        _ => {
            "find out who stored that blob and remove it: one unknown blob refuses the image even \
             beside good signatures"
        }
    }
}

/// Where a source or key loader of the caller's own did not have something: that is no file, as the report takes it for.
pub(super) fn on_unavailable(error: &SourceError) -> Option<&'static str> {
    match error {
        SourceError::Other(_) => {
            Some("see why it could not be had, and try again: nothing is said against the image")
        }
        SourceError::NoSuchKey { .. } => Some(
            "supply that key file by its path in the policy; nothing is said against the image",
        ),
        _ => None,
    }
}

/// Where the manifest has another digest than the one that was asked for.
pub(super) fn on_demanded_digest(cause: &DigestCause) -> &'static str {
    match cause {
        DigestCause::Changed | DigestCause::ManifestNotRead => {
            "do not run it; fetch it again by that digest; for the digest of a list, name an instance"
        }
        DigestCause::InstanceOfThisList { .. } => {
            "ask for the instance with that digest, and give the list beside it (`--instance`)"
        }
        DigestCause::OtherInstance { .. } => {
            "fetch the manifest of the instance that was asked for: another one is in its place"
        }
        DigestCause::ImageIdSigned
        | DigestCause::LayerSigned { .. }
        | DigestCause::SubjectSigned
        | DigestCause::OtherAlgorithm { .. } => {
            "ask for the image by its manifest's SHA-256 digest, as `skopeo inspect` prints it"
        }
        other => other.remedy(),
    }
}
