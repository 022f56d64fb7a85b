//! Which peer is asked about which case, and what is not asked.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use containers_sigpolicy::engine::{Engine, KeyMaterial, KeyringError, Settings};
use containers_sigpolicy::policy::{
    ExactReference, KeyType, Requirement, Requirements, SignedBy, SignedIdentity,
};
use containers_sigpolicy::{Clock, CryptoPolicy, ImageName, Policy};
use libtest_mimic::{Failed, Trial};

use crate::case::Case;
use crate::comparison::{Extent, Peer, Said, Verdict, compare};
use crate::gpg::{Gpg, Keys};
use crate::question::{About, Cryptography, Question, Reason};
use crate::skopeo::Skopeo;
use crate::suite::{Suite, SuiteCase};

/// The tests of one peer, and what is to be said of them.
struct Plan {
    peer: String,
    trials: Vec<Trial>,
    asked: BTreeMap<&'static str, usize>,
    asked_in_part: BTreeMap<Reason, usize>,
    not_asked: BTreeMap<Reason, usize>,
}

impl Plan {
    fn new(peer: String) -> Self {
        Self {
            peer,
            trials: Vec::new(),
            asked: BTreeMap::new(),
            asked_in_part: BTreeMap::new(),
            not_asked: BTreeMap::new(),
        }
    }

    fn ask(
        &mut self,
        what: &'static str,
        name: String,
        test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
    ) {
        *self.asked.entry(what).or_default() += 1;
        self.trials.push(Trial::test(name, test));
    }

    fn pass_over(&mut self, reason: Reason) {
        *self.not_asked.entry(reason).or_default() += 1;
    }

    /// Tells what is asked, and returns the tests.
    fn finish(self) -> Vec<Trial> {
        let sum = |counts: &BTreeMap<_, usize>| counts.values().sum::<usize>();
        eprintln!(
            "{}: {} asked, of which {} only for their policy; {} not asked",
            self.peer,
            sum(&self.asked),
            sum(&self.asked_in_part),
            sum(&self.not_asked)
        );
        for (what, count) in &self.asked {
            eprintln!("  {count:>5} asked: {what}");
        }
        for (reason, count) in &self.asked_in_part {
            eprintln!("  {count:>5} asked only for their policy: {reason}");
        }
        for (reason, count) in &self.not_asked {
            eprintln!("  {count:>5} not asked: {reason}");
        }
        self.trials
    }
}

/// Each signature of a case, against each set of keys in its policy.
pub fn for_gpg(
    suite: &Arc<Suite>,
    engine: &Arc<dyn Engine>,
    gpg: &Arc<Gpg>,
    peer: &Peer,
) -> Vec<Trial> {
    let mut plan = Plan::new(peer.to_string());
    for (index, case) in suite.cases.iter().enumerate() {
        let cryptography = match Cryptography::of(&case.case, &suite.root) {
            Ok(cryptography) => cryptography,
            Err(reason) => {
                plan.pass_over(reason);
                continue;
            }
        };
        let (suite, engine, gpg) = (Arc::clone(suite), Arc::clone(engine), Arc::clone(gpg));
        let peer = peer.clone();
        plan.ask("signatures", format!("gpg::{}", case.id()), move || {
            let case = &suite.cases[index];
            let mut pairs = Vec::new();
            for (_, keys) in &cryptography.keys {
                for message in &cryptography.messages {
                    pairs.push(ask_gpg(&case.case, &*engine, &gpg, keys, message)?);
                }
            }
            // One entry speaks for the whole case: a difference counts, wherever it is.
            let (ours, theirs) = pairs
                .iter()
                .find(|(ours, theirs)| ours.verdict != theirs.verdict)
                .unwrap_or(&pairs[0]);
            compare(&suite, case, &peer, Extent::Whole, (ours, theirs))
        });
    }
    plan.finish()
}

