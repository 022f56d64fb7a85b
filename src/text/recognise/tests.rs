use super::*;

fn file(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    std::fs::read(path.join(name)).unwrap()
}

#[test]
fn what_people_mistake_for_something_else_has_a_name() {
    for (name, sentence) in [
        ("mistakes/login.html", "an HTML page (\"Sign in\")"),
        ("mistakes/manifest.json.gz", "data compressed with gzip"),
        ("mistakes/manifest.json.zst", "data compressed with zstd"),
        ("mistakes/cosign.pub", "a PEM public key, as cosign makes"),
        ("mistakes/certificate.pem", "a PEM certificate (X.509)"),
        ("mistakes/id_ed25519.pub", "an SSH public key"),
        (
            "mistakes/pubring.kbx",
            "GnuPG's own store of keys (`pubring.kbx`)",
        ),
        ("mistakes/key.gpg", "an OpenPGP public key"),
        (
            "mistakes/key.asc",
            "an OpenPGP public key as text (`-----BEGIN PGP PUBLIC KEY BLOCK-----`)",
        ),
        (
            "mistakes/key.base64",
            "an OpenPGP public key in base64, without the lines `-----BEGIN PGP …`",
        ),
        (
            "mistakes/secret-key.asc",
            "an OpenPGP secret key as text (`-----BEGIN PGP PRIVATE KEY BLOCK-----`)",
        ),
        (
            "mistakes/signature.sig",
            "an OpenPGP signature without what was signed",
        ),
        (
            "mistakes/signature.asc",
            "an OpenPGP signature without what was signed, as text (`-----BEGIN PGP SIGNATURE-----`)",
        ),
        (
            "mistakes/cleartext.asc",
            "a text with an OpenPGP signature below it (`-----BEGIN PGP SIGNED MESSAGE-----`)",
        ),
        ("mistakes/message.gpg", "an OpenPGP message"),
        (
            "mistakes/message.asc",
            "an OpenPGP message as text (`-----BEGIN PGP MESSAGE-----`)",
        ),
        ("mistakes/encrypted.gpg", "an encrypted OpenPGP message"),
        (
            "mistakes/encrypted.asc",
            "an encrypted OpenPGP message as text (`-----BEGIN PGP MESSAGE-----`)",
        ),
        (
            "mistakes/fingerprint.txt",
            "the fingerprint of a key, but not the key",
        ),
        (
            "mistakes/fingerprint-in-groups.txt",
            "the fingerprint of a key, but not the key",
        ),
        ("mistakes/key-id.txt", "the ID of a key, but not the key"),
        ("mistakes/manifest-utf-16.json", "text in UTF-16"),
        ("mistakes/noise.bin", "binary data of an unknown kind"),
        (
            "example/image/manifest.json",
            "the manifest of an image (JSON)",
        ),
        ("example/policy.json", "JSON"),
        ("README.md", "text"),
    ] {
        assert_eq!(recognise(&file(name)).to_string(), sentence, "{name}");
    }
}

#[test]
fn what_has_no_file_has_a_name_too() {
    for (bytes, sentence) in [
        (&b""[..], "empty"),
        (b" \n", "text"),
        (
            b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n",
            "a PEM private key",
        ),
        (b"<html><body>404</body></html>", "an HTML page"),
        (
            b"\xEF\xBB\xBF<!doctype HTML><TITLE>\n Not\n Found </TITLE>",
            "an HTML page (\"Not Found\")",
        ),
        (
            b"<html><title>\x1b[31m\"\xE2\x80\xAEevil</title>",
            "binary data of an unknown kind",
        ),
        (
            b"<html><title>\"\xE2\x80\xAEevil</title>",
            "an HTML page (\"\\\"\\u{202e}evil\")",
        ),
        (b"{\0\"\0", "text in UTF-16"),
        (b"\0{\0\"", "text in UTF-16"),
        (
            b"aGVsbG8gd29ybGQsIGhlbGxv\n",
            "base64, and nothing around it",
        ),
        (b"hello\n", "text"),
        (b"0xB09ABC0F6EA8CF28", "the ID of a key, but not the key"),
        (
            br#"{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}"#,
            "a sigstore bundle (JSON)",
        ),
        (
            br#"{"critical":{"type":"cosign container image signature"}}"#,
            "what cosign signs of an image (JSON)",
        ),
        (
            br#"{"schemaVersion": 2, "manifests": []}"#,
            "the list of a multi-architecture image (JSON)",
        ),
        (b"# keys\ndefault:\n  - type: reject\n", "YAML"),
        (b"---\n- a\n", "YAML"),
        (b"Dear all: hello", "text"),
    ] {
        let found = recognise(bytes);
        assert_eq!(
            found.to_string(),
            sentence,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    let long = format!("<html><title>{}</title>", "x".repeat(100));
    let cut = format!("an HTML page (\"{}…\")", "x".repeat(60));
    assert_eq!(recognise(long.as_bytes()).to_string(), cut);
}

#[test]
fn no_more_than_the_beginning_is_looked_at() {
    let mut bytes = [b'a', b' '].repeat(LOOKED_AT);
    assert_eq!(recognise(&bytes), Content::Text);
    // A character that the limit cuts in two, and what comes after it.
    bytes.truncate(LOOKED_AT - 1);
    bytes.extend("é".as_bytes());
    bytes.extend(b"\0\xFF");
    assert_eq!(recognise(&bytes), Content::Text);
    // A fingerprint is a whole file.
    let fingerprint = "A".repeat(40);
    let padded = fingerprint.clone() + &" ".repeat(LOOKED_AT) + "x";
    assert_eq!(recognise(fingerprint.as_bytes()), Content::Fingerprint);
    assert_ne!(recognise(padded.as_bytes()), Content::Fingerprint);
}

#[test]
fn random_bytes_are_rarely_taken_for_openpgp() {
    // The header of a packet, and a body that is cut off or of no known version.
    for bytes in [
        &b"\x99\x01\x00\x04"[..],
        b"\x99\x00\x02\x09\xFF",
        b"\xC6\x02\x09\xFF",
        b"\xC6\xC0",
        b"\xC6",
        b"\xC6\xFF\x00",
        b"\xA4\x01\x00",
        b"\xFF\xFF",
        b"\x85\x01",
    ] {
        assert_eq!(recognise(bytes), Content::Binary, "{bytes:?}");
    }
    for (bytes, what) in [
        (&b"\xC6\x01\x04"[..], "an OpenPGP public key"),
        (b"\x94\x01\x04", "an OpenPGP secret key"),
        (b"\xA3\x01\xFF", "an OpenPGP message"),
        (b"\xD2\xE0\x02\xFF", "an encrypted OpenPGP message"),
        (b"\xC1\x01\x03", "an encrypted OpenPGP message"),
        (
            b"\xC2\xFF\0\0\0\x01\x04\xFF",
            "an OpenPGP signature without what was signed",
        ),
    ] {
        assert_eq!(recognise(bytes).to_string(), what, "{bytes:?}");
    }
}
