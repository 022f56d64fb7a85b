"""What stands between a signature's numbers and its verdict: checks that GnuPG and libgcrypt make where they encode the hash and calculate, and
those that they do not make."""

import math

from clock import AT, CREATED, DAY, EXPIRED, SIGNED
from openpgp import packets, primes
from openpgp.algorithms import Dsa, Ecdsa, EdDsa, Rsa, mpi, octet_mpi
from openpgp.keys import Key, key
from openpgp.messages import message
from openpgp.packets import created, signature, signature_v3, subpacket
from openpgp.parts import LATER, Parts
from workshop import IMAGE, Suite, policy, signed_by


def build(workshop):
    suite = Suite("signature-values")
    content = workshop.payload()

    def case(name, about, verdict, code, key_file, signer, **members):
        """One case: a key file, and a message by `signer`."""
        path = workshop.write(f"keys/values/{name}.gpg", key_file)
        blob = workshop.blob(f"values/{name}.sig", message(signer, content, SIGNED))
        suite.case(name, about, verdict, code, policy=policy(signed_by(path)), image=IMAGE, manifest=workshop.manifest, signatures=[blob], at=AT, **members)

    for part in (_orders, _large, _exponents, _residues, _zeros, _encrypting, _back):
        part(case)
    return suite


class _Dsa(Dsa):
    """DSA with an order and a modulus of any size. The modulus is a prime and a multiple, which nobody tests: so it is found fast."""

    def __init__(self, bits, order_bits):
        label = f"dsa-{bits}-{order_bits}"
        self.q = _next(primes.number(f"{label}-q", order_bits) | 1, 2)
        start = self.q << 64
        prime = _next(start - start % (2 * self.q) + 1, 2 * self.q)
        multiple = primes.number(f"{label}-m", bits) // prime | 1
        while (prime * multiple).bit_length() < bits:
            multiple += 2
        self.p = prime * multiple
        power = pow(2, (prime - 1) // self.q, prime)
        # One for the multiple, and of the right order for the prime.
        self.g = (1 + multiple * ((power - 1) * pow(multiple, -1, prime) % prime)) % self.p
        self.x = primes.number(f"{label}-x", order_bits - 1)
        self.y = pow(self.g, self.x, self.p)
        self.default_hash = "sha512" if order_bits > 256 else "sha256"


def _next(candidate, step):
    """The next prime, by trial as in `primes`."""
    while not all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7, 11, 13)):
        candidate += step
    return candidate


def _orders(case):
    """The order of a DSA key's group: 160 bits at least, and whole octets."""
    for bits in (16, 40, 128, 152, 159, 160, 161, 168, 255, 256, 264, 512):
        dsa = Key(_Dsa(2048, bits), CREATED)
        good = bits >= 160 and bits % 8 == 0
        verdict = "accept" if good else "reject"
        tail = "is good" if good else "proves nothing"
        for crypto_policy in ("gnupg", "standard"):
            case(f"dsa-order-{bits}-{crypto_policy}", f"A DSA key whose group has an order of {bits} bits {tail}.", verdict, None,
                 Parts(dsa).certificate(), dsa, crypto_policy=crypto_policy)
        primary = key("primary-of-odd-dsa", CREATED)
        case(f"dsa-order-{bits}-subkey", f"A DSA subkey whose group has an order of {bits} bits {tail}.", verdict, None,
             Parts(primary, dsa).with_subkey(), dsa, crypto_policy="gnupg")
        subkey = key("subkey-of-odd-dsa", CREATED)
        case(f"dsa-order-{bits}-primary", f"A DSA primary key whose group has an order of {bits} bits {tail}, for a subkey.", verdict, None,
             Parts(dsa, subkey).with_subkey(), subkey, crypto_policy="gnupg")
    dsa = Key(_Dsa(2048, 520), CREATED)
    case("dsa-order-520", "No hash is long enough for a DSA key whose group has an order of 520 bits.", "reject", None, Parts(dsa).certificate(), dsa,
         crypto_policy="gnupg")


