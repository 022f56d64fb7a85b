"""Statements that releases of GnuPG take differently, and copies of a key: what allows must allow for all of them, what forbids forbids for any."""

import itertools

from bench import PacketBench
from clock import AT, CREATED, DAY, SIGNED
from openpgp.keys import CERTIFY, ENCRYPT, SIGN, Certificate, key
from openpgp.packets import (
    PUBLIC_SUBKEY,
    SECRET_SUBKEY,
    SIGNATURE,
    SUBKEY_BINDING,
    SUBKEY_REVOCATION,
    USER_ATTRIBUTE,
    body_of,
    created,
    notation,
    packet,
    signature,
    subpacket,
)
from openpgp.parts import LATER, SECOND, SOMEBODY, Parts

MIDDLE = CREATED + DAY


def build(workshop):
    bench = PacketBench(workshop, "copies")
    stranger = key("structure-second-owner", CREATED)
    for part in (_named_forbids, _named_allows, _bindings, _three, _critical, _doubles, _moved, _of_nobody, _equally_new, _places, _primary_as_subkey, _hidden,
                 _without_user, _secret, _ambiguous, _at_the_epoch):
        part(bench.case, bench.parts, stranger)
    return bench.suite


def _names(signer, stranger):
    """How a signature may name who made it: the hashed octets and the unhashed ones."""
    fingerprint, key_id = signer.issuer(), subpacket(16, signer.key_id)
    return {
        "fingerprint-only": (fingerprint, b""),
        "key-id-only": (b"", key_id),
        "key-id-hashed": (key_id, b""),
        "fingerprint-unhashed": (b"", fingerprint),
        "fingerprint-of-stranger": (stranger.issuer(), key_id),
        "key-id-of-stranger": (fingerprint, subpacket(16, stranger.key_id)),
        "fingerprint-of-version-5": (subpacket(33, bytes([5]) + signer.fingerprint[-8:] + bytes(24)), b""),
        "nobody": (b"", b""),
    }


# Under which of these names each release takes a signature for the key's own: 2.2, then 2.4.
TAKEN = {
    "fingerprint-only": (False, True), "key-id-only": (True, True), "key-id-hashed": (True, True), "fingerprint-unhashed": (False, False),
    "fingerprint-of-stranger": (True, False), "key-id-of-stranger": (False, True), "fingerprint-of-version-5": (False, True), "nobody": (False, False),
}


def _named_forbids(case, p, stranger):
    """A newer statement that forbids, under each name: it counts if any release takes it."""
    soon = SIGNED + DAY
    two = p.key + p.identity(SECOND, flags=CERTIFY) + p.identity(at=MIDDLE)
    for name, issuer in _names(p.primary, stranger).items():
        counts = any(TAKEN[name])
        for what, code, file, by_subkey in (
            ("expires-key", "key-expired", p.certificate() + p.self_signature(at=LATER, expires=soon, issuer=issuer), False),
            ("takes-right", "key-not-for-signing", p.certificate() + p.self_signature(at=LATER, flags=CERTIFY, issuer=issuer), False),
            ("direct-expires-key", "key-expired", p.key + p.direct_signature(at=LATER, flags=None, expires=soon, issuer=issuer) + p.identity(), False),
            ("direct-takes-right", "key-not-for-signing", p.key + p.direct_signature(at=LATER, flags=CERTIFY, issuer=issuer) + p.identity(), False),
            ("revokes-user-id", "key-not-for-signing", two + p.user_id_revocation(issuer=issuer), False),
            ("expires-subkey", "key-expired", p.with_subkey() + p.binding(at=LATER, expires=soon, issuer=issuer), True),
            ("takes-subkeys-right", "key-not-for-signing", p.with_subkey() + p.binding(at=LATER, flags=ENCRYPT, back=False, issuer=issuer), True),
        ):
            case(f"named-by-{name}-{what}", f"A statement that names its maker so ({name.replace('-', ' ')}) and {what.replace('-', ' ')}.",
                 "reject" if counts else "accept", code if counts else None, file, p.subkey if by_subkey else None)
        for what, file, by_subkey in (
            ("revokes-key", p.key + p.revocation(issuer=issuer) + p.identity(), False),
            ("revokes-subkey", p.with_subkey() + p.subkey_revocation(issuer=issuer), True),
        ):
            case(f"named-by-{name}-{what}",
                 f"A revocation that names its maker so ({name.replace('-', ' ')}): the owner's revocation counts, whomever it names.",
                 "reject", "key-revoked", file, p.subkey if by_subkey else None)


