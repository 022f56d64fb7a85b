"""Sigstore bundles by certificate: of Fulcio, at the log's times, and of other authorities, now."""

import bundles
from bundled import BAD, INVALID, MISMATCH, NO_TIME, Bundled, changed
from bundles import OLDER, entry
from certificate_extensions import email, fulcio_issuer
from certificates import name
from certified import EMAIL, EXPIRED, ISSUER, LEAF, MIDDLE, OTHER_SIGNER, ROOT, STRANGER, authority, issued, leaf_of, signer
from certified import MALFORMED as BROKEN
from certified import UNTRUSTED as NO_AUTHORITY
from clock import AT, SIGNED
from public_keys import EcKey
from workshop import Suite
from x509 import pem

INCOMPLETE = "signature-incomplete"
# What an authority issues for minutes.
SHORT = LEAF.but(begin=SIGNED - 60, end=SIGNED + 540)


def build(workshop):
    suite = Suite("sigstore-bundles-certificates")
    world = Bundled(workshop, suite)
    _fulcio(world)
    _chains(world)
    _times(world)
    _entries(world)
    _pki(world)
    _keys(world)
    return suite


def _fulcio(world):
    good = world.by_leaf()
    world.certified_bundle("sound", "The intermediate is trusted.", "accept", None, good, roots=[MIDDLE])
    world.certified_bundle("sound-both", "Both are trusted.", "accept", None, good, roots=[ROOT, MIDDLE])
    world.certified_bundle("no-intermediate", "A bundle of version 0.3 carries no intermediate.", "reject", NO_AUTHORITY, good, roots=[ROOT])
    world.certified_bundle("stranger", "Another authority.", "reject", NO_AUTHORITY, good, roots=[STRANGER])
    world.certified_bundle("other-issuer", "Another OIDC issuer.", "reject", OTHER_SIGNER, good, roots=[MIDDLE], issuer=ISSUER + "/")
    world.certified_bundle("other-email", "Another signer.", "reject", OTHER_SIGNER, good, roots=[MIDDLE], email="x" + EMAIL)
    direct = leaf_of(ROOT)
    world.certified_bundle("direct", "Issued by the root itself.", "accept", None, world.by_leaf(direct), roots=[ROOT])
    no_issuer = signer(MIDDLE, email(EMAIL))
    world.certified_bundle("without-issuer", "A certificate without an OIDC issuer.", "reject", OTHER_SIGNER, world.by_leaf(no_issuer), roots=[MIDDLE])
    older = signer(MIDDLE, email(EMAIL), extensions=(fulcio_issuer(ISSUER),))
    world.certified_bundle("issuer-in-older-form", "The older extension names the issuer.", "accept", None, world.by_leaf(older), roots=[MIDDLE])
    message = world.by_leaf(make=world.message)
    world.certified_bundle("message", "A signature over the manifest names no image.", "reject", "signature-without-identity", message, roots=[MIDDLE])
    world.certified_bundle("message-suffices", "A signature over the manifest, where the digest suffices.", "accept", None, message, roots=[MIDDLE], bundles_setting="digest-suffices")
    world.certified_bundle("intoto", "An envelope as it used to be recorded.", "accept", None, world.by_leaf(kind="intoto"), roots=[MIDDLE])
    nameless = world.by_leaf(payload=world.payload_of(name=None))
    world.certified_bundle("nameless", "cosign 3 signs no name.", "reject", "signature-without-identity", nameless, roots=[MIDDLE])
    world.certified_bundle("nameless-suffices", "cosign 3 signs no name, and the caller says that is enough.", "accept", None, nameless, roots=[MIDDLE], bundles_setting="digest-suffices")
    world.certified_bundle("key", "A key is no certificate.", "reject", INCOMPLETE, world.envelope(), roots=[MIDDLE])
    world.certified_bundle("key-of-leaf", "A key is no certificate, though it is that of one.", "reject", INCOMPLETE, world.envelope(key=LEAF.key), roots=[MIDDLE])
    for what, der in (("empty", b""), ("nonsense", b"certificate"), ("pem", pem("CERTIFICATE", LEAF.der)), ("trailing", LEAF.der + b"\0"), ("cut", LEAF.der[:-1]), ("key", LEAF.key.spki())):
        document = changed(good, "verificationMaterial", "certificate", "rawBytes", to=bundles.base_64(der))
        world.certified_bundle(f"certificate-{what}", "No certificate.", "reject", BROKEN, document, roots=[MIDDLE])
    for what, value in (("missing", {}), ("not-base64", {"rawBytes": "*"}), ("more", {"rawBytes": bundles.base_64(LEAF.der), "x": 1}), ("text", bundles.base_64(LEAF.der))):
        code = BROKEN if what == "missing" else INVALID
        world.certified_bundle(f"certificate-member-{what}", "No certificate.", "reject", code, changed(good, "verificationMaterial", "certificate", to=value), roots=[MIDDLE])


