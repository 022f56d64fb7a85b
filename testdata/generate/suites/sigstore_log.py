"""Rekor: what the log promises (SET), who signed it, and that the entry is about this signature, this key and this payload."""

import base64
import copy
import hashlib
import json

import cosign
import der
import rekor
from clock import SIGNED
from cosign import base_64
from public_keys import EcKey, Ed25519Key, ecdsa_value, rsa
from rekor import canonical, compact
from sigstore_signed import MISSING, Signing, sigstore_signed
from suites.sigstore_keys import kinds
from workshop import Suite
from x509 import pem

INCOMPLETE, MALFORMED, UNTRUSTED = "signature-incomplete", "log-entry-malformed", "log-entry-untrusted"
MISMATCH, UNSUPPORTED, INVALID = "log-entry-mismatch", "log-entry-unsupported", "key-invalid"


def build(workshop):
    suite = Suite("sigstore-log")
    log = _Log(Signing(workshop, suite))
    _presence(log)
    _members(log)
    _json(log)
    _numbers(log)
    _texts(log)
    _promise_values(log)
    _log_keys(log)
    _log_files(log)
    _body_shape(log)
    _body_members(log)
    _body_duplicates(log)
    _body_values(log)
    _body_keys(log)
    _mismatches(log)
    _keys(log)
    return suite


class _Log:
    """Makes cases of one signature with an annotation of the log."""

    def __init__(self, signing):
        self.signing, self.signer, self.content = signing, signing.signer, signing.content
        self.signature = self.signer.sign(self.content)
        self.requirement = sigstore_signed(signing.signer_file, signing.log_file)

    def body(self):
        return rekor.body(self.signer.pem(), self.signature, self.content)

    def promise(self, body=None, **members):
        return rekor.promise(self.signing.log, self.body() if body is None else body, **members)

    def case(self, name, about, verdict, code, bundle, requirement=None, signature=None, content=None):
        blob = cosign.blob(self.content if content is None else content, cosign.annotations(self.signature if signature is None else signature, bundle))
        self.signing.case(name, about, verdict, code, requirement or self.requirement, blob)

    def signed(self, name, about, verdict, code, promise, text=None, **members):
        """What the log has signed, an object or its canonical text, and how that is written."""
        self.case(name, about, verdict, code, rekor.bundle(self.signing.log, promise, text), **members)

    def logged(self, name, about, verdict, code, body, **members):
        """An entry, as an object, a text or octets."""
        self.signed(name, about, verdict, code, self.promise(body), **members)


def changed(document, path, value=None, drop=False, rename=None):
    """A copy with one member changed, dropped or renamed; path: the member's place, like `spec.data`."""
    whole = copy.deepcopy(document)
    *parents, member = path.split(".")
    place = whole
    for parent in parents:
        place = place[parent]
    if rename is not None:
        # In its place, so that the order stays.
        renamed = {rename if name == member else name: inner for name, inner in place.items()}
        place.clear()
        place.update(renamed)
    elif drop:
        del place[member]
    else:
        place[member] = value
    return whole


def doubled(document, path, first=None, second=None, other=None):
    """The text with one member twice, by default with the same value; other: the second one's name."""
    *parents, member = path.split(".")
    place = document
    for parent in parents:
        place = place[parent]
    value = place[member]
    sound = f"{json.dumps(member)}:{compact(value)}"
    one = f"{json.dumps(member)}:{compact(value) if first is None else first}"
    two = f"{json.dumps(member if other is None else other)}:{compact(value) if second is None else second}"
    text = compact(document)
    assert text.count(sound) == 1, path
    return text.replace(sound, f"{one},{two}")


def _presence(log):
    """Where the policy names logs, an entry is needed; where it does not, nobody looks at it."""
    signing = log.signing
    signer, alone = signing.signer_file, log.signing.good
    signing.case("presence-logged", "A signature with an entry of the policy's log.", "accept", None, log.requirement, signing.good_logged)
    signing.case("presence-missing", "An entry is needed where the policy names a log.", "reject", INCOMPLETE, log.requirement, alone)
    without = sigstore_signed(signer)
    signing.case("presence-not-needed", "No entry is needed where the policy names no log.", "accept", None, without, alone)
    signing.case("presence-not-looked-at", "An entry is not looked at where the policy names no log.", "accept", None, without, signing.good_logged)
    for name, text in (("empty", ""), ("noise", "noise"), ("array", "[]"), ("other-log", rekor.entry(signing.strange_log, log.signer.pem(), b"x", b"y"))):
        log.case(f"presence-{name}-not-looked-at", "An entry is not looked at where the policy names no log, whatever it is.", "accept", None, text, without)
    log.case("presence-empty", "An empty entry is none.", "reject", MALFORMED, "")
    for name, annotation in (("capitalized", "Dev.sigstore.cosign/bundle"), ("dashes", "dev-sigstore-cosign/bundle"), ("of-cosign", "dev.cosignproject.cosign/bundle"),
                             ("longer", "dev.sigstore.cosign/bundles"), ("blank", "dev.sigstore.cosign/bundle ")):
        members = {cosign.SIGNATURE: base_64(log.signature), annotation: rekor.bundle(signing.log, log.promise())}
        signing.case(f"presence-{name}", "The annotation's name counts to the letter.", "reject", INCOMPLETE, log.requirement, cosign.blob(log.content, members))
    members = {cosign.BUNDLE: rekor.bundle(signing.log, log.promise())}
    signing.case("presence-entry-without-signature", "An entry is no signature.", "reject", INCOMPLETE, log.requirement, cosign.blob(log.content, members))


VALUES = {"null": None, "number": 1, "boolean": True, "array": [], "object": {}, "empty": ""}


