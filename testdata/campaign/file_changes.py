"""Changes of a file's octets: packets that do not belong there, headers, flipped bits, secret keys, armor, and where it ends."""


def _file(rng, recipe):
    return rng.choice(recipe["files"])["packets"]


def junk_packet(rng):
    """A packet that does not belong there: any type, a right or a broken body, any size."""
    tag = rng.choice([0, 0, *range(64)])
    bodies = ["", "00", "03", "04", "05", "06", "504750", "0400", "03" + "00" * 12, "0301" + "00" * 11, "040203" + "00" * 9, "b1" * 20, "62000000000078",
              "0465920080160009" + "2b06010401da470f01" + "0107", "0c" * 191, "0400ff" + "00" * 10]
    step = {"p": "raw", "tag": tag, "hex": rng.choice(bodies)}
    if rng.random() < 0.08:
        step["fill"] = [rng.choice([0, 0x41, 0xFF]), rng.choice([200, 2000, 9000, 17000, 66000, 270000])]
    if rng.random() < 0.3:
        packet_header(rng, step)
    return step


def junk(rng, recipe):
    packets = _file(rng, recipe)
    step = junk_packet(rng)
    packets.insert(rng.randint(0, len(packets)), step)
    return str(step["tag"])


def packet_header(rng, step):
    """Another form of a packet's header."""
    choice = rng.random()
    if choice < 0.8:
        step["header"] = rng.choice(["old", "old", "new-five-octets", "old-four-octets", "partial", "old-indeterminate"])
    elif choice < 0.9:
        step["claim"] = rng.choice([0, 1, 3, 100, 300, 70000, 4294967295])
    else:
        step["cut"] = rng.choice([1, 2, 10, 40])


def header(rng, recipe):
    packets = _file(rng, recipe)
    if packets:
        packet_header(rng, rng.choice(packets))


def flip(rng, recipe):
    packets = _file(rng, recipe)
    if packets:
        rng.choice(packets)["flip"] = [rng.choice([0, 0, 1, 2, rng.randrange(300)]), 1 << rng.randrange(8)]


def secret(rng, recipe):
    """A secret key instead of a public one."""
    packets = _file(rng, recipe)
    keys = [place for place, step in enumerate(packets) if step["p"] in ("key", "subkey")]
    if keys:
        place = rng.choice(keys)
        step = {"p": "secret", "k": packets[place]["k"]}
        if packets[place]["p"] == "subkey":
            step["sub"] = True
        if rng.random() < 0.5:
            step["s2k"] = rng.choice([1, 3, 9, 253, 254, 255])
        if rng.random() < 0.3:
            step["cut"] = rng.choice([1, 2, 20])
        packets[place] = step


def armor(rng, recipe):
    file = rng.choice(recipe["files"])
    armor = file.setdefault("armor", {})
    for _ in range(rng.choice([0, 1, 1, 2])):
        key, value = rng.choice([
            ("checksum", "none"), ("checksum", "none"), ("checksum", "wrong"), ("newline", "\r\n"), ("newline", "\n\n"), ("headers", ["Comment: x"]),
            ("headers", ["Hash: SHA1", "Nonsense"]),
            ("before", "some text\n"), ("before", "\n"), ("after", "some text\n"), ("between", "text\n"), ("between", "\n\n"), ("empty", True),
            ("blank", False),
            ("split", rng.randrange(3000)), ("twice", True), ("width", rng.choice([4, 60, 76, 80, 3, 1000000])), ("pad", False),
            ("space", rng.choice([" ", "\t", "  "])),
            ("end", False), ("cut", rng.choice([1, 2, 10, 30, 40, 60])), ("glue", True),
            ("label", rng.choice(["PGP MESSAGE", "PGP SIGNATURE", "PGP PRIVATE KEY BLOCK", "PGP PUBLIC KEY BLOCK "])),
            ("flip", [rng.randrange(3000), 1 << rng.randrange(8)])])
        armor[key] = value
    return "-".join(armor)


def file_end(rng, recipe):
    file = rng.choice(recipe["files"])
    if rng.random() < 0.6:
        file["cut"] = rng.choice([1, 2, 3, 10, 60, 100])
    else:
        file["tail"] = rng.choice(["00", "0a", "ff", "c0", "c000", "8000", "99", "d3ff", "b000", "cd00"])
