"""Entries of Rekor in sigstore bundles: whose they are, when they were made, and what they are about."""

import bundles
import rekor
from bundled import ENTRY, MALFORMED, MISMATCH, NO_TIME, UNSUPPORTED, UNTRUSTED, Bundled, changed
from bundles import OLDER, entry
from clock import AT, SIGNED
from cosign import base_64
from public_keys import EcKey, ecdsa_value
from workshop import Suite
from x509 import pem


# The last second that calendars have.
LAST = 253402207200


def build(workshop):
    suite = Suite("sigstore-bundles-log")
    world = Bundled(workshop, suite)
    _logs(world)
    _promises(world)
    _times(world)
    _several(world)
    _kinds(world)
    _bodies(world)
    _mismatches(world)
    return suite


def _logs(world):
    """Whose an entry is."""
    good = world.envelope()
    world.keyed("sound", "An entry of the log, with promise and proof.", "accept", None, good)
    world.keyed("no-log", "Without logs in the policy, entries are not looked at.", "accept", None, good, logged=False)
    none = world.envelope(entries=[])
    world.keyed("none", "The policy demands an entry.", "reject", NO_TIME, none)
    world.keyed("none-not-demanded", "The policy demands none.", "accept", None, none, logged=False)
    world.keyed("entries-missing", "The policy demands an entry.", "reject", NO_TIME, changed(good, "verificationMaterial", "tlogEntries", without=True))
    strange = world.envelope(entries=lambda body: [entry(world.strange_log, body)])
    world.keyed("strange-log", "An entry of a log that nobody trusts.", "reject", UNTRUSTED, strange)
    world.keyed("strange-log-not-demanded", "Without logs in the policy, entries are not looked at.", "accept", None, strange, logged=False)
    world.keyed("strange-log-trusted", "The same, trusted.", "accept", None, strange, log=world.strange_log_file)
    world.keyed("two-logs-first", "One of two logs.", "accept", None, good, log=[world.log_file, world.strange_log_file])
    world.keyed("two-logs-second", "One of two logs.", "accept", None, strange, log=[world.log_file, world.strange_log_file])
    ours = base_64(bytes.fromhex(rekor.log_id(world.log)))
    theirs = base_64(bytes.fromhex(rekor.log_id(world.strange_log)))
    world.keyed("id-of-other", "An entry that says it is of another log.", "reject", UNTRUSTED, changed(good, *ENTRY, "logId", "keyId", to=theirs))
    world.keyed("id-of-other-trusted", "An entry that says it is of another trusted log.", "reject", UNTRUSTED, changed(good, *ENTRY, "logId", "keyId", to=theirs),
                log=[world.log_file, world.strange_log_file])
    world.keyed("id-of-ours", "An entry of a stranger that says it is of the log.", "reject", UNTRUSTED, changed(strange, *ENTRY, "logId", "keyId", to=ours))
    for name, value in (("empty", ""), ("cut", base_64(bytes.fromhex(rekor.log_id(world.log))[:31])), ("longer", base_64(bytes.fromhex(rekor.log_id(world.log)) + b"\0"))):
        world.keyed(f"id-{name}", "An id that is none.", "reject", UNTRUSTED, changed(good, *ENTRY, "logId", "keyId", to=value))
    for curve in ("nistp224", "nistp384", "nistp521"):
        log = EcKey(curve, "sigstore-log")
        file = world.workshop.write(f"keys/sigstore/log-{curve}.pub", log.pem())
        document = world.envelope(entries=lambda body, log=log: [entry(log, body)])
        world.keyed(f"log-on-{curve}", "A log with a key on another curve signs over SHA-256 all the same.", "accept", None, document, log=file)
    wide = EcKey("nistp384", "sigstore-log")
    by_sha384 = world.envelope(entries=lambda body: [_signed_by_sha384(wide, body)])
    world.keyed("log-on-nistp384-over-sha384", "A log signs over SHA-256.", "reject", UNTRUSTED, by_sha384, log=world.workshop.write("keys/sigstore/log-nistp384.pub", wide.pem()))


def _signed_by_sha384(log, body):
    document = entry(log, body)
    octets = rekor.compact(body).encode()
    promised = rekor.promise(log, octets)
    document["inclusionPromise"] = {"signedEntryTimestamp": base_64(log.sign(rekor.canonical(promised).encode(), "sha384"))}
    return document


