"""`sigstoreSigned` among other requirements, scopes and images."""

import cosign
from sigstore_signed import MISSING, Signing, sigstore_signed
from workshop import ACCEPT_ANYTHING, IMAGE, NAME, REJECT, Suite, policy, signed_by

NONE, BAD = "no-signature", "bad-signature"


def build(workshop):
    suite = Suite("sigstore-evaluation")
    signing = Signing(workshop, suite)
    _lists(signing)
    _beside_signed_by(signing)
    _require_signed(signing)
    _scopes(signing)
    _files(signing)
    _images(signing)
    _distributions(signing)
    return suite


def _lists(signing):
    """Every requirement of a list must allow."""
    signer, stranger = sigstore_signed(signing.signer_file), sigstore_signed(signing.stranger_file)
    logged = sigstore_signed(signing.signer_file, signing.log_file)
    good, by_stranger = signing.good, signing.write("stranger", signing.blob(key=signing.stranger))
    for name, about, verdict, code, requirements, blobs in (
        ("signed", "One signature by the trusted key is enough.", "accept", None, [signer], [good]),
        ("unsigned", "A signature is required, and there is none.", "reject", NONE, [signer], []),
        ("accept-anything", "insecureAcceptAnything does not look at signatures.", "accept", None, [ACCEPT_ANYTHING], [by_stranger]),
        ("reject-signed", "reject rejects a well signed image, too.", "reject", "rejected-by-policy", [REJECT], [good]),
        ("signed-and-accept", "A signed requirement beside insecureAcceptAnything still counts.", "reject", NONE, [ACCEPT_ANYTHING, signer], []),
        ("signed-first-and-accept", "A signed requirement before insecureAcceptAnything still counts.", "reject", BAD, [signer, ACCEPT_ANYTHING], [by_stranger]),
        ("signed-and-accept-signed", "Both allow.", "accept", None, [ACCEPT_ANYTHING, signer], [good]),
        ("signed-and-reject", "A signature does not help against reject.", "reject", "rejected-by-policy", [signer, REJECT], [good]),
        ("reject-and-signed", "A signature does not help against reject.", "reject", "rejected-by-policy", [REJECT, signer], [good]),
        ("same-twice", "One signature serves a requirement that stands twice.", "accept", None, [signer, signer], [good]),
        ("two-signers", "Two requirements, one signature for each.", "accept", None, [signer, stranger], [good, by_stranger]),
        ("two-signers-other-order", "The order of signatures does not matter.", "accept", None, [signer, stranger], [by_stranger, good]),
        ("two-signers-first-missing", "The first of two signers is missing.", "reject", BAD, [signer, stranger], [by_stranger]),
        ("two-signers-second-missing", "The second of two signers is missing.", "reject", BAD, [signer, stranger], [good]),
        ("logged-and-not", "A signature with an entry serves a requirement that asks for none, too.", "accept", None, [signer, logged], [signing.good_logged]),
        ("logged-and-not-without", "A signature without an entry serves one of the two.", "reject", "signature-incomplete", [signer, logged], [good]),
        ("logged-and-not-two", "Each requirement has its signature.", "accept", None, [logged, signer], [good, signing.good_logged]),
        ("keys-of-other", "Keys of one requirement do not count for another.", "reject", BAD, [stranger, signer], [good]),
    ):
        signing.case(f"list-{name}", about, verdict, code, requirements, blobs)