fn ask_gpg(
    case: &Case,
    engine: &dyn Engine,
    gpg: &Gpg,
    keys: &Keys,
    message: &[u8],
) -> Result<(Said, Said), Failed> {
    let material: Vec<_> = keys
        .files
        .iter()
        .map(|bytes| KeyMaterial::new("keys", bytes))
        .collect();
    let import = engine.import(&material, &settings(case))?;
    let proven = match import.keyring.verify(message) {
        Ok(proven) => Ok(proven),
        Err(KeyringError::Refused(refusal)) => Err(refusal),
        Err(error) => return Err(error.into()),
    };
    let signed = gpg.verify(keys, message);
    if let (Ok(ours), Ok(theirs)) = (&proven, &*signed) {
        if ours.primary_key().as_str().to_uppercase() != theirs.primary_key.to_uppercase() {
            return Err(Failed::from("gpg says that another key has signed"));
        }
        if ours.payload() != theirs.payload {
            return Err(Failed::from("gpg says that other bytes are signed"));
        }
    }
    let ours = match &proven {
        Ok(proven) => Said::new(Verdict::Accept, proven.primary_key().to_string()),
        Err(refusal) => {
            let undecided = containers_sigpolicy::Reason::from(refusal.clone()).is_undecided();
            let verdict = if undecided {
                Verdict::Error
            } else {
                Verdict::Reject
            };
            Said::new(verdict, refusal.to_string())
        }
    };
    let theirs = match &*signed {
        Ok(signed) => Said::new(Verdict::Accept, signed.primary_key.clone()),
        Err(found) => Said::new(Verdict::Reject, found.clone()),
    };
    Ok((ours, theirs))
}

/// Each case as a whole; only its policy where skopeo cannot be given the image.
pub fn for_skopeo(
    suite: &Arc<Suite>,
    engine: &Arc<dyn Engine>,
    skopeo: &Arc<Skopeo>,
    peer: &Peer,
) -> Vec<Trial> {
    let mut plan = Plan::new(peer.to_string());
    let is_sample = std::env::var_os("PEERS_SAMPLE").is_some();
    for (index, case) in suite.cases.iter().enumerate() {
        if is_sample && case.case.name.starts_with("sigstore-") && index % 4 != 0 {
            plan.pass_over("PEERS_SAMPLE is set, and this is none of each fourth case of sigstore");
            continue;
        }
        let (mut question, mut instead) = match Question::of(&case.case, &suite.root, &peer.version)
        {
            Ok(question) => question,
            Err(reason) => {
                plan.pass_over(reason);
                continue;
            }
        };
        if let About::Docker { reference, .. } = &question.about {
            if skopeo.is_too_long(reference, index) {
                question.about = About::Policy;
                instead = Some("the name is too long for the detour over our registry");
            }
        }
        let extent = match instead {
            None => Extent::Whole,
            Some(reason) => {
                *plan.asked_in_part.entry(reason).or_default() += 1;
                Extent::Part
            }
        };
        let what = match &question.about {
            About::Policy => "policies",
            About::Name(_) => "names that are none",
            About::Docker { .. } => "images of the transport docker",
            About::Local { .. } => "images of the transports dir, oci and oci-archive",
        };
        let (suite, engine, skopeo) = (Arc::clone(suite), Arc::clone(engine), Arc::clone(skopeo));
        let peer = peer.clone();
        plan.ask(what, format!("skopeo::{}", case.id()), move || {
            let case = &suite.cases[index];
            let theirs = skopeo.ask(&question, index, &suite.root);
            let ours = match question.about {
                About::Policy => match Policy::from_slice(&question.policy) {
                    Ok(_) => Said::new(Verdict::Accept, "the policy is valid"),
                    Err(error) => Said::new(Verdict::Error, error.to_string()),
                },
                _ => answer(&case.case, &suite, &engine),
            };
            compare(&suite, case, &peer, extent, (&ours, &theirs))
        });
    }
    plan.finish()
}

/// Each single signature of an image, under the image's own name, for the keys of its policy.
pub fn for_standalone_verify(
    suite: &Arc<Suite>,
    engine: &Arc<dyn Engine>,
    skopeo: &Arc<Skopeo>,
    peer: &Peer,
) -> Vec<Trial> {
    let mut plan = Plan::new(format!("{peer} standalone-verify"));
    let mut known = HashSet::new();
    for (index, case) in suite.cases.iter().enumerate() {
        let standalone = match Standalone::of(case, suite) {
            Ok(standalone) => standalone,
            Err(reason) => {
                plan.pass_over(reason);
                continue;
            }
        };
        if !known.insert(standalone.key()) {
            plan.pass_over("another case puts the same question");
            continue;
        }
        let (suite, engine, skopeo) = (Arc::clone(suite), Arc::clone(engine), Arc::clone(skopeo));
        let peer = peer.clone();
        let name = format!("skopeo-standalone-verify::{}", case.id());
        plan.ask("signatures", name, move || {
            let (ours, signer) = answer_with_signer(&standalone.case, &suite, &engine);
            let theirs = standalone.ask(index, &skopeo, signer.as_deref());
            let case = &suite.cases[index];
            compare(&suite, case, &peer, Extent::Part, (&ours, &theirs))
        });
    }
    plan.finish()
}

