"""Stored signatures of the format `sigstore-json`: their members, types and annotations, which are passed over, and several of them."""

import json

import cosign
from cosign import base_64, framed
from sigstore_signed import Signing, sigstore_signed
from suites.payload import TYPE
from workshop import Suite

INCOMPLETE, UNKNOWN, NONE = "signature-incomplete", "signature-format-unknown", "no-signature"


def build(workshop):
    suite = Suite("sigstore-attachments")
    attachments = _Attachments(Signing(workshop, suite))
    _types(attachments)
    _framing(attachments)
    _json(attachments)
    _members(attachments)
    _duplicates(attachments)
    _payload(attachments)
    _annotations(attachments)
    _several(attachments)
    _mixed(attachments)
    return suite


class _Attachments:
    """Makes cases of one stored signature by the usual signer, which needs no log."""

    def __init__(self, signing):
        self.signing, self.content = signing, signing.content
        self.requirement = sigstore_signed(signing.signer_file)
        self.members = cosign.annotations(signing.signer.sign(signing.content))
        self.document = {"mimeType": cosign.MIME_TYPE, "payload": base_64(signing.content), "annotations": self.members}

    def case(self, name, about, verdict, code, blobs, **members):
        self.signing.case(name, about, verdict, code, self.requirement, blobs, **members)

    def text(self, name, about, verdict, code, text):
        """A document's text (or the document), and what it does beside a good signature: what is broken refuses the image, all else does no harm."""
        blob = framed(text)
        self.case(name, about, verdict, code, blob)
        broken = code == UNKNOWN
        tail = "A broken one refuses the image, though another is good." if broken else "Beside a good one it does no harm."
        verdict, code = ("reject", UNKNOWN) if broken else ("accept", None)
        self.case(f"{name}-before-good", f"{about} {tail}", verdict, code, [blob, self.signing.good])
        self.case(f"{name}-after-good", f"{about} {tail}", verdict, code, [self.signing.good, blob])


def _types(attachments):
    """The type, to the letter."""
    right = cosign.MIME_TYPE
    attachments.case("type-right", "Signatures have the type of cosign's.", "accept", None, framed(attachments.document))
    for name, value in (
        ("empty", ""), ("upper", right.upper()), ("capitalized", right.capitalize()), ("blank-before", " " + right), ("blank-after", right + " "),
        ("line-feed", right + "\n"), ("nul", right + "\0"), ("parameter", right + ";version=1"), ("charset", right + "; charset=utf-8"), ("prefix", right[:-5]),
        ("longer", right + "x"), ("without-vendor", "application/json"), ("envelope", "application/vnd.dsse.envelope.v1+json"),
        ("statement", "application/vnd.in-toto+json"), ("layer", "application/vnd.oci.image.layer.v1.tar+gzip"), ("octets", "application/octet-stream"),
        ("simple-signing", "application/vnd.dev.cosign.simplesigning.v2+json"), ("look-alike", right.replace("o", "\u043e", 1)), ("text", "text/plain"),
    ):
        attachments.text(f"type-{name}", f"Signatures of the type {value!r} are passed over.", "reject", NONE, attachments.document | {"mimeType": value})
    for name, value in (("bundle-0-3", "application/vnd.dev.sigstore.bundle.v0.3+json"), ("bundle-0-1", "application/vnd.dev.sigstore.bundle+json;version=0.1")):
        about = f"What has the type {value!r} is a bundle: another payload is none."
        attachments.text(f"type-{name}", about, "reject", "bundle-invalid", attachments.document | {"mimeType": value})
    attachments.text("type-missing", "Signatures without a type are passed over.", "reject", NONE,
                     {name: value for name, value in attachments.document.items() if name != "mimeType"})
    attachments.text("type-null", "Signatures whose type is null are passed over.", "reject", NONE, attachments.document | {"mimeType": None})
    for name, members in (("payload", {"payload": ""}), ("annotations", {"annotations": {}}), ("null", {"annotations": None, "payload": None})):
        attachments.text(f"type-other-empty-{name}", "What else a signature of another type holds does not count.", "reject", NONE,
                         attachments.document | {"mimeType": "text/plain"} | members)
    attachments.case("type-escaped", "A type may be written with escapes.", "accept", None,
                     framed(json.dumps(attachments.document).replace("application/vnd.dev", "application\\/vnd\\u002edev")))