def _named_allows(case, p, stranger):
    """A statement that allows, under each name: it counts if all releases take it."""
    modest = p.certificate(flags=CERTIFY)
    encrypts = p.certificate() + p.subkey_packet + p.binding(flags=ENCRYPT, back=False)
    for name, issuer in _names(p.primary, stranger).items():
        counts = all(TAKEN[name])
        for what, file, by_subkey in (
            ("only-self-signature", p.key + p.user_id() + p.self_signature(issuer=issuer), False),
            ("only-binding", p.certificate() + p.subkey_packet + p.binding(issuer=issuer), True),
            ("gives-right", modest + p.self_signature(at=LATER, issuer=issuer), False),
            ("direct-gives-right", p.key + p.direct_signature(at=LATER, issuer=issuer) + p.identity(flags=CERTIFY), False),
            ("gives-subkeys-right", encrypts + p.binding(at=LATER, issuer=issuer), True),
        ):
            case(f"named-by-{name}-{what}", f"A statement that names its maker so ({name.replace('-', ' ')}) and {what.replace('-', ' ')}.",
                 "accept" if counts else "reject", None, file, p.subkey if by_subkey else None)


# What a copy says of the subkey; then, for each pair of them in order, whether all releases let it sign (+) or not (-).
STATES = ("old", "new", "newer-expired", "newer-encrypts", "newer-local", "old-encrypts", "unbound", "revoked")
IN_TWO_COPIES = "+++-+++-+++++++-----------------++-------+------++--------------"
IN_TWO_FILES = "+++-+++-+++++++-----------------++-------+------++--------------"
TWICE = "++---++-+++++++---------------------------------++--------------"


def _states(p):
    expired, local = subpacket(3, DAY.to_bytes(4, "big")), subpacket(4, b"\0")
    return dict(zip(STATES, (
        p.binding(), p.binding(at=LATER), p.binding(at=LATER, after=expired), p.binding(at=LATER, flags=ENCRYPT, back=False),
        p.binding(at=LATER, after=local), p.binding(flags=ENCRYPT, back=False), b"", p.binding() + p.subkey_revocation(),
    )))


def _bindings(case, p, _):
    """Each pair of things that two copies may say of a subkey."""
    states, head = _states(p), p.certificate()
    for form, table in (("copies", IN_TWO_COPIES), ("files", IN_TWO_FILES), ("twice", TWICE)):
        for (first, second), sign in zip(itertools.product(STATES, repeat=2), table, strict=True):
            one, other = p.subkey_packet + states[first], p.subkey_packet + states[second]
            files = {"copies": head + one + head + other, "files": [head + one, head + other], "twice": head + one + other}[form]
            where = {"copies": "in two copies of the key", "files": "in two files", "twice": "twice in a key"}[form]
            case(f"{form}-{first}-then-{second}", f"A subkey {where}: {first.replace('-', ' ')}, then {second.replace('-', ' ')}.",
                 "accept" if sign == "+" else "reject", None, files, p.subkey)


THREE = "+++++++++---------+++++++++"


def _three(case, p, _):
    """Three copies, of which each may be older, newer and expired, or newest."""
    states, head = _states(p), p.certificate()
    for which, sign in zip(itertools.product(("old", "newer-expired", "new"), repeat=3), THREE, strict=True):
        files = b"".join(head + p.subkey_packet + states[state] for state in which)
        case(f"three-{'-then-'.join(which)}", f"Three copies of a key with a subkey: {', '.join(which).replace('-', ' ')}.",
             "accept" if sign == "+" else "reject",
             None, files, p.subkey)


def _understood_by_one():
    """A critical subpacket that gpg 2.4 alone understands, and one that gpg 2.2 does."""
    return subpacket(34, b"\2", critical=True), notation("pka-address@gnupg.org", "somebody@example.org", critical=True)


def _critical(case, p, _):
    """Critical subpackets that one release understands: what forbids with one of them forbids, what allows does not allow."""
    known_to_newer, known_to_older = _understood_by_one()
    modest = p.certificate(flags=CERTIFY)
    for name, after in (("aead", known_to_newer), ("pka", known_to_older)):
        for what, about, verdict, file, by_subkey in (
            ("takes-right", "takes the right to sign away", "reject", p.certificate() + p.self_signature(at=LATER, flags=CERTIFY, after=after), False),
            ("direct-takes-right", "takes the right to sign away over the key", "reject",
             p.key + p.direct_signature(at=LATER, flags=CERTIFY, after=after) + p.identity(), False),
            ("takes-subkeys-right", "takes a subkey's right to sign away", "reject",
             p.with_subkey() + p.binding(at=LATER, flags=ENCRYPT, back=False, after=after), True),
            ("gives-right", "gives the right to sign", "reject", modest + p.self_signature(at=LATER, after=after), False),
            ("only-binding", "binds a subkey", "reject", p.certificate() + p.subkey_packet + p.binding(after=after), True),
        ):
            case(f"critical-{name}-{what}", f"A signature with a critical subpacket that one release alone understands {about}.", verdict, None, file,
                 p.subkey if by_subkey else None)


