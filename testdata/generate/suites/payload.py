"""The signed document: read as strictly as the policy."""

import json

from clock import AT, FUTURE, SIGNED
from openpgp.messages import message
from workshop import IMAGE, REFERENCE, Suite, digest, policy, signed_by

TYPE, SIGSTORE_TYPE = "atomic container signature", "cosign container image signature"


def build(workshop):
    suite = Suite("payload")

    def case(name, about, verdict, content, code="payload-invalid", **members):
        """A payload, well signed: gpg signs it."""
        octets = content if isinstance(content, bytes) else content.encode()
        defaults = {"policy": policy(signed_by(workshop.signer_file)), "image": IMAGE, "manifest": workshop.manifest,
                    "signatures": [workshop.gpg_signed(f"payload/{name}.gpg", octets)], "at": AT}
        suite.case(name, about, verdict, code if verdict == "reject" else None, **(defaults | members))

    members(workshop, case)
    json_texts(workshop, case)
    optional_members(workshop, case)
    digests(workshop, case)
    references(workshop, case, lambda identity: signed_by(workshop.signer_file, identity))
    _order(workshop, suite, case)
    return suite


def document(workshop):
    return json.loads(workshop.payload())


def changed(workshop, path, value=None, drop=False, rename=None):
    """The payload with one member changed, dropped or renamed; path: the member's place, like `critical.image`."""
    whole = document(workshop)
    *parents, member = path.split(".")
    place = whole
    for parent in parents:
        place = place[parent]
    if rename:
        place[rename] = place.pop(member)
    elif drop:
        del place[member]
    else:
        place[member] = value
    return json.dumps(whole)


def doubled(workshop, path, first=None):
    """The payload's text with one member twice; first: the value of the first one, by default the same."""
    *parents, member = path.split(".")
    whole = document(workshop)
    place = whole
    for parent in parents:
        place = place[parent]
    value = place[member]
    text = json.dumps(value)
    marker = f'{json.dumps(member)}: {text}'
    return json.dumps(whole).replace(marker, f"{json.dumps(member)}: {text if first is None else json.dumps(first)}, {marker}", 1)


PATHS = ("critical", "optional", "critical.type", "critical.image", "critical.identity", "critical.image.docker-manifest-digest",
         "critical.identity.docker-reference")


def members(workshop, case, own_type=TYPE, other_type=SIGSTORE_TYPE, sound=()):
    """Every member dropped, doubled, misspelt and of every wrong kind; sound: a path and a kind that it takes all the same."""
    case("usual", "The document that containers/image writes.", "accept", workshop.payload())
    for path in PATHS:
        slug, member = path.replace(".", "-"), path.split(".")[-1]
        case(f"{slug}-missing", f"{path} is required.", "reject", changed(workshop, path, drop=True))
        case(f"{slug}-twice", f"{path} twice is an error, even with one value.", "reject", doubled(workshop, path))
        case(f"{slug}-misspelt", f"A misspelt {path} is an unknown key.", "reject", changed(workshop, path, rename=member[:-1]))
        case(f"{slug}-capitalized", f"Keys are case-sensitive: {path}.", "reject", changed(workshop, path, rename=member.capitalize()))
        for kind, value in (("null", None), ("number", 1), ("boolean", True), ("array", []), ("empty", ""), ("object", {})):
            if path == "optional" and kind == "object" or (path, kind) in sound:
                continue
            code = None if path.endswith("reference") and kind == "empty" else "payload-invalid"
            case(f"{slug}-{kind}", f"{path} must not be {json.dumps(value)}.", "reject", changed(workshop, path, value), code)
    for place in ("", "critical.", "critical.image.", "critical.identity."):
        slug = place.replace(".", "-")
        case(f"{slug}unknown-key", f"There is no unknown key in {place.rstrip('.') or 'the document'}.", "reject", changed(workshop, f"{place}comment", "x"))
    case("type-other", "critical.type says what the signature is for.", "reject", changed(workshop, "critical.type", other_type))
    case("type-capitalized", "critical.type is compared to the letter.", "reject", changed(workshop, "critical.type", own_type.capitalize()))
    case("type-with-space", "critical.type is compared to the letter.", "reject", changed(workshop, "critical.type", own_type + " "))
    case("two-digests", "Two digests: the last one does not win.", "reject", doubled(workshop, "critical.image.docker-manifest-digest", "sha256:" + "00" * 32))
    case("two-references", "Two references: the last one does not win.", "reject",
         doubled(workshop, "critical.identity.docker-reference", "registry.example/evil:1"))
    case("reversed-members", "The order of members does not matter.", "accept",
         json.dumps({name: document(workshop)[name] for name in ("optional", "critical")}))


