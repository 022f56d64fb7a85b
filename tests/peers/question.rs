//! What of a case can be put to a peer.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use containers_sigpolicy::policy::{KeySource, KeyType, Requirement};
use containers_sigpolicy::{ImageName, Moment, Policy, Reference};

use crate::case::Case;
use crate::gpg::Keys;

/// Members of requirements, and the first minor version of skopeo 1 whose containers/image knows them.
const NEWER_MEMBERS: [(&str, u32); 8] = [
    ("\"keyPaths\"", 10),
    ("\"fulcio\"", 11),
    ("\"rekorPublicKeyPath\"", 11),
    ("\"rekorPublicKeyData\"", 11),
    ("\"keyDatas\"", 17),
    ("\"rekorPublicKeyPaths\"", 17),
    ("\"rekorPublicKeyDatas\"", 17),
    ("\"pki\"", 18),
];

/// The first minor version of skopeo 1 that Debian builds so that it verifies signatures for sigstore.
const SIGSTORE_IS_ON: u32 = 18;

/// The framing of signatures that are stored with their format's name.
const SIMPLE_SIGNING: &[u8] = b"\0simple-signing\n";

/// Why a peer is not asked, or not asked about everything. A phrase for the summary.
pub type Reason = &'static str;

const BUNDLES: Reason = "skopeo passes over the bundles of sigstore";

/// A question for skopeo.
#[derive(Debug)]
pub struct Question {
    pub policy: Vec<u8>,
    pub at: Option<String>,
    pub about: About,
}

/// What skopeo is asked to copy.
#[derive(Debug)]
pub enum About {
    /// Nothing: does the policy parse?
    Policy,
    /// A name that the library does not take.
    Name(String),
    /// An image of the transport `docker`, which our registry serves.
    Docker {
        name: String,
        reference: Reference,
        manifest: Vec<u8>,
        signatures: Vec<Vec<u8>>,
    },
    /// An image below an alternative root.
    Local {
        kind: Local,
        path: String,
        /// What follows the path.
        suffix: String,
        manifest: Vec<u8>,
        signatures: Vec<Vec<u8>>,
    },
}

/// Transports whose images are files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    Dir,
    Oci,
    OciArchive,
}

impl Local {
    /// The transport's name.
    pub fn transport(self) -> &'static str {
        match self {
            Self::Dir => "dir",
            Self::Oci => "oci",
            Self::OciArchive => "oci-archive",
        }
    }
}

impl Question {
    /// The question that a case puts to skopeo; where that is only about the policy although the case asks for more,
    /// with the reason. An error is the reason why there is none.
    pub fn of(case: &Case, root: &Path, version: &str) -> Result<(Self, Option<Reason>), Reason> {
        let policy = policy(case, root).map_err(|_| "the policy's file cannot be read")?;
        let text = String::from_utf8_lossy(&policy);
        let minor = version
            .split('.')
            .nth(1)
            .and_then(|minor| minor.parse().ok());
        let minor: u32 = minor.unwrap_or(u32::MAX);
        if NEWER_MEMBERS
            .iter()
            .any(|(member, since)| minor < *since && text.contains(member))
        {
            return Err("the policy has members that this containers/image does not know");
        }
        if text.contains("\"atomic\"") {
            return Err("Debian builds skopeo without the transport atomic");
        }
        let (about, only_the_policy) = match about(case, root) {
            // Thousands of cases have the same few policies, which others ask about.
            Ok(about) => match without_sigstore(&about, &text, minor) {
                Some(reason) => return Err(reason),
                None => (about, None),
            },
            Err(BUNDLES) => return Err(BUNDLES),
            Err(reason) => (About::Policy, Some(reason)),
        };
        let question = Self {
            policy,
            at: faked_time(case),
            about,
        };
        Ok((question, only_the_policy))
    }
}

/// Why one of the two does not verify signatures for sigstore, where the image is to be judged by them.
fn without_sigstore(about: &About, policy: &str, minor: u32) -> Option<Reason> {
    if matches!(about, About::Policy) || !policy.contains("\"sigstoreSigned\"") {
        None
    } else if minor < SIGSTORE_IS_ON {
        Some("Debian builds this skopeo without sigstore")
    } else if !cfg!(feature = "sigstore") {
        Some("the library is built without sigstore")
    } else {
        None
    }
}