def _doubles(case, p, _):
    """Signatures with the same integers, of which one stays: what is not signed may differ."""
    fingerprint, key_id = p.primary.issuer(), subpacket(16, p.primary.key_id)
    bound = p.certificate() + p.subkey_packet
    local = subpacket(4, b"\0")
    gives, takes, modest = p.self_signature(at=LATER), p.self_signature(at=LATER, flags=CERTIFY), p.key + p.identity(SECOND, flags=CERTIFY)
    altered = gives.replace(subpacket(27, bytes([CERTIFY | SIGN])), subpacket(27, bytes([CERTIFY])))
    for name, about, verdict, file, by_subkey in (
        ("self-signature-same", "A self-signature twice, octet for octet.", "accept", p.certificate() + p.self_signature(), False),
        ("self-signature-without-key-id", "The self-signature once more without the key ID: gpg 2.2 may keep that one, and does not know whose it is.",
         "reject",
         p.certificate() + p.self_signature(issuer=(fingerprint, b"")), False),
        ("self-signature-without-key-id-first", "The same, the one without a key ID first.", "reject",
         p.key + p.user_id() + p.self_signature(issuer=(fingerprint, b"")) + p.self_signature(), False),
        ("self-signature-nobodys", "The self-signature once more, naming nobody.", "reject",
         p.key + p.user_id() + p.self_signature(issuer=(b"", key_id)) + p.self_signature(issuer=(b"", b"")), False),
        ("self-signature-local", "The self-signature once more with a mark that it must not be exported, which is not signed.", "reject",
         p.key + p.user_id() + p.self_signature() + p.self_signature(issuer=(fingerprint, local + key_id)), False),
        ("self-signature-local-first", "The same, the marked one first.", "reject",
         p.key + p.user_id() + p.self_signature(issuer=(fingerprint, local + key_id)) + p.self_signature(), False),
        ("binding-same", "A binding twice, octet for octet.", "accept", bound + p.binding() + p.binding(), True),
        ("binding-without-key-id", "The binding once more without the key ID.", "reject", bound + p.binding() + p.binding(issuer=(fingerprint, b"")), True),
        ("binding-local", "The binding once more with a mark that it must not be exported.", "reject",
         bound + p.binding() + p.binding(issuer=(fingerprint, local + key_id)), True),
        ("self-signature-without-key-id-before-user-id", "The self-signature once more before the user ID, while the one behind it is without the key ID.",
         "reject",
         p.key + p.self_signature() + p.user_id() + p.self_signature(issuer=(fingerprint, b"")), False),
        ("self-signature-with-key-id-behind-other-user-id", "The same behind another user ID.", "reject",
         p.key + p.user_id(SECOND) + p.self_signature() + p.user_id() + p.self_signature(issuer=(fingerprint, b"")), False),
        ("altered-first", "Another certification with the same integers comes first, behind another user ID, and takes the place of the good one there.",
         "reject",
         modest + altered + gives + p.user_id(), False),
        ("altered-last", "The same, the good one first.", "reject", modest + gives + altered + p.user_id(), False),
        ("altered-in-place", "The same, the other one behind its own user ID: gpg moves the good one there, and keeps one of both.", "reject",
         modest + gives + p.user_id() + altered, False),
        ("altered-in-first-copy", "A certification that is not good keeps the good one with the same integers away, which a second copy has.", "reject",
         p.certificate(flags=CERTIFY) + altered + p.key + p.user_id() + gives, False),
        ("other-algorithm-in-first-copy", "Not where it names another algorithm.", "reject",
         p.certificate() + _with_octet(takes, 2, 17) + p.key + p.user_id() + takes, False),
        ("other-type-in-first-copy", "Nor where it is not even a certification.", "reject",
         p.certificate() + _with_octet(takes, 1, SUBKEY_BINDING) + p.key + p.user_id() + takes, False),
        ("in-second-copy", "A second copy without the key ID is another signature, and does no harm.", "accept",
         p.certificate() + p.key + p.user_id() + p.self_signature(issuer=(fingerprint, b"")), False),
    ):
        case(f"double-{name}", about, verdict, None, file, p.subkey if by_subkey else None)
    _doubles_that_forbid(case, p, local)


def _doubles_that_forbid(case, p, local):
    """A statement twice, once with a mark that it must not be exported, which is not signed: gpg may drop both, and what forbids forbids all the same."""
    soon, ordinary = SIGNED + DAY, (p.primary.issuer(), subpacket(16, p.primary.key_id))
    marked = (p.primary.issuer(), local + subpacket(16, p.primary.key_id))
    for name, about, code, make in (
        ("direct-expires-key", "A direct key signature that ends the key", "key-expired",
         lambda issuers: p.key + b"".join(p.direct_signature(at=LATER, flags=None, expires=soon, issuer=issuer) for issuer in issuers) + p.identity()),
        ("direct-takes-right", "A direct key signature that takes the right to sign away", "key-not-for-signing",
         lambda issuers: p.key + b"".join(p.direct_signature(at=LATER, flags=CERTIFY, issuer=issuer) for issuer in issuers) + p.identity()),
        ("expires-key", "A newer self-signature that ends the key", "key-expired",
         lambda issuers: p.certificate() + b"".join(p.self_signature(at=LATER, expires=soon, issuer=issuer) for issuer in issuers)),
        ("takes-right", "A newer self-signature that takes the right to sign away", "key-not-for-signing",
         lambda issuers: p.certificate() + b"".join(p.self_signature(at=LATER, flags=CERTIFY, issuer=issuer) for issuer in issuers)),
    ):
        case(f"double-{name}-local", f"{about}, then the same again, marked.", "reject", code, make([ordinary, marked]))
        case(f"double-{name}-local-first", f"{about}, marked, then the same again without the mark.", "reject", code, make([marked, ordinary]))
        case(f"double-{name}-both-local", f"{about}, twice, both marked: none of both counts.", "accept", None, make([marked, marked]))
    gives = [p.direct_signature(at=LATER, issuer=issuer) for issuer in (ordinary, marked)]
    for name, about, verdict, direct in (
        ("same", "twice, octet for octet: gpg keeps one", "accept", gives[0] * 2),
        ("local", "then the same again, marked: gpg keeps that one, and drops it", "reject", gives[0] + gives[1]),
        ("local-first", "marked, then the same again without the mark", "reject", gives[1] + gives[0]),
    ):
        case(f"double-direct-gives-right-{name}", f"A direct key signature that alone allows the key to sign, {about}.", verdict,
             None if verdict == "accept" else "key-not-for-signing", p.key + direct + p.identity(flags=CERTIFY))


