//! `sigpolicy inspect`: what a stored signature claims. Nothing of it is verified, and the output says so first.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;

use containers_sigpolicy::Moment;
use containers_sigpolicy::source::MAX_SIGNATURE_SIZE;
use containers_sigpolicy::verdict::{StoredFormat, UnverifiedCertificate, UnverifiedSignature};
use serde::Serialize;

use super::arguments::InspectArguments;
use super::output::{self, shown};

/// The most names of a certificate that are shown.
const MAX_NAMES: usize = 5;

/// Prints the claims.
pub fn run(arguments: &InspectArguments) -> ExitCode {
    let json = arguments.format.is_json();
    let blob = match read(&arguments.signature) {
        Ok(blob) => blob,
        Err(error) => {
            let message = format!("cannot read {}: {error}", arguments.signature.display());
            return output::usage(&message, json);
        }
    };
    let read = UnverifiedSignature::read_without_verifying(&blob);
    let status = u8::from(matches!(read.format, StoredFormat::Unknown(_)));
    let file = arguments.signature.to_string_lossy();
    if json {
        #[derive(Serialize)]
        struct Object<'a> {
            file: &'a str,
            #[serde(flatten)]
            read: &'a UnverifiedSignature,
        }
        let object = Object {
            file: &file,
            read: &read,
        };
        return output::json(&object, status);
    }
    output::text(told(&file, &read), status)
}

/// Whom a certificate is about, and who has authenticated that.
fn signed_by(certificate: &UnverifiedCertificate) -> String {
    let names: Vec<&str> = certificate.subject.all().take(MAX_NAMES).collect();
    let names = match names.as_slice() {
        [] => "nobody".to_owned(),
        names => names.join(", "),
    };
    match &certificate.oidc_issuer {
        Some(issuer) => format!("signed by {names}, whom {issuer} has authenticated"),
        None => format!("signed by {names}"),
    }
}

/// The file, if it is no larger than a signature can be.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(MAX_SIGNATURE_SIZE).unwrap_or(u64::MAX);
    let mut blob = Vec::new();
    File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut blob)?;
    if blob.len() > MAX_SIGNATURE_SIZE {
        return Err(io::Error::other("it is larger than a signature can be"));
    }
    Ok(blob)
}

/// The claims in lines.
fn told(file: &str, read: &UnverifiedSignature) -> String {
    let mut text = format!(
        "NOT VERIFIED: what {} claims, which anybody can write\n",
        shown(file)
    );
    let mut line = |label: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:<9}{value}", format!("{label}:"));
    };
    line(
        "format",
        match &read.format {
            StoredFormat::SimpleSigning => "simple signing, an OpenPGP message",
            StoredFormat::SigstoreJson => "sigstore, as cosign makes them",
            StoredFormat::SigstoreBundle => "a sigstore bundle, as cosign 3 makes them",
            _ => "none of a stored signature",
        },
    );
    if let Some(media_type) = &read.media_type {
        line("type", &shown(media_type));
    }
    for name in &read.annotations {
        line("beside", &shown(name));
    }
    for signer in &read.signers {
        if let Some(certificate) = &signer.certificate {
            line("claims", &shown(&signed_by(certificate)));
            let UnverifiedCertificate {
                issuer,
                not_before,
                not_after,
                ..
            } = certificate;
            line(
                "claims",
                &shown(&format!(
                    "certified by {issuer}, from {not_before} until {not_after}"
                )),
            );
            continue;
        }
        let key = signer
            .key
            .as_ref()
            .map_or("a key that it does not name", |key| key.as_str());
        let when = |word: &str, moment: Option<Moment>| {
            moment
                .map(|moment| format!(", {word} {moment}"))
                .unwrap_or_default()
        };
        let made = when("made", signer.created);
        line(
            "claims",
            &format!(
                "signed by {key}{made}{}",
                when("valid until", signer.expires)
            ),
        );
    }
    for entry in &read.log_entries {
        let log = entry.log_id.get(..16).unwrap_or(&entry.log_id);
        let when = entry.integrated_time;
        let when = when.map_or_else(String::new, |when| format!(" on {when}"));
        let recorded = format!("recorded by the log {log}{when}, as entry {}", entry.index);
        line("claims", &shown(&recorded));
    }
    if let Some(claims) = &read.claims {
        for (what, value) in [
            ("of the kind", claims.predicate_type.clone()),
            ("for the image", claims.docker_reference.clone()),
            ("with the manifest", claims.manifest_digest.clone()),
            ("made by the program", claims.creator.clone()),
            (
                "seconds since 1970:",
                claims.timestamp.map(|seconds| seconds.to_string()),
            ),
        ] {
            if let Some(value) = value {
                line("claims", &format!("{what} {}", shown(&value)));
            }
        }
    }
    for unreadable in &read.unreadable {
        line("unread", &shown(unreadable));
    }
    line(
        "do",
        match &read.format {
            StoredFormat::Unknown(_) => "find out what it is, and who stored it",
            StoredFormat::SigstoreBundle => {
                "`sigpolicy verify --bundle` says whether any of this is true"
            }
            _ => "`sigpolicy verify` says whether any of this is true",
        },
    );
    text
}