def _beside_signed_by(signing):
    """`signedBy` and `sigstoreSigned`, of which each looks at its own format."""
    workshop = signing.workshop
    sigstore, openpgp = sigstore_signed(signing.signer_file), signed_by(workshop.signer_file)
    good, simple = signing.good, workshop.good
    by_stranger = signing.write("stranger", signing.blob(key=signing.stranger))
    simple_stranger = workshop.gpg_signed("stranger.gpg", certificate=workshop.stranger)
    for name, about, verdict, code, requirements, blobs in (
        ("both", "Both have their signature.", "accept", None, [openpgp, sigstore], [simple, good]),
        ("both-other-order", "The order does not matter.", "accept", None, [sigstore, openpgp], [simple, good]),
        ("both-other-signatures", "The order of signatures does not matter.", "accept", None, [sigstore, openpgp], [good, simple]),
        ("sigstore-missing", "One of the two is missing.", "reject", NONE, [openpgp, sigstore], [simple]),
        ("simple-missing", "One of the two is missing.", "reject", NONE, [openpgp, sigstore], [good]),
        ("sigstore-missing-first", "One of the two is missing.", "reject", NONE, [sigstore, openpgp], [simple]),
        ("sigstore-by-stranger", "One of the two is a stranger's.", "reject", BAD, [openpgp, sigstore], [simple, by_stranger]),
        ("simple-by-stranger", "One of the two is a stranger's.", "reject", "unknown-key", [openpgp, sigstore], [simple_stranger, good]),
        ("unsigned", "Both are missing.", "reject", NONE, [openpgp, sigstore], []),
        ("only-simple-asked", "A signature that nobody asks for does no harm.", "accept", None, [openpgp], [by_stranger, simple]),
        ("only-sigstore-asked", "A signature that nobody asks for does no harm.", "accept", None, [sigstore], [simple_stranger, good]),
        ("keys-exchanged", "An OpenPGP key is no key of sigstore.", "reject", "key-invalid", [sigstore_signed(workshop.signer_file)], [good]),
        ("armored-key", "An armored OpenPGP key is no key of sigstore.", "reject", "key-invalid", [sigstore_signed("keys/ed25519.asc")], [good]),
        ("sigstore-key-for-simple", "A key of sigstore is no OpenPGP key.", "reject", None, [signed_by(signing.signer_file)], [simple]),
    ):
        signing.case(f"beside-{name}", about, verdict, code, requirements, blobs)


def _require_signed(signing):
    """The caller can demand that something was verified."""
    signer, good = sigstore_signed(signing.signer_file), signing.good
    for name, about, verdict, code, requirements, blobs in (
        ("signed", "A verified signature satisfies the demand.", "accept", None, [signer], [good]),
        ("logged", "A verified signature with an entry satisfies the demand.", "accept", None, [sigstore_signed(signing.signer_file, signing.log_file)], [signing.good_logged]),
        ("signed-and-accept", "One verified signature is enough.", "accept", None, [ACCEPT_ANYTHING, signer], [good]),
        ("accept-anything", "A signature that nobody has looked at does not satisfy the demand.", "reject", "unsigned-not-allowed", [ACCEPT_ANYTHING], [good]),
        ("unsigned", "An image without signatures is still that.", "reject", NONE, [signer], []),
    ):
        signing.case(f"require-signed-{name}", about, verdict, code, requirements, blobs, require_signed=True)


def _scopes(signing):
    """The requirement of the scope that applies, and of no other."""
    signer, stranger = [sigstore_signed(signing.signer_file)], [sigstore_signed(signing.stranger_file)]
    good = [signing.good]
    for name, about, verdict, code, default, docker in (
        ("default", "The default applies where no scope does.", "accept", None, signer, {"registry.test": stranger}),
        ("host", "A scope of a host.", "accept", None, [REJECT], {"registry.example": signer}),
        ("repository", "A scope of a repository.", "accept", None, [REJECT], {"registry.example": stranger, NAME: signer}),
        ("repository-other-signer", "A scope of a repository with another signer.", "reject", BAD, [ACCEPT_ANYTHING], {"registry.example": signer, NAME: stranger}),
        ("tag", "A scope of a tag.", "accept", None, [REJECT], {NAME: stranger, f"{NAME}:1.4.2": signer}),
        ("other-tag", "A scope of another tag does not apply.", "reject", BAD, [ACCEPT_ANYTHING], {NAME: stranger, f"{NAME}:1.4.3": signer}),
        ("wildcard", "A scope of subdomains.", "accept", None, [REJECT], {"*.example": signer}),
        ("transport", "A scope of the whole transport.", "accept", None, [REJECT], {"": signer}),
        ("default-rejects", "The default rejects where no scope applies.", "reject", "rejected-by-policy", [REJECT], {"registry.test": signer}),
    ):
        signing.case(f"scope-{name}", about, verdict, code, [], good, policy=policy(*default, transports={"docker": docker}))