def _with_octet(octets, place, octet):
    """The packet with another octet in its body."""
    body = bytearray(body_of(octets))
    body[place] = octet
    return packet(SIGNATURE, bytes(body))


def _moved(case, p, _):
    """Signatures that stand in a wrong place and are older than the key that made them: gpg moves them all the same, and then they are not good."""
    older = CREATED - DAY
    bound = p.certificate() + p.subkey_packet
    for name, about, verdict, file, by_subkey in (
        ("certification-before-user-id", "A certification that is older than its key, before its user ID.", "accept",
         p.key + p.self_signature(at=older) + p.identity(), False),
        ("certification-of-nobody-before-user-id", "The same of a user ID that is not there: gpg gives the key up.", "reject",
         p.key + p.self_signature(at=older, user_id=SECOND) + p.identity(), False),
        ("only-certification-before-user-id", "The same, and no other.", "reject", p.key + p.self_signature(at=older) + p.user_id(), False),
        ("user-id-revocation-before-user-id", "The revocation of a user ID that is older than its key, before the user ID.", "accept",
         p.key + p.user_id_revocation(at=older) + p.identity(), False),
        ("binding-before-subkey", "A binding that is older than its key, before its subkey.", "accept",
         p.certificate() + p.binding(at=older) + p.subkey_packet + p.binding(), True),
        ("only-binding-before-subkey", "The same, and no other.", "reject", p.certificate() + p.binding(at=older) + p.subkey_packet, True),
        ("subkey-revocation-before-subkey", "The revocation of a subkey that is older than its key, before the subkey.", "accept",
         p.certificate() + p.subkey_revocation(at=older) + p.subkey_packet + p.binding(), True),
        ("subkey-revocation", "The same behind its subkey.", "accept", bound + p.subkey_revocation(at=older) + p.binding(), True),
        ("back-signature", "A back signature that is older than its subkey.", "reject", bound + p.binding(at=older), True),
        ("algorithm-0-before-user-id", "A certification of the algorithm 0, of which gpg does not even read whose it is, before the user ID.", "accept",
         p.key + p.self_signature(algorithm=0) + p.identity(), False),
        ("algorithm-99-before-user-id", "A certification of an unknown algorithm before the user ID: gpg gives the key up.", "reject",
         p.key + p.self_signature(algorithm=99) + p.identity(), False),
    ):
        case(f"moved-{name}", about, verdict, None, file, p.subkey if by_subkey else None)


def _of_nobody(case, p, _):
    """A copy with a certification that matches no user ID of it: a release gives the copy up for which the key has made that, and no other does."""
    fingerprint, key_id = p.primary.issuer(), subpacket(16, p.primary.key_id)
    unsigned = p.key + p.user_id()
    by_fingerprint, by_key_id = (p.key + p.self_signature(issuer=issuer) for issuer in ((fingerprint, b""), (b"", key_id)))
    second, expires = p.identity(SECOND), p.identity(SECOND, at=LATER, expires=SIGNED + DAY)
    for name, about, verdict, code, file in (
        ("alone", "A copy that gpg 2.4 gives up.", "reject", "no-trusted-key", by_fingerprint + second),
        ("behind-unsigned", "The same behind a copy whose user ID is not signed, which gpg 2.4 keeps as Debian builds it, and not as it is published.",
         "reject", "no-trusted-key", unsigned + by_fingerprint + second),
        ("before-unsigned", "The same before it.", "reject", "no-trusted-key", by_fingerprint + second + unsigned),
        ("behind-good", "The same behind a copy whose user ID is signed.", "accept", None, p.certificate() + by_fingerprint + second),
        ("before-good", "The same before it.", "accept", None, by_fingerprint + second + p.certificate()),
        ("behind-good-expires-key", "A copy that gpg 2.4 gives up ends the key, behind one whose user ID is signed.", "reject", "key-expired",
         p.certificate() + by_fingerprint + expires),
        ("of-all-behind-unsigned", "A copy that every gpg gives up, behind one whose user ID is not signed.", "reject", "no-trusted-key",
         unsigned + by_key_id + second),
        ("of-all-behind-good-expires-key", "A copy that every gpg gives up ends the key in vain, behind one whose user ID is signed.", "accept", None,
         p.certificate() + by_key_id + expires),
    ):
        case(f"of-nobody-{name}", about, verdict, code, file)


