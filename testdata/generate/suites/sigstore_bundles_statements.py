"""Statements in sigstore bundles: which are signatures of an image, of which image, and under which name."""

import bundles
import rekor
from bundled import NAMELESS, NONE, Bundled
from bundles import OLD_STATEMENT, PROVENANCE, SIGN, STATEMENT, statement, subject
from workshop import IMAGE, NAME, REFERENCE, Suite

INVALID, OTHER_DIGEST, OTHER_NAME, NO_NAME = "payload-invalid", "digest-mismatch", "identity-mismatch", "image-has-no-identity"
DIR = "dir:/nonexistent-image"


def build(workshop):
    suite = Suite("sigstore-bundles-statements")
    world = Bundled(workshop, suite)
    _settings(world)
    _names(world)
    _subjects(world)
    _kinds(world)
    _forms(world)
    _beside(world)
    return suite


def _signed(world, *subjects, **members):
    return world.envelope(rekor.compact(statement(*subjects, **members)).encode())


def _settings(world):
    """Which bundles count: as the caller says."""
    digest = world.workshop.digest
    named, nameless, other = (_signed(world, subject(digest, name)) for name in (REFERENCE, None, "registry.example/app/db:1.4.2"))
    message, elsewhere = world.message(), _signed(world, subject("sha256:" + "00" * 32, None))
    for what, document, off, by_name, suffices in (("named", named, NONE, None, None), ("nameless", nameless, NONE, NAMELESS, None), ("other-name", other, NONE, OTHER_NAME, OTHER_NAME),
                                                   ("manifest", message, NONE, NAMELESS, None), ("other-digest", elsewhere, NONE, OTHER_DIGEST, OTHER_DIGEST)):
        for setting, code in (("off", off), ("named", by_name), ("digest-suffices", suffices), (None, by_name)):
            about = f"A bundle ({what}) where bundles are {setting or 'not spoken of'}."
            verdict = "accept" if code is None else "reject"
            world.keyed(f"setting-{setting or 'default'}-{what}", about, verdict, code, document, bundles_setting=setting)
    for identity in ("matchExact", "matchRepository", {"type": "exactRepository", "dockerRepository": NAME}, {"type": "exactReference", "dockerReference": REFERENCE}):
        slug = identity if isinstance(identity, str) else identity["type"]
        world.keyed(f"nameless-{slug}", "A signature without a name satisfies no signedIdentity.", "reject", NAMELESS, nameless, identity=identity)
        world.keyed(f"nameless-{slug}-suffices", "Where the digest suffices, no name is compared.", "accept", None, nameless, identity=identity, bundles_setting="digest-suffices")
    world.keyed("nameless-dir", "A folder has no name either.", "reject", NAMELESS, nameless, image=DIR)
    world.keyed("nameless-dir-suffices", "Where the digest suffices, no name is compared.", "accept", None, nameless, image=DIR, bundles_setting="digest-suffices")
    world.keyed("nameless-other-manifest", "The digest has to be the manifest's.", "reject", OTHER_DIGEST, nameless, manifest=world.workshop.other_manifest, bundles_setting="digest-suffices")
    stranger = world.envelope(rekor.compact(statement(subject(digest, None))).encode(), key=world.stranger)
    world.keyed("nameless-by-stranger", "The signer has to be the right one.", "reject", "log-entry-mismatch", stranger, bundles_setting="digest-suffices")


