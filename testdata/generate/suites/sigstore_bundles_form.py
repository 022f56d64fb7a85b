"""The JSON of sigstore bundles: media types, members, and what of each has to be there."""

import copy

import bundles
import rekor
from bundled import ENTRY, INVALID, NONE, PROOF, Bundled, changed
from bundles import MEDIA_TYPE, OLDER
from workshop import Suite

MATERIAL = ("verificationMaterial",)
ENVELOPE = ("dsseEnvelope",)


def build(workshop):
    suite = Suite("sigstore-bundles-form")
    world = Bundled(workshop, suite)
    good = world.envelope()
    _media_types(world)
    _members(world, good)
    _choices(world, good)
    _numbers(world, good)
    _octets(world, good)
    _texts(world, good)
    _bounds(world, good)
    _timestamps(world, good)
    return suite


def _media_types(world):
    """The four types, in the bundle and beside it."""
    for name, media_type in (("new", MEDIA_TYPE), *((f"0-{version[-1]}", value) for version, value in OLDER.items())):
        world.keyed(f"type-{name}", f"A bundle of the type {media_type}.", "accept", None, world.envelope(media_type=media_type))
    good = world.envelope()
    for name, media_type in (("unknown-version", "application/vnd.dev.sigstore.bundle+json;version=0.4"), ("new-0-2", "application/vnd.dev.sigstore.bundle.v0.2+json"),
                             ("new-0-4", "application/vnd.dev.sigstore.bundle.v0.4+json"), ("without-version", "application/vnd.dev.sigstore.bundle+json"),
                             ("with-blank", "application/vnd.dev.sigstore.bundle+json; version=0.3"), ("upper-case", MEDIA_TYPE.upper()), ("empty", "")):
        world.keyed(f"type-{name}", f"No type of a bundle: {media_type!r}.", "reject", INVALID, changed(good, "mediaType", to=media_type))
        world.keyed(f"stored-type-{name}", f"What is stored as {media_type!r} is passed over.", "reject", NONE, good, mime_type=media_type)
    world.keyed("stored-type-other-version", "The version in the bundle counts.", "accept", None, good, mime_type=OLDER["0.1"])
    world.keyed("type-missing", "A bundle says its type.", "reject", INVALID, changed(good, "mediaType", without=True))
    world.keyed("type-null", "A bundle says its type.", "reject", INVALID, changed(good, "mediaType", to=None))
    world.keyed("type-number", "A type is a text.", "reject", INVALID, changed(good, "mediaType", to=3))
    for version, promise, proven, verdict in (("0.1", True, True, "accept"), ("0.1", True, False, "accept"), ("0.1", False, True, "reject"),
                                              ("0.2", True, True, "accept"), ("0.2", True, False, "reject"), ("0.3", True, False, "reject")):
        document = world.envelope(media_type=OLDER[version], promise=promise, proven=proven)
        name = f"version-{version[-1]}-{'with' if promise else 'without'}-promise-{'with' if proven else 'without'}-proof"
        about = f"Version {version} needs {'a promise' if version == '0.1' else 'a proof'} of each entry."
        world.keyed(name, about, verdict, None if verdict == "accept" else INVALID, document)
        world.keyed(f"{name}-not-logged", f"{about} Whether the policy names a log or not.", verdict, None if verdict == "accept" else INVALID, document, logged=False)


def _places(good):
    """All objects of a bundle: a name, and the path."""
    yield from (("root", ()), ("material", MATERIAL), ("key", (*MATERIAL, "publicKey")), ("envelope", ENVELOPE), ("signature", (*ENVELOPE, "signatures", 0)),
                ("entry", ENTRY), ("log-id", (*ENTRY, "logId")), ("kind", (*ENTRY, "kindVersion")), ("promise", (*ENTRY, "inclusionPromise")), ("proof", PROOF),
                ("checkpoint", (*PROOF, "checkpoint")))