def _equally_new(case, p, _):
    """Of statements that are equally new, the one that gpg has put last counts: those that it moves or merges come in an order of their own."""
    may, may_not = (p.self_signature(at=LATER, flags=flags) for flags in (CERTIFY | SIGN, CERTIFY))
    direct, direct_not = (p.direct_signature(at=LATER, flags=flags) for flags in (CERTIFY | SIGN, CERTIFY))
    user_id, second = p.user_id(), p.key + p.identity()
    subkey = p.subkey_packet + p.binding()
    weak = p.key + p.identity(flags=CERTIFY)
    for name, about, verdict, file in (
        ("moved-gives-last", "Two certifications before their user ID, the second allows the key to sign.", "reject", p.key + may_not + may + user_id),
        ("moved-gives-first", "Two certifications before their user ID, the first allows the key to sign.", "accept", p.key + may + may_not + user_id),
        ("moved-gives-other-does-not", "A certification before its user ID, beside one after it: the first allows the key to sign.", "reject",
         p.key + may + user_id + may_not),
        ("moved-does-not-other-gives", "A certification before its user ID, beside one after it: the second allows the key to sign.", "accept",
         p.key + may_not + user_id + may),
        ("direct-gives-last", "Two direct key signatures in a second copy, the second allows the key to sign.", "reject",
         p.certificate() + p.key + direct_not + direct + p.identity()),
        ("direct-gives-first", "Two direct key signatures in a second copy, the first allows the key to sign.", "accept",
         p.certificate() + p.key + direct + direct_not + p.identity()),
        ("user-id-gives-in-second-copy", "A new user ID in a second copy of a key with a subkey goes before the subkey, and allows the key to sign.", "accept",
         weak + subkey + p.key + p.identity(SECOND, at=LATER)),
        ("user-id-does-not-in-second-copy", "A new user ID in a second copy of a key with a subkey goes before the subkey, and allows no signing.", "reject",
         second + subkey + p.key + p.identity(SECOND, at=LATER, flags=CERTIFY)),
    ):
        case(f"equally-new-{name}", about, verdict, None, file, None)


def _places(case, p, stranger):
    """What stands before a user ID, and subkeys that two keys have."""
    subkey, local = p.subkey_packet, subpacket(4, b"\0")
    for name, about, verdict, file, by_subkey in (
        ("behind-unbound-copy-of-subkey",
         "An unbound copy of the subkey before the only user ID, the bound one behind it: gpg 2.4 makes them one, before the user ID.", "reject",
         p.key + subkey + p.identity() + subkey + p.binding(), True),
        ("behind-unbound-copy-by-primary", "The same, signed by the primary key.", "reject", p.key + subkey + p.identity() + subkey + p.binding(), False),
        ("behind-revoked-unbound-subkey", "A subkey that is only revoked before the only user ID: Debian's gpg keeps it there.", "reject",
         p.key + subkey + p.subkey_revocation() + p.identity(), False),
        ("behind-local-subkey", "A subkey with a binding that is not exported stays before the only user ID.", "reject",
         p.key + subkey + p.binding(after=local) + p.identity(), False),
        ("second-behind-revoked-unbound-subkey", "A second user ID behind a subkey that is only revoked does no harm.", "accept",
         p.certificate() + subkey + p.subkey_revocation() + p.identity(SECOND), False),
        ("second-behind-revoked-unbound-subkey-expires-key",
         "A second user ID behind a subkey that is only revoked ends the key for a gpg that drops the subkey.", "reject",
         p.certificate() + subkey + p.subkey_revocation() + p.identity(SECOND, at=LATER, expires=SIGNED + DAY), False),
        ("second-behind-revoked-unbound-subkey-takes-right", "It takes the right to sign away for such a gpg.", "reject",
         p.certificate() + subkey + p.subkey_revocation() + p.identity(SECOND, at=LATER, flags=CERTIFY), False),
        ("second-behind-revoked-unbound-subkey-gives-right", "It gives the right to sign for such a gpg only.", "reject",
         p.certificate(flags=CERTIFY) + subkey + p.subkey_revocation() + p.identity(SECOND, at=LATER), False),
        ("second-behind-revoked-bound-subkey-takes-right", "A second user ID behind a subkey that is bound, too, takes nothing away.", "accept",
         p.certificate() + subkey + p.binding() + p.subkey_revocation() + p.identity(SECOND, at=LATER, flags=CERTIFY), False),
        ("twice-then-revoked", "A user ID twice is one: the revocation behind the second counts, and the other user ID allows no signing.", "reject",
         p.key + p.identity(SECOND, flags=CERTIFY) + p.identity(at=MIDDLE) + p.user_id() + p.user_id_revocation(), False),
    ):
        case(f"user-id-{name}", about, verdict, None, file, p.subkey if by_subkey else None)
    other = Parts(stranger, p.subkey)
    second = other.with_subkey()
    case("shared-subkey-first-not-self-signed",
         "Two keys with the same subkey: the first has no good user ID, so that one gpg names the first, and another the second.",
         "reject", None, [other.key + other.user_id() + subkey + other.binding(), p.with_subkey()], p.subkey)
    for name, about, verdict, first in (
        ("local", "Two keys with the same subkey: the first has a binding that is not exported, and keeps the subkey.", "reject",
         p.certificate() + subkey + p.binding(after=local)),
        ("behind-user-id", "Two keys with the same subkey: the user ID of the first stands behind it.", "reject", p.key + subkey + p.binding() + p.identity()),
        ("revoked-unbound", "Two keys with the same subkey, which the first has only revoked.", "reject", p.certificate() + subkey + p.subkey_revocation()),
        ("unbound", "Two keys with the same subkey: the first has not bound it, so that it is not there.", "accept", p.certificate() + subkey),
        ("without-user-id", "Two keys with the same subkey: the first has no user ID, and is not imported.", "accept", p.key + subkey + p.binding()),
    ):
        case(f"shared-subkey-first-{name}", about, verdict, None, first + second, p.subkey)


