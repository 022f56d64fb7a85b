//! Which instance of an index the peer `skopeo` copies, for platforms that it is told to be: the same that we choose.

use std::fs;
use std::path::{Path, PathBuf};

use containers_sigpolicy::{Digest, Image, ImageName, Index, Platform};
use libtest_mimic::{Failed, Trial};

use crate::program::{self, Installed};

const OCI: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// containers/image 5.29, in skopeo 1.14, is the first that prefers zstd.
const KNOWS_ZSTD: (u32, u32) = (1, 14);

/// The instances of indexes: `os/architecture[/variant]`, or `-` for none; `+` behind it says that it is zstd.
const INDEXES: &[&str] = &[
    "linux/amd64 linux/arm64/v8 linux/arm/v7 linux/arm/v6 linux/s390x linux/ppc64le windows/amd64",
    "linux/arm/v5 linux/arm/v6 linux/arm/v7 linux/arm/v8",
    "linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5 linux/arm",
    "linux/arm/v6 linux/arm",
    "linux/arm/v4 linux/arm/v9",
    "linux/arm64/v8 linux/arm64",
    "linux/arm64/v9 linux/arm64/v8",
    "linux/arm64/v9",
    "linux/amd64/v2 linux/amd64 linux/amd64/v3",
    "linux/amd64/v3",
    "freebsd/amd64 linux/386 unknown/unknown",
    "- linux/arm/v7",
    "linux/s390x - -",
    "linux/amd64 linux/amd64 linux/arm64 linux/arm64",
    "linux/amd64 linux/amd64+ linux/arm/v6+ linux/arm/v7",
    "linux/arm64+ linux/arm64/v8 - -+",
];

const PLATFORMS: &[&str] = &[
    "linux/amd64",
    "linux/amd64/v2",
    "linux/amd64/v4",
    "linux/386",
    "linux/arm",
    "linux/arm/v5",
    "linux/arm/v6",
    "linux/arm/v7",
    "linux/arm/v8",
    "linux/arm/v9",
    "linux/arm64",
    "linux/arm64/v8",
    "linux/arm64/v9",
    "linux/s390x",
    "linux/ppc64le",
    "windows/amd64",
    "freebsd/amd64",
];

/// A test for each kind of index, and each index.
pub fn trials(skopeo: &Installed, root: &Path) -> Vec<Trial> {
    let knows_zstd = version(&skopeo.peer.version) >= KNOWS_ZSTD;
    let mut trials = Vec::new();
    for (format, media_type) in [("oci", OCI), ("docker", DOCKER)] {
        for (number, index) in INDEXES.iter().enumerate() {
            if media_type == OCI && index.contains('+') && !knows_zstd {
                eprintln!(
                    "{} does not know zstd: it is not asked for {index}",
                    skopeo.peer
                );
                continue;
            }
            let skopeo = skopeo.clone();
            let folder = root.join(format!("choice-{format}-{number}"));
            trials.push(Trial::test(
                format!("skopeo::chooses-as-we-do::{format}-{number}"),
                move || {
                    let image = Offered::write(&folder, media_type, index);
                    let complaints: Vec<String> = PLATFORMS
                        .iter()
                        .filter_map(|wanted| image.compare(&skopeo, wanted))
                        .collect();
                    fs::remove_dir_all(&folder).unwrap();
                    match complaints.is_empty() {
                        true => Ok(()),
                        false => Err(Failed::from(complaints.join("\n"))),
                    }
                },
            ));
        }
    }
    trials
}

/// `MAJOR.MINOR` of a version.
fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap_or(0));
    (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    )
}

fn platform(text: &str) -> Platform {
    let mut parts = text.split('/');
    let mut part = || parts.next().unwrap_or_default();
    Platform::new(part(), part()).with_variant(part())
}

/// An index with all its instances, in a directory.
struct Offered {
    folder: PathBuf,
    words: &'static str,
    list: String,
    /// The manifests in the order of the index.
    manifests: Vec<Vec<u8>>,
}