/// A question for `skopeo standalone-verify`, and the case that puts the same question to the library.
struct Standalone {
    case: Case,
    manifest: Vec<u8>,
    reference: String,
    keys: Keys,
    signature: Vec<u8>,
}

impl Standalone {
    fn of(case: &SuiteCase, suite: &Suite) -> Result<Self, Reason> {
        let case = &case.case;
        let Cryptography { keys, messages } = Cryptography::of(case, &suite.root)?;
        let ([(source, keys)], [signature]) = (keys.as_slice(), messages.as_slice()) else {
            return Err("the case has several signatures or sets of keys");
        };
        let image = case.image.as_deref().unwrap_or_default();
        let name = ImageName::parse(image).ok();
        let reference = name.as_ref().and_then(ImageName::docker_reference);
        let reference = reference.ok_or("the image has no Docker reference")?;
        let reference = reference.to_string();
        // The question is put without scopes and without the image's own form of identity.
        let exact = ExactReference::new(&reference);
        let exact = exact.map_err(|_| "the image's reference has neither tag nor digest")?;
        let identity = SignedIdentity::ExactReference(exact);
        let signed_by = SignedBy::new(KeyType::GpgKeys, source.clone(), identity);
        let signed_by = Requirement::from(signed_by.map_err(|_| "the keys have no path")?);
        let policy = Policy::new(Requirements::from(signed_by));
        let manifest = case.manifest.as_ref().ok_or("the case has no manifest")?;
        let policy = serde_json::value::to_raw_value(&policy);
        Ok(Self {
            manifest: std::fs::read(suite.root.join(manifest))
                .map_err(|_| "the manifest of the case cannot be read")?,
            case: Case {
                name: case.name.clone(),
                policy: Some(policy.map_err(|_| "the policy cannot be written")?),
                policy_text: None,
                policy_file: None,
                // `exactReference` is the same for every image, and a path brings no digest of its own.
                image: Some("dir:/".to_owned()),
                manifest: case.manifest.clone(),
                signatures: case.signatures.clone(),
                instance: None,
                list: None,
                require_signed: false,
                at: case.at.clone(),
                crypto_policy: case.crypto_policy.clone(),
                sigstore_bundles: None,
            },
            reference,
            keys: keys.clone(),
            signature: signature.clone(),
        })
    }

    /// What tells two questions apart.
    fn key(&self) -> impl Eq + std::hash::Hash + use<> {
        let case = &self.case;
        (
            (self.keys.clone(), self.signature.clone()),
            (self.manifest.clone(), self.reference.clone()),
            (case.at.clone(), case.crypto_policy.clone()),
        )
    }

    /// skopeo wants to be told who has signed: if we cannot say, every trusted key is tried.
    fn ask(&self, number: usize, skopeo: &Skopeo, signer: Option<&str>) -> Said {
        let keyring = skopeo.gpg().keyring(&self.keys);
        let signers: Vec<&str> = match signer {
            Some(signer) => vec![signer],
            None => keyring.fingerprints.iter().map(String::as_str).collect(),
        };
        let mut said = Said::new(Verdict::Reject, "gpg has imported no key");
        for signer in signers {
            let image = (self.manifest.as_slice(), self.reference.as_str());
            said = skopeo.verify(number, image, (&self.keys, signer), &self.signature);
            if said.verdict == Verdict::Accept {
                break;
            }
        }
        said
    }
}

/// What the library says to a case.
fn answer(case: &Case, suite: &Suite, engine: &Arc<dyn Engine>) -> Said {
    answer_with_signer(case, suite, engine).0
}

/// The same, and whose signature was accepted.
fn answer_with_signer(
    case: &Case,
    suite: &Suite,
    engine: &Arc<dyn Engine>,
) -> (Said, Option<String>) {
    let answer = case.answer(&suite.root, engine, CryptoPolicy::Standard);
    let verdict = Verdict::from_name(answer.verdict).expect("a verdict");
    let signer = answer.message.strip_prefix("signed by ").map(str::to_owned);
    let detail = match answer.code {
        Some(code) => format!("{code}: {}", answer.message),
        None => answer.message,
    };
    (Said::new(verdict, detail), signer)
}

fn settings(case: &Case) -> Settings {
    let clock = match &case.at {
        Some(at) => Clock::Fixed(at.parse().expect("a time")),
        None => Clock::System,
    };
    let name = case.crypto_policy.as_deref().unwrap_or("standard");
    Settings::new(clock, name.parse().expect("a policy"))
}