def _at(document, path):
    for step in path:
        document = document[step]
    return document


def _members(world, good):
    """None is unknown, and none is there twice."""
    for name, path in _places(good):
        extra = copy.deepcopy(good)
        _at(extra, path)["extra"] = 1
        world.keyed(f"unknown-{name}", f"A member that nobody knows: in {name}.", "reject", INVALID, extra)
        text = rekor.compact(good)
        inside = rekor.compact(_at(good, path))
        first = next(iter(_at(good, path)))
        twice = text.replace(inside, "{" + f'"{first}":{rekor.compact(_at(good, path)[first])},' + inside[1:], 1)
        world.keyed(f"twice-{name}", f"The same member twice, with the same value: in {name}.", "reject", INVALID, twice)
        if path:
            other = changed(good, *path, to=[])
            world.keyed(f"array-{name}", f"An array in place of an object: {name}.", "reject", INVALID, other)
    escaped = rekor.compact(good).replace('"mediaType"', '"mediaTyp\\u0065"', 1)
    world.keyed("escaped-name", "Names may be escaped.", "accept", None, escaped)
    twice = rekor.compact(good).replace('"mediaType"', f'"mediaTyp\\u0065":"{MEDIA_TYPE}","mediaType"', 1)
    world.keyed("twice-escaped", "The same member twice, once escaped.", "reject", INVALID, twice)
    for name, text in (("snake-case", rekor.compact(good).replace('"dsseEnvelope"', '"dsse_envelope"', 1)),
                       ("other-case", rekor.compact(good).replace('"dsseEnvelope"', '"DsseEnvelope"', 1))):
        world.keyed(f"name-{name}", "Names are in camel case.", "reject", INVALID, text)
    for name, text in (("empty", ""), ("blank", " \n"), ("array", "[]"), ("text", '"bundle"'), ("null", "null"), ("empty-object", "{}"), ("twice", rekor.compact(good) * 2),
                       ("cut", rekor.compact(good)[:-1]), ("trailing", rekor.compact(good) + "x"), ("byte-order-mark", "\ufeff" + rekor.compact(good)),
                       ("comment", rekor.compact(good) + "//"), ("invalid-utf-8", rekor.compact(good).encode().replace(b'"hint":"', b'"hint":"\xff', 1))):
        world.keyed(f"text-{name}", "No JSON object of a bundle.", "reject", INVALID, text)
    world.keyed("text-white-space", "White space does not count.", "accept", None, "\n" + rekor.compact(good).replace(",", " ,\r\n\t") + " ")
    reordered = {name: good[name] for name in reversed(list(good))}
    world.keyed("text-order", "The order of members does not count.", "accept", None, reordered)