def _promises(world):
    """What a log signs with a promise."""
    for name, members in (("other-index", {"logIndex": rekor.INDEX + 1}), ("other-time", {"integratedTime": SIGNED + 1}), ("other-id", {"logID": "00" * 32}),
                          ("other-body", {"body": base_64(b"{}")}), ("id-in-upper-case", {"logID": rekor.log_id(world.log).upper()})):
        world.keyed(f"promise-{name}", "The promise is of something else.", "reject", UNTRUSTED, world.envelope(signed=members))
    good = world.envelope()
    for name, path, value in (("index", ("logIndex",), str(rekor.INDEX + 1)), ("time", ("integratedTime",), str(SIGNED + 1))):
        world.keyed(f"changed-{name}", "What was promised was changed.", "reject", UNTRUSTED, changed(good, *ENTRY, *path, to=value))
    world.keyed("changed-time-older", "What was promised was changed.", "reject", UNTRUSTED, changed(good, *ENTRY, "integratedTime", to="1"))
    world.keyed("time-left-out", "What was promised was left out.", "reject", UNTRUSTED, changed(good, *ENTRY, "integratedTime", without=True))
    world.keyed("body-with-blank", "The body octet for octet.", "reject", UNTRUSTED,
                changed(good, *ENTRY, "canonicalizedBody", to=lambda old: base_64(bundles.decoded(old) + b" ")))
    signature = ("inclusionPromise", "signedEntryTimestamp")
    for name, change in (("empty", lambda old: b""), ("bent", lambda old: old[:-1] + bytes([old[-1] ^ 1])), ("trailing", lambda old: old + b"\0"), ("cut", lambda old: old[:-1])):
        world.keyed(f"promise-{name}", "A promise that is not signed.", "reject", UNTRUSTED,
                    changed(good, *ENTRY, *signature, to=lambda old, change=change: base_64(change(bundles.decoded(old)))))
    r, s = world.log.numbers(rekor.canonical(rekor.promise(world.log, bundles.decoded(good["verificationMaterial"]["tlogEntries"][0]["canonicalizedBody"]))).encode())
    halves = b"".join(number.to_bytes(32, "big") for number in (r, s))
    world.keyed("promise-as-halves", "A log signs in DER.", "reject", UNTRUSTED, changed(good, *ENTRY, *signature, to=base_64(halves)))
    world.keyed("promise-alone", "A promise without a proof, in version 0.1.", "accept", None, world.envelope(media_type=OLDER["0.1"], proven=False))
    world.keyed("promise-missing", "A proof without a promise has no time.", "reject", NO_TIME, world.envelope(promise=False))
    world.keyed("promise-missing-without-time", "A proof without a promise has no time.", "reject", NO_TIME, world.envelope(promise=False, time=None))
    world.keyed("promise-missing-not-demanded", "No log is demanded.", "accept", None, world.envelope(promise=False), logged=False)
    world.keyed("promise-null", "Null is as if it were not there.", "reject", NO_TIME, changed(good, *ENTRY, "inclusionPromise", to=None))
    for name, index in (("largest", (1 << 53) - 1), ("exact", 1 << 53)):
        world.keyed(f"index-{name}", "The largest number that a promise can be of.", "accept", None, world.envelope(index=index))
    world.keyed("index-not-exact", "A number that a promise cannot be of.", "reject", MALFORMED, world.envelope(index=(1 << 53) + 1))


def _times(world):
    """When an entry was made."""
    for name, time, at, code in (("now", AT, AT, None), ("a-second-ahead", AT + 1, AT, NO_TIME), ("long-ago", 1, AT, None), ("first", 0, AT, None),
                                 ("last", LAST, AT, NO_TIME), ("after-last", LAST + 1, AT, MALFORMED), ("distant", 1 << 52, AT, MALFORMED), ("before-clock", SIGNED, SIGNED, None),
                                 ("after-clock", SIGNED, SIGNED - 1, NO_TIME)):
        world.keyed(f"time-{name}", "An entry is not from the future.", "accept" if code is None else "reject", code, world.envelope(time=time), at=at)
    world.keyed("time-ahead-not-demanded", "No log is demanded.", "accept", None, world.envelope(time=AT + 1), logged=False)
    world.keyed("time-ahead-without-promise", "A time that nobody has signed does not count.", "reject", NO_TIME, world.envelope(time=AT + 1, promise=False))


