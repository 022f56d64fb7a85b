"""Signature packets that are malformed and still readable: GnuPG reads them, and so they count, both those that forbid and those that allow."""

import functools

from clock import AT, CREATED, DAY, EXPIRED, SIGNED, YEAR
from openpgp import packets
from openpgp.keys import CERTIFY, ENCRYPT, key
from openpgp.messages import message
from openpgp.packets import created, literal, one_pass, subpacket
from openpgp.parts import LATER, Parts, odd_signature
from workshop import IMAGE, Suite, policy, signed_by

BEFORE = created(CREATED - DAY)


def _integers(octets, change):
    """A signature's integers, each written anew by `change` from its bits and its octets."""
    out = b""
    while octets:
        bits = int.from_bytes(octets[:2], "big")
        size = (bits + 7) // 8
        out += change(bits, octets[2 : 2 + size])
        octets = octets[2 + size :]
    return out


def _written(change):
    return functools.partial(_integers, change=change)


def _mpi(bits, octets):
    return bits.to_bytes(2, "big") + octets


LEADING_ZERO = _written(lambda bits, octets: _mpi(len(octets) * 8 + 8, b"\0" + octets))
MORE_BITS = _written(lambda bits, octets: _mpi(len(octets) * 8, octets))
FEWER_BITS = _written(lambda bits, octets: _mpi(len(octets) * 8 - 7, octets))

REVOCATION, SUBKEY_REVOCATION, FLAGS, EXPIRY, BINDING, DIRECT, SELF, BOUND, BACK, DATA = (
    "key-revocation", "subkey-revocation", "flags-taken-away", "expiry-set", "binding-taken-away", "direct-expiry",
    "only-self-signature", "only-binding", "back-signature", "data")
RESTRICTIONS = (REVOCATION, SUBKEY_REVOCATION, FLAGS, EXPIRY, BINDING, DIRECT)
MOST = (REVOCATION, FLAGS, DATA)
ALL = (*RESTRICTIONS, SELF, BOUND, DATA)

# name, what is odd in words, what is odd, where
ODDITIES = (
    ("zero-length-subpacket", "its unhashed area holds a subpacket of no length", {"unhashed": b"\0"}, ALL),
    ("zero-length-subpacket-hashed", "its hashed area begins with a subpacket of no length", {"before": b"\0"}, (REVOCATION, DIRECT, DATA)),
    ("zero-length-subpacket-at-the-end", "its hashed area ends with a subpacket of no length", {"after": b"\0"}, (REVOCATION, FLAGS, SELF, DATA)),
    ("subpacket-type-0", "it holds a subpacket of the type 0", {"unhashed": b"\1\0"}, (REVOCATION, DATA)),
    ("leading-zero", "its integers begin with zeros", {"value": LEADING_ZERO}, (REVOCATION, SUBKEY_REVOCATION, FLAGS, BINDING, SELF, BOUND, BACK, DATA)),
    ("empty-integers", "its integers are zero and have no octets", {"value": lambda octets: bytes(4)}, (DATA,)),
    ("more-bits", "its integers claim more bits than they have", {"value": MORE_BITS}, MOST),
    ("fewer-bits", "its integers claim fewer bits than they have", {"value": FEWER_BITS}, MOST),
    ("octet-after-value", "an octet follows its value", {"value": lambda octets: octets + b"\0"}, (REVOCATION, SELF, DATA)),
    ("created-before-key-again", "a second creation time lies before the key's", {"after": BEFORE},
     (REVOCATION, SUBKEY_REVOCATION, FLAGS, BINDING, SELF, BOUND, BACK, DATA)),
    ("created-in-five-octets", "a creation time of five octets comes before the right one", {"before": subpacket(2, LATER.to_bytes(4, "big") + b"\0")},
     (REVOCATION, FLAGS, SELF)),
    ("algorithm-dsa", "it names DSA for its algorithm, which is not the key's", {"algorithm": 17}, (REVOCATION, SUBKEY_REVOCATION, FLAGS, SELF, DATA)),
    ("algorithm-ecdsa", "it names ECDSA for its algorithm, which is not the key's", {"algorithm": 19}, (REVOCATION, DATA)),
    ("version-2", "it is of version 2", {"version": 2}, (REVOCATION, SUBKEY_REVOCATION, DATA)),
    ("version-3", "it is of version 3", {"version": 3}, (REVOCATION, DATA)),
    ("version-3-hashed-length-6", "it is of version 3 and hashes six octets by its own account", {"version": 3, "hashed_length": 6}, (REVOCATION, DATA)),
)