def _chains(world):
    """Chains, in older versions."""
    for version in ("0.1", "0.2"):
        good = world.by_leaf(chain=[MIDDLE], media_type=OLDER[version])
        world.certified_bundle(f"chain-{version[-1]}", f"A chain in version {version}.", "accept", None, good, roots=[ROOT])
        alone = world.by_leaf(chain=[], media_type=OLDER[version])
        world.certified_bundle(f"chain-of-one-{version[-1]}", "A chain of one certificate.", "accept", None, alone, roots=[MIDDLE])
        world.certified_bundle(f"chain-of-one-{version[-1]}-root", "A chain without the intermediate.", "reject", NO_AUTHORITY, alone, roots=[ROOT])
        single = world.by_leaf(media_type=OLDER[version])
        world.certified_bundle(f"single-{version[-1]}", "One certificate without a chain.", "accept", None, single, roots=[MIDDLE])
    for media_type, slug in ((OLDER["0.3"], "old"), (bundles.MEDIA_TYPE, "new")):
        world.certified_bundle(f"chain-3-{slug}", "No chain in version 0.3.", "reject", INVALID, world.by_leaf(chain=[MIDDLE], media_type=media_type), roots=[ROOT])
    for what, chain in (("root-last", [MIDDLE, ROOT]), ("root-first", [ROOT, MIDDLE]), ("stranger", [MIDDLE, STRANGER]), ("root-alone", [ROOT])):
        world.certified_bundle(f"chain-with-{what}", "No root stands in a chain.", "reject", INVALID, world.by_leaf(chain=chain), roots=[ROOT, MIDDLE])
    own = issued(LEAF, None).but(issuer=LEAF.subject)
    world.certified_bundle("chain-leaf-own-issuer", "A signer in a chain is not its own issuer.", "reject", INVALID, world.by_leaf(own, chain=[]), roots=[own])
    world.certified_bundle("single-leaf-own-issuer", "A signer that the policy trusts itself.", "accept", None, world.by_leaf(own), roots=[own])
    empty = changed(world.by_leaf(chain=[MIDDLE]), "verificationMaterial", "x509CertificateChain", "certificates", to=[])
    world.certified_bundle("chain-empty", "A chain has the signer's certificate.", "reject", INVALID, empty, roots=[ROOT])
    for what, chain in (("twice", [MIDDLE, MIDDLE]), ("other", [authority("other", ROOT), MIDDLE])):
        world.certified_bundle(f"chain-{what}", "What a chain has besides does no harm.", "accept", None, world.by_leaf(chain=chain), roots=[ROOT])
    second = authority("second", MIDDLE)
    long = leaf_of(second)
    world.certified_bundle("chain-of-three", "All certificates of a chain count, the last too.", "accept", None, world.by_leaf(long, chain=[second, MIDDLE]), roots=[ROOT])
    world.certified_bundle("chain-reversed", "The order of those behind the signer's does not count.", "accept", None, world.by_leaf(long, chain=[MIDDLE, second]), roots=[ROOT])
    world.certified_bundle("chain-with-gap", "One of a chain is missing.", "reject", NO_AUTHORITY, world.by_leaf(long, chain=[MIDDLE]), roots=[ROOT])
    broken = changed(world.by_leaf(chain=[MIDDLE]), "verificationMaterial", "x509CertificateChain", "certificates", 1, "rawBytes", to=bundles.base_64(MIDDLE.der[:-1]))
    world.certified_bundle("chain-broken", "Each certificate of a chain can be read.", "reject", BROKEN, broken, roots=[MIDDLE])
    many = world.by_leaf(chain=[MIDDLE] * 31)
    world.certified_bundle("chain-of-32", "At most 32 certificates.", "accept", None, many, roots=[ROOT])
    world.certified_bundle("chain-of-33", "At most 32 certificates.", "reject", INVALID, world.by_leaf(chain=[MIDDLE] * 32), roots=[ROOT])


