//! Runs sigstore's own assets for clients, which are not in this repository: `test/assets/bundle-verify` of
//! <https://github.com/sigstore/sigstore-conformance>.
//!
//! ```text
//! SIGSTORE_CONFORMANCE=…/test/assets/bundle-verify SIGSTORE_TRUSTED_ROOT=trusted_root.json \
//!     cargo test --test sigstore_conformance
//! ```
//!
//! The second names the trusted root of the public instance, for the assets that have none of their own. What is expected to come
//! out otherwise than the assets want it is in [`DIFFERENCES`], each with its reason; anything else fails. Without the first,
//! nothing of that is run, and the program says so; assets of our own, in `testdata/bundle-verify`, are always run, so that the
//! runner itself is tested.
#![cfg_attr(
    not(feature = "sigstore"),
    allow(dead_code, unused_imports, reason = "there is nothing to run")
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[cfg(feature = "sigstore")]
use containers_sigpolicy::Clock;
#[cfg(feature = "sigstore")]
use containers_sigpolicy::sigstore::{
    BundleSigner, TrustRoot, VerifiedBundle, VerifyBundleError, verify_bundle,
};
use libtest_mimic::{Arguments, Failed, Trial};

/// How many assets there were when [`DIFFERENCES`] was made, so that a folder of others is noticed.
const ASSETS: usize = 70;

/// An asset is called so if it is to be refused.
const REFUSED: &str = "_fail";

const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/\
                        extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// Why entries of Rekor v2 are refused.
const REKOR_2: &str = "Rekor v2 signs no time, and no policy can name the authority of a timestamp";

/// What comes out otherwise than the assets want it, and why.
const DIFFERENCES: [(&str, &str); 14] = [
    ("bundle-with-sct-with-extensions", REKOR_2),
    ("rekor2-checkpoint-cosigned", REKOR_2),
    ("rekor2-checkpoint-multiple-cosigs", REKOR_2),
    ("rekor2-checkpoint-origin-not-first", REKOR_2),
    ("rekor2-checkpoint-two-sigs-cosigned", REKOR_2),
    ("rekor2-checkpoint-two-sigs-from-origin", REKOR_2),
    ("rekor2-dsse-happy-path", REKOR_2),
    ("rekor2-happy-path", REKOR_2),
    ("rekor2-timestamp-with-embedded-cert", REKOR_2),
    ("rekor2-timestamp-with-expired-cert-chain", REKOR_2),
    ("rekor2-timestamp-without-embedded-cert", REKOR_2),
    ("trust-root-tsa-validity-end-inclusive", REKOR_2),
    (
        "invalid-ct-key_fail",
        "logs of certificates are not asked, as containers/image does not: Rekor shows the certificate already",
    ),
    (
        "intoto-tsa-timestamp-outside-cert-validity_fail",
        "a timestamp is not looked at beside the time of a log",
    ),
];

