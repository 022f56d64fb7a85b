//! The verifier: a policy and an engine, ready to judge images.

mod access;
mod demands;
mod engines;
mod evaluation;
mod evidence;
mod foreign;
pub(crate) mod key_loader;
mod key_reports;
mod key_source;
mod keys;
mod lint;
mod of_late;
mod policy_file;
mod question;
mod signed_by;
mod sigstore_bundles;
#[cfg(feature = "sigstore")]
mod sigstore_signed;
mod warnings;

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use once_cell::unsync::OnceCell;

use self::demands::Demands;
pub use self::demands::VerifyOptions;
use self::engines::Engines;
use self::evaluation::Evaluation;
use self::key_loader::{KeyFiles, KeyLoader};
use self::keys::KeyStore;
use self::policy_file::PolicyFile;
pub use self::sigstore_bundles::SigstoreBundles;
use crate::clock::Clock;
use crate::engine::{CryptoPolicy, EngineError, EngineKind, Environment, Selection, Settings};
use crate::error::Error;
use crate::policy::Policy;
use crate::source::Source;
use crate::verdict::{Accepted, KeyReport, KeySourceReport, LoadKeysError};

/// Judges images by a policy.
///
/// Key files are read and imported once, when a requirement first needs them (or all of them at
/// once with [`Verifier::load_keys`]), and shared by all threads; [`Verifier::reload`] forgets
/// them. A file that could not be read is tried again the next time.
#[derive(Debug)]
pub struct Verifier {
    policy: Policy,
    policy_file: PolicyFile,
    keys: KeyStore,
    demands: Demands,
}

impl Verifier {
    /// A verifier by `policy`, to be completed with its settings.
    pub fn builder(policy: Policy) -> VerifierBuilder {
        VerifierBuilder {
            policy,
            engines: None,
            clock: Clock::System,
            crypto_policy: CryptoPolicy::default(),
            key_loader: Arc::new(KeyFiles::new()),
            demands: Demands::default(),
        }
    }

    /// A verifier by `policy` with every setting at its default: the first engine that works, the
    /// system's clock, the standard cryptographic policy, key paths as they are in the policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self::builder(policy).build()
    }

    /// The policy that it judges by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decides whether an image may run.
    ///
    /// Accepts if and only if **every** requirement of the image's scope accepts it
    /// (containers-policy.json(5)): `insecureAcceptAnything` always does; `signedBy` does if one
    /// of the image's signatures was made by one of its keys, by the conditions of
    /// [`Keyring::verify`](crate::engine::Keyring::verify), over a payload for this manifest's
    /// digest and for a name that `signedIdentity` accepts; `sigstoreSigned` (feature `sigstore`)
    /// does if one of the image's sigstore signatures was made over such a payload by one of its keys, or by the key of a
    /// certificate that names whom it demands and for which one of its authorities vouches: with `fulcio` when a log recorded
    /// the signature, with `pki` now. Where the requirement names Rekor keys, a log of one of them must have signed that it has
    /// recorded this signature by this key or certificate over this payload. What cosign 3 stores in bundles counts as
    /// [`VerifierBuilder::sigstore_bundles`] says. Nothing else does. With
    /// [`VerifierBuilder::require_signed`], at least one must have verified a signature.
    ///
    /// `source` is asked only for what the policy needs: under `insecureAcceptAnything` neither
    /// the manifest nor the signatures are read. [`Policy::plan`] says beforehand what will be needed.
    ///
    /// It blocks, while files are read and an engine works: the first time for seconds, if a gpg hangs. In async code it
    /// belongs on a thread for that (`spawn_blocking`).
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] if the policy does not accept the image; [`Error::Unavailable`] if something that the verdict
    /// depends on could not be read or fetched, [`Error::Undecided`] if it could not be checked; [`Error::Engine`] if the
    /// engine could not do its work. Each has the report.
    pub fn verify(&self, source: &dyn Source) -> Result<Accepted, Error> {
        self.verify_with(source, VerifyOptions::new())
    }

    /// Decides whether an image may run, as [`Verifier::verify`] does, with what is the caller's for this one image: more
    /// demands, keys, and verdicts on requirements that this crate does not judge.
    ///
    /// # Errors
    ///
    /// Those of [`Verifier::verify`].
    pub fn verify_with(
        &self,
        source: &dyn Source,
        options: VerifyOptions<'_>,
    ) -> Result<Accepted, Error> {
        Evaluation {
            policy: &self.policy,
            policy_file: &self.policy_file,
            keys: &self.keys,
            source,
            demands: self.demands.with(&options),
            options,
            evidence: OnceCell::new(),
            digests: Cell::default(),
        }
        .run()
    }

    /// Reads and imports the keys of every requirement `signedBy` in the policy, so that a mistake shows when a program
    /// starts and not when it first pulls an image.
    ///
    /// What comes of each key source, in the order of the policy's [scopes](Policy::scopes): each once, however many
    /// requirements name it. Key types other than `GPGKeys` are left out, since no key can satisfy them.
    ///
    /// # Errors
    ///
    /// [`LoadKeysError`], with the same list, if one of them has a problem: it cannot be read, it is empty, or holds
    /// only keys that the engine cannot use.
    pub fn load_keys(&self) -> Result<Vec<KeySourceReport>, LoadKeysError> {
        let sources = key_source::load_all(&self.policy, &self.keys);
        if sources.iter().all(|source| source.problem.is_none()) {
            Ok(sources)
        } else {
            Err(LoadKeysError::new(sources))
        }
    }

    /// What is known of each key file that the policy names, and of each `keyData`: the keys in it, until when they are
    /// good, which requirements trust them, and who can write the file. It needs no image, and reads only what is not
    /// read yet.
    ///
    /// Those that cannot be used come first, each with its problem, then those whose keys end first. Key types other
    /// than `GPGKeys` are left out, since no key can satisfy them.
    #[must_use]
    pub fn keys(&self) -> Vec<KeyReport> {
        key_reports::all(&self.policy, &self.keys)
    }

    /// The key files that have changed since they were read, or are gone.
    ///
    /// A file counts as changed if its length or its time of modification is another.
    #[must_use]
    pub fn changed_key_files(&self) -> Vec<PathBuf> {
        self.keys.changed_files()
    }

    /// Forgets all keys, so that each key file is read anew when it is next needed, which engines have failed, and who
    /// can write the policy's file. The policy stays as it was read.
    pub fn reload(&self) {
        self.keys.forget();
        self.policy_file.forget();
    }
}

