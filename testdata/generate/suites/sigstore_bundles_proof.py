"""Inclusion proofs and checkpoints in sigstore bundles."""

import bundles
from bundled import CHECKPOINT, MALFORMED, PROOF, UNTRUSTED, Bundled, changed
from bundles import base_64, checkpoint, decoded, entry, note_line, proof
from public_keys import EcKey
from workshop import Suite


def build(workshop):
    suite = Suite("sigstore-bundles-proof")
    world = Bundled(workshop, suite)
    _trees(world)
    _proofs(world)
    _checkpoints(world)
    _signatures(world)
    return suite


def _proven(world, name, about, verdict, code, make, **members):
    """A case with an entry whose proof is made by a function of the log and the body."""
    document = world.envelope(entries=lambda body: [entry(world.log, body, proven=make(bundles.rekor.compact(body).encode()))], **members)
    world.keyed(name, about, verdict, code, document)
    return document


def _trees(world):
    """Each place in trees of several sizes."""
    for size in range(1, 10):
        for index in range(size):
            leaves = [b"leaf %d" % number for number in range(size - 1)]
            make = lambda octets, before=leaves[:index], after=leaves[index:]: proof(world.log, octets, before, after)
            _proven(world, f"tree-of-{size}-place-{index}", "Each leaf of a tree is proven by its own hashes.", "accept", None, make)


def _proofs(world):
    """What does not lead from the entry to the root."""
    good = world.envelope()
    for name, change in (("cut", lambda old: old[:-1]), ("none", lambda old: []), ("longer", lambda old: [*old, old[-1]]), ("reversed", lambda old: old[::-1]),
                         ("bent-first", lambda old: [_bent(old[0]), *old[1:]]), ("bent-last", lambda old: [*old[:-1], _bent(old[-1])]),
                         ("short", lambda old: [base_64(decoded(old[0])[:31]), *old[1:]]), ("long", lambda old: [base_64(decoded(old[0]) + b"\0"), *old[1:]]),
                         ("empty-one", lambda old: ["", *old[1:]])):
        world.keyed(f"hashes-{name}", "Hashes that do not lead to the root.", "reject", MALFORMED, changed(good, *PROOF, "hashes", to=change))
    for name, member, values in (("index", "logIndex", ("0", "2", "4", "5", "6", "7", str((1 << 32) + 3), str((1 << 63) - 1))),
                                 ("size", "treeSize", ("0", "1", "3", "4", "5", "7", "8", str((1 << 32) + 6), str((1 << 63) - 1)))):
        for value in values:
            world.keyed(f"{name}-{value}", f"Another {name}.", "reject", MALFORMED, changed(good, *PROOF, member, to=value))
    world.keyed("index-missing", "Another index.", "reject", MALFORMED, changed(good, *PROOF, "logIndex", without=True))
    world.keyed("size-missing", "No size.", "reject", MALFORMED, changed(good, *PROOF, "treeSize", without=True))
    for name, change in (("bent", _bent), ("empty", lambda old: ""), ("short", lambda old: base_64(decoded(old)[:31])), ("of-empty-tree", lambda old: base_64(bundles.sha256(b"")))):
        world.keyed(f"root-{name}", "Another root.", "reject", MALFORMED, changed(good, *PROOF, "rootHash", to=change))
    _proven(world, "of-other-entry", "The proof of another entry.", "reject", MALFORMED, lambda octets: proof(world.log, octets + b" "))
    _proven(world, "leaf-as-node", "A node is no leaf.", "reject", MALFORMED, lambda octets: _as_node(world, octets))
    world.keyed("hashes-missing-of-one", "The one leaf of a tree needs no hashes.", "accept", None,
                changed(_single(world), *PROOF, "hashes", without=True))
    world.keyed("hashes-one-of-one", "The one leaf of a tree has no hashes.", "reject", MALFORMED, changed(_single(world), *PROOF, "hashes", to=[base_64(bytes(32))]))
    world.keyed("broken-not-demanded", "No log is demanded.", "accept", None, changed(good, *PROOF, "rootHash", to=_bent), logged=False)
    old = world.envelope(media_type=bundles.OLDER["0.1"])
    world.keyed("broken-in-0-1", "A proof that is there counts in each version.", "reject", MALFORMED, changed(old, *PROOF, "rootHash", to=_bent))


