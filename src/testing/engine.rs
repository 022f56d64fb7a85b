//! An engine that believes what anybody can write.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::clock::Moment;
use crate::digest::Digest;
use crate::engine::{
    Engine, EngineError, Import, KeyMaterial, KeyWarning, Keyring, KeyringError, Proven, Refusal,
    Settings, TrustedKey,
};
use crate::fingerprint::Fingerprint;

/// What a made-up key file has in front of each fingerprint.
const KEY: &str = "fake key ";

/// What a made-up signature begins with. The first byte is one of those by which images with OpenPGP signatures are known.
const SIGNATURE: &str = "=fake signature by ";

/// An engine for tests: **it believes what anybody can write.**
///
/// Its key files ([`FakeEngine::key_file`]) and signatures ([`FakeEngine::sign`]) are made-up texts; everything else is
/// refused, OpenPGP too. The payload, the digest, the name and the policy are judged as always. It can take its time, refuse
/// and fail as it is told.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct FakeEngine {
    import: Work,
    verification: Work,
    refusal: Option<Refusal>,
}

/// How one sort of work goes.
#[derive(Clone, Debug, Default)]
struct Work {
    delay: Duration,
    fails: bool,
}

impl Work {
    fn is_done(&self, operation: &str) -> Result<(), EngineError> {
        thread::sleep(self.delay);
        if self.fails {
            let told = io::Error::other("it was told to fail");
            return Err(EngineError::failed(FakeEngine::NAME, operation, told));
        }
        Ok(())
    }
}

impl FakeEngine {
    const NAME: &'static str = "fake";

    /// An engine that accepts the signatures of [`FakeEngine::sign`] by the keys of [`FakeEngine::key_file`], at once.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, so slow at each reading of keys.
    pub fn with_import_delay(mut self, delay: Duration) -> Self {
        self.import.delay = delay;
        self
    }

    /// The same, so slow at each signature.
    pub fn with_verification_delay(mut self, delay: Duration) -> Self {
        self.verification.delay = delay;
        self
    }

    /// An engine that fails whenever it is to read keys.
    pub fn failing_at_import(mut self) -> Self {
        self.import.fails = true;
        self
    }

    /// An engine that reads keys, and fails at each signature.
    pub fn failing_at_verification(mut self) -> Self {
        self.verification.fails = true;
        self
    }

    /// An engine that refuses for this reason what it would have accepted.
    pub fn refusing(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(refusal);
        self
    }

    /// A made-up file of these keys.
    #[must_use]
    pub fn key_file(keys: &[Fingerprint]) -> Vec<u8> {
        keys.iter()
            .fold(String::new(), |mut file, key| {
                // Writing to a String cannot fail.
                let _ = writeln!(file, "{KEY}{key}");
                file
            })
            .into_bytes()
    }

    /// A made-up signature by this key, made at this time: that the manifest with this digest is the image `reference`,
    /// such as `registry.example/app:1`.
    #[must_use]
    pub fn sign(key: &Fingerprint, at: Moment, reference: &str, manifest: &Digest) -> Vec<u8> {
        let payload = serde_json::json!({
            "critical": {
                "type": "atomic container signature",
                "image": {"docker-manifest-digest": manifest},
                "identity": {"docker-reference": reference},
            },
            "optional": {},
        });
        Self::sign_payload(key, at, payload.to_string().as_bytes())
    }

    /// A made-up signature over any bytes.
    #[must_use]
    pub fn sign_payload(key: &Fingerprint, at: Moment, payload: &[u8]) -> Vec<u8> {
        let mut signature = format!("{SIGNATURE}{key} at {at}\n").into_bytes();
        signature.extend_from_slice(payload);
        signature
    }
}

impl Engine for FakeEngine {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn version(&self) -> String {
        "for tests alone".to_owned()
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        self.import.is_done("read the keys")?;
        let mut known = Vec::new();
        let mut warnings = Vec::new();
        for material in keys {
            let before = known.len();
            let text = String::from_utf8_lossy(material.bytes);
            let fingerprints = text.lines().filter_map(|line| line.strip_prefix(KEY));
            let fingerprints = fingerprints.filter_map(|key| key.parse().ok());
            known.extend(fingerprints.map(|key| TrustedKey::new(key, material.origin)));
            if known.len() == before {
                warnings.push(KeyWarning::no_key_found(material, "it has no fake key"));
            }
        }
        let keyring = FakeKeyring {
            keys: known.iter().map(|key| key.fingerprint.clone()).collect(),
            engine: self.clone(),
            settings: settings.clone(),
        };
        Ok(Import::new(Arc::new(keyring), known, warnings))
    }
}

#[derive(Debug)]
struct FakeKeyring {
    keys: BTreeSet<Fingerprint>,
    engine: FakeEngine,
    settings: Settings,
}

impl Keyring for FakeKeyring {
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError> {
        self.engine.verification.is_done("verify the signature")?;
        let Some((key, signed_at, payload)) = parse(untrusted_blob) else {
            return Err(Refusal::malformed_signature("it is no fake signature").into());
        };
        if !self.keys.contains(&key) {
            return Err(Refusal::unknown_key([key.into()]).into());
        }
        let now = self.settings.clock.now()?;
        if signed_at > now {
            return Err(Refusal::signature_from_the_future(key, signed_at, now).into());
        }
        match &self.engine.refusal {
            Some(refusal) => Err(refusal.clone().into()),
            None => Ok(Proven::assertion(payload.to_vec(), key).with_signed_at(signed_at)),
        }
    }
}

/// Who made a signature, when, and over what.
fn parse(blob: &[u8]) -> Option<(Fingerprint, Moment, &[u8])> {
    let end = blob.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = blob.split_at_checked(end)?;
    let line = std::str::from_utf8(line).ok()?;
    let (key, at) = line.strip_prefix(SIGNATURE)?.split_once(" at ")?;
    Some((key.parse().ok()?, at.parse().ok()?, rest.get(1..)?))
}