def _framing(attachments):
    """The format's name before the document."""
    document = json.dumps(attachments.document).encode()
    good = attachments.signing.good
    for name, about, octets in (
        ("none", "A document without its format is no stored signature.", document),
        ("other-name", "A format has its own name.", b"\0sigstore\n" + document), ("capitalized", "A format's name is case-sensitive.", b"\0Sigstore-JSON\n" + document),
        ("blank", "A format's name is compared to the letter.", b"\0sigstore-json \n" + document), ("no-line-feed", "A format's name ends with a line feed.", b"\0sigstore-json" + document),
        ("carriage-return", "A format's name ends at the line feed.", b"\0sigstore-json\r\n" + document), ("no-nul", "A format's name begins with a NUL.", b"sigstore-json\n" + document),
        ("nothing", "A format alone is no signature.", b"\0sigstore-json\n"), ("empty", "An empty blob is an error.", b""), ("twice", "A frame within a frame is no document.",
                                                                                                                      b"\0sigstore-json\n\0sigstore-json\n" + document),
        ("cbor", "A format that nobody knows is an error.", b"\0sigstore-cbor\n" + document),
    ):
        attachments.case(f"framing-{name}", about, "reject", UNKNOWN, octets)
        attachments.case(f"framing-{name}-after-good", f"{about} It refuses the image.", "reject", UNKNOWN, [good, octets])
    attachments.case("framing-simple-signing", "A document under the other format's name is none of this format.", "reject", NONE, b"\0simple-signing\n" + document)
    attachments.case("framing-simple-signing-beside-good", "What is under the other format's name is passed over.", "accept", None,
                     [b"\0simple-signing\n" + document, good])
    attachments.case("framing-line-feed-after", "White space before the document does not matter.", "accept", None, b"\0sigstore-json\n\n" + document)


def _json(attachments):
    """The document as JSON, which Go reads into a struct."""
    sound = json.dumps(attachments.document)
    for name, about, text in (
        ("pretty", "White space does not matter.", json.dumps(attachments.document, indent=4)), ("white-space-around", "White space around does not matter.", f" \r\n\t{sound}\n"),
        ("reversed", "The order of members does not matter.", json.dumps(dict(reversed(list(attachments.document.items()))))),
        ("unknown-members", "Other members do not count.", json.dumps(attachments.document | {"comment": [1, {"a": None}], "": 1})),
        ("unknown-twice", "Other members do not count.", sound[:-1] + ',"x":1,"x":[]}'),
        ("unknown-large-number", "Other members do not count.", sound[:-1] + ',"x":1e999}'),
        ("unknown-not-utf-8", "Other members do not count.", sound[:-1].encode() + b',"x":"\xff"}'),
        ("unknown-lone-surrogate", "Other members do not count.", sound[:-1] + ',"x":"\\ud800"}'),
        ("unknown-deep", "Other members do not count.", sound[:-1] + ',"x":' + "[" * 9_000 + "]" * 9_000 + "}"),
        ("escaped-names", "Names may have escapes.", sound.replace('"payload"', '"p\\u0061yload"').replace('"mimeType"', '"mime\\u0054ype"')),
    ):
        attachments.case(f"json-{name}", about, "accept", None, framed(text))
    for name, about, text in (
        ("array", "A document is an object.", f"[{sound}]"), ("text", "A document is an object.", json.dumps(sound)), ("number", "A document is an object.", "1"),
        ("true", "A document is an object.", "true"), ("noise", "Noise is no document.", "noise"), ("cut-off", "A document is whole.", sound[:-1]),
        ("trailing-text", "Nothing follows the document.", sound + "x"), ("trailing-object", "Nothing follows the document.", sound + sound),
        ("trailing-comma", "JSON has no trailing commas.", sound[:-1] + ",}"), ("trailing-nul", "A NUL is no white space.", sound + "\0"),
        ("byte-order-mark", "A byte-order mark is not JSON.", "\ufeff" + sound), ("comment", "JSON has no comments.", sound + "//"),
        ("single-quotes", "JSON has no single quotes.", sound.replace('"', "'")), ("raw-line-feed", "A raw line feed within a text is not JSON.", sound.replace("application", "appli\ncation")),
        ("utf-16", "UTF-16 is not JSON.", sound.encode("utf-16")), ("too-deep", "Nesting has an end.", sound[:-1] + ',"x":' + "[" * 10_001 + "]" * 10_001 + "}"),
        ("not-utf-8-outside", "An octet that is no UTF-8 is not JSON outside of texts.", sound.encode() + b"\xff"),
    ):
        attachments.text(f"json-{name}", about, "reject", UNKNOWN, text)
    attachments.text("json-null", "null is a document without members.", "reject", NONE, "null")
    attachments.text("json-empty-object", "A document may have no members.", "reject", NONE, "{}")