def _members(log):
    """The members of the annotation and of the promise: exactly these, each once, each of its kind."""
    promise, sound = log.promise(), rekor.bundle(log.signing.log, log.promise())
    whole = json.loads(sound)
    log.case("members-usual", "The annotation that cosign writes.", "accept", None, sound)
    log.case("members-reversed", "The order of members does not matter.", "accept", None, compact(dict(reversed(list(whole.items())))))
    log.signed("members-promise-reversed", "The order of the promise's members does not matter.", "accept", None, promise,
               compact(dict(reversed(list(promise.items())))))
    for member in ("SignedEntryTimestamp", "Payload"):
        slug = member.lower()
        log.case(f"members-{slug}-missing", f"{member} is needed.", "reject", MALFORMED, compact(changed(whole, member, drop=True)))
        log.case(f"members-{slug}-twice", f"{member} stands there once.", "reject", MALFORMED, doubled(whole, member))
        log.case(f"members-{slug}-twice-escaped", "Names are compared after unescaping.", "reject", MALFORMED,
                 doubled(whole, member).replace(f'"{member}"', f'"\\u{ord(member[0]):04x}{member[1:]}"', 1))
        log.case(f"members-{slug}-escaped", "Names are compared after unescaping.", "accept", None,
                 sound.replace(f'"{member}"', f'"\\u{ord(member[0]):04x}{member[1:]}"'))
        for name, other in (("lower", member.lower()), ("upper", member.upper()), ("misspelt", member[:-1]), ("blank", member + " ")):
            log.case(f"members-{slug}-{name}", f"{member} is written so, and not otherwise.", "reject", MALFORMED, compact(changed(whole, member, rename=other)))
            log.case(f"members-{slug}-and-{name}", f"Beside {member} there is none of another writing.", "reject", MALFORMED,
                     doubled(whole, member, other=other))
        for kind, value in VALUES.items():
            log.case(f"members-{slug}-{kind}", f"{member} must not be {json.dumps(value)}.", "reject", None if kind == "empty" else MALFORMED,
                     compact(changed(whole, member, value)))
    log.case("members-unknown", "There is no other member.", "reject", MALFORMED, compact(whole | {"comment": "x"}))
    log.case("members-unknown-null", "There is no other member, and be it null.", "reject", MALFORMED, compact(whole | {"comment": None}))
    log.case("members-empty-name", "There is no other member.", "reject", MALFORMED, compact(whole | {"": "x"}))
    log.case("members-payload-as-text", "Payload is an object, and not its text.", "reject", MALFORMED, compact(whole | {"Payload": compact(promise)}))
    for member in promise:
        slug = "-".join({"integratedTime": "time", "logIndex": "index", "logID": "id"}.get(member, member).split())
        log.signed(f"promise-{slug}-missing", f"{member} is needed.", "reject", MALFORMED, changed(promise, member, drop=True))
        log.signed(f"promise-{slug}-twice", f"{member} stands there once.", "reject", MALFORMED, promise, doubled(promise, member))
        log.signed(f"promise-{slug}-escaped", "Names are compared after unescaping.", "accept", None, promise,
                   compact(promise).replace(f'"{member}"', f'"\\u{ord(member[0]):04x}{member[1:]}"'))
        log.signed(f"promise-{slug}-twice-escaped", "Names are compared after unescaping.", "reject", MALFORMED, promise,
                   doubled(promise, member).replace(f'"{member}"', f'"\\u{ord(member[0]):04x}{member[1:]}"', 1))
        log.signed(f"promise-{slug}-unsigned-first", f"{member} stands there once: the last one does not win.", "reject", MALFORMED, promise,
                   doubled(promise, member, first="1" if isinstance(promise[member], int) else '"x"'))
        for name, other in (("lower", member.lower()), ("upper", member.upper()), ("misspelt", member[:-1])):
            if other == member:
                continue
            log.signed(f"promise-{slug}-{name}", f"{member} is written so, and not otherwise.", "reject", MALFORMED, changed(promise, member, rename=other))
            both = promise | {other: promise[member]}
            log.signed(f"promise-{slug}-and-{name}", f"Beside {member} there is none of another writing.", "reject", MALFORMED, both)
        for kind, value in VALUES.items():
            if member in ("integratedTime", "logIndex") and kind == "number" or member == "logID" and kind == "empty":
                continue
            code = None if (member, kind) == ("body", "empty") else MALFORMED
            log.signed(f"promise-{slug}-{kind}", f"{member} must not be {json.dumps(value)}.", "reject", code, changed(promise, member, value))
    log.signed("promise-unknown", "There is no other member.", "reject", MALFORMED, promise | {"comment": "x"})
    log.signed("promise-unknown-null", "There is no other member, and be it null.", "reject", MALFORMED, promise | {"comment": None})
    log.signed("promise-verification", "The proof of inclusion does not stand within.", "reject", MALFORMED, promise | {"verification": {}})
    log.signed("promise-time-as-text", "Times are numbers.", "reject", MALFORMED, promise | {"integratedTime": str(SIGNED)})
    log.signed("promise-index-as-text", "Indexes are numbers.", "reject", MALFORMED, promise | {"logIndex": "1"})
    log.signed("promise-body-as-object", "The body is Base64, and no object.", "reject", MALFORMED, promise | {"body": log.body()})
    log.signed("promise-body-as-numbers", "The body is text, and no array of numbers.", "reject", MALFORMED,
               promise | {"body": list(compact(log.body()).encode())})
    numbers = list(base64.b64decode(whole["SignedEntryTimestamp"]))
    log.case("members-signature-as-numbers", "The signature is text, and no array of numbers.", "reject", MALFORMED,
             compact(whole | {"SignedEntryTimestamp": numbers}))


def _json(log):
    """The annotation as JSON."""
    promise = log.promise()
    sound = rekor.bundle(log.signing.log, promise)
    pretty = json.dumps(json.loads(sound), indent=2)
    for name, about, text in (
        ("pretty", "White space does not matter.", pretty),
        ("white-space-around", "White space around does not matter.", f" \r\n\t{sound}\n"),
        ("carriage-returns", "White space does not matter.", pretty.replace("\n", "\r\n")),
        ("escaped-slashes", "Slashes may be escaped.", sound.replace("/", "\\/")),
        ("escaped-letters", "Letters may be escaped.", sound.replace("eyJ", "\\u0065yJ")),
    ):
        log.case(f"json-{name}", about, "accept", None, text)
    for name, about, text in (
        ("blank", "White space is no object.", " "),
        ("null", "The annotation is an object.", "null"),
        ("array", "The annotation is an object.", f"[{sound}]"),
        ("text", "The annotation is an object.", json.dumps(sound)),
        ("number", "The annotation is an object.", "1"),
        ("true", "The annotation is an object.", "true"),
        ("empty-object", "The annotation has members.", "{}"),
        ("trailing-text", "Nothing follows the object.", sound + "x"),
        ("trailing-object", "Nothing follows the object.", sound + sound),
        ("trailing-comma", "JSON has no trailing commas.", sound[:-1] + ",}"),
        ("trailing-nul", "A NUL is no white space.", sound + "\0"),
        ("byte-order-mark", "A byte-order mark is not JSON.", "\ufeff" + sound),
        ("cut-off", "The object is whole.", sound[:-1]),
        ("comment", "JSON has no comments.", sound + "//"),
        ("single-quotes", "JSON has no single quotes.", sound.replace('"', "'")),
        ("form-feed", "A form feed is no white space.", "\f" + sound),
        ("no-break-space", "A no-break space is no white space.", "\u00a0" + sound),
        ("line-feed-in-text", "A raw line feed within a text is not JSON.", sound.replace("eyJ", "eyJ\n")),
        ("base64", "The annotation is not Base64.", base_64(sound.encode())),
        ("payload-null", "The promise is an object.", '{"SignedEntryTimestamp":"AAAA","Payload":null}'),
        ("payload-array", "The promise is an object.", f'{{"SignedEntryTimestamp":"AAAA","Payload":[{compact(promise)}]}}'),
    ):
        log.case(f"json-{name}", about, "reject", MALFORMED, text)
    head, tail = sound.split('"Payload":')
    for name, text in (("deep", "[" * 5_000 + "]" * 5_000), ("too-deep", "[" * 10_001 + "]" * 10_001)):
        log.case(f"json-{name}", "Nesting is no promise, however deep.", "reject", MALFORMED, f'{head}"Payload":{text}}}')
    log.signed("json-promise-pretty", "The promise is signed in its canonical form.", "accept", None, promise, json.dumps(promise, indent=1))
    for name, about, text in (
        ("pretty", "What is signed is the canonical form, and not what stands there.", json.dumps(promise, indent=1)),
        ("order", "What is signed has its order.", compact({name: promise[name] for name in ("logID", "logIndex", "integratedTime", "body")})),
        ("order-of-names", "What is signed is sorted by octets: logID stands before logIndex.",
         compact({name: promise[name] for name in ("body", "integratedTime", "logIndex", "logID")})),
        ("line-feed-behind", "What is signed ends with the object.", canonical(promise) + "\n"),
    ):
        log.case(f"json-signed-{name}", about, "reject", UNTRUSTED, rekor.bundle(log.signing.log, text, compact(promise)))


