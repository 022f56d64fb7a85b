//! A plugin for containerd's `bindir` image verifier: may this image be pulled? Exit code 0 says yes, any other one no.
//!
//! `containerd_verifier -name NAME -digest DIGEST -stdin-media-type application/vnd.oci.descriptor.v1+json <DESCRIPTOR`
//!
//! The policy is the system's. containerd has fetched nothing yet, and hands on neither manifest nor credentials: the image
//! is judged by its digest, with signatures of a local copy of the lookaside storage (`LOOKASIDE`). NAME has no transport.

#[path = "shared/output.rs"]
mod output;

use std::error::Error;
use std::io::{ErrorKind, Read};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use containers_sigpolicy::engine::Sequoia;
use containers_sigpolicy::source::MAX_SIGNATURE_COUNT;
use containers_sigpolicy::{Digest, Image, ImageName, Policy, SystemPaths, Verifier};

/// containerd waits for ten seconds.
const TIME: Duration = Duration::from_secs(8);
const LOOKASIDE: &str = "/var/lib/containers/sigstore";

fn main() -> ExitCode {
    let (sender, verdict) = mpsc::channel();
    // The engine runs no other program, so that nothing is left behind.
    std::thread::spawn(move || sender.send(judge().map_err(|error| error.to_string())));
    match verdict.recv_timeout(TIME) {
        Ok(Ok(reason)) => output::end(reason, 0),
        Ok(Err(reason)) => output::end(reason + "\n", 1),
        Err(_) => output::end(format!("no verdict within {TIME:?}\n"), 1),
    }
}

fn judge() -> Result<String, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |flag: &str| {
        let is_flag = |argument: &String| argument.trim_start_matches('-') == flag;
        let place = arguments.iter().position(is_flag);
        let value = place.and_then(|place| arguments.get(place.saturating_add(1)));
        value.ok_or_else(|| format!("-{flag} is missing"))
    };
    // With a tag and a digest, if that is how somebody asked for it.
    let name = ImageName::for_pull(&value("name")?.parse()?);
    let digest: Digest = value("digest")?.parse()?;
    let mut descriptor = String::new();
    std::io::stdin()
        .take(1 << 20)
        .read_to_string(&mut descriptor)?;
    let descriptor: serde_json::Value = serde_json::from_str(&descriptor)?;
    let described = descriptor.get("digest").and_then(|digest| digest.as_str());
    if described != Some(digest.as_ref()) {
        return Err("the descriptor is of another digest".into());
    }
    // The storage has the repository without its host.
    let repository = name
        .docker_reference()
        .map_or("", |reference| reference.name());
    let (_, path) = repository.split_once('/').ok_or("the name has no path")?;
    let storage = std::env::var("LOOKASIDE").unwrap_or_else(|_| LOOKASIDE.to_owned());
    let folder = format!("{storage}/{path}@{}={}", digest.algorithm(), digest.hex());
    let mut image = Image::from_digest(name, digest);
    for number in 1..=MAX_SIGNATURE_COUNT + 1 {
        let path = format!("{folder}/signature-{number}");
        match std::fs::read(&path) {
            Ok(signature) => image = image.with_signature(signature),
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(error) => return Err(format!("{path}: {error}").into()),
        }
    }
    let policy = Policy::from_system(&SystemPaths::from_env())?;
    let verifier = Verifier::builder(policy).engine(Sequoia::new()).build();
    let accepted = verifier
        .verify(&image)
        .map_err(|error| error.answer().to_string())?;
    Ok(accepted.report().to_string())
}