# type, body, what is wrong with it
SIZES = (
    (4, b"\2", "exportable-of-value-2"),
    (5, b"\1", "trust-of-1-octet"),
    (9, b"\0\0\0", "key-expiration-time-of-3-octets"),
    (12, b"\x80\x16" + bytes(19), "revoker-of-21-octets"),
    (16, bytes(7), "issuer-of-7-octets"),
    (20, b"", "notation-empty"),
    (29, b"", "reason-empty"),
    (32, b"\4\x19", "embedded-signature-of-2-octets"),
    (33, b"\4" + bytes(19), "fingerprint-of-19-octets"),
)

SENTENCES = {
    REVOCATION: "A key's revocation counts, though {}.",
    SUBKEY_REVOCATION: "A subkey's revocation counts, though {}.",
    FLAGS: "A newer self-signature that takes the right to sign away counts, though {}.",
    EXPIRY: "A newer self-signature that ends the key's life counts, though {}.",
    BINDING: "A newer binding signature that takes the right to sign away counts, though {}.",
    DIRECT: "A direct key signature that ends the key's life counts, though {}.",
    SELF: "A self-signature makes a good key, though {}.",
    BOUND: "A binding signature binds a subkey, though {}.",
    BACK: "A back signature proves as much, though {}.",
    DATA: "A signature of the image is good, though {}.",
}
CODES = {REVOCATION: "key-revoked", SUBKEY_REVOCATION: "key-revoked", FLAGS: "key-not-for-signing", EXPIRY: "key-expired",
         BINDING: "key-not-for-signing", DIRECT: "key-expired"}
OF_SUBKEY = (SUBKEY_REVOCATION, BINDING, BOUND, BACK)

# What at least one release of GnuPG does not take after all.
REFUSED = {
    (FLAGS, "zero-length-subpacket-at-the-end"), (SELF, "zero-length-subpacket-at-the-end"), (DATA, "zero-length-subpacket-at-the-end"),
    (SELF, "leading-zero"), (BOUND, "leading-zero"), (BACK, "leading-zero"), (DATA, "leading-zero"), (DATA, "empty-integers"),
}
REFUSALS = {
    FLAGS: "A newer self-signature that takes the right to sign away does not count where {}.",
    SELF: "A self-signature makes no good key where {}.",
    BOUND: "A binding signature binds nothing where {}.",
    BACK: "A back signature proves nothing where {}.",
    DATA: "A signature of the image refuses where {}.",
}


def build(workshop):
    suite = Suite("signature-packets")
    parts = Parts(key("odd-signatures-primary", CREATED), key("odd-signatures-subkey", CREATED))
    content = workshop.payload()

    def case(name, about, verdict, code, octets=None, signer=None, odd=None, shared=parts, make=None):
        """One case: a key file, by default the plain one, and a message by its primary key or by `signer` that may be odd."""
        path = f"keys/packets/{name}.gpg" if octets else f"keys/packets/plain-{shared.primary.key_id.hex()}.gpg"
        key_file = workshop.write(path, octets or shared.with_subkey())
        signer = signer or shared.primary
        blob = workshop.blob(f"packets/{name}.sig" if odd or make else f"packets/plain-{signer.key_id.hex()}.sig",
                             make(signer, content) if make else _message(signer, content, **(odd or {})))
        suite.case(name, about, verdict, code, policy=policy(signed_by(key_file)), image=IMAGE, manifest=workshop.manifest, signatures=[blob], at=AT)

    def role(name, words, odd, role):
        refused = (role, name) in REFUSED
        verdict = "accept" if (role in RESTRICTIONS) == refused else "reject"
        about = (REFUSALS if refused else SENTENCES)[role]
        code = CODES.get(role) if verdict == "reject" and name != "leading-zero" else None
        if role == DATA:
            case(f"data-{name}", about.format(words), verdict, code, odd=odd)
        else:
            case(f"{role}-{name}", about.format(words), verdict, code, _key_file(parts, role, odd), parts.subkey if role in OF_SUBKEY else None)

    case("plain", "The same key, and a signature with nothing odd.", "accept", None)
    for place in ("first", "last"):
        # gpg 2.4 dies over such a signature.
        empty = workshop.blob("packets/empty-integers.sig", _message(parts.primary, content, value=lambda octets: bytes(4)))
        good = workshop.blob("packets/beside-empty-integers.sig", _message(parts.primary, content))
        key_file = workshop.write("keys/packets/beside-empty-integers.gpg", parts.with_subkey())
        suite.case(f"data-empty-integers-{place}-beside-good", f"A signature whose integers have no octets, {place}, does no harm to a good one.", "accept",
                   policy=policy(signed_by(key_file)), image=IMAGE, manifest=workshop.manifest, at=AT,
                   signatures=[empty, good] if place == "first" else [good, empty])
    case("plain-subkey", "The same subkey, and a signature with nothing odd.", "accept", None, signer=parts.subkey)
    for name, words, odd, roles in ODDITIES:
        for where in roles:
            role(name, words, odd, where)
    for number, octets, name in SIZES:
        for where in (REVOCATION, DATA):
            role(f"{name}", f"it holds a subpacket that is malformed: {name.replace('-', ' ')}", {"unhashed": subpacket(number, octets)}, where)
    _times(case, parts)
    _creation(case, parts)
    _bogus(case, parts, workshop.stranger.primary)
    _rsa(case)
    _names(case, parts)
    return suite


