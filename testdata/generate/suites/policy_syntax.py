"""Reading a policy: every requirement, sound and broken in each member; every level of the file."""

import json

from policy_text import broken_members, numbered, requirement_policy, text_with_duplicate
from workshop import ACCEPT_ANYTHING, REJECT, Suite, policy

KEY_DATA = "bm90IGEga2V5"
SIGNED_BY = {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/keys/release.gpg", "signedIdentity": {"type": "matchExact"}}
BASE_LAYER = {"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchRepository"}}

# Per requirement: its text, and per member what leaving it out gives, and what values of other kinds are sound.
REQUIREMENTS = {
    "insecure-accept-anything": (ACCEPT_ANYTHING, {"type": "error"}),
    "reject": (REJECT, {"type": "error"}),
    "signed-by": (SIGNED_BY, {"type": "error", "keyType": "error", "keyPath": "error", "signedIdentity": "accept"}),
    "signed-base-layer": (BASE_LAYER, {"type": "error", "baseLayerIdentity": "error"}),
}

IDENTITIES = {
    "match-exact": ({"type": "matchExact"}, {"type": "error"}),
    "match-repo-digest-or-exact": ({"type": "matchRepoDigestOrExact"}, {"type": "error"}),
    "match-repository": ({"type": "matchRepository"}, {"type": "error"}),
    "exact-reference": ({"type": "exactReference", "dockerReference": "registry.example/app/web:1"},
                        {"type": "error", "dockerReference": "error"}),
    "exact-repository": ({"type": "exactRepository", "dockerRepository": "registry.example/app/web"},
                         {"type": "error", "dockerRepository": "error"}),
    "remap-identity": ({"type": "remapIdentity", "prefix": "mirror.example", "signedPrefix": "registry.example"},
                       {"type": "error", "prefix": "error", "signedPrefix": "error"}),
}


def identity_policy(text):
    return requirement_policy(json.dumps(SIGNED_BY)[: -len('{"type": "matchExact"}}')] + text + "}")


def build(workshop):
    suite = Suite("policy-syntax")
    case = numbered(suite)
    _file(workshop, case)
    _lists(case)
    for label, (value, members) in REQUIREMENTS.items():
        broken_members(case, label, value, members, requirement_policy)
    _foreign_keys(case)
    _signed_by(case)
    for label, (value, members) in IDENTITIES.items():
        broken_members(case, label, value, members, identity_policy)
    _references(case)
    return suite