def _large(case):
    """Large DSA keys, each of whose signatures takes long."""
    for bits in (4096, 4104, 16384):
        dsa = Key(_Dsa(bits, 256), CREATED)
        case(f"dsa-{bits}", f"A DSA key of {bits} bits is good.", "accept", None, Parts(dsa).certificate(), dsa, crypto_policy="gnupg")
        good_key = key("beside-large-dsa", CREATED)
        case(f"dsa-{bits}-beside-good", f"A DSA key of {bits} bits does no harm to another.", "accept", None,
             Parts(dsa).certificate() + Parts(good_key).certificate(), good_key, crypto_policy="gnupg")


class _Rsa(Rsa):
    """RSA with another exponent or number, or values that are larger than need be."""

    def __init__(self, e=65537, number=1, more=0):
        super().__init__(2048)
        self.number, self.e, self.more = number, e, more
        while math.gcd(self.e, (self.p - 1) * (self.q - 1)) != 1:
            self.e += 2
        self.d = pow(self.e, -1, (self.p - 1) * (self.q - 1))

    def sign(self, hash_name, digest):
        value = super().sign(hash_name, digest)
        return mpi(int.from_bytes(value[2:], "big") + self.more * self.n)


def _exponents(case):
    """RSA exponents."""
    for name, e in (("3", 3), ("33-bits", (1 << 33) - 9), ("34-bits", (1 << 33) + 1), ("65-bits", (1 << 64) + 1), ("2000-bits", (1 << 1999) + 1)):
        rsa = Key(_Rsa(e), CREATED)
        case(f"rsa-exponent-{name}", f"An RSA key with an exponent of {name.replace('-', ' ')} is good.", "accept", None, Parts(rsa).certificate(), rsa)
        primary = key("primary-of-odd-rsa", CREATED)
        case(f"rsa-exponent-{name}-subkey", f"An RSA subkey with an exponent of {name.replace('-', ' ')} is good.", "accept", None,
             Parts(primary, rsa).with_subkey(), rsa)
        beside = key("beside-odd-rsa", CREATED)
        case(f"rsa-exponent-{name}-beside-good", f"An RSA key with an exponent of {name.replace('-', ' ')} does no harm to another.", "accept", None,
             Parts(rsa).certificate() + Parts(beside).certificate(), beside)


class _EdDsa(EdDsa):
    """Ed25519 whose second integers are larger than the group's order."""

    def sign(self, _hash_name, digest):
        value = self._raw_signature(digest)
        scalar = int.from_bytes(value[32:], "little") + 2**252 + 27742317777372353535851937790883648493
        return octet_mpi(value[:32]) + octet_mpi(scalar.to_bytes(32, "little"))


class _Ecdsa(Ecdsa):
    """ECDSA whose second integers are larger than the group's order."""

    def sign(self, hash_name, digest):
        value = super().sign(hash_name, digest)
        size = (int.from_bytes(value[:2], "big") + 7) // 8
        return value[: 2 + size] + mpi(int.from_bytes(value[4 + size :], "big") + self.curve.n)


class _LargeDsa(Dsa):
    """DSA whose second integers are larger than the group's order."""

    def sign(self, hash_name, digest):
        value = super().sign(hash_name, digest)
        size = (int.from_bytes(value[:2], "big") + 7) // 8
        return value[: 2 + size] + mpi(int.from_bytes(value[4 + size :], "big") + self.q)


def _residues(case):
    """Values that are larger than need be. libgcrypt calculates with RSA's and Ed25519's as with the smallest, and takes no others."""
    for name, about, plain, odd, good, crypto_policy in (
        ("rsa-one-more", "RSA with the modulus added", Rsa(2048), _Rsa(more=1), True, "standard"),
        ("rsa-many-more", "RSA with a multiple of the modulus added", Rsa(2048), _Rsa(more=1 << 300), True, "standard"),
        ("rsa-largest", "RSA with 16384 bits", Rsa(2048), _Rsa(more=1 << 14330), True, "standard"),
        ("ed25519-one-more", "Ed25519 with the group's order added", EdDsa("residues"), _EdDsa("residues"), True, "standard"),
        ("ecdsa-one-more", "ECDSA with the group's order added", Ecdsa("nistp256"), _Ecdsa("nistp256"), False, "standard"),
        ("dsa-one-more", "DSA with the group's order added", Dsa(2048), _LargeDsa(2048), False, "gnupg"),
    ):
        subkey = key("subkey-of-residues", CREATED)
        sound, large = Parts(Key(plain, CREATED), subkey), Parts(Key(odd, CREATED), subkey)
        good_verdict, bad_verdict = ("accept", "reject") if good else ("reject", "accept")
        members = {"crypto_policy": crypto_policy}
        case(f"{name}-data", f"A signature by {about}, of the image.", good_verdict, None, sound.certificate(), large.primary, **members)
        case(f"{name}-self-signature", f"A signature by {about}, of the only user ID.", good_verdict, None, large.certificate(), sound.primary, **members)
        case(f"{name}-expiry", f"A signature by {about}, that ends the key's life.", bad_verdict, "key-expired" if good else None,
             sound.certificate() + large.self_signature(at=LATER, expires=EXPIRED), sound.primary, **members)
        case(f"{name}-revocation", f"A signature by {about}, that revokes the key.", bad_verdict, "key-revoked" if good else None,
             sound.key + large.revocation() + sound.identity(), sound.primary, **members)
        case(f"{name}-subkey-revocation", f"A signature by {about}, that revokes the subkey.", bad_verdict, "key-revoked" if good else None,
             sound.with_subkey() + large.subkey_revocation(), subkey, **members)


