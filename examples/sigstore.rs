//! Verifies an image by the sigstore signatures that a registry has for it. No OpenPGP engine is needed.
//!
//! ```text
//! sigstore POLICY KEY_DIRECTORY IMAGE DIRECTORY
//! ```
//!
//! DIRECTORY stands for the registry. It has the image's manifest as `manifest.json`; as `attached.json` the manifest of the
//! image with the tag `sha256-….sig`, by the digest of the former, where cosign puts signatures; and the layers of that by
//! their digests.

#[path = "shared/output.rs"]
mod output;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use containers_sigpolicy::{Accepted, Digest, Image, ImageName, Policy, Verifier};

const USAGE: &str = "\
usage: sigstore POLICY KEY_DIRECTORY IMAGE DIRECTORY

Verifies the image in DIRECTORY, as a registry has it, under the name IMAGE. The relative key paths of the file
POLICY start from KEY_DIRECTORY. The exit code is 0 if the image is accepted, 1 if not.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, key_directory, image, directory] = arguments.as_slice() else {
        return match arguments.first().map(String::as_str) {
            Some("-h" | "--help") => output::end(USAGE, 0),
            _ => output::end_with_usage("four arguments are needed", USAGE),
        };
    };
    match verify(policy, key_directory, image, directory.as_ref()) {
        Ok(accepted) => output::end(accepted.report(), 0),
        Err(error) => output::end(format!("{error}\n"), 1),
    }
}

fn verify(
    policy: &str,
    key_directory: &str,
    name: &str,
    registry: &Path,
) -> Result<Accepted, Box<dyn Error>> {
    let verifier = Verifier::builder(Policy::from_file(policy)?)
        .key_directory(key_directory)
        .build();
    let name = ImageName::parse(name)?;
    // Before anything is fetched: which requirements ask for such signatures?
    let needs_attachments = verifier.policy().plan(&name).sigstore_signed().count() > 0;
    let mut image = Image::new(name, std::fs::read(registry.join("manifest.json"))?);
    if needs_attachments {
        let attached = std::fs::read(registry.join("attached.json"))?;
        for layer in layers(&attached)? {
            let payload = std::fs::read(registry.join(layer.digest.hex()))?;
            image = image.with_attachment(layer.media_type, payload, layer.annotations);
        }
    }
    Ok(verifier.verify(&image)?)
}

/// What a manifest says of a layer. Nothing of it has to be believed: what counts is what is signed.
struct Layer {
    media_type: String,
    digest: Digest,
    annotations: Vec<(String, String)>,
}

fn layers(manifest: &[u8]) -> Result<Vec<Layer>, Box<dyn Error>> {
    let manifest: serde_json::Value = serde_json::from_slice(manifest)?;
    let layers = manifest.get("layers").and_then(|layers| layers.as_array());
    let layers = layers.into_iter().flatten().map(|layer| {
        let text = |name: &str| layer.get(name).and_then(|value| value.as_str());
        let annotations = layer.get("annotations").and_then(|all| all.as_object());
        let annotations = annotations.into_iter().flatten();
        Ok(Layer {
            media_type: text("mediaType").unwrap_or_default().to_owned(),
            digest: text("digest").ok_or("a layer has no digest")?.parse()?,
            annotations: annotations
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
        })
    });
    layers.collect()
}