def _file(workshop, case):
    """The file as a whole."""
    sound = json.dumps(policy(REJECT))
    for name, about, verdict, text in (
        ("minimal", "A default is enough.", "accept", sound),
        ("white-space-around", "White space around the object does not matter.", "accept", f" \t\r\n{sound}\n\n"),
        ("empty", "An empty file is no policy.", "error", ""),
        ("white-space-only", "White space is no policy.", "error", " \n"),
        ("trailing-object", "Nothing may follow the object.", "error", sound + "{}"),
        ("trailing-text", "Nothing may follow the object.", "error", sound + " x"),
        ("trailing-brace", "Nothing may follow the object.", "error", sound + "}"),
        ("trailing-nul", "A NUL after the object is not white space.", "error", sound + "\0"),
        ("byte-order-mark", "A byte-order mark is not JSON.", "error", "\ufeff" + sound),
        ("truncated", "A file that ends early is no policy.", "error", sound[:-1]),
        ("comment", "JSON has no comments.", "error", "// comment\n" + sound),
        ("trailing-comma", "JSON has no trailing commas.", "error", '{"default": [{"type": "reject"},]}'),
        ("single-quotes", "JSON has no single quotes.", "error", "{'default': [{'type': 'reject'}]}"),
        ("array", "The file is an object, not an array.", "error", '[{"type": "reject"}]'),
        ("string", "The file is an object, not a string.", "error", '"reject"'),
        ("null", "The file is an object, not null.", "error", "null"),
        ("number", "The file is an object, not a number.", "error", "1"),
        ("no-default", "A default is required.", "error", '{"transports": {}}'),
        ("empty-object", "A default is required.", "error", "{}"),
        ("default-twice", "A duplicate key is an error.", "error", '{"default": [{"type": "reject"}], "default": [{"type": "reject"}]}'),
        ("default-twice-escaped", "Keys are compared after unescaping.", "error",
         '{"default": [{"type": "reject"}], "d\\u0065fault": [{"type": "insecureAcceptAnything"}]}'),
        ("default-escaped", "A key may be written with escapes.", "accept", '{"d\\u0065fault": [{"type": "r\\u0065ject"}]}'),
        ("default-capitalized", "Keys are case-sensitive.", "error", '{"Default": [{"type": "reject"}]}'),
        ("default-and-capitalized", "A key in another case is an unknown key, not a second default.", "error",
         '{"default": [{"type": "reject"}], "DEFAULT": [{"type": "insecureAcceptAnything"}]}'),
        ("unknown-key", "The file takes no unknown key.", "error", '{"default": [{"type": "reject"}], "defaults": []}'),
        ("comment-key", "Not even a comment is a key.", "error", '{"_comment": "x", "default": [{"type": "reject"}]}'),
        ("control-character", "A raw line break in a string is not JSON.", "error", '{"default": [{"type": "re\nject"}]}'),
        ("bad-escape", "An unknown escape is not JSON.", "error", '{"default": [{"type": "\\reject\\x"}]}'),
        ("type-last", "A requirement's type may stand anywhere in it.", "accept",
         '{"default": [{"keyPath": "/k", "keyType": "GPGKeys", "type": "signedBy"}]}'),
        ("type-twice-escaped", "A type that is written twice, once with escapes, is a duplicate.", "error",
         '{"default": [{"type": "reject", "\\u0074ype": "insecureAcceptAnything"}]}'),
    ):
        case(f"file-{name}", about, verdict, policy_text=text)
    rejects = '[{"type":"reject"}]'
    scopes = ",".join(f'"r{number}.example":{rejects}' for number in range(10))
    for name, scope in (("", "r3.example"), ("-escaped", "r3.ex\\u0061mple")):
        case(f"file-scope-twice-of-many{name}", "A duplicate key is an error among many, too.", "error",
             policy_text=f'{{"default":{rejects},"transports":{{"docker":{{{scopes},"{scope}":[{{"type":"insecureAcceptAnything"}}]}}}}}}')
    deep = ("[" * 10_001 + "]" * 10_001).encode()
    case("file-too-deep", "A file nested beyond every bound is an error, not a crash.", "error",
         policy_file=workshop.write("policies/too-deep.json", b'{"default": ' + deep + b"}"))
    case("file-invalid-utf-8", "Invalid UTF-8 outside strings is not JSON.", "error",
         policy_file=workshop.write("policies/invalid-utf-8.json", b'{"default": [{"type": "reject"}]\xff}'))
    scopes = b'{"default": [R], "transports": {"nonsense": {"\xff": [R], "\xfe": [R]}}}'.replace(b"R", json.dumps(REJECT).encode())
    case("file-scope-twice-by-invalid-utf-8", "Two scopes that only differ in invalid UTF-8 are the same key, or none.", "error",
         policy_file=workshop.write("policies/scope-twice-by-invalid-utf-8.json", scopes))
    case("file-utf-16", "A policy in UTF-16 is not JSON.", "error",
         policy_file=workshop.write("policies/utf-16.json", sound.encode("utf-16")))
    case("file-from-disk", "A policy can lie in a file of its own.", "accept",
         policy_file=workshop.write("policies/reject.json", sound.encode() + b"\n"))
    case("file-missing", "A policy file that is not there is an error.", "error", policy_file="policies/missing.json")