def _files(signing):
    """What cannot be read, and when it is read at all."""
    signer, missing = sigstore_signed(signing.signer_file), sigstore_signed(MISSING)
    good, gone = signing.good, "signatures/missing.sig"
    other_type = signing.write("other-type", cosign.blob(signing.content, {}, "text/plain"))
    for name, about, verdict, code, requirements, blobs, members in (
        ("signature-missing", "A signature file that cannot be read leaves the image unjudged.", "error", "signature-unreadable", [signer], [gone], {}),
        ("signature-missing-after-good", "A signature file that cannot be read leaves the image unjudged, beside a good one too.", "error", "signature-unreadable", [signer],
         [good, gone], {}),
        ("manifest-missing", "A manifest that cannot be read leaves the image unjudged.", "error", "manifest-unreadable", [signer], [good],
         {"manifest": "manifests/missing.json"}),
        ("key-missing", "A key file that cannot be read leaves the image unjudged.", "error", "key-unreadable", [missing], [good], {}),
        ("key-missing-unsigned", "An unsigned image is refused without reading keys.", "reject", NONE, [missing], [], {}),
        ("key-missing-other-type", "An image with signatures of other types alone is refused without reading keys.", "reject", NONE, [missing], [other_type], {}),
        ("key-missing-simple", "An image with signatures of the other format alone is refused without reading keys.", "reject", NONE, [missing],
         [signing.workshop.good], {}),
        ("log-missing-unsigned", "An unsigned image is refused without reading the log's key.", "reject", NONE, [sigstore_signed(signing.signer_file, MISSING)], [], {}),
        ("log-missing", "A log's key that cannot be read leaves the image unjudged.", "error", "key-unreadable", [sigstore_signed(signing.signer_file, MISSING)],
         [signing.good_logged], {}),
        ("key-missing-after-reject", "A key file does not matter after reject.", "reject", "rejected-by-policy", [REJECT, missing], [good], {}),
        ("key-missing-before-reject", "What cannot be judged ends the evaluation.", "error", "key-unreadable", [missing, REJECT], [good], {}),
        ("key-missing-after-accepted", "The second requirement's keys are missing.", "error", "key-unreadable", [signer, missing], [good], {}),
        ("key-missing-after-rejected", "What is refused already needs no more keys.", "reject", BAD, [sigstore_signed(signing.stranger_file), missing], [good], {}),
        ("lazy-key", "Under insecureAcceptAnything nobody reads keys.", "accept", None, [ACCEPT_ANYTHING], [good], {}),
        ("lazy-signatures", "Under insecureAcceptAnything nobody reads signatures.", "accept", None, [ACCEPT_ANYTHING], [gone], {}),
    ):
        signing.case(f"file-{name}", about, verdict, code, requirements, blobs, **members)


