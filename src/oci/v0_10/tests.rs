use std::collections::HashMap;

use oci_spec_0_10::{distribution, image};

use super::descriptor;
use crate::digest::{Digest, DigestError};
use crate::image::ImageName;
use crate::index::{Index, Instance, InstanceError, Platform};
use crate::reference::Reference;

const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn theirs(text: &str) -> distribution::Reference {
    text.replace("HEX", HEX).parse().unwrap()
}

#[test]
fn references_go_there_and_back() {
    for (text, name) in [
        ("busybox", "docker://docker.io/library/busybox:latest"),
        ("ns/app:1", "docker://docker.io/ns/app:1"),
        ("index.docker.io/app:1", "docker://docker.io/library/app:1"),
        ("localhost/app", "docker://localhost/app:latest"),
        (
            "h.example:5000/a/b@sha256:HEX",
            "docker://h.example:5000/a/b@sha256:HEX",
        ),
        ("H.EXAMPLE/app:_", "docker://H.EXAMPLE/app:_"),
    ] {
        let theirs = theirs(text);
        let converted = ImageName::try_from(&theirs).unwrap();
        assert_eq!(converted.as_str(), name.replace("HEX", HEX), "{text}");
        // What our own reader makes of the text.
        let read = Reference::parse_normalized(&text.replace("HEX", HEX)).unwrap();
        assert_eq!(ImageName::for_pull(&read), converted, "{text}");
        let ours = Reference::try_from(&theirs).unwrap();
        assert_eq!(distribution::Reference::try_from(&ours).unwrap(), theirs);
    }
    let both = theirs("h.example/app:1@sha256:HEX");
    let ours = Reference::try_from(&both).unwrap();
    assert_eq!(ours.to_string(), format!("h.example/app:1@sha256:{HEX}"));
    assert_eq!(distribution::Reference::try_from(&ours).unwrap(), both);
    assert_eq!(
        ImageName::try_from(&both).unwrap_err().to_string(),
        format!(
            "the reference `h.example/app:1@sha256:{HEX}` has a tag and a digest: a `docker` name must have only one of them"
        )
    );
    // Where there is neither, it is what oci-spec takes it for.
    let name_only = Reference::parse_normalized("h.example/app").unwrap();
    let converted = distribution::Reference::try_from(&name_only).unwrap();
    assert_eq!(converted.tag(), Some("latest"));
}

#[test]
fn a_mirror_is_not_what_the_user_asked_for() {
    let mut theirs = theirs("h.example/app:1");
    theirs.set_mirror_registry("mirror.example".to_owned());
    let name = ImageName::try_from(&theirs).unwrap();
    assert_eq!(name.as_str(), "docker://h.example/app:1");
}

#[test]
fn what_oci_spec_reads_and_we_do_not_is_refused() {
    for (text, sentence) in [
        (
            "Foo/bar",
            "the `docker` name has an invalid reference: the repository path `Foo/bar` must be in lower case, but has `F`",
        ),
        (
            "HEX",
            "the `docker` name has an invalid reference: `HEX` is an image ID (64 hexadecimal digits), not a repository name",
        ),
        (
            "app:ünï",
            "the `docker` name has an invalid reference: `ünï` is not a tag: it must be 1 to 128 letters, digits, `_`, `.` \
             and `-`, and not begin with `.` or `-`",
        ),
    ] {
        let error = ImageName::try_from(&theirs(text)).unwrap_err();
        assert_eq!(error.to_string(), sentence.replace("HEX", HEX), "{text}");
    }
    let upper_case = theirs(&format!("app@sha256:{}", HEX.to_uppercase()));
    assert_eq!(
        ImageName::try_from(&upper_case).unwrap_err().to_string(),
        "the `docker` name has an invalid reference: the reference has an invalid digest: a digest has only lower-case \
         hexadecimal digits, but this one has `A`"
    );
    // What nobody has parsed: its parts would be read otherwise if they were one text.
    let made = |registry: &str, repository: &str, tag: &str| {
        let made = distribution::Reference::with_tag(
            registry.to_owned(),
            repository.to_owned(),
            tag.to_owned(),
        );
        Reference::try_from(&made)
    };
    for (registry, repository, tag) in [
        ("a.b/c", "d", "1"),
        ("a.b", "c:1", "2"),
        ("a.b", "c", "1@sha256:0"),
        ("docker.io", "busybox", "1"),
        ("", "h.example/app", "1"),
        ("registry", "app", "1"),
        ("index.docker.io", "ns/app", "1"),
        ("h.example", "", "1"),
        ("h.example", "app", ""),
    ] {
        assert!(
            made(registry, repository, tag).is_err(),
            "{registry} {repository} {tag}"
        );
    }
    let name = made("a.b", "c", "1").unwrap();
    assert_eq!(name.to_string(), "a.b/c:1");
}