def _numbers(log):
    """Numbers are read as doubles, are integral, and are signed as ECMAScript writes them."""
    promise = log.promise()

    def text(member, number):
        return canonical(promise).replace(f'"{member}":{promise[member]}', f'"{member}":{number}')

    for member, slug in (("integratedTime", "time"), ("logIndex", "index")):
        for name, written, signed in (
            ("zero", "0", "0"), ("minus-zero", "-0", "0"), ("zero-fraction", "0.0", "0"), ("minus-zero-fraction", "-0.0", "0"), ("one", "1", "1"),
            ("minus-one", "-1", "-1"), ("fraction", "1748779200.0", "1748779200"), ("long-fraction", "1748779200." + "0" * 400, "1748779200"),
            ("exponent", "1.7487792e9", "1748779200"), ("exponent-capital", "1.7487792E9", "1748779200"), ("exponent-plus", "1.7487792e+09", "1748779200"),
            ("exponent-minus", "17487792000e-1", "1748779200"), ("exponent-zero", "1748779200e0", "1748779200"), ("zero-exponent", "0e5", "0"),
            ("zero-large-exponent", "0e999", "0"), ("tiny", "1e-400", "0"), ("minus-tiny", "-1e-400", "0"),
            ("almost-one", "0.99999999999999999999", "1"), ("2-to-53", "9007199254740992", "9007199254740992"),
            ("2-to-53-and-1", "9007199254740993", "9007199254740992"), ("2-to-53-and-3", "9007199254740995", "9007199254740996"),
            ("minus-2-to-53-and-1", "-9007199254740993", "-9007199254740992"), ("2-to-62", "4611686018427387904", "4611686018427388000"),
            ("18-digits", "123456789012345678", "123456789012345680"), ("largest", "9223372036854774784", "9223372036854775000"),
            ("17-digits", "1e17", "100000000000000000"), ("19-digits", "9e18", "9000000000000000000"),
            ("smallest", "-9223372036854774784", "-9223372036854775000"),
        ):
            log.signed(f"number-{slug}-{name}", f"{member} may be written as {written[:32]}.", "accept", None, text(member, signed), text(member, written))
            if written != signed:
                log.signed(f"number-{slug}-{name}-signed-as-written", f"Of {written[:32]} as {member}, the canonical form is signed.", "reject", UNTRUSTED,
                           text(member, written), text(member, written))
        for name, written, signed in (
            ("fraction-half", "1.5", "1.5"), ("fraction-tenth", "0.1", "0.1"), ("small", "1e-7", "1e-7"), ("2-to-63", "9223372036854775808", "9223372036854776000"),
            ("2-to-63-minus-1", "9223372036854775807", "9223372036854776000"), ("minus-2-to-63", "-9223372036854775808", "-9223372036854776000"),
            ("2-to-64", "18446744073709551616", "18446744073709552000"), ("20-digits", "1e20", "100000000000000000000"), ("22-digits", "1e21", "1e+21"),
            ("minus-22-digits", "-1e21", "-1e+21"), ("large", "1e300", "1e+300"), ("half-of-large", "2251799813685248.5", "2251799813685248.5"),
        ):
            log.signed(f"number-{slug}-{name}", f"{member} is an integer of 64 bits, and not {written}.", "reject", MALFORMED,
                       text(member, signed), text(member, written))
        for name, written in (
            ("infinite", "1e999"), ("minus-infinite", "-1e999"), ("leading-zero", "01"), ("plus", "+1"), ("no-digit", "-"), ("dot-first", ".5"), ("dot-last", "1."),
            ("no-exponent", "1e"), ("hexadecimal", "0x10"), ("not-a-number", "NaN"), ("infinity", "Infinity"), ("underscore", "1_000"), ("blank", "1 000"),
            ("minus-blank", "- 1"), ("two", "1 2"), ("nothing", ""), ("two-dots", "1.0.0"), ("octal", "0o7"),
        ):
            log.signed(f"number-{slug}-{name}", f"{written or 'Nothing'} is no number that {member} may be.", "reject", MALFORMED, text(member, written),
                       text(member, written))


def _texts(log):
    """Texts are signed with as few escapes as JSON allows."""
    promise, body = log.promise(), compact(log.body())

    def case(name, about, verdict, written, signed, code=None):
        """The log's id as JSON text, written and signed."""
        one, two = (canonical(promise | {"logID": "@"}).replace('"@"', text) for text in (signed, written))
        log.signed(f"text-{name}", about, verdict, code, one, two)

    for name, written, signed in (
        ("letter", '"\\u0061"', '"a"'), ("slash", '"\\/"', '"/"'), ("quote", '"\\""', '"\\""'), ("quote-by-number", '"\\u0022"', '"\\""'),
        ("backslash", '"\\\\"', '"\\\\"'), ("backslash-by-number", '"\\u005c"', '"\\\\"'), ("backspace", '"\\b"', '"\\b"'),
        ("backspace-by-number", '"\\u0008"', '"\\b"'), ("tab", '"\\t"', '"\\t"'), ("tab-by-number", '"\\u0009"', '"\\t"'), ("line-feed", '"\\n"', '"\\n"'),
        ("line-feed-by-number", '"\\u000A"', '"\\n"'), ("form-feed", '"\\f"', '"\\f"'), ("form-feed-by-number", '"\\u000c"', '"\\f"'),
        ("carriage-return", '"\\r"', '"\\r"'), ("carriage-return-by-number", '"\\u000D"', '"\\r"'), ("nul", '"\\u0000"', '"\\u0000"'),
        ("control", '"\\u001F"', '"\\u001f"'), ("vertical-tab", '"\\u000B"', '"\\u000b"'), ("delete", '"\\u007f"', '"\x7f"'),
        ("umlaut", '"\\u00e4"', '"\u00e4"'), ("umlaut-capital-number", '"\\u00E4"', '"\u00e4"'), ("umlaut-raw", '"\u00e4"', '"\u00e4"'),
        ("c1", '"\\u0085"', '"\u0085"'), ("line-separator", '"\\u2028"', '"\u2028"'), ("less-than", '"\\u003c"', '"<"'), ("ampersand", '"&"', '"&"'),
        ("pair", '"\\ud83d\\ude00"', '"\U0001f600"'), ("pair-raw", '"\U0001f600"', '"\U0001f600"'), ("pair-capitals", '"\\uD83D\\uDE00"', '"\U0001f600"'),
        ("replacement", '"\\ufffd"', '"\ufffd"'), ("byte-order-mark", '"\\ufeff"', '"\ufeff"'), ("not-a-character", '"\\uffff"', '"\uffff"'),
        ("not-composed", '"a\u0308"', '"a\u0308"'),
    ):
        case(name, "A text is signed with as few escapes as can be.", "accept", written, signed)
        if written != signed:
            case(f"{name}-signed-as-written", "A text is signed with as few escapes as can be, and not as it stands.", "reject", written, written, UNTRUSTED)
    case("composed", "Characters are not composed.", "reject", '"a\u0308"', '"\u00e4"', UNTRUSTED)
    case("less-than-signed-escaped", "HTML's characters are not escaped.", "reject", '"<"', '"\\u003c"', UNTRUSTED)
    case("delete-signed-escaped", "DEL is not escaped.", "reject", '"\\u007f"', '"\\u007f"', UNTRUSTED)
    case("slash-signed-escaped", "Slashes are not escaped.", "reject", '"/"', '"\\/"', UNTRUSTED)
    case("control-signed-capital", "Numbers of escapes are in lower case.", "reject", '"\\u001f"', '"\\u001F"', UNTRUSTED)
    for name, written in (("lone-surrogate", '"\\ud800"'), ("lone-low-surrogate", '"\\udc00"'), ("surrogates-swapped", '"\\ude00\\ud83d"'),
                          ("surrogate-and-letter", '"\\ud83dx"'), ("surrogate-twice", '"\\ud83d\\ud83d"'), ("surrogate-and-escape", '"\\ud83d\\n"'),
                          ("surrogate-and-other", '"\\ud83d\\u0041"')):
        for kind, signed in (("one", '"\ufffd"'), ("two", '"\ufffd\ufffd"'), ("as-written", written)):
            if kind == "one" and name in ("surrogates-swapped", "surrogate-twice"):
                continue
            tail = {"surrogate-and-letter": 'x"', "surrogate-and-escape": '\\n"', "surrogate-and-other": 'A"'}.get(name)
            if tail and kind == "one":
                signed = '"\ufffd' + tail
            case(f"{name}-{kind}", "Half a pair is no character.", "reject", written, signed, MALFORMED)
    for name, written in (("unknown-escape", '"\\x"'), ("short-number", '"\\u12"'), ("no-hexadecimal", '"\\u00g0"'), ("raw-line-feed", '"\n"'),
                          ("raw-tab", '"\t"'), ("raw-nul", '"\0"'), ("unfinished", '"a'), ("escape-of-quote", '"\\\'"')):
        case(name, "JSON has no such text.", "reject", written, written, MALFORMED)
    log.logged("text-body-white-space", "White space within the body does not count.", "accept", None, body.replace("{", "{ ", 1))
    encoded = promise["body"]
    for name, text, about in (
        ("line-feeds", "\n".join(encoded[i : i + 76] for i in range(0, len(encoded), 76)), "The body's Base64 may have line feeds."),
        ("carriage-returns", encoded[:76] + "\r\n" + encoded[76:] + "\r\n", "The body's Base64 may have carriage returns."),
    ):
        log.signed(f"text-body-{name}", about, "accept", None, promise | {"body": text})
    padded = base_64(body.encode() + b" " * ((1 - len(body)) % 3))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = padded[:-3] + letters[letters.index(padded[-3]) | 1] + "=="
    log.signed("text-body-padded", "The body's Base64 may be padded.", "accept", None, promise | {"body": padded})
    log.signed("text-body-loose-bits", "The bits that the last letter of the body has too many do not count.", "accept", None, promise | {"body": loose})
    for name, text in (("blank", encoded[:8] + " " + encoded[8:]), ("unpadded", padded[:-2]), ("half-padded", padded[:-1]), ("padded-too-much", padded + "="),
                       ("foreign-letter", "*" + encoded[1:]), ("letter-missing", encoded[:-1]), ("not-encoded", body), ("group-behind", padded + "AAAA"),
                       ("hexadecimal", body.encode().hex() + "x")):
        log.signed(f"text-body-{name}", "The body is Base64.", "reject", MALFORMED, promise | {"body": text})
    # What is no UTF-8 in the stored signature is a replacement character when the log's word is read.
    for name, signed, verdict in (("replaced", "\ufffd", "accept"), ("dropped", "", "reject")):
        text = rekor.bundle(log.signing.log, canonical(promise | {"logID": signed}), canonical(promise | {"logID": "@@"}))
        blob = cosign.blob(log.content, cosign.annotations(log.signature, text)).replace(b"@@", b"\xff")
        log.signing.case(f"text-not-utf-8-{name}", "An octet that is no UTF-8 is read as a replacement character.", verdict, UNTRUSTED, log.requirement, blob)