def _images(signing):
    """The image: its manifest, its name, the clock."""
    signer, good, other = sigstore_signed(signing.signer_file), signing.good, signing.workshop.other_manifest
    digest = signing.workshop.digest
    whole = sigstore_signed(signing.signer_file, identity={"type": "exactRepository", "dockerRepository": NAME})
    for name, about, verdict, code, requirement, members in (
        ("other-manifest", "The signature is about another manifest.", "reject", "digest-mismatch", signer, {"manifest": other}),
        ("other-tag", "The signature is about another tag.", "reject", "identity-mismatch", signer, {"image": f"docker://{NAME}:1.4.3"}),
        ("other-repository", "The signature is about another repository.", "reject", "identity-mismatch", signer, {"image": "docker://registry.example/app/db:1.4.2"}),
        ("by-digest", "By digest, the repository counts.", "accept", None, signer, {"image": f"docker://{NAME}@{digest}"}),
        ("by-other-digest", "The digest in the name is compared first.", "reject", "manifest-digest-mismatch", signer, {"image": f"docker://{NAME}@sha256:{'00' * 32}"}),
        ("dir", "A folder has no reference of its own.", "reject", "image-has-no-identity", signer, {"image": "dir:/nonexistent-image"}),
        ("dir-exact-repository", "A folder may be asked for a repository.", "accept", None, whole, {"image": "dir:/nonexistent-image"}),
        ("dir-other-manifest", "A folder with another manifest.", "reject", "digest-mismatch", whole, {"image": "dir:/nonexistent-image", "manifest": other}),
        ("clock-of-system", "No clock is asked.", "accept", None, signer, {"at": None}),
        ("clock-early", "No clock is asked: the payload's time is the signer's word.", "accept", None, signer, {"at": 0}),
        ("clock-late", "No clock is asked.", "accept", None, signer, {"at": 4102444800}),
        ("crypto-policy", "Keys of sigstore know no crypto policy.", "accept", None, signer, {"crypto_policy": "gnupg"}),
    ):
        signing.case(f"image-{name}", about, verdict, code, requirement, good, **members)
    logged = sigstore_signed(signing.signer_file, signing.log_file)
    for name, at in (("clock-of-system", None), ("clock-early", 0), ("clock-late", 4102444800)):
        signing.case(f"image-logged-{name}", "The log's time is not compared with the clock.", "accept", None, logged, signing.good_logged, at=at)
    signing.case("image-logged-before-key", "The log's time is not compared with anything, where keys are trusted.", "accept", None, logged,
                 cosign.blob(signing.content, signing.logged(time=1)), image=IMAGE)


def _distributions(signing):
    """A policy as Fedora and CentOS Stream come with it: a key and a log for Red Hat's registries, and anything else as it is."""
    demanded = [sigstore_signed(signing.signer_file, signing.log_file)]
    document = policy(ACCEPT_ANYTHING, transports={
        "docker": {"registry.access.redhat.com": demanded, "registry.redhat.io": demanded}, "docker-daemon": {"": [ACCEPT_ANYTHING]}})
    reference = "registry.redhat.io/ubi9/ubi:9.6"
    content = signing.payload(reference)
    signed, unlogged = signing.write("distribution-signed", signing.blob(content, logged=True)), signing.write("distribution-unlogged", signing.blob(content))
    by_stranger = signing.write("distribution-stranger", signing.blob(content, key=signing.stranger, logged=True))
    for name, about, verdict, code, image, blobs in (
        ("signed", "Signed and logged.", "accept", None, f"docker://{reference}", [signed]),
        ("unsigned", "Not signed.", "reject", NONE, f"docker://{reference}", []),
        ("unlogged", "Signed, and not logged.", "reject", "signature-incomplete", f"docker://{reference}", [unlogged]),
        ("stranger", "Signed by somebody else.", "reject", "log-entry-mismatch", f"docker://{reference}", [by_stranger]),
        ("other-registry-of-it", "The same image by the name of the other registry, which was not signed.", "reject", "identity-mismatch",
         f"docker://{reference.replace('redhat.io', 'access.redhat.com')}", [signed]),
        ("elsewhere", "Nothing is demanded of other registries.", "accept", None, IMAGE, []),
        ("daemon", "Nothing is demanded of a daemon's images.", "accept", None, f"docker-daemon:{reference}", []),
    ):
        signing.case(f"distribution-{name}", about, verdict, code, [], blobs, policy=document, image=image)
