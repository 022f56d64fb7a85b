"""Signatures in sigstore bundles: over what, by which keys, in which form."""

import bundles
import public_keys
from bundled import BAD, INVALID, MISMATCH, Bundled, changed
from bundles import IN_TOTO, base_64, pre_authentication_encoding
from certified import LEAF
from public_keys import EcKey, Ed25519Key, ecdsa_value
from workshop import Suite

SIGNATURE = ("dsseEnvelope", "signatures", 0, "sig")
SUFFICES = {"bundles_setting": "digest-suffices"}


def build(workshop):
    suite = Suite("sigstore-bundles-signatures")
    world = Bundled(workshop, suite)
    _keys(world)
    _forms(world)
    _envelopes(world)
    _messages(world)
    _lists(world)
    return suite


def _verdict(is_good, code=BAD):
    return ("accept", None) if is_good else ("reject", code)


def _keys(world):
    """The hash function is that of the key."""
    for curve, good in (("nistp224", ("sha256",)), ("nistp256", ("sha256",)), ("nistp384", ("sha384", "sha256")), ("nistp521", ("sha512", "sha256"))):
        key = EcKey(curve, "sigstore-bundle")
        file = world.workshop.write(f"keys/sigstore/bundle-{curve}.pub", key.pem())
        for hash_name in ("sha224", "sha256", "sha384", "sha512"):
            for logged in (False, True):
                name = f"{curve}-{hash_name}" + ("-logged" if logged else "")
                about = f"A key on {curve} signs over {' or '.join(good)}."
                world.keyed(f"key-{name}", about, *_verdict(hash_name in good), world.envelope(key=key, hash_name=hash_name), logged=logged, key=file)
    rsa = public_keys.rsa(2048)
    file = world.workshop.write("keys/sigstore/bundle-rsa.pub", rsa.pem())
    for hash_name in ("sha1", "sha256", "sha384", "sha512"):
        world.keyed(f"key-rsa-{hash_name}", "RSA is over SHA-256.", *_verdict(hash_name == "sha256"), world.envelope(key=rsa, hash_name=hash_name), key=file)
    ed25519 = Ed25519Key("sigstore-bundle")
    file = world.workshop.write("keys/sigstore/bundle-ed25519.pub", ed25519.pem())
    world.keyed("key-ed25519", "Ed25519 over the octets themselves.", "accept", None, world.envelope(key=ed25519), key=file)
    world.keyed("key-ed25519-message", "Ed25519 over the manifest itself.", "accept", None, world.message(key=ed25519), key=file, **SUFFICES)
    prehashed = bundles.hashlib.sha512(world.workshop.manifest_bytes).digest()
    world.keyed("key-ed25519-of-hash", "Ed25519 over a hash is another thing.", "reject", BAD, world.message(key=ed25519, signature=ed25519.sign(prehashed)), key=file, **SUFFICES)
    world.keyed("key-other", "A key that nobody trusts.", "reject", BAD, world.envelope(key=world.stranger), logged=False)
    world.keyed("key-other-logged", "A key that nobody trusts.", "reject", MISMATCH, world.envelope(key=world.stranger))
    world.keyed("key-of-certificate", "A certificate is no key of the policy.", "reject", BAD, world.by_leaf(), logged=False)
    same = world.workshop.write("keys/sigstore/bundle-leaf.pub", LEAF.key.pem())
    world.keyed("key-in-certificate", "A certificate is no key of the policy, though it holds one.", "reject", BAD, world.by_leaf(), logged=False, key=same)
    world.keyed("key-in-certificate-logged", "A certificate is no key of the policy, though it holds one.", "reject", BAD, world.by_leaf(), key=same)


def _forms(world):
    """ECDSA is in strict DER alone."""
    payload = world.payload_of()
    message = pre_authentication_encoding(IN_TOTO, payload)
    key = world.signer
    r, s = key.numbers(message)
    good, high = ecdsa_value(r, s), ecdsa_value(r, key.curve.n - s)
    for name, signature, is_good in (
        ("der", good, True), ("high-s", high, True), ("halves", b"".join(n.to_bytes(32, "big") for n in (r, s)), False), ("trailing", good + b"\0", False), ("cut", good[:-1], False),
        ("empty", b"", False), ("zeros", ecdsa_value(0, 0), False), ("s-zero", ecdsa_value(r, 0), False), ("r-beyond-order", ecdsa_value(r + key.curve.n, s), False),
        ("negative", ecdsa_value(r - (1 << 256), s), False), ("exchanged", ecdsa_value(s, r), False), ("text", base_64(good).encode(), False),
    ):
        world.keyed(f"form-{name}", "An ECDSA signature is two numbers in DER.", *_verdict(is_good), world.envelope(payload, signature=signature), logged=False)
        world.keyed(f"form-{name}-logged", "Recorded or not.", *_verdict(is_good), world.envelope(payload, signature=signature))