def _lists(case):
    """Transports, scopes and requirement lists."""
    for name, value in (("null", None), ("empty", []), ("object", {}), ("string", "reject"), ("number", 1), ("one-requirement", REJECT)):
        case(f"default-{name}", "The default is a non-empty array of requirements.", "error", policy={"default": value})
        case(f"scope-{name}", "A scope's value is a non-empty array of requirements.", "error",
             policy=policy(REJECT, transports={"docker": {"registry.example": value}}))
    for name, value in (("null", None), ("string", "reject"), ("number", 1), ("array", [REJECT]), ("empty", {}), ("boolean", False)):
        case(f"requirement-{name}", "A requirement is an object with a type.", "error", policy={"default": [value]})
        case(f"second-requirement-{name}", "One broken requirement spoils the list.", "error", policy={"default": [REJECT, value]})
    for name, value in (("null", None), ("string", "docker"), ("array", []), ("number", 0)):
        case(f"transports-{name}", "transports is an object.", "error", policy={"default": [REJECT], "transports": value})
        case(f"transport-{name}", "A transport's value is an object.", "error",
             policy={"default": [REJECT], "transports": {"docker": value}})
        case(f"unknown-transport-{name}", "The value of an unknown transport is an object as well.", "error",
             policy={"default": [REJECT], "transports": {"nonsense": value}})
    case("transports-empty", "No transports are sound.", "accept", policy=policy(REJECT, transports={}))
    case("transport-empty", "A transport without scopes is sound.", "accept", policy=policy(REJECT, transports={"docker": {}}))
    case("transport-unknown", "An unknown transport may have any scope.", "accept",
         policy=policy(REJECT, transports={"nonsense": {"": [REJECT], "any thing/../": [REJECT]}}))
    case("transport-unknown-broken", "Requirements under an unknown transport are still read.", "error",
         policy=policy(REJECT, transports={"nonsense": {"x": [{"type": "nonsense"}]}}))
    case("transport-unknown-empty-list", "A list under an unknown transport must not be empty either.", "error",
         policy=policy(REJECT, transports={"nonsense": {"x": []}}))
    case("transport-capitalized", "A transport in another case is an unknown one.", "accept",
         policy=policy(REJECT, transports={"Docker": {"x": [REJECT]}}))
    for name, text in (
        ("transports", '{"default": [R], "transports": {}, "transports": {}}'),
        ("transport", '{"default": [R], "transports": {"docker": {}, "docker": {}}}'),
        ("transport-escaped", '{"default": [R], "transports": {"docker": {}, "d\\u006fcker": {}}}'),
        ("scope", '{"default": [R], "transports": {"docker": {"a.example": [R], "a.example": [R]}}}'),
        ("scope-escaped", '{"default": [R], "transports": {"docker": {"a.example": [R], "a\\u002eexample": [R]}}}'),
        ("empty-scope", '{"default": [R], "transports": {"docker": {"": [R], "": [R]}}}'),
        ("unknown-transport-scope", '{"default": [R], "transports": {"nonsense": {"a": [R], "a": [R]}}}'),
    ):
        case(f"{name}-twice", "A duplicate key is an error at every level.", "error", policy_text=text.replace("R", json.dumps(REJECT)))
    case("scope-twice-by-surrogate", "Two scopes that only differ in lone surrogates are the same key, or none.", "error",
         policy_text='{"default": [R], "transports": {"nonsense": {"\\ud800": [R], "\\udfff": [R]}}}'.replace("R", json.dumps(REJECT)))
    case("two-requirements", "A list may hold several requirements.", "accept", policy=policy(REJECT, ACCEPT_ANYTHING, SIGNED_BY))
    case("same-requirement-twice", "The same requirement may stand twice.", "accept", policy=policy(REJECT, REJECT))


def _foreign_keys(case):
    """Keys that belong to another type, and types that there are not."""
    extra = {"keyType": "GPGKeys", "keyPath": "/k", "keyData": KEY_DATA, "signedIdentity": {"type": "matchExact"},
             "baseLayerIdentity": {"type": "matchExact"}, "rekorPublicKeyPath": "/k", "fulcio": {}, "prefix": "x"}
    for label, (value, members) in REQUIREMENTS.items():
        for member, inner in extra.items():
            if member not in members and not (label == "signed-by" and member == "keyData"):
                case(f"{label}-foreign-{member}", f"{member} is no key of {label}.", "error", policy=policy(value | {member: inner}))
    for name in ("nonsense", "Reject", "insecureAcceptAnyThing", "signedby", "sigstoresigned", " reject", "reject ", "accept"):
        slug = name.replace(" ", "space")
        case(f"type-{slug}-unknown", f"There is no requirement of type {name!r}.", "error", policy=policy({"type": name}))
    for name in ("matchexact", "MatchExact", "exact", "matchRepositoryOrExact", "prefix"):
        case(f"identity-type-{name}-unknown", f"There is no identity of type {name!r}.", "error",
             policy_text=identity_policy(json.dumps({"type": name})))
    for label, (value, members) in IDENTITIES.items():
        for member, inner in {"dockerReference": "a.example/b:1", "dockerRepository": "a.example/b", "prefix": "a.example"}.items():
            if member not in members:
                case(f"{label}-foreign-{member}", f"{member} is no key of {label}.", "error",
                     policy_text=identity_policy(json.dumps(value | {member: inner})))
    case("identity-string", "An identity is an object, not its type's name.", "error", policy_text=identity_policy('"matchExact"'))
    case("base-layer-identity-broken", "The identity of a base layer is read like any other.", "error",
         policy=policy({"type": "signedBaseLayer", "baseLayerIdentity": {"type": "nonsense"}}))