def _names(world):
    """The name is compared as that of an older signature."""
    digest = world.workshop.digest
    for name, signed, identity, image, code in (
        ("exact", REFERENCE, "matchExact", IMAGE, None), ("exact-other-tag", f"{NAME}:1.4.3", "matchExact", IMAGE, OTHER_NAME), ("default-other-tag", f"{NAME}:1.4.3", None, IMAGE, OTHER_NAME),
        ("repository-other-tag", f"{NAME}:1.4.3", "matchRepository", IMAGE, None), ("repository-bare", NAME, "matchRepository", IMAGE, None), ("default-bare", NAME, None, IMAGE, OTHER_NAME),
        ("exact-bare", NAME, "matchExact", IMAGE, OTHER_NAME), ("repository-other", "registry.example/app/db", "matchRepository", IMAGE, OTHER_NAME),
        ("default-by-digest", f"{NAME}:1.4.3", None, f"docker://{NAME}@{digest}", None), ("default-by-digest-bare", NAME, None, f"docker://{NAME}@{digest}", OTHER_NAME),
        ("exact-repository", NAME, {"type": "exactRepository", "dockerRepository": NAME}, DIR, None),
        ("exact-repository-other", "registry.example/app/db", {"type": "exactRepository", "dockerRepository": NAME}, DIR, OTHER_NAME),
        ("exact-reference", REFERENCE, {"type": "exactReference", "dockerReference": REFERENCE}, DIR, None), ("dir", REFERENCE, None, DIR, NO_NAME),
        ("short", "busybox:1", None, "docker://docker.io/library/busybox:1", None), ("file", "a.txt", None, IMAGE, OTHER_NAME), ("no-reference", "pkg:oci/web", None, IMAGE, OTHER_NAME),
        ("upper-case", REFERENCE.upper(), "matchRepository", IMAGE, OTHER_NAME), ("blank", " ", None, IMAGE, OTHER_NAME), ("with-transport", IMAGE, None, IMAGE, OTHER_NAME),
    ):
        verdict = "accept" if code is None else "reject"
        document = _signed(world, subject(digest, signed))
        world.keyed(f"name-{name}", f"The name {signed!r}.", verdict, code, document, identity=identity, image=image)
        if code is not None:
            world.keyed(f"name-{name}-suffices", f"The name {signed!r}, though the digest suffices.", verdict, code, document, identity=identity, image=image,
                        bundles_setting="digest-suffices")
    for name, value, verdict, code in (("empty", "", "reject", NAMELESS), ("null", None, "reject", NAMELESS), ("number", 5, "reject", INVALID), ("object", {}, "reject", INVALID)):
        document = _signed(world, subject(digest, None) | {"name": value})
        world.keyed(f"name-{name}", "No name.", verdict, code, document)


def _subjects(world):
    """A statement can be about several artifacts."""
    digest, other = world.workshop.digest, "sha256:" + "00" * 32
    ours, nameless, of_other = subject(digest), subject(digest, None), subject(other)
    elsewhere = subject(digest, "registry.example/app/db:1.4.2")
    for name, subjects, code, suffices in (
        ("none", [], INVALID, INVALID), ("two", [of_other, ours], None, None), ("two-first", [ours, of_other], None, None), ("two-of-others", [of_other, of_other], OTHER_DIGEST, OTHER_DIGEST),
        ("other-with-our-name", [subject(other, REFERENCE), nameless], NAMELESS, None), ("two-names", [elsewhere, ours], None, None), ("two-names-first", [ours, elsewhere], None, None),
        ("other-name-and-none", [elsewhere, nameless], OTHER_NAME, OTHER_NAME), ("name-and-none", [nameless, ours], None, None), ("two-other-names", [elsewhere, elsewhere], OTHER_NAME, OTHER_NAME),
        ("two-nameless", [nameless, nameless], NAMELESS, None),
    ):
        document = _signed(world, *subjects)
        for setting, expected in ((None, code), ("digest-suffices", suffices)):
            slug = f"subjects-{name}" + ("-suffices" if setting else "")
            world.keyed(slug, "Subjects with the manifest's digest count.", "accept" if expected is None else "reject", expected, document, bundles_setting=setting)
    value = digest.partition(":")[2]
    for name, members, code in (
        ("more-digests", {"digest": {"sha512": "00", "sha256": value}}, None), ("upper-case", {"digest": {"sha256": value.upper()}}, INVALID), ("with-prefix", {"digest": {"sha256": digest}}, INVALID),
        ("other-function", {"digest": {"sha512": value}}, INVALID), ("other-case", {"digest": {"SHA256": value}}, INVALID), ("no-digest", {"digest": {}}, INVALID), ("null-digest", {"digest": None}, INVALID),
        ("digest-text", {"digest": digest}, INVALID), ("digest-number", {"digest": {"sha256": 5}}, INVALID), ("cut", {"digest": {"sha256": value[:-1]}}, INVALID),
        ("more-members", {"uri": "x", "annotations": {"a": 1}}, None), ("digest-empty", {"digest": {"sha256": ""}}, INVALID),
    ):
        world.keyed(f"subject-{name}", "A subject is known by the SHA-256 of the manifest.", "accept" if code is None else "reject", code, _signed(world, subject(digest) | members))
    for count, code in ((1024, None), (1025, INVALID)):
        subjects = [{}] * (count - 1) + [ours]
        world.keyed(f"subjects-{count}", "At most 1024 subjects.", "accept" if code is None else "reject", code, _signed(world, *subjects))


