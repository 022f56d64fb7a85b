"""Which keys may sign, and when: key flags, expiry, revocation, subkeys and their binding."""

from bench import CertificateBench
from clock import AT, CREATED, DAY, EXPIRED, FUTURE, SIGNED, YEAR
from openpgp.keys import (
    AUTHENTICATE,
    CERTIFY,
    COMPROMISED,
    ENCRYPT,
    NO_REASON,
    RETIRED,
    SIGN,
    SUPERSEDED,
    Certificate,
    decryption_key,
    designated_revoker,
    key,
)
from openpgp.packets import notation, subpacket
from openpgp.parts import SOMEBODY


def build(workshop):
    bench = CertificateBench(workshop, "keys")
    for part in (_flags, _expiry, _future, _revocations, _subkeys, _back_signatures, _bindings, _self_signatures, _user_ids):
        part(workshop, bench.case)
    return bench.suite


def _flags(workshop, case):
    """Key flags of the primary key."""
    for name, flags, verdict in (
        ("certify-and-sign", CERTIFY | SIGN, "accept"),
        ("sign-only", SIGN, "accept"),
        ("certify-only", CERTIFY, "reject"),
        ("encrypt-only", ENCRYPT, "reject"),
        ("authenticate-only", AUTHENTICATE, "reject"),
        ("certify-and-authenticate", CERTIFY | AUTHENTICATE, "reject"),
        ("all", CERTIFY | SIGN | ENCRYPT | AUTHENTICATE, "accept"),
        ("no-bits", 0, "reject"),
    ):
        about = f"A primary key whose flags are {name.replace('-', ' ')} may {'' if verdict == 'accept' else 'not '}sign data."
        case(f"flags-{name}", about, verdict, None if verdict == "accept" else "key-not-for-signing",
             workshop.certificate(f"flags-{name}", flags=flags))
    case("flags-absent", "A key without key flags may sign, as in GnuPG.", "accept", None,
         workshop.certificate("flags-absent", flags=None))
    absent = workshop.certificate("rsa2048", "Flagless <flagless@example.org>", flags=None)
    case("flags-absent-rsa", "An RSA key without key flags may sign, as in GnuPG.", "accept", None, absent)
    changed = Certificate(key("flags-changed", CREATED), SOMEBODY, flags=CERTIFY | SIGN)
    changed.add_user_id(SOMEBODY, at=CREATED + DAY, flags=CERTIFY)
    case("flags-taken-away-later", "The newest self-signature counts: it took the signing flag away.", "reject", "key-not-for-signing", changed)
    given = Certificate(key("flags-given", CREATED), SOMEBODY, flags=CERTIFY)
    given.add_user_id(SOMEBODY, at=CREATED + DAY, flags=CERTIFY | SIGN)
    case("flags-given-later", "The newest self-signature counts: it gave the signing flag.", "accept", None, given)


def _expiry(workshop, case):
    """Expiry of the primary key is judged now, not when it signed."""
    case("expiry-none", "A key that never expires is good.", "accept", None, workshop.certificate("expiry-none"))
    case("expiry-zero", "An expiration time of zero means never.", "accept", None, workshop.certificate("expiry-zero", expires=CREATED))
    for name, moment, verdict in (
        ("a-second-ago", AT - 1, "reject"),
        ("in-a-second", AT + 1, "accept"),
        ("in-a-year", AT + YEAR, "accept"),
        ("before-signing", SIGNED - DAY, "reject"),
        ("after-signing", SIGNED + DAY, "reject"),
        ("now", AT, "accept"),
    ):
        about = f"A key that expires {name.replace('-', ' ')} is {'still good' if verdict == 'accept' else 'no longer good'}."
        case(f"expiry-{name}", about, verdict, None if verdict == "accept" else "key-expired",
             workshop.certificate(f"expiry-{name}", expires=moment))
    still = workshop.certificate("expiry-of-clock", expires=EXPIRED)
    case("expiry-clock-before", "The clock decides: at this time the key is still good.", "accept", None, still, at=EXPIRED - DAY)
    case("expiry-clock-after", "The clock decides: at this time the key is expired.", "reject", "key-expired", still, at=EXPIRED + DAY)
    prolonged = Certificate(key("prolonged", CREATED), SOMEBODY, expires=EXPIRED)
    prolonged.add_user_id(SOMEBODY, at=CREATED + DAY, expires=AT + YEAR)
    case("expiry-prolonged", "The newest self-signature counts: it prolonged the key.", "accept", None, prolonged)
    shortened = Certificate(key("shortened", CREATED), SOMEBODY, expires=AT + YEAR)
    shortened.add_user_id(SOMEBODY, at=CREATED + DAY, expires=EXPIRED)
    case("expiry-shortened", "The newest self-signature counts: it shortened the key's life.", "reject", "key-expired", shortened)
    direct = Certificate(key("direct-expiry", CREATED), None)
    direct.add_direct_signature(expires=EXPIRED).add_user_id(SOMEBODY)
    case("expiry-by-direct-signature", "A direct key signature can set the expiry, too.", "reject", None, direct)