def _message(signer, content, **odd):
    """A message whose signature is odd."""
    return one_pass(signer) + literal(content) + odd_signature(signer, packets.BINARY, content, SIGNED, signer.issuer() + created(SIGNED), **odd)


def _key_file(parts, role, odd):
    """A key file whose signature in this role is odd; by it, a restriction stands beside what it restricts."""
    if role == REVOCATION:
        return parts.key + parts.revocation(**odd) + parts.identity()
    if role == SUBKEY_REVOCATION:
        return parts.with_subkey() + parts.subkey_revocation(**odd)
    if role == FLAGS:
        return parts.certificate() + parts.self_signature(at=LATER, flags=CERTIFY, **odd)
    if role == EXPIRY:
        return parts.certificate() + parts.self_signature(at=LATER, expires=EXPIRED, **odd)
    if role == BINDING:
        return parts.with_subkey() + parts.binding(at=LATER, flags=ENCRYPT, back=False, **odd)
    if role == DIRECT:
        return parts.key + parts.direct_signature(at=LATER, expires=EXPIRED, **odd) + parts.identity()
    if role == SELF:
        return parts.certificate(**odd)
    return parts.with_subkey(back_odd=odd) if role == BACK else parts.with_subkey(**odd)


def _times(case, parts):
    """Times and flags of another size than theirs, which GnuPG reads from their first octets, or not at all."""
    def seconds(number, value, more=b"\0"):
        return subpacket(number, value.to_bytes(4, "big") + more)

    over, to_come = EXPIRED - CREATED, AT + YEAR - CREATED
    for name, about, verdict, code, octets in (
        ("key-expiry-of-5-octets-over", "A key expiration time of five octets counts: it is over.", "reject", "key-expired", seconds(9, over)),
        ("key-expiry-of-5-octets-to-come", "A key expiration time of five octets counts: it is to come.", "accept", None, seconds(9, to_come)),
        ("key-expiry-of-3-octets", "A key expiration time of three octets cannot be read.", "reject", None, subpacket(9, b"\0\0\1")),
    ):
        case(name, about, verdict, code, parts.certificate(after=octets))
    for name, about, verdict, code, octets in (
        ("data-expiry-of-5-octets-over", "A signature's expiration time of five octets counts: it is over.", "reject", "signature-expired", seconds(3, DAY)),
        ("data-expiry-of-5-octets-to-come", "A signature's expiration time of five octets counts: it is to come.", "accept", None, seconds(3, YEAR)),
        ("data-expiry-of-3-octets", "A signature's expiration time of three octets cannot be read.", "reject", None, subpacket(3, b"\0\0\1")),
    ):
        case(name, about, verdict, code, odd={"after": octets})


def _creation(case, parts):
    """Creation times twice, or of another size."""
    for name, about, verdict, octets in (
        ("only-self-signature-created-before-key-first",
         "Of two creation times, the first counts: a self-signature that is older than its key makes no good key.",
         "reject", parts.certificate(before=BEFORE)),
        ("only-binding-created-before-key-first", "Of two creation times, the first counts: a binding that is older than its key binds nothing.",
         "reject", parts.with_subkey(before=BEFORE)),
        ("back-signature-created-before-key-first", "Of two creation times, the first counts: a back signature that is older than its key is none.",
         "reject", parts.with_subkey(back_odd={"before": BEFORE})),
    ):
        case(name, about, verdict, None, octets, None if name.startswith("only-self") else parts.subkey)
    case("data-created-before-key-first", "Of two creation times, the first counts: a signature of the image that is older than its key refuses.", "reject",
         None,
         odd={"before": BEFORE})
    for name, time in (("5-octets", SIGNED.to_bytes(4, "big") + b"\0"), ("3-octets", SIGNED.to_bytes(4, "big")[:3])):
        good = name == "5-octets"
        about = f"A creation time of {name.replace('-', ' ')} {'is read from its first four' if good else 'is none, and a signature needs one'}."
        case(f"data-created-in-{name}", about, "accept" if good else "reject", None,
             make=lambda signer, content, time=time: message(signer, content, SIGNED, hashed=signer.issuer() + subpacket(2, time)))


