"""The policy's files of authorities: what belongs there, what is passed over, and in which order they are read."""

import base64

import cosign
import der
import rekor
from certificate_extensions import UNKNOWN, extension
from certified import EMAIL, ISSUER, MIDDLE, NO_AUTHORITY, ROOT, STRANGER, UNTRUSTED, Certified, text
from public_keys import EcKey, Ed25519Key, rsa
from sigstore_signed import sigstore_signed
from workshop import Suite
from x509 import pem

UNREADABLE, INVALID = "key-unreadable", "key-invalid"

# A serial number that is not minimal, so that its certificate cannot be read.
LEADING_ZERO = der.element(der.INTEGER, b"\0\1")


def build(workshop):
    suite = Suite("sigstore-authorities")
    world = Certified(workshop, suite)
    for part in (_contents, _skipped, _data, _missing, _order, _logs):
        part(world)
    return suite


def _encoded(octets):
    return base64.b64encode(octets).decode()


def _contents(world):
    """What people put into these files: one that holds no authority is an error of the policy's."""
    certificate = text(ROOT)
    for name_, about, octets, strict in (
        ("empty", "An empty file", b"", True),
        ("white-space", "A file of white space", b" \n\t\n", True),
        ("noise", "A file of noise", bytes(range(256)), False),
        ("word", "A file of a word", b"root\n", False),
        ("public-key", "A public key", ROOT.key.pem(), False),
        ("rsa-public-key", "A public key by PKCS #1", rsa(2048).pkcs1_pem(), False),
        ("private-key", "A private key", pem("PRIVATE KEY", b"\x30\x03\x02\x01\x00"), False),
        ("ec-private-key", "A private key on a curve", pem("EC PRIVATE KEY", b"\x30\x03\x02\x01\x01"), False),
        ("request", "A request for a certificate", pem("CERTIFICATE REQUEST", ROOT.der), None),
        ("list", "A list of revocations", pem("X509 CRL", b"\x30\x03\x02\x01\x00"), False),
        ("pkcs7", "A bundle by PKCS #7", pem("PKCS7", b"\x30\x03\x02\x01\x00"), False),
        ("openpgp", "A key of OpenPGP's", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZZIA\n-----END PGP PUBLIC KEY BLOCK-----\n", False),
        ("ssh", "A key of SSH's", b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== build@example.org\n", False),
        ("der", "A certificate in DER", ROOT.der, False),
        ("base64", "A certificate in Base64 alone", base64.b64encode(ROOT.der), False),
        ("base64-of-pem", "A certificate's text in Base64", base64.b64encode(certificate), False),
        ("json", "A JSON document", b'{"certificates": []}', False),
        ("html", "A web page", b"<!DOCTYPE html><html><body>404</body></html>\n", False),
        ("utf-16", "A certificate in UTF-16", certificate.decode().encode("utf-16"), False),
        ("half", "Half of a certificate", certificate[: len(certificate) // 2], False),
        ("path", "The path of a file", b"/etc/pki/root.pem\n", False),
        ("malformed", "A block of noise", text(b"noise"), False),
        ("trailing", "A certificate with an octet behind it in its block", text(ROOT.der + b"\0"), False),
    ):
        for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
            case(f"roots-{name_}-{by}", f"{about} holds no root: by {by}.", "reject", NO_AUTHORITY, roots=octets)
        if name_ in ("request",):
            continue
        if strict is True:
            world.pki(f"intermediates-{name_}", f"{about} holds no intermediate, which may be so.", "accept", None, intermediates=octets)
            continue
        world.pki(f"intermediates-{name_}", f"{about} is no file of intermediates.", "reject", NO_AUTHORITY, intermediates=octets)


def _skipped(world):
    """Among roots, what is no certificate is passed over; among intermediates, nothing is."""
    good = text(ROOT)
    for name_, about, octets in (
        ("public-key", "a public key", ROOT.key.pem()),
        ("private-key", "a private key", pem("PRIVATE KEY", b"\x30\x03\x02\x01\x00")),
        ("noise", "a block of noise", text(b"noise")),
        ("other-label", "a certificate under another label", pem("TRUSTED CERTIFICATE", STRANGER.der)),
        ("header", "a certificate with a header", text(STRANGER).replace(b"-----\n", b"-----\nComment: x\n\n", 1)),
        ("malformed", "a certificate that cannot be read", text(STRANGER.but(serial=LEADING_ZERO))),
        ("comment", "a comment", b"# the root of the stranger\n"),
        ("broken", "a block whose Base64 is broken", b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"),
        ("unfinished", "a block without an end", b"-----BEGIN CERTIFICATE-----\nMIIB\n"),
        ("stranger", "another root", text(STRANGER)),
        ("not-authority", "a certificate of no authority", text(STRANGER.but(extensions=()))),
        ("expired", "an expired root", text(STRANGER.but(begin=0, end=1))),
        ("critical", "a root with a critical extension that nobody knows", text(STRANGER.adding(extension(UNKNOWN, b"x", True)))),
    ):
        for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
            case(f"skipped-{name_}-before-{by}", f"Before the root there may be {about}: by {by}.", "accept", None, roots=octets + good)
            case(f"skipped-{name_}-behind-{by}", f"Behind the root there may be {about}: by {by}.", "accept", None, roots=good + octets)
    for name_, about, octets in (
        ("other-label", "under another label", pem("X509 CERTIFICATE", ROOT.der)),
        ("header", "with a header", text(ROOT).replace(b"-----\n", b"-----\nComment: x\n\n", 1)),
        ("malformed", "that cannot be read", text(ROOT.but(serial=LEADING_ZERO))),
    ):
        for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
            case(f"not-counted-{name_}-{by}", f"A root {about} does not count beside a stranger: by {by}.", "reject", UNTRUSTED, roots=text(STRANGER) + octets)
    for name_, about, octets, accepted in (
        ("public-key", "a public key", MIDDLE.key.pem(), False),
        ("noise", "a block of noise", text(b"noise"), False),
        ("malformed", "a certificate that cannot be read", text(STRANGER.but(serial=LEADING_ZERO)), False),
        ("other-label", "a certificate under another label", pem("TRUSTED CERTIFICATE", STRANGER.der), True),
        ("header", "a certificate with a header", text(STRANGER).replace(b"-----\n", b"-----\nComment: x\n\n", 1), True),
        ("stranger", "another authority", text(STRANGER), True),
        ("not-authority", "a certificate of no authority", text(STRANGER.but(extensions=())), True),
        ("expired", "an expired authority", text(STRANGER.but(begin=0, end=1)), True),
    ):
        verdict = "accept" if accepted else "reject"
        for place, whole in (("before", octets + text(MIDDLE)), ("behind", text(MIDDLE) + octets)):
            world.pki(f"intermediates-{name_}-{place}", f"Among the policy's intermediates there {'may' if accepted else 'may not'} be {about}, {place} the right one.",
                      verdict, NO_AUTHORITY, intermediates=whole, chain=None)
    world.pki("intermediates-comment-before", "Text before an intermediate is passed over.", "accept", None, intermediates=b"# ours\n" + text(MIDDLE), chain=None)
    world.pki("intermediates-comment-behind", "Text behind an intermediate is an error.", "reject", NO_AUTHORITY, intermediates=text(MIDDLE) + b"# ours\n",
              chain=None)
    world.pki("intermediates-labelled", "The label of an intermediate does not matter.", "accept", None, intermediates=pem("INTERMEDIATE", MIDDLE.der), chain=None)
    world.pki("intermediates-needless", "A file of intermediates that is not needed must be right all the same.", "reject", NO_AUTHORITY,
              intermediates=text(b"noise"))


def _data(world):
    """Authorities within the policy itself."""
    good, other = _encoded(text(ROOT)), _encoded(text(STRANGER))
    subject = {"subjectEmail": EMAIL}
    fulcio = subject | {"oidcIssuer": ISSUER}
    blob = world.certified(entry=world.stamped())

    def case(name_, about, verdict, code=None, **source):
        world.case(name_, about, verdict, code, sigstore_signed(log=source.pop("log", None), **source), blob)

    for name_, about, data, verdict, code in (
        ("root", "A root", good, "accept", None), ("stranger", "Another root", other, "reject", UNTRUSTED), ("empty", "Nothing", "", "reject", NO_AUTHORITY),
        ("noise", "Noise", _encoded(b"noise"), "reject", NO_AUTHORITY), ("der", "A certificate in DER", _encoded(ROOT.der), "reject", NO_AUTHORITY),
        ("key", "A public key", _encoded(ROOT.key.pem()), "reject", NO_AUTHORITY), ("two", "Two roots", _encoded(text(STRANGER, ROOT)), "accept", None),
    ):
        case(f"data-{name_}-pki", f"{about} in the policy itself, by pki.", verdict, code, pki=subject | {"caRootsData": data})
        case(f"data-{name_}-fulcio", f"{about} in the policy itself, by fulcio.", verdict, code, log=world.log_file, fulcio=fulcio | {"caData": data})
    lone = world.certified(chain=None)
    for name_, about, data, verdict, code in (
        ("right", "The intermediate", _encoded(text(MIDDLE)), "accept", None), ("stranger", "Another authority", other, "reject", UNTRUSTED),
        ("empty", "Nothing, which counts as none", "", "reject", UNTRUSTED), ("noise", "Noise", _encoded(b"noise"), "reject", NO_AUTHORITY),
        ("white-space", "White space, which holds none", _encoded(b"\n"), "reject", UNTRUSTED),
    ):
        world.case(f"intermediates-data-{name_}", f"{about} as intermediates in the policy itself.", verdict, code,
                   sigstore_signed(pki=subject | {"caRootsData": good, "caIntermediatesData": data}), lone)
    world.case("intermediates-data-roots-path", "Intermediates in the policy, roots in a file.", "accept", None,
               sigstore_signed(pki=subject | {"caRootsPath": world.root_file, "caIntermediatesData": _encoded(text(MIDDLE))}), lone)
    log = world.log.pem()
    case("data-log-and-root", "Log and root in the policy itself.", "accept", None, log=log, fulcio=fulcio | {"caData": good})


def _missing(world):
    """Files that are not there: nobody knows then, but only where a signature would have to be judged."""
    missing = "keys/sigstore/missing.pem"
    for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
        case(f"missing-roots-{by}", f"A file of roots that is not there: by {by}.", "error", UNREADABLE, roots=missing)
        case(f"missing-roots-without-signature-{by}", f"A file of roots that is not there does not matter to an unsigned image: by {by}.", "reject", "no-signature",
             roots=missing, blob=[])
        case(f"missing-roots-other-type-{by}", f"A file of roots that is not there does not matter where only something else is stored: by {by}.", "reject",
             "no-signature", roots=missing, blob=cosign.blob(world.content, {}, "text/plain"))
        case(f"invalid-roots-without-signature-{by}", f"A file of no root does not matter to an unsigned image: by {by}.", "reject", "no-signature",
             roots=text(b"noise"), blob=[])
        case(f"invalid-roots-before-signature-{by}", f"A file of no root is told before a signature is looked into: by {by}.", "reject", NO_AUTHORITY,
             roots=text(b"noise"), blob=cosign.blob(world.content, {}))
    world.pki("missing-intermediates", "A file of intermediates that is not there.", "error", UNREADABLE, intermediates=missing)
    world.pki("missing-intermediates-needless", "A file of intermediates that is not there, where none is needed.", "error", UNREADABLE, intermediates=missing,
              roots=[MIDDLE])
    world.pki("missing-intermediates-without-signature", "A file of intermediates that is not there does not matter to an unsigned image.", "reject",
              "no-signature", intermediates=missing, blob=[])
    world.fulcio("missing-log", "A log's key that is not there.", "error", UNREADABLE, log=missing)
    world.fulcio("missing-log-without-signature", "A log's key that is not there does not matter to an unsigned image.", "reject", "no-signature", log=missing,
                 blob=[])
    folder = "keys/sigstore"
    world.pki("folder-for-roots", "A folder is no file of roots.", "error", UNREADABLE, roots=folder)


def _order(world):
    """In which order the files are read: the first problem is told."""
    missing, noise = "keys/sigstore/missing.pem", text(b"noise")
    world.pki("order-roots-before-intermediates", "Roots are read before intermediates.", "reject", NO_AUTHORITY, roots=noise, intermediates=missing)
    world.pki("order-roots-missing-before-intermediates", "Roots are read before intermediates.", "error", UNREADABLE, roots=missing, intermediates=noise)
    world.pki("order-intermediates-behind-roots", "Good roots, and intermediates that are none.", "reject", NO_AUTHORITY, intermediates=noise)
    world.fulcio("order-roots-before-log", "Fulcio's authorities are read before the log's keys.", "reject", NO_AUTHORITY, roots=noise, log=missing)
    world.fulcio("order-roots-missing-before-log", "Fulcio's authorities are read before the log's keys.", "error", UNREADABLE, roots=missing,
                 log=world.authorities("order-roots-missing-before-log", "log", noise))
    world.fulcio("order-log-behind-roots", "Good authorities, and a log's key that is none.", "reject", INVALID,
                 log=world.authorities("order-log-behind-roots", "log", noise))


def _logs(world):
    """The keys of logs beside fulcio: ECDSA each, and one that is not spoils the list."""
    for name_, about, octets in (
        ("ed25519", "an Ed25519 key", Ed25519Key("sigstore-log").pem()), ("rsa", "an RSA key", rsa(2048).pem()), ("certificate", "a certificate", text(ROOT)),
        ("noise", "noise", b"noise"), ("empty", "nothing", b""),
    ):
        path = world.authorities(f"log-{name_}", "log", octets)
        world.fulcio(f"log-{name_}", f"A log's key is ECDSA: {about} is none.", "reject", INVALID, log=path)
        world.fulcio(f"log-{name_}-behind-good", f"A log's key is ECDSA: {about} spoils the list.", "reject", INVALID, log=[world.log_file, path])
    for curve in ("nistp224", "nistp384", "nistp521"):
        log = EcKey(curve, "sigstore-log")
        path = world.authorities(f"log-{curve}", "log", log.pem())
        entry = lambda leaf, signature, content, log=log: rekor.entry(log, leaf, signature, content)  # noqa: E731
        world.fulcio(f"log-{curve}", f"A log's key may be on {curve.upper()}.", "accept", None, log=path, entry=entry)
