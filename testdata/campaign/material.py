"""The keys of the campaign: every slot of a batch has its own, so that the cases of one gpg's key ring do not meet.

A slot is the place of a case in its batch. Keys are derived from the slot, the role (a name in the recipe) and the algorithm, so that a
recipe in the same slot is the same octets.
"""

import functools
import math

from clock import CREATED
from openpgp import primes
from openpgp.algorithms import ALGORITHMS, HASHES, Dsa, Ecdh, Ecdsa, EdDsa, Rsa, mpi
from openpgp.keys import Key

# Sizes of DSA's q in bits beside those of the standard, with the size of p.
ODD_Q = {16: 1024, 128: 1024, 152: 1024, 164: 1024, 168: 1024}


# What keys are that a recipe does not describe: short RSA keys, which Python signs with and gpg verifies in a fraction of the time of others.
COMMON = "rsa1024"


class OwnRsa(Rsa):
    """RSA with stored primes and an exponent of its own, which makes it another key."""

    def __init__(self, bits, label):
        super().__init__(bits)
        phi = (self.p - 1) * (self.q - 1)
        self.e = primes.number(f"{label}-e", 30) | 1
        while math.gcd(self.e, phi) != 1:
            self.e += 2
        self.d = pow(self.e, -1, phi)


class FourPrimeRsa:
    """A short RSA key of four primes, with which Python signs four times as fast as with two; from outside it is like any other."""

    number = 1
    default_hash = "sha256"

    def __init__(self, label):
        self._primes = _four_primes()
        self.n = math.prod(self._primes)
        phi = math.prod(prime - 1 for prime in self._primes)
        self.e = primes.number(f"{label}-e", 30) | 1
        while math.gcd(self.e, phi) != 1:
            self.e += 2
        self.d = pow(self.e, -1, phi)
        self._exponents = [self.d % (prime - 1) for prime in self._primes]
        self._shares = [self.n // prime * pow(self.n // prime, -1, prime) for prime in self._primes]

    def public(self):
        return mpi(self.n) + mpi(self.e)

    def secret(self):
        """As if it had two primes."""
        p, q = sorted((self._primes[0] * self._primes[1], self._primes[2] * self._primes[3]))
        return mpi(self.d) + mpi(p) + mpi(q) + mpi(pow(p, -1, q))

    def sign(self, hash_name, digest):
        info = bytes.fromhex(HASHES[hash_name][2]) + digest
        padded = b"\x00\x01" + b"\xff" * (128 - 3 - len(info)) + b"\x00" + info
        value = int.from_bytes(padded, "big")
        parts = zip(self._primes, self._exponents, self._shares)
        return mpi(sum(pow(value % prime, exponent, prime) * share for prime, exponent, share in parts) % self.n)


@functools.lru_cache(None)
def _four_primes():
    """Primes of 256 bits whose product has 1024."""
    return [primes.next_prime(primes.number(f"campaign-rsa-{place}", 256) | 15 << 252 | 1) for place in range(4)]


class OddDsa(Dsa):
    """DSA whose q has an unusual size."""

    def __init__(self, bits, label):
        self.p, self.q = _group(bits)
        cofactor = (self.p - 1) // self.q
        self.g = next(g for g in (pow(h, cofactor, self.p) for h in range(2, 99)) if g != 1)
        self.x = primes.number(f"{label}-x", bits - 1)
        self.y = pow(self.g, self.x, self.p)


@functools.lru_cache(None)
def _group(bits):
    """The p and q of a DSA group whose q has this many bits."""
    order = primes.next_prime(primes.number(f"campaign-q{bits}", bits) | 1)
    start = primes.number(f"campaign-p{bits}", ODD_Q[bits])
    start -= start % (2 * order) - 1
    return primes.next_prime(start, 2 * order), order


def prepare():
    """Computes what all processes need, before they part."""
    for bits in ODD_Q:
        _group(bits)
    for algorithm in ("rsa1024", "ed25519", "nistp256"):
        _material(algorithm, "prepared").sign("sha256", bytes(32))


class Unreadable:
    """Key material that cannot sign: octets of an algorithm or on a curve that need not exist."""

    default_hash = "sha256"

    def __init__(self, number, octets):
        self.number, self.octets = number, octets

    def public(self):
        return self.octets

    def secret(self):
        return mpi(1)

    def sign(self, _hash_name, digest):
        return mpi(int.from_bytes(digest, "big") | 1) * 2


def _unknown_curve(label, number, oid):
    point = mpi(int.from_bytes(b"\x04" + primes.stream(label, 64), "big"))
    return Unreadable(number, bytes([len(oid)]) + oid + point)


def _material(algorithm, label):
    if algorithm == "ed25519":
        return EdDsa(label)
    if algorithm == "rsa1024":
        return FourPrimeRsa(label)
    if algorithm.startswith("rsa"):
        return OwnRsa(int(algorithm[3:]), label)
    if algorithm.startswith("dsa-q"):
        return OddDsa(int(algorithm[5:]), label)
    if algorithm.startswith("dsa"):
        return Dsa(int(algorithm[3:]), label)
    if algorithm == "ecdh":
        return Ecdh(label)
    if algorithm == "unknown-curve":
        return _unknown_curve(label, 19, bytes.fromhex("2b8104002a2a"))
    if algorithm == "nistp224":
        return _unknown_curve(label, 19, bytes.fromhex("2b81040021"))
    if algorithm.startswith("number-"):
        return Unreadable(int(algorithm[7:]), mpi(int.from_bytes(primes.stream(label, 32), "big")) * 2)
    if algorithm in ALGORITHMS:
        return Ecdsa(algorithm, label)
    raise ValueError(f"there is no algorithm {algorithm}")


class CampaignKey(Key):
    """A key that remembers what it has signed."""

    def __init__(self, material, created, version):
        super().__init__(material, created, version)
        self._signed = {}

    def sign(self, hash_name, digest):
        known = self._signed.get((hash_name, digest))
        if known is None:
            if len(self._signed) > 500:
                self._signed.clear()
            try:
                known = self.material.sign(hash_name, digest)
            except ValueError:
                # A key that cannot sign makes integers that mean nothing.
                known = mpi(int.from_bytes(digest, "big") | 1) * 2
            self._signed[hash_name, digest] = known
        return known


@functools.lru_cache(100_000)
def _key(slot, role, algorithm, created, version):
    return CampaignKey(_material(algorithm, f"campaign-{slot}-{role}"), created, version)


class Keys:
    """The keys of one case. Roles that the recipe does not describe have common keys."""

    def __init__(self, slot, described):
        self._slot, self._described = slot, described

    def __getitem__(self, role):
        about = self._described.get(role, {})
        created = CREATED + about.get("created", 0)
        return _key(self._slot, role, about.get("algo", COMMON), created, about.get("version", 4))