impl Offered {
    fn write(folder: &Path, media_type: &str, words: &'static str) -> Self {
        let source = folder.join("source");
        fs::create_dir_all(&source).unwrap();
        let mut manifests = Vec::new();
        let mut instances = Vec::new();
        for (number, word) in words.split_whitespace().enumerate() {
            let (word, zstd) = match word.strip_suffix('+') {
                Some(word) => (
                    word,
                    serde_json::json!({"io.github.containers.compression.zstd": "true"}),
                ),
                None => (word, serde_json::json!({})),
            };
            let offered = platform(word);
            let config = serde_json::json!({
                "os": offered.os(), "architecture": offered.architecture(), "author": number.to_string(),
                "rootfs": {"type": "layers", "diff_ids": []},
            });
            let config = write_blob(&source, "", &config);
            let manifest = serde_json::json!({
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": [],
                "config": {
                    "mediaType": "application/vnd.oci.image.config.v1+json",
                    "size": config.len(), "digest": Digest::of(&config),
                },
            });
            let manifest = write_blob(&source, ".manifest.json", &manifest);
            let mut instance = serde_json::json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "size": manifest.len(), "digest": Digest::of(&manifest), "annotations": zstd,
            });
            if word != "-" {
                instance["platform"] =
                    serde_json::json!({"os": offered.os(), "architecture": offered.architecture()});
                if let Some(variant) = offered.variant() {
                    instance["platform"]["variant"] = variant.into();
                }
            }
            instances.push(instance);
            manifests.push(manifest);
        }
        let list = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type, "manifests": instances,
        })
        .to_string();
        fs::write(source.join("manifest.json"), &list).unwrap();
        fs::write(source.join("version"), "Directory Transport Version: 1.1\n").unwrap();
        fs::write(
            folder.join("policy.json"),
            r#"{"default":[{"type":"insecureAcceptAnything"}]}"#,
        )
        .unwrap();
        Self {
            folder: folder.to_owned(),
            words,
            list,
            manifests,
        }
    }

    /// What differs, for this platform.
    fn compare(&self, skopeo: &Installed, wanted: &str) -> Option<String> {
        let platform = platform(wanted);
        let index = Index::parse(self.list.as_bytes()).unwrap().unwrap();
        let ours = index
            .choose_for(&platform)
            .map(|chosen| chosen.digest().clone());
        let theirs = self.ask(skopeo, &platform);
        if let Some(digest) = &ours {
            // By the way to an image, too.
            let name = ImageName::parse("docker://registry.example/app:1").unwrap();
            let image = Image::from_index(name, self.list.as_bytes()).unwrap();
            assert_eq!(image.choose(&platform).unwrap().digest(), digest);
        }
        let shown = |digest: &Option<Digest>| match digest {
            Some(digest) => {
                let same = |manifest: &Vec<u8>| Digest::of(manifest) == *digest;
                let place = self.manifests.iter().position(same);
                format!("number {}", place.expect("an instance") + 1)
            }
            None => "none".to_owned(),
        };
        (ours != theirs).then(|| {
            format!(
                "{wanted} in {}: we choose {}, {} chooses {}",
                self.words,
                shown(&ours),
                skopeo.peer,
                shown(&theirs)
            )
        })
    }

    /// The digest of what skopeo copies for this platform; none if it finds nothing for it.
    fn ask(&self, skopeo: &Installed, platform: &Platform) -> Option<Digest> {
        let target = self.folder.join("target");
        let mut command = program::command(&skopeo.path, &self.folder);
        command.arg("--policy").arg(self.folder.join("policy.json"));
        command.args(["--override-os", platform.os()]);
        command.args(["--override-arch", platform.architecture()]);
        if let Some(variant) = platform.variant() {
            command.args(["--override-variant", variant]);
        }
        command.arg("copy").arg("--quiet");
        command.arg(format!("dir:{}", self.folder.join("source").display()));
        command.arg(format!("dir:{}", target.display()));
        let output = program::run(&mut command);
        let log = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            assert!(log.contains("no image found in"), "{command:?}: {log}");
            return None;
        }
        let manifest = fs::read(target.join("manifest.json")).unwrap();
        fs::remove_dir_all(&target).unwrap();
        Some(Digest::of(&manifest))
    }
}

/// Writes a blob under its digest, and returns it.
fn write_blob(folder: &Path, suffix: &str, content: &serde_json::Value) -> Vec<u8> {
    let content = content.to_string().into_bytes();
    let name = format!("{}{suffix}", Digest::of(&content).hex());
    fs::write(folder.join(name), &content).unwrap();
    content
}
