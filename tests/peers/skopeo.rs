//! The peer `skopeo`: containers/image, on gpgme and gpg.
//!
//! An image of the transport `docker` comes from a registry on this machine: `registries.conf` sends its host there, so
//! that policy, scopes and identities see the name that the case says; its signatures lie in lookaside storage.
//! Images in files lie below a folder that stands for `/`, in the policy's scopes as well. gpgme finds our `gpgconf`
//! first, which names our `gpg`, which adds the case's time.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use containers_sigpolicy::{Reference, manifest_digest};

use crate::comparison::{Said, Verdict};
use crate::gpg::{Gpg, Keys};
use crate::program;
use crate::question::{About, Local, Question};
use crate::registry::Registry;

/// containers/image refuses longer names, and our registry's location makes them longer.
const LONGEST_NAME: usize = 255;

/// What skopeo says where the image is refused before its policy is asked. It crashes on a negative `formatLength`.
const REFUSED_EARLIER: [&str; 2] = [
    "does not match provided manifest digest",
    "panic: runtime error",
];

/// What skopeo says where it refuses an image because it could not read a file: the same word, "rejected", as for a
/// bad one.
const NOT_READ: [&str; 2] = ["no such file or directory", "is a directory"];

/// skopeo with a registry and a gpg of our own.
#[derive(Debug)]
pub struct Skopeo {
    program: PathBuf,
    gpg: Arc<Gpg>,
    folder: PathBuf,
    path: std::ffi::OsString,
    registry: Registry,
}

impl Skopeo {
    /// skopeo with its files below `folder`.
    pub fn new(program: PathBuf, gpg: Arc<Gpg>, folder: &Path) -> Self {
        let folder = folder.join("skopeo");
        let tools = folder.join("tools");
        fs::create_dir_all(&tools).unwrap();
        write_tools(&tools, gpg.program());
        let mut path = tools.into_os_string();
        if let Some(rest) = std::env::var_os("PATH") {
            path.push(":");
            path.push(rest);
        }
        Self {
            program,
            gpg,
            folder,
            path,
            registry: Registry::start(),
        }
    }

    /// The gpg that it uses.
    pub fn gpg(&self) -> &Gpg {
        &self.gpg
    }

    /// Whether the detour over our registry makes a name too long.
    pub fn is_too_long(&self, reference: &Reference, number: usize) -> bool {
        self.registry.location(number).len() + 1 + reference.path().len() > LONGEST_NAME
    }

    /// Asks; `number` tells questions apart that are asked at the same time. Key paths start from `keys`.
    pub fn ask(&self, question: &Question, number: usize, keys: &Path) -> Said {
        let home = self.folder.join(number.to_string());
        fs::create_dir_all(home.join("registries.d")).unwrap();
        let said = self.ask_at(&home, question, number, keys);
        self.registry.withdraw(number);
        fs::remove_dir_all(&home).unwrap();
        said
    }

