//! Sigstore on the command line: a distribution's policy, `sigpolicy verify --bundle` and `sigpolicy inspect`.
#![cfg(all(feature = "cli", feature = "sigstore"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use base64::Engine as _;
use common::{json, sigpolicy, unwrapped};
use containers_sigpolicy::Digest;
use serde_json::Value;

const IMAGE: &str = "docker://registry.example/app/web:1.4.2";
const POLICY: &str = r#"{"default":[{"type":"sigstoreSigned","keyPath":"keys/sigstore/signer.pub","rekorPublicKeyPath":"keys/sigstore/log.pub"}]}"#;

/// A folder with a policy, an image as `skopeo copy … dir:` writes it, and bundles in files.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        place.put("policy.json", POLICY.as_bytes());
        fs::create_dir(place.path("image")).expect("a folder");
        place.put("image/manifest.json", &read("manifests/web.json"));
        place.put("image/version", b"Directory Transport Version: 1.1\n");
        for bundle in ["nameless", "named", "other-name"] {
            place.put(bundle, &bundle_of(bundle));
        }
        place.put("cut", b"{\"mediaType\": ");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        let path = self.path(name);
        path.to_str().expect("UTF-8").to_owned()
    }

    fn put(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).expect("a file");
    }

    /// Asks for the image with these arguments.
    fn verify(&self, arguments: &[&str]) -> Output {
        sigpolicy("verify")
            .args(["--policy", &self.text("policy.json"), "--key-dir"])
            .arg(folder())
            .args(["--at", "2026-01-15T12:00:00Z", IMAGE])
            .args(arguments)
            .output()
            .expect("it runs")
    }

    /// The status, and the code if it is not accepted.
    fn code(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.verify(&[arguments, &["--json"]].concat());
        let report = json::read(&output.stdout, "verify");
        let code = report["rejection"]["code"].as_str();
        (output.status.code(), code.unwrap_or_default().to_owned())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).expect("a file of the suite")
}

