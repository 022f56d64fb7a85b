//! The situations, each with the case of the conformance suite that makes it.

/// The name of the situation, and that of the case.
pub const SITUATIONS: &[(&str, &str)] = &[
    ("accepted", "evaluation-list-signed"),
    (
        "accepted-without-a-signature",
        "evaluation-list-accept-anything",
    ),
    ("asked-by-another-digest", "digests-by-other-digest"),
    (
        "asked-without-a-tag-or-digest",
        "identity-exact-name-only-signed-latest",
    ),
    ("encrypted", "messages-kind-encrypted"),
    (
        "image-name-with-tag-and-digest",
        "image-names-docker-tag-and-digest",
    ),
    ("image-of-a-folder-without-a-name", "identity-dir-default"),
    ("instance-is-a-list", "instances-list-in-list"),
    ("instance-not-in-list", "instances-of-other-list"),
    ("instance-without-its-list", "instances-of-no-list"),
    ("key-expired", "keys-expiry-before-signing"),
    ("key-file-is-noise", "evaluation-source-data-noise"),
    ("key-file-is-a-folder", "evaluation-source-path-is-folder"),
    ("key-file-missing", "evaluation-source-path-missing"),
    ("key-files-empty", "evaluation-source-paths-empty"),
    ("key-may-not-sign", "keys-flags-certify-only"),
    ("key-revoked", "keys-revoked-compromised-after-signing"),
    ("list-changed", "instances-of-other-list-by-digest"),
    ("list-missing", "instances-of-missing-list"),
    ("manifest-missing", "evaluation-manifest-missing"),
    (
        "manifest-with-a-line-feed-more",
        "digests-line-feed-not-signed",
    ),
    ("manifest-reformatted", "digests-reformatted-not-signed"),
    (
        "mirror-not-remapped",
        "identity-remap-host-not-remapped-signed",
    ),
    ("no-signature", "evaluation-signatures-none"),
    (
        "one-of-two-requirements",
        "evaluation-list-two-signers-second-missing",
    ),
    ("only-a-sigstore-signature", "signature-blobs-sigstore"),
    ("payload-without-critical", "payload-critical-missing"),
    ("rejected-by-default", "evaluation-list-reject"),
    ("signature-altered", "evaluation-signatures-bad"),
    ("signature-armored", "messages-by-gpg-armored"),
    ("signature-by-a-stranger", "evaluation-signatures-stranger"),
    ("signature-cleartext", "messages-by-gpg-cleartext"),
    ("signature-detached", "messages-by-gpg-detached"),
    ("signature-expired", "messages-time-expires-a-second-ago"),
    (
        "signature-for-another-manifest",
        "evaluation-signatures-other-manifest",
    ),
    (
        "signature-for-another-tag",
        "evaluation-signatures-other-tag",
    ),
    ("signature-from-the-future", "messages-time-future"),
    ("signature-malformed", "evaluation-signatures-malformed"),
    ("signature-missing", "evaluation-signature-missing"),
    (
        "signature-of-an-algorithm-nobody-knows",
        "messages-damage-unknown-key-algorithm",
    ),
    ("signature-too-large", "messages-compression-bomb"),
    ("signature-with-sha-1", "algorithms-hash-sha1-standard"),
    (
        "signatures-of-two-signers-in-one",
        "messages-by-gpg-two-signers",
    ),
    (
        "signed-by-digest-asked-by-tag",
        "identity-default-tag-signed-same-digest",
    ),
    ("several-signatures", "evaluation-signatures-all-kinds"),
    (
        "sigstore-accepted",
        "sigstore-evaluation-require-signed-logged",
    ),
    (
        "sigstore-beside-an-openpgp-signature-alone",
        "sigstore-evaluation-beside-sigstore-missing",
    ),
    (
        "sigstore-by-a-stranger",
        "sigstore-evaluation-scope-repository-other-signer",
    ),
    (
        "sigstore-for-another-tag",
        "sigstore-evaluation-image-other-tag",
    ),
    (
        "sigstore-key-file-is-of-openpgp",
        "sigstore-evaluation-beside-armored-key",
    ),
    (
        "sigstore-key-file-missing",
        "sigstore-evaluation-file-key-missing",
    ),
    (
        "sigstore-key-of-a-log-is-ed25519",
        "sigstore-log-file-ed25519",
    ),
    (
        "sigstore-log-entry-by-another-log",
        "sigstore-log-json-signed-order",
    ),
    (
        "sigstore-log-entry-malformed",
        "sigstore-log-presence-empty",
    ),
    (
        "sigstore-log-entry-of-another-key",
        "sigstore-log-key-stranger",
    ),
    (
        "sigstore-log-entry-of-another-kind",
        "sigstore-log-kind-dsse",
    ),
    (
        "sigstore-log-entry-of-another-payload",
        "sigstore-log-mismatch-payload-with-line-feed",
    ),
    (
        "sigstore-by-a-certificate",
        "sigstore-paths-one-intermediate-fulcio",
    ),
    (
        "sigstore-by-an-unknown-authority",
        "sigstore-paths-stranger-fulcio",
    ),
    ("sigstore-without-intermediate", "sigstore-paths-gap-pki"),
    ("sigstore-logged-too-late", "sigstore-times-log-leaf-behind"),
    ("sigstore-certificate-ended", "sigstore-times-now-leaf-past"),
    (
        "sigstore-intermediate-ended",
        "sigstore-times-now-intermediate-past",
    ),
    ("sigstore-authority-ended", "sigstore-times-now-root-past"),
    (
        "sigstore-logged-after-its-authority",
        "sigstore-times-log-root-behind",
    ),
    (
        "sigstore-certificate-of-a-server",
        "sigstore-purposes-purpose-server-leaf-fulcio",
    ),
    (
        "sigstore-certificate-with-a-forbidden-name",
        "sigstore-constraints-hosts-1-excluded",
    ),
    (
        "sigstore-certificate-of-somebody-else",
        "sigstore-signers-email-other-fulcio",
    ),
    (
        "sigstore-certificate-by-another-issuer",
        "sigstore-signers-issuer-v2-other",
    ),
    (
        "sigstore-authority-file-is-none",
        "sigstore-authorities-roots-noise-fulcio",
    ),
    ("sigstore-certificate-not-logged", "sigstore-times-log-none"),
    (
        "sigstore-not-logged",
        "sigstore-evaluation-list-logged-and-not-without",
    ),
    (
        "sigstore-bundle-accepted-without-a-name",
        "sigstore-bundles-statements-setting-digest-suffices-nameless",
    ),
    ("sigstore-bundle-cut-off", "sigstore-bundles-form-text-cut"),
    (
        "sigstore-bundle-from-the-future",
        "sigstore-bundles-log-time-after-clock",
    ),
    ("sigstore-bundle-of-rekor-2", "sigstore-bundles-log-rekor-2"),
    (
        "sigstore-bundle-with-provenance-alone",
        "sigstore-bundles-statements-kind-provenance",
    ),
    (
        "sigstore-bundle-without-an-entry",
        "sigstore-bundles-log-none",
    ),
    (
        "sigstore-bundle-without-intermediate",
        "sigstore-bundles-certificates-no-intermediate",
    ),
    (
        "sigstore-only-a-bundle",
        "sigstore-bundles-statements-setting-default-nameless",
    ),
    (
        "sigstore-payload-without-critical",
        "sigstore-payload-critical-missing",
    ),
    ("sigstore-required", "sigstore-evaluation-list-unsigned"),
    (
        "sigstore-signed-by-the-repository-alone",
        "sigstore-identity-default-tag-signed-name-only",
    ),
    ("subkey-expired", "keys-subkey-expiry-before-signing"),
    (
        "unsigned-not-allowed",
        "evaluation-require-signed-accept-anything",
    ),
    ("weak-key", "algorithms-rsa1024-weak"),
];