def _future(workshop, case):
    """Times that lie ahead."""
    future = workshop.certificate("from-the-future", created=FUTURE)
    case("created-in-the-future", "A key that is created in the future is not good yet.", "reject", "key-from-the-future", future)
    case("created-in-the-future-signed-later", "Nor is its signature from the future.", "reject", "key-from-the-future", future, signed=FUTURE + DAY)
    case("created-in-a-second", "A key of the next second is not good yet.", "reject", "key-from-the-future",
         workshop.certificate("created-in-a-second", created=AT + 1),
         signed=AT + 1)
    beside = workshop.certificate("beside-the-future")
    case("created-in-the-future-beside-good", "A key from the future does no harm to others of its file.", "accept", None, beside,
         key_file=future.public() + beside.public())
    young = workshop.certificate("young", created=SIGNED + DAY)
    case("created-after-signing", "A signature that is older than its key refuses.", "reject", None, young)
    same = workshop.certificate("same-second", created=SIGNED)
    case("created-when-signing", "A key may sign in the second of its creation.", "accept", None, same)
    case("created-now", "A key of this very second may sign.", "accept", None, workshop.certificate("created-now", created=AT), signed=AT)
    bound_later = Certificate(key("bound-in-the-future", CREATED), SOMEBODY, at=FUTURE)
    case("self-signature-in-the-future", "A self-signature from the future binds a key as well, as in GnuPG.", "accept", None, bound_later)
    grown = key("subkey-of-unborn-primary", CREATED)
    unborn = Certificate(key("unborn-primary", FUTURE), SOMEBODY, at=FUTURE).add_subkey(grown, at=FUTURE)
    case("created-in-the-future-with-older-subkey", "A subkey is not good before its primary key is, however old it is itself.", "reject",
         "key-from-the-future", unborn,
         grown)