def _single(world):
    return world.envelope(entries=lambda body: [entry(world.log, body, proven=proof(world.log, bundles.rekor.compact(body).encode(), [], []))])


def _as_node(world, octets):
    """A proof whose root is right if the entry counts as the inside of a node."""
    document = proof(world.log, octets, [], [])
    root = bundles.sha256(b"\x01" + octets)
    return document | {"rootHash": base_64(root), "checkpoint": {"envelope": checkpoint(world.log, 1, root)}}


def _bent(text):
    octets = decoded(text)
    return base_64(octets[:-1] + bytes([octets[-1] ^ 1]))


def _checkpoints(world):
    """The text of a checkpoint."""
    def noted(name, about, verdict, code, note):
        _proven(world, f"checkpoint-{name}", about, verdict, code, lambda octets: proof(world.log, octets, note=note))

    log = world.log
    noted("more-lines", "More lines may follow.", "accept", None, lambda size, root: checkpoint(log, size, root, more="Timestamp: 1\n"))
    noted("empty-line-inside", "The last empty line ends the text.", "accept", None, lambda size, root: checkpoint(log, size, root, more="\nmore\n"))
    noted("other-origin", "The origin may be any.", "accept", None, lambda size, root: checkpoint(log, size, root, origin="x"))
    noted("other-size", "A checkpoint of another size.", "reject", MALFORMED, lambda size, root: checkpoint(log, size + 1, root))
    noted("other-root", "A checkpoint of another root.", "reject", MALFORMED, lambda size, root: checkpoint(log, size, bundles.sha256(root)))
    for name, about, text in (
        ("no-origin", "A checkpoint has an origin.", "{size}\n{root}\n"), ("empty-origin", "A checkpoint has an origin.", "\n{size}\n{root}\n"),
        ("no-size", "A checkpoint has a size.", "o\n{root}\n"), ("no-root", "A checkpoint has a root.", "o\n{size}\n"), ("size-with-zero", "A size has one form.", "o\n0{size}\n{root}\n"),
        ("size-with-sign", "A size has one form.", "o\n+{size}\n{root}\n"), ("size-with-blank", "A size has one form.", "o\n{size} \n{root}\n"),
        ("size-in-hexadecimal", "A size has one form.", "o\n0x{size}\n{root}\n"), ("root-not-base64", "A root is base64.", "o\n{size}\n*\n"),
        ("root-short", "A root is a hash.", "o\n{size}\nAAAA\n"), ("root-in-hexadecimal", "A root is base64.", "o\n{size}\n" + "00" * 32 + "\n"),
        ("carriage-returns", "Lines end in a line feed.", "o\r\n{size}\r\n{root}\r\n"), ("tab", "There are no control characters.", "o\t\n{size}\n{root}\n"),
        ("lines-exchanged", "Lines have their order.", "o\n{root}\n{size}\n"),
    ):
        def note(size, root, text=text):
            signed = text.format(size=size, root=base_64(root))
            return f"{signed}\n{note_line(log, signed)}"
        noted(name, about, "reject", MALFORMED, note)
    good = world.envelope()
    for name, change in (("empty", lambda old: ""), ("without-signature", lambda old: old[: old.index("\u2014")]), ("without-empty-line", lambda old: old.replace("\n\n", "\n")),
                         ("without-end", lambda old: old[:-1]), ("hyphen", lambda old: old.replace("\u2014", "-")), ("without-name", lambda old: old.replace("\u2014 log.example ", "\u2014 ")),
                         ("name-with-plus", lambda old: old.replace("\u2014 log.example", "\u2014 log+example")), ("signature-not-base64", lambda old: old[:-2] + "*\n"),
                         ("signature-of-four-octets", lambda old: old[: old.index("\u2014")] + "\u2014 x AAAAAA==\n"), ("text-behind", lambda old: old + "more\n")):
        world.keyed(f"note-{name}", "What is no signed note.", "reject", MALFORMED, changed(good, *CHECKPOINT, to=change))
    world.keyed("note-null", "What is no signed note.", "reject", MALFORMED, changed(good, *CHECKPOINT, to=None))
    world.keyed("note-other-name", "The name in a signature does not count.", "accept", None,
                changed(good, *CHECKPOINT, to=lambda old: old.replace("\u2014 log.example", "\u2014 log.test")))