def json_texts(workshop, case):
    """The text as JSON."""
    sound = workshop.payload().decode()
    for name, about, verdict, content in (
        ("pretty", "White space between members does not matter.", "accept", json.dumps(document(workshop), indent=4)),
        ("white-space-around", "White space around the document does not matter.", "accept", f" \r\n\t{sound}\n\n"),
        ("escaped-key", "A key may be written with escapes.", "accept", sound.replace('"critical"', '"\\u0063ritical"')),
        ("escaped-value", "A value may be written with escapes.", "accept", sound.replace("registry.example", "r\\u0065gistry.example")),
        ("escaped-slash", "A slash may be written with an escape.", "accept", sound.replace("/", "\\/")),
        ("escaped-duplicate", "Keys are compared after unescaping.", "reject", sound.replace('{"critical"', '{"\\u0063ritical":{},"critical"')),
        ("trailing-text", "Nothing may follow the document.", "reject", sound + "x"),
        ("trailing-document", "Nothing may follow the document.", "reject", sound + sound),
        ("trailing-nul", "A NUL after the document is not white space.", "reject", sound + "\0"),
        ("leading-nul", "A NUL before the document is not white space.", "reject", "\0" + sound),
        ("byte-order-mark", "A byte-order mark is not JSON.", "reject", "\ufeff" + sound),
        ("truncated", "A document that ends early is none.", "reject", sound[:-1]),
        ("empty-text", "White space is no document.", "reject", "\n"),
        ("array", "The document is an object, not an array.", "reject", f"[{sound}]"),
        ("null", "The document is an object, not null.", "reject", "null"),
        ("string", "The document is an object, not a string.", "reject", json.dumps(sound)),
        ("number", "The document is an object, not a number.", "reject", "1"),
        ("text", "The document is JSON.", "reject", "registry.example/app/web:1.4.2"),
        ("comment", "JSON has no comments.", "reject", sound + "// x"),
        ("trailing-comma", "JSON has no trailing commas.", "reject", sound[:-1] + ",}"),
        ("single-quotes", "JSON has no single quotes.", "reject", sound.replace('"', "'")),
        ("form-feed", "A form feed is no white space in JSON.", "reject", "\f" + sound),
        ("raw-line-feed-in-string", "A raw line feed in a string is not JSON.", "reject", sound.replace("sigpolicy testdata", "a\nb")),
        ("utf-16", "UTF-16 is not JSON.", "reject", sound.encode("utf-16")),
        ("invalid-utf-8-outside", "Invalid UTF-8 between members is not JSON.", "reject", sound.encode() + b"\xff"),
    ):
        case(f"json-{name}", about, verdict, content)