def _revocations(workshop, case):
    """Revocations of the primary key: any valid one counts, whatever its reason or date."""
    for reason_name, reason in (("no-reason", NO_REASON), ("superseded", SUPERSEDED), ("compromised", COMPROMISED), ("retired", RETIRED),
                                ("missing-reason", None)):
        for when, moment in (("before-signing", SIGNED - DAY), ("after-signing", SIGNED + DAY)):
            name = f"revoked-{reason_name}-{when}"
            certificate = workshop.certificate(name).revoke(moment, reason)
            case(name, f"A revocation ({reason_name.replace('-', ' ')}) {when.replace('-', ' ')} refuses.", "reject", "key-revoked", certificate)
    stranger = workshop.stranger.primary
    other = workshop.certificate("revoked-by-another-key").revoke(SIGNED + DAY, COMPROMISED, signer=stranger)
    case("revoked-by-another-key", "A revocation by another key does not count.", "accept", None, other)
    present = workshop.certificate("revoked-by-another-present-key").revoke(SIGNED + DAY, COMPROMISED, signer=stranger)
    case("revoked-by-another-present-key", "Nor does it when the other key is trusted as well.", "accept", None, present,
         key_file=present.public() + workshop.stranger.public())
    claimed = workshop.certificate("revoked-by-impostor")
    claimed.revoke(SIGNED + DAY, COMPROMISED, signer=stranger, claim=claimed.primary)
    case("revoked-by-impostor", "A revocation that only claims to be the key's own does not count.", "accept", None, claimed)
    broken = workshop.certificate("revoked-bogus").revoke(SIGNED + DAY, COMPROMISED, corrupt="value")
    case("revoked-bogus", "A revocation whose signature is wrong does not count.", "accept", None, broken)
    twice = workshop.certificate("revoked-bogus-and-real").revoke(SIGNED + DAY, COMPROMISED, corrupt="value").revoke(SIGNED + DAY)
    case("revoked-bogus-and-real", "A real revocation counts beside a bogus one.", "reject", "key-revoked", twice)
    revoked_and_expired = workshop.certificate("revoked-and-expired", expires=EXPIRED).revoke(SIGNED + DAY)
    case("revoked-and-expired", "A key that is revoked and expired refuses.", "reject", None, revoked_and_expired)

    revoker = workshop.certificate("designated-revoker", "A Revoker <revoker@example.org>")
    for label, flag in (("", 0x80), ("-sensitive", 0xC0)):
        permission = subpacket(12, bytes([flag, revoker.primary.algorithm]) + revoker.primary.fingerprint)
        appointed = Certificate(key(f"appointed{label}", CREATED), None).add_direct_signature(extra=permission).add_user_id(SOMEBODY)
        case(f"revoker-appointed{label}", "To appoint a revoker revokes nothing.", "accept", None, appointed)
        appointed = Certificate(key(f"appointed{label}", CREATED), None).add_direct_signature(extra=permission).add_user_id(SOMEBODY)
        appointed.revoke(SIGNED + DAY, COMPROMISED, signer=revoker.primary)
        case(f"revoker-present{label}", "A revocation by the appointed revoker, whose key is there, refuses.", "reject", None, appointed,
             key_file=appointed.public() + revoker.public())
    unappointed = workshop.certificate("unappointed").revoke(SIGNED + DAY, COMPROMISED, signer=revoker.primary)
    case("revoker-not-appointed", "A revocation by a key that was not appointed does not count.", "accept", None, unappointed,
         key_file=unappointed.public() + revoker.public())
    absent = Certificate(key("appointed", CREATED), None).add_direct_signature(extra=designated_revoker(revoker.primary)).add_user_id(SOMEBODY)
    absent.revoke(SIGNED + DAY, COMPROMISED, signer=revoker.primary)
    case("revoker-absent", "A revocation by the appointed revoker, whose key is not there, cannot be checked.", "accept", None, absent)