def _several(world):
    """Several entries: all of trusted logs count."""
    def two(first, second, **members):
        return world.envelope(entries=lambda body: [first(body), second(body)], **members)

    good = lambda body: entry(world.log, body)
    later = lambda body: entry(world.log, body, time=SIGNED + 60, index=rekor.INDEX + 1)
    strange = lambda body: entry(world.strange_log, body)
    broken = lambda body: changed(entry(world.log, body), "logIndex", to="1")
    without_time = lambda body: entry(world.log, body, promise=False)
    future = lambda body: entry(world.log, body, time=AT + 1)
    other = lambda body: entry(world.log, bundles.dsse(world.signer.pem(), world.signer.sign(b"x"), b"x"))
    for name, about, verdict, code, first, second in (
        ("two", "Two entries of the log.", "accept", None, good, later),
        ("with-strange", "An entry of another log is passed over.", "accept", None, good, strange),
        ("strange-first", "An entry of another log is passed over.", "accept", None, strange, good),
        ("broken-second", "Each entry of the log has to be good.", "reject", UNTRUSTED, good, broken),
        ("broken-first", "Each entry of the log has to be good.", "reject", UNTRUSTED, broken, good),
        ("one-time", "One of them has a time.", "accept", None, without_time, good),
        ("one-time-first", "One of them has a time.", "accept", None, good, without_time),
        ("no-time", "None of them has a time.", "reject", NO_TIME, without_time, without_time),
        ("future-second", "None of them is from the future.", "reject", NO_TIME, good, future),
        ("other-second", "Each of them is about this signature.", "reject", MISMATCH, good, other),
        ("other-first", "Each of them is about this signature.", "reject", MISMATCH, other, good),
        ("both-strange", "Both of other logs.", "reject", UNTRUSTED, strange, strange),
    ):
        world.keyed(f"several-{name}", about, verdict, code, two(first, second))


def _kinds(world):
    """Which kinds of entries there are."""
    world.keyed("kind-intoto", "An envelope as it used to be recorded.", "accept", None, world.envelope(kind="intoto"))
    message = world.message()
    world.keyed("kind-hashedrekord", "A signature over the manifest.", "accept", None, message, bundles_setting="digest-suffices")
    payload = world.payload_of()
    signature = world.signer.sign(bundles.pre_authentication_encoding(bundles.IN_TOTO, payload))
    world.keyed("kind-hashedrekord-of-envelope", "A kind for other signatures.", "reject", UNSUPPORTED,
                world.envelope(payload, signature=signature, kind="hashedrekord"))
    for kind in ("dsse", "intoto"):
        document = world.message(entries=[entry(world.log, getattr(bundles, kind)(world.signer.pem(), world.signer.sign(world.workshop.manifest_bytes), world.workshop.manifest_bytes))])
        world.keyed(f"kind-{kind}-of-manifest", "A kind for other signatures.", "reject", UNSUPPORTED, document, bundles_setting="digest-suffices")
    for name, kind, version in (("rekord", "rekord", "0.0.1"), ("dsse-0-0-2", "dsse", "0.0.2"), ("intoto-0-0-1", "intoto", "0.0.1"), ("empty", "", ""), ("upper-case", "DSSE", "0.0.1"),
                                ("dsse-0-0-1-0", "dsse", "0.0.1.0"), ("hashedrekord-0-0-2", "hashedrekord", "0.0.2")):
        def relabelled(body, kind=kind, version=version):
            return [entry(world.log, body | {"kind": kind, "apiVersion": version})]
        world.keyed(f"kind-{name}", "A kind or a version that is not read.", "reject", UNSUPPORTED, world.envelope(entries=relabelled))
    good = world.envelope()
    world.keyed("kind-other-than-body", "The entry says another kind than its body.", "reject", MALFORMED,
                changed(good, *ENTRY, "kindVersion", to={"kind": "intoto", "version": "0.0.2"}))
    for name, change in (("kind", {"kind": "rekord"}), ("version", {"apiVersion": "0.0.2"})):
        octets = lambda body, change=change: rekor.compact(body | change).encode()
        world.keyed(f"body-of-other-{name}", "The body says another kind than the entry.", "reject", MALFORMED,
                    world.envelope(entries=lambda body, octets=octets: [entry(world.log, octets(body))]))
    second = world.envelope(entries=lambda body: [entry(world.strange_log, body | {"apiVersion": "0.0.2"}, promise=False, time=None)])
    world.keyed("rekor-2", "An entry of a log that signs no times.", "reject", UNSUPPORTED, second)
    # Logs of version 1 sign times, and have the same version of a kind.
    for name, kind, members in (("dsse-with-promise", "dsse", {}), ("intoto-without-promise", "intoto", {"promise": False})):
        of_stranger = world.envelope(kind=kind, entries=lambda body, members=members: [entry(world.strange_log, body | {"apiVersion": "0.0.2"}, **members)])
        world.keyed(f"rekor-1-of-stranger-{name}", "An entry of a log that is not trusted, and no newer one.", "reject", UNTRUSTED, of_stranger)