/// A bundle of the suite, out of the blob that it is stored in.
fn bundle_of(name: &str) -> Vec<u8> {
    let blob = read(&format!(
        "signatures/sigstore-bundles-statements/setting-off-{name}.sig"
    ));
    let stored = blob.strip_prefix(b"\0sigstore-json\n").expect("its frame");
    let stored: Value = serde_json::from_slice(stored).expect("JSON");
    let payload = stored["payload"].as_str().expect("a payload");
    let base64 = base64::engine::general_purpose::STANDARD;
    base64.decode(payload).expect("base64")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn verify_takes_bundles_from_files() {
    let place = Place::new();
    let image = format!("dir:{}", place.text("image"));
    let manifest = place.text("image/manifest.json");
    for image in [&[image.as_str()][..], &["--manifest", manifest.as_str()]] {
        let code = |arguments: &[&str]| place.code(&[image, arguments].concat());
        let told = |status, code: &str| (Some(status), code.to_owned());
        let [named, nameless, other, cut, missing] =
            ["named", "nameless", "other-name", "cut", "missing"].map(|name| place.text(name));
        assert_eq!(code(&[]), told(1, "no-signature"));
        assert_eq!(code(&["--bundle", &named]), told(0, ""));
        assert_eq!(
            code(&["--bundle", &nameless]),
            told(1, "signature-without-identity")
        );
        // One good bundle is enough, wherever it stands.
        for bundles in [[&nameless, &named], [&named, &nameless], [&cut, &named]] {
            let [first, second] = bundles;
            assert_eq!(code(&["--bundle", first, "--bundle", second]), told(0, ""));
        }
        for (which, bundle, expected) in [
            ("off", &named, told(1, "no-signature")),
            ("named", &named, told(0, "")),
            ("named", &nameless, told(1, "signature-without-identity")),
            ("digest-suffices", &named, told(0, "")),
            ("digest-suffices", &nameless, told(0, "")),
            ("digest-suffices", &other, told(1, "identity-mismatch")),
            ("digest-suffices", &cut, told(1, "bundle-invalid")),
        ] {
            let found = code(&["--sigstore-bundles", which, "--bundle", bundle]);
            assert_eq!(found, expected, "{which} {bundle}");
        }
        // What cannot be read is no verdict.
        assert_eq!(code(&["--bundle", &missing]).0, Some(2));
    }
    // What does not end is not read to its end.
    #[cfg(unix)]
    for (endless, expected) in [
        (
            &["--manifest", "/dev/zero", "--bundle", &place.text("named")][..],
            "manifest-invalid",
        ),
        (
            &["--manifest", &manifest, "--signature", "/dev/zero"],
            "signatures-invalid",
        ),
        (
            &["--manifest", &manifest, "--bundle", "/dev/zero"],
            "signatures-invalid",
        ),
    ] {
        assert_eq!(place.code(endless), (Some(1), expected.to_owned()));
    }
    let output = place.verify(&[&image, "--sigstore-bundles", "all"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn verify_says_how_a_bundle_is_handed_over() {
    let place = Place::new();
    let manifest = place.text("image/manifest.json");
    let named = place.text("named");
    let arguments = ["--manifest", manifest.as_str(), "--signature", &named];
    let told = (Some(1), "signature-format-unknown".to_owned());
    assert_eq!(place.code(&arguments), told);
    let printed = unwrapped(&place.verify(&arguments).stdout);
    assert!(printed.contains("it is a sigstore bundle"), "{printed}");
    assert!(printed.contains("`sigpolicy verify --bundle`"), "{printed}");
}

/// Fedora's policy as it comes, with the test's keys in the place of Red Hat's.
#[test]
fn a_distributions_policy_decides_on_its_images() {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/lint/fedora-sigstore.json");
    let mut policy = fs::read_to_string(policy).expect("the policy");
    for (theirs, ours) in [
        (
            "/etc/pki/sigstore/SIGSTORE-redhat-release3",
            "keys/sigstore/signer.pub",
        ),
        (
            "/etc/pki/sigstore/REKOR-signing-key",
            "keys/sigstore/log.pub",
        ),
    ] {
        assert!(policy.contains(theirs));
        let ours = folder().join(ours);
        policy = policy.replace(theirs, ours.to_str().expect("UTF-8"));
    }
    let place = Place::new();
    place.put("policy.json", policy.as_bytes());
    let image = format!("dir:{}", place.text("image"));
    let verify = |name: &str| {
        let output = sigpolicy("verify")
            .args(["--policy", &place.text("policy.json"), "--json"])
            .args(["--at", "2026-01-15T12:00:00Z", name, &image])
            .output()
            .expect("it runs");
        let report = json::read(&output.stdout, "verify");
        let code = report["rejection"]["code"].as_str().map(str::to_owned);
        (output.status.code(), code)
    };
    let no_signature = (Some(1), Some("no-signature".to_owned()));
    let name = "docker://registry.redhat.io/ubi9/ubi:9.6";
    assert_eq!(verify(name), no_signature);
    let signed = read("signatures/sigstore-evaluation/distribution-signed.sig");
    place.put("image/signature-1", &signed);
    assert_eq!(verify(name), (Some(0), None));
    let other = (Some(1), Some("identity-mismatch".to_owned()));
    assert_eq!(verify("docker://registry.redhat.io/ubi9/ubi:9.5"), other);
    assert_eq!(
        verify("docker://registry.access.redhat.com/ubi9/ubi:9.6"),
        other
    );
    assert_eq!(verify(IMAGE), (Some(0), None));
    let stranger = read("signatures/sigstore-evaluation/distribution-stranger.sig");
    place.put("image/signature-1", &stranger);
    assert_eq!(
        verify(name),
        (Some(1), Some("log-entry-mismatch".to_owned()))
    );
}

/// People know a bundle by its file.
#[test]
fn verify_names_the_file_of_a_bundle() {
    let place = Place::new();
    place.put(
        "image/signature-1",
        &read("signatures/sigstore-attachments/good.sig"),
    );
    let image = format!("dir:{}", place.text("image"));
    let cut = place.text("cut");
    let output = place.verify(&[&image, "--bundle", &cut, "--verbose"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stdout);
    assert!(printed.contains(&cut), "{printed}");
    assert!(printed.contains("signature-1"), "{printed}");
}

/// The authority's certificate is valid from 1991 to 2048. Of Fulcio, what a log has recorded in that time counts later too.
#[test]
fn explain_says_when_no_authority_can_vouch() {
    let place = Place::new();
    let root = "keys/sigstore/root.pem";
    let fulcio = serde_json::json!({"type": "sigstoreSigned", "rekorPublicKeyPath": "keys/sigstore/log.pub", "fulcio": {
        "caPath": root, "oidcIssuer": "https://issuer.example", "subjectEmail": "build@example.org"}});
    let pki = serde_json::json!({"type": "sigstoreSigned", "pki": {"caRootsPath": root, "subjectEmail": "build@example.org"}});
    for (requirement, at, status) in [
        (&pki, "2026-01-15T12:00:00Z", 0),
        (&pki, "2100-01-01T00:00:00Z", 1),
        (&pki, "1990-01-01T00:00:00Z", 1),
        (&fulcio, "2026-01-15T12:00:00Z", 0),
        (&fulcio, "2100-01-01T00:00:00Z", 0),
    ] {
        let policy = serde_json::json!({"default": [requirement]}).to_string();
        place.put("policy.json", policy.as_bytes());
        let output = sigpolicy("explain")
            .args(["--policy", &place.text("policy.json"), "--key-dir"])
            .arg(folder())
            .args(["--at", at, IMAGE])
            .output()
            .expect("it runs");
        let printed = unwrapped(&output.stdout);
        assert_eq!(output.status.code(), Some(status), "{at}: {printed}");
        let is_told = printed.contains("trusts no key that can be used now");
        assert_eq!(is_told, status == 1, "{at}: {printed}");
    }
}

#[test]
fn inspect_shows_what_certificates_and_logs_claim() {
    let inspect = |file: &Path, json: bool| {
        let mut command = sigpolicy("inspect");
        command.current_dir(folder());
        if json {
            command.arg("--json");
        }
        let output = command.arg(file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    let stored = Path::new("signatures/sigstore-paths/one-intermediate-fulcio.sig");
    let printed = inspect(stored, false);
    let printed = text(&printed);
    for line in [
        "\n  claims:  signed by build@example.org, whom https://issuer.example has authenticated\n",
        "\n  claims:  certified by CN=intermediate, from 1991-01-09T00:00:00Z until 2048-12-25T00:00:00Z\n",
        " on 2025-06-01T12:00:00Z, as entry 123456\n",
        "\n  claims:  for the image registry.example/app/web:1.4.2\n",
    ] {
        assert!(printed.contains(line), "{printed}");
    }
    let claims = json::read(&inspect(stored, true), "inspect");
    assert_eq!(claims["verified"], false);
    assert_eq!(claims["format"], "sigstore-json");
    let certificate = &claims["signers"][0]["certificate"];
    assert_eq!(certificate["subject"]["emails"][0], "build@example.org");
    assert_eq!(claims["log_entries"][0]["index"], 123_456);

    // What is not as it must be is said, and not left out.
    let other = Path::new("signatures/sigstore-signers/issuer-v2-octets.sig");
    let claims = json::read(&inspect(other, true), "inspect");
    assert!(claims["signers"][0]["certificate"]["oidc_issuer"].is_null());
    assert_eq!(
        claims["unreadable"][0],
        "the signer's certificate cannot be read: its OIDC issuer is not a text"
    );

    // A bundle says the same, by itself and as it is stored.
    let place = Place::new();
    let stored = folder().join("signatures/sigstore-bundles-statements/setting-off-named.sig");
    for (file, format) in [
        (place.path("named"), "sigstore-bundle"),
        (stored, "sigstore-json"),
    ] {
        let printed = inspect(&file, false);
        assert!(
            text(&printed)
                .contains("\n  claims:  of the kind https://sigstore.dev/cosign/sign/v1\n"),
            "{}",
            text(&printed)
        );
        let claims = json::read(&inspect(&file, true), "inspect");
        assert_eq!(claims["format"], format);
        let digest = Digest::of(&read("manifests/web.json")).to_string();
        assert_eq!(claims["claims"]["manifest_digest"], digest);
        assert_eq!(
            claims["claims"]["docker_reference"],
            "registry.example/app/web:1.4.2"
        );
        assert_eq!(
            claims["log_entries"][0]["integrated_time"],
            "2025-06-01T12:00:00Z"
        );
        assert_eq!(claims["unreadable"], serde_json::json!([]));
    }
    // One that is cut off says what it can.
    let bundle = fs::read(place.path("named")).expect("a bundle");
    place.put("cut", bundle.get(..bundle.len() / 2).expect("a half"));
    let claims = json::read(&inspect(&place.path("cut"), true), "inspect");
    assert_eq!(claims["format"], "sigstore-bundle");
    let unreadable = claims["unreadable"][0].as_str().expect("a sentence");
    assert!(
        unreadable.starts_with("it is no well-formed bundle: "),
        "{unreadable}"
    );
}