def _choices(world, good):
    """One content, one material, one signature."""
    message = world.message()
    both = good | {"messageSignature": message["messageSignature"]}
    world.keyed("content-both", "A signature over the manifest, and an envelope.", "reject", INVALID, both)
    world.keyed("content-none", "Neither.", "reject", INVALID, changed(good, "dsseEnvelope", without=True))
    world.keyed("content-null", "Null is as if it were not there.", "reject", INVALID, changed(good, "dsseEnvelope", to=None))
    world.keyed("content-other-null", "Null is as if it were not there.", "accept", None, good | {"messageSignature": None})
    key = good["verificationMaterial"]["publicKey"]
    certificate, chain = bundles.by_certificate(b"0"), bundles.by_chain(b"0")
    for name, material in (("none", {}), ("key-and-certificate", {"publicKey": key} | certificate), ("key-and-chain", {"publicKey": key} | chain),
                           ("certificate-and-chain", certificate | chain), ("all", {"publicKey": key} | certificate | chain), ("null", {"publicKey": None})):
        entries = {"tlogEntries": good["verificationMaterial"]["tlogEntries"]}
        world.keyed(f"material-{name}", "Exactly one kind of material.", "reject", INVALID, changed(good, *MATERIAL, to=material | entries))
    world.keyed("material-other-null", "Null is as if it were not there.", "accept", None, changed(good, *MATERIAL, to=lambda old: old | {"certificate": None}))
    world.keyed("material-missing", "There has to be material.", "reject", INVALID, changed(good, *MATERIAL, without=True))
    signatures = good["dsseEnvelope"]["signatures"]
    for name, value in (("none", []), ("two", signatures * 2), ("missing", None)):
        world.keyed(f"signatures-{name}", "An envelope has exactly one signature.", "reject", INVALID, changed(good, *ENVELOPE, "signatures", to=value))
    world.keyed("key-id", "What an envelope says of its key does not count.", "accept", None, changed(good, *ENVELOPE, "signatures", 0, to=lambda old: old | {"keyid": "x"}))
    world.keyed("key-id-number", "What an envelope says of its key is a text.", "reject", INVALID,
                changed(good, *ENVELOPE, "signatures", 0, to=lambda old: old | {"keyid": 1}))
    for name, value in (("other", "AAAA"), ("empty", ""), ("no-base64", "*")):
        world.keyed(f"hint-{name}", "What a bundle says of its key is a hint.", "accept", None, changed(good, *MATERIAL, "publicKey", "hint", to=value))
    world.keyed("hint-missing", "What a bundle says of its key is a hint.", "accept", None, changed(good, *MATERIAL, "publicKey", to={}))
    world.keyed("hint-number", "A hint is a text.", "reject", INVALID, changed(good, *MATERIAL, "publicKey", "hint", to=1))
    for name in ("logId", "kindVersion"):
        world.keyed(f"entry-without-{name}", f"An entry has {name}.", "reject", INVALID, changed(good, *ENTRY, name, without=True))
    world.keyed("proof-without-checkpoint", "A proof has a checkpoint.", "reject", INVALID, changed(good, *PROOF, "checkpoint", without=True))
    world.keyed("promise-without-timestamp", "A promise is signed.", "reject", INVALID, changed(good, *ENTRY, "inclusionPromise", to={}))


def _numbers(world, good):
    """Numbers of 64 bits are texts or numbers."""
    for path, value in ((("logIndex",), rekor.INDEX), (("integratedTime",), bundles.SIGNED), (("inclusionProof", "logIndex"), 3), (("inclusionProof", "treeSize"), 6)):
        name = "-".join(path).replace("inclusionProof", "proof")
        world.keyed(f"number-{name}", "A number may be one.", "accept", None, changed(good, *ENTRY, *path, to=value))
        for kind, wrong in (("negative", f"-{value}"), ("negative-number", -value), ("with-sign", f"+{value}"), ("with-blank", f" {value}"), ("fraction", f"{value}.0"),
                            ("empty", ""), ("exponent", f"{value}e0"), ("too-large", str(1 << 63)), ("boolean", True), ("object", {})):
            world.keyed(f"number-{name}-{kind}", f"No number from 0 on: {wrong!r}.", "reject", INVALID, changed(good, *ENTRY, *path, to=wrong))
    world.keyed("number-leading-zero", "Zeros before a number in a text change nothing.", "accept", None, changed(good, *ENTRY, "logIndex", to=f"0{rekor.INDEX}"))
    first = world.envelope(index=0)
    world.keyed("number-zero", "The first entry of a log.", "accept", None, first)
    world.keyed("number-zero-left-out", "Nothing is zero.", "accept", None, changed(first, *ENTRY, "logIndex", without=True))
    world.keyed("number-zero-null", "Null is zero.", "accept", None, changed(first, *ENTRY, "logIndex", to=None))


