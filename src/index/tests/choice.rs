//! Which instance is chosen: what containers/image's `ChooseInstance` says by its source. `tests/peers` asks skopeo.

use crate::index::{Index, Platform};

const OCI: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// An index with one instance for each word: `os/architecture[/variant]`, or `-` for none; `+` behind it says zstd.
fn index(media_type: &str, words: &str) -> Index {
    let instances: Vec<String> = (1..)
        .zip(words.split_whitespace())
        .map(|(number, word)| {
            let (platform, zstd) = match word.strip_suffix('+') {
                Some(platform) => (platform, "true"),
                None => (word, "false"),
            };
            let mut parts = platform.split('/');
            let mut part = || parts.next().unwrap_or_default();
            let platform = match part() {
                "-" => String::new(),
                os => format!(
                    ",\"platform\":{{\"os\":\"{os}\",\"architecture\":\"{}\",\"variant\":\"{}\"}}",
                    part(),
                    part()
                ),
            };
            format!(
                "{{\"mediaType\":\"x\",\"size\":{number},\"digest\":\"sha256:{number:064}\"{platform},\
                 \"annotations\":{{\"io.github.containers.compression.zstd\":\"{zstd}\"}}}}"
            )
        })
        .collect();
    let text = format!(
        "{{\"schemaVersion\":2,\"mediaType\":\"{media_type}\",\"manifests\":[{}]}}",
        instances.join(",")
    );
    Index::parse(text.as_bytes()).unwrap().unwrap()
}

fn platform(text: &str) -> Platform {
    let mut parts = text.split('/');
    let mut part = || parts.next().unwrap_or_default();
    Platform::new(part(), part()).with_variant(part())
}

/// The number of the chosen one, from 1; 0 for none.
fn chosen(media_type: &str, words: &str, wanted: &str) -> u64 {
    index(media_type, words)
        .choose_for(&platform(wanted))
        .map_or(0, |instance| instance.size())
}

#[test]
fn the_nearest_variant_is_chosen() {
    for (words, wanted, number) in [
        ("linux/amd64 linux/arm64", "linux/amd64", 1),
        ("linux/amd64 linux/arm64", "linux/arm64", 2),
        ("linux/amd64 linux/arm64", "linux/arm64/v8", 2),
        ("linux/amd64 linux/arm64", "linux/s390x", 0),
        ("linux/amd64 windows/amd64", "windows/amd64", 2),
        ("linux/amd64", "freebsd/amd64", 0),
        ("linux/amd64", "Linux/amd64", 0),
        ("", "linux/amd64", 0),
        // One's own, what demands less, none.
        ("linux/arm/v5 linux/arm/v6 linux/arm/v7", "linux/arm/v7", 3),
        ("linux/arm/v5 linux/arm/v6", "linux/arm/v7", 2),
        ("linux/arm/v5 linux/arm/v6 linux/arm/v8", "linux/arm/v7", 2),
        ("linux/arm linux/arm/v5", "linux/arm/v7", 2),
        ("linux/arm/v8 linux/arm", "linux/arm/v7", 2),
        ("linux/arm/v8", "linux/arm/v7", 0),
        ("linux/arm/v7", "linux/arm/v6", 0),
        // Without a variant: none, then the most demanding.
        ("linux/arm/v5 linux/arm/v8 linux/arm", "linux/arm", 3),
        ("linux/arm/v5 linux/arm/v8 linux/arm/v7", "linux/arm", 2),
        ("linux/arm64/v8", "linux/arm64", 1),
        ("linux/arm64/v8 linux/arm64", "linux/arm64", 2),
        ("linux/arm64 linux/arm64/v8", "linux/arm64/v8", 2),
        // Variants that are not known are compatible with themselves and none.
        ("linux/arm64/v8 linux/arm64/v9", "linux/arm64/v9", 2),
        ("linux/arm64/v8 linux/arm64", "linux/arm64/v9", 2),
        ("linux/arm64/v8", "linux/arm64/v9", 0),
        ("linux/arm64/v9", "linux/arm64", 0),
        ("linux/amd64/v2 linux/amd64", "linux/amd64", 2),
        ("linux/amd64/v2", "linux/amd64", 0),
        ("linux/amd64 linux/amd64/v2", "linux/amd64/v2", 2),
        ("linux/amd64/v2 linux/amd64", "linux/amd64/v3", 2),
        ("linux/amd64/v2", "linux/amd64/v3", 0),
        // The first of several.
        ("linux/arm64 linux/amd64 linux/amd64", "linux/amd64", 2),
    ] {
        for media_type in [OCI, DOCKER] {
            let found = chosen(media_type, words, wanted);
            assert_eq!(found, number, "{wanted} in {words}");
        }
    }
}

#[test]
fn an_oci_index_may_have_an_instance_for_any_platform() {
    for (words, wanted, in_oci, in_docker) in [
        ("-", "linux/amd64", 1, 0),
        ("- -", "linux/amd64", 1, 0),
        ("- linux/amd64", "linux/amd64", 2, 2),
        ("- linux/arm", "linux/arm/v7", 2, 2),
        ("linux/amd64 -", "linux/s390x", 2, 0),
    ] {
        assert_eq!(chosen(OCI, words, wanted), in_oci, "{wanted} in {words}");
        assert_eq!(
            chosen(DOCKER, words, wanted),
            in_docker,
            "{wanted} in {words}"
        );
    }
}

#[test]
fn zstd_is_preferred_in_an_oci_index() {
    for (words, wanted, in_oci, in_docker) in [
        ("linux/amd64 linux/amd64+", "linux/amd64", 2, 1),
        ("linux/amd64+ linux/amd64", "linux/amd64", 1, 1),
        ("linux/amd64 linux/amd64+ linux/amd64+", "linux/amd64", 2, 1),
        // The variant counts more.
        ("linux/arm/v7 linux/arm/v6+", "linux/arm/v7", 1, 1),
        ("- -+", "linux/amd64", 2, 0),
        ("-+ linux/amd64", "linux/amd64", 2, 2),
        ("linux/amd64 linux/arm64+", "linux/amd64", 1, 1),
    ] {
        assert_eq!(chosen(OCI, words, wanted), in_oci, "{wanted} in {words}");
        assert_eq!(
            chosen(DOCKER, words, wanted),
            in_docker,
            "{wanted} in {words}"
        );
    }
}

#[test]
fn version_and_features_of_the_system_do_not_count() {
    let index = index(OCI, "linux/amd64 windows/amd64");
    let wanted = Platform::new("windows", "amd64")
        .with_os_version("10.0.14393.1066")
        .with_os_features(["win32k"]);
    assert_eq!(index.choose_for(&wanted), Some(&index.instances()[1]));
}
