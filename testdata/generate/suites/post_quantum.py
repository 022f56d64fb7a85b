"""ML-DSA with Ed25519 or Ed448 (RFC 9980): two signatures over the same digest, of which each must be good.

Keys of version 6 alone may have these algorithms, which GnuPG does not know.
"""

import functools

from bench import PacketBench
from clock import CREATED
from openpgp import packets
from openpgp.algorithms import Ed25519, ml_dsa_65_ed25519, ml_dsa_87_ed448
from openpgp.keys import Certificate, Key, key
from openpgp.messages import data_signature
from openpgp.packets import literal, one_pass
from openpgp.parts import SOMEBODY
from suites.rfc9580 import certificate_of
from workshop import NOBODY_CHECKS

ALGORITHMS = (("ml-dsa-65", "ML-DSA-65 with Ed25519", ml_dsa_65_ed25519), ("ml-dsa-87", "ML-DSA-87 with Ed448", ml_dsa_87_ed448))


def build(workshop):
    bench = PacketBench(workshop, "post-quantum")
    for name, algorithm, make in ALGORITHMS:
        _good(bench.case, name, algorithm, make)
        _halves(bench.case, name, algorithm, make)
        _certificates(bench.case, name, algorithm, make)
    return bench.suite


def _message(value=None, algorithm=None):
    """Signs with another value in the signature's packet: what becomes of it is up to `value`."""
    def make(signer, content, time):
        return one_pass(signer) + literal(content) + data_signature(signer, content, time, value=value, algorithm=algorithm)

    return make


def _changed(octets, position):
    return octets[:position] + bytes([octets[position] ^ 1]) + octets[position + 1 :]


def _good(case, name, algorithm, make):
    six = Key(make("primary"), CREATED, version=6)
    case(f"{name}-good", f"A key for {algorithm} signs.", "accept", None, certificate_of(six).public(), six)
    case(f"{name}-policy-gnupg", "GnuPG reads no version 6 key, nor does its policy.", NOBODY_CHECKS, "unsupported-signature",
         certificate_of(six).public(), six, crypto_policy="gnupg")
    four = key(f"beside-{name}", CREATED)
    both = certificate_of(six).public() + Certificate(four, SOMEBODY).public()
    case(f"{name}-beside-version-4", "It does no harm to a key that follows.", "accept", None, both, four)
    stranger = Key(make("stranger"), CREATED, version=6)
    case(f"{name}-by-stranger", "Another key of the algorithm signs.", "reject", "unknown-key", certificate_of(six).public(), stranger)
    other = {"make": lambda signer, content, time: one_pass(signer) + literal(content) + data_signature(signer, content + b" ", time)}
    case(f"{name}-over-another-text", "Both halves are good, over another text.", "reject", "bad-signature", certificate_of(six).public(), six, **other)
    old = Key(make("primary"), CREATED)
    case(f"{name}-version-4", "A key of version 4 has no such algorithm.", NOBODY_CHECKS, "unsupported-signature", Certificate(old, SOMEBODY).public(), old)