#[cfg(feature = "sigstore")]
fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bundle-verify");
    let mut trials = match trials("own", &own, None) {
        Ok((trials, _)) => trials,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    match env::var_os("SIGSTORE_CONFORMANCE").map(PathBuf::from) {
        None => eprintln!(
            "\nNOT RUN: the assets of sigstore-conformance, because SIGSTORE_CONFORMANCE does not name their folder.\n\
             Only the few of our own are.\n"
        ),
        Some(folder) => match strangers(&folder) {
            Ok(more) => trials.extend(more),
            Err(error) => {
                eprintln!("error: {error}");
                return ExitCode::FAILURE;
            }
        },
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

#[cfg(not(feature = "sigstore"))]
fn main() -> ExitCode {
    eprintln!("\nNOT RUN: this build has not the feature `sigstore`\n");
    ExitCode::SUCCESS
}

/// The assets of sigstore, if they are all there.
#[cfg(feature = "sigstore")]
fn strangers(folder: &Path) -> Result<Vec<Trial>, String> {
    let (mut trials, names) = trials("sigstore", folder, env::var_os("SIGSTORE_TRUSTED_ROOT"))?;
    let missing = DIFFERENCES.iter().find(|(name, _)| !names.contains(*name));
    let count = names.len();
    trials.push(Trial::test("sigstore::all-are-there", move || {
        if let Some((name, _)) = missing {
            return Err(format!("there is no {name}, which should come out otherwise").into());
        }
        match count {
            ASSETS => Ok(()),
            _ => Err(format!(
                "there are {count} assets, and should be {ASSETS}: look at the new ones"
            )
            .into()),
        }
    }));
    Ok(trials)
}

/// A test for each asset of a folder, and their names.
#[cfg(feature = "sigstore")]
fn trials(
    label: &str,
    folder: &Path,
    trusted_root: Option<std::ffi::OsString>,
) -> Result<(Vec<Trial>, BTreeSet<String>), String> {
    let trusted_root: Arc<Option<PathBuf>> = Arc::new(trusted_root.map(PathBuf::from));
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.join("bundle.sigstore.json").is_file() {
            let name = path.file_name().unwrap_or_default();
            names.insert(name.to_string_lossy().into_owned());
        }
    }
    if names.is_empty() {
        return Err(format!("there is no asset in {}", folder.display()));
    }
    let trials = names.iter().map(|name| {
        let (asset, trusted_root) = (folder.join(name), Arc::clone(&trusted_root));
        let difference = DIFFERENCES.iter().find(|(known, _)| known == name);
        let is_refused = name.ends_with(REFUSED);
        Trial::test(format!("{label}::{name}"), move || {
            let outcome = verify(&asset, trusted_root.as_deref())?;
            check(is_refused, difference.map(|(_, reason)| *reason), outcome)
        })
    });
    Ok((trials.collect(), names))
}

/// Holds what came out against what an asset wants, and against what is known to differ.
#[cfg(feature = "sigstore")]
fn check(
    is_refused: bool,
    difference: Option<&str>,
    outcome: Result<VerifiedBundle, String>,
) -> Result<(), Failed> {
    let is_as_wanted = outcome.is_err() == is_refused;
    let told = match outcome {
        Ok(_) => "it was accepted".to_owned(),
        Err(refusal) => format!("it was refused: {refusal}"),
    };
    match difference {
        None if is_as_wanted => Ok(()),
        None => Err(told.into()),
        Some(_) if !is_as_wanted => Ok(()),
        Some(reason) => {
            Err(format!("{told}, as it should be, and is listed as different: {reason}").into())
        }
    }
}

/// What comes of an asset: what its bundle proves, if it is by whom it should be, or why not. A failure is for an asset that
/// cannot be run.
#[cfg(feature = "sigstore")]
fn verify(
    asset: &Path,
    trusted_root: Option<&Path>,
) -> Result<Result<VerifiedBundle, String>, Failed> {
    let own = |name: &str| fs::read(asset.join(name)).ok();
    let text = |name: &str, default: &str| {
        let own = own(name).map(|text| String::from_utf8_lossy(&text).trim().to_owned());
        own.unwrap_or_else(|| default.to_owned())
    };
    let trust = match own("trusted_root.json") {
        Some(json) => TrustRoot::from_json(&json, "trusted_root.json"),
        None => {
            let path = trusted_root.ok_or("SIGSTORE_TRUSTED_ROOT does not name a trusted root")?;
            TrustRoot::from_json(&fs::read(path)?, "the public instance")
        }
    };
    let trust = match own("key.pub") {
        Some(key) => trust.and_then(|trust| trust.with_key(&key, "key.pub")),
        None => trust,
    };
    let trust = match trust {
        Ok(trust) => trust,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let artifact = match own("artifact") {
        Some(artifact) => artifact,
        None => fs::read(asset.join("../../a.txt"))?,
    };
    let bundle = fs::read(asset.join("bundle.sigstore.json"))?;
    let verified = match verify_bundle(&bundle, &artifact, &trust, &Clock::System) {
        Ok(verified) => verified,
        Err(VerifyBundleError::Refused(refusal)) => {
            return Ok(Err(format!("{}: {refusal}", refusal.code())));
        }
        Err(error) => return Ok(Err(error.to_string())),
    };
    if let BundleSigner::Certificate(signer) = &verified.signer {
        let (identity, issuer) = (text("identity", IDENTITY), text("issuer", ISSUER));
        let is_identity = signer.subject.all().any(|name| name == identity);
        if !is_identity || signer.oidc_issuer.as_deref() != Some(&*issuer) {
            return Ok(Err(format!("it is by {signer}")));
        }
    }
    Ok(Ok(verified))
}
