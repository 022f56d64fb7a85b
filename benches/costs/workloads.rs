//! The fixed workloads.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;

use containers_sigpolicy::engine::{KeyMaterial, Settings};
use containers_sigpolicy::{ImageName, Policy, Verifier};
use sequoia_openpgp::cert::CipherSuite;

use super::engines::Shared;
use super::keys::{Signed, image, text_trusting};

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub enum Workload {
    /// One image, with keys that are read already.
    Warm,
    /// From the policy's text to the first verdict.
    Start,
    /// 99 signatures by unknown keys before a good one.
    Strangers,
    /// 99 signatures for another image before a good one.
    Hundred,
    /// Importing a key with 50 subkeys that sign.
    Subkeys,
    /// Importing 100 keys.
    Keys,
    /// Reading a policy with 10,000 scopes and 1,000 key files, and finding an image's.
    Scopes,
}

impl Workload {
    pub const ALL: [Self; 7] = [
        Self::Warm,
        Self::Start,
        Self::Strangers,
        Self::Hundred,
        Self::Subkeys,
        Self::Keys,
        Self::Scopes,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Warm => "warm",
            Self::Start => "start",
            Self::Strangers => "strangers",
            Self::Hundred => "hundred",
            Self::Subkeys => "subkeys",
            Self::Keys => "keys",
            Self::Scopes => "scopes",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Warm => "one image, keys read already",
            Self::Start => "from the policy's text to the first verdict",
            Self::Strangers => "99 by unknown keys before a good one",
            Self::Hundred => "99 for another image before a good one",
            Self::Subkeys => "import a key with 50 signing subkeys",
            Self::Keys => "import 100 keys",
            Self::Scopes => "read a policy with 10,000 scopes",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Makes what it needs, which is not measured, and what is.
    pub fn prepare(self, engine: &Shared) -> Box<dyn FnMut()> {
        let engine = Arc::clone(engine);
        let signed = Signed::by(CipherSuite::Cv25519);
        let of_image = |image: containers_sigpolicy::Image<'static>| {
            let verifier = signed.verifier(&engine);
            Box::new(move || {
                let _ = black_box(verifier.verify(&image).expect("a good signature"));
            }) as Box<dyn FnMut()>
        };
        match self {
            Self::Warm => of_image(image(signed.blob(0))),
            Self::Strangers => of_image(signed.behind_strangers(99)),
            Self::Hundred => of_image(signed.behind_others(99)),
            Self::Start => {
                let text = text_trusting(&signed.public());
                let image = image(signed.blob(0));
                Box::new(move || {
                    let policy: Policy = text.parse().expect("a valid policy");
                    let builder = Verifier::builder(policy).engine(Arc::clone(&engine));
                    let _ = black_box(builder.build().verify(&image).expect("a good signature"));
                })
            }
            Self::Subkeys => importing(engine, Signed::with_subkeys(50).public(), 1),
            Self::Keys => {
                let keys = (0..100).flat_map(|_| Signed::by(CipherSuite::Cv25519).public());
                importing(engine, keys.collect(), 100)
            }
            Self::Scopes => {
                let text = policy_text(10_000, 1_000);
                let name = ImageName::parse("docker://registry.example/team-7/group/app/web:1.4.2")
                    .expect("a valid name");
                Box::new(move || {
                    let policy = Policy::from_slice(text.as_bytes()).expect("a valid policy");
                    let _ = black_box(policy.requirements_for(&name));
                })
            }
        }
    }
}

fn importing(engine: Shared, keys: Vec<u8>, count: usize) -> Box<dyn FnMut()> {
    Box::new(move || {
        let material = KeyMaterial::new("benchmark", &keys);
        let import = engine
            .import(&[material], &Settings::default())
            .expect("the keys are good");
        assert_eq!(import.keys.len(), count);
    })
}

fn policy_text(scopes: usize, files: usize) -> String {
    let mut text = String::from(r#"{"default":[{"type":"reject"}],"transports":{"docker":{"#);
    for index in 0..scopes {
        let comma = if index == 0 { "" } else { "," };
        let file = index % files;
        let _ = write!(
            text,
            r#"{comma}"registry.example/team-{index}":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"/etc/pki/team-{file}.gpg","signedIdentity":{{"type":"matchRepository"}}}}]"#
        );
    }
    text.push_str("}}}");
    text
}
