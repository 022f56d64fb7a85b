"""From requirements and signatures to a verdict."""

from clock import AT, SIGNED
from openpgp.messages import message
from workshop import ACCEPT_ANYTHING, IMAGE, NAME, REJECT, Suite, policy, signed_by

NOISE = b"This is no key.\n"
BASE_LAYER = {"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}


def build(workshop):
    suite = Suite("evaluation")
    signer, second = signed_by(workshop.signer_file), workshop.certificate("second", "Second Signer <second@example.org>")
    second_file = workshop.write("keys/second.gpg", second.public())
    blobs = {
        "good": workshop.good,
        "second": workshop.gpg_signed("second.gpg", certificate=second),
        "stranger": workshop.gpg_signed("stranger.gpg", certificate=workshop.stranger),
        "other-tag": workshop.gpg_signed("other-tag.gpg", workshop.payload(f"{NAME}:1.4.3")),
        "other-manifest": workshop.gpg_signed("other-manifest.gpg", workshop.payload(manifest_digest="sha256:" + "00" * 32)),
        "bad": workshop.blob("bad-value.sig", message(workshop.signer.primary, workshop.payload(), SIGNED, corrupt="value")),
        "malformed": workshop.blob("malformed.sig", b"\xc4\x03xyz"),
    }

    def case(name, about, verdict, code, requirements, signatures, **members):
        defaults = {"policy": policy(*requirements), "image": IMAGE, "manifest": workshop.manifest,
                    "signatures": [blobs.get(blob, blob) for blob in signatures], "at": AT}
        suite.case(name, about, verdict, code, **(defaults | members))

    _lists(case, signer, signed_by(second_file))
    _signatures(case, signer)
    _require_signed(case, signer)
    _unsupported(workshop, case, signer)
    _lazy(workshop, case, signer)
    _key_sources(workshop, case, second_file)
    _clock(case, signer)
    return suite


def _lists(case, signer, second):
    """Every requirement of a list must allow."""
    both = ["good", "second"]
    for name, about, verdict, code, requirements, signatures in (
        ("accept-anything", "insecureAcceptAnything accepts an image without signatures.", "accept", None, [ACCEPT_ANYTHING], []),
        ("accept-anything-with-bad", "insecureAcceptAnything does not look at signatures.", "accept", None, [ACCEPT_ANYTHING], ["bad"]),
        ("reject", "reject rejects.", "reject", "rejected-by-policy", [REJECT], []),
        ("reject-signed", "reject rejects a well signed image, too.", "reject", "rejected-by-policy", [REJECT], ["good"]),
        ("accept-then-reject", "One requirement that rejects is enough, though another accepts.", "reject", "rejected-by-policy", [ACCEPT_ANYTHING, REJECT],
         ["good"]),
        ("reject-then-accept", "One requirement that rejects is enough, wherever it stands.", "reject", "rejected-by-policy", [REJECT, ACCEPT_ANYTHING],
         ["good"]),
        ("signed", "One signature by the trusted key is enough.", "accept", None, [signer], ["good"]),
        ("signed-and-accept", "A signed requirement beside insecureAcceptAnything still counts.", "reject", "no-signature", [ACCEPT_ANYTHING, signer], []),
        ("signed-first-and-accept", "A signed requirement before insecureAcceptAnything still counts.", "reject", "no-signature", [signer, ACCEPT_ANYTHING],
         []),
        ("signed-and-accept-signed", "Both allow.", "accept", None, [ACCEPT_ANYTHING, signer], ["good"]),
        ("signed-and-reject", "A signature does not help against reject.", "reject", "rejected-by-policy", [signer, REJECT], ["good"]),
        ("same-twice", "One signature serves a requirement that stands twice.", "accept", None, [signer, signer], ["good"]),
        ("two-signers", "Two requirements, one signature for each.", "accept", None, [signer, second], both),
        ("two-signers-other-order", "The order of signatures does not matter.", "accept", None, [signer, second], both[::-1]),
        ("two-signers-first-missing", "The first of two signers is missing.", "reject", "unknown-key", [signer, second], ["second"]),
        ("two-signers-second-missing", "The second of two signers is missing.", "reject", "unknown-key", [signer, second], ["good"]),
        ("two-signers-second-bad", "The second of two signatures is about another image.", "reject", None, [signer, second], ["good", "bad"]),
    ):
        case(f"list-{name}", about, verdict, code, requirements, signatures)


def _signatures(case, signer):
    """Of several signatures one must be good."""
    for name, about, verdict, code, signatures in (
        ("none", "A signature is required, and there is none.", "reject", "no-signature", []),
        ("good", "One good signature.", "accept", None, ["good"]),
        ("good-twice", "The same good signature twice.", "accept", None, ["good", "good"]),
        ("bad-then-good", "A bad signature does not hurt a good one after it.", "accept", None, ["bad", "good"]),
        ("good-then-bad", "A bad signature does not hurt a good one before it.", "accept", None, ["good", "bad"]),
        ("malformed-then-good", "A malformed signature does not hurt a good one after it.", "accept", None, ["malformed", "good"]),
        ("good-then-malformed", "A malformed signature does not hurt a good one before it.", "accept", None, ["good", "malformed"]),
        ("stranger-then-good", "A stranger's signature does not hurt.", "accept", None, ["stranger", "good"]),
        ("other-tag-then-good", "A signature of another tag does not hurt.", "accept", None, ["other-tag", "good"]),
        ("other-manifest-then-good", "A signature of an older manifest does not hurt.", "accept", None, ["other-manifest", "good"]),
        ("all-kinds-then-good", "The good one may be the last of many.", "accept", None,
         ["bad", "malformed", "stranger", "other-tag", "other-manifest", "good"]),
        ("bad", "A bad signature alone.", "reject", "bad-signature", ["bad"]),
        ("malformed", "A malformed signature alone.", "reject", "malformed-signature", ["malformed"]),
        ("stranger", "A stranger's signature alone.", "reject", "unknown-key", ["stranger"]),
        ("other-tag", "A signature of another tag alone.", "reject", "identity-mismatch", ["other-tag"]),
        ("other-manifest", "A signature of another manifest alone.", "reject", "digest-mismatch", ["other-manifest"]),
        ("bad-twice", "The same bad signature twice.", "reject", "bad-signature", ["bad", "bad"]),
        ("all-kinds", "Many signatures, and none of them good.", "reject", None, ["bad", "malformed", "stranger", "other-tag", "other-manifest"]),
        ("halves", "A signature of the right tag but another manifest and one of the right manifest but another tag make no whole.", "reject", None,
         ["other-tag", "other-manifest"]),
        ("last-of-many", "The good one may be the last of a hundred.", "accept", None, ["stranger"] * 99 + ["good"]),
    ):
        case(f"signatures-{name}", about, verdict, code, [signer], signatures)


def _require_signed(case, signer):
    """The caller can demand that something was verified."""
    for name, about, verdict, code, requirements, signatures, demand in (
        ("accept-anything", "insecureAcceptAnything alone does not satisfy the demand.", "reject", "unsigned-not-allowed", [ACCEPT_ANYTHING], [], True),
        ("accept-anything-signed", "Nor does it for a signed image: nobody looked.", "reject", "unsigned-not-allowed", [ACCEPT_ANYTHING], ["good"], True),
        ("accept-anything-twice", "Nor does it twice.", "reject", "unsigned-not-allowed", [ACCEPT_ANYTHING, ACCEPT_ANYTHING], [], True),
        ("accept-anything-without", "Without the demand insecureAcceptAnything accepts.", "accept", None, [ACCEPT_ANYTHING], [], False),
        ("signed", "A verified signature satisfies the demand.", "accept", None, [signer], ["good"], True),
        ("signed-and-accept", "One verified signature is enough.", "accept", None, [ACCEPT_ANYTHING, signer], ["good"], True),
        ("signed-first", "Whatever the order.", "accept", None, [signer, ACCEPT_ANYTHING], ["good"], True),
        ("unsigned", "An image without signatures is still that.", "reject", "no-signature", [signer], [], True),
        ("reject", "reject is still reject.", "reject", "rejected-by-policy", [REJECT], [], True),
        ("signed-without", "Without the demand nothing changes.", "accept", None, [signer], ["good"], False),
    ):
        case(f"require-signed-{name}", about, verdict, code, requirements, signatures, require_signed=demand)


def _unsupported(workshop, case, signer):
    """Requirements that parse and that nobody implements."""
    base = [BASE_LAYER]
    case("unsupported-signed-base-layer", "signedBaseLayer cannot be verified, and rejects.", "reject", "unsupported-requirement", base, ["good"])
    case("unsupported-signed-base-layer-after-accept", "signedBaseLayer rejects after insecureAcceptAnything, too.", "reject", "unsupported-requirement",
         [ACCEPT_ANYTHING, *base], ["good"])
    case("unsupported-signed-base-layer-after-signed", "signedBaseLayer rejects after a satisfied signedBy, too.", "reject", None, [signer, *base], ["good"])
    case("unsupported-signed-base-layer-before-signed", "signedBaseLayer rejects before a satisfied signedBy, too.", "reject", None, [*base, signer], ["good"])
    for name in ("signedByGPGKeys", "X509Certificates", "signedByX509CAs"):
        kebab = {"signedByGPGKeys": "signed-by-gpg-keys", "X509Certificates": "x509-certificates", "signedByX509CAs": "signed-by-x509-cas"}[name]
        case(f"unsupported-{kebab}", f"The key type {name} cannot be verified, and rejects.", "reject", "unsupported-requirement",
             [signed_by(workshop.signer_file, keyType=name)], ["good"])


def _lazy(workshop, case, signer):
    """Only what the policy needs is read."""
    missing = "manifests/missing.json"
    case("lazy-manifest", "Under insecureAcceptAnything the manifest is not read.", "accept", None, [ACCEPT_ANYTHING], [], manifest=missing)
    case("lazy-signatures", "Under insecureAcceptAnything signatures are not read.", "accept", None, [ACCEPT_ANYTHING], ["signatures/missing.sig"])
    case("lazy-manifest-rejected", "Under reject the manifest is not read.", "reject", "rejected-by-policy", [REJECT], [], manifest=missing)
    case("lazy-signatures-rejected", "Under reject signatures are not read.", "reject", "rejected-by-policy", [REJECT], ["signatures/missing.sig"])
    case("lazy-format", "Under insecureAcceptAnything a blob of an unknown format is not looked at.", "accept", None, [ACCEPT_ANYTHING],
         [workshop.blob("unknown-format.sig", b"\0nonsense\nx")])
    case("lazy-digest", "Under insecureAcceptAnything a digest in the name is not compared.", "accept", None, [ACCEPT_ANYTHING], [],
         image=f"docker://{NAME}@sha256:{'00' * 32}")
    case("manifest-missing", "A signed image whose manifest cannot be read is not judged.", "error", "manifest-unreadable", [signer], ["good"],
         manifest=missing)
    case("signature-missing", "A signature file that cannot be read leaves the image unjudged: it could be the good one.", "error", "signature-unreadable",
         [signer], ["signatures/missing.sig"])
    case("signature-missing-after-good", "A signature file that cannot be read leaves the image unjudged beside a good one, too.", "error",
         "signature-unreadable", [signer],
         ["good", "signatures/missing.sig"])
    case("signature-missing-before-good", "A signature file that cannot be read leaves the image unjudged before a good one, too.", "error",
         "signature-unreadable", [signer],
         ["signatures/missing.sig", "good"])
    case("signature-is-folder", "A folder in place of a signature file cannot be read.", "error", "signature-unreadable", [signer], ["good", "signatures"])


def _key_sources(workshop, case, second_file):
    """Where keys come from."""
    noise = workshop.write("keys/sources/noise.gpg", NOISE)
    empty = workshop.write("keys/sources/empty.gpg", b"")
    good, stranger = workshop.signer_file, workshop.stranger_file
    data = workshop.key_data(good)
    case("source-not-read-without-signatures", "Where there is no signature, nobody reads keys.", "reject", "no-signature", [signed_by("keys/missing.gpg")], [])
    for name, about, verdict, code, requirement in (
        ("path", "keyPath names a key file.", "accept", None, signed_by(good)),
        ("path-missing", "A key file that is not there says nothing of the image.", "error", "key-unreadable", signed_by("keys/missing.gpg")),
        ("path-is-folder", "A folder in place of a key file says nothing of the image.", "error", "key-unreadable", signed_by("keys")),
        ("path-empty-file", "An empty key file holds no key.", "reject", None, signed_by(empty)),
        ("path-noise", "A key file of noise holds no key.", "reject", None, signed_by(noise)),
        ("path-dot", "A key path may hold dots.", "accept", None, signed_by(f"./keys/../{good}")),
        ("paths-one", "keyPaths with one file.", "accept", None, signed_by([good])),
        ("paths-first", "The first of several files holds the key.", "accept", None, signed_by([good, stranger])),
        ("paths-last", "The last of several files holds the key.", "accept", None, signed_by([stranger, second_file, good])),
        ("paths-neither", "None of several files holds the key.", "reject", "unknown-key", signed_by([stranger, second_file])),
        ("paths-same-twice", "The same file twice.", "accept", None, signed_by([good, good])),
        ("paths-missing-first", "One of several files is missing: its key could be the one.", "error", "key-unreadable", signed_by(["keys/missing.gpg", good])),
        ("paths-missing-last", "One of several files is missing, though another holds the key.", "error", "key-unreadable",
         signed_by([good, "keys/missing.gpg"])),
        ("paths-noise-first", "One of several files is noise, another holds the key.", "accept", None, signed_by([noise, good])),
        ("paths-noise-last", "One of several files is noise, another holds the key.", "accept", None, signed_by([good, noise])),
        ("paths-only-noise", "All of several files are noise.", "reject", None, signed_by([noise, noise])),
        ("paths-empty", "No key paths, no trusted keys.", "reject", "no-trusted-key", signed_by([])),
        ("data", "keyData holds the key itself.", "accept", None, signed_by(keyData=data)),
        ("data-wrapped", "keyData may be wrapped.", "accept", None, signed_by(keyData="\n".join(data[i : i + 64] for i in range(0, len(data), 64)))),
        ("data-armored", "keyData may hold an armored key.", "accept", None, signed_by(keyData=workshop.key_data("keys/ed25519.asc"))),
        ("data-stranger", "keyData holds another key.", "reject", "unknown-key", signed_by(keyData=workshop.key_data(stranger))),
        ("data-empty", "Empty keyData, no trusted keys.", "reject", "no-trusted-key", signed_by(keyData="")),
        ("data-noise", "keyData of noise holds no key.", "reject", "key-invalid", signed_by(keyData="bm9pc2U=")),
    ):
        case(f"source-{name}", about, verdict, code, [requirement], ["good"])
    case("source-other-requirement", "Keys of one requirement do not count for another.", "reject", "unknown-key",
         [signed_by(stranger), signed_by(good)], ["good"])
    case("source-missing-then-reject", "The first requirement that does not accept ends the evaluation: what comes after it decides nothing.", "error",
         "key-unreadable",
         [signed_by("keys/missing.gpg"), REJECT], ["good"])
    case("source-not-read-when-rejected", "A key file that is missing does not matter after reject.", "reject", "rejected-by-policy",
         [REJECT, signed_by("keys/missing.gpg")], ["good"])


def _clock(case, signer):
    """Without `at` the system's clock counts."""
    case("clock-of-system", "Without a time of its own a case is judged by the system's clock.", "accept", None, [signer], ["good"], at=None)
    case("clock-of-system-expired", "A key that expired in the past is expired by the system's clock.", "reject", "key-expired",
         [signed_by("keys/ed25519-expired.gpg")], ["good"], at=None)
    case("clock-before-signature", "At a time before it was made the same signature is one from the future.", "reject", "signature-from-the-future",
         [signer], ["good"], at=SIGNED - 1)
    case("clock-before-key", "At a time before the key was made nothing is good.", "reject", "key-from-the-future", [signer], ["good"],
         at=SIGNED - 3 * 365 * 24 * 3600)
