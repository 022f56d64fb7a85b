"""Changes of the signed message of a recipe."""

import copy

import steps
from file_changes import junk_packet, packet_header
from oddities import NOW, PERIODS, odd, set_subpacket


def sound(rng, signer):
    """A message by this key, as gpg writes it; sometimes compressed or in the old form."""
    packets = [{"p": "onepass", "by": signer}, {"p": "literal"}, steps.data_signature(signer)]
    choice = rng.random()
    if choice < 0.1:
        packets = [packets[2], packets[1]]
    if choice > 0.8:
        packets = [{"p": "compressed", "algo": rng.choice([1, 1, 2, 3]), "header": "old-indeterminate", "inside": packets}]
    return {"packets": packets}


def change(rng, recipe):
    """Changes the message, and says what."""
    name, act = rng.choices(_CHANGES, _WEIGHTS)[0]
    act(rng, recipe)
    return f"message-{name}"


def _lists(message):
    """The lists of steps in it: the outer one and those within compressed packets."""
    found = [message["packets"]]
    for step in found[0]:
        if step["p"] == "compressed":
            found.append(step["inside"])
    return found


def _signatures(recipe):
    return [step for packets in _lists(recipe["message"]) for step in packets if step["p"] == "sig" and "hashed" in step]


def _steps(recipe, kind):
    return [step for packets in _lists(recipe["message"]) for step in packets if step["p"] == kind]


def _odd_signature(rng, recipe):
    signatures = _signatures(recipe)
    if signatures:
        odd(rng, rng.choice(signatures), [*recipe["keys"], "A", "S"])


def _text(rng, recipe):
    """A text signature, with its one-pass packet or without."""
    for sig in _signatures(recipe):
        sig["t"] = 1
    if rng.random() < 0.85:
        for step in _steps(recipe, "onepass"):
            step["t"] = 1
    for step in _steps(recipe, "literal"):
        step["mode"] = rng.choice("tub")


def _content(rng, recipe):
    text = rng.choice(["", "x", "line\n", "line\r\nline\n", "{}", "a" * 600, "trailing  \n", "\r"])
    for step in _signatures(recipe) + _steps(recipe, "literal"):
        step["text"] = text


def _literal(rng, recipe):
    for step in _steps(recipe, "literal"):
        key, value = rng.choice([("mode", "t"), ("mode", "u"), ("mode", "l"), ("mode", "1"), ("mode", "m"), ("mode", "x"), ("name", "_CONSOLE"),
                                 ("name", "n" * 255),
                                 ("name", "file"), ("date", 1), ("date", 4294967295), ("text", "other")])
        step[key] = value


def _onepass(rng, recipe):
    for step in _steps(recipe, "onepass"):
        key, value = rng.choice([("t", 1), ("t", 16), ("hash", "sha512"), ("hash", "sha1"), ("hash", "md5"), ("alg", 1), ("alg", 17), ("alg", 99),
                                 ("issuer", "A"), ("issuer", "stranger"),
                                 ("last", 0), ("last", 2), ("v", 2), ("v", 4), ("v", 6), ("by", "T")])
        step[key] = value


def _junk(rng, recipe):
    packets = rng.choice(_lists(recipe["message"]))
    packets.insert(rng.randint(0, len(packets)), junk_packet(rng))


def _repeat(rng, recipe):
    packets = rng.choice(_lists(recipe["message"]))
    packets.insert(rng.randint(0, len(packets)), copy.deepcopy(rng.choice(packets)))


def _remove(rng, recipe):
    packets = rng.choice(_lists(recipe["message"]))
    if len(packets) > 1:
        del packets[rng.randrange(len(packets))]


def _swap(rng, recipe):
    packets = rng.choice(_lists(recipe["message"]))
    if len(packets) > 1:
        one, other = rng.sample(range(len(packets)), 2)
        packets[one], packets[other] = packets[other], packets[one]


def _compress(rng, recipe):
    """All of it, or one packet."""
    algorithm = rng.choice([0, 1, 1, 2, 3, 4, 110])
    form = rng.choice(["old-indeterminate", "old-indeterminate", "new", "partial", "old"])
    message = recipe["message"]
    if rng.random() < 0.7:
        message["packets"] = [{"p": "compressed", "algo": algorithm, "header": form, "inside": message["packets"]}]
    else:
        place = rng.randrange(len(message["packets"]))
        message["packets"][place] = {"p": "compressed", "algo": algorithm, "header": form, "inside": [message["packets"][place]]}


def _headers(rng, recipe):
    packet_header(rng, rng.choice(rng.choice(_lists(recipe["message"]))))


def _armor(rng, recipe):
    recipe["message"]["armor"] = rng.choice([{}, {"checksum": "none"}, {"checksum": "wrong"}, {"newline": "\r\n"}, {"headers": ["Comment: x"]},
                                             {"label": "PGP SIGNATURE"},
                                             {"label": "PGP PUBLIC KEY BLOCK"}, {"before": "text\n"}, {"after": "text\n"}, {"twice": True}, {"blank": False}])


def _tail(rng, recipe):
    recipe["message"]["tail"] = rng.choice(["00", "0a", "ff", "c000", "cb00", "d3", "b000", "8a00", "ca03504750"])


def _cut(rng, recipe):
    recipe["message"]["cut"] = rng.choice([1, 2, 5, 64, 70])


def _flip(rng, recipe):
    rng.choice(rng.choice(_lists(recipe["message"])))["flip"] = [rng.randrange(300), 1 << rng.randrange(8)]


def _expires(rng, recipe):
    for sig in _signatures(recipe):
        set_subpacket(sig["hashed"], "sexp", rng.choice(PERIODS))


def _signed_when(rng, recipe):
    for sig in _signatures(recipe):
        set_subpacket(sig["hashed"], "time", rng.choice([0, 1, 5, NOW - 1, NOW, NOW + 1, 86400, 2 * 86400]))


def _by_other(rng, recipe):
    role = rng.choice(["A", "S", "T", "B", "R", "stranger"])
    for sig in _signatures(recipe):
        for area in ("hashed", "unhashed"):
            for item in sig[area]:
                if item[0].rstrip("!") in ("issuer", "fpr") and item[1] == sig["by"]:
                    item[1] = role
        sig["by"] = role
    for step in _steps(recipe, "onepass"):
        step["by"] = role


_TABLE = [(_odd_signature, 30), (_text, 6), (_content, 5), (_literal, 5), (_onepass, 5), (_junk, 12), (_repeat, 3), (_remove, 3), (_swap, 3), (_compress, 6),
          (_headers, 8),
          (_armor, 4), (_tail, 3), (_cut, 2), (_flip, 4), (_expires, 4), (_signed_when, 5), (_by_other, 4)]
_CHANGES = [(act.__name__.strip("_").replace("_", "-"), act) for act, _ in _TABLE]
_WEIGHTS = [weight for _, weight in _TABLE]