#[test]
fn digests_go_there_and_back() {
    for text in [
        format!("sha256:{HEX}"),
        format!("sha384:{}", "a".repeat(96)),
        format!("sha512:{}", "0".repeat(128)),
    ] {
        let theirs: image::Digest = text.parse().unwrap();
        let ours = Digest::try_from(&theirs).unwrap();
        assert_eq!(ours, *text);
        assert_eq!(image::Digest::try_from(&ours).unwrap(), theirs);
    }
    for text in ["md5:00", "sha1:00", "blake3:00", "multihash+base58:Qm"] {
        let theirs: image::Digest = text.parse().unwrap();
        assert!(
            matches!(
                Digest::try_from(&theirs),
                Err(DigestError::Algorithm { .. })
            ),
            "{text}"
        );
    }
}

#[test]
fn platforms_go_there_and_back() {
    let plain = Platform::new("linux", "amd64");
    let full = Platform::new("windows", "arm64")
        .with_variant("v8")
        .with_os_version("10.0")
        .with_os_features(["win32k"]);
    // Big-endian ARM, which oci-spec reads as another one; and what it does not know.
    let rare = Platform::new("linux", "armbe");
    let unknown = Platform::new("unknown", "unknown");
    for ours in [plain, full, rare, unknown, Platform::new("", "")] {
        let theirs = image::Platform::from(&ours);
        assert_eq!(Platform::from(&theirs), ours);
        assert_eq!(theirs.os().to_string(), ours.os());
        assert_eq!(theirs.architecture().to_string(), ours.architecture());
    }
}

#[test]
fn descriptors_go_there_and_back() {
    let ours = Instance::new(
        "application/vnd.oci.image.manifest.v1+json",
        Digest::of(b"manifest"),
        8,
    );
    let full = ours
        .clone()
        .with_platform(Platform::new("linux", "arm").with_variant("v7"))
        .with_annotation("name", "value");
    for ours in [ours.clone(), full] {
        let theirs = image::Descriptor::try_from(&ours).unwrap();
        assert_eq!(*theirs.media_type(), image::MediaType::ImageManifest);
        assert_eq!(theirs.size(), 8);
        assert_eq!(
            theirs.annotations().is_some(),
            !ours.annotations().is_empty()
        );
        assert_eq!(Instance::try_from(&theirs).unwrap(), ours);
    }
    let theirs = descriptor(ours.digest(), ours.media_type(), 8).unwrap();
    assert_eq!(Instance::try_from(&theirs).unwrap(), ours);

    let with = |media_type: &str, digest: &str| {
        let digest: image::Digest = digest.parse().unwrap();
        let theirs = image::Descriptor::new(image::MediaType::from(media_type), 8, digest);
        Instance::try_from(&theirs)
    };
    assert_eq!(
        with("", ours.digest().as_str()),
        Err(InstanceError::Missing {
            member: "mediaType"
        })
    );
    assert_eq!(
        with("x", "md5:00").unwrap_err().to_string(),
        "the digest algorithm `md5` is not supported: it must be sha256, sha384 or sha512"
    );
}

#[test]
fn an_index_of_theirs_is_read_from_its_bytes() {
    let instance = Instance::new("x", Digest::of(b"manifest"), 8)
        .with_platform(Platform::new("linux", "arm").with_variant("v7"))
        .with_annotation("name", "value");
    let theirs = image::ImageIndexBuilder::default()
        .schema_version(2_u32)
        .media_type(image::MediaType::ImageIndex)
        .manifests([image::Descriptor::try_from(&instance).unwrap()])
        .annotations(HashMap::from([("name".to_owned(), "value".to_owned())]))
        .build()
        .unwrap();
    let bytes = theirs.to_string().unwrap();
    let index = Index::parse(bytes.as_bytes()).unwrap().unwrap();
    assert_eq!(index.instances(), [instance]);
    let mut platform = image::Platform::default();
    platform
        .set_os(image::Os::Linux)
        .set_architecture(image::Arch::ARM)
        .set_variant(Some("v8".to_owned()));
    assert!(index.choose_for(&Platform::from(&platform)).is_some());
}

#[test]
fn a_descriptor_stands_for_an_image_of_its_digest() {
    use crate::image::ImageName;
    use crate::oci::v0_10::image_of;
    use crate::source::Source;

    let name = ImageName::parse("docker://registry.example/app:1").unwrap();
    let digest = Digest::of(b"manifest");
    let theirs = descriptor(&digest, "x", 8).unwrap();
    let image = image_of(name.clone(), &theirs).unwrap();
    assert_eq!(image.manifest_digest(), Some(&digest));
    let unknown: image::Digest = "md5:00".parse().unwrap();
    let theirs = image::Descriptor::new(image::MediaType::ImageManifest, 8, unknown);
    assert!(image_of(name, &theirs).is_err());
}