def _envelopes(world):
    """What the signature of an envelope is over."""
    payload, key = world.payload_of(), world.signer
    for name, signed in (
        ("payload", payload), ("old-header", b"DSSEv0 %d %s %d %s" % (len(IN_TOTO), IN_TOTO.encode(), len(payload), payload)), ("other-type", pre_authentication_encoding("x", payload)),
        ("without-lengths", b"DSSEv1 %s %s" % (IN_TOTO.encode(), payload)), ("wrong-length", pre_authentication_encoding(IN_TOTO, payload).replace(b" %d {" % len(payload), b" %d {" % (len(payload) - 1))),
        ("base64", pre_authentication_encoding(IN_TOTO, base_64(payload).encode())), ("manifest", world.workshop.manifest_bytes), ("hash", bundles.sha256(pre_authentication_encoding(IN_TOTO, payload))),
    ):
        world.keyed(f"over-{name}", "A signature over something else.", "reject", BAD, world.envelope(payload, signature=key.sign(signed)))
    good = world.envelope()
    other = world.payload_of(name="registry.example/app/db:1")
    world.keyed("payload-exchanged", "Another payload than was signed.", "reject", BAD, changed(good, "dsseEnvelope", "payload", to=base_64(other)), logged=False)
    world.keyed("payload-exchanged-logged", "Another payload than was signed.", "reject", MISMATCH, changed(good, "dsseEnvelope", "payload", to=base_64(other)))
    world.keyed("payload-with-blank", "Payloads count octet for octet.", "reject", BAD, changed(good, "dsseEnvelope", "payload", to=base_64(payload + b" ")), logged=False)
    world.keyed("signature-exchanged", "Another signature than was made.", "reject", BAD, changed(good, *SIGNATURE, to=base_64(key.sign(b""))), logged=False)
    world.keyed("signature-exchanged-logged", "Another signature than was made.", "reject", MISMATCH, changed(good, *SIGNATURE, to=base_64(key.sign(b""))))


def _messages(world):
    """Signatures over the manifest itself."""
    good, manifest = world.message(), world.workshop.manifest_bytes
    digest = ("messageSignature", "messageDigest")
    world.keyed("message", "A signature over the manifest.", "accept", None, good, **SUFFICES)
    world.keyed("message-not-logged", "A signature over the manifest.", "accept", None, good, logged=False, **SUFFICES)
    for name, signed in (("digest", bundles.sha256(manifest)), ("text-of-digest", world.workshop.digest.encode()), ("manifest-with-blank", manifest + b" "), ("nothing", b""),
                         ("envelope", pre_authentication_encoding(IN_TOTO, manifest))):
        world.keyed(f"message-over-{name}", "A signature over something else.", "reject", BAD, world.message(signature=world.signer.sign(signed)), **SUFFICES)
    world.keyed("message-other-manifest", "Another manifest than was signed.", "reject", INVALID, good, manifest=world.workshop.other_manifest, **SUFFICES)
    plain = changed(good, *digest, without=True)
    world.keyed("message-without-digest", "What a bundle says of its artifact may be left out.", "accept", None, plain, **SUFFICES)
    world.keyed("message-without-digest-null", "What a bundle says of its artifact may be left out.", "accept", None, changed(good, *digest, to=None), **SUFFICES)
    world.keyed("message-without-digest-other-manifest", "Another manifest than was signed.", "reject", BAD, plain, manifest=world.workshop.other_manifest, logged=False, **SUFFICES)
    world.keyed("message-without-digest-other-manifest-logged", "Another manifest than was recorded.", "reject", MISMATCH, plain, manifest=world.workshop.other_manifest, **SUFFICES)
    for name, algorithm, value, code in (
        ("other", "SHA2_256", bytes(32), INVALID), ("empty", "SHA2_256", b"", INVALID), ("sha384", "SHA2_384", "sha384", None), ("sha512", "SHA2_512", "sha512", None),
        ("number", 1, "sha256", None), ("number-sha512", 3, "sha512", None), ("number-sha384-for-sha512", 2, "sha512", INVALID), ("sha512-for-sha256", "SHA2_256", "sha512", INVALID),
        ("unspecified", "HASH_ALGORITHM_UNSPECIFIED", "sha256", INVALID), ("zero", 0, "sha256", INVALID), ("sha3", "SHA3_256", "sha256", INVALID), ("lower-case", "sha2_256", "sha256", INVALID),
        ("null", None, "sha256", INVALID), ("boolean", True, "sha256", INVALID),
    ):
        octets = value if isinstance(value, bytes) else bundles.hashlib.new(value, manifest).digest()
        document = changed(good, *digest, to={"algorithm": algorithm, "digest": base_64(octets)})
        world.keyed(f"message-digest-{name}", "What a bundle says of its artifact is compared, and a digest that is known.", *_verdict(code is None, code), document, **SUFFICES)
    for name, path in (("algorithm", (*digest, "algorithm")), ("digest", (*digest, "digest"))):
        world.keyed(f"message-digest-without-{name}", "A digest has two parts.", "reject", INVALID, changed(good, *path, without=True), **SUFFICES)
    world.keyed("message-without-signature", "There has to be a signature.", "reject", MISMATCH, changed(good, "messageSignature", "signature", without=True), **SUFFICES)
    world.keyed("message-unknown-member", "A member that nobody knows.", "reject", INVALID, changed(good, "messageSignature", to=lambda old: old | {"x": 1}), **SUFFICES)