    fn ask_at(&self, home: &Path, question: &Question, number: usize, keys: &Path) -> Said {
        let mut policy = question.policy.clone();
        let mut registries = String::new();
        let source = match &question.about {
            About::Policy => format!("dir:{}", home.join("nothing").display()),
            About::Name(name) => name.clone(),
            About::Docker {
                name,
                reference,
                manifest,
                signatures,
            } => {
                registries = format!(
                    "[[registry]]\nprefix = \"{}\"\nlocation = \"{}\"\ninsecure = true\n",
                    reference.domain(),
                    self.registry.location(number)
                );
                self.registry.offer(number, manifest);
                let lookaside = home.join("lookaside");
                let digest = match reference.digest() {
                    Some(digest) => digest.to_string(),
                    None => self.digest(home, manifest),
                };
                let folder = format!(
                    "c{number}/{}@{}",
                    reference.path(),
                    digest.replace(':', "=")
                );
                write_signatures(&lookaside.join(folder), signatures);
                let settings = format!(
                    "default-docker:\n  sigstore: file://{}\n",
                    lookaside.display()
                );
                fs::write(home.join("registries.d/default.yaml"), settings).unwrap();
                name.clone()
            }
            About::Local {
                kind,
                path,
                suffix,
                manifest,
                signatures,
            } => {
                let root = home.join("root").display().to_string();
                policy = with_root(&policy, kind.transport(), &root);
                let image = format!("{root}{path}");
                match kind {
                    Local::Dir => {
                        write_signatures(Path::new(&image), signatures);
                        fs::write(format!("{image}/manifest.json"), manifest).unwrap();
                    }
                    Local::Oci => write_layout(Path::new(&image), suffix, manifest),
                    Local::OciArchive => {
                        let layout = home.join("layout");
                        write_layout(&layout, suffix, manifest);
                        fs::create_dir_all(Path::new(&image).parent().unwrap()).unwrap();
                        let mut tar = Command::new("tar");
                        tar.arg("-cf").arg(&image).arg("-C").arg(&layout).arg(".");
                        assert!(program::run(&mut tar).status.success());
                    }
                }
                format!("{}:{image}{suffix}", kind.transport())
            }
        };
        let policy_file = home.join("policy.json");
        fs::write(&policy_file, policy).unwrap();
        let registries_file = home.join("registries.conf");
        fs::write(&registries_file, registries).unwrap();

        let mut skopeo = self.command(home, question.at.as_deref());
        skopeo.arg("--debug").arg("--policy").arg(&policy_file);
        skopeo.arg("--registries-conf").arg(&registries_file);
        skopeo.arg("--registries.d").arg(home.join("registries.d"));
        skopeo.arg("copy").arg(source);
        skopeo.arg(format!("dir:{}", home.join("target").display()));
        let log = program::run(skopeo.current_dir(keys)).stderr;
        judge(&question.about, &String::from_utf8_lossy(&log))
    }

    /// `standalone-verify`: is this a signature of this manifest under this reference, by this primary key?
    pub fn verify(
        &self,
        number: usize,
        (manifest, reference): (&[u8], &str),
        (keys, fingerprint): (&Keys, &str),
        signature: &[u8],
    ) -> Said {
        let home = self.gpg.home(keys);
        let manifest_file = home.path.join("manifest.json");
        fs::write(&manifest_file, manifest).unwrap();
        let signature_file = home.path.join(format!("signature-{number}"));
        fs::write(&signature_file, signature).unwrap();
        let mut skopeo = self.command(&home.path, keys.at.as_deref());
        skopeo.env("GNUPGHOME", &home.path);
        skopeo.arg("standalone-verify").arg(manifest_file);
        skopeo.args([reference, fingerprint]).arg(signature_file);
        let output = program::run(&mut skopeo);
        let log = String::from_utf8_lossy(&output.stderr);
        let last = last_line(&log);
        match output.status.success() {
            true => Said::new(Verdict::Accept, fingerprint),
            false if log.contains("Error verifying signature") => Said::new(Verdict::Reject, last),
            false if REFUSED_EARLIER.iter().any(|refusal| log.contains(refusal)) => {
                Said::new(Verdict::Deny, last)
            }
            false => panic!("skopeo gave no verdict: {log}"),
        }
    }

    /// skopeo's own idea of the digest of a manifest, for its own storage of signatures.
    fn digest(&self, home: &Path, manifest: &[u8]) -> String {
        if let (false, Ok(digest)) = (has_signatures(manifest), manifest_digest(manifest)) {
            return digest.to_string();
        }
        let file = home.join("manifest.json");
        fs::write(&file, manifest).unwrap();
        let mut skopeo = self.command(home, None);
        let output = program::run(skopeo.arg("manifest-digest").arg(&file));
        match output.status.success() {
            true => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            false => format!("sha256:{}", "0".repeat(64)),
        }
    }

    fn command(&self, home: &Path, at: Option<&str>) -> Command {
        let mut command = program::command(&self.program, home);
        command.env("PATH", &self.path);
        if let Some(at) = at {
            command.env("CASE_TIME", at);
        }
        command
    }
}