def _promise_values(log):
    """What the promise says of the log, of the place and of the time is not compared with anything."""
    promise = log.promise()
    for name, about, members in (
        ("id-of-other-log", "Who signed counts, and not the id stated.", {"logID": rekor.log_id(log.signing.strange_log)}),
        ("id-upper-case", "The id stated does not count.", {"logID": promise["logID"].upper()}),
        ("id-empty", "The id stated does not count.", {"logID": ""}),
        ("id-noise", "The id stated does not count.", {"logID": "not a log"}),
        ("id-long", "The id stated does not count.", {"logID": "a" * 5000}),
        ("index-negative", "The index does not count.", {"logIndex": -5}),
        ("time-before-signature", "With keys, the log's time does not count.", {"integratedTime": 1}),
        ("time-negative", "With keys, the log's time does not count.", {"integratedTime": -62135596801}),
        ("time-year-1", "With keys, the log's time does not count.", {"integratedTime": -62135596800}),
        ("time-future", "With keys, the log's time does not count.", {"integratedTime": 4102444800}),
        ("time-far-future", "With keys, the log's time does not count.", {"integratedTime": 10**15}),
    ):
        log.signed(f"promise-{name}", about, "accept", None, promise | members)
        member, value = next(iter(members.items()))
        log.signed(f"promise-{name}-changed-later", f"{member} is signed: what the log has not said counts for nothing.", "reject", UNTRUSTED, promise,
                   compact(promise | {member: value}))
    other = log.promise(rekor.body(log.signing.stranger.pem(), log.signature, log.content))
    log.signed("promise-body-changed-later", "The body is signed.", "reject", UNTRUSTED, other, compact(promise))


def _log_keys(log):
    """The log's signature: ECDSA over SHA-256, strict DER, by any of the policy's logs."""
    signing, promise = log.signing, log.promise()
    text = canonical(promise).encode()
    r, s = signing.log.numbers(text)
    n = signing.log.curve.n

    def case(name, about, verdict, signature, code=UNTRUSTED):
        log.case(f"set-{name}", about, verdict, code, rekor.bundle(signing.log, promise, signature=signature))

    case("right", "The log's signature in DER.", "accept", ecdsa_value(r, s))
    case("high-s", "The other one of the two values for s is good, too.", "accept", ecdsa_value(r, n - s))
    for name, about, octets in (
        ("halves", "The log's signature is DER, and not two halves.", r.to_bytes(32, "big") + s.to_bytes(32, "big")),
        ("octet-behind", "Nothing stands behind the sequence.", ecdsa_value(r, s) + b"\0"),
        ("octet-behind-numbers", "A signature has two numbers and nothing else.", der.sequence(der.integer(r), der.integer(s), b"\0")),
        ("padded", "Numbers have no zeros too many.", der.sequence(der.element(der.INTEGER, b"\0\0", der.number(r)), der.integer(s))),
        ("length-not-minimal", "Lengths are as short as can be.", der.long_length(der.SEQUENCE, 1, der.integer(r), der.integer(s))),
        ("cut-off", "The sequence is whole.", ecdsa_value(r, s)[:-1]),
        ("zeros", "No number is zero.", ecdsa_value(0, 0)),
        ("one-more", "Numbers are not reduced first.", ecdsa_value(r, s + n)),
        ("negative", "Numbers are positive.", ecdsa_value(r, s - n)),
        ("flipped", "Every bit counts.", ecdsa_value(r, s ^ 1)),
        ("noise", "Noise is no signature.", b"noise"),
        ("empty", "A signature has octets.", b""),
        ("sha384", "The hash is SHA-256.", signing.log.sign(text, "sha384")),
        ("sha512", "The hash is SHA-256.", signing.log.sign(text, "sha512")),
        ("of-hash", "The hash is taken once.", signing.log.sign(hashlib.sha256(text).digest())),
        ("of-body", "The promise is signed, and not the body alone.", signing.log.sign(compact(log.body()).encode())),
        ("by-signer", "The signer is no log.", log.signer.sign(text)),
        ("by-stranger", "A stranger is no log.", signing.stranger.sign(text)),
        ("by-other-log", "Another log is not the policy's.", signing.strange_log.sign(text)),
        ("by-ed25519", "A signature of Ed25519 is none of ECDSA.", Ed25519Key().sign(text)),
        ("of-signature", "The signature of the image is not the log's.", log.signature),
    ):
        case(name, about, "reject", octets, None if name == "empty" else UNTRUSTED)
    sound = rekor.bundle(signing.log, promise)
    encoded = json.loads(sound)["SignedEntryTimestamp"]
    for name, about, changed_text in (
        ("line-feeds", "The signature's Base64 may have line feeds.", "\\n".join(encoded)),
        ("carriage-return", "The signature's Base64 may have carriage returns.", encoded + "\\r\\n"),
    ):
        log.case(f"set-base64-{name}", about, "accept", None, sound.replace(encoded, changed_text))
    for name, changed_text in (("blank", encoded[:4] + " " + encoded[4:]), ("foreign-letter", "*" + encoded[1:]), ("letter-missing", encoded[1:]),
                               ("padded-too-much", encoded + "=" * (4 if encoded[-1] != "=" else 1)), ("group-behind", encoded.rstrip("=") + "=AAAA")):
        log.case(f"set-base64-{name}", "The log's signature is Base64.", "reject", MALFORMED, sound.replace(encoded, changed_text))
    for curve in ("nistp224", "nistp256", "nistp384", "nistp521"):
        own = EcKey(curve, "sigstore-own-log")
        slug = curve[3:]
        requirement = sigstore_signed(signing.signer_file, own.pem())
        log.case(f"set-{slug}", f"A log's key may be on {slug}.", "accept", None, rekor.bundle(own, log.promise(logID=rekor.log_id(own))), requirement)
        log.case(f"set-{slug}-other", f"Another key on {slug} is not the policy's.", "reject", UNTRUSTED,
                 rekor.bundle(EcKey(curve, "sigstore-strange-log"), promise), requirement)
        r, s = own.numbers(text)
        size = own.curve.size
        log.case(f"set-{slug}-halves", "The log's signature is DER, and not two halves.", "reject", UNTRUSTED,
                 rekor.bundle(own, promise, signature=r.to_bytes(size, "big") + s.to_bytes(size, "big")), requirement)
        log.case(f"set-{slug}-high-s", "The other one of the two values for s is good, too.", "accept", None,
                 rekor.bundle(own, promise, signature=ecdsa_value(r, own.curve.n - s)), requirement)
        for hash_name in ("sha384", "sha512"):
            log.case(f"set-{slug}-{hash_name}", "The hash is SHA-256, whatever the curve.", "reject", UNTRUSTED,
                     rekor.bundle(own, promise, signature=own.sign(text, hash_name)), requirement)