def _lists(world):
    """Bundles beside others, and several keys."""
    good, bad = world.envelope(), world.envelope(key=world.stranger)
    broken = changed(good, "mediaType", to="x")
    annotated, logged = (world.write(f"annotated-{log}", world.blob(logged=log)) for log in (False, True))
    world.keyed("list-second", "One good bundle is enough.", "accept", None, [bad, good])
    world.keyed("list-broken-first", "A broken bundle does no harm.", "accept", None, [broken, good])
    world.keyed("list-broken-alone", "A broken bundle alone does not help.", "reject", INVALID, broken)
    world.keyed("list-bad-tells-most", "What came furthest is told.", "reject", MISMATCH, [broken, bad])
    world.keyed("list-with-annotations", "A good signature of the older form beside a bad bundle.", "accept", None, [bad, logged])
    world.keyed("list-with-annotations-first", "A good bundle beside the older form without an entry.", "accept", None, [annotated, good])
    world.keyed("list-off", "Where bundles do not count, they are passed over.", "accept", None, [bad, logged], bundles_setting="off")
    world.keyed("list-keys-first", "One of two keys.", "accept", None, good, key=[world.signer_file, world.stranger_file], logged=False)
    world.keyed("list-keys-second", "One of two keys.", "accept", None, good, key=[world.stranger_file, world.signer_file], logged=False)
    x25519 = world.workshop.write("keys/sigstore/bundle-x25519.pub", public_keys.pem("PUBLIC KEY", public_keys.key_info(public_keys.der.sequence(public_keys.der.oid(public_keys.X25519)), bytes(31) + b"\x09")))
    world.keyed("list-keys-unusable", "A key by which nobody signs spoils the list.", "reject", "key-invalid", good, key=[world.signer_file, x25519], logged=False)
    numbers = public_keys.der.sequence(*map(public_keys.der.integer, (23, 11, 4)))
    dsa = public_keys.key_info(public_keys.der.sequence(public_keys.der.oid(public_keys.DSA), numbers), public_keys.der.integer(8))
    dsa = world.workshop.write("keys/sigstore/bundle-dsa.pub", public_keys.pem("PUBLIC KEY", dsa))
    world.keyed("list-keys-dsa-first-logged", "A key for DSA ends the search for the one that the log has recorded.", "reject", "key-invalid", good,
                key=[dsa, world.signer_file])
    world.keyed("list-keys-dsa-second-logged", "The log says which of the keys it is.", "accept", None, good, key=[world.signer_file, dsa])
    world.keyed("list-keys-unusable-logged", "The log says which of the keys it is.", "accept", None, good, key=[x25519, world.signer_file])