class _PaddedDsa(Dsa):
    """DSA whose integers begin with a zero octet."""

    def sign(self, hash_name, digest):
        value, padded = super().sign(hash_name, digest), b""
        while value:
            bits = int.from_bytes(value[:2], "big")
            size = (bits + 7) // 8
            padded += (8 * size + 8).to_bytes(2, "big") + b"\0" + value[2 : 2 + size]
            value = value[2 + size :]
        return padded


class _ZeroDsa(Dsa):
    """DSA whose integers are zero."""

    def sign(self, _hash_name, _digest):
        return bytes(4)


def _zeros(case):
    """DSA integers that begin with zeros, which every GnuPG takes, other than those of ECDSA and EdDSA; and integers that are zero."""
    subkey = key("subkey-of-zeros", CREATED)
    sound, padded, zero = (Parts(Key(algorithm(2048), CREATED), subkey) for algorithm in (Dsa, _PaddedDsa, _ZeroDsa))
    for name, about, verdict, code, key_file, signer in (
        ("data", "A DSA signature whose integers begin with zeros", "accept", None, sound.certificate(), padded.primary),
        ("self-signature", "A DSA self-signature whose integers begin with zeros", "accept", None, padded.certificate(), sound.primary),
        ("binding", "A DSA binding whose integers begin with zeros", "accept", None, sound.certificate() + sound.subkey_packet + padded.binding(), subkey),
        ("expiry", "A DSA signature whose integers begin with zeros, that ends the key's life", "reject", "key-expired",
         sound.certificate() + padded.self_signature(at=LATER, expires=EXPIRED), sound.primary),
        ("revocation", "A DSA revocation whose integers begin with zeros", "reject", "key-revoked",
         sound.key + padded.revocation() + sound.identity(), sound.primary),
        ("subkey-revocation", "A DSA revocation of a subkey whose integers begin with zeros", "reject", "key-revoked",
         sound.with_subkey() + padded.subkey_revocation(), subkey),
    ):
        case(f"dsa-zeros-{name}", f"{about}.", verdict, code, key_file, signer, crypto_policy="gnupg")
    case("dsa-nothing-data", "A DSA signature whose integers are zero.", "reject", None, sound.certificate(), zero.primary, crypto_policy="gnupg")
    case("dsa-nothing-self-signature", "A DSA self-signature whose integers are zero.", "reject", None, zero.certificate(), sound.primary,
         crypto_policy="gnupg")
    case("dsa-nothing-expiry", "A DSA signature whose integers are zero ends no key's life.", "accept", None,
         sound.certificate() + zero.self_signature(at=LATER, expires=EXPIRED), sound.primary, crypto_policy="gnupg")
    case("dsa-nothing-of-unknown", "A self-signature of an algorithm that makes none, whose integers are zero, does no harm.", "accept", None,
         sound.certificate() + sound.self_signature(at=LATER, algorithm=20, value=lambda _: bytes(4)), sound.primary, crypto_policy="gnupg")