def renamed(document, member, other):
    return {other if name == member else name: value for name, value in document.items()}


def _members(attachments):
    """The three members: each may be written in other letter case, and has its kind."""
    document = attachments.document
    for member, missing in (("mimeType", NONE), ("payload", "bad-signature"), ("annotations", INCOMPLETE)):
        slug = member.lower()
        for name, other in (("lower", member.lower()), ("upper", member.upper()), ("capitalized", member.capitalize())):
            if other != member:
                attachments.case(f"member-{slug}-{name}", f"{member} may be written {other}.", "accept", None, framed(renamed(document, member, other)))
        for name, other in (("misspelt", member[:-1]), ("blank", member + " "), ("dash", "-" + member), ("look-alike", member.replace("a", "\u0430").replace("e", "\u0435"))):
            attachments.case(f"member-{slug}-{name}", f"{other!r} is not {member}.", "reject", missing, framed(renamed(document, member, other)))
        attachments.case(f"member-{slug}-missing", f"A signature without {member}.", "reject", missing,
                         framed({name: value for name, value in document.items() if name != member}))
        attachments.case(f"member-{slug}-null", f"{member} may be null, which is as if it were missing.", "reject", missing, framed(document | {member: None}))
        for kind, value in (("number", 1), ("boolean", True), ("array", []), ("object", {}), ("text", "x")):
            if (member, kind) in (("mimeType", "text"), ("annotations", "object"), ("payload", "array")):
                continue
            attachments.text(f"member-{slug}-{kind}", f"{member} must not be {json.dumps(value)}.", "reject", UNKNOWN, document | {member: value})
    attachments.case("member-annotations-long-s", "The long s is the same letter.", "accept", None, framed(renamed(document, "annotations", "annotation\u017f")))
    attachments.case("member-payload-as-numbers", "The payload is Base64, and no array of numbers.", "reject", UNKNOWN,
                     framed(document | {"payload": list(attachments.content)}))
    attachments.case("member-payload-empty-array", "The payload is Base64, and no array.", "reject", UNKNOWN, framed(document | {"payload": []}))


