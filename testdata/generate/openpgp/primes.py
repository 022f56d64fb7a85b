"""Large primes for RSA and DSA, derived from names and kept in `primes.json` because the search takes minutes.

Run this module to search for primes that `primes.json` lacks: the same names always give the same primes.
"""

import hashlib
import json
import pathlib

STORE = pathlib.Path(__file__).with_name("primes.json")

RSA_BITS = (1024, 2048, 3072, 4096, 8192)
DSA_BITS = ((1024, 160), (2048, 256))

_SMALL_PRIMES = [n for n in range(3, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))]


def stream(label, length):
    """`length` octets that depend on nothing but the label: SHA-256 in counter mode."""
    blocks = (
        hashlib.sha256(f"containers-sigpolicy testdata:{label}:{counter}".encode()).digest()
        for counter in range(-(-length // 32))
    )
    return b"".join(blocks)[:length]


def number(label, bits):
    """A number of exactly `bits` bits, the two highest set, derived from the label."""
    value = int.from_bytes(stream(label, (bits + 7) // 8), "big") % (1 << bits)
    return value | (3 << (bits - 2))


def load():
    """The stored primes as numbers, by name."""
    return {name: int(value, 16) for name, value in json.loads(STORE.read_text()).items()}


def _is_prime(n):
    if any(n % p == 0 for p in _SMALL_PRIMES):
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in _SMALL_PRIMES[:24]:
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def next_prime(start, step=2):
    candidate = start
    while not _is_prime(candidate):
        candidate += step
    return candidate


def _search():
    primes = json.loads(STORE.read_text()) if STORE.exists() else {}
    for bits in RSA_BITS:
        for part in "pq":
            name = f"rsa{bits}-{part}"
            if name not in primes:
                start = number(name, bits // 2) | 1
                while True:
                    prime = next_prime(start)
                    if (prime - 1) % 65537:
                        break
                    start = prime + 2
                primes[name] = f"{prime:x}"
    for bits, order_bits in DSA_BITS:
        if f"dsa{bits}-p" not in primes:
            order = next_prime(number(f"dsa{bits}-q", order_bits) | 1)
            start = number(f"dsa{bits}-p", bits)
            start -= start % (2 * order) - 1
            primes[f"dsa{bits}-q"] = f"{order:x}"
            primes[f"dsa{bits}-p"] = f"{next_prime(start, 2 * order):x}"
    STORE.write_text(json.dumps(primes, indent=1) + "\n")


if __name__ == "__main__":
    _search()