def _subkeys(workshop, case):
    """Signing subkeys."""
    def pair(name, created=CREATED):
        return Certificate(key(f"{name}-primary", CREATED), SOMEBODY, flags=CERTIFY), key(f"{name}-subkey", created)

    for algorithm in ("rsa2048", "nistp256", "ed25519"):
        certificate = Certificate(key(f"subkey-{algorithm}-primary", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key(algorithm, CREATED + DAY)
        certificate.add_subkey(subkey)
        case(f"subkey-{algorithm}", f"A signing subkey of {algorithm} signs for its primary key.", "accept", None, certificate, subkey)
    for name, flags, verdict in (("sign-and-authenticate", SIGN | AUTHENTICATE, "accept"), ("encrypt", ENCRYPT, "reject"),
                                 ("authenticate", AUTHENTICATE, "reject"), ("certify", CERTIFY, "reject")):
        certificate, subkey = pair(f"subkey-flags-{name}")
        certificate.add_subkey(subkey, flags=flags)
        about = f"A subkey whose flags are {name.replace('-', ' ')} may {'' if verdict == 'accept' else 'not '}sign data."
        case(f"subkey-flags-{name}", about, verdict, None if verdict == "accept" else "key-not-for-signing", certificate, subkey)
    certificate, subkey = pair("subkey-flags-absent")
    certificate.add_subkey(subkey, flags=None)
    case("subkey-flags-absent", "A subkey without key flags may sign, as in GnuPG.", "accept", None, certificate, subkey)

    for name, moment, verdict in (("a-second-ago", AT - 1, "reject"), ("in-a-second", AT + 1, "accept"), ("before-signing", SIGNED - DAY, "reject")):
        certificate, subkey = pair(f"subkey-expiry-{name}")
        certificate.add_subkey(subkey, expires=moment)
        about = f"A subkey that expires {name.replace('-', ' ')} is {'still good' if verdict == 'accept' else 'no longer good'}."
        case(f"subkey-expiry-{name}", about, verdict, None if verdict == "accept" else "key-expired", certificate, subkey)
    certificate = Certificate(key("expired-primary", CREATED), SOMEBODY, flags=CERTIFY, expires=EXPIRED)
    subkey = key("subkey-of-expired-primary", CREATED)
    certificate.add_subkey(subkey)
    case("subkey-of-expired-primary", "A live subkey of an expired primary key refuses.", "reject", "key-expired", certificate, subkey)
    certificate = Certificate(key("primary-of-expired-subkey", CREATED), SOMEBODY)
    certificate.add_subkey(key("expired-subkey", CREATED), expires=EXPIRED)
    case("subkey-expired-primary-signs", "An expired subkey does not hurt what the primary key signs.", "accept", None, certificate)
    certificate, subkey = pair("subkey-prolonged")
    certificate.add_subkey(subkey, expires=EXPIRED)
    renewed = Certificate(certificate.primary, None)
    renewed.add_subkey(subkey, at=CREATED + DAY, expires=AT + YEAR)
    certificate.packets.append(renewed.packets[-1])
    case("subkey-expiry-prolonged", "The newest binding signature counts: it prolonged the subkey.", "accept", None, certificate, subkey)

    for name, reason, moment in (("softly-after", SUPERSEDED, SIGNED + DAY), ("softly-before", SUPERSEDED, SIGNED - DAY),
                                 ("hard-after", COMPROMISED, SIGNED + DAY), ("hard-before", COMPROMISED, SIGNED - DAY),
                                 ("without-reason", None, SIGNED + DAY)):
        certificate, subkey = pair(f"subkey-revoked-{name}")
        certificate.add_subkey(subkey).revoke_subkey(moment, reason)
        case(f"subkey-revoked-{name}", f"A subkey that was revoked ({name.replace('-', ' ')} it signed) refuses.", "reject", "key-revoked", certificate, subkey)
    certificate, subkey = pair("subkey-revoked-by-another-key")
    certificate.add_subkey(subkey).revoke_subkey(SIGNED + DAY, COMPROMISED, signer=workshop.stranger.primary)
    case("subkey-revoked-by-another-key", "A subkey's revocation by another key does not count.", "accept", None, certificate, subkey)
    certificate, subkey = pair("subkey-revoked-bogus")
    certificate.add_subkey(subkey).revoke_subkey(SIGNED + DAY, COMPROMISED, corrupt="value")
    case("subkey-revoked-bogus", "A subkey's revocation whose signature is wrong does not count.", "accept", None, certificate, subkey)
    certificate, subkey = pair("subkey-revoked-by-itself")
    certificate.add_subkey(subkey).revoke_subkey(SIGNED + DAY, COMPROMISED, signer=subkey)
    case("subkey-revoked-by-itself", "A subkey cannot revoke itself: only the primary key can.", "accept", None, certificate, subkey)
    certificate = Certificate(key("revoked-primary", CREATED), SOMEBODY, flags=CERTIFY).revoke(SIGNED + DAY, SUPERSEDED)
    subkey = key("subkey-of-revoked-primary", CREATED)
    certificate.add_subkey(subkey)
    case("subkey-of-revoked-primary", "A live subkey of a revoked primary key refuses.", "reject", "key-revoked", certificate, subkey)
    certificate = Certificate(key("primary-of-revoked-subkey", CREATED), SOMEBODY)
    certificate.add_subkey(key("revoked-subkey", CREATED)).revoke_subkey(SIGNED + DAY, COMPROMISED)
    case("subkey-revoked-primary-signs", "A revoked subkey does not hurt what the primary key signs.", "accept", None, certificate)

    certificate, subkey = pair("subkey-created-in-the-future", FUTURE)
    certificate.add_subkey(subkey)
    case("subkey-created-in-the-future", "A subkey that is created in the future is not good yet.", "reject", "key-from-the-future", certificate, subkey)
    case("subkey-created-in-the-future-signed-later", "Nor is the signature of a subkey from the future.", "reject", "key-from-the-future", certificate, subkey,
         signed=FUTURE + DAY)
    certificate = Certificate(key("primary-of-unborn-subkey", CREATED), SOMEBODY)
    certificate.add_subkey(key("unborn-subkey", FUTURE))
    case("subkey-created-in-the-future-primary-signs", "A subkey from the future does no harm to its primary key.", "accept", None, certificate)
    certificate, subkey = pair("subkey-of-another-day", SIGNED)
    certificate.add_subkey(subkey)
    case("subkey-clock-before-it", "At a time before the subkey was made, though not its primary key, it is not good yet.", "reject", "key-from-the-future",
         certificate,
         subkey, at=SIGNED - DAY)
    certificate, subkey = pair("subkey-created-after-signing", SIGNED + DAY)
    certificate.add_subkey(subkey)
    case("subkey-created-after-signing", "A signature that is older than its subkey refuses.", "reject", None, certificate, subkey)
    certificate, subkey = pair("subkey-second-of-two")
    certificate.add_subkey(key("subkey-first-of-two", CREATED)).add_subkey(subkey)
    case("subkey-second-of-two", "Any signing subkey may sign, not only the first.", "accept", None, certificate, subkey)
    certificate, subkey = pair("subkey-beside-decryption")
    certificate.add_subkey(decryption_key("decryption", CREATED), flags=ENCRYPT, back_signature=None).add_subkey(subkey)
    case("subkey-beside-decryption-subkey", "A decryption subkey beside the signing subkey does no harm.", "accept", None, certificate, subkey)
    certificate = Certificate(key("primary-beside-decryption", CREATED), SOMEBODY)
    certificate.add_subkey(decryption_key("decryption", CREATED), flags=ENCRYPT, back_signature=None)
    case("primary-beside-decryption-subkey", "A decryption subkey beside a signing primary key does no harm.", "accept", None, certificate)


def _back_signatures(workshop, case):
    """A signing subkey must agree to its primary key."""
    for name, verdict, about in (
        ("right", "accept", "A back signature by the subkey makes it a signing subkey."),
        ("unhashed", "accept", "A back signature outside the hashed area proves as much."),
        ("missing", "reject", "A signing subkey without a back signature may be somebody else's."),
        ("wrong", "reject", "A back signature that does not verify is none."),
        ("other-key", "reject", "A back signature by the primary key instead of the subkey is none."),
        ("other-primary", "reject", "A back signature over another primary key is none."),
    ):
        certificate = Certificate(key(f"back-{name}-primary", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key(f"back-{name}-subkey", CREATED)
        certificate.add_subkey(subkey, back_signature=None if name == "missing" else name)
        case(f"back-signature-{name}", about, verdict, None, certificate, subkey)
    for crypto_policy in ("gnupg", "standard"):
        certificate = Certificate(key("back-sha1-primary", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key("back-sha1-subkey", CREATED)
        certificate.add_subkey(subkey, back_hash="sha1")
        case(f"back-signature-sha1-{crypto_policy}", f"A SHA-1 back signature counts under the {crypto_policy} policy.", "accept", None, certificate, subkey,
             crypto_policy=crypto_policy)
    certificate = Certificate(key("back-md5-primary", CREATED), SOMEBODY, flags=CERTIFY)
    subkey = key("back-md5-subkey", CREATED)
    certificate.add_subkey(subkey, back_hash="md5")
    case("back-signature-md5", "An MD5 back signature never counts.", "reject", None, certificate, subkey, crypto_policy="gnupg")


def _bindings(workshop, case):
    """Subkeys that are not bound to the trusted primary key."""
    subkey = key("unbound-subkey", CREATED)
    certificate = Certificate(key("unbound-primary", CREATED), SOMEBODY, flags=CERTIFY).add_bare_subkey(subkey)
    case("subkey-unbound", "A subkey that nothing binds is not the certificate's.", "reject", None, certificate, subkey)
    subkey = key("wrongly-bound-subkey", CREATED)
    certificate = Certificate(key("wrongly-bound-primary", CREATED), SOMEBODY, flags=CERTIFY).add_subkey(subkey, corrupt="value")
    case("subkey-binding-wrong", "A binding signature that does not verify binds nothing.", "reject", None, certificate, subkey)
    stolen = key("stolen-subkey", CREATED)
    victim = Certificate(key("victim", CREATED), SOMEBODY, flags=CERTIFY).add_subkey(stolen)
    thief = Certificate(key("thief", CREATED), "A Thief <thief@example.org>", flags=CERTIFY)
    thief.packets += victim.packets[-2:]
    case("subkey-stolen", "Another certificate's subkey and its binding, copied, are not this certificate's.", "reject", None, thief, stolen)
    case("subkey-of-untrusted-primary", "A subkey of a certificate that is not trusted is unknown.", "reject", "unknown-key",
         workshop.stranger, stolen)
    subkey = key("subkey-md5-bound", CREATED)
    certificate = Certificate(key("primary-md5-bound", CREATED), SOMEBODY, flags=CERTIFY).add_subkey(subkey, hash_name="md5")
    case("subkey-binding-md5", "An MD5 binding signature never counts.", "reject", None, certificate, subkey, crypto_policy="gnupg")
    for crypto_policy in ("gnupg", "standard"):
        subkey = key("subkey-sha1-bound", CREATED)
        certificate = Certificate(key("primary-sha1-bound", CREATED), SOMEBODY, flags=CERTIFY).add_subkey(subkey, hash_name="sha1")
        case(f"subkey-binding-sha1-{crypto_policy}", f"A SHA-1 binding signature counts under the {crypto_policy} policy.", "accept", None, certificate, subkey,
             crypto_policy=crypto_policy)


def _self_signatures(workshop, case):
    """Self-signatures that do not count."""
    case("self-signature-wrong", "A self-signature that does not verify makes no good key.", "reject", None,
         workshop.certificate("self-signature-wrong", corrupt="value"))
    case("self-signature-by-another-key", "A certification by another key is no self-signature.", "reject", None,
         workshop.certificate("certified-by-another", signed_by=workshop.stranger.primary))
    bare = Certificate(key("bare-user-id", CREATED), None).add_bare_user_id(SOMEBODY)
    case("self-signature-missing", "A key without any self-signature is not good.", "reject", None, bare)
    for name, extra in (("subpacket", subpacket(100, b"?", critical=True)),
                        ("notation", notation("unknown@example.org", "?", critical=True))):
        certificate = workshop.certificate(f"critical-{name}", extra=extra)
        case(f"self-signature-critical-{name}", f"A self-signature with an unknown critical {name} makes no good key.", "reject", None, certificate)
    plain = workshop.certificate("harmless-notation", extra=notation("unknown@example.org", "?"))
    case("self-signature-notation", "An unknown notation that is not critical does no harm.", "accept", None, plain)
    plain = workshop.certificate("harmless-subpacket", extra=subpacket(100, b"?"))
    case("self-signature-subpacket", "An unknown subpacket that is not critical does no harm.", "accept", None, plain)
    both = Certificate(key("one-good-self-signature", CREATED), None)
    both.add_user_id("Wrong <wrong@example.org>", corrupt="value").add_user_id(SOMEBODY)
    case("self-signature-one-good", "One user ID with a good self-signature is enough.", "accept", None, both)
    expired = workshop.certificate("expired-self-signature", extra=subpacket(3, DAY.to_bytes(4, "big")))
    case("self-signature-expired", "A self-signature binds a key even where its own expiration time is over, as in GnuPG.", "accept", None, expired)


def _user_ids(workshop, case):
    """User IDs: their content does not matter."""
    case("user-id-umlaut", "A user ID may hold any text.", "accept", None,
         workshop.certificate("user-id-umlaut", "J\u00f6rg \u00c4rger <joerg@example.org>"))
    case("user-id-without-address", "A user ID needs no address.", "accept", None, workshop.certificate("user-id-plain", "A build service"))
    revoked = workshop.certificate("user-id-revoked").revoke_user_id(SIGNED + DAY)
    case("user-id-revoked-only-one", "A key whose only user ID is revoked still signs, as in GnuPG.", "accept", None, revoked)
    two = Certificate(key("user-id-two", CREATED), SOMEBODY).add_user_id("Second <second@example.org>").revoke_user_id(SIGNED + DAY)
    case("user-id-revoked-one-of-two", "A revoked user ID beside a good one does no harm.", "accept", None, two)
    direct = Certificate(key("direct-only", CREATED), None).add_direct_signature()
    case("user-id-none", "A key without any user ID, only a direct key signature.", "reject", None, direct)