def _signatures(world):
    """Who has signed a checkpoint."""
    log, strange = world.log, world.strange_log
    hint = bytes.fromhex(bundles.rekor.log_id(log))[:4]

    def signed(name, about, verdict, lines):
        _proven(world, f"signed-{name}", about, verdict, None if verdict == "accept" else UNTRUSTED,
                lambda octets: proof(log, octets, note=lambda size, root: checkpoint(log, size, root, lines=lines)))

    ours, witness = lambda text: note_line(log, text), lambda text: note_line(strange, text, name="witness.example")
    fake = lambda text: note_line(strange, text, hint=hint)
    signed("by-log", "The log has signed.", "accept", ours)
    signed("by-witness", "A witness has signed.", "reject", witness)
    signed("with-witness", "Others may have signed too.", "accept", lambda text: ours(text) + witness(text))
    signed("with-witness-first", "Others may have signed too.", "accept", lambda text: witness(text) + ours(text))
    signed("by-other-with-hint", "A hint is none but a hint.", "reject", fake)
    signed("by-other-with-hint-and-log", "One signature of the log will do.", "accept", lambda text: fake(text) + ours(text))
    signed("with-other-hint", "A signature without the log's hint is not looked at.", "reject", lambda text: note_line(log, text, hint=b"\0\0\0\0"))
    signed("other-text", "A signature over another text.", "reject", lambda text: note_line(log, text + "x"))
    signed("with-empty-line", "A signature is over the text without the empty line.", "reject", lambda text: note_line(log, text + "\n"))
    signed("without-line-feed", "A signature is over the text with its last line feed.", "reject", lambda text: note_line(log, text[:-1]))
    signed("as-halves", "A log signs in DER.", "reject", lambda text: note_line(log, text, signature=b"".join(n.to_bytes(32, "big") for n in log.numbers(text.encode()))))
    signed("over-sha384", "A log signs over SHA-256.", "reject", lambda text: note_line(log, text, signature=log.sign(text.encode(), "sha384")))
    signed("hundred", "A hundred signatures are read.", "accept", lambda text: witness(text) * 99 + ours(text))
    _proven(world, "signed-hundred-and-one", "More are not.", "reject", MALFORMED,
            lambda octets: proof(log, octets, note=lambda size, root: checkpoint(log, size, root, lines=lambda text: witness(text) * 100 + ours(text))))
    wide = EcKey("nistp384", "sigstore-log")
    file = world.workshop.write("keys/sigstore/log-nistp384.pub", wide.pem())
    world.keyed("signed-on-nistp384", "A log with a key on another curve.", "accept", None, world.envelope(entries=lambda body: [entry(wide, body)]), log=file)
    good = world.envelope(entries=lambda body: [entry(log, body, proven=proof(strange, bundles.rekor.compact(body).encode()))])
    world.keyed("signed-by-other-log", "The tree of another log.", "reject", UNTRUSTED, good)
    world.keyed("signed-by-other-trusted-log", "The tree of another trusted log.", "reject", UNTRUSTED, good, log=[world.log_file, world.strange_log_file])
