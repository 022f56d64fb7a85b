"""Assets in the form of sigstore-conformance (`test/assets/bundle-verify`), so that the runner of those is tested without them: a folder for each, whose
name ends in `_fail` if its bundle is to be refused."""

import hashlib
import json

import bundles
import rekor
from bundles import base_64, entry
from certificate_extensions import fulcio_issuer_v2, uri
from certified import MIDDLE, ROOT, STRANGER, signer
from clock import CREATED, SIGNED, rfc3339
from public_keys import EcKey
from x509 import pem

ARTIFACT = b"This is signed.\n"
IDENTITY, ISSUER = "https://ci.example/build.yml@refs/heads/main", "https://issuer.example"


def build(_workshop, folder):
    """Writes the assets."""
    log, key = EcKey("nistp256", "assets-log"), EcKey("nistp256", "assets-signer")
    leaf = signer(MIDDLE, uri(IDENTITY), extensions=(fulcio_issuer_v2(ISSUER),), begin=SIGNED - 60, end=SIGNED + 540)
    root = _trusted_root(log)
    by_leaf = lambda **members: _message(log, leaf.key, bundles.by_certificate(leaf.der), pem("CERTIFICATE", leaf.der), **members)
    by_key = _message(log, key, bundles.by_key(key), key.pem())
    text = bundles.statement(bundles.subject(f"sha256:{hashlib.sha256(ARTIFACT).hexdigest()}", "artifact"), predicate_type=bundles.PROVENANCE)
    payload = rekor.compact(text).encode()
    signature = leaf.key.sign(bundles.pre_authentication_encoding(bundles.IN_TOTO, payload))
    recorded = entry(log, bundles.dsse(pem("CERTIFICATE", leaf.der), signature, payload))
    attested = bundles.bundle(bundles.envelope(signature, payload), bundles.by_certificate(leaf.der), [recorded])
    by_other_key = _message(log, key, bundles.by_certificate(leaf.der), pem("CERTIFICATE", leaf.der))
    of_other_type = _of_type("application/json", log, leaf, payload)
    start = {"start": rfc3339(CREATED)}
    ended = start | {"end": rfc3339(SIGNED)}
    for name, bundle, members in (
        ("certificate", by_leaf(), {}),
        ("certificate-too-late_fail", by_leaf(time=SIGNED + 541), {}),
        ("other-identity_fail", by_leaf(), {"identity": "https://ci.example/other.yml"}),
        ("other-issuer_fail", by_leaf(), {"issuer": "https://other.example"}),
        ("other-artifact_fail", by_leaf(), {"artifact": ARTIFACT + b"\n"}),
        ("statement", attested, {}),
        ("statement-of-other-artifact_fail", attested, {"artifact": ARTIFACT + b"\n"}),
        ("statement-of-other-type_fail", of_other_type, {}),
        ("other-signature_fail", by_other_key, {}),
        ("key", by_key, {"key.pub": key.pem()}),
        ("key-of-stranger_fail", by_key, {"key.pub": EcKey("nistp256", "assets-stranger").pem()}),
        ("key-missing_fail", by_key, {}),
        ("no-promise_fail", by_leaf(promise=False), {}),
        ("no-json_fail", "{", {}),
        ("log-until-then", by_leaf(), {"trusted_root.json": _trusted_root(log, log_times=ended)}),
        ("log-until-before_fail", by_leaf(time=SIGNED + 1), {"trusted_root.json": _trusted_root(log, log_times=ended)}),
        ("log-from-then", by_leaf(), {"trusted_root.json": _trusted_root(log, log_times={"start": rfc3339(SIGNED)})}),
        ("log-from-after_fail", by_leaf(), {"trusted_root.json": _trusted_root(log, log_times={"start": rfc3339(SIGNED + 1)})}),
        ("log-without-start_fail", by_leaf(), {"trusted_root.json": _trusted_root(log, log_times={})}),
        ("authority-until-then", by_leaf(), {"trusted_root.json": _trusted_root(log, authority_times=ended)}),
        ("authority-until-before_fail", by_leaf(time=SIGNED + 1), {"trusted_root.json": _trusted_root(log, authority_times=ended)}),
        ("authority-from-then", by_leaf(), {"trusted_root.json": _trusted_root(log, authority_times={"start": rfc3339(SIGNED)})}),
        ("authority-from-after_fail", by_leaf(), {"trusted_root.json": _trusted_root(log, authority_times={"start": rfc3339(SIGNED + 1)})}),
        ("authority-without-start_fail", by_leaf(), {"trusted_root.json": _trusted_root(log, authority_times={"end": rfc3339(SIGNED)})}),
        ("other-log_fail", by_leaf(), {"trusted_root.json": _trusted_root(EcKey("nistp256", "assets-strange-log"))}),
        ("other-authority_fail", by_leaf(), {"trusted_root.json": _trusted_root(log, chain=[STRANGER])}),
    ):
        files = {"artifact": ARTIFACT, "identity": IDENTITY, "issuer": ISSUER, "trusted_root.json": root} | members
        _write(folder / name, files | {"bundle.sigstore.json": bundle if isinstance(bundle, str) else rekor.compact(bundle) + "\n"})


def _message(log, key, material, recorded, **members):
    """A bundle with a signature over the artifact."""
    signature = key.sign(ARTIFACT)
    return bundles.bundle(bundles.message(signature, ARTIFACT), material, [entry(log, bundles.hashedrekord(recorded, signature, ARTIFACT), **members)])


def _of_type(payload_type, log, leaf, payload):
    """A bundle with an envelope of this type, soundly signed."""
    signature = leaf.key.sign(bundles.pre_authentication_encoding(payload_type, payload))
    recorded = entry(log, bundles.dsse(pem("CERTIFICATE", leaf.der), signature, payload))
    return bundles.bundle(bundles.envelope(signature, payload, payload_type), bundles.by_certificate(leaf.der), [recorded])


def _trusted_root(log, log_times=None, authority_times=None, chain=(MIDDLE, ROOT)):
    """What is trusted, as sigstore writes it."""
    start = {"start": rfc3339(CREATED)}
    key = {"rawBytes": base_64(log.spki()), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": start if log_times is None else log_times}
    certificates = [{"rawBytes": base_64(one.der)} for one in chain]
    authority = {"subject": {"organization": "example", "commonName": "root"}, "uri": "https://authority.example", "certChain": {"certificates": certificates},
                 "validFor": start if authority_times is None else authority_times}
    document = {
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [{"baseUrl": "https://log.example", "hashAlgorithm": "SHA2_256", "publicKey": key, "logId": {"keyId": base_64(bytes.fromhex(rekor.log_id(log)))}}],
        "certificateAuthorities": [authority],
        "ctlogs": [],
        "timestampAuthorities": [],
    }
    return json.dumps(document, indent=1) + "\n"


def _write(folder, files):
    folder.mkdir(parents=True)
    for name, content in files.items():
        folder.joinpath(name).write_bytes(content if isinstance(content, bytes) else content.encode())