def _halves(case, name, algorithm, make):
    """Signatures of which one half is good, or both, and not in their places."""
    six = Key(make("primary"), CREATED, version=6)
    stranger = make("stranger")
    size, key_file = six.material.size, certificate_of(six).public()
    curve, lattice = algorithm.split(" with ")[::-1]

    def over_another_text(content, time):
        """The value of a signature over something else."""
        kept = []
        data_signature(six, content + b" ", time, value=lambda octets: kept.append(octets) or octets)
        return kept[0]

    def mixed(first):
        """One half over this text, and the other over another."""
        def make_message(signer, content, time):
            other = over_another_text(content, time)
            value = (lambda octets: other[:size] + octets[size:]) if first else (lambda octets: octets[:size] + other[size:])
            return _message(value)(signer, content, time)

        return make_message

    def by_stranger(first):
        """One half by the key, and the other by another."""
        class Mixed:
            number, default_hash, public = six.material.number, six.default_hash, six.material.public

            @staticmethod
            def sign(hash_name, digest):
                own, other = six.material.sign(hash_name, digest), stranger.sign(hash_name, digest)
                return other[:size] + own[size:] if first else own[:size] + other[size:]

        return lambda _signer, content, time: _message()(Key(Mixed, CREATED, version=6), content, time)

    ed25519 = Ed25519("composite-primary").number
    for form, about, made in (
        ("first-half-changed", f"One bit of {curve}'s half is another.", _message(lambda octets: _changed(octets, 7))),
        ("second-half-changed", f"One bit of {lattice}'s half is another.", _message(lambda octets: _changed(octets, size + 7))),
        ("last-octet-changed", f"One bit of {lattice}'s hints is another.", _message(lambda octets: _changed(octets, len(octets) - 1))),
        ("first-half-zeros", f"{curve}'s half is all zeros.", _message(lambda octets: bytes(size) + octets[size:])),
        ("second-half-zeros", f"{lattice}'s half is all zeros.", _message(lambda octets: octets[:size] + bytes(len(octets) - size))),
        ("first-half-of-another-text", f"{curve}'s half is over another text, and {lattice}'s over this one.", mixed(True)),
        ("second-half-of-another-text", f"{lattice}'s half is over another text, and {curve}'s over this one.", mixed(False)),
        ("first-half-by-stranger", f"{curve}'s half is by another key, and {lattice}'s by this one.", by_stranger(True)),
        ("second-half-by-stranger", f"{lattice}'s half is by another key, and {curve}'s by this one.", by_stranger(False)),
        ("halves-swapped", "Both halves are good, and in the wrong order.", _message(lambda octets: octets[size:] + octets[:size])),
    ):
        case(f"{name}-{form}", about, "reject", "bad-signature", key_file, six, made)
    for form, about, value, number in (
        ("cut-off", "The last octet is missing.", lambda octets: octets[:-1], None),
        ("longer", "One octet too many follows.", lambda octets: octets + b"\0", None),
        ("first-half-alone", f"{lattice}'s half is missing.", lambda octets: octets[:size], None),
        ("second-half-alone", f"{curve}'s half is missing.", lambda octets: octets[size:], None),
        ("first-half-as-ed25519", f"{lattice}'s half is missing, and the signature names Ed25519 alone.", lambda octets: octets[:64], ed25519),
    ):
        case(f"{name}-{form}", about, "reject", "bad-signature", key_file, six, _message(value, number))


def _certificates(case, name, algorithm, make):
    """What such a key says of itself, and as a subkey or with one."""
    six = Key(make("primary"), CREATED, version=6)
    size = six.material.size
    for half, position in (("first", 7), ("second", size + 7)):
        lone = Certificate(six, None)
        hashed = packets.created(CREATED) + packets.subpacket(27, b"\3") + six.issuer()
        changed = functools.partial(_changed, position=position)
        lone.packets.append(packets.signature(six, packets.DIRECT_KEY, six.hashed_body, hashed, value=changed))
        case(f"{name}-self-signature-{half}-half-changed", f"The {half} half of the key's only self-signature is not good.", "reject", None,
             lone.public(), six)
    on_curve = Key(Ed25519(f"primary-beside-{name}"), CREATED, version=6)
    subkey = Key(make("subkey"), CREATED, version=6)
    case(f"{name}-subkey", f"A subkey for {algorithm} signs, of a primary key for Ed25519.", "accept", None,
         certificate_of(on_curve).add_subkey(subkey).public(), subkey)
    case(f"{name}-back-signature-changed", "Half of the subkey's signature over the primary key is not good.", "reject", None,
         _with_back_signature(certificate_of(on_curve), subkey, lambda octets: _changed(octets, size + 7)), subkey)
    case(f"{name}-primary-of-subkey", f"A subkey for Ed25519 signs, of a primary key for {algorithm}.", "accept", None,
         certificate_of(six).add_subkey(on_curve).public(), on_curve)


def _with_back_signature(certificate, subkey, value):
    """The certificate with a subkey, whose back signature is not as it was made."""
    primary = certificate.primary
    signed = primary.hashed_body + subkey.hashed_body
    back = packets.signature(subkey, packets.PRIMARY_KEY_BINDING, signed, packets.created(CREATED) + subkey.issuer(), value=value)
    certificate.add_subkey(subkey, back_signature=None, extra=packets.subpacket(32, packets.body_of(back)))
    return certificate.public()