def _log_files(log):
    """The logs' keys: each ECDSA, any of them may have signed, and one that is none spoils the list."""
    signing, good = log.signing, log.signing.good_logged
    signer, own, other = signing.signer_file, signing.log_file, signing.strange_log_file
    noise = signing.workshop.write("keys/sigstore/log-noise.pub", b"noise\n")
    own_pem, other_pem = signing.log.pem(), signing.strange_log.pem()

    def case(name, about, verdict, code, log_key, blob=good, key=signer):
        signing.case(f"file-{name}", about, verdict, code, sigstore_signed(key, log_key), blob)

    for name, about, source in (
        ("path", "rekorPublicKeyPath names a file.", own), ("paths-one", "rekorPublicKeyPaths with one file.", [own]),
        ("paths-first", "The first of several logs has signed.", [own, other]), ("paths-last", "The last of several logs has signed: the key was rotated.", [other, own]),
        ("paths-twice", "The same log twice.", [own, own]), ("data", "rekorPublicKeyData holds the key itself.", own_pem),
        ("datas-first", "The first of several logs has signed.", [own_pem, other_pem]), ("datas-last", "The last of several logs has signed.", [other_pem, own_pem]),
        ("datas-many", "The last of many logs has signed.", [other_pem] * 19 + [own_pem]),
        ("text-before", "Text before the block does not count.", b"The log's key:\n" + own_pem), ("second-block", "What follows the first block does not count.",
                                                                                                      own_pem + other_pem),
    ):
        case(name, about, "accept", None, source)
    for name, about, source in (
        ("path-other", "Another log is not the policy's.", other), ("paths-others", "None of several logs has signed.", [other, signing.stranger_file]),
        ("path-signer", "The signer is no log.", signer), ("second-block-signs", "Only the first key of a file counts.", other_pem + own_pem),
    ):
        case(name, about, "reject", UNTRUSTED, source)
    for name, about, source in (
        ("path-missing", "A file that is not there says nothing of the image.", MISSING), ("path-folder", "A folder says nothing of the image.", "keys/sigstore"),
        ("paths-missing-first", "One of several files is missing.", [MISSING, own]), ("paths-missing-last", "One of several files is missing.", [own, MISSING]),
        ("paths-noise-then-missing", "All files are read before any is parsed.", [noise, MISSING]),
    ):
        case(name, about, "error", "key-unreadable", source)
    wrong = {
        "noise": b"noise", "empty": b" ", "certificate": pem("CERTIFICATE", signing.log.spki()), "private-key": pem("EC PRIVATE KEY", b"\x30\x00"),
        "rsa": rsa(2048).pem(), "pkcs1": rsa(2048).pkcs1_pem(), "ed25519": Ed25519Key().pem(), "secp256k1": EcKey("secp256k1").pem(),
        "trailing-octet": pem("PUBLIC KEY", signing.log.spki() + b"\0"), "der": signing.log.spki(),
        "compressed": pem("PUBLIC KEY", signing.log.spki(point=b"\2" + signing.log.point()[1:33])),
    }
    for name, octets in wrong.items():
        about = f"A log's key is one of ECDSA in PEM, and not what this is: {name}."
        case(f"{name}", about, "reject", INVALID, octets)
        case(f"{name}-before-good", f"{about} It spoils a list.", "reject", INVALID, [octets, own_pem])
        case(f"{name}-after-good", f"{about} It spoils a list before it is needed.", "reject", INVALID, [own_pem, octets])
    case("noise-not-logged", "A log's key is parsed before a signature is judged.", "reject", INVALID, b"noise", signing.good)
    case("missing-not-logged", "A log's key is read before a signature is judged.", "error", "key-unreadable", MISSING, signing.good)
    case("noise-unsigned", "Where there is no signature, nobody reads keys.", "reject", "no-signature", b"noise", [])
    case("missing-unsigned", "Where there is no signature, nobody reads keys.", "reject", "no-signature", MISSING, [])
    case("missing-both", "Both files are missing.", "error", "key-unreadable", MISSING, key=MISSING)
    case("missing-after-noise", "The signer's key is parsed before the log's is read.", "reject", INVALID, MISSING, key=noise)
    case("noise-after-missing", "The signer's key is read first.", "error", "key-unreadable", b"noise", key=MISSING)
    signing.case("file-stranger-logged", "An entry by the right log does not make a stranger's signature good.", "reject", MISMATCH,
                 sigstore_signed(signing.stranger_file, own), good)


def _body_shape(log):
    """The body as JSON, which is read laxly."""
    body = log.body()
    sound = compact(body)
    for name, about, text in (
        ("usual", "The body that Rekor writes.", sound),
        ("pretty", "White space does not matter.", json.dumps(body, indent=2)),
        ("white-space-around", "White space around does not matter.", f"\n\t {sound}\r\n"),
        ("reversed", "The order of members does not matter.", compact(dict(reversed(list(body.items()))))),
        ("escaped-names", "Names may have escapes.", sound.replace('"kind"', '"\\u006bind"').replace('"spec"', '"s\\u0070ec"')),
        ("escaped-values", "Values may have escapes.", sound.replace('"hashedrekord"', '"hashed\\u0072ekord"').replace('"sha256"', '"\\u0073ha256"')),
        ("unknown-members", "Other members do not count.", compact(body | {"comment": {"a": [1, None]}, "": 1})),
        ("unknown-lone-surrogate", "Other members do not count.", sound[:-1] + ',"x":"\\ud800"}'),
        ("unknown-large-number", "Other members do not count.", sound[:-1] + ',"x":1e999}'),
        ("unknown-twice", "Other members do not count.", sound[:-1] + ',"x":1,"x":2}'),
    ):
        log.logged(f"body-{name}", about, "accept", None, text)
    for name, about, text in (
        ("empty", "A body is an object.", ""), ("blank", "A body is an object.", " "), ("null", "A body is an object.", "null"), ("array", "A body is an object.", f"[{sound}]"),
        ("text", "A body is an object.", json.dumps(sound)), ("number", "A body is an object.", "1"), ("empty-object", "A body has members.", "{}"),
        ("trailing-text", "Nothing follows the body.", sound + "x"), ("trailing-object", "Nothing follows the body.", sound + sound),
        ("trailing-nul", "A NUL is no white space.", sound + "\0"), ("byte-order-mark", "A byte-order mark is not JSON.", "\ufeff" + sound),
        ("cut-off", "The body is whole.", sound[:-1]), ("trailing-comma", "JSON has no trailing commas.", sound[:-1] + ",}"),
        ("comment", "JSON has no comments.", "/**/" + sound), ("single-quotes", "JSON has no single quotes.", sound.replace('"', "'")),
        ("noise", "Noise is not JSON.", b"\xff\xfe\0"), ("base64", "The body is encoded once.", base_64(sound.encode())),
        ("raw-line-feed", "A raw line feed within a text is not JSON.", sound.replace("hashedrekord", "hashed\nrekord")),
        ("too-deep", "Nesting has an end.", sound[:-1] + ',"x":' + "[" * 10_001 + "]" * 10_001 + "}"),
    ):
        code = MALFORMED if name not in ("null", "empty-object") else None
        log.logged(f"body-{name}", about, "reject", code, text)


PATHS = ("apiVersion", "kind", "spec", "spec.data", "spec.data.hash", "spec.data.hash.algorithm", "spec.data.hash.value", "spec.signature",
         "spec.signature.content", "spec.signature.publicKey", "spec.signature.publicKey.content")