def optional_members(workshop, case, largest=1_000_000):
    """What `optional` may hold; largest: how many levels the deepest has."""
    def optional(text):
        return workshop.payload().decode().split('"optional":')[0] + f'"optional":{text}}}'

    deep = 9_990
    for name, about, verdict, text in (
        ("without-members", "optional may be empty.", "accept", "{}"),
        ("creator-only", "creator alone is fine.", "accept", '{"creator":"x"}'),
        ("timestamp-only", "timestamp alone is fine.", "accept", '{"timestamp":1}'),
        ("creator-empty", "creator may be empty.", "accept", '{"creator":""}'),
        ("creator-null", "creator may be null.", "accept", '{"creator":null}'),
        ("creator-number", "creator is a string.", "reject", '{"creator":1}'),
        ("creator-array", "creator is a string.", "reject", '{"creator":["x"]}'),
        ("creator-object", "creator is a string.", "reject", '{"creator":{}}'),
        ("creator-boolean", "creator is a string.", "reject", '{"creator":true}'),
        ("creator-twice", "A duplicate key is an error inside optional, too.", "reject", '{"creator":"x","creator":"x"}'),
        ("creator-invalid-utf-8", "Invalid UTF-8 in a string is read as U+FFFD.", "accept", b'{"creator":"\xff\xfe"}'),
        ("creator-lone-surrogate", "A lone surrogate in a string is read as U+FFFD.", "accept", '{"creator":"\\ud800"}'),
        ("timestamp-null", "timestamp may be null.", "accept", '{"timestamp":null}'),
        ("timestamp-zero", "timestamp may be zero.", "accept", '{"timestamp":0}'),
        ("timestamp-negative", "timestamp may be negative.", "accept", '{"timestamp":-1}'),
        ("timestamp-integral-fraction", "1.0 is integral.", "accept", '{"timestamp":1.0}'),
        ("timestamp-integral-exponent", "1e3 is integral.", "accept", '{"timestamp":1e3}'),
        ("timestamp-exponent-of-fraction", "1.5e1 is integral.", "accept", '{"timestamp":1.5e1}'),
        ("timestamp-fraction", "1.5 is not integral.", "reject", '{"timestamp":1.5}'),
        ("timestamp-string", "timestamp is a number.", "reject", '{"timestamp":"1"}'),
        ("timestamp-boolean", "timestamp is a number.", "reject", '{"timestamp":true}'),
        ("timestamp-array", "timestamp is a number.", "reject", '{"timestamp":[1]}'),
        ("timestamp-object", "timestamp is a number.", "reject", '{"timestamp":{}}'),
        ("timestamp-twice", "A duplicate key is an error inside optional, too.", "reject", '{"timestamp":1,"timestamp":1}'),
        ("timestamp-2-to-53", "2^53 is a timestamp.", "accept", '{"timestamp":9007199254740992}'),
        ("timestamp-2-to-62", "2^62 is a timestamp.", "accept", '{"timestamp":4611686018427387904}'),
        ("timestamp-2-to-63-minus-1", "2^63-1 is no double, and rounds to what is no 64-bit integer.", "reject", '{"timestamp":9223372036854775807}'),
        ("timestamp-2-to-63", "2^63 is no 64-bit integer.", "reject", '{"timestamp":9223372036854775808}'),
        ("timestamp-too-large", "1e19 is no 64-bit integer.", "reject", '{"timestamp":1e19}'),
        ("timestamp-infinite", "1e999 is no number.", "reject", '{"timestamp":1e999}'),
        ("timestamp-leading-zero", "01 is not JSON.", "reject", '{"timestamp":01}'),
        ("timestamp-plus", "+1 is not JSON.", "reject", '{"timestamp":+1}'),
        ("timestamp-not-a-number", "NaN is not JSON.", "reject", '{"timestamp":NaN}'),
        ("timestamp-future", "Nobody compares the timestamp with the clock.", "accept", f'{{"timestamp":{FUTURE}}}'),
        ("unknown-key", "Unknown keys inside optional are ignored.", "accept", '{"build":"42"}'),
        ("unknown-object", "Unknown keys may hold objects.", "accept", '{"build":{"a":[1,2,{"b":null}]}}'),
        ("unknown-key-twice", "Even an unknown key twice is an error.", "reject", '{"build":1,"build":1}'),
        ("unknown-key-twice-escaped", "Keys are compared after unescaping.", "reject", '{"build":1,"b\\u0075ild":1}'),
        ("unknown-nested-duplicates", "What nests in unknown keys may hold duplicates.", "accept", '{"build":{"a":1,"a":2}}'),
        ("unknown-infinite", "1e999 is no number, wherever it stands.", "reject", '{"build":1e999}'),
        ("unknown-nested-infinite", "1e999 is no number, however deep.", "reject", '{"build":[{"a":1e999}]}'),
        ("unknown-large-integer", "A large integer is a number.", "accept", '{"build":123456789012345678901234567890}'),
        ("unknown-tiny", "A number below the smallest double is a number.", "accept", '{"build":1e-999}'),
        ("keys-equal-by-replacement", "Two keys that only differ in invalid UTF-8 are equal.", "reject", b'{"\xff":1,"\xfe":1}'),
        ("keys-equal-by-surrogate", "Two keys that only differ in lone surrogates are equal.", "reject", '{"\\ud800":1,"\\udfff":1}'),
        ("keys-equal-by-replacement-character", "A lone surrogate is the same as the replacement character.", "reject", '{"\\ud800":1,"\\ufffd":2}'),
        ("lone-surrogate-and-empty-key", "A lone surrogate is not nothing.", "accept", '{"\\ud800":1,"":2}'),
        ("invalid-utf-8-octet-by-octet", "Each octet of invalid UTF-8 is a replacement character of its own: these keys differ.", "accept",
         b'{"\xe2\x82":1,"\xef\xbf\xbd":2}'),
        ("keys-equal-octet-by-octet", "Each octet of invalid UTF-8 is a replacement character of its own: these keys are equal.", "reject",
         b'{"\xe2\x82":1,"\xef\xbf\xbd\xef\xbf\xbd":2}'),
        ("escaped-quote-before-digits", "Digits behind an escaped quote are text.", "accept", '{"build":"\\"1e999"}'),
        ("empty-key", "An empty key is a key.", "accept", '{"":1}'),
        ("creator-capitalized", "Creator is an unknown key.", "accept", '{"Creator":1}'),
        ("deep", "Deep nesting is read.", "accept", '{"build":' + "[" * deep + "]" * deep + "}"),
        ("deepest", "10,000 levels are read.", "accept", '{"build":' + "[" * 9998 + "]" * 9998 + "}"),
        ("one-level-too-deep", "10,001 levels are too many.", "reject", '{"build":' + "[" * 9999 + "]" * 9999 + "}"),
        ("too-deep", "Nesting beyond 10,000 levels is an error, not a crash.", "reject", '{"build":' + "[" * 10_001 + "]" * 10_001 + "}"),
        ("far-too-deep", f"{largest:,} levels are an error, not a crash.", "reject", '{"build":' + "[" * largest + "}"),
    ):
        head = optional("@").encode().split(b"@")
        content = head[0] + (text if isinstance(text, bytes) else text.encode()) + head[1]
        case(f"optional-{name}", about, verdict, content)