def _primary_as_subkey(case, p, stranger):
    """A primary key that another key has as its subkey: gpg 2.2 finds that, and takes the key for known."""
    other, own = Parts(stranger, p.primary), Parts(stranger)
    for name, about, verdict, files in (
        ("before", "A key after another one that has it as a subkey.", "reject", [other.with_subkey(back=False) + p.with_subkey()]),
        ("before-in-other-file", "The same in two files.", "reject", [other.with_subkey(back=False), p.with_subkey()]),
        ("behind", "A key before another one that has it as a subkey.", "accept", [p.with_subkey() + other.with_subkey(back=False)]),
        ("unbound-before", "A key after another one that has it as a subkey without a binding, and so has not.", "accept",
         [own.certificate() + other.subkey_packet + p.with_subkey()]),
    ):
        case(f"primary-as-subkey-{name}", about, verdict, None, files, p.subkey)


def _hidden(case, p, _):
    """A subkey of an algorithm that GnuPG does not know: its key ring counts without it, so that it takes it for the one behind it."""
    body = p.subkey.public_body[:5] + bytes([99]) + p.subkey.public_body[6:]
    unknown = packet(PUBLIC_SUBKEY, body)
    signed = p.primary.hashed_body + b"\x99" + len(body).to_bytes(2, "big") + body

    def over_unknown(kind):
        return signature(p.primary, kind, signed, created(CREATED) + p.primary.issuer(), subpacket(16, p.primary.key_id))

    bound, revoked = unknown + over_unknown(SUBKEY_BINDING), unknown + over_unknown(SUBKEY_REVOCATION)
    subkey = p.subkey_packet + p.binding()
    for name, about, verdict, file, by_subkey in (
        ("bound-before", "A bound subkey of an unknown algorithm before the signing subkey.", "reject", p.certificate() + bound + subkey, True),
        ("revoked-before", "A revoked subkey of an unknown algorithm before the signing subkey: Debian's gpg keeps it.", "reject",
         p.certificate() + revoked + subkey, True),
        ("unbound-before", "An unbound subkey of an unknown algorithm before the signing subkey is dropped.", "accept", p.certificate() + unknown + subkey,
         True),
        ("bound-behind", "A bound subkey of an unknown algorithm behind the signing subkey does no harm.", "accept", p.certificate() + subkey + bound, True),
        ("bound-before-by-primary", "Nor does it to the primary key.", "accept", p.certificate() + bound + subkey, False),
        ("bound-in-second-copy", "Nor in a second copy: it comes behind.", "accept", p.with_subkey() + p.certificate() + bound, True),
    ):
        case(f"unknown-subkey-{name}", about, verdict, None, file, p.subkey if by_subkey else None)


def _without_user(case, p, _):
    """Copies without a good user ID: GnuPG drops them, or merges them, or even begins with them."""
    soon = SIGNED + DAY
    bare = p.key + p.user_id("Somebody Else")
    for name, about, verdict, code, files, by_subkey in (
        ("direct-signature-first", "A first copy without a good user ID, whose direct key signature lets the key expire: Debian's gpg 2.4 keeps it.", "reject",
         "key-expired",
         bare + p.direct_signature(at=LATER, flags=None, expires=soon) + p.certificate(), False),
        ("direct-signature-second", "The same as a second copy.", "reject", "key-expired",
         p.certificate() + p.key + p.direct_signature(at=LATER, flags=None, expires=soon), False),
        ("direct-signature-in-second-file", "The same in a second file.", "reject", "key-expired",
         [p.certificate(), p.key + p.direct_signature(at=LATER, flags=None, expires=soon)], False),
        ("direct-signature-in-first-file", "The same in a first file.", "reject", "key-expired",
         [bare + p.direct_signature(at=LATER, flags=None, expires=soon), p.certificate()], False),
        ("binding-second", "A second copy without a user ID, whose binding is not for signing.", "reject", None,
         p.with_subkey() + p.key + p.subkey_packet + p.binding(at=LATER, flags=ENCRYPT, back=False), True),
        ("nothing-first", "A first copy without a good user ID and without anything else.", "accept", None, bare + p.certificate(), False),
    ):
        case(f"without-user-id-{name}", about, verdict, code, files, p.subkey if by_subkey else None)