def _bodies(world):
    """What a body has to be."""
    def with_body(change, kind="dsse"):
        def entries(body):
            octets = change(body)
            if isinstance(octets, bytes):
                return [entry(world.log, octets, kindVersion={"kind": body["kind"], "version": body["apiVersion"]})]
            return [entry(world.log, octets)]
        return world.envelope(kind=kind, entries=entries)

    spec = lambda *path, to=None, without=False: lambda body: changed(body, "spec", *path, to=to, without=without)
    for name, change in (
        ("empty", lambda body: b""), ("array", lambda body: b"[]"), ("empty-object", lambda body: b"{}"), ("cut", lambda body: rekor.compact(body).encode()[:-1]),
        ("invalid-utf-8", lambda body: rekor.compact(body).encode().replace(b"dsse", b"ds\xffse", 1)),
        ("invalid-utf-8-unread", lambda body: rekor.compact(body).encode().replace(b'"spec":{', b'"spec":{"x":"\xff",', 1)),
        ("twice", lambda body: rekor.compact(body).encode().replace(b'"kind"', b'"kind":"dsse","kind"', 1)),
        ("spec-missing", lambda body: {name: value for name, value in body.items() if name != "spec"}), ("spec-null", lambda body: body | {"spec": None}),
        ("kind-in-upper-case", lambda body: rekor.compact(body).encode().replace(b'"kind"', b'"Kind"', 1)),
        ("signatures-missing", spec("signatures", without=True)), ("signatures-none", spec("signatures", to=[])),
        ("signatures-two", spec("signatures", to=lambda old: old * 2)), ("signature-missing", spec("signatures", 0, "signature", without=True)),
        ("signature-not-base64", spec("signatures", 0, "signature", to="*")), ("verifier-missing", spec("signatures", 0, "verifier", without=True)),
        ("verifier-not-base64", spec("signatures", 0, "verifier", to="*")), ("verifier-no-pem", spec("signatures", 0, "verifier", to=base_64(b"key"))),
        ("verifier-in-der", spec("signatures", 0, "verifier", to=base_64(world.signer.spki()))),
        ("verifier-twice", spec("signatures", 0, "verifier", to=base_64(world.signer.pem() * 2))),
        ("verifier-with-text-behind", spec("signatures", 0, "verifier", to=base_64(world.signer.pem() + b"\n"))),
        ("hash-missing", spec("payloadHash", without=True)), ("hash-without-value", spec("payloadHash", "value", without=True)),
        ("hash-without-algorithm", spec("payloadHash", "algorithm", without=True)), ("hash-number", spec("payloadHash", "value", to=1)),
    ):
        world.keyed(f"body-{name}", "A body that is none.", "reject", MALFORMED, with_body(change))
    for name, change in (("text-before-key", spec("signatures", 0, "verifier", to=base_64(b"key:\n" + world.signer.pem()))),
                         ("other-label", spec("signatures", 0, "verifier", to=base_64(pem("ANYTHING", world.signer.spki())))),
                         ("envelope-hash-other", spec("envelopeHash", "value", to="00" * 32)), ("envelope-hash-missing", spec("envelopeHash", without=True)),
                         ("more", lambda body: body | {"more": 1}), ("more-inside", spec("more", to=1))):
        world.keyed(f"body-{name}", "What of a body does not count.", "accept", None, with_body(change))
    for name, algorithm, value in (("sha512", "sha512", "00" * 64), ("sha1", "sha1", "00" * 20), ("upper-case", "SHA256", "00" * 32), ("empty", "", "")):
        world.keyed(f"body-hash-by-{name}", "A hash function that is not the payload's.", "reject", UNSUPPORTED,
                    with_body(spec("payloadHash", to={"algorithm": algorithm, "value": value})))
    inner = ("content", "envelope", "signatures")
    for name, change in (("signatures-none", spec(*inner, to=[])), ("signatures-two", spec(*inner, to=lambda old: old * 2)), ("sig-missing", spec(*inner, 0, "sig", without=True)),
                         ("sig-once", spec(*inner, 0, "sig", to=lambda old: bundles.decoded(old).decode())), ("key-missing", spec(*inner, 0, "publicKey", without=True)),
                         ("hash-missing", spec("content", "payloadHash", without=True))):
        world.keyed(f"body-intoto-{name}", "A body that is none.", "reject", MALFORMED, with_body(change, "intoto"))
    world.keyed("body-intoto-sig-not-base64", "A body that is none.", "reject", MALFORMED, with_body(spec(*inner, 0, "sig", to=base_64(b"*")), "intoto"))