def _kinds(world):
    """Only one kind of statement is a signature of an image."""
    ours = subject(world.workshop.digest)
    world.keyed("kind-sign", "A signature.", "accept", None, _signed(world, ours, predicate_type=SIGN))
    for name, kind in (("provenance", PROVENANCE), ("sbom", "https://spdx.dev/Document"), ("older", "https://sigstore.dev/cosign/sign/v0"), ("newer", "https://sigstore.dev/cosign/sign/v2"),
                       ("custom", "https://cosign.sigstore.dev/attestation/v1"), ("upper-case", SIGN.upper()), ("with-slash", SIGN + "/"), ("empty", "")):
        document = _signed(world, ours, predicate_type=kind)
        world.keyed(f"kind-{name}", "An attestation is no signature, whoever has signed it.", "reject", NONE, document)
        world.keyed(f"kind-{name}-suffices", "An attestation is no signature, whatever suffices.", "reject", NONE, document, bundles_setting="digest-suffices")
    for name, kind, code in (("v1", STATEMENT, None), ("v0-1", OLD_STATEMENT, None), ("v2", STATEMENT.replace("v1", "v2"), INVALID), ("upper-case", STATEMENT.upper(), INVALID), ("empty", "", INVALID)):
        world.keyed(f"statement-{name}", "Statements of in-toto, version 0.1 and 1.", "accept" if code is None else "reject", code, _signed(world, ours, kind=kind))
    payload = world.payload_of()
    for name, kind in (("json", "application/json"), ("empty", ""), ("upper-case", bundles.IN_TOTO.upper()), ("simple-signing", "application/vnd.dev.cosign.simplesigning.v1+json")):
        world.keyed(f"payload-type-{name}", "An envelope with something else is no signature.", "reject", NONE, world.envelope(payload, payload_type=kind))
    world.keyed("payload-simple-signing", "The payload of an older signature is no statement.", "reject", INVALID, world.envelope(world.content))


def _forms(world):
    """What a statement is."""
    ours = subject(world.workshop.digest)
    text = rekor.compact(statement(ours))
    for name, payload, code in (
        ("white-space", "\n" + text.replace(",", " ,\n") + " ", None), ("more-members", rekor.compact(statement(ours, more={"a": [1]})), None),
        ("predicate-missing", rekor.compact({name: value for name, value in statement(ours).items() if name != "predicate"}), None),
        ("empty", "", INVALID), ("array", "[]", INVALID), ("null", "null", INVALID), ("cut", text[:-1], INVALID), ("trailing", text + "x", INVALID), ("two", text * 2, INVALID),
        ("byte-order-mark", "\ufeff" + text, INVALID), ("twice-type", text.replace('"_type"', f'"_type":"{STATEMENT}","_type"', 1), INVALID),
        ("twice-subject", text.replace('"subject"', '"subject":[],"subject"', 1), INVALID), ("twice-inside", text.replace('"name"', f'"name":"{REFERENCE}","name"', 1), INVALID),
        ("twice-digest", text.replace('"sha256"', '"sha256":"00","sha256"', 1), INVALID), ("type-missing", text.replace('"_type"', '"type"', 1), INVALID),
        ("subject-missing", text.replace('"subject"', '"subjects"', 1), INVALID), ("subject-null", rekor.compact(statement(ours) | {"subject": None}), INVALID),
        ("subject-object", rekor.compact(statement(ours) | {"subject": ours}), INVALID), ("subject-text", rekor.compact(statement(ours) | {"subject": ["x"]}), INVALID),
        ("type-number", rekor.compact(statement(ours) | {"_type": 1}), INVALID), ("predicate-type-missing", text.replace('"predicateType"', '"predicate-type"', 1), INVALID),
        ("predicate-type-number", rekor.compact(statement(ours) | {"predicateType": 1}), INVALID), ("other-case", text.replace('"subject"', '"Subject"', 1), INVALID),
    ):
        world.keyed(f"form-{name}", "A statement is one JSON object.", "accept" if code is None else "reject", code, world.envelope(payload.encode()))
    world.keyed("form-invalid-utf-8", "A statement is text.", "reject", INVALID, world.envelope(text.encode().replace(b'"predicate"', b'"predic\xffate"', 1)))


def _beside(world):
    """Bundles and the caller's other demands."""
    good = world.envelope()
    world.keyed("require-signed", "A bundle is a signature that was verified.", "accept", None, good, require_signed=True)
    attested = _signed(world, subject(world.workshop.digest), predicate_type=PROVENANCE)
    world.keyed("attestation-beside", "An attestation beside a signature does no harm.", "accept", None, [attested, good])
    world.keyed("attestation-and-nameless", "An attestation lends no name.", "reject", NAMELESS, [attested, _signed(world, subject(world.workshop.digest, None))])
