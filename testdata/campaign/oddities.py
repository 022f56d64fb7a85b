"""What can be odd about one signature of a recipe. Everything hashed is signed again when the case is built."""

import copy

from clock import AT, CREATED, DAY, SIGNED, YEAR
from steps import ENCRYPT, SIGN

NOW = AT - CREATED
TIMES = [0, 1, DAY, 2 * DAY, 3 * DAY, 10 * DAY, 300 * DAY, SIGNED - CREATED, NOW - 1, NOW, NOW + 1, NOW + YEAR, -1, -DAY, -CREATED, 4294967295 - CREATED]
# Until now some two years have passed.
PERIODS = [0, 1, DAY, 100 * DAY, YEAR, NOW - 1, NOW, NOW + 1, NOW - DAY, 5 * YEAR, 4294967295]


def find(items, name):
    """The place of a subpacket in a list, or None."""
    return next((place for place, item in enumerate(items) if item[0].rstrip("!") == name), None)


def set_subpacket(items, name, value):
    place = find(items, name)
    if place is None:
        items.insert(1, [name, value])
    else:
        items[place] = [items[place][0], value]


def drop(items, name):
    place = find(items, name)
    if place is not None:
        del items[place]


def odd(rng, sig, roles):
    """Changes one thing about a signature step; roles: whose names it may bear. Returns what was done."""
    name, change = rng.choices(_ODDITIES, _WEIGHTS)[0]
    change(rng, sig, roles)
    return name


def _time(rng, sig, _):
    set_subpacket(sig["hashed"], "time", rng.choice(TIMES))


def _expires(rng, sig, _):
    set_subpacket(sig["hashed"], "kexp", rng.choice(PERIODS))


def _signature_expires(rng, sig, _):
    set_subpacket(sig["hashed"], "sexp", rng.choice(PERIODS))


def _flags(rng, sig, _):
    set_subpacket(sig["hashed"], "flags", rng.choice([0, 1, SIGN, 3, ENCRYPT, 0x20, 0x22, 0xFF]))


def _no_flags(_rng, sig, _):
    drop(sig["hashed"], "flags")


def _fingerprint_only(_rng, sig, _):
    drop(sig["unhashed"], "issuer")


def _issuer_only(_rng, sig, _):
    drop(sig["hashed"], "fpr")


def _no_issuer(_rng, sig, _):
    drop(sig["hashed"], "fpr")
    drop(sig["unhashed"], "issuer")


def _issuer_hashed(_rng, sig, _):
    drop(sig["unhashed"], "issuer")
    sig["hashed"].append(["issuer", sig["by"]])


def _fingerprint_unhashed(_rng, sig, _):
    drop(sig["hashed"], "fpr")
    sig["unhashed"].append(["fpr", sig["by"]])


def _other_issuer(rng, sig, roles):
    area, name = rng.choice([("unhashed", "issuer"), ("hashed", "issuer"), ("hashed", "fpr"), ("unhashed", "fpr")])
    other = rng.choice([*roles, "stranger"])
    if rng.random() < 0.5:
        drop(sig[area], name)
    sig[area].insert(rng.randint(0, len(sig[area])), [name, other])


def _fingerprint_version(rng, sig, _):
    drop(sig["hashed"], "fpr")
    sig["hashed"].append(["fpr", sig["by"], rng.choice([3, 5, 6, 0])])


def _export(rng, sig, _):
    area = rng.choice(["hashed", "hashed", "unhashed"])
    sig[area].append(["export", rng.choice([0, 0, 0, 1, 2])])


def _critical(rng, sig, _):
    area = sig[rng.choice(["hashed", "hashed", "hashed", "unhashed"])]
    if rng.random() < 0.6 or not area:
        area.append(["raw!", rng.choice([0, 1, 13, 14, 19, 34, 36, 37, 38, 39, 40, 60, 99, 100, 110, 127]), "00"])
    else:
        item = rng.choice(area)
        item[0] = item[0].rstrip("!") + "!"


def _notation(rng, sig, _):
    sig["hashed"].append([rng.choice(["notation", "notation!"]), rng.choice(["some@example.org", "preferred-email-encoding@pgp.com", "pka-address@gnupg.org"])])


def _double(rng, sig, _):
    area = sig[rng.choice(["hashed", "hashed", "unhashed"])]
    if area:
        item = list(rng.choice(area))
        if item[0].rstrip("!") == "time":
            item[1] = rng.choice(TIMES)
        elif item[0].rstrip("!") in ("kexp", "sexp"):
            item[1] = rng.choice(PERIODS)
        elif item[0].rstrip("!") == "flags":
            item[1] = rng.choice([0, 1, 2, 3, 12])
        area.insert(rng.randint(0, len(area)), item)


def _drop_subpacket(rng, sig, _):
    area = sig[rng.choice(["hashed", "hashed", "unhashed"])]
    if area:
        del area[rng.randrange(len(area))]


def _move_subpacket(rng, sig, _):
    """From one area into the other."""
    here, there = rng.sample(["hashed", "unhashed"], 2)
    if sig[here]:
        sig[there].append(sig[here].pop(rng.randrange(len(sig[here]))))


