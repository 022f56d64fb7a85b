"""Changes of the key files of a recipe."""

import copy

import file_changes
import steps
from clock import DAY
from oddities import NOW, PERIODS, TIMES, odd

UIDS = ["one", "two", "three", ""]


def change(rng, recipe):
    """Changes the key files, and says what."""
    name, act = rng.choices(_CHANGES, _WEIGHTS)[0]
    more = act(rng, recipe)
    return f"{name}-{more}" if more else name


# ---- Helpers

def _file(rng, recipe):
    return rng.choice(recipe["files"])["packets"]


def _roles(recipe):
    found = {step["k"] for file in recipe["files"] for step in file["packets"] if "k" in step}
    return sorted(found) or ["A"]


def _subkeys(recipe):
    return sorted({step["k"] for file in recipe["files"] for step in file["packets"] if step["p"] == "subkey"})


def _uids(recipe):
    found = {"u:" + step["text"] for file in recipe["files"] for step in file["packets"] if step["p"] == "uid"}
    found |= {"a:" + step["hex"] for file in recipe["files"] for step in file["packets"] if step["p"] == "attr"}
    return sorted(found) or ["u:one"]


def _signatures(packets):
    return [step for step in packets if step["p"] == "sig" and "hashed" in step]


def _name_of(step):
    return "u:" + step["text"] if step["p"] == "uid" else "a:" + step["hex"]


def _behind(rng, packets, wanted, new):
    """Puts steps behind a step that `wanted` picks, or behind its signatures; seldom anywhere."""
    places = [place + 1 for place, step in enumerate(packets) if wanted(step)]
    if not places or rng.random() < 0.1:
        place = rng.randint(0, len(packets))
    else:
        place = rng.choice(places)
        while place < len(packets) and packets[place]["p"] == "sig" and rng.random() < 0.6:
            place += 1
    packets[place:place] = new


def _varied(rng, sig, roles, chance=0.6):
    """Makes it odd in zero, one or two ways."""
    while rng.random() < chance:
        odd(rng, sig, roles)
        chance *= 0.5
    return sig


def _extra(rng):
    """Some subpackets that matter."""
    extra = []
    if rng.random() < 0.35:
        extra.append(["kexp", rng.choice(PERIODS)])
    if rng.random() < 0.1:
        extra.append(["sexp", rng.choice(PERIODS)])
    return extra


def _when(rng):
    return rng.choice([0, DAY, DAY, 2 * DAY, 3 * DAY, 10 * DAY, NOW]) if rng.random() < 0.85 else rng.choice(TIMES)


# ---- Changes

def _odd_signature(rng, recipe):
    signatures = _signatures(_file(rng, recipe))
    return odd(rng, rng.choice(signatures), _roles(recipe)) if signatures else None


def _self_signature(rng, recipe):
    """One more of a user ID."""
    name = rng.choice(_uids(recipe))
    sig = steps.self_signature("A", name, _when(rng), rng.choice([3, 3, 1, 2, 0, 12, None]), _extra(rng))
    _behind(rng, _file(rng, recipe), lambda step: step["p"] in ("uid", "attr") and _name_of(step) == name, [_varied(rng, sig, _roles(recipe))])


def _direct(rng, recipe):
    sig = steps.direct("A", _when(rng), rng.choice([3, 3, 1, 2, 0, 12, None]), _extra(rng))
    if rng.random() < 0.25:
        sig["hashed"].append(["revoker", rng.choice(["R", "R", "B", "S"])])
    _behind(rng, _file(rng, recipe), lambda step: step.get("k") == "A" and step["p"] == "key", [_varied(rng, sig, _roles(recipe), 0.5)])


def _binding(rng, recipe):
    """One more of a subkey."""
    role = rng.choice(_subkeys(recipe) or ["S"])
    sig = steps.binding("A", role, _when(rng), rng.choice([2, 2, 2, 12, 0, 3, None]), rng.random() < 0.85, _extra(rng))
    _behind(rng, _file(rng, recipe), lambda step: step["p"] == "subkey" and step["k"] == role, [_varied(rng, sig, _roles(recipe))])


