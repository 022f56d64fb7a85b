use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::DirSource;
use crate::digest::{Digest, MAX_MANIFEST_SIZE};
use crate::image::ImageName;
use crate::index::{Instance, Platform};
use crate::source::{MAX_SIGNATURE_COUNT, MAX_SIGNATURE_SIZE, Source};

/// A directory with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn open(folder: &TempDir) -> DirSource {
    DirSource::open(folder.path()).unwrap()
}

fn signatures(source: &DirSource) -> Vec<Vec<u8>> {
    source
        .signatures()
        .unwrap()
        .into_iter()
        .map(|signature| signature.into_owned())
        .collect()
}

/// The sentence of an error without the folder.
fn sentence<T>(folder: &TempDir, result: Result<T, crate::source::SourceError>) -> String {
    let Err(error) = result else {
        panic!("no error")
    };
    error
        .to_string()
        .replace(folder.path().to_str().unwrap(), "DIR")
}

#[test]
fn manifest_and_signatures() {
    let folder = folder(&[
        ("version", b"Directory Transport Version: 1.1\n"),
        ("manifest.json", b"the manifest"),
        ("signature-1", b"one"),
        ("signature-2", b""),
        ("signature-4", b"behind a gap"),
        ("signature-0", b"no"),
        ("signature-01", b"no"),
    ]);
    let source = open(&folder);
    assert_eq!(&*source.manifest().unwrap(), b"the manifest");
    assert_eq!(signatures(&source), [b"one".to_vec(), b"".to_vec()]);
    assert_eq!(source.instance(), None);
    assert_eq!(source.path(), folder.path());
    let resolved = folder.path().canonicalize().unwrap();
    assert_eq!(source.name().policy_identity(), resolved.to_str());
    let name = ImageName::parse("docker://h.example/app:1").unwrap();
    assert_eq!(source.with_name(name.clone()).name(), &name);
    assert_eq!(DirSource::named(folder.path(), name.clone()).name(), &name);
}

#[test]
fn no_signatures_and_no_version_are_no_errors() {
    let folder = folder(&[("manifest.json", b"{}")]);
    assert!(signatures(&open(&folder)).is_empty());
    assert!(open(&folder).manifest().is_ok());
}

#[test]
fn what_is_missing_is_named() {
    let empty = folder(&[]);
    assert_eq!(
        sentence(&empty, open(&empty).manifest()),
        "cannot read DIR/manifest.json: no such file"
    );
    let gone = DirSource::open(empty.path().join("gone")).unwrap();
    assert!(
        sentence(&empty, gone.manifest())
            .starts_with("cannot read DIR/gone: No such file or directory")
    );
    assert!(
        gone.signatures().is_err(),
        "a missing directory is not an image without signatures"
    );
    fs::write(empty.path().join("file"), "").unwrap();
    let file = DirSource::open(empty.path().join("file")).unwrap();
    assert_eq!(
        sentence(&empty, file.signatures()),
        "DIR/file is not a directory"
    );
    assert!(DirSource::open(empty.path().join("gone/image")).is_err());
}