def _signed_by(case):
    """Key types and key sources of `signedBy`."""
    rest = {"type": "signedBy", "keyType": "GPGKeys"}
    for name in ("signedByGPGKeys", "X509Certificates", "signedByX509CAs", "GPGKeys"):
        case(f"key-type-{name}-known", f"The key type {name} reads.", "accept", policy=policy(rest | {"keyType": name, "keyPath": "/k"}))
    for name in ("gpgkeys", "GPGKEYS", "PGPKeys", "X509", "sigstore"):
        case(f"key-type-{name.lower()}{'-upper' if name.isupper() and name != 'X509' else ''}-unknown", f"There is no key type {name!r}.", "error",
             policy=policy(rest | {"keyType": name, "keyPath": "/k"}))
    sources = {"keyPath": "/k", "keyPaths": ["/k"], "keyData": KEY_DATA}
    for name, value in sources.items():
        case(f"source-{name}", f"{name} alone is a key source.", "accept", policy=policy(rest | {name: value}))
        for other, also in sources.items():
            if name < other:
                case(f"source-{name}-and-{other}", f"{name} and {other} are one source too many.", "error",
                     policy=policy(rest | {name: value, other: also}))
            if name != other:
                case(f"source-{name}-and-null-{other}", f"A {other} that is null is still there beside {name}.", "error",
                     policy=policy(rest | {name: value, other: None}))
    for name, value in sources.items():
        if name != "keyPath":
            case(f"source-{name}-twice", f"{name} twice is an error.", "error",
                 policy_text=requirement_policy(text_with_duplicate(rest | {name: value}, name)))
        if name != "keyPath":
            for kind, wrong in (("number", 1), ("boolean", True), ("object", {}), ("null", None)):
                case(f"source-{name}-{kind}", f"{name} must not be {json.dumps(wrong)}.", "error", policy=policy(rest | {name: wrong}))
    case("source-all-three", "Three key sources are two too many.", "error", policy=policy(rest | sources))
    case("source-none", "A key source is required.", "error", policy=policy(rest))
    case("key-paths-string", "keyPaths is an array.", "error", policy=policy(rest | {"keyPaths": "/k"}))
    case("key-paths-of-numbers", "keyPaths is an array of strings.", "error", policy=policy(rest | {"keyPaths": ["/k", 1]}))
    case("key-paths-empty", "No key paths read; the evaluation then finds no key.", "accept", policy=policy(rest | {"keyPaths": []}))
    case("key-paths-two", "keyPaths names several files.", "accept", policy=policy(rest | {"keyPaths": ["/k", "/l"]}))
    case("key-data-array", "keyData is Base64, not an array of octets.", "error", policy=policy(rest | {"keyData": [153, 1]}))
    case("key-data-empty", "Empty key data reads; the evaluation then finds no key.", "accept", policy=policy(rest | {"keyData": ""}))
    for name, value, verdict in (
        ("line-feed", "bm90\nIGEga2V5", "accept"),
        ("carriage-return", "bm90\r\nIGEga2V5\r\n", "accept"),
        ("space", "bm90 IGEga2V5", "error"),
        ("tab", "bm90\tIGEga2V5", "error"),
        ("without-padding", "bm90IGE", "error"),
        ("padding", "bm90IGE=", "accept"),
        ("padding-within", "bm8=IGE=", "error"),
        ("padding-twice", "bm90IGE==", "error"),
        ("trailing-bits", "bm90IGF=", "accept"),
        ("line-feed-within-padding", "bm90IA=\n=", "accept"),
        ("url-alphabet", "-_-_", "error"),
        ("standard-alphabet", "+/+/", "accept"),
        ("one-letter", "b", "error"),
        ("only-padding", "====", "error"),
        ("not-base64", "!!!!", "error"),
    ):
        case(f"key-data-{name}", f"Base64 with {name.replace('-', ' ')} in keyData.", verdict, policy=policy(rest | {"keyData": value}))