def digests(workshop, case):
    """The signed digest."""
    right = workshop.digest
    octets = workshop.manifest_bytes
    for name, about, value, code in (
        ("other", "A signature of another manifest refuses.", "sha256:" + "00" * 32, "digest-mismatch"),
        ("last-digit", "A digest that differs in the last digit refuses.", right[:-1] + ("0" if right[-1] != "0" else "1"), "digest-mismatch"),
        ("sha512", "A SHA-512 digest, though right, does not match.", digest(octets, "sha512"), "digest-mismatch"),
        ("sha384", "A SHA-384 digest, though right, does not match.", digest(octets, "sha384"), "digest-mismatch"),
        ("upper-case", "A digest in upper case is malformed.", "sha256:" + right[7:].upper(), None),
        ("upper-case-algorithm", "An algorithm in upper case is malformed.", "SHA256:" + right[7:], None),
        ("short", "A short digest is malformed.", right[:-2], None),
        ("long", "A long digest is malformed.", right + "00", None),
        ("no-algorithm", "A digest without an algorithm is malformed.", right[7:], None),
        ("md5", "MD5 is no digest algorithm.", digest(octets, "md5"), None),
        ("sha1", "SHA-1 is no digest algorithm.", digest(octets, "sha1"), None),
        ("white-space", "A digest with a space is malformed.", right + " ", None),
        ("line-feed", "A digest with a line feed is malformed.", right + "\n", None),
        ("two-colons", "A digest with two colons is malformed.", right.replace(":", "::"), None),
        ("path", "A digest that is a path is malformed.", "sha256:../../etc/passwd", None),
    ):
        case(f"digest-{name}", about, "reject", workshop.payload(manifest_digest=value), code)
    case("digest-right", "The manifest's SHA-256 matches.", "accept", workshop.payload(manifest_digest=right))


