//! Situations of files: policies, key files and images in a folder that is called `/m` where it is told.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use containers_sigpolicy::answer::Answer;
use containers_sigpolicy::engine::Sequoia;
use containers_sigpolicy::{
    Clock, DirSource, Error, ImageName, Policy, Source, SystemPaths, Verifier,
};
use tempfile::TempDir;

use crate::book::with_folder;
use crate::common::{Fixture, at, read};

const IMAGE: &str = "docker://registry.example/app/web:1.4.2";

/// A folder with a good key file, a good image, and a policy that asks for that key.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        place.put("release.gpg", &read("keys/ed25519.gpg"));
        place.put("image/manifest.json", &read("manifests/web.json"));
        place.put("image/signature-1", &Fixture::ED25519.signature());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("our file");
        path
    }

    /// What is told of an error or an image.
    fn told(&self, verdict: Result<Answer, Error>) -> Answer {
        let answer = verdict.unwrap_or_else(|error| error.answer());
        with_folder(answer, self.folder.path(), "/m")
    }

    /// Of this image, by a policy that names this key file.
    fn judged(&self, key_file: &str, image: &dyn Source) -> Answer {
        let policy = format!(
            r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"{key_file}"}}]}}"#
        );
        let policy: Policy = policy.parse().expect("a policy");
        self.told(verdict(policy, Some(self.folder.path()), image))
    }

    fn image(&self) -> DirSource {
        let name = ImageName::parse(IMAGE).expect("a name");
        DirSource::named(self.path("image"), name)
    }
}

fn verdict(
    policy: Policy,
    key_directory: Option<&Path>,
    image: &dyn Source,
) -> Result<Answer, Error> {
    let mut builder = Verifier::builder(policy)
        .engine(Sequoia::new())
        .clock(Clock::Fixed(at("2025-06-02T12:00:00Z")));
    if let Some(directory) = key_directory {
        builder = builder.key_directory(directory);
    }
    let accepted = builder.build().verify(image)?;
    Ok(accepted.report().answer())
}

/// Each with its name.
pub fn situations() -> Vec<(&'static str, Answer)> {
    let mut told = key_files();
    told.extend(images());
    told.extend(policies());
    told
}

fn key_files() -> Vec<(&'static str, Answer)> {
    let place = Place::new();
    place.put("empty.gpg", b"");
    let armored = read("keys/ed25519.asc");
    place.put("half.asc", &armored[..armored.len() / 2]);
    let writable = place.put("writable.gpg", &read("keys/ed25519.gpg"));
    fs::set_permissions(&writable, fs::Permissions::from_mode(0o666)).expect("our file");
    let image = place.image();
    let mut told: Vec<(&'static str, Answer)> = [
        ("image-in-a-folder", "release.gpg"),
        ("key-file-is-empty", "empty.gpg"),
        ("key-file-is-cut-in-half", "half.asc"),
        ("key-file-that-everybody-can-write", "writable.gpg"),
        ("key-file-missing-in-the-key-directory", "missing.gpg"),
        ("key-file-in-a-home-directory", "~/release.gpg"),
        ("key-file-as-an-address", "file:///etc/pki/release.gpg"),
    ]
    .map(|(situation, file)| (situation, place.judged(file, &image)))
    .into();
    let policy =
        r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/nowhere.gpg"}]}"#;
    let relative = verdict(policy.parse().expect("a policy"), None, &image);
    told.push(("key-file-missing-by-a-relative-path", place.told(relative)));
    told
}

fn images() -> Vec<(&'static str, Answer)> {
    let place = Place::new();
    let name = || ImageName::parse(IMAGE).expect("a name");
    fs::create_dir(place.path("nothing")).expect("a folder");
    place.put("unsigned/manifest.json", &read("manifests/web.json"));
    place.put("sigstore/manifest.json", &read("manifests/web.json"));
    place.put(
        "sigstore/signature-1",
        &read("signatures/sigstore-attachments/good.sig"),
    );
    let of = |folder: &str| DirSource::named(place.path(folder), name());
    place.put("list/manifest.json", &read("manifests/list/manifest.json"));
    place.put("list/signature-1", &Fixture::ED25519.signature());
    let list = of("list");
    let instances = list.instances().expect("a list");
    let instance = instances.first().expect("an instance").clone();
    [
        ("folder-missing", of("missing")),
        ("folder-without-a-manifest", of("nothing")),
        ("folder-without-a-signature", of("unsigned")),
        ("folder-with-a-signature-by-cosign-alone", of("sigstore")),
        ("instance-not-in-the-folder", list.with_instance(instance)),
    ]
    .map(|(situation, image)| (situation, place.judged("release.gpg", &image)))
    .into()
}

fn policies() -> Vec<(&'static str, Answer)> {
    let place = Place::new();
    let home = place.path("home").into_os_string();
    let paths = || {
        SystemPaths::for_user(1000, |name| (name == "HOME").then(|| home.clone()))
            .with_root(place.folder.path())
    };
    let image = place.image();
    let judged = |policy: Result<Policy, _>| {
        let policy = policy.map_err(Error::from);
        place.told(policy.and_then(|policy| self::verdict(policy, None, &image)))
    };
    let mut told = vec![
        ("policy-nowhere", judged(Policy::from_system(&paths()))),
        (
            "policy-missing",
            judged(Policy::from_file(place.path("policy.json"))),
        ),
        (
            "policy-is-a-folder",
            judged(Policy::from_file(place.path("image"))),
        ),
    ];
    let utf16 = r#"{"default": [{"type": "reject"}]}"#.encode_utf16();
    let utf16: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
    told.push((
        "policy-in-utf-16",
        judged(Policy::from_file(place.put("utf-16.json", &utf16))),
    ));
    // Another machine, or another user, has another policy.
    place.put(
        "etc/containers/policy.json",
        br#"{"default": [{"type": "reject"}]}"#,
    );
    told.push((
        "policy-of-the-system",
        judged(Policy::from_system(&paths())),
    ));
    place.put(
        "home/.config/containers/policy.json",
        b"{\n  \"default\": [{\"type\": \"insecureAcceptAnything\"}]\n}\n",
    );
    told.push((
        "policy-of-the-user-before-the-system-s",
        judged(Policy::from_system(&paths())),
    ));
    told
}