def _times(world):
    """Each time of a log counts."""
    for what, time, code in (("begin", SHORT.begin, None), ("end", SHORT.end, None), ("before", SHORT.begin - 1, EXPIRED), ("after", SHORT.end + 1, EXPIRED), ("ahead", AT + 1, NO_TIME)):
        world.certified_bundle(f"time-{what}", "The certificate counts when the log recorded the signature.", "accept" if code is None else "reject", code,
                               world.by_leaf(SHORT, time=time), roots=[MIDDLE])
    for what, times, code in (("both-in", (SIGNED, SIGNED + 60), None), ("second-out", (SIGNED, SIGNED + 3600), EXPIRED), ("first-out", (SIGNED + 3600, SIGNED), EXPIRED)):
        document = world.by_leaf(SHORT, entries=lambda body, times=times: [entry(world.log, body, time=time) for time in times])
        world.certified_bundle(f"times-{what}", "The certificate counts at each time that a log has signed.", "accept" if code is None else "reject", code, document, roots=[MIDDLE])
    strange = world.by_leaf(SHORT, entries=lambda body: [entry(world.log, body), entry(world.strange_log, body, time=SIGNED + 3600)])
    world.certified_bundle("times-of-stranger", "The time of a log that nobody trusts is not looked at.", "accept", None, strange, roots=[MIDDLE])
    only_strange = world.by_leaf(SHORT, entries=lambda body: [entry(world.strange_log, body)])
    world.certified_bundle("time-of-stranger", "The time of a log that nobody trusts does not count.", "reject", "log-entry-untrusted", only_strange, roots=[MIDDLE])
    unsigned = world.by_leaf(SHORT, promise=False)
    world.certified_bundle("time-not-signed", "A time that no log has signed does not count.", "reject", NO_TIME, unsigned, roots=[MIDDLE])
    world.certified_bundle("time-none", "Without an entry there is no time.", "reject", NO_TIME, world.by_leaf(SHORT, entries=[]), roots=[MIDDLE])
    stamped = changed(world.by_leaf(SHORT, promise=False), "verificationMaterial", to=lambda old: old | {"timestampVerificationData": {"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}]}})
    world.certified_bundle("time-of-timestamp", "No policy can name an authority for timestamps.", "reject", NO_TIME, stamped, roots=[MIDDLE])
    beside = changed(world.by_leaf(SHORT), "verificationMaterial", to=lambda old: old | {"timestampVerificationData": {"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}]}})
    world.certified_bundle("time-beside-timestamp", "A timestamp beside the time of a log is not looked at.", "accept", None, beside, roots=[MIDDLE])
    old = MIDDLE.but(end=SIGNED - 1)
    world.certified_bundle("time-of-authority", "The authority counts at that time too.", "reject", EXPIRED, world.by_leaf(leaf_of(old)), roots=[old])
    gone = MIDDLE.but(end=SIGNED + 60)
    world.certified_bundle("time-of-authority-gone", "The authority has ended since.", "accept", None, world.by_leaf(leaf_of(gone)), roots=[gone])


def _entries(world):
    """The entry is about this certificate."""
    payload = world.payload_of()
    signature = LEAF.key.sign(bundles.pre_authentication_encoding(bundles.IN_TOTO, payload))
    twin = LEAF.but(serial=2)
    for what, recorded in (("other-certificate", pem("CERTIFICATE", twin.der)), ("key", LEAF.key.pem()), ("authority", pem("CERTIFICATE", MIDDLE.der))):
        document = world.envelope(payload, key=LEAF.key, signature=signature, material=bundles.by_certificate(LEAF.der), recorded=recorded)
        world.certified_bundle(f"entry-of-{what}", "The log has recorded something else than this certificate.", "reject", MISMATCH, document, roots=[MIDDLE])
    label = world.envelope(payload, key=LEAF.key, signature=signature, material=bundles.by_certificate(LEAF.der), recorded=pem("ANYTHING", LEAF.der))
    world.certified_bundle("entry-other-label", "The label of the recorded text does not count.", "accept", None, label, roots=[MIDDLE])
    exchanged = world.envelope(payload, key=LEAF.key, signature=signature, material=bundles.by_certificate(twin.der), recorded=pem("CERTIFICATE", LEAF.der))
    world.certified_bundle("certificate-exchanged", "Another certificate of the same signer than was recorded.", "reject", MISMATCH, exchanged, roots=[MIDDLE])


def _pki(world):
    """Other authorities: now, and no log is asked."""
    good = world.by_leaf()
    world.pki_bundle("pki", "The intermediate is the policy's.", "accept", None, good, intermediates=[MIDDLE])
    world.pki_bundle("pki-no-intermediate", "A bundle of version 0.3 carries no intermediate.", "reject", NO_AUTHORITY, good)
    world.pki_bundle("pki-chain", "The chain has the intermediate.", "accept", None, world.by_leaf(chain=[MIDDLE]))
    world.pki_bundle("pki-without-entry", "No log is asked.", "accept", None, world.by_leaf(entries=[]), intermediates=[MIDDLE])
    broken = world.by_leaf(entries=lambda body: [changed(entry(world.log, body), "logIndex", to="1")])
    world.pki_bundle("pki-broken-entry", "No log is asked.", "accept", None, broken, intermediates=[MIDDLE])
    world.pki_bundle("pki-expired", "The certificate counts now, and not when a log recorded it.", "reject", EXPIRED, world.by_leaf(SHORT), intermediates=[MIDDLE])
    world.pki_bundle("pki-valid-then", "The certificate counts now.", "accept", None, world.by_leaf(SHORT), intermediates=[MIDDLE], at=SIGNED)
    world.pki_bundle("pki-other-email", "Another signer.", "reject", OTHER_SIGNER, good, intermediates=[MIDDLE], email="x" + EMAIL)
    world.pki_bundle("pki-key", "A key is no certificate.", "reject", INCOMPLETE, world.envelope(), intermediates=[MIDDLE])
    world.pki_bundle("pki-stranger", "Another authority.", "reject", NO_AUTHORITY, good, roots=[STRANGER], intermediates=[MIDDLE])


def _keys(world):
    """The certificate's key has made the signature."""
    payload = world.payload_of()
    other = world.signer.sign(bundles.pre_authentication_encoding(bundles.IN_TOTO, payload))
    world.certified_bundle("by-other-key", "Another key has signed.", "reject", BAD, world.by_leaf(payload=payload, signature=other), roots=[MIDDLE])
    for curve, hash_name, is_good in (("nistp384", "sha384", True), ("nistp384", "sha256", True), ("nistp384", "sha512", False), ("nistp521", "sha512", True), ("nistp521", "sha256", True),
                                      ("nistp521", "sha384", False), ("nistp256", "sha384", False)):
        leaf = LEAF.but(key=EcKey(curve, "bundle-leaf"), subject=name("signer"))
        world.certified_bundle(f"key-{curve}-{hash_name}", "The hash function is that of the key.", "accept" if is_good else "reject", None if is_good else BAD,
                               world.by_leaf(leaf, hash_name=hash_name), roots=[MIDDLE])
    good = world.by_leaf()
    world.certified_bundle("payload-exchanged", "Another payload than was signed.", "reject", MISMATCH,
                           changed(good, "dsseEnvelope", "payload", to=bundles.base_64(world.payload_of(name="x"))), roots=[MIDDLE])
    world.pki_bundle("payload-exchanged-pki", "Another payload than was signed.", "reject", BAD,
                     changed(good, "dsseEnvelope", "payload", to=bundles.base_64(world.payload_of(name="x"))), intermediates=[MIDDLE])