def _duplicates(attachments):
    """Members that are there twice: the last one wins, annotations merge, null unsets."""
    document = attachments.document
    right = {member: json.dumps(value) for member, value in document.items()}

    def text(*members):
        return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in members) + "}"

    others = {"mimeType": '"text/plain"', "payload": json.dumps(base_64(attachments.signing.payload("registry.example/evil:1")))}
    for member, other in others.items():
        slug, rest = member.lower(), [(name, value) for name, value in right.items() if name != member]
        own, upper = (member, right[member]), member.upper()
        for name, verdict, members in (
            ("twice", "accept", [own, own]), ("last-right", "accept", [(member, other), own]), ("last-wrong", "reject", [own, (member, other)]),
            ("upper-right", "accept", [(member, other), (upper, right[member])]), ("upper-wrong", "reject", [own, (upper, other)]),
            ("upper-first", "accept", [(upper, other), own]), ("null-first", "accept", [(member, "null"), own]),
        ):
            attachments.case(f"duplicate-{slug}-{name}", f"Of {member} twice the last one wins, whatever its letter case.", verdict, None,
                             framed(text(*rest, *members)))
        for name, members in (("number-first", [(member, "1"), own]), ("number-last", [own, (member, "1")])):
            attachments.text(f"duplicate-{slug}-{name}", f"Each {member} has its kind.", "reject", UNKNOWN, text(*rest, *members))
    usual = [("mimeType", right["mimeType"]), ("payload", right["payload"])]
    attachments.case("duplicate-mimetype-then-null", "null changes nothing of a text.", "accept", None,
                     framed(text(*usual, ("annotations", right["annotations"]), ("mimeType", "null"))))
    attachments.case("duplicate-payload-then-null", "null unsets the payload.", "reject", None,
                     framed(text(*usual, ("annotations", right["annotations"]), ("payload", "null"))))
    own = ("annotations", right["annotations"])
    wrong = ("annotations", json.dumps({cosign.SIGNATURE: "AAAA"}))
    for name, about, verdict, members in (
        ("twice", "Annotations twice.", "accept", [own, own]), ("then-empty", "Annotations merge: nothing is added.", "accept", [own, ("annotations", "{}")]),
        ("empty-first", "Annotations merge: nothing was there.", "accept", [("annotations", "{}"), own]),
        ("then-null", "null unsets the annotations.", "reject", [own, ("annotations", "null")]), ("null-first", "null and then annotations.", "accept", [("annotations", "null"), own]),
        ("then-other", "Annotations merge: another one is added.", "accept", [own, ("annotations", '{"a":"b"}')]),
        ("other-first", "Annotations merge: another one was there.", "accept", [("annotations", '{"a":"b"}'), own]),
        ("last-wrong", "Of one annotation in two the last one wins.", "reject", [own, wrong]), ("last-right", "Of one annotation in two the last one wins.", "accept", [wrong, own]),
        ("upper-merges", "Annotations merge, whatever the letter case.", "accept", [own, ("ANNOTATIONS", '{"a":"b"}')]),
        ("upper-null", "null unsets the annotations, whatever the letter case.", "reject", [own, ("ANNOTATIONS", "null")]),
    ):
        attachments.case(f"duplicate-annotations-{name}", about, verdict, None, framed(text(*usual, *members)))
    signature = json.dumps(attachments.members[cosign.SIGNATURE])
    name_of = json.dumps(cosign.SIGNATURE)
    for name, verdict, inner in (
        ("twice", "accept", f"{{{name_of}:{signature},{name_of}:{signature}}}"), ("last-right", "accept", f'{{{name_of}:"AAAA",{name_of}:{signature}}}'),
        ("last-wrong", "reject", f'{{{name_of}:{signature},{name_of}:"AAAA"}}'), ("then-null", "reject", f"{{{name_of}:{signature},{name_of}:null}}"),
        ("null-first", "accept", f"{{{name_of}:null,{name_of}:{signature}}}"),
        ("upper-wrong", "accept", f'{{{name_of}:{signature},{name_of.upper()}:"AAAA"}}'),
        ("escaped", "accept", f'{{{name_of.replace("dev", chr(92) + "u0064ev", 1)}:{signature}}}'),
        ("escaped-last-wrong", "reject", f'{{{name_of}:{signature},{name_of.replace("dev", chr(92) + "u0064ev", 1)}:"AAAA"}}'),
    ):
        attachments.case(f"duplicate-annotation-{name}", "Of one annotation twice the last one wins; its letter case counts.", verdict, None,
                         framed(text(*usual, ("annotations", inner))))