def _user_id(rng, recipe):
    """One more, with its self-signature."""
    if rng.random() < 0.25:
        octets = rng.choice([steps.ATTRIBUTE, steps.ODD_ATTRIBUTE, "", "00", "0101"])
        step, name = {"p": "attr", "hex": octets}, "a:" + octets
    else:
        text = rng.choice(UIDS)
        step, name = steps.uid(text), "u:" + text
    new = [step]
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        new.append(_varied(rng, steps.self_signature("A", name, _when(rng), rng.choice([3, 3, 3, 1, 0, None]), _extra(rng)), _roles(recipe), 0.4))
    _behind(rng, _file(rng, recipe), lambda step: step["p"] in ("key", "uid"), new)


def _subkey(rng, recipe):
    """One more, or the same again, with its binding."""
    role = rng.choice(["S", "S", "T", "U", *_subkeys(recipe)])
    if role not in recipe["keys"] and role == "U":
        recipe["keys"]["U"] = {"algo": rng.choice(["ecdh", "rsa1024", "unknown-curve", "nistp224", "number-99", "number-25", "number-27", "number-30",
                                                   "nistp256", "dsa-q16"])}
    new = [steps.subkey(role)]
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        sig = steps.binding("A", role, _when(rng), rng.choice([2, 2, 2, 12, 0, None]), rng.random() < 0.9, _extra(rng))
        new.append(_varied(rng, sig, _roles(recipe), 0.4))
    if rng.random() < 0.15:
        new.append(_varied(rng, steps.subkey_revocation("A", role), _roles(recipe), 0.3))
    _behind(rng, _file(rng, recipe), lambda step: step["p"] in ("key", "uid", "subkey"), new)


def _revocation(rng, recipe):
    """Of the key, a subkey or a user ID, by the key or somebody else; a revoker is appointed sometimes."""
    by = rng.choices(["A", "R", "stranger", "S"], [10, 4, 1, 1])[0]
    kind = rng.choice(["key", "subkey", "uid"])
    if kind == "key":
        sig = steps.key_revocation("A", by, _when(rng))
        wanted = lambda step: step["p"] == "key" and step["k"] == "A"
    elif kind == "subkey":
        role = rng.choice(_subkeys(recipe) or ["S"])
        sig = steps.subkey_revocation("A", role, by, _when(rng))
        wanted = lambda step: step["p"] == "subkey" and step["k"] == role
    else:
        name = rng.choice(_uids(recipe))
        sig = steps.uid_revocation("A", name, by, _when(rng))
        wanted = lambda step: step["p"] in ("uid", "attr") and _name_of(step) == name
    _behind(rng, _file(rng, recipe), wanted, [_varied(rng, sig, _roles(recipe), 0.6)])
    if by == "R":
        bearers = [step for file in recipe["files"] for step in _signatures(file["packets"]) if step["by"] == "A"]
        if bearers and rng.random() < 0.8:
            rng.choice(bearers)["hashed"].append(["revoker", "R"])
        if rng.random() < 0.7:
            other = [steps.key("R"), steps.uid("revoker"), steps.self_signature("R", "u:revoker")]
            rng.choice([recipe["files"][0]["packets"].extend, lambda new: recipe["files"].append({"packets": new})])(other)
    return kind


def _copy(rng, recipe):
    """The certificate once more, in this file or another, with parts that miss or differ."""
    source = rng.choice(recipe["files"])["packets"]
    twin = copy.deepcopy(source)
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        choice = rng.random()
        if choice < 0.45 and len(twin) > 1:
            del twin[rng.randrange(1, len(twin))]
        elif choice < 0.85:
            signatures = _signatures(twin)
            if signatures:
                odd(rng, rng.choice(signatures), _roles(recipe))
        elif len(twin) > 2:
            one, other = rng.sample(range(1, len(twin)), 2)
            twin[one], twin[other] = twin[other], twin[one]
    if rng.random() < 0.55 or len(recipe["files"]) > 2:
        file = rng.choice(recipe["files"])["packets"]
        if rng.random() < 0.5:
            file.extend(twin)
        else:
            file[:0] = twin
    else:
        recipe["files"].insert(rng.randint(0, len(recipe["files"])), {"packets": twin})