def _bogus(case, parts, stranger):
    """What is odd makes no foreign revocation a good one, and no wrong signature right."""
    for name, words, odd, _ in ODDITIES:
        if name in ("zero-length-subpacket", "leading-zero", "version-3", "algorithm-dsa"):
            revocation = odd_signature(stranger, packets.KEY_REVOCATION, parts.primary.hashed_body, LATER, created(LATER) + stranger.issuer(), **odd)
            case(f"foreign-revocation-{name}", f"Another key's revocation does not count, though {words}.", "accept", None,
                 parts.key + revocation + parts.identity())
            if name == "leading-zero":
                certification = odd_signature(stranger, packets.CERTIFICATION, parts.primary.hashed_body, LATER, created(LATER) + stranger.issuer(), **odd)
                case("foreign-certification-leading-zero", "What another key certifies means nothing, however its integers are written.", "accept", None,
                     parts.certificate() + certification)
                case("encryption-subkey-leading-zero", "A newer binding of a subkey that does not sign, whose integers begin with zeros, does no harm.",
                     "accept", None,
                     parts.certificate() + parts.subkey_packet + parts.binding(flags=ENCRYPT, back=False)
                     + parts.binding(at=LATER, flags=ENCRYPT, back=False, **odd))
                case("encryption-subkey-leading-zero-only", "The same, and no other binding of it.", "accept", None,
                     parts.certificate() + parts.subkey_packet + parts.binding(flags=ENCRYPT, back=False, **odd))
                case("encryption-subkey-leading-zero-before-user-id", "The same before the only user ID, which counts only where the subkey is dropped.",
                     "reject", None,
                     parts.key + parts.subkey_packet + parts.binding(flags=ENCRYPT, back=False, **odd) + parts.identity())
            if odd.get("version") is None:
                case(f"data-wrong-{name}", f"A signature of other data refuses, though {words}.", "reject", "bad-signature" if name != "leading-zero" else None,
                     odd={**odd, "corrupt": "value"})


def _rsa(case):
    """An RSA key, whose signatures may name the algorithms of old that only sign or only encrypt."""
    parts = Parts(key("rsa2048", CREATED), key("odd-signatures-subkey", CREATED))
    for number, name in ((2, "encrypt-only"), (3, "sign-only")):
        case(f"rsa-key-revocation-algorithm-{name}", f"An RSA key's revocation counts, though it names the algorithm {number}.", "reject", "key-revoked",
             parts.key + parts.revocation(algorithm=number) + parts.identity(), shared=parts)
        case(f"rsa-data-algorithm-{name}", f"An RSA signature of the image is good, though it names the algorithm {number}.", "accept", None,
             odd={"algorithm": number}, shared=parts)
    case("rsa-key-revocation-algorithm-dsa", "An RSA key's revocation that names DSA lacks an integer: it cannot be read, and with it the file.", "reject",
         None,
         parts.key + parts.revocation(algorithm=17) + parts.identity(), shared=parts)
    case("rsa-data-algorithm-dsa", "An RSA signature of the image that names DSA lacks an integer.", "reject", None, odd={"algorithm": 17}, shared=parts)
    for name, value in (("leading-zero", LEADING_ZERO), ("more-bits", MORE_BITS)):
        case(f"rsa-key-revocation-{name}", "An RSA key's revocation counts, however its integer is written.", "reject", "key-revoked",
             parts.key + parts.revocation(value=value) + parts.identity(), shared=parts)
        case(f"rsa-data-{name}", "An RSA signature of the image is good, however its integer is written.", "accept", None, odd={"value": value}, shared=parts)
    for integers, words in ((1, "one integer"), (2, "two integers")):
        elgamal = parts.self_signature(at=LATER, flags=None, algorithm=20, value=lambda octets, integers=integers: octets * integers)
        verdict, end = ("reject", "cannot be read, and with it the file") if integers == 1 else ("accept", "does no harm")
        case(f"rsa-self-signature-elgamal-{words.replace(' ', '-')}",
             f"A second self-signature that names Elgamal for its algorithm and holds {words} {end}.", verdict, None, parts.certificate() + elgamal,
             shared=parts)



def _names(case, parts):
    """Who a signature says that it is by."""
    signer = parts.primary
    for version, length, about in (
        (5, 32, "An issuer fingerprint of version 5 names a key, for gpg 2.4, which this one is not."),
        (6, 32, "An issuer fingerprint of version 6 says nothing, and the key ID counts."),
        (7, 20, "An issuer fingerprint of an unknown version says nothing, and the key ID counts."),
    ):
        named = subpacket(33, bytes([version]) + signer.fingerprint + bytes(length - 20))
        case(f"data-fingerprint-of-version-{version}", about, "reject" if version == 5 else "accept", None,
             make=lambda signer, content, named=named: message(signer, content, SIGNED, hashed=named + created(SIGNED)))
