"""Revocations in every place of a key file, by every key that may be meant, and of user IDs."""

from bench import PacketBench
from clock import AT, CREATED, DAY, EXPIRED, FUTURE, YEAR
from openpgp import packets
from openpgp.keys import CERTIFY, SIGN, Certificate, designated_revoker, key
from openpgp.packets import created, signature, subpacket
from openpgp.parts import LATER, SECOND, Parts

SOON = CREATED + DAY


def build(workshop):
    bench = PacketBench(workshop, "revocations")
    for part in (_of_keys, _of_subkeys, _of_user_ids, _by_revokers):
        part(bench.case, bench.parts, workshop)
    return bench.suite


def _of_keys(case, p, workshop):
    """Revocations of the primary key."""
    nameless = signature(p.primary, packets.KEY_REVOCATION, p.primary.hashed_body, created(LATER), b"")
    rsa = Parts(key("rsa2048", CREATED))
    for name, about, verdict, files, signer in (
        ("behind-subkey", "A key's revocation that stands behind its subkey counts.", "reject", p.with_subkey() + p.revocation(), p.subkey),
        ("behind-other-key", "A key's revocation that stands behind another key counts.", "reject",
         p.certificate() + workshop.stranger.public() + p.revocation(), None),
        ("issuer-none", "A key's revocation that names no issuer counts.", "reject", p.key + nameless + p.identity(), None),
        ("in-the-future", "A key's revocation counts at once, though it is dated in the future.", "reject",
         p.key + p.revocation(at=FUTURE) + p.identity(), None),
        ("before-newest-self-signature", "A key's revocation counts, though a self-signature is newer.", "reject",
         p.key + p.revocation(at=SOON) + p.identity(at=LATER), None),
        ("before-key", "A key's revocation that is older than the key does not count.", "accept", p.key + p.revocation(at=CREATED - DAY) + p.identity(), None),
        ("in-other-file-of-version-5", "A key's revocation in another file counts, though it names the key as if it were of version 5.", "reject",
         [p.certificate(), p.revocation(issuer=(subpacket(33, bytes([5]) + p.primary.fingerprint[-8:] + bytes(24)), b""))], None),
        ("md5", "A key's revocation over MD5 proves nothing.", "accept", rsa.key + rsa.revocation(hash_name="md5") + rsa.identity(), rsa.primary),
    ):
        case(name, about, verdict, "key-revoked" if verdict == "reject" else None, files, signer)


def _of_subkeys(case, p, _):
    """Revocations of the signing subkey."""
    certificate, good, subkey, revocation = p.certificate(), p.with_subkey(), p.subkey_packet + p.binding(), p.subkey_revocation()
    signed = p.primary.hashed_body + p.subkey.hashed_body
    nameless = signature(p.primary, packets.SUBKEY_REVOCATION, signed, created(LATER), b"")
    other = Parts(p.primary, key("revocations-other-subkey", CREATED))
    rsa = Parts(key("rsa2048", CREATED), p.subkey)
    for name, about, verdict, files in (
        ("issuer-none", "A subkey's revocation that names no issuer counts.", "reject", good + nameless),
        ("in-the-future", "A subkey's revocation counts at once, though it is dated in the future.", "reject", good + p.subkey_revocation(at=FUTURE)),
        ("before-newest-binding", "A subkey's revocation counts, though a binding is newer.", "reject",
         good + p.subkey_revocation(at=SOON) + p.binding(at=LATER)),
        ("md5", "A subkey's revocation over MD5 proves nothing.", "accept", rsa.with_subkey() + rsa.subkey_revocation(hash_name="md5")),
        ("critical", "A subkey's revocation counts, though it has a critical subpacket that nobody knows.", "reject",
         good + p.subkey_revocation(after=subpacket(101, b"x", critical=True))),
        ("in-copy-without-subkey", "A subkey's revocation in a second copy of the key that lacks the subkey counts.", "reject",
         good + certificate + revocation),
        ("under-user-id", "A subkey's revocation that stands under the user ID counts.", "reject", certificate + revocation + subkey),
        ("behind-primary-key", "A subkey's revocation that stands behind the primary key counts.", "reject", p.key + revocation + p.identity() + subkey),
        ("under-other-subkey", "A subkey's revocation that stands under another subkey counts.", "reject",
         good + other.subkey_packet + other.binding() + revocation),
        ("behind-late-user-id", "A subkey's revocation that stands behind a user ID that is lost counts.", "reject", good + p.user_id(SECOND) + revocation),
        ("in-second-copy", "A subkey's revocation in a second copy of the key counts.", "reject", good + good + revocation),
        ("in-first-copy", "A subkey's revocation in the first copy of the key counts.", "reject", good + revocation + good),
        ("in-spoilt-copy", "A subkey's revocation counts in a copy of the key that has no self-signature.", "reject",
         p.key + p.user_id() + subkey + revocation + good),
    ):
        case(f"subkey-{name}", about, verdict, "key-revoked" if verdict == "reject" else None, files, p.subkey)