/// The verdict that `skopeo --debug copy` has logged.
fn judge(about: &About, log: &str) -> Said {
    let verdict = if log.contains("loading trust policy") {
        Verdict::Error
    } else if matches!(about, About::Policy) && log.contains("no such file or directory") {
        Verdict::Accept
    } else if log.contains("Invalid source name") {
        Verdict::Error
    } else if log.contains("Overall: allowed") {
        Verdict::Accept
    } else if log.contains("Source image rejected") {
        let last = last_line(log);
        match NOT_READ.iter().any(|words| last.contains(words)) {
            true => Verdict::Deny,
            false => Verdict::Reject,
        }
    } else if REFUSED_EARLIER.iter().any(|refusal| log.contains(refusal)) {
        Verdict::Deny
    } else {
        panic!("skopeo gave no verdict: {log}");
    };
    // The copy itself fails after that: there are no blobs.
    let detail = match verdict {
        Verdict::Accept => "allowed".to_owned(),
        _ => last_line(log),
    };
    Said::new(verdict, detail)
}

/// Whether a manifest is of schema 1 and signed: its digest is not that of its bytes.
fn has_signatures(manifest: &[u8]) -> bool {
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap_or_default();
    manifest.get("signatures").is_some()
}

fn last_line(log: &str) -> String {
    let line = log.trim_end().lines().last().unwrap_or_default();
    line.chars().take(400).collect()
}

/// A `gpgconf` that names our `gpg`, and a `gpg` that adds the time of the case and starts no agent.
fn write_tools(folder: &Path, gpg: &Path) {
    let gpgconf = program::locate("gpgconf").expect("gpgconf is installed with gpg");
    let components = program::run(Command::new(&gpgconf).arg("--list-components")).stdout;
    let ours = folder.join("gpg");
    let components: String = String::from_utf8_lossy(&components)
        .lines()
        .map(|line| match line.strip_prefix("gpg:") {
            Some(_) => format!("gpg:OpenPGP:{}\n", ours.display()),
            None => format!("{line}\n"),
        })
        .collect();
    fs::write(folder.join("components"), components).unwrap();
    let scripts = [
        (
            "gpgconf",
            format!(
                "#!/bin/sh\nif [ \"$*\" = --list-components ]; then exec cat '{}'; fi\nexec '{}' \"$@\"\n",
                folder.join("components").display(),
                gpgconf.display()
            ),
        ),
        (
            "gpg",
            format!(
                "#!/bin/sh\nexec '{}' --no-autostart ${{CASE_TIME:+--faked-system-time \"$CASE_TIME\"}} \"$@\"\n",
                gpg.display()
            ),
        ),
    ];
    for (name, text) in scripts {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn write_signatures(folder: &Path, signatures: &[Vec<u8>]) {
    fs::create_dir_all(folder).unwrap();
    for (index, signature) in signatures.iter().enumerate() {
        let file = folder.join(format!("signature-{}", index + 1));
        fs::write(file, signature).unwrap();
    }
}

/// An OCI image layout with one manifest, and no blobs: the policy is asked before they are copied.
fn write_layout(folder: &Path, suffix: &str, manifest: &[u8]) {
    let digest = manifest_digest(manifest).expect("a manifest");
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let name = digest.to_string().replace("sha256:", "");
    fs::write(blobs.join(name), manifest).unwrap();
    fs::write(
        folder.join("oci-layout"),
        r#"{"imageLayoutVersion":"1.0.0"}"#,
    )
    .unwrap();
    let mut descriptor = serde_json::json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest.to_string(),
        "size": manifest.len(),
    });
    if let Some(reference) = suffix.strip_prefix(':') {
        descriptor["annotations"] =
            serde_json::json!({"org.opencontainers.image.ref.name": reference});
    }
    let index = serde_json::json!({"schemaVersion": 2, "manifests": [descriptor]});
    fs::write(folder.join("index.json"), index.to_string()).unwrap();
}

/// The policy with `root` before each absolute path among a transport's scopes. What is no policy stays as it is.
fn with_root(policy: &[u8], transport: &str, root: &str) -> Vec<u8> {
    if containers_sigpolicy::Policy::from_slice(policy).is_err() {
        return policy.to_owned();
    }
    let mut policy: serde_json::Value = serde_json::from_slice(policy).unwrap();
    if let Some(scopes) = policy
        .pointer_mut(&format!("/transports/{transport}"))
        .and_then(|scopes| scopes.as_object_mut())
    {
        *scopes = std::mem::take(scopes)
            .into_iter()
            .map(|(scope, requirements)| match scope.starts_with('/') {
                true => (format!("{root}{scope}"), requirements),
                false => (scope, requirements),
            })
            .collect();
    }
    policy.to_string().into_bytes()
}
