//! Judges an instance of a multi-architecture image in an asynchronous program: what the policy needs is fetched first, then a
//! thread for blocking work verifies. The arguments are `POLICY IMAGE DIRECTORY OS/ARCHITECTURE`.
//! DIRECTORY stands for everything that a runtime asks over a network: the registry (a `dir:` image with its instances), the
//! broker that has the keys (`keys/NAME` for the key path `kbs:///NAME`), and an agent that judges what this crate does not (`agent`).

#[path = "shared/output.rs"]
mod output;

use std::collections::HashMap;
use std::error::Error;
use std::process::ExitCode;

use containers_sigpolicy::{
    Accepted, Digest, ForeignRequirement, ForeignVerdict, Image, ImageName, Platform, Policy,
    Verifier, VerifyOptions,
};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match judge(&arguments).await {
        Ok(accepted) => output::end(accepted.report(), 0),
        Err(error) => output::end(format!("{error}\n"), 1),
    }
}

async fn judge(arguments: &[String]) -> Result<Accepted, Failure> {
    let [policy, name, from, platform] = arguments else {
        return Err("four arguments are needed".into());
    };
    let verifier = Verifier::new(Policy::from_file(policy)?); // kept for all images, in an `Arc`
    let name = ImageName::parse(name)?;
    let plan = verifier.policy().plan(&name);
    let mut keys = HashMap::new();
    for path in plan.key_paths() {
        let key = path.strip_prefix("kbs:///").ok_or("no key of the broker")?;
        keys.insert(
            path.to_owned(),
            tokio::fs::read(format!("{from}/keys/{key}")).await?,
        );
    }
    let index = tokio::fs::read(format!("{from}/manifest.json")).await?;
    let index = Image::from_index(name.clone(), index)?;
    let (os, architecture) = platform.split_once('/').ok_or("no platform")?;
    let instance = index.choose(&Platform::new(os, architecture))?;
    let digest = instance.digest().clone();
    let file = |name: String| format!("{from}/{}.{name}", digest.hex());
    let manifest = tokio::fs::read(file("manifest.json".into())).await?;
    let mut image = instance.with_manifest(manifest)?;
    if plan.needs_signatures() {
        for number in 1.. {
            match tokio::fs::read(file(format!("signature-{number}"))).await {
                Ok(signature) => image = image.with_signature(signature),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
    let mut verdicts = Vec::new();
    for requirement in plan.foreign() {
        verdicts.push(ask_agent(&requirement, &digest, from).await);
    }
    let verify = move || {
        let options = VerifyOptions::new().keys(&keys);
        verifier.verify_with(&image, options.foreign_verdicts(verdicts))
    };
    Ok(tokio::task::spawn_blocking(verify).await??)
}

/// What the agent says of a requirement that this crate does not judge: here, the digests that it has found good.
async fn ask_agent(of: &ForeignRequirement<'_>, digest: &Digest, from: &str) -> ForeignVerdict {
    match tokio::fs::read_to_string(format!("{from}/agent")).await {
        Ok(good) if good.contains(&digest.to_string()) => of.accepted(digest.clone(), "the agent"),
        Ok(_) => of.rejected("the agent found no good signature"),
        Err(error) => of.undecided(format!("the agent does not answer: {error}")),
    }
}