def _of_user_ids(case, p, _):
    """A revoked user ID no longer says how long the key lives."""
    first, second = {"user_id": SECOND, "at": SOON}, p.identity(expires=EXPIRED)
    carries = p.user_id_revocation(at=SOON, after=subpacket(9, (EXPIRED - CREATED).to_bytes(4, "big")))
    for name, about, verdict, files in (
        ("says-nothing", "A user ID that is revoked no longer prolongs its key.", "reject",
         p.key + p.identity(expires=AT + YEAR, **first) + p.user_id_revocation(SECOND) + second),
        ("bogus", "A user ID's revocation whose signature is wrong does not count: it still shortens its key's life.", "reject",
         p.key + p.identity(expires=EXPIRED, **first) + p.user_id_revocation(SECOND, corrupt="value") + p.identity(expires=AT + YEAR)),
        ("carries-expiry", "A user ID's revocation says nothing about when the key expires.", "accept", p.certificate(expires=AT + YEAR) + carries),
    ):
        case(f"user-id-{name}", about, verdict, "key-expired" if verdict == "reject" else None, files)


def _by_revokers(case, p, workshop):
    """Revocations by other keys, and who is appointed to make them."""
    first, second, other = (Certificate(key(f"revocations-{name}", CREATED), f"{name} <{name}@example.org>") for name in ("first", "second", "other"))
    helper = key("revocations-helper", CREATED)
    owner = Certificate(key("revocations-owner", CREATED), "Owner <owner@example.org>").add_subkey(helper)
    rsa = workshop.certificate("rsa2048", "A Revoker <revoker@example.org>")

    def revoked(appoints, revoker, *present, hashed=None, unhashed=None, **options):
        """The key, which `appoints`, revoked by `revoker`, and the revokers' keys."""
        hashed = created(LATER) + revoker.issuer() if hashed is None else hashed
        revocation = signature(revoker, packets.KEY_REVOCATION, p.primary.hashed_body, hashed, unhashed, **options)
        return p.key + revocation + appoints + p.identity() + b"".join(certificate.public() for certificate in present)

    def appoints(*revokers, **options):
        return p.direct_signature(flags=CERTIFY | SIGN, after=b"".join(map(designated_revoker, revokers)), **options)

    to_first, both = appoints(first.primary), appoints(first.primary, second.primary)
    local = p.direct_signature(after=designated_revoker(first.primary) + subpacket(4, b"\0"))
    claims = {"hashed": created(LATER) + first.primary.issuer(), "claim": first.primary}
    for name, about, verdict, files in (
        ("second", "Of two appointed revokers, the second may revoke, too.", "reject", revoked(both, second.primary, first, second)),
        ("unhashed", "A revoker outside the hashed area is not appointed.", "accept",
         revoked(p.direct_signature(unhashed=designated_revoker(first.primary)), first.primary, first)),
        ("local", "A revoker in a signature that must not be exported is not appointed.", "accept", revoked(local, first.primary, first)),
        ("other-without-issuer", "Where a revoker is appointed, a revocation by another key does not count, though it names no issuer.", "accept",
         revoked(to_first, other.primary, first, other, hashed=created(LATER), unhashed=b"")),
        ("other-claims-revoker", "Nor does it count where it claims to be by the revoker.", "accept", revoked(to_first, other.primary, first, other, **claims)),
        ("subkey", "A subkey may be appointed, and revoke.", "reject", revoked(appoints(helper), helper, owner)),
        ("md5", "A revocation over MD5 by an appointed revoker proves nothing.", "accept", revoked(appoints(rsa.primary), rsa.primary, rsa, hash_name="md5")),
    ):
        case(f"revoker-{name}", about, verdict, "key-revoked" if verdict == "reject" else None, files)
