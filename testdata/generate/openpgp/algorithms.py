"""Public-key algorithms of OpenPGP on Python's integers: deterministic signatures, slow and not side-channel safe.

Good for test data only. Each class holds a secret key that is derived from a label, and offers what packets need:
the OpenPGP algorithm number, the public and secret key material, and a signature over a digest.
"""

import functools
import hashlib
import hmac

from openpgp import lattice, primes
from openpgp.curves import CURVES

# Hash algorithms by OpenPGP name: (number, name in hashlib, DER prefix of PKCS #1 v1.5). RFC 9580, 9.5 and 5.2.2.
HASHES = {
    "md5": (1, "md5", "3020300c06082a864886f70d020505000410"),
    "sha1": (2, "sha1", "3021300906052b0e03021a05000414"),
    "sha256": (8, "sha256", "3031300d060960864801650304020105000420"),
    "sha384": (9, "sha384", "3041300d060960864801650304020205000430"),
    "sha512": (10, "sha512", "3051300d060960864801650304020305000440"),
    "sha224": (11, "sha224", "302d300d06096086480165030402040500041c"),
    "sha3-256": (12, "sha3_256", "3031300d060960864801650304020805000420"),
    "sha3-512": (14, "sha3_512", "3051300d060960864801650304020a05000440"),
}


