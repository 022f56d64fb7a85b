"""What stands around the packets of a file: ASCII armor in its sound and odd forms."""

import base64

from openpgp.packets import armored


def enclose(octets, file, label):
    """The file's octets: as they are, or in the armor that `file["armor"]` describes.

    checksum: "right", "wrong" or "none"; newline; headers; before, between, after: text; empty: an empty block before; blank: False leaves
    the blank line out; split: the octets in two blocks; width: of a line; pad: False leaves out padding; end: False leaves the last line
    out; cut: octets that are missing at the end; glue: True removes the line feed before the end line; label; twice: two blocks.
    """
    armor = file.get("armor")
    if armor is None:
        return octets
    label = armor.get("label", label)
    parts = [octets]
    if "split" in armor:
        place = armor["split"] % (len(octets) + 1)
        parts = [octets[:place], octets[place:]]
    if armor.get("twice"):
        parts *= 2
    if armor.get("empty"):
        parts.insert(0, b"")
    text = armor.get("between", "").encode().join(_block(part, armor, label) for part in parts)
    text = armor.get("before", "").encode() + text + armor.get("after", "").encode()
    if armor.get("cut"):
        text = text[: -armor["cut"]]
    if "flip" in armor and text:
        place, mask = armor["flip"]
        place %= len(text)
        text = text[:place] + bytes([text[place] ^ mask]) + text[place + 1 :]
    return text


def _block(octets, armor, label):
    newline = armor.get("newline", "\n")
    text = armored(octets, label, armor.get("checksum", "right"), armor.get("headers", ()), newline)
    lines = text.decode().split(newline)
    if "width" in armor:
        base = base64.b64encode(octets).decode()
        blank, rest = lines.index(""), [line for line in lines if line.startswith(("=", "-----END"))]
        width = armor["width"]
        lines = lines[: blank + 1] + [base[i : i + width] for i in range(0, len(base), width)] + rest + [""]
    if armor.get("blank") is False:
        lines.remove("")
    if armor.get("pad") is False:
        lines = [line if line.startswith("=") else line.rstrip("=") for line in lines]
    if armor.get("space"):
        lines = [line + armor["space"] if line else line for line in lines]
    if armor.get("end") is False:
        lines = lines[:-2]
    text = newline.join(lines)
    if armor.get("glue"):
        text = text.replace(newline + "-----END", "-----END")
    return text.encode()