def _body_members(log):
    """Each member of the body: missing, null, of a wrong kind, in another letter case."""
    body = log.body()
    for path in PATHS:
        slug, member = path.lower().replace(".", "-"), path.split(".")[-1]
        log.logged(f"body-{slug}-missing", f"{path} is needed.", "reject", None, changed(body, path, drop=True))
        log.logged(f"body-{slug}-misspelt", f"A misspelt {path} is another member.", "reject", None, changed(body, path, rename=member[:-1]))
        for name, other in (("capitalized", member[0].upper() + member[1:]), ("upper", member.upper()), ("lower", member.lower())):
            if other != member:
                log.logged(f"body-{slug}-{name}", f"{path} may be written {other}.", "accept", None, changed(body, path, rename=other))
        for old, new, name in (("s", "\u017f", "long-s"), ("k", "\u212a", "kelvin")):
            if old in member:
                log.logged(f"body-{slug}-{name}", f"The {name.replace('-', ' ')} is the same letter in {path}.", "accept", None,
                           changed(body, path, rename=member.replace(old, new, 1)))
        log.logged(f"body-{slug}-with-blank", f"A blank in {path} makes another member.", "reject", None, changed(body, path, rename=member + " "))
        log.logged(f"body-{slug}-dotless", f"Letters that only look alike make another member than {path}.", "reject", None,
                   changed(body, path, rename=member.replace("e", "\u0435").replace("i", "\u0131").replace("a", "\u0430")))
        for kind, value in VALUES.items():
            log.logged(f"body-{slug}-{kind}", f"{path} must not be {json.dumps(value)}.", "reject", None, changed(body, path, value))
    for path in ("spec", "spec.data", "spec.data.hash", "spec.signature", "spec.signature.publicKey"):
        slug = path.lower().replace(".", "-")
        parent = body
        for part in path.split("."):
            parent = parent[part]
        log.logged(f"body-{slug}-unknown-member", f"Other members of {path} do not count.", "accept", None, changed(body, path, parent | {"comment": [1]}))
        log.logged(f"body-{slug}-in-array", f"{path} is an object, and not in an array.", "reject", None, changed(body, path, [parent]))
        log.logged(f"body-{slug}-as-text", f"{path} is an object, and not its text.", "reject", None, changed(body, path, compact(parent)))
    for path in ("spec.data", "spec.data.hash", "spec.signature", "spec.signature.publicKey"):
        slug, (above, member) = path.lower().replace(".", "-"), path.rsplit(".", 1)
        outer = body
        for part in above.split("."):
            outer = outer[part]
        log.logged(f"body-{slug}-one-higher", f"{path} stands in its place.", "reject", None,
                   changed(changed(body, path, drop=True), f"{above.rpartition('.')[0]}.{member}".lstrip("."), outer[member]))


def _body_duplicates(log):
    """Members that are there twice, in one writing or in two. Of the outermost the last one wins; within `spec`, releases of containers/image differ on
    which one does, and what can mean two things counts for nothing."""
    body = log.body()
    for path, value in (("apiVersion", '"0.0.2"'), ("kind", '"rekord"')):
        slug, upper = path.lower(), path.upper()

        def case(name, about, verdict, **members):
            log.logged(f"body-{slug}-{name}", about, verdict, None, doubled(body, path, **members))

        case("twice", f"{path} twice, both right.", "accept")
        case("last-right", f"{path} twice: the last one wins.", "accept", first=value)
        case("last-wrong", f"{path} twice: the last one wins.", "reject", second=value)
        case("null-first", f"null and then {path}.", "accept", first="null")
        case("upper-then-wrong", f"{upper} after {path}, and wrong: the last one wins.", "reject", second=value, other=upper)
        case("upper-then-right", f"{upper} after a wrong {path}: the last one wins.", "accept", first=value, other=upper)
        case("last-number", f"{path} twice, the last one a number.", "reject", second="1")
        case("first-number", f"{path} twice, the first one a number.", "reject", first="1")
    log.logged("body-kind-then-null", "kind and then null, which changes nothing.", "accept", None, doubled(body, "kind", second="null"))
    log.logged("body-apiversion-then-null", "apiVersion and then null, which unsets it.", "reject", None, doubled(body, "apiVersion", second="null"))
    for path in ("spec.data.hash.algorithm", "spec.data.hash.value", "spec.signature.content", "spec.signature.publicKey.content"):
        slug, upper = path.lower().replace(".", "-"), path.split(".")[-1].upper()
        wrong = {"algorithm": '"sha512"', "value": '"00"', "content": '"AAAA"'}[path.split(".")[-1]]
        for name, about, members in (
            ("twice", "both right", {}), ("last-right", "the last one right", {"first": wrong}), ("last-wrong", "the last one wrong", {"second": wrong}),
            ("null-first", "the first one null", {"first": "null"}), ("then-null", "the last one null", {"second": "null"}),
            ("twice-upper", f"once {upper}, both right", {"other": upper}), ("twice-upper-wrong", f"once {upper}, that one wrong", {"second": wrong, "other": upper}),
            ("twice-upper-right", f"once {upper}, that one right", {"first": wrong, "other": upper}), ("last-number", "the last one a number", {"second": "1"}),
            ("first-number", "the first one a number", {"first": "1"}),
        ):
            log.logged(f"body-{slug}-{name}", f"{path} twice, {about}.", "reject", None, doubled(body, path, **members))
    for path in ("spec", "spec.data", "spec.data.hash", "spec.signature", "spec.signature.publicKey"):
        slug, upper = path.lower().replace(".", "-"), path.split(".")[-1].upper()
        inner = body
        for part in path.split("."):
            inner = inner[part]
        # Of `spec` the last one counts, and nothing of the others.
        first = "accept" if path == "spec" else "reject"
        cases = [
            ("twice", "both right", {}, first), ("twice-upper", f"once {upper}, both right", {"other": upper}, first),
            ("then-empty", "the last one empty", {"second": "{}"}, "reject"), ("empty-first", "the first one empty", {"first": "{}"}, first),
            ("then-null", "the last one null", {"second": "null"}, "reject"), ("null-first", "the first one null", {"first": "null"}, first),
            ("array-first", "the first one an array", {"first": "[]"}, first), ("then-array", "the last one an array", {"second": "[]"}, "reject"),
            ("upper-empty", f"once {upper}, that one empty", {"second": "{}", "other": upper}, "reject"),
            ("upper-null", f"once {upper}, that one null", {"second": "null", "other": upper}, "reject"),
            ("upper-whole", f"once {upper}, the other one empty", {"first": "{}", "other": upper}, first),
        ]
        if len(inner) > 1:
            one, two = (compact({name: value}) for name, value in inner.items())
            for name, other in (("", None), ("-upper", upper)):
                cases += [(f"in-halves{name}", "half of its members in each", {"first": one, "second": two, "other": other}, "reject"),
                          (f"in-halves-reversed{name}", "half of its members in each", {"first": two, "second": one, "other": other}, "reject")]
        for name, about, members, verdict in cases:
            log.logged(f"body-{slug}-{name}", f"{path} twice, {about}.", verdict, None, doubled(body, path, **members))