def _secret(case, p, stranger):
    """Secret keys and subkeys in key files: gpg looks a secret key up that it has imported, and gives the file up where it is not there."""
    secret = Certificate(p.primary, SOMEBODY).secret()
    bare = secret[:_end_of_packet(secret)] + p.user_id()
    subkey = packet(SECRET_SUBKEY, p.subkey.secret_body())
    unread = packet(SECRET_SUBKEY, p.subkey.public_body[:5] + b"\x63" + bytes(70000))
    other = Parts(stranger)
    odd = packet(SIGNATURE, bytes([5]) + bytes(40))
    known_to_newer, known_to_older = _understood_by_one()
    of_nobody = secret[:_end_of_packet(secret)] + p.self_signature(user_id=SECOND) + p.user_id()
    for name, about, verdict, files, signer in (
        ("key-without-user-id-before", "A secret key without a user ID before a public copy: gpg gives the file up.", "reject", bare + p.certificate(),
         p.primary),
        ("key-bare-before", "A secret key with nothing behind it before a public copy: gpg does not even begin with it.", "accept",
         secret[:_end_of_packet(secret)] + p.certificate(), p.primary),
        ("key-bare-before-other", "The same before another key.", "accept", secret[:_end_of_packet(secret)] + other.certificate(), stranger),
        ("key-without-user-id-before-other", "The same before another key.", "reject", bare + other.certificate(), stranger),
        ("key-without-user-id-in-other-file", "In another file it does no harm.", "accept", [bare, p.certificate()], p.primary),
        ("key-without-user-id-behind", "Nor does it behind a public copy.", "accept", p.certificate() + bare, p.primary),
        ("key-before", "A whole secret key before a public copy.", "accept", secret + p.certificate(), p.primary),
        ("key-before-copy-that-forbids", "A whole secret key before a public copy that takes the right to sign away: with an agent, gpg reads that.", "reject",
         secret + p.certificate(flags=CERTIFY, at=LATER), p.primary),
        ("key-before-copy-that-forbids-for-older", "A public copy behind a secret key that takes the right to sign away for gpg 2.2 alone.", "reject",
         secret + p.key + p.user_id() + p.self_signature(at=LATER, flags=CERTIFY, after=known_to_older), p.primary),
        ("key-before-copy-that-forbids-for-newer", "The same for gpg 2.4 alone.", "reject",
         secret + p.key + p.user_id() + p.self_signature(at=LATER, flags=CERTIFY, after=known_to_newer), p.primary),
        ("key-signed-for-older-before-good-copy", "A secret key that vouches for itself for gpg 2.2 alone, before a good public copy.", "reject",
         bare + p.self_signature(after=known_to_older) + p.certificate(), p.primary),
        ("key-signed-for-newer-before-good-copy", "The same for gpg 2.4 alone.", "reject",
         bare + p.self_signature(after=known_to_newer) + p.certificate(), p.primary),
        ("key-allowed-for-older-before-good-copy", "A secret key that may sign for gpg 2.2 alone, before a public copy that lets it: without an agent, gpg reads no further.",
         "reject", bare + p.self_signature(flags=CERTIFY) + p.self_signature(at=MIDDLE, after=known_to_older) + p.certificate(at=LATER), p.primary),
        ("key-of-nobody-before-good-copy", "A secret key with a certification of no user ID, before a good public copy: gpg gives the secret key up and reads that.",
         "reject", of_nobody + p.certificate(), p.primary),
        ("key-of-nobody-before-copy-that-forbids-in-first-file", "The same before a public copy that takes the right to sign away, in the first of two files.",
         "reject", [of_nobody + p.certificate(at=LATER, flags=CERTIFY), p.certificate()], p.primary),
        ("key-without-user-id-before-copy-that-forbids-in-first-file", "A secret key without a good user ID before such a copy: GnuPG as it is published reads on.",
         "reject", [bare + p.certificate(at=LATER, flags=CERTIFY), p.certificate()], p.primary),
        ("key-before-copy-that-allows", "A whole secret key that may not sign before a public copy that may: without an agent, gpg reads no further.", "reject",
         Certificate(p.primary, SOMEBODY, flags=CERTIFY).secret() + p.certificate(at=LATER), p.primary),
        ("key-behind-copy-that-forbids", "A whole secret key behind a public copy that takes the right to sign away.", "reject",
         p.certificate(flags=CERTIFY, at=LATER) + secret, p.primary),
        ("key-before-other", "A whole secret key before another key: without an agent, gpg reads no further.", "reject",
         secret + other.certificate(), stranger),
        ("subkey-before-public-one", "A secret subkey of a public key, before the same as a public one: gpg 2.4 makes them one, and drops it.", "reject",
         p.certificate() + subkey + p.subkey_packet + p.binding(), p.subkey),
        ("subkey-before-self-signature", "A secret subkey of a public key before the only self-signature: gpg drops that with the subkey.", "reject",
         p.key + p.user_id() + subkey + p.self_signature(), p.primary),
        ("unread-subkey-before-self-signature", "The same with one of an unknown algorithm, of which nothing is read.", "reject",
         p.key + p.user_id() + unread + p.self_signature(), p.primary),
        ("unread-subkey-before-newer-self-signature", "An unread one before a newer self-signature, which allows no signing and is lost.", "accept",
         p.certificate() + unread + p.self_signature(at=LATER, flags=CERTIFY), p.primary),
        ("subkey-before-newer-self-signature", "A secret subkey of a public key before a newer self-signature, which allows no signing and is lost.", "accept",
         p.certificate() + subkey + p.self_signature(at=LATER, flags=CERTIFY), p.primary),
        ("subkey-before-binding-of-other", "A secret subkey of a public key before a newer binding of the same public one, which allows no signing.", "reject",
         p.with_subkey() + subkey + p.binding(at=LATER, flags=ENCRYPT, back=False), p.subkey),
        ("subkey-before-direct-signature", "A secret subkey of a public key before a direct key signature, which gpg moves.", "reject",
         p.certificate() + subkey + p.direct_signature(at=LATER, flags=CERTIFY), p.primary),
        ("subkey-behind-public-one", "The same behind the public one.", "accept", p.with_subkey() + subkey, p.subkey),
        ("damaged-subkey-first-in-other-file", "A file that begins with a damaged secret subkey: gpg 2.2 ends over it.", "reject",
         [p.certificate(), packet(SECRET_SUBKEY, p.subkey.public_body + b"\xfe") + p.binding()], p.primary),
        ("empty-attribute-in-other-file", "An empty user attribute with a certification: gpg ends over it.", "reject",
         [p.certificate(), other.key + packet(USER_ATTRIBUTE, b"") + other.self_signature()], p.primary),
        ("empty-attribute-before-first-key", "An empty user attribute before the first key does no harm.", "accept",
         packet(USER_ATTRIBUTE, b"") + p.certificate(), p.primary),
        ("cut-off-second-copy", "A second copy that is cut off within a signature: gpg keeps what it has of it.", "reject",
         p.certificate() + p.key + p.identity(at=LATER, flags=CERTIFY) + p.subkey_packet + p.binding()[:-20], p.primary),
        ("version-5-in-second-copy", "A second copy with a signature of version 5, which gpg 2.4 reads: it may hold what forbids.", "reject",
         p.certificate() + p.key + p.identity(at=LATER) + odd, p.primary),
    ):
        case(f"{'secret-' if 'key' in name and 'empty' not in name else ''}{name}", about, verdict, None, files, signer)