fn about(case: &Case, root: &Path) -> Result<About, Reason> {
    let Some(image) = &case.image else {
        return Ok(About::Policy);
    };
    if case.require_signed || case.instance.is_some() {
        return Err("skopeo cannot be asked for `require_signed` or an `instance`");
    }
    if case.name.starts_with("sigstore-bundles-") {
        return Err(BUNDLES);
    }
    let (transport, rest) = image.split_once(':').unwrap_or((image, ""));
    let kind = match transport {
        "docker" => None,
        "dir" => Some(Local::Dir),
        "oci" => Some(Local::Oci),
        "oci-archive" => Some(Local::OciArchive),
        _ => return Err("skopeo cannot be given images of this transport here"),
    };
    if image.contains('\0') {
        return Err("a name with a NUL is no argument of a program");
    }
    if image.contains("@@") {
        return Err("skopeo takes no name without tag and digest");
    }
    let Ok(name) = ImageName::parse(image) else {
        return Ok(About::Name(image.clone()));
    };
    let Some(manifest) = &case.manifest else {
        return Err("skopeo needs a manifest");
    };
    let files_missing = |_| "skopeo needs the files of the image";
    let manifest = std::fs::read(root.join(manifest)).map_err(files_missing)?;
    let is_list = serde_json::from_slice::<serde_json::Value>(&manifest)
        .is_ok_and(|manifest| manifest.get("manifests").is_some());
    if is_list {
        return Err("skopeo copies an instance, not the list");
    }
    let read = |path| std::fs::read(root.join(path));
    let signatures: Result<_, _> = case.signatures.iter().map(read).collect();
    let signatures = signatures.map_err(files_missing)?;
    match (kind, name.docker_reference()) {
        (None, Some(reference)) => Ok(About::Docker {
            name: image.clone(),
            reference: reference.clone(),
            manifest,
            signatures,
        }),
        (Some(kind), _) => {
            let (path, suffix) = match (kind, rest.find(':')) {
                (Local::Oci | Local::OciArchive, Some(colon)) => rest.split_at(colon),
                _ => (rest, ""),
            };
            if suffix.starts_with(":@") {
                return Err("an image by its number in a layout is newer than most skopeos");
            }
            if !path.starts_with('/') {
                return Err("skopeo has another working directory");
            }
            if kind != Local::Dir && !signatures.is_empty() {
                return Err("skopeo reads no signatures from OCI layouts");
            }
            Ok(About::Local {
                kind,
                path: path.to_owned(),
                suffix: suffix.to_owned(),
                manifest,
                signatures,
            })
        }
        (None, None) => Err("skopeo cannot be given images of this transport here"),
    }
}

/// The case's policy as it stands.
pub fn policy(case: &Case, root: &Path) -> io::Result<Vec<u8>> {
    if let Some(policy) = &case.policy {
        return Ok(policy.get().as_bytes().to_owned());
    }
    if let Some(text) = &case.policy_text {
        return Ok(text.as_bytes().to_owned());
    }
    let file = case.policy_file.as_deref().unwrap_or(Path::new(""));
    std::fs::read(root.join(file))
}

/// The different key sources of a case's policy, with the contents of their files, and the case's signatures without
/// their framing.
#[derive(Debug)]
pub struct Cryptography {
    pub keys: Vec<(KeySource, Keys)>,
    pub messages: Vec<Vec<u8>>,
}

impl Cryptography {
    /// The cryptographic part of a case, or the reason why it has none.
    pub fn of(case: &Case, root: &Path) -> Result<Self, Reason> {
        if case.signatures.is_empty() {
            return Err("the case has no signature");
        }
        let policy = policy(case, root).ok();
        let policy = policy.and_then(|policy| Policy::from_slice(&policy).ok());
        let policy = policy.ok_or("the case's policy is invalid")?;
        let mut keys = BTreeMap::new();
        for requirement in policy.scopes().flat_map(|scope| scope.requirements) {
            if let Requirement::SignedBy(signed_by) = requirement {
                if signed_by.key_type() == KeyType::GpgKeys {
                    keys.insert(format!("{:?}", signed_by.keys()), signed_by.keys());
                }
            }
        }
        if keys.is_empty() {
            return Err("the case's policy names no keys");
        }
        let at = faked_time(case);
        let keys: Result<_, _> = keys
            .into_values()
            .map(|source| {
                let files = read_keys(source, root)?;
                let at = at.clone();
                Ok((source.clone(), Keys { files, at }))
            })
            .collect();
        let keys = keys.map_err(|_: io::Error| "a key file of the case cannot be read")?;
        let mut messages = Vec::new();
        for path in &case.signatures {
            let blob = std::fs::read(root.join(path));
            let blob = blob.map_err(|_| "a signature of the case cannot be read")?;
            match blob.strip_prefix(SIMPLE_SIGNING) {
                Some(message) => messages.push(message.to_owned()),
                // The formats that containers-signature(5) takes without a name.
                None if blob.first().is_some_and(|first| first & 0x80 != 0) => messages.push(blob),
                None => return Err("a signature of the case is no OpenPGP message"),
            }
        }
        Ok(Self { keys, messages })
    }
}

fn read_keys(source: &KeySource, root: &Path) -> io::Result<Vec<Vec<u8>>> {
    match source {
        KeySource::Path(path) => Ok(vec![std::fs::read(root.join(path))?]),
        KeySource::Paths(paths) => paths
            .iter()
            .map(|path| std::fs::read(root.join(path)))
            .collect(),
        KeySource::Data(data) => Ok(vec![data.clone()]),
        other => Err(io::Error::other(format!("a new key source: {other}"))),
    }
}

/// The case's time, which stands still, in the words of gpg's `--faked-system-time`.
fn faked_time(case: &Case) -> Option<String> {
    let moment: Moment = case.at.as_ref()?.parse().expect("a time");
    let digits = moment.to_string().replace(['-', ':', 'Z'], "");
    Some(format!("{digits}!"))
}