def _body_values(log):
    """The values, each to the letter."""
    body, content = log.body(), log.content
    for value in ("rekord", "intoto", "dsse", "hashedRekord", "HashedRekord", "HASHEDREKORD", "hashedrekord ", " hashedrekord", "hashedrekord\n", "hashedrekor",
                  "hashedrekords", "x509", "jar", "tuf"):
        slug = value.strip().lower() + {" hashedrekord": "-blank-before", "hashedrekord ": "-blank-after", "hashedrekord\n": "-line-feed",
                                        "hashedRekord": "-camel", "HashedRekord": "-pascal", "HASHEDREKORD": "-upper"}.get(value, "")
        log.logged(f"kind-{slug}", f"The kind {value!r} is not hashedrekord.", "reject", UNSUPPORTED, changed(body, "kind", value))
    for name, value in (("0-0-2", "0.0.2"), ("0-0", "0.0"), ("0-0-1-blank", "0.0.1 "), ("v0-0-1", "v0.0.1"), ("0-0-1-0", "0.0.1.0"), ("1", "1"), ("0-0-01", "0.0.01"),
                        ("0-0-10", "0.0.10"), ("0-1-0", "0.1.0")):
        log.logged(f"version-{name}", f"The version {value!r} is not 0.0.1.", "reject", UNSUPPORTED, changed(body, "apiVersion", value))
    for name, value in (("upper", "SHA256"), ("dash", "sha-256"), ("blank", "sha256 "), ("capitalized", "Sha256"), ("sha1", "sha1"), ("sha384", "sha384"),
                        ("sha512", "sha512"), ("sha2-256", "sha2-256"), ("sha256-with-digest", "sha256:"), ("empty", "")):
        log.logged(f"algorithm-{name}", f"The hash's name {value!r} is not sha256.", "reject", None, changed(body, "spec.data.hash.algorithm", value))
    for name in ("sha1", "sha384", "sha512"):
        both = changed(changed(body, "spec.data.hash.algorithm", name), "spec.data.hash.value", hashlib.new(name, content).hexdigest())
        log.logged(f"algorithm-{name}-right", f"The payload's {name} is right, and not taken.", "reject", None, both)
        log.logged(f"value-of-{name}", f"The payload's {name} under the name sha256 is wrong.", "reject", MISMATCH,
                   changed(body, "spec.data.hash.value", hashlib.new(name, content).hexdigest()))
    value = hashlib.sha256(content).hexdigest()
    log.logged("value-upper", "The hash may be in upper case.", "accept", None, changed(body, "spec.data.hash.value", value.upper()))
    log.logged("value-mixed", "The hash may be in mixed case.", "accept", None, changed(body, "spec.data.hash.value", value[:32].upper() + value[32:]))
    for name, text in (("short", value[:-2]), ("long", value + "00"), ("odd", value[:-1]), ("blank-after", value + " "), ("blank-before", " " + value),
                       ("prefix", "0x" + value), ("with-name", "sha256:" + value), ("base64", base_64(hashlib.sha256(content).digest())), ("empty", ""),
                       ("line-feed", value + "\n"), ("colons", ":".join(value[i : i + 2] for i in range(0, 64, 2))), ("no-hexadecimal", "g" + value[1:]),
                       ("umlaut", "\u00e4" + value[1:]), ("full-width", "".join(chr(ord(c) + 0xFEE0) for c in value)), ("flipped", f"{int(value, 16) ^ 1:064x}"),
                       ("reversed", value[::-1]), ("of-nothing", hashlib.sha256(b"").hexdigest()), ("of-manifest", log.signing.workshop.digest[7:]),
                       ("of-base64", hashlib.sha256(base_64(content).encode()).hexdigest()),
                       ("twice", hashlib.sha256(hashlib.sha256(content).digest()).hexdigest())):
        log.logged(f"value-{name}", "The hash is the payload's SHA-256 in hexadecimal.", "reject", None, changed(body, "spec.data.hash.value", text))
    encoded = base_64(log.signature)
    for name, text in (("line-feeds", "\n".join(encoded)), ("carriage-return", encoded + "\r\n")):
        log.logged(f"content-{name}", "The signature's Base64 may have line ends.", "accept", None, changed(body, "spec.signature.content", text))
        log.logged(f"content-key-{name}", "The key's Base64 may have line ends.", "accept", None,
                   changed(body, "spec.signature.publicKey.content", base_64(log.signer.pem()) + "\r\n"))
    for name, text in (("blank", encoded[:4] + " " + encoded[4:]), ("foreign-letter", "*" + encoded[1:]), ("letter-missing", encoded[1:]), ("hexadecimal", log.signature.hex()),
                       ("flipped", base_64(log.signature[:-1] + bytes([log.signature[-1] ^ 1]))), ("octet-behind", base_64(log.signature + b"\0")),
                       ("cut-off", base_64(log.signature[:-1])), ("empty", ""), ("of-base64", base_64(encoded.encode()))):
        log.logged(f"content-{name}", "The entry holds this signature's octets.", "reject", None, changed(body, "spec.signature.content", text))
    log.logged("content-as-numbers", "The signature is text, and no array of numbers.", "reject", None,
               changed(body, "spec.signature.content", list(log.signature)))
    log.logged("content-key-as-numbers", "The key is text, and no array of numbers.", "reject", None,
               changed(body, "spec.signature.publicKey.content", list(log.signer.pem())))
    for name, text in (("annotation-line-feeds", "\n".join(encoded)), ("annotation-line-feed-behind", encoded + "\n")):
        log.case(f"content-{name}", "Octets are compared, and not their Base64.", "accept", None, rekor.bundle(log.signing.log, log.promise()), signature=text)
    for name, text in (("annotation-blank", encoded + " "), ("annotation-empty", ""), ("annotation-noise", "!")):
        log.case(f"content-{name}", "Octets are compared, and not their Base64.", "reject", None, rekor.bundle(log.signing.log, log.promise()), signature=text)


def _body_keys(log):
    """The key in the body: one block of PEM whose octets are the signer's."""
    sound = log.signer.pem().decode()
    begin, *lines, end, _ = sound.split("\n")
    joined, info = "".join(lines), log.signer.spki()

    def case(name, about, verdict, text, code=MISMATCH):
        body = changed(log.body(), "spec.signature.publicKey.content", base_64(text if isinstance(text, bytes) else text.encode()))
        log.logged(f"key-{name}", about, verdict, code, body)

    for name, about, text in (
        ("usual", "The key as cosign writes it.", sound), ("no-line-feed", "The last line need not end.", sound.rstrip("\n")),
        ("carriage-returns", "Lines may end as on Windows.", sound.replace("\n", "\r\n")),
        ("one-line", "The body may be one line.", "\n".join([begin, joined, end, ""])), ("text-before", "Text before the block does not count.", "x\n" + sound),
        ("other-label", "The label does not count.", pem("CERTIFICATE", info)), ("unknown-label", "The label does not count.", pem("SOMETHING", info)),
        ("header", "Headers do not count.", "\n".join([begin, "a: b", "", *lines, end, ""])), ("end-with-blanks", "Blanks may follow the end.", sound.rstrip("\n") + " \t\n"),
        ("broken-block-before", "A broken block before it does not count.", begin + "\n*\n" + end + "\n" + sound),
        ("begin-before", "Half a block before it does not count.", begin + "\n" + sound),
    ):
        case(name, about, "accept", text)
    for name, about, text in (
        ("line-feed-behind", "Nothing follows the block, and be it a line feed.", sound + "\n"), ("blank-behind", "Nothing follows the block.", sound + " "),
        ("text-behind", "Nothing follows the block.", sound + "x"), ("twice", "There is one block.", sound + sound),
        ("other-behind", "There is one block.", sound + log.signing.stranger.pem().decode()), ("nul-behind", "Nothing follows the block.", sound + "\0"),
        ("empty", "There is a block.", ""), ("noise", "There is a block.", "noise"), ("der", "The key is PEM.", info), ("base64", "The key is PEM.", joined),
        ("no-end", "The block is whole.", "\n".join([begin, *lines])), ("no-begin", "The block is whole.", "\n".join([*lines, end])),
        ("end-of-other-label", "Both lines have the same label.", sound.replace("END PUBLIC", "END PRIVATE")),
    ):
        case(name, about, "reject", text, None)
    compressed = log.signer.spki(point=bytes([2 + (log.signer.material.point[1] & 1)]) + log.signer.point()[1:33])
    for name, about, text in (
        ("stranger", "The entry is about another key.", log.signing.stranger.pem()), ("log", "The entry is about the log's key.", log.signing.log.pem()),
        ("octet-behind-der", "The octets are the signer's and no more.", pem("PUBLIC KEY", info + b"\0")), ("cut-off", "The octets are all the signer's.", pem("PUBLIC KEY", info[:-1])),
        ("empty-block", "The octets are the signer's.", f"{begin}\n{end}\n"), ("compressed", "The octets are the signer's, and not another form.", pem("PUBLIC KEY", compressed)),
        ("point-only", "The octets are the signer's, and not the point alone.", pem("PUBLIC KEY", log.signer.point())),
        ("more-in-sequence", "The octets are the signer's, and not another form.",
         pem("PUBLIC KEY", der.sequence(log.signer.algorithm(), der.bit_string(log.signer.point()), der.null()))),
    ):
        case(name, about, "reject", text)