def _end_of_packet(octets):
    """The length of the first packet, with a new header of one or two octets of length."""
    first = octets[1]
    return 2 + first if first < 192 else 3 + (first - 192 << 8) + octets[2] + 192


def _ambiguous(case, p, _):
    """A copy with a signature that releases read differently: nothing of the key counts, whatever other copies there are."""
    short = subpacket(9, b"\0\0\1")
    odd = p.self_signature(at=LATER, flags=CERTIFY, after=short)
    for name, about, verdict, files in (
        ("second-copy", "A second copy takes the right to sign away, with a time that is too short to be read.", "reject",
         p.certificate() + p.key + p.user_id() + odd),
        ("first-copy", "A first copy does.", "reject", p.key + p.user_id() + odd + p.certificate()),
        ("second-file", "A second file does.", "reject", [p.certificate(), p.key + p.user_id() + odd]),
        ("first-file", "A first file does.", "reject", [p.key + p.user_id() + odd, p.certificate()]),
    ):
        case(f"ambiguous-in-{name}", about, verdict, None, files)


def _at_the_epoch(case, _, stranger):
    """Self-signatures of the time 0: GnuPG goes by the last of them, and else by the first of the newest."""
    p = Parts(key("structure-primary", 0))
    for name, about, verdict, first, second in (
        ("allows-last", "Of two user IDs with self-signatures of the time 0, the last counts: it allows.", "accept", CERTIFY, CERTIFY | SIGN),
        ("forbids-last", "Of two user IDs with self-signatures of the time 0, the last counts: it forbids.", "reject", CERTIFY | SIGN, CERTIFY),
    ):
        file = p.key + p.identity(at=0, flags=first) + p.identity(SECOND, at=0, flags=second)
        case(f"at-the-epoch-{name}", about, verdict, None, file, p.primary, at=AT)