def _short(rng, sig, _):
    area = sig[rng.choice(["hashed", "hashed", "unhashed"])]
    number = rng.choice([2, 3, 4, 5, 7, 9, 12, 16, 20, 24, 25, 27, 29, 30, 32, 33])
    body = bytes(rng.choice([0, 1, 2, 3, 4, 5, 7, 9]))
    area.insert(rng.randint(0, len(area)), [rng.choice(["raw", "raw", "raw!"]), number, body.hex()])


def _odd_octets(rng, sig, _):
    """A length of zero, one that is too long, five octets of length, a lone type."""
    area = sig[rng.choice(["hashed", "hashed", "unhashed"])]
    area.insert(rng.randint(0, len(area)), ["octets", rng.choice(["00", "ff", "05", "ff0000000264ff", "c0", "0164", "ff000000", "0000"])])


def _embedded(rng, sig, roles):
    """Something about the embedded signature, or another one."""
    embeds = [item for item in sig["hashed"] + sig["unhashed"] if item[0].rstrip("!") == "embed"]
    if not embeds:
        return
    inner = rng.choice(embeds)
    choice = rng.random()
    if choice < 0.15:
        inner[1]["v"] = rng.choice([2, 2, 3, 3, 5, 6])
    elif choice < 0.75:
        if inner[1].get("hashed") is not None:
            inner[1].setdefault("unhashed", [])
            odd(rng, inner[1], roles)
    elif choice < 0.85:
        sig["hashed"].remove(inner) if inner in sig["hashed"] else sig["unhashed"].remove(inner)
    else:
        twin = copy.deepcopy(inner)
        twin[1].setdefault("unhashed", [])
        odd(rng, twin[1], roles)
        area = sig[rng.choice(["hashed", "hashed", "unhashed"])]
        area.insert(rng.randint(0, len(area)), twin)


def _version(rng, sig, _):
    sig["v"] = rng.choices([2, 3, 5, 6], [3, 6, 2, 2])[0]
    if sig["v"] == 3 and rng.random() < 0.15:
        sig["hlen"] = rng.choice([0, 4, 6])


def _hash(rng, sig, _):
    sig["hash"] = rng.choice(["md5", "sha1", "ripemd160", "sha224", "sha384", "sha512"])


def _algorithm(rng, sig, _):
    sig["alg"] = rng.choice([0, 1, 2, 3, 16, 17, 18, 19, 20, 20, 20, 20, 21, 22, 24, 25, 27, 28, 99, 100, 110])


def _value(rng, sig, _):
    sig["value"] = rng.choice(["empty", "first-empty", "zero", "leading-zero", "bits-less", "bits-more", "long", "cut", "more", "doubled", "one"])


def _wrong(rng, sig, _):
    sig["wrong"] = rng.choice(["value", "value", "left16"])


def _hashed_flip(rng, sig, _):
    sig["hflip"] = [rng.randrange(200), 1 << rng.randrange(8)]


def _kind(rng, sig, _):
    sig["t"] = rng.choice([0x00, 0x01, 0x02, 0x10, 0x11, 0x12, 0x13, 0x16, 0x18, 0x19, 0x1F, 0x20, 0x28, 0x30, 0x40, 0x50, 0x60])


def _signer(rng, sig, roles):
    """Somebody else makes it, and says so or not."""
    old, new = sig["by"], rng.choice([*roles, "stranger"])
    sig["by"] = new
    if rng.random() < 0.6:
        for area in ("hashed", "unhashed"):
            for item in sig[area]:
                if item[0].rstrip("!") in ("issuer", "fpr") and item[1] == old:
                    item[1] = new


def _over(rng, sig, roles):
    """It is about another key."""
    if sig.get("over"):
        place = rng.randrange(len(sig["over"]))
        if sig["over"][place] in roles:
            sig["over"][place] = rng.choice([*roles, "stranger"])


def _revoker(rng, sig, roles):
    sig["hashed"].append(["revoker", rng.choice([*roles, "R", "R"]), rng.choice([0x80, 0x80, 0xC0, 0x00])])


def _irrevocable(rng, sig, _):
    sig["hashed"].append(["revocable", rng.choice([0, 1])])


def _primary_user_id(rng, sig, _):
    sig["hashed"].append(["primary", rng.choice([0, 1])])


def _reason(rng, sig, _):
    set_subpacket(sig["hashed"], "reason", rng.choice([0, 1, 2, 3, 32, 255]))


_TABLE = [
    (_time, 10), (_expires, 8), (_signature_expires, 5), (_flags, 7), (_no_flags, 3), (_fingerprint_only, 6), (_issuer_only, 3), (_no_issuer, 3),
    (_issuer_hashed, 3), (_fingerprint_unhashed, 2), (_other_issuer, 5), (_fingerprint_version, 2), (_export, 6), (_critical, 4), (_notation, 2),
    (_double, 4), (_drop_subpacket, 3), (_move_subpacket, 3), (_short, 3), (_odd_octets, 3), (_embedded, 12), (_version, 4), (_hash, 4),
    (_algorithm, 6), (_value, 4), (_wrong, 3), (_hashed_flip, 3), (_kind, 3), (_signer, 3), (_over, 2), (_revoker, 3), (_irrevocable, 1),
    (_primary_user_id, 2), (_reason, 1),
]
_ODDITIES = [(change.__name__.strip("_").replace("_", "-"), change) for change, _ in _TABLE]
_WEIGHTS = [weight for _, weight in _TABLE]