/// The settings of a [`Verifier`]. Each has a safe default.
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifierBuilder {
    policy: Policy,
    engines: Option<EngineChoice>,
    clock: Clock,
    crypto_policy: CryptoPolicy,
    key_loader: Arc<dyn KeyLoader>,
    demands: Demands,
}

/// Which engine a [`VerifierBuilder`] was told to use.
#[derive(Clone, Debug)]
enum EngineChoice {
    Named(Selection),
    First(Environment, Vec<EngineKind>),
}

impl VerifierBuilder {
    /// Verify signatures with `engine` and no other: if it fails, there is no verdict, but an
    /// [`Error::Engine`].
    ///
    /// It can be an engine, one that is shared with others (`Arc`), or a [`Selection`], whose skipped engines
    /// the report names.
    pub fn engine(mut self, engine: impl Into<Selection>) -> Self {
        self.engines = Some(EngineChoice::Named(engine.into()));
        self
    }

    /// Verify signatures with the first engine of `order` that works, looked for as `environment` says when
    /// the first signature is verified: one on GnuPG is tried out only if its first work does not end in a good
    /// signature, which shows the same. One that fails later at its work, because its program is killed or
    /// hangs, or the system has no more processes, is skipped for the next one, and not tried again
    /// until [`Verifier::reload`]: the report says so. Default:
    /// [`EngineKind::DEFAULT_ORDER`], as the environment is.
    pub fn first_engine(
        mut self,
        environment: Environment,
        order: impl IntoIterator<Item = EngineKind>,
    ) -> Self {
        self.engines = Some(EngineChoice::First(
            environment,
            order.into_iter().collect(),
        ));
        self
    }

    /// The time to judge by. Default: the system's clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Which algorithms are good enough. Default: [`CryptoPolicy::Standard`].
    pub fn crypto_policy(mut self, crypto_policy: CryptoPolicy) -> Self {
        self.crypto_policy = crypto_policy;
        self
    }

    /// The directory that relative key paths of the policy start from. Default: the current
    /// directory of the process, as in containers/image.
    ///
    /// It is [`key_loader`](Self::key_loader) with [`KeyFiles::in_directory`].
    pub fn key_directory(self, directory: impl Into<PathBuf>) -> Self {
        self.key_loader(KeyFiles::in_directory(directory))
    }

    /// Where the policy's key files come from. Default: the file system, [`KeyFiles`].
    pub fn key_loader(mut self, loader: impl KeyLoader + 'static) -> Self {
        self.key_loader = Arc::new(loader);
        self
    }

    /// Whether at least one requirement must have verified a signature, so that a list of only
    /// `insecureAcceptAnything` rejects. Default: no.
    pub fn require_signed(mut self, require_signed: bool) -> Self {
        self.demands.require_signed = require_signed;
        self
    }

    /// Which sigstore bundles, as cosign 3 makes them, satisfy a requirement `sigstoreSigned`. Default:
    /// [`SigstoreBundles::Named`].
    pub fn sigstore_bundles(mut self, bundles: SigstoreBundles) -> Self {
        self.demands.sigstore_bundles = bundles;
        self
    }

    /// How far ahead to look for what will refuse an image that is accepted now: a key, a subkey, a signature or a certificate
    /// that expires ([`Accepted::warnings`]). A duration of nothing turns that off. Default: 30 days.
    pub fn warn_ahead(mut self, ahead: Duration) -> Self {
        self.demands.warn_ahead = ahead;
        self
    }

    /// From which age on a signature is worth a warning where the image is asked for by a tag, which can be moved back
    /// to an old image. A duration of nothing turns that off. Default: 180 days.
    pub fn warn_signature_age(mut self, age: Duration) -> Self {
        self.demands.warn_signature_age = age;
        self
    }

    /// How old a signature may be, by the time that it states itself. One that is older does not count, and one that
    /// states none does not either ([`Reason::SignatureTooOld`](crate::Reason::SignatureTooOld)). An image that the
    /// policy accepts without a signature is not concerned. Default: any age.
    pub fn max_signature_age(mut self, age: Duration) -> Self {
        self.demands.max_signature_age = Some(age);
        self
    }

    /// The verifier. Reads no key file yet.
    #[must_use]
    pub fn build(self) -> Verifier {
        let settings = Settings::new(self.clock, self.crypto_policy);
        let engines = match self.engines {
            Some(EngineChoice::Named(selection)) => Engines::named(selection),
            Some(EngineChoice::First(environment, order)) => Engines::first(environment, order),
            None => Engines::first(Environment::from_env(), EngineKind::DEFAULT_ORDER.to_vec()),
        };
        Verifier {
            policy: self.policy,
            policy_file: PolicyFile::default(),
            keys: KeyStore::new(engines, settings, self.key_loader),
            demands: self.demands,
        }
    }
}

// A verifier serves many threads.
const _: () = {
    const fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Verifier>();
    is_send_and_sync::<EngineError>();
    is_send_and_sync::<Error>();
};