def _octets(world, good):
    """Base64 is the standard one."""
    for path in (("dsseEnvelope", "payload"), ("dsseEnvelope", "signatures", 0, "sig"), (*ENTRY, "canonicalizedBody"), (*ENTRY, "logId", "keyId"),
                 (*ENTRY, "inclusionPromise", "signedEntryTimestamp"), (*PROOF, "rootHash"), (*PROOF, "hashes", 0)):
        name = [str(step) for step in path if isinstance(step, str)][-1]
        for kind, change in (("not-base64", lambda old: "*" + old[1:]), ("line-break", lambda old: old[:4] + "\n" + old[4:]), ("blank", lambda old: old + " "),
                             ("more-padding", lambda old: old + "===="), ("number", lambda old: 7)):
            world.keyed(f"octets-{name}-{kind}", f"No base64: {name}.", "reject", INVALID, changed(good, *path, to=change))
    world.keyed("octets-url-alphabet", "The other alphabet of base64 is none.", "reject", INVALID,
                changed(good, *PROOF, "rootHash", to=lambda old: "-" + old[1:]))
    world.keyed("octets-without-padding", "Base64 has its padding.", "reject", INVALID, changed(good, *PROOF, "rootHash", to=lambda old: old.rstrip("=")))
    world.keyed("octets-loose-bits", "No bits are left over.", "reject", INVALID, changed(good, *PROOF, "rootHash", to=lambda old: old[:-2] + "B="))


def _texts(world, good):
    """Types of other members."""
    for name, path in (("payload-type", (*ENVELOPE, "payloadType")), ("kind", (*ENTRY, "kindVersion", "kind")), ("kind-version", (*ENTRY, "kindVersion", "version")),
                       ("checkpoint", (*PROOF, "checkpoint", "envelope"))):
        world.keyed(f"text-of-{name}-number", f"A number in place of a text: {name}.", "reject", INVALID, changed(good, *path, to=1))
    for name, path in (("entries", (*MATERIAL, "tlogEntries")), ("signatures", (*ENVELOPE, "signatures")), ("hashes", (*PROOF, "hashes"))):
        world.keyed(f"list-of-{name}-object", f"An object in place of an array: {name}.", "reject", INVALID, changed(good, *path, to={}))
        world.keyed(f"list-of-{name}-null-inside", f"Null in an array: {name}.", "reject", INVALID, changed(good, *path, to=lambda old: [*old, None]))


def _bounds(world, good):
    """What is too much."""
    entry = good["verificationMaterial"]["tlogEntries"][0]
    for count, verdict in ((32, "accept"), (33, "reject")):
        world.keyed(f"entries-{count}", "At most 32 entries.", verdict, None if verdict == "accept" else INVALID, changed(good, *MATERIAL, "tlogEntries", to=[entry] * count))
    many = changed(good, *PROOF, "hashes", to=lambda old: (old * 64)[:65])
    world.keyed("hashes-65", "At most 64 hashes.", "reject", INVALID, many)
    world.keyed("hashes-64", "64 hashes are read, and are too many for this tree.", "reject", "log-entry-malformed", changed(good, *PROOF, "hashes", to=lambda old: (old * 64)[:64]))


def _timestamps(world, good):
    """Timestamps by RFC 3161 have their form, and that is all that is looked at."""
    for name, value, verdict in (("none", {}, "accept"), ("null", None, "accept"), ("empty", {"rfc3161Timestamps": []}, "accept"),
                                 ("nonsense", {"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}]}, "accept"),
                                 ("many", {"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}] * 33}, "reject"),
                                 ("not-base64", {"rfc3161Timestamps": [{"signedTimestamp": "*"}]}, "reject"),
                                 ("unknown", {"rfc3161Timestamps": [{"timestamp": "AAAA"}]}, "reject"), ("unknown-kind", {"others": []}, "reject")):
        document = changed(good, *MATERIAL, to=lambda old, value=value: old | {"timestampVerificationData": value})
        world.keyed(f"timestamps-{name}", "Timestamps are not looked at, but for their form.", verdict, None if verdict == "accept" else INVALID, document)