def _references(case):
    """References and prefixes inside identities."""
    long = "registry.example/" + "a" * 239
    digest = "sha256:" + "ab" * 32
    for name, reference, verdict in (
        ("tag", "registry.example/a:1", "accept"),
        ("digest", f"registry.example/a@{digest}", "accept"),
        ("tag-and-digest", f"registry.example/a:1@{digest}", "accept"),
        ("name-only", "registry.example/a", "error"),
        ("short", "busybox:1", "accept"),
        ("short-name-only", "busybox", "error"),
        ("upper-case", "registry.example/A:1", "error"),
        ("upper-case-host", "REGISTRY.example/a:1", "accept"),
        ("upper-case-tag", "registry.example/a:V1", "accept"),
        ("empty-tag", "registry.example/a:", "error"),
        ("bad-tag", "registry.example/a:-1", "error"),
        ("tag-of-128", "registry.example/a:" + "t" * 128, "accept"),
        ("tag-of-129", "registry.example/a:" + "t" * 129, "error"),
        ("short-digest", "registry.example/a@sha256:abcd", "error"),
        ("upper-case-digest", "registry.example/a@sha256:" + "AB" * 32, "error"),
        ("md5-digest", "registry.example/a@md5:" + "ab" * 16, "error"),
        ("sha512-digest", "registry.example/a@sha512:" + "ab" * 64, "accept"),
        ("transport", "docker://registry.example/a:1", "error"),
        ("white-space", " registry.example/a:1", "error"),
        ("hex-name", "ab" * 32, "error"),
        ("hex-name-tagged", "ab" * 32 + ":1", "accept"),
        ("host-only", "registry.example:5000", "accept"),
        ("trailing-slash", "registry.example/:1", "error"),
        ("double-slash", "registry.example//a:1", "error"),
        ("leading-slash", "/a:1", "error"),
        ("dot-dot", "registry.example/../a:1", "error"),
        ("empty", "", "error"),
        ("name-of-255", f"{long[:255]}:1", "accept"),
        ("name-of-256", f"{long}:1", "error"),
    ):
        identity = {"type": "exactReference", "dockerReference": reference}
        case(f"exact-reference-of-{name}", f"exactReference with {reference if len(reference) < 60 else name!r}.", verdict,
             policy_text=identity_policy(json.dumps(identity)))
    for name, repository, verdict in (
        ("name", "registry.example/a", "accept"),
        ("short", "busybox", "accept"),
        ("port", "registry.example:5000/a", "accept"),
        ("upper-case", "registry.example/A", "error"),
        ("hex-name", "ab" * 32, "error"),
        ("host-and-slash", "registry.example/", "error"),
        ("double-underscore", "registry.example/a__b", "accept"),
        ("triple-underscore", "registry.example/a___b", "error"),
        ("dashes", "registry.example/a---b", "accept"),
        ("double-dot", "registry.example/a..b", "error"),
        ("trailing-dash", "registry.example/a-", "error"),
        ("leading-dash-host", "-registry.example/a", "error"),
        ("localhost", "localhost/a", "accept"),
        ("space", "registry.example/a b", "error"),
        ("umlaut", "registry.example/\u00e4", "error"),
        ("empty", "", "error"),
    ):
        identity = {"type": "exactRepository", "dockerRepository": repository}
        case(f"exact-repository-of-{name}", f"exactRepository with {repository!r}.", verdict, policy_text=identity_policy(json.dumps(identity)))
    for name, prefix, verdict in (
        ("host", "mirror.example", "accept"),
        ("host-and-port", "mirror.example:5000", "accept"),
        ("namespace", "mirror.example/ns", "accept"),
        ("repository", "mirror.example/ns/repo", "accept"),
        ("localhost", "localhost", "accept"),
        ("docker-hub", "docker.io/library", "accept"),
        ("tag", "mirror.example/ns:1", "error"),
        ("digest", f"mirror.example/ns@{digest}", "error"),
        ("trailing-slash", "mirror.example/", "error"),
        ("upper-case-path", "mirror.example/NS", "error"),
        ("upper-case-host", "Mirror.example", "accept"),
        ("wildcard", "*.example", "error"),
        ("bare-word", "library", "accept"),
        ("two-words", "ns/repo", "accept"),
        ("empty-port", "mirror.example:", "error"),
        ("word-port", "mirror.example:http", "error"),
        ("leading-dash", "-mirror.example", "error"),
        ("trailing-dash", "mirror-.example", "error"),
        ("two-underscores", "mirror.example/a__b", "accept"),
        ("three-underscores", "mirror.example/a___b", "error"),
        ("dashes", "mirror.example/a--b", "accept"),
        ("slash", "/", "error"),
        ("scheme", "https://mirror.example", "error"),
    ):
        for member, other in (("prefix", "signedPrefix"), ("signedPrefix", "prefix")):
            identity = {"type": "remapIdentity", member: prefix, other: "registry.example"}
            case(f"remap-{member}-of-{name}", f"remapIdentity with the {member} {prefix if len(prefix) < 60 else name!r}.", verdict,
                 policy_text=identity_policy(json.dumps(identity)))