def _payload(attachments):
    """The payload's Base64: what is signed are its octets."""
    content, document = attachments.content, attachments.document
    encoded = base_64(content)
    for name, about, text in (
        ("line-feeds", "Line feeds do not count.", "\n".join(encoded[i : i + 76] for i in range(0, len(encoded), 76))),
        ("carriage-returns", "Carriage returns do not count.", encoded[:8] + "\r\n" + encoded[8:] + "\r"),
    ):
        attachments.case(f"payload-{name}", about, "accept", None, framed(document | {"payload": text}))
    for name, text in (("blank", encoded[:8] + " " + encoded[8:]), ("tab", encoded[:8] + "\t" + encoded[8:]), ("letter-missing", encoded[1:]),
                       ("foreign-letter", "*" + encoded[1:]), ("not-encoded", content.decode()), ("padded-too-much", encoded + "="), ("one-letter", "A"),
                       ("url-letters", "-_--" + encoded), ("hexadecimal", content.hex() + "0"), ("not-ascii", "\u00e4" + encoded[1:])):
        attachments.text(f"payload-{name}", "The payload is Base64.", "reject", UNKNOWN, document | {"payload": text})
    for name, octets in (("empty", b""), ("other", attachments.signing.payload("registry.example/evil:1")), ("line-feed-behind", content + b"\n"),
                         ("cut-off", content[:-1]), ("twice", content + content), ("base64", encoded.encode()), ("carriage-return", content.replace(b",", b",\r\n"))):
        attachments.text(f"payload-octets-{name}", "The signature is one of the payload's octets.", "reject", "bad-signature", document | {"payload": base_64(octets)})
    padded = content + b" " * ((1 - len(content)) % 3)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = base_64(padded)
    members = cosign.annotations(attachments.signing.signer.sign(padded))
    for name, changed in (("padded", text), ("loose-bits", text[:-3] + letters[letters.index(text[-3]) | 15] + "==")):
        attachments.case(f"payload-{name}", "The bits that the last letter has too many do not count.", "accept", None,
                         framed({"mimeType": cosign.MIME_TYPE, "payload": changed, "annotations": members}))
    for name, changed in (("unpadded", text[:-2]), ("half-padded", text[:-1])):
        attachments.text(f"payload-{name}", "Padding is needed.", "reject", UNKNOWN, {"mimeType": cosign.MIME_TYPE, "payload": changed, "annotations": members})