def mpi(value):
    """A multiprecision integer: RFC 9580, 3.2."""
    return value.bit_length().to_bytes(2, "big") + value.to_bytes((value.bit_length() + 7) // 8, "big")


def octet_mpi(octets):
    """Octets in the shape of a multiprecision integer, as Curve25519 material is written."""
    return mpi(int.from_bytes(octets, "big"))


def new_hash(name):
    """A hash object for an OpenPGP hash name."""
    return hashlib.new(HASHES[name][1], usedforsecurity=False)


def _rfc6979(order, secret, hash_name, digest):
    """The deterministic nonces of RFC 6979 for a digest, one after another."""
    name, bits = HASHES[hash_name][1], order.bit_length()
    size = (bits + 7) // 8

    def truncate(octets):
        value = int.from_bytes(octets, "big")
        return value >> max(0, len(octets) * 8 - bits)

    def mac(key, *parts):
        return hmac.new(key, b"".join(parts), name).digest()

    seed = secret.to_bytes(size, "big") + (truncate(digest) % order).to_bytes(size, "big")
    v, k = b"\x01" * len(digest), b"\x00" * len(digest)
    for separator in (b"\x00", b"\x01"):
        k = mac(k, v, separator, seed)
        v = mac(k, v)
    while True:
        octets = b""
        while len(octets) < size:
            v = mac(k, v)
            octets += v
        nonce = truncate(octets[:size])
        if 0 < nonce < order:
            yield nonce
        k = mac(k, v, b"\x00")
        v = mac(k, v)


class Rsa:
    """RSA with PKCS #1 v1.5 signatures; every key of one size shares its primes."""

    number = 1
    default_hash = "sha256"

    def __init__(self, bits):
        stored = primes.load()
        self.p, self.q = sorted((stored[f"rsa{bits}-p"], stored[f"rsa{bits}-q"]))
        self.n, self.e = self.p * self.q, 65537
        self.d = pow(self.e, -1, (self.p - 1) * (self.q - 1))

    def public(self):
        return mpi(self.n) + mpi(self.e)

    def secret(self):
        return mpi(self.d) + mpi(self.p) + mpi(self.q) + mpi(pow(self.p, -1, self.q))

    def sign(self, hash_name, digest):
        size = (self.n.bit_length() + 7) // 8
        info = bytes.fromhex(HASHES[hash_name][2]) + digest
        padded = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
        # By the Chinese remainder theorem: large keys take seconds otherwise.
        value, residues = int.from_bytes(padded, "big"), {}
        for prime in (self.p, self.q):
            residues[prime] = pow(value % prime, self.d % (prime - 1), prime)
        difference = (residues[self.q] - residues[self.p]) * pow(self.p, -1, self.q) % self.q
        return mpi(residues[self.p] + difference * self.p)


class Dsa:
    """DSA with nonces of RFC 6979."""

    number = 17
    default_hash = "sha256"

    def __init__(self, bits, label="dsa"):
        stored = primes.load()
        self.p, self.q = stored[f"dsa{bits}-p"], stored[f"dsa{bits}-q"]
        self.g = pow(2, (self.p - 1) // self.q, self.p)
        self.x = primes.number(f"{label}{bits}-x", self.q.bit_length() - 1)
        self.y = pow(self.g, self.x, self.p)

    def public(self):
        return mpi(self.p) + mpi(self.q) + mpi(self.g) + mpi(self.y)

    def secret(self):
        return mpi(self.x)

    def sign(self, hash_name, digest):
        bits = self.q.bit_length()
        z = int.from_bytes(digest, "big") >> max(0, len(digest) * 8 - bits)
        for k in _rfc6979(self.q, self.x, hash_name, digest):
            r = pow(self.g, k, self.p) % self.q
            s = pow(k, -1, self.q) * (z + self.x * r) % self.q
            if r and s:
                return mpi(r) + mpi(s)


class Ecdsa:
    """ECDSA with nonces of RFC 6979."""

    number = 19

    def __init__(self, curve, label="ecdsa"):
        self.curve = CURVES[curve]
        self.x = primes.number(f"{label}-{curve}-x", self.curve.n.bit_length() - 1)
        self.point = self.curve.multiply(self.x)
        self.default_hash = {32: "sha256", 48: "sha384"}.get(self.curve.size, "sha512")

    def public(self):
        size = self.curve.size
        point = b"\x04" + self.point[0].to_bytes(size, "big") + self.point[1].to_bytes(size, "big")
        return bytes([len(self.curve.oid)]) + self.curve.oid + octet_mpi(point)

    def secret(self):
        return mpi(self.x)

    def sign(self, hash_name, digest):
        n = self.curve.n
        z = int.from_bytes(digest, "big") >> max(0, len(digest) * 8 - n.bit_length())
        for k in _rfc6979(n, self.x, hash_name, digest):
            r = self.curve.multiply(k)[0] % n
            s = pow(k, -1, n) * (z + self.x * r) % n
            if r and s:
                return mpi(r) + mpi(s)


class _Edwards25519:
    """The group of RFC 8032, 5.1, in extended coordinates."""

    p = 2**255 - 19
    order = 2**252 + 27742317777372353535851937790883648493
    d = -121665 * pow(121666, -1, p) % p
    by = 4 * pow(5, -1, p) % p
    bx = 15112221349535400772501151409588531511454012693041857206046113283949847762202

    @classmethod
    def add(cls, a, b):
        p = cls.p
        x, y = (a[1] - a[0]) * (b[1] - b[0]) % p, (a[1] + a[0]) * (b[1] + b[0]) % p
        z, t = 2 * a[3] * b[3] * cls.d % p, 2 * a[2] * b[2] % p
        e, f, g, h = y - x, t - z, t + z, y + x
        return e * f % p, g * h % p, f * g % p, e * h % p

    @classmethod
    def multiply_base(cls, k):
        """k times the base point, by a table of its multiples: one addition for each octet of k."""
        result = (0, 1, 1, 0)
        for row, octet in zip(cls._table(), k.to_bytes(32, "little")):
            if octet:
                result = cls.add(result, row[octet])
        inverse = pow(result[2], -1, cls.p)
        x, y = result[0] * inverse % cls.p, result[1] * inverse % cls.p
        return (y | (x & 1) << 255).to_bytes(32, "little")

    @classmethod
    @functools.lru_cache(None)
    def _table(cls):
        """For each octet of a number and each of its values, the multiple of the base point."""
        rows, step = [], (cls.bx, cls.by, 1, cls.bx * cls.by % cls.p)
        for _ in range(32):
            row = [(0, 1, 1, 0)]
            for _ in range(256):
                row.append(cls.add(row[-1], step))
            step = row.pop()
            rows.append(row)
        return rows


class _Ed25519:
    """Ed25519 over the digest that OpenPGP signs; the two subclasses differ in how OpenPGP writes it."""

    default_hash = "sha256"

    def __init__(self, label):
        self.seed = primes.stream(f"ed25519-{label}", 32)
        expanded = hashlib.sha512(self.seed).digest()
        self.scalar = int.from_bytes(expanded[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.prefix = expanded[32:]
        self.point = _Edwards25519.multiply_base(self.scalar)

    def _raw_signature(self, digest):
        order = _Edwards25519.order
        r = int.from_bytes(hashlib.sha512(self.prefix + digest).digest(), "little") % order
        commitment = _Edwards25519.multiply_base(r)
        challenge = int.from_bytes(hashlib.sha512(commitment + self.point + digest).digest(), "little") % order
        return commitment + ((r + challenge * self.scalar) % order).to_bytes(32, "little")


class EdDsa(_Ed25519):
    """Ed25519 as GnuPG writes it: algorithm 22, `EdDSALegacy` of RFC 9580."""

    number = 22
    oid = bytes.fromhex("2b06010401da470f01")

    def public(self):
        return bytes([len(self.oid)]) + self.oid + octet_mpi(b"\x40" + self.point)

    def secret(self):
        return octet_mpi(self.seed)

    def sign(self, _hash_name, digest):
        signature = self._raw_signature(digest)
        return octet_mpi(signature[:32]) + octet_mpi(signature[32:])


class Ed25519(_Ed25519):
    """Ed25519 as RFC 9580 writes it: algorithm 27, octets of a fixed length."""

    number = 27

    def public(self):
        return self.point

    def secret(self):
        return self.seed

    def sign(self, _hash_name, digest):
        return self._raw_signature(digest)


class _Edwards448:
    """The group of RFC 8032, 5.2, in projective coordinates."""

    p = 2**448 - 2**224 - 1
    order = 2**446 - 13818066809895115352007386748515426880336692474882178609894547503885
    d = -39081 % p
    bx = 224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710
    by = 298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660

    @classmethod
    def add(cls, one, other):
        (x1, y1, z1), (x2, y2, z2), p = one, other, cls.p
        a, c, d = z1 * z2 % p, x1 * x2 % p, y1 * y2 % p
        b, e, h = a * a % p, cls.d * c * d % p, (x1 + y1) * (x2 + y2) % p
        f, g = b - e, b + e
        return a * f * (h - c - d) % p, a * g * (d - c) % p, f * g % p

    @classmethod
    def multiply_base(cls, k):
        result, step = (0, 1, 1), (cls.bx, cls.by, 1)
        while k:
            if k & 1:
                result = cls.add(result, step)
            step, k = cls.add(step, step), k >> 1
        inverse = pow(result[2], -1, cls.p)
        x, y = result[0] * inverse % cls.p, result[1] * inverse % cls.p
        return (y | (x & 1) << 455).to_bytes(57, "little")


class _Ed448:
    """Ed448 over the digest that OpenPGP signs."""

    def __init__(self, label):
        self.seed = primes.stream(f"ed448-{label}", 57)
        expanded = hashlib.shake_256(self.seed).digest(114)
        self.scalar = int.from_bytes(expanded[:56], "little") & ((1 << 448) - 4) | 1 << 447
        self.prefix = expanded[57:]
        self.point = _Edwards448.multiply_base(self.scalar)

    def _number(self, *parts):
        octets = hashlib.shake_256(b"SigEd448" + bytes(2) + b"".join(parts)).digest(114)
        return int.from_bytes(octets, "little") % _Edwards448.order

    def sign(self, _hash_name, digest):
        r = self._number(self.prefix, digest)
        commitment = _Edwards448.multiply_base(r)
        challenge = self._number(commitment, self.point, digest)
        return commitment + ((r + challenge * self.scalar) % _Edwards448.order).to_bytes(57, "little")

    def public(self):
        return self.point

    def secret(self):
        return self.seed


class _Composite:
    """Two algorithms, each of which signs the digest: RFC 9980. The one on a curve comes first."""

    default_hash = "sha512"

    def __init__(self, number, on_curve, size, lattice_key):
        self.number, self.on_curve, self.lattice_key = number, on_curve, lattice_key
        # The octets of a signature's first half.
        self.size = size

    def public(self):
        return self.on_curve.public() + self.lattice_key.public

    def secret(self):
        return self.on_curve.secret() + self.lattice_key.seed

    def sign(self, hash_name, digest):
        return self.on_curve.sign(hash_name, digest) + self.lattice_key.sign(digest)


def ml_dsa_65_ed25519(label):
    """ML-DSA-65 with Ed25519: algorithm 30."""
    return _Composite(30, Ed25519(f"composite-{label}"), 64, lattice.ml_dsa_65(primes.stream(f"ml-dsa-65-{label}", 32)))


def ml_dsa_87_ed448(label):
    """ML-DSA-87 with Ed448: algorithm 31."""
    return _Composite(31, _Ed448(label), 114, lattice.ml_dsa_87(primes.stream(f"ml-dsa-87-{label}", 32)))


class Ecdh:
    """A key that can only decrypt (algorithm 18, Curve25519): its public point is not computed from a secret."""

    number = 18
    default_hash = "sha256"
    oid = bytes.fromhex("2b060104019755010501")

    def __init__(self, label):
        self.point = primes.stream(f"ecdh-{label}", 32)

    def public(self):
        kdf = bytes([3, 1, 8, 7])
        return bytes([len(self.oid)]) + self.oid + octet_mpi(b"\x40" + self.point) + kdf

    def secret(self):
        raise ValueError("this key has no secret part")

    def sign(self, _hash_name, _digest):
        raise ValueError("this key cannot sign")


class X25519(Ecdh):
    """The same as RFC 9580 writes it: algorithm 25, octets of a fixed length."""

    number = 25

    def public(self):
        return self.point


ALGORITHMS = {
    "rsa1024": lambda: Rsa(1024),
    "rsa2048": lambda: Rsa(2048),
    "rsa3072": lambda: Rsa(3072),
    "rsa4096": lambda: Rsa(4096),
    "dsa1024": lambda: Dsa(1024),
    "dsa2048": lambda: Dsa(2048),
    "nistp256": lambda: Ecdsa("nistp256"),
    "nistp384": lambda: Ecdsa("nistp384"),
    "nistp521": lambda: Ecdsa("nistp521"),
    "secp256k1": lambda: Ecdsa("secp256k1"),
    "brainpoolP256r1": lambda: Ecdsa("brainpoolP256r1"),
    "brainpoolP384r1": lambda: Ecdsa("brainpoolP384r1"),
    "brainpoolP512r1": lambda: Ecdsa("brainpoolP512r1"),
    "ed25519": lambda: EdDsa("main"),
}