def _encrypting(case):
    """RSA keys of the old numbers that only encrypt, with which GnuPG verifies nothing, and that only sign."""
    subkey = key("subkey-of-old-rsa", CREATED)
    for number, verdict, words in ((2, "reject", "only encrypts"), (3, "accept", "only signs")):
        rsa = Key(_Rsa(number=number), CREATED)
        case(f"rsa-{number}", f"An RSA key that {words} by its number, which signs.", verdict, None, Parts(rsa).certificate(), rsa)
        case(f"rsa-{number}-primary", f"An RSA key that {words} by its number, for a subkey.", verdict, None, Parts(rsa, subkey).with_subkey(), subkey)
        case(f"rsa-{number}-subkey", f"An RSA subkey that {words} by its number, which signs.", verdict, None,
             Parts(key("primary-of-old-rsa", CREATED), rsa).with_subkey(), rsa)


def _back(case):
    """Which signatures within a binding are back signatures."""
    parts = Parts(key("primary-of-back-signatures", CREATED), key("subkey-of-back-signatures", CREATED))
    primary, subkey = parts.primary, parts.subkey
    signed = primary.hashed_body + subkey.hashed_body

    def back(version=4, time=CREATED, kind=packets.PRIMARY_KEY_BINDING, **options):
        if version == 5:
            octets = packets.body_of(signature(subkey, kind, signed, created(time) + subkey.issuer(), **options))
            return b"\5" + octets[1:]
        if version < 4:
            return packets.body_of(signature_v3(subkey, kind, signed, time, version=version, **options))
        return packets.body_of(signature(subkey, kind, signed, created(time) + subkey.issuer(), **options))

    empty = {"value": lambda octets: bytes(4)}
    good, bad = back(), back(corrupt="value")
    for name, about, backs, verdict in (
        ("version-2", "of version 2 is none", [back(2)], "reject"),
        ("version-3", "of version 3 is good", [back(3)], "accept"),
        ("version-4", "of version 4 is good", [good], "accept"),
        ("version-5", "of version 5 is none to every GnuPG", [back(5)], "reject"),
        ("version-6", "of version 6 is none", [b"\6" + good[1:]], "reject"),
        ("version-3-newer-bad", "of version 3 that is newer and bad counts", [good, back(3, CREATED + DAY)[:-9] + bytes(9)], "reject"),
        ("version-2-newer-bad", "of version 2 that is newer and bad does not count", [good, back(2, CREATED + DAY)[:-9] + bytes(9)], "accept"),
        ("version-5-newer", "of version 5 that is newer counts for GnuPG 2.4", [good, back(5, CREATED + DAY)], "reject"),
        ("version-5-older", "of version 5 that is older does not count", [back(5, CREATED), back(time=CREATED + DAY)], "accept"),
        ("version-5-as-new", "of version 5 that is as new, behind the good one, does not count", [good, back(5)], "accept"),
        ("cut-off-newer", "that is newer and cut off is none", [good, back(time=CREATED + DAY)[:-5]], "accept"),
        ("of-15-octets", "of fifteen octets is none", [good, bytes([4, 0x19]) + bytes(13)], "accept"),
        ("unknown-algorithm-newer", "of an unknown algorithm that is newer counts", [good, back(time=CREATED + DAY, algorithm=99)], "reject"),
        ("large-value-newer", "of an unknown algorithm with a value that is too large is none",
         [good, back(time=CREATED + DAY, algorithm=99, value=lambda octets: bytes(10241))], "accept"),
        ("of-nothing", "whose integers have no octets is none", [back(**empty)], "reject"),
        ("of-nothing-older", "whose integers have no octets, beside a good one: GnuPG 2.4 ends over it", [back(**empty), back(time=CREATED + DAY)], "reject"),
        ("bad", "that is bad is none", [bad], "reject"),
    ):
        for area in ("hashed", "unhashed"):
            octets = b"".join(subpacket(32, body) for body in backs)
            binding = parts.binding(back=False, **({"after": octets} if area == "hashed" else {"unhashed": octets}))
            if len(octets) > 10000:
                continue
            key_file = parts.certificate() + parts.subkey_packet + binding
            case(f"back-signature-{name}-{area}", f"A back signature {about}.", verdict, None, key_file, subkey)
            if "nothing" in name:
                case(f"back-signature-{name}-{area}-beside-good", "The same in another key before the good one: GnuPG 2.4 ends there.", "reject", None,
                     key_file + Parts(key("beside-back-signatures", CREATED)).certificate(), key("beside-back-signatures", CREATED))