def references(workshop, case, requirement):
    """The signed reference, where it does not parse."""
    for name, value in (("upper-case", "registry.example/App/web:1.4.2"), ("empty-tag", "registry.example/app/web:"), ("transport", IMAGE),
                        ("white-space", " " + REFERENCE), ("trailing-line-feed", REFERENCE + "\n"), ("nul", REFERENCE + "\0"),
                        ("hex", "ab" * 32), ("slash", "registry.example/"), ("long", "registry.example/" + "a" * 250 + ":1"),
                        ("bad-digest", "registry.example/app/web@sha256:12"), ("bracketed-host", "[::1]:5000/app/web:1.4.2")):
        for identity in ("matchRepoDigestOrExact", "matchRepository", "matchExact"):
            case(f"reference-{name}-{identity.lower().replace('match', '')}", f"A signed reference that does not parse ({name}) refuses under {identity}.",
                 "reject",
                 workshop.payload(value), None, policy=policy(requirement(identity)))


def _order(workshop, suite, case):
    """What is checked first: cryptography, then the payload, then the digest, then the identity."""
    signer, stranger = workshop.signer.primary, workshop.stranger.primary
    wrong_all = json.dumps(document(workshop) | {"extra": 1}).replace(workshop.digest, "sha256:" + "00" * 32).replace("1.4.2", "1")
    wrong_both = workshop.payload("registry.example/evil:1", "sha256:" + "00" * 32)
    case("order-payload-before-digest", "A payload that is malformed and about another image is malformed first.", "reject", wrong_all)
    case("order-digest-before-identity", "A payload with a wrong digest and a wrong reference has the wrong digest first.", "reject", wrong_both,
         "digest-mismatch")
    common = {"image": IMAGE, "manifest": workshop.manifest, "at": AT, "policy": policy(signed_by(workshop.signer_file))}
    for name, content in (("malformed", wrong_all.encode()), ("other-image", wrong_both), ("right", workshop.payload())):
        blob = workshop.blob(f"payload/order-stranger-{name}.sig", message(stranger, content, SIGNED))
        suite.case(f"order-unknown-key-{name}", "Nothing of a payload counts that an unknown key signed.", "reject", "unknown-key", signatures=[blob], **common)
        blob = workshop.blob(f"payload/order-bad-{name}.sig", message(signer, content, SIGNED, corrupt="value"))
        suite.case(f"order-bad-signature-{name}", "Nothing of a payload counts whose signature is bad.", "reject", "bad-signature", signatures=[blob], **common)
    blob = workshop.blob("payload/order-expired-key.sig", message(signer, wrong_both, SIGNED))
    suite.case("order-expired-key", "An expired key is told before the digest.", "reject", "key-expired", signatures=[blob],
               **(common | {"policy": policy(signed_by("keys/ed25519-expired.gpg"))}))
