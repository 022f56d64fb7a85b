//! What several test programs share: fixtures of the conformance suite as values, outputs in JSON, programs, and
//! messages of keys that a test makes.
#![allow(dead_code, reason = "no test program uses all of it")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

#[cfg(unix)]
pub mod endings;
pub mod json;
pub mod key_folder;
#[cfg(unix)]
pub mod programs;
#[cfg(feature = "sequoia")]
pub mod signing;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use containers_sigpolicy::engine::{Engine, EngineKind, Import, KeyMaterial, Settings};
use containers_sigpolicy::{Clock, CryptoPolicy, Image, ImageName, Moment, Policy, Verifier};

/// A good image of the conformance suite.
#[derive(Clone, Copy, Debug)]
pub struct Fixture {
    pub image: &'static str,
    pub manifest: &'static str,
    pub signature: &'static str,
    pub keys: &'static str,
}

impl Fixture {
    pub const ED25519: Self =
        Self::signed("signatures/algorithms/ed25519-good.gpg", "keys/ed25519.gpg");
    pub const RSA: Self =
        Self::signed("signatures/algorithms/rsa2048-good.gpg", "keys/rsa2048.gpg");
    pub const SUBKEY: Self = Self::signed(
        "signatures/keys/39f24124ac737b4f-44712000.sig",
        "keys/states/subkey-ed25519.gpg",
    );

    const fn signed(signature: &'static str, keys: &'static str) -> Self {
        Self {
            image: "docker://registry.example/app/web:1.4.2",
            manifest: "manifests/web.json",
            signature,
            keys,
        }
    }

    pub fn name(&self) -> ImageName {
        ImageName::parse(self.image).expect("a valid name")
    }

    pub fn manifest(&self) -> Vec<u8> {
        read(self.manifest)
    }

    pub fn signature(&self) -> Vec<u8> {
        read(self.signature)
    }

    pub fn keys(&self) -> Vec<u8> {
        read(self.keys)
    }

    pub fn image(&self) -> Image<'static> {
        Image::new(self.name(), self.manifest()).with_signature(self.signature())
    }

    /// A policy that trusts this fixture's keys, for every image.
    pub fn policy(&self) -> Policy {
        let keys = self.keys;
        format!(r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"{keys}"}}]}}"#)
            .parse()
            .expect("a valid policy")
    }

    /// A verifier that trusts this fixture's keys, on each engine that needs nothing from the system.
    pub fn verifiers(&self) -> Vec<Verifier> {
        let engines = in_process().into_iter();
        engines
            .map(|engine| self.verifier_on_shared(engine))
            .collect()
    }

    /// A verifier that trusts this fixture's keys, on this engine.
    pub fn verifier_on(&self, engine: impl Engine + 'static) -> Verifier {
        self.verifier_on_shared(Arc::new(engine))
    }

    /// A verifier that trusts this fixture's keys, on this engine.
    pub fn verifier_on_shared(&self, engine: Arc<dyn Engine>) -> Verifier {
        Verifier::builder(self.policy())
            .engine(engine)
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .key_directory(suite())
            .build()
    }
}

/// The folder of the conformance suite.
pub fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance")
}

/// A file of the conformance suite.
pub fn read(path: &str) -> Vec<u8> {
    std::fs::read(suite().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The engines of this build.
pub fn engines() -> impl Iterator<Item = EngineKind> {
    let all = EngineKind::DEFAULT_ORDER.iter().copied();
    all.filter(|kind| kind.is_compiled_in())
}

/// The engines of this build that need nothing from the system: they follow the same rules, and differ in what they can
/// calculate.
pub fn in_process() -> Vec<Arc<dyn Engine>> {
    vec![
        #[cfg(feature = "native-openssl")]
        Arc::new(containers_sigpolicy::engine::Native::openssl()),
        #[cfg(feature = "native")]
        Arc::new(containers_sigpolicy::engine::Native::rust_crypto()),
        #[cfg(feature = "sequoia")]
        Arc::new(containers_sigpolicy::engine::Sequoia::new()),
    ]
}

/// One of them, for what no engine decides.
pub fn any_in_process() -> Arc<dyn Engine> {
    in_process().pop().expect("an engine")
}

/// What an engine makes of these key files, with this time and policy.
pub fn import(
    engine: &dyn Engine,
    files: &[impl AsRef<[u8]>],
    now: Moment,
    policy: CryptoPolicy,
) -> Import {
    let keys: Vec<KeyMaterial<'_>> = files
        .iter()
        .map(|bytes| KeyMaterial::new("key", bytes.as_ref()))
        .collect();
    let settings = Settings::new(Clock::Fixed(now), policy);
    engine.import(&keys, &settings).expect("a keyring")
}

/// A printed text without its breaks of lines: where they are depends on the length of the paths in it.
pub fn unwrapped(printed: impl AsRef<[u8]>) -> String {
    let printed = String::from_utf8_lossy(printed.as_ref());
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A time in the form of RFC 3339.
pub fn at(text: &str) -> Moment {
    text.parse().expect("a valid time")
}

/// The program `sigpolicy` with this subcommand, as a command.
#[cfg(feature = "cli")]
pub fn sigpolicy(subcommand: &str) -> Command {
    let mut command = runner(Path::new(env!("CARGO_BIN_EXE_sigpolicy")));
    command.arg(subcommand);
    command
}

/// The program of an example, which `cargo test` has built beside this one, as a command.
///
/// Where the tests themselves run by another program (QEMU), the environment variable
/// `EXAMPLE_RUNNER` names one that runs examples.
pub fn example(name: &str) -> Command {
    let mut path = std::env::current_exe().expect("this test has a path");
    path.pop(); // this test
    path.pop(); // deps
    path.push("examples");
    path.push(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not built: run `cargo build --examples`, or all tests",
        path.display()
    );
    runner(&path)
}

fn runner(program: &Path) -> Command {
    match std::env::var_os("EXAMPLE_RUNNER") {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(program);
            command
        }
        None => Command::new(program),
    }
}
