"""Critical subpackets in the signature of an image: whoever does not know one must refuse it. GnuPG knows these, and no others."""

from clock import AT, SIGNED
from openpgp.messages import message
from openpgp.packets import notation, subpacket
from workshop import IMAGE, Suite, policy, signed_by


def build(workshop):
    suite = Suite("critical-subpackets")
    primary = workshop.signer.primary

    def case(name, about, verdict, code, extra):
        blob = workshop.blob(f"critical-subpackets/{name}.sig", message(primary, workshop.payload(), SIGNED, extra=extra))
        suite.case(name, about, verdict, code, policy=policy(signed_by(workshop.signer_file)), image=IMAGE, manifest=workshop.manifest, signatures=[blob],
                   at=AT)

    for name, number, body in (
        ("exportable", 4, b"\1"), ("trust", 5, b"\1\x3c"), ("regular-expression", 6, b"x\0"), ("revocable", 7, b"\1"), ("key-expiration-time", 9, bytes(4)),
        ("preferred-ciphers", 11, b"\x09"), ("revoker", 12, b"\x80\x16" + bytes(20)), ("issuer", 16, primary.key_id), ("preferred-hashes", 21, b"\x08"),
        ("preferred-compression", 22, b"\1"), ("preferred-key-server", 24, b"https://keys.example.org/"), ("primary-user-id", 25, b"\1"),
        ("key-flags", 27, b"\3"),
        ("reason", 29, b"\0"), ("features", 30, b"\1"), ("issuer-fingerprint", 33, b"\4" + primary.fingerprint),
    ):
        case(f"known-{name}", f"The critical subpacket {number} ({name.replace('-', ' ')}) is known.", "accept", None, subpacket(number, body, critical=True))
    for name, number, body in (
        ("key-server-preferences", 23, b"\x80"), ("signer-user-id", 28, b"x@example.org"), ("target", 31, b"\1\x08" + bytes(32)), ("preferred-aead", 34, b"\2"),
        ("intended-recipient", 35, b"\4" + bytes(20)), ("approved-certifications", 37, bytes(32)), ("preferred-aead-ciphersuites", 39, b"\x09\x02"),
        ("key-block-of-unknown-form", 38, b"\1x"), ("experimental-of-zero", 100, b"\0x"),
    ):
        case(f"unknown-{name}", f"The critical subpacket {number} ({name.replace('-', ' ')}) is unknown to some GnuPG, and refuses.", "reject", "bad-signature",
             subpacket(number, body, critical=True))
    case("known-key-block", "The critical subpacket 38 is known where it holds a key.", "accept", None,
         subpacket(38, b"\0" + workshop.signer.public(), critical=True))
    case("known-notation", "A critical notation of preferred-email-encoding@pgp.com is known.", "accept", None,
         notation("preferred-email-encoding@pgp.com", "x", critical=True))
    case("unknown-notation", "A critical notation of pka-address@gnupg.org is unknown since GnuPG 2.4, and refuses.", "reject", "bad-signature",
         notation("pka-address@gnupg.org", "x", critical=True))
    return suite