def _other_key(rng, recipe):
    """Another primary key, which may share the subkey or hold a stranger's things."""
    role = rng.choice(["B", "B", "R"])
    other = [steps.key(role), steps.uid("other"), steps.self_signature(role, "u:other", flags=rng.choice([3, 1]))]
    if rng.random() < 0.6:
        shared = rng.choice(["S", "T", "A"])
        other += [steps.subkey(shared)]
        if rng.random() < 0.85:
            other.append(_varied(rng, steps.binding(role, shared, flags=rng.choice([2, 2, 12])), _roles(recipe), 0.3))
    if rng.random() < 0.3:
        signatures = _signatures(other)
        odd(rng, rng.choice(signatures), [*_roles(recipe), role])
    if rng.random() < 0.3:
        del other[rng.randrange(len(other))]
    if rng.random() < 0.5 or len(recipe["files"]) > 2:
        file = rng.choice(recipe["files"])["packets"]
        place = rng.choice([0, len(file)])
        file[place:place] = other
    else:
        recipe["files"].insert(rng.randint(0, len(recipe["files"])), {"packets": other})


def _repeat(rng, recipe):
    source, target = _file(rng, recipe), _file(rng, recipe)
    if source:
        target.insert(rng.randint(0, len(target)), copy.deepcopy(rng.choice(source)))


def _repeat_altered(rng, recipe):
    """A signature again, its unhashed area or value otherwise."""
    packets = _file(rng, recipe)
    signatures = _signatures(packets)
    if signatures:
        sig = rng.choice(signatures)
        twin = copy.deepcopy(sig)
        choice = rng.random()
        if choice < 0.4:
            twin["unhashed"] = []
        elif choice < 0.7:
            twin["unhashed"].append(["export", 0])
        else:
            odd(rng, twin, _roles(recipe))
        place = packets.index(sig)
        packets.insert(place + rng.choice([0, 1]), twin)


def _move(rng, recipe):
    packets = _file(rng, recipe)
    if len(packets) > 2:
        step = packets.pop(rng.randrange(1, len(packets)))
        packets.insert(rng.randint(0, len(packets)), step)


def _remove(rng, recipe):
    packets = _file(rng, recipe)
    if len(packets) > 1:
        del packets[rng.randrange(len(packets))]


def _algorithm(rng, recipe):
    role = rng.choice(["A", "S", "S"])
    recipe["keys"][role] = {"algo": rng.choice(["ed25519", "ed25519", "nistp256", "rsa1024", "rsa2048", "dsa1024", "dsa2048", "dsa-q16", "dsa-q128", "dsa-q152",
                                                "dsa-q164", "dsa-q168", "nistp384",
                                                "secp256k1", "ecdh", "unknown-curve", "nistp224", "number-99"])}


def _key_time(rng, recipe):
    role = rng.choice(["A", "S"])
    recipe["keys"].setdefault(role, {})["created"] = rng.choice([1, DAY, 2 * DAY, -DAY, NOW, NOW + 1])


def _new_file(rng, recipe):
    """The file's packets in two files."""
    if len(recipe["files"]) < 3:
        file = rng.choice(recipe["files"])
        place = rng.randint(0, len(file["packets"]))
        recipe["files"].append({"packets": file["packets"][place:]})
        del file["packets"][place:]


_TABLE = [
    (_odd_signature, 30), (_self_signature, 9), (_direct, 7), (_binding, 10), (_user_id, 7), (_subkey, 10), (_revocation, 9), (_copy, 22), (_other_key, 9),
    (_repeat, 4),
    (_repeat_altered, 5), (_move, 4), (_remove, 3), (file_changes.junk, 14), (file_changes.header, 5), (file_changes.flip, 4), (file_changes.secret, 3),
    (file_changes.armor, 8), (file_changes.file_end, 2), (_algorithm, 5), (_key_time, 2), (_new_file, 1),
]
_CHANGES = [(act.__name__.strip("_").replace("_", "-"), act) for act, _ in _TABLE]
_WEIGHTS = [weight for _, weight in _TABLE]