#[test]
fn versions() {
    const INVALID: &str = "DIR/version must contain `Directory Transport Version: MAJOR.MINOR`, a line feed, and nothing else";
    for good in ["1.2\n", "1.1\n", "1.0\n", "0.9\n", "0.0\n", "0.99\n"] {
        let content = format!("Directory Transport Version: {good}");
        let folder = folder(&[("version", content.as_bytes()), ("manifest.json", b"{}")]);
        assert!(open(&folder).manifest().is_ok(), "{content}");
        assert!(open(&folder).signatures().is_ok(), "{content}");
        assert!(open(&folder).instances().is_ok(), "{content}");
    }
    for newer in [
        "1.3",
        "1.10",
        "2.0",
        "10.0",
        "1.18446744073709551616",
        "99999999999999999999.0",
    ] {
        let content = format!("Directory Transport Version: {newer}\n");
        let folder = folder(&[("version", content.as_bytes()), ("manifest.json", b"{}")]);
        let error = open(&folder).manifest().unwrap_err();
        // Nobody knows what is in it.
        assert!(!error.is_about_content());
        assert_eq!(
            sentence(&folder, open(&folder).manifest()),
            format!("DIR/version says version {newer}, but only versions up to 1.2 are known")
        );
    }
    for content in [
        // Without its line feed, with a second one, with that of Windows, with space around it.
        "Directory Transport Version: 1.1",
        "Directory Transport Version: 1.1\n\n",
        "Directory Transport Version: 1.1\r\n",
        "Directory Transport Version: 1.1\r",
        "Directory Transport Version: 1.1 \n",
        "Directory Transport Version: 1.1\n ",
        "Directory Transport Version: 1.1\t\n",
        "Directory Transport Version:  1.1\n",
        "Directory Transport Version:1.1\n",
        " Directory Transport Version: 1.1\n",
        "\nDirectory Transport Version: 1.1\n",
        "\u{feff}Directory Transport Version: 1.1\n",
        "Directory Transport Version: 1.1\0\n",
        // Numbers in other forms.
        "Directory Transport Version: 01.1\n",
        "Directory Transport Version: 1.01\n",
        "Directory Transport Version: 00.1\n",
        "Directory Transport Version: 1.00\n",
        "Directory Transport Version: +1.1\n",
        "Directory Transport Version: 1.+1\n",
        "Directory Transport Version: -1.1\n",
        "Directory Transport Version: 1.-1\n",
        "Directory Transport Version: 1. 1\n",
        "Directory Transport Version: 1 .1\n",
        "Directory Transport Version: 0x1.1\n",
        "Directory Transport Version: 1_0.1\n",
        "Directory Transport Version: \u{661}.1\n",
        // Other numbers of numbers.
        "Directory Transport Version: \n",
        "Directory Transport Version: .\n",
        "Directory Transport Version: 1\n",
        "Directory Transport Version: 1.\n",
        "Directory Transport Version: .1\n",
        "Directory Transport Version: 1.1.1\n",
        // Other text.
        "directory transport version: 1.1\n",
        "Directory Transport Version: 1.1\nDirectory Transport Version: 1.1\n",
        "Directory Transport Version: 1.1 or later\n",
        "1.1\n",
        "\n",
        "",
    ] {
        let folder = folder(&[("version", content.as_bytes()), ("manifest.json", b"{}")]);
        for result in [
            open(&folder).manifest().map(drop),
            open(&folder).signatures().map(drop),
            open(&folder).instances().map(drop),
            open(&folder)
                .with_instance(Digest::of(b""))
                .list()
                .map(drop),
        ] {
            assert!(result.as_ref().unwrap_err().is_about_content());
            assert_eq!(sentence(&folder, result), INVALID, "{content:?}");
        }
    }
    let odd = folder(&[("version", b"Directory Transport Version: 1.\xff\n")]);
    assert_eq!(sentence(&odd, open(&odd).manifest()), INVALID);
    let long = folder(&[("version", &[b' '; 2000])]);
    assert_eq!(
        sentence(&long, open(&long).manifest()),
        "DIR/version is larger than 1024 bytes"
    );
}

#[test]
fn what_is_not_a_readable_file_is_never_missing() {
    let make_pipe =
        |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    let make_folder = |path: &Path| fs::create_dir(path).unwrap();
    let make_dangling = |path: &Path| symlink("nowhere", path).unwrap();
    let make_loop = |path: &Path| symlink(path, path).unwrap();
    let makers: [&dyn Fn(&Path); 4] = [&make_pipe, &make_folder, &make_dangling, &make_loop];
    for (index, make) in makers.iter().enumerate() {
        for name in ["manifest.json", "version", "signature-2"] {
            let folder = folder(&[("signature-1", b"good")]);
            make(&folder.path().join(name));
            let source = open(&folder);
            assert!(source.manifest().is_err(), "{index} {name}");
            assert_eq!(
                source.signatures().is_ok(),
                name == "manifest.json",
                "{index} {name}"
            );
        }
    }
    let pipe = folder(&[]);
    make_pipe(&pipe.path().join("signature-1"));
    assert_eq!(
        sentence(&pipe, open(&pipe).signatures()),
        "DIR/signature-1 is not a regular file"
    );
    // A link to a file is as good as the file.
    let link = folder(&[("elsewhere", b"signature")]);
    symlink("elsewhere", link.path().join("signature-1")).unwrap();
    assert_eq!(signatures(&open(&link)), [b"signature".to_vec()]);
}

#[test]
fn bounds() {
    let folder = folder(&[
        ("manifest.json", &vec![b' '; MAX_MANIFEST_SIZE]),
        ("signature-1", &vec![b' '; MAX_SIGNATURE_SIZE]),
    ]);
    assert_eq!(open(&folder).manifest().unwrap().len(), MAX_MANIFEST_SIZE);
    assert_eq!(signatures(&open(&folder)).len(), 1);
    fs::write(
        folder.path().join("manifest.json"),
        vec![b' '; MAX_MANIFEST_SIZE + 1],
    )
    .unwrap();
    fs::write(
        folder.path().join("signature-1"),
        vec![b' '; MAX_SIGNATURE_SIZE + 1],
    )
    .unwrap();
    assert_eq!(
        sentence(&folder, open(&folder).manifest()),
        "DIR/manifest.json is larger than 4194304 bytes"
    );
    assert_eq!(
        sentence(&folder, open(&folder).signatures()),
        "DIR/signature-1 is larger than 4194304 bytes"
    );

    for number in 1..=MAX_SIGNATURE_COUNT {
        fs::write(folder.path().join(format!("signature-{number}")), "x").unwrap();
    }
    assert_eq!(signatures(&open(&folder)).len(), MAX_SIGNATURE_COUNT);
    fs::write(
        folder
            .path()
            .join(format!("signature-{}", MAX_SIGNATURE_COUNT + 1)),
        "x",
    )
    .unwrap();
    assert_eq!(
        sentence(&folder, open(&folder).signatures()),
        "there are more than 128 signatures: DIR/signature-129 exists"
    );
}