def _mismatches(log):
    """An entry of another signature: by another key, over another payload, or made another time."""
    signing, signer, content = log.signing, log.signer, log.content
    other = signing.payload(optional={"number": 2})
    r, s = signer.numbers(content)
    twin = ecdsa_value(r, signer.curve.n - s)
    halves = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    stranger_signature = signing.stranger.sign(content)

    def case(name, about, verdict, code, entry, **members):
        key, signature, over = entry
        log.case(f"mismatch-{name}", about, verdict, code, rekor.entry(signing.log, key.pem(), signature, over), **members)

    case("none", "An entry of this signature.", "accept", None, (signer, log.signature, content))
    for name, about, entry in (
        ("payload", "The entry is about another payload.", (signer, log.signature, other)),
        ("signature", "The entry is about another signature.", (signer, signer.sign(other), content)),
        ("payload-and-signature", "The entry is about another image's signature by the same signer.", (signer, signer.sign(other), other)),
        ("key", "The entry is about another key.", (signing.stranger, log.signature, content)),
        ("key-and-signature", "The entry is about a stranger's signature of the same payload.", (signing.stranger, stranger_signature, content)),
        ("all", "The entry is about a stranger's signature of another payload.", (signing.stranger, signing.stranger.sign(other), other)),
        ("twin", "The entry is about the other value for s.", (signer, twin, content)),
        ("halves", "The entry is about the same numbers, written otherwise.", (signer, halves, content)),
        ("empty-payload", "The entry is about an empty payload.", (signer, log.signature, b"")),
        ("payload-with-line-feed", "The entry is about a payload with a line feed more.", (signer, log.signature, content + b"\n")),
    ):
        case(name, about, "reject", MISMATCH, entry)
    case("twin-of-twin", "An entry of the other value for s, with that signature.", "accept", None, (signer, twin, content), signature=twin)
    case("halves-of-halves", "An entry of two halves, with that signature.", "accept", None, (signer, halves, content), signature=halves)
    # The log takes whatever it is told: that a signature is good is for us to see.
    case("bad-signature-logged", "An entry of a bad signature does not make it good.", "reject", "bad-signature", (signer, stranger_signature, content),
         signature=stranger_signature)
    case("noise-logged", "An entry of noise does not make it a signature.", "reject", "bad-signature", (signer, b"noise", content), signature=b"noise")
    case("empty-logged", "An entry of an empty signature does not make it one.", "reject", None, (signer, b"", content), signature=b"")
    case("bad-payload-logged", "An entry of another payload, with that payload, does not make the signature good.", "reject", "bad-signature",
         (signer, log.signature, other), content=other)
    case("stranger-logged", "An entry of a stranger's signature does not make the stranger trusted.", "reject", MISMATCH,
         (signing.stranger, stranger_signature, content), signature=stranger_signature)


def _keys(log):
    """Signers of each kind with an entry, and several of them: the entry says which one counts."""
    signing, content = log.signing, log.content
    own = signing.log_file

    def case(name, about, verdict, code, keys, entry_pem, signature, log_file=own):
        blob = cosign.blob(content, cosign.annotations(signature, rekor.entry(signing.log, entry_pem, signature, content)))
        signing.case(f"signer-{name}", about, verdict, code, sigstore_signed(keys, log_file), blob)

    every = kinds()
    for name, key in every.items():
        signature = key.sign(content)
        case(name, f"A signature by {name} with an entry.", "accept", None, key.pem(), key.pem(), signature)
        case(f"{name}-second", f"A signature by {name}, the second of two keys, with an entry.", "accept", None, [signing.signer.pem(), key.pem()], key.pem(), signature)
        case(f"{name}-first", f"A signature by {name}, the first of two keys, with an entry.", "accept", None, [key.pem(), signing.signer.pem()], key.pem(), signature)
        case(f"{name}-of-all", f"A signature by {name}, one of all kinds, with an entry.", "accept", None, [other.pem() for other in every.values()], key.pem(),
             signature)
        case(f"{name}-entry-of-other", f"A signature by {name}, with an entry of another key.", "reject", MISMATCH, key.pem(), signing.signer.pem(), signature)
        case(f"{name}-entry-of-other-trusted", "Only the key counts that the entry names, though the policy trusts the other one, too.", "reject", "bad-signature",
             [signing.signer.pem(), key.pem()], signing.signer.pem(), signature)
        case(f"{name}-entry-of-untrusted", "The entry names a key that the policy does not trust.", "reject", MISMATCH, [key.pem(), signing.signer.pem()],
             signing.stranger.pem(), signature)
    key = rsa(2048)
    signature = key.sign(content)
    odd = pem("PUBLIC KEY", key.spki(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null(), der.null())))
    long = pem("PUBLIC KEY", der.sequence(key.algorithm(), der.bit_string(key.pkcs1()), der.null()))
    case("pkcs1-entry-of-info", "A PKCS #1 key counts as the SubjectPublicKeyInfo that it is written as anew.", "accept", None, key.pkcs1_pem(), key.pem(), signature)
    case("pkcs1-entry-of-pkcs1", "A PKCS #1 key counts as SubjectPublicKeyInfo: an entry of PKCS #1 is of another.", "reject", MISMATCH, key.pkcs1_pem(),
         key.pkcs1_pem(), signature)
    case("info-entry-of-pkcs1", "An entry of PKCS #1 is not of SubjectPublicKeyInfo.", "reject", MISMATCH, key.pem(), key.pkcs1_pem(), signature)
    for name, text in (("odd-algorithm", odd), ("long", long)):
        case(f"{name}-entry-of-info", "A key is written anew: extra elements are gone.", "accept", None, text, key.pem(), signature)
        case(f"{name}-entry-of-same", "A key is written anew: an entry with extra elements is of another.", "reject", MISMATCH, text, text, signature)
    dsa = pem("PUBLIC KEY", der.sequence(der.sequence(der.oid("1.2.840.10040.4.1"), der.sequence(der.integer(23), der.integer(11), der.integer(4))),
                                         der.bit_string(der.integer(8))))
    x25519 = pem("PUBLIC KEY", der.sequence(der.sequence(der.oid("1.3.101.110")), der.bit_string(bytes(range(32)))))
    usual, own_pem = signing.signer.pem(), log.signature
    for name, octets in (("dsa", dsa), ("x25519", x25519)):
        case(f"{name}", f"A key of {name} verifies nothing, and its entry does not help.", "reject", None, octets, octets, own_pem)
        case(f"{name}-after-good", f"A key of {name} behind the one that the entry names is not looked at.", "accept", None, [usual, octets], usual, own_pem)
        case(f"{name}-before-good", f"A key of {name} before the one that the entry names.", BEFORE_GOOD[name], None, [octets, usual], usual, own_pem)
    small = rsa(768)
    case("small-rsa", "A key that is too small verifies nothing, and its entry does not help.", "reject", None, small.pem(), small.pem(), small.sign(content))
    case("small-rsa-before-good", "A key that is too small does not spoil a list.", "accept", None, [small.pem(), usual], usual, own_pem)
    case("twice", "The same key twice.", "accept", None, [usual, usual], usual, own_pem)
    case("noise-before-good", "What is no key spoils a list.", "reject", INVALID, [b"noise", usual], usual, own_pem)
    case("noise-after-good", "What is no key spoils a list before it is needed.", "reject", INVALID, [usual, b"noise"], usual, own_pem)


# A key of DSA cannot be written anew, and so refuses where it is met.
BEFORE_GOOD = {"dsa": "reject", "x25519": "accept"}