def _annotations(attachments):
    """The annotations: names to the letter, values of text."""
    document, members = attachments.document, attachments.members
    signature = members[cosign.SIGNATURE]

    def with_members(**named):
        return document | {"annotations": named}

    for name, other in (("upper", cosign.SIGNATURE.upper()), ("capitalized", "Dev.cosignproject.cosign/signature"), ("without-domain", "signature"),
                        ("sigstore", "dev.sigstore.cosign/signature"), ("blank", cosign.SIGNATURE + " "), ("longer", cosign.SIGNATURE + "s"), ("shorter", cosign.SIGNATURE[:-1]),
                        ("look-alike", cosign.SIGNATURE.replace("e", "\u0435", 1)), ("long-s", cosign.SIGNATURE.replace("s", "\u017f", 1)), ("empty", "")):
        attachments.text(f"annotation-{name}", f"{other!r} is not the signature's annotation.", "reject", INCOMPLETE, with_members(**{other: signature}))
        attachments.case(f"annotation-{name}-beside", f"{other!r} beside the signature's annotation does not count.", "accept", None,
                         framed(with_members(**{other: "AAAA"}, **members)))
    attachments.text("annotation-none", "A signature without annotations.", "reject", INCOMPLETE, with_members())
    attachments.text("annotation-null", "An annotation that is null is an empty one.", "reject", None, with_members(**{cosign.SIGNATURE: None}))
    attachments.text("annotation-empty-text", "An empty annotation is no signature.", "reject", "bad-signature", with_members(**{cosign.SIGNATURE: ""}))
    for kind, value in (("number", 1), ("boolean", True), ("array", [signature]), ("object", {"a": signature})):
        attachments.text(f"annotation-as-{kind}", "Annotations are texts.", "reject", UNKNOWN, with_members(**{cosign.SIGNATURE: value}))
        attachments.text(f"annotation-other-as-{kind}", "All annotations are texts.", "reject", UNKNOWN, with_members(**members, other=value))
    attachments.case("annotation-other-null", "Other annotations may be null.", "accept", None, framed(with_members(**members, other=None)))
    for name, more in (
        ("bundle", {cosign.BUNDLE: "noise"}), ("certificate", {cosign.CERTIFICATE: "noise"}), ("chain", {cosign.CHAIN: "noise"}),
        ("certificate-empty", {cosign.CERTIFICATE: ""}), ("all", {cosign.BUNDLE: "{}", cosign.CERTIFICATE: "x", cosign.CHAIN: "y"}),
        ("timestamp", {"dev.sigstore.cosign/rfc3161timestamp": "{}"}), ("of-oci", {"org.opencontainers.image.created": "2025-06-01T12:00:00Z"}),
        ("many", {f"org.example.annotation-{number}": "x" * 20 for number in range(200)}),
    ):
        attachments.case(f"annotation-beside-{name}", "With keys and without a log, no other annotation counts.", "accept", None,
                         framed(with_members(**members, **more)))
    attachments.case("annotation-not-utf-8", "An octet that is no UTF-8 makes another name.", "reject", INCOMPLETE,
                     framed(json.dumps(document).replace("cosignproject", "cosign@@project").encode().replace(b"@@", b"\xff")))
    # A certificate in the signature does not make its key trusted: GHSA-fx35-mq7g-6g98 of cosign's.
    stranger = attachments.signing.stranger
    own = cosign.annotations(stranger.sign(attachments.content), certificate=stranger.pem().decode())
    attachments.case("annotation-key-of-its-own", "A signature does not say which key is trusted.", "reject", "bad-signature", cosign.blob(attachments.content, own))