def _mismatches(world):
    """What an entry is about: each part of it is compared."""
    strange, signer = world.stranger, world.signer
    payload, manifest = world.payload_of(), world.workshop.manifest_bytes
    message = bundles.pre_authentication_encoding(bundles.IN_TOTO, payload)
    first, second = signer.sign(message), _again(signer, message)
    for kind in ("dsse", "intoto"):
        make = getattr(bundles, kind)
        for part, body in (("key", make(strange.pem(), first, payload)), ("signature", make(signer.pem(), second, payload)), ("payload", make(signer.pem(), first, payload + b" "))):
            document = world.envelope(payload, signature=first, entries=[entry(world.log, body)])
            world.keyed(f"mismatch-{kind}-{part}", f"The entry is about another {part}.", "reject", MISMATCH, document)
            world.keyed(f"mismatch-{kind}-{part}-not-demanded", "No log is demanded.", "accept", None, document, logged=False)
        world.keyed(f"mismatch-{kind}-none", "Another good signature of the same.", "accept", None, world.envelope(payload, signature=second, kind=kind))
    first, second = signer.sign(manifest), _again(signer, manifest)
    for part, body in (("key", bundles.hashedrekord(strange.pem(), first, manifest)), ("signature", bundles.hashedrekord(signer.pem(), second, manifest)),
                       ("artifact", bundles.hashedrekord(signer.pem(), first, manifest + b" ")),
                       ("artifact-by-sha512", bundles.hashedrekord(signer.pem(), first, manifest + b" ", "sha512"))):
        document = world.message(signature=first, entries=[entry(world.log, body)])
        world.keyed(f"mismatch-hashedrekord-{part}", f"The entry is about another {part}.", "reject", MISMATCH, document, bundles_setting="digest-suffices")
    for algorithm in ("sha256", "sha384", "sha512"):
        world.keyed(f"hashedrekord-by-{algorithm}", "The hash of the artifact that the entry has.", "accept", None, world.message(algorithm=algorithm), bundles_setting="digest-suffices")
    upper = lambda body: changed(body, "spec", "payloadHash", "value", to=lambda old: old.upper())
    world.keyed("mismatch-hash-in-upper-case", "A log writes hashes in lower case.", "reject", MISMATCH, world.envelope(entries=lambda body: [entry(world.log, upper(body))]))
    world.keyed("mismatch-empty-signature", "The entry has no signature.", "reject", MISMATCH,
                world.envelope(entries=lambda body: [entry(world.log, changed(body, "spec", "signatures", 0, "signature", to=""))]))
    world.keyed("mismatch-empty-hash", "The entry has no hash.", "reject", MISMATCH,
                world.envelope(entries=lambda body: [entry(world.log, changed(body, "spec", "payloadHash", "value", to=""))]))
    both = [world.signer_file, world.stranger_file]
    stranger_files = world.envelope(key=strange)
    world.keyed("second-key", "The log says which of the keys it is.", "accept", None, stranger_files, key=both)
    world.keyed("second-key-recorded-first", "The log has recorded the other key.", "reject", "bad-signature",
                world.envelope(key=strange, recorded=signer.pem()), key=both)


def _again(key, message):
    """Another good signature of the same message: the other of the two values that are equally good."""
    r, s = key.numbers(message)
    return ecdsa_value(r, key.curve.n - s)