#[test]
fn instances() {
    let sha256 = Digest::of(b"instance");
    let sha512 = Digest::parse(&format!("sha512:{}", "ab".repeat(64))).unwrap();
    let list = format!(
        "{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"x\",\"digest\":\"{sha256}\",\"size\":8,\"x\":[[]]}},\
         {{\"mediaType\":\"x\",\"digest\":\"{sha512}\",\"size\":14,\"platform\":{{\"os\":\"linux\",\"architecture\":\"arm64\"}}}}]}}"
    );
    let folder = folder(&[
        ("manifest.json", list.as_bytes()),
        ("signature-1", b"of the list"),
        (&format!("{}.manifest.json", sha256.hex()), b"instance"),
        (&format!("{}.signature-1", sha256.hex()), b"of the instance"),
        (&format!("{}.signature-2", sha256.hex()), b"another"),
        (
            &format!("sha512-{}.manifest.json", sha512.hex()),
            b"other instance",
        ),
        (
            &format!("sha512-{}.signature-1", sha512.hex()),
            b"of the other",
        ),
        (&format!("{}.manifest.json", sha512.hex()), b"wrong name"),
    ]);
    let source = open(&folder);
    assert_eq!(
        source.instances().unwrap(),
        [sha256.clone(), sha512.clone()]
    );
    let index = source.index().unwrap().unwrap();
    let chosen = index.choose_for(&Platform::new("linux", "arm64"));
    assert_eq!(chosen.map(Instance::digest), Some(&sha512));
    assert_eq!(signatures(&source), [b"of the list"]);
    let instance = source.clone().with_instance(sha256.clone());
    assert_eq!(instance.instance(), Some(&sha256));
    assert_eq!(instance.name(), source.name());
    assert_eq!(instance.list().unwrap().as_deref(), Some(list.as_bytes()));
    assert!(source.list().unwrap().is_none());
    assert_eq!(&*instance.manifest().unwrap(), b"instance");
    assert_eq!(
        signatures(&instance),
        [b"of the instance".to_vec(), b"another".to_vec()]
    );
    assert_eq!(instance.instances().unwrap().len(), 2);
    let instance = source.clone().with_instance(sha512);
    assert_eq!(&*instance.manifest().unwrap(), b"other instance");
    assert_eq!(signatures(&instance), [b"of the other"]);
    let absent = source.with_instance(Digest::of(b"absent"));
    assert!(absent.manifest().is_err());
    assert!(signatures(&absent).is_empty());
}

#[test]
fn instances_of_what_is_no_list() {
    for manifest in [
        "{}",
        "{\"schemaVersion\":2,\"layers\":[]}",
        "{\"manifests\":null}",
        "[1]",
    ] {
        let folder = folder(&[("manifest.json", manifest.as_bytes())]);
        assert!(open(&folder).instances().unwrap().is_empty(), "{manifest}");
    }
    for manifest in [
        "",
        "{\"manifests\":[]}",
        "{\"manifests\":[{}]}",
        "{\"schemaVersion\":2,\"layers\":[],\"manifests\":[{}]}",
        "{\"manifests\":{}}",
        "{\"schemaVersion\":2,\"manifests\":[{}]}",
        "{\"manifests\":[{\"digest\":1}]}",
        "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:../../x\"}]}",
        "{\"manifests\":[],\"manifests\":[]}",
        "{\"manifests\":[],\"Manifests\":[]}",
    ] {
        let folder = folder(&[("manifest.json", manifest.as_bytes())]);
        assert!(open(&folder).instances().is_err(), "{manifest}");
    }
    let folder = folder(&[(
        "manifest.json",
        b"{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"x\",\"size\":1,\"digest\":\"md5:00\"}]}",
    )]);
    assert_eq!(
        sentence(&folder, open(&folder).instances()),
        "DIR/manifest.json is not a readable manifest list: instance 1 of the index: the digest algorithm `md5` is not \
         supported: it must be sha256, sha384 or sha512"
    );
}