def _several(attachments):
    """Each signature on its own; the first one that is accepted ends it."""
    signing = attachments.signing
    content = attachments.content
    bad = {
        "stranger": (signing.blob(key=signing.stranger), "bad-signature"),
        "bad": (cosign.blob(content, cosign.annotations(signing.signer.sign(b"x"))), "bad-signature"),
        "no-base64": (cosign.blob(content, cosign.annotations("!")), "bad-signature"),
        "incomplete": (cosign.blob(content, {}), INCOMPLETE),
        "other-type": (cosign.blob(content, attachments.members, "text/plain"), NONE),
        "noise": (signing.blob(b"noise"), "payload-invalid"),
        "type-of-simple-signing": (signing.blob(content.replace(cosign.TYPE.encode(), TYPE.encode())), "payload-invalid"),
        "other-manifest": (signing.blob(signing.payload(manifest_digest="sha256:" + "00" * 32)), "digest-mismatch"),
        "other-tag": (signing.blob(signing.payload("registry.example/app/web:1.4.3")), "identity-mismatch"),
        "by-cosign": (signing.blob(signing.payload("registry.example/app/web")), "identity-mismatch"),
    }
    good = signing.good
    paths = {name: signing.write(f"several-{name}", blob) for name, (blob, _) in bad.items()}
    for name, (_, code) in bad.items():
        attachments.case(f"several-{name}", f"Alone: {name}.", "reject", code, [paths[name]])
        attachments.case(f"several-{name}-twice", f"Twice: {name}.", "reject", code, [paths[name]] * 2)
        attachments.case(f"several-{name}-then-good", f"{name} before a good one does no harm.", "accept", None, [paths[name], good])
        attachments.case(f"several-good-then-{name}", f"{name} after a good one does no harm.", "accept", None, [good, paths[name]])
    attachments.case("several-all", "Many signatures, and none of them good.", "reject", None, list(paths.values()))
    attachments.case("several-all-then-good", "The good one may be the last of many.", "accept", None, [*paths.values(), good])
    attachments.case("several-good-twice", "The same good signature twice.", "accept", None, [good, good])
    attachments.case("several-last-of-hundred", "The good one may be the last of a hundred.", "accept", None, [paths["stranger"]] * 99 + [good])
    attachments.case("several-halves", "One of the right tag but another manifest and one of the right manifest but another tag make no whole.", "reject", None,
                     [paths["other-manifest"], paths["other-tag"]])
    for name, order in (("first", ["other-tag", "stranger"]), ("last", ["stranger", "other-tag"])):
        attachments.case(f"several-furthest-{name}", "Told is the one that came furthest.", "reject", "identity-mismatch", [paths[it] for it in order])
    attachments.case("several-furthest-incomplete", "Told is the one that came furthest.", "reject", "bad-signature", [paths["incomplete"], paths["stranger"]])
    # Halves of one signature, in two.
    logged = sigstore_signed(signing.signer_file, signing.log_file)
    whole = signing.logged()
    parts = [cosign.blob(content, {name: whole[name]}) for name in (cosign.SIGNATURE, cosign.BUNDLE)]
    signing.case("several-annotations-apart", "Annotations of two stored signatures do not add up.", "reject", INCOMPLETE, logged, parts)
    signing.case("several-logged-and-not", "One without an entry does no harm to one with.", "accept", None, logged, [good, signing.good_logged])
    signing.case("several-logged-first", "One without an entry does no harm to one with.", "accept", None, logged, [signing.good_logged, good])
    other = signing.payload(optional={"number": 3})
    crossed = [cosign.blob(content, whole | {cosign.BUNDLE: signing.logged(other)[cosign.BUNDLE]}), cosign.blob(other, signing.logged(other) | {cosign.BUNDLE: whole[cosign.BUNDLE]})]
    signing.case("several-entries-crossed", "Each signature needs its own entry.", "reject", "log-entry-mismatch", logged, crossed)


def _mixed(attachments):
    """Signatures of both formats: each requirement passes those of the other one over."""
    signing, workshop = attachments.signing, attachments.signing.workshop
    good, simple = signing.good, workshop.good
    stranger = workshop.gpg_signed("stranger.gpg", certificate=workshop.stranger)
    for name, about, verdict, code, blobs in (
        ("none", "There is no signature.", "reject", NONE, []), ("simple", "A signature of the other format alone is none.", "reject", NONE, [simple]),
        ("simple-twice", "Signatures of the other format alone are none.", "reject", NONE, [simple, simple]),
        ("simple-then-good", "A signature of the other format does no harm.", "accept", None, [simple, good]),
        ("good-then-simple", "A signature of the other format does no harm.", "accept", None, [good, simple]),
        ("stranger-then-good", "A stranger's signature of the other format does no harm.", "accept", None, [stranger, good]),
        ("simple-and-other-type", "Neither is a signature of this kind.", "reject", NONE, [simple, cosign.blob(attachments.content, attachments.members, "text/plain")]),
        ("framed-simple", "A framed signature of the other format is passed over.", "reject", NONE,
         [b"\0simple-signing\n" + workshop.root.joinpath(simple).read_bytes()]),
        ("unknown-then-good", "A signature of a format that nobody knows refuses the image.", "reject", UNKNOWN, [b"\0nonsense\n", good]),
        ("good-then-unknown", "A signature of a format that nobody knows refuses the image.", "reject", UNKNOWN, [good, b"\0nonsense\n"]),
        ("good-then-empty", "An empty blob refuses the image.", "reject", UNKNOWN, [good, b""]),
    ):
        attachments.case(f"mixed-{name}", about, verdict, code, blobs)
