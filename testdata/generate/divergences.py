"""Where somebody answers otherwise than a case expects, and why that is right or cannot be helped.

`gpg` and `skopeo` are peers: `instead` is what they say, in this version (`gpg 2.2`) or in all. What gpg says, a skopeo on it may say, too.
Other names are engines of the library. Patterns name cases as in a shell; each must match.
"""

import fnmatch
import itertools
import json

from suites import copies
from workshop import CANNOT_CHECK

LINE_FEED = ("under a text signature, the versions of GnuPG hash a line feed of a literal that is no text differently; "
             "what can mean two things counts for nothing")

OWNERS_REVOCATION = "GnuPG passes over it; a revocation by the key's owner counts all the same"
COMPRESSED = "gpg 2.2 reads compressed key files, and gpg 2.4 does not; what can mean two things counts for nothing"
ZEROS = "gpg 2.4 takes no EdDSA signature whose integers begin with zeros, and gpg 2.2 does; it allows nothing, and what it forbids stays forbidden"

NOT_SELF_SIGNED = "gpg 2.4 as Debian builds it imports a key that has no user ID with a good self-signature; a key must vouch for itself"

READ_IN_PART = ("gpg reads a large armored block in pieces, gpg 2.2 in smaller ones than gpg 2.4, and has read some of them when it sees the damage; "
                "what can mean two things counts for nothing")

# GnuPG in any version, as Debian 12 has it, as its successors have it, and as Debian 13 alone has it; then the successors' skopeo.
GPG, OLDER, NEWER, DEBIAN_13 = ("gpg",), ("gpg 2.2",), ("gpg 2.4",), ("gpg 2.4.7",)
SKOPEO_NEWER = ("skopeo 1.18", "skopeo 1.22")

# The engines of the library that do without GnuPG: native by what calculates for it, RustCrypto or OpenSSL. Then those on RustCrypto.
IN_PROCESS = ("sequoia", "native", "native-openssl")
ON_RUST_CRYPTO = ("sequoia", "native")

# What a curve's signature can be recognized as only by who can compute on it.
UNSUPPORTED_CURVE_FORMS = ("good", "armored-key", "uncompressed", "*-tampered", "text-signature", "other-*", "expired-key", "revoked-key")

UNSUPPORTED_FORMS = ("alone", "beside-good", "beside-good-in-other-file", "signed-first-beside-bad", "signed-last-beside-bad", "subkey",
                     "primary-of-signing-subkey")
NO_CURVE = "sequoia's pure-Rust backend does not have secp256k1"
NO_BRAINPOOL = "neither sequoia's pure-Rust backend nor native on RustCrypto has the Brainpool curves"

NO_EXPONENT = "neither sequoia's pure-Rust backend nor native on RustCrypto has RSA keys with exponents above 33 bits"
NO_ORDER = "OpenSSL has DSA with orders of 160, 224 and 256 bits alone"
NO_LARGE_DSA = "each signature by such a key costs fifty milliseconds and more, and nobody makes one: GnuPG's largest has 3072 bits"
WHOLE = "gpg takes what it has read of a key where its file ends within the subpackets of a signature; a key file must be whole"

# Packets over which GnuPG 2.2 gives a file up, and over which 2.4 does, or ends.
GIVEN_UP_BY_OLDER = ("signature-version-5", "subkey-version-5", "secret-subkey-of-agent")
GIVEN_UP_BY_NEWER = ("signature-of-nothing", "signature-of-half-nothing", "subkey-of-nothing", "session-key-of-nothing", "attribute-of-nothing",
                     "secret-subkey-of-nothing", "secret-subkey-aead")
GIVEN_UP = "one of gpg 2.2 and 2.4 gives a key file up where the other reads on, or ends; what can mean two things counts for nothing"

NO_SIZE = "sequoia's pure-Rust backend has no RSA keys above 4096 bits"

# What Rekor records within `spec`: texts and objects that stand there twice.
TEXTS = [f"sigstore-log-body-spec-{path}" for path in ("data-hash-algorithm", "data-hash-value", "signature-content", "signature-publickey-content")]
OBJECTS = [f"sigstore-log-body-spec-{path}" for path in ("data", "data-hash", "signature", "signature-publickey")]
HALVES = [f"sigstore-log-body-spec-{path}-in-halves{order}" for path in ("data-hash", "signature") for order in ("", "-reversed")]
TWICE = ("containers/image 5.34 takes the last member of a name and then the names in the order of their octets, 5.39 adds objects up in the order that they "
         "have; what can mean two things counts for nothing, and no log writes it")
NUMBERS = "an accident of Go's decoder, which takes an array of numbers for octets"
SMALL_RSA = "containers/image leaves to Go which sizes of RSA are too small, and Go to how the program is built; nobody makes such a key"

# What Go reads of certificates, or lets them do, and where its releases differ: the one that refuses counts.
NEWER_GO = "the Go of containers/image 5.39 refuses it, and that of 5.34 does not; what can mean two things counts for nothing"
SUFFIX = "RFC 5280 has a host without a dot in front mean this host, and releases of Go its whole domain, too; the stricter meaning counts"

# Where the engines on GnuPG have the right verdict and another code: gpg says of a signature that binds or vouches for a key, and of a key of version 3,
# no more than that they do not count.
NOT_TOLD_BY_GNUPG = [
    "rfc9580-sha3-self-signature", "rfc9580-sha3-binding", "rfc9580-sha3-back-signature", "unsupported-self-signature-algorithm-20",
    "unsupported-binding-algorithm-20", "unsupported-key-version-3-alone", "unsupported-key-version-3-beside-good",
]

# Where a subkey may sign that stands in two copies of its key, or there twice.
BOUND_IN_COPIES = [f"copies-{form}-{first}-then-{second}"
                   for form, table in (("copies", copies.IN_TWO_COPIES), ("files", copies.IN_TWO_FILES), ("twice", copies.TWICE))
                   for (first, second), sign in zip(itertools.product(copies.STATES, repeat=2), table) if sign == "+"]

# Messages that only who knows version 6 can tell to be bad.
VERSION_6 = ["rfc9580-version-6", "rfc9580-version-6-sha3", "rfc9580-version-6-subkey",
             "rfc9580-version-6-direct-signature-only", "rfc9580-version-6-user-id-only"]
BAD_VERSION_6 = ["rfc9580-version-6-one-pass-other-salt", "rfc9580-version-6-one-pass-version-3",
                 "rfc9580-version-6-signs-as-version-4"]

# Messages by keys of RFC 9980, and those of them that nobody can tell to be bad who does not calculate with such keys.
POST_QUANTUM = ["post-quantum-*-good", "post-quantum-*-subkey"]
BAD_POST_QUANTUM = [f"post-quantum-*-{form}" for form in (
    "over-another-text", "half-changed", "last-octet-changed", "half-zeros", "half-of-another-text", "half-by-stranger", "halves-swapped",
    "first-half-as-ed25519", "back-signature-changed")]
DAMAGED_POST_QUANTUM = [f"post-quantum-*-{form}" for form in ("cut-off", "longer", "half-alone")]

# Statements of a key about itself, by how they name their maker: what a release does not take for the key's own says nothing to it.
FORBIDS = ("expires-key", "takes-right", "direct-expires-key", "direct-takes-right", "revokes-user-id", "expires-subkey", "takes-subkeys-right", "revokes-key",
           "revokes-subkey")
ALLOWS = ("only-self-signature", "only-binding", "gives-right", "direct-gives-right", "gives-subkeys-right")
NAMED_FOR_2_4 = ("fingerprint-only", "key-id-of-stranger", "fingerprint-of-version-5")
MAKER = ("gpg 2.2 takes who made a signature from the key ID alone, and gpg 2.4 from the hashed fingerprint first; "
         "what allows must allow for both, what forbids forbids for either")
TWICE = ("gpg 2.2 goes by the first of a subkey that stands there twice, and gpg 2.4 makes them one; "
         "what allows must allow for both, what forbids forbids for either")
UNDERSTOOD = "gpg 2.2 and 2.4 each understand a critical subpacket that the other does not; what allows must allow for both, what forbids forbids for either"
DOUBLE = ("gpg keeps one of several signatures with the same integers, and which one is a matter of the C library's sorting; "
          "each must allow what is to be allowed, and what one forbids is forbidden")
OF_NOBODY = ("gpg 2.2 does not take the certification for the key's own, and gpg 2.4 of Debian 13 goes by a copy whose user ID nobody has signed; "
             "gpg 2.4 as it is published imports neither copy")

TWO_WAYS = "containers/image takes a schema 1 manifest that lacks a part, or can be read in two ways; what can mean two things counts for nothing"

DIVERGENCES = [
    # who, patterns of cases, instead, why
    (GPG, ["algorithms-*-weak", "algorithms-hash-ripemd160-standard", "algorithms-hash-sha1-standard", "messages-version-3-sha1-standard",
             "signing-algorithms-weak-dsa-strong-hash", "signing-algorithms-weak-rsa-in-2012"],
     "accept", "GnuPG has no lower bound on key sizes and takes SHA-1 and RIPEMD-160 data signatures; the standard policy is stricter on purpose"),
    (["gpg"], ["signing-algorithms-weak-primary-key", "signing-algorithms-weak-subkey"], "accept", "GnuPG has no lower bound on key sizes"),
    (GPG, ["messages-time-a-second-ahead", "messages-time-future", "messages-version-3-future", "evaluation-clock-before-signature"], "accept",
     "GnuPG does not mind dates in the future; we do not trust what is not valid yet"),
    (GPG, ["messages-around-*-after-compressed", "messages-around-compressed-message-after"], "accept",
     "GnuPG passes over anything after a compressed packet of definite length; what is not signed does not belong into a signature"),
    (GPG, ["messages-around-noise-after-inside", "messages-around-message-after-inside", "messages-around-noise-in-definite-compressed"], "accept",
     "GnuPG passes over what follows the compressed data of a packet; what is not signed does not belong into a signature"),
    (GPG,
     ["messages-around-one-pass-after", "messages-around-type-*-after*", "messages-around-type-12-before", "messages-around-type-16-before",
      "messages-around-type-61-before"], "accept",
     "GnuPG passes over such packets; what is not signed does not belong into a signature"),
    ([*OLDER, "gnupg with gpg 2.2"], ["messages-issuer-fingerprint-of-stranger"], "accept",
     "gpg 2.2 looks for the key ID where no key has the fingerprint, and gpg 2.4 does not"),
    ([*OLDER, "gnupg with gpg 2.2"], ["critical-subpackets-unknown-notation"], "accept", "gpg 2.2 knows this notation, and gpg 2.4 does not"),
    ([*NEWER, "gnupg with gpg 2.4"], ["critical-subpackets-unknown-preferred-aead", "critical-subpackets-unknown-approved-certifications"], "accept",
     "gpg 2.4 knows this subpacket, and gpg 2.2 does not"),
    (["gpg"], ["messages-around-key-after"], "accept", "gpg imports the key and says that the signature before it is good; gpgme refuses"),
    (GPG, ["messages-count-nested-compressed"], "accept",
     "GnuPG passes over the outer signature; a message has exactly one signature"),
    (OLDER,
     ["messages-type-text-in-*-hashed-as-it-stands", "messages-type-text-in-binary-literal-old-style", "messages-type-text-in-binary-literal-version-3",
      "messages-type-text-with-line-feed-after-crlf"],
     "accept", LINE_FEED),
    (NEWER, ["messages-type-text-in-*-literal-hashed-as-crlf"], "accept", LINE_FEED),
    (["skopeo"], ["messages-compression-bomb"], "accept", "containers/image has no bound on the payload's size"),
    (GPG, VERSION_6, "reject", "GnuPG does not read keys of RFC 9580"),
    (GPG, POST_QUANTUM, "reject", "GnuPG does not read keys of RFC 9580"),
    (GPG, ["rfc9580-version-6-before-*", "rfc9580-version-6-after-*", "rfc9580-version-6-certifies", "post-quantum-*-beside-version-4"], "reject",
     "gpg gives a key file up where a version 6 signature stands in it, and good keys with it"),
    (NEWER, ["key-files-version-[69]-before-good*", "key-files-version-[69]-after-good*"], "reject",
     "gpg 2.4 gives a key file up where a key stands in it that it cannot read, and good keys with it"),
    (DEBIAN_13, ["key-files-unknown-algorithm-before-good"], "reject",
     "gpg 2.4.7 gives a key file up where a key of an unknown algorithm stands in it, and good keys with it"),
    (DEBIAN_13, ["algorithms-self-signature-md5-*", "keys-self-signature-by-another-key", "keys-self-signature-critical-*", "keys-self-signature-missing",
             "keys-self-signature-wrong", "rfc9580-sha3-self-signature", "subpackets-local", "unsupported-self-signature-algorithm-20"], "accept",
     NOT_SELF_SIGNED),
    # gpg itself ends with an error here, after it has called the signature good.
    (["skopeo 1.18"], ["signing-algorithms-*-self-signature-*"], "accept", NOT_SELF_SIGNED),
    (DEBIAN_13, ["key-files-armored-truncated"], "accept", "gpg 2.4 takes what it finds of a key before its armor is cut off; a key file must be whole"),
    ([*GPG, "gnupg"], ["rfc9580-sha3-revocation"], "accept", "GnuPG does not know SHA-3; a revocation by the key's owner counts all the same"),
    (["skopeo"], ["evaluation-lazy-digest", "image-names-docker-digest-sha384", "image-names-docker-digest-sha512"], "reject",
     "skopeo reads the manifest, which it is to copy, before it asks the policy"),
    (["skopeo"], ["schema1-payload-of-nothing"], "accept",
     "containers/image computes the digest over formatLength bytes and the formatTail, whatever else the manifest holds; we demand that they be all of it"),
    (["skopeo"], ["jws-jwk-capitals", "jws-header-missing", "jws-jwk-kelvin", "jws-alg-twice", "jws-key-rsa-without-modulus", "jws-protected-length-twice",
                  "jws-tail-of-half-a-manifest", "jws-tail-with-more", "jws-schema-version-*", "jws-media-type-twice", "jws-invalid-utf-8"], "accept",
     TWO_WAYS),
    (["sequoia"], [f"algorithms-secp256k1-{form}" for form in UNSUPPORTED_CURVE_FORMS], CANNOT_CHECK, NO_CURVE),
    (ON_RUST_CRYPTO, [f"algorithms-brainpoolp*-{form}" for form in UNSUPPORTED_CURVE_FORMS], CANNOT_CHECK, NO_BRAINPOOL),
    (["sequoia"], ["key-structure-shared-subkey-first-secp256k1"], CANNOT_CHECK, NO_CURVE),
    (["skopeo"], ["key-structure-shared-subkey-first-secp256k1"], "reject", "containers/image asks whose the subkey is, and takes no answer of several"),
    (["sequoia"], [f"unsupported-secp256k1-{form}" for form in UNSUPPORTED_FORMS], CANNOT_CHECK, NO_CURVE),
    (ON_RUST_CRYPTO, [f"unsupported-brainpoolp256r1-{form}" for form in UNSUPPORTED_FORMS], CANNOT_CHECK, NO_BRAINPOOL),
    (["sequoia"], [f"unsupported-rsa8192-{form}" for form in UNSUPPORTED_FORMS], CANNOT_CHECK, NO_SIZE),
    (GPG, ["unsupported-secp256k1-signed-*-of-two", "unsupported-brainpoolp256r1-signed-*-of-two"], "accept", NO_CURVE),
    (GPG, ["unsupported-rsa8192-signed-*-of-two"], "accept", NO_SIZE),
    (["gnupg"], NOT_TOLD_BY_GNUPG, "reject", "gpg does not tell what of a key it does not know, and calls the signature bad or the key none"),
    (["gnupg"], VERSION_6 + BAD_VERSION_6, CANNOT_CHECK, "GnuPG does not read version 6 (RFC 9580)"),
    (["gnupg"], [*POST_QUANTUM, *BAD_POST_QUANTUM, *DAMAGED_POST_QUANTUM, "post-quantum-ml-dsa-??-by-stranger"], CANNOT_CHECK,
     "GnuPG does not read version 6 (RFC 9580)"),
    (["native", "native-openssl"], [*POST_QUANTUM, *BAD_POST_QUANTUM], CANNOT_CHECK, "the mathematics of native has no ML-DSA (RFC 9980)"),
    (OLDER, ["key-files-compressed"], "accept", "gpg 2.2 reads compressed key files, and gpg 2.4 does not"),
    ([*GPG, "gnupg"], ["signature-packets-key-revocation-zero-length-subpacket-at-the-end", "key-structure-revocation-critical-unknown",
                        "key-structure-revocation-issuer-stranger", "key-structure-revocation-local", "key-structure-revocation-before-key"],
     "accept", OWNERS_REVOCATION),
    (["gpg", "gnupg"], ["key-structure-subkey-revocation-local", "key-structure-subkey-revocation-critical-unknown"], "accept", OWNERS_REVOCATION),
    ([*GPG, "gnupg"], ["revocations-issuer-none"], "accept", OWNERS_REVOCATION),
    (["gpg", "gnupg"], ["revocations-subkey-issuer-none"], "accept", OWNERS_REVOCATION),
    ([*OLDER, "gnupg with gpg 2.2"], ["revocations-behind-other-key"], "accept", OWNERS_REVOCATION),
    (["gpg 2.2", "gpg 2.4.9", "gnupg with gpg 2.2"], ["revocations-subkey-in-spoilt-copy"], "accept", OWNERS_REVOCATION),
    ([*GPG, "gnupg"], ["revocations-revoker-subkey"], "accept", "GnuPG passes over it; a revocation by an appointed revoker counts all the same"),
    (["gnupg"], ["self-signatures-only-of-attribute-right", "self-signatures-direct-beside-local-user-id"], "reject",
     "the engines on GnuPG take a key for good that has a user ID with a good self-signature, and no other"),
    (["gpg 2.4", "gnupg with gpg 2.4"], ["self-signatures-copies-subkey-prolonged"], "accept",
     "gpg 2.2 goes by the first of two copies of a subkey"),
    ([*DEBIAN_13, "gnupg with gpg 2.4"], ["self-signatures-copies-first-spoilt-with-subkey"], "accept", NOT_SELF_SIGNED),
    (DEBIAN_13, ["self-signatures-only-of-attribute-wrong", "self-signatures-version-3-wrong-*", "self-signatures-exportable-after-local",
             "self-signatures-unhashed-local", "self-signatures-issuer-none"], "accept", NOT_SELF_SIGNED),
    ([*NEWER, "gnupg with gpg 2.4"], ["self-signatures-issuer-fingerprint-only"], "accept",
     "gpg 2.4 takes the key ID from the fingerprint where a signature names only that, and gpg 2.2 does not"),
    ([*OLDER, "gnupg with gpg 2.2"], ["signature-packets-key-revocation-issuer-of-7-octets"], "accept", OWNERS_REVOCATION),
    ([*GPG, "gnupg"], ["key-structure-revoker-after-user-id", "key-structure-revoker-without-user-id"], "accept",
     "GnuPG passes over it; a revocation by an appointed revoker counts all the same"),
    (["gpg 2.2", "gnupg with gpg 2.2"], ["key-structure-subkey-twice-second-revoked", "key-structure-subkey-twice-second-encrypts"], "accept",
     "gpg 2.2 goes by the first of two copies of a subkey; what the key's owner takes away is taken away"),
    ([*DEBIAN_13, "gnupg with gpg 2.4"], ["key-structure-user-id-only-behind-bound-subkey"], "accept",
     "gpg 2.2 takes no right to sign from a user ID that stands behind a bound subkey"),
    (["gpg 2.4", "gnupg with gpg 2.4"], ["key-structure-subkey-twice-second-signs"], "accept", "gpg 2.2 goes by the first of two copies of a subkey"),
    (GPG, ["key-structure-shared-subkey-both", "key-structure-shared-subkey-two-files", "key-structure-shared-subkey-second-*",
           "key-structure-shared-subkey-first-secp256k1", "key-structure-shared-subkey-first-leading-zero"], "accept",
     "GnuPG goes by the first key that holds a subkey; containers/image asks whose it is, and takes no answer of several since it counts subkeys"),
    (["gpg 2.4"], ["key-structure-shared-subkey-first-encrypts"], "accept",
     "gpg 2.2 asks the first key that holds a subkey, whether it may sign for that or not"),
    (DEBIAN_13, ["signature-packets-only-self-signature-leading-zero", "signature-packets-only-self-signature-zero-length-subpacket-at-the-end",
             "signature-packets-only-self-signature-created-before-key-first",
             "key-structure-halves-user-id-and-signature", "key-structure-halves-signature-and-user-id", "key-structure-halves-two-copies",
             "key-structure-unreadable-user-id-too-long-before-self-signature"], "accept", NOT_SELF_SIGNED),
    (NEWER, ["signature-packets-key-revocation-leading-zero", "signature-packets-flags-taken-away-leading-zero"], "accept", ZEROS),
    (["gpg 2.4"], ["signature-packets-subkey-revocation-leading-zero", "signature-packets-binding-taken-away-leading-zero"], "accept", ZEROS),
    (NEWER, ["signature-packets-encryption-subkey-leading-zero-before-user-id"], "accept", ZEROS),
    (OLDER, ["signature-packets-data-leading-zero", "signature-packets-only-self-signature-leading-zero"], "accept", ZEROS),
    (["gpg 2.2"], ["signature-packets-only-binding-leading-zero"], "accept", ZEROS),
    (OLDER, ["messages-type-announced-as-text-with-line-feed"], "accept", "gpg 2.4 hashes by the type that is announced, and gpg 2.2 by the signature's own"),
    (["gpg 2.2", "gnupg with gpg 2.2"], ["signature-packets-back-signature-leading-zero"], "accept", ZEROS),
    (["gpg 2.2", "skopeo"], ["signature-packets-key-expiry-of-3-octets", "signature-packets-data-expiry-of-3-octets"], "accept",
     "gpg 2.4 says that the signature is good and then ends with an error, which containers/image does not see; a time that cannot be read is none"),
    (["gnupg"], ["signature-packets-foreign-revocation-leading-zero"], "reject",
     "the engines on GnuPG do not tell what an ambiguous signature of a key allows or forbids, and take the key for none"),
    (OLDER, ["signature-packets-data-fingerprint-of-version-5"], "accept", "gpg 2.4 knows fingerprints of version 5, and finds no such key"),
    (NEWER, ["key-structure-unreadable-signature-version-5-after-good", "key-structure-unreadable-signature-version-5-in-other-key"], "accept",
     "gpg 2.2 gives a key file up where a signature of version 5 stands in it, and gpg 2.4 reads it"),
    (NEWER, ["key-structure-compressed-revoked-copy-in-other-file"], "accept", COMPRESSED),
    (OLDER, ["key-structure-compressed-good-copy-after"], "accept", COMPRESSED),
    (["gpg 2.2"], ["key-structure-compressed-subkey"], "accept", COMPRESSED),
    (IN_PROCESS, ["key-structure-key-packet-leading-zero", "key-structure-key-packet-leading-zero-subkey"], "reject",
     "GnuPG takes a key's integers however they are written; here no octet of a key can be changed without changing the key"),
    ([*OLDER, "gnupg with gpg 2.2"], [*(f"copies-named-by-{name}-{what}" for name in NAMED_FOR_2_4 for what in FORBIDS),
                                      *(f"copies-named-by-fingerprint-of-stranger-{what}" for what in ALLOWS)], "accept", MAKER),
    ([*NEWER, "gnupg with gpg 2.4"], [*(f"copies-named-by-fingerprint-of-stranger-{what}" for what in FORBIDS),
                                      *(f"copies-named-by-{name}-{what}" for name in NAMED_FOR_2_4 for what in ALLOWS)], "accept", MAKER),
    ([*OLDER, "gnupg with gpg 2.2"], ["copies-twice-old-then-*newer-*", "copies-twice-old-then-revoked", "copies-twice-new-then-revoked"], "accept", TWICE),
    ([*NEWER, "gnupg with gpg 2.4"], ["copies-twice-old-encrypts-then-new"], "accept", TWICE),
    ([*GPG, "gnupg"], ["copies-named-by-fingerprint-unhashed-revokes-*key", "copies-named-by-nobody-revokes-*key", "revocations-subkey-critical",
      "revocations-subkey-in-copy-without-subkey"], "accept", OWNERS_REVOCATION),
    ([*OLDER, "gnupg with gpg 2.2"], ["revocations-in-other-file-of-version-5"], "accept", MAKER),
    ([*NEWER, "gnupg with gpg 2.4"], ["self-signatures-back-signature-critical-preferred-aead"], "accept", UNDERSTOOD),
    ([*OLDER, "gnupg with gpg 2.2"], ["key-structure-unreadable-key-empty-after-good"], "accept",
     "gpg 2.2 takes an empty key packet for a key of an unknown version, and gpg 2.4 does not"),
    ([*GPG, "gnupg"], ["copies-double-self-signature-*-first", "copies-double-altered-first", "copies-double-*expires-key-local",
                       "copies-double-*takes-right-local", "copies-double-direct-gives-right-local-first"], "accept", DOUBLE),
    ([*OLDER, "gnupg with gpg 2.2"], ["copies-of-nobody-alone"], "accept", MAKER),
    ([*NEWER, "gnupg with gpg 2.4"], ["copies-of-nobody-behind-good-expires-key"], "accept", MAKER),
    ([*OLDER, *DEBIAN_13, "gnupg with gpg 2.2"], ["copies-of-nobody-behind-unsigned", "copies-of-nobody-before-unsigned"], "accept", OF_NOBODY),
    (DEBIAN_13, ["copies-of-nobody-of-all-behind-unsigned"], "accept", NOT_SELF_SIGNED),
    ([*NEWER, "gnupg with gpg 2.4"], ["copies-double-self-signature-without-key-id", "copies-double-binding-without-key-id",
      "copies-double-self-signature-with*-user-id"], "accept", MAKER),
    (DEBIAN_13, ["copies-named-by-fingerprint-of-stranger-only-self-signature", "copies-named-by-fingerprint-unhashed-only-self-signature",
                 "copies-named-by-nobody-only-self-signature", "copies-double-self-signature-nobodys", "copies-double-self-signature-local",
                 "copies-moved-only-certification-before-user-id", "copies-secret-subkey-before-self-signature", "copies-secret-unread-subkey-before-self-signature",
                 "copies-shared-subkey-first-local", "copies-shared-subkey-first-behind-user-id",
                 "copies-shared-subkey-first-revoked-unbound"], "accept", NOT_SELF_SIGNED),
    ([*DEBIAN_13, "gnupg with gpg 2.4"], ["copies-user-id-behind-revoked-unbound-subkey", "copies-user-id-behind-local-subkey"], "accept", NOT_SELF_SIGNED),
    ([*GPG, "gnupg"], ["copies-user-id-behind-unbound-copy-*"], "accept",
     "gpg 2.4 as it is published makes the two one, before the user ID, which is lost then"),
    ([*OLDER, "gnupg with gpg 2.2"], ["copies-without-user-id-direct-signature-first", "copies-without-user-id-direct-signature-in-first-file"], "accept",
     "gpg 2.4 as Debian builds it keeps such a copy, and what it forbids"),
    ([*OLDER, "gnupg with gpg 2.2"],
     [f"copies-critical-{name}" for name in ("aead-takes-right", "aead-direct-takes-right", "aead-takes-subkeys-right", "pka-gives-right", "pka-only-binding")],
     "accept", UNDERSTOOD),
    ([*NEWER, "gnupg with gpg 2.4"],
     [f"copies-critical-{name}" for name in ("pka-takes-right", "pka-direct-takes-right", "pka-takes-subkeys-right", "aead-gives-right", "aead-only-binding")],
     "accept", UNDERSTOOD),
    (NEWER, ["copies-primary-as-subkey-before*"], "accept", "gpg 2.2 takes such a key for the subkey that it has already, and gpg 2.4 does not"),
    (GPG, ["copies-secret-damaged-subkey-first-in-other-file", "copies-empty-attribute-in-other-file"], "accept",
     "gpg ends over such a file, depending on what follows, and keeps what it has of others; no key counts beside a file that gpg may end over"),
    ([*GPG, "gnupg with gpg 2.2"], ["copies-shared-subkey-first-not-self-signed"], "accept",
     "gpg 2.2 names the second key, and gpg 2.4 of Debian 13 the first, which vouches for itself nowhere; what can mean two things counts for nothing"),
    ([*GPG, "gnupg"], ["copies-cut-off-second-copy"], "accept", WHOLE),
    (GPG, ["copies-version-5-in-second-copy"], "accept",
     "gpg 2.2 gives up a copy with a signature of version 5, and gpg 2.4 reads it; it may hold what forbids"),
    (NEWER, ["copies-secret-key-without-user-id-before"], "accept",
     "gpg looks for a secret key that it has imported, and gives the file up where it is not there; "
     "gpg 2.4 as Debian builds it keeps one without a good user ID"),
    ([*GPG, "gnupg"], ["copies-secret-key-before-copy-that-forbids*"], "accept",
     "without an agent, gpg reads a key file no further than its first secret key; with one, it reads on, and what forbids forbids then"),
    ([*GPG, "gnupg"], ["copies-secret-key-of-nobody-before-good-copy"], "accept",
     "where gpg gives up a secret key that it does not have, it reads one more key; what follows a secret key allows nothing, and forbids"),
    ([*GPG, "gnupg"], ["copies-secret-key-without-user-id-before-copy-that-forbids-in-first-file"], "accept",
     "behind a secret key that it does not import, GnuPG as it is published reads on, and as Debian builds it does not; what forbids forbids all the same"),
    ([*OLDER, "gnupg with gpg 2.2"], ["copies-secret-key-allowed-for-older-before-good-copy"], "accept", UNDERSTOOD),
    ([*OLDER, *DEBIAN_13, "gnupg with gpg 2.2"], ["copies-secret-key-signed-for-older-before-good-copy"], "accept",
     "gpg 2.4 as it is published imports nothing of such a secret key, and without an agent reads no further; as Debian 13 builds it, it keeps the key"),
    ([*NEWER, "gnupg with gpg 2.4"], ["copies-secret-key-signed-for-newer-before-good-copy"], "accept",
     "gpg 2.2 imports nothing of such a secret key, and reads no further"),
    ([*GPG, "gnupg"], ["copies-user-id-second-behind-revoked-unbound-subkey-expires-key", "copies-user-id-second-behind-revoked-unbound-subkey-takes-right"],
     "accept", "GnuPG as it is published drops a subkey that is only revoked, and goes by the user ID behind it; as Debian builds it, it keeps the subkey, "
     "and does not"),
    ([*OLDER, "gnupg with gpg 2.2"], ["copies-secret-subkey-before-public-one"], "accept",
     "gpg 2.4 makes a secret subkey and the public one behind it one, and drops it"),
    ([*GPG, "gnupg"], ["key-structure-halves-key-and-subkey"], "accept",
     "GnuPG as it is published drops a copy without a user ID, and as Debian builds it does not"),
    ([*NEWER], [f"damaged-packets-releases-{name}-{place}" for name in GIVEN_UP_BY_OLDER for place in ("last", "before-good")], "accept", GIVEN_UP),
    ([*OLDER], [f"damaged-packets-releases-{name}-{place}" for name in GIVEN_UP_BY_OLDER for place in ("before-revoked-copy", "revoked-in-other-file")],
     "accept", GIVEN_UP),
    ([*OLDER], [f"damaged-packets-releases-{name}-{place}" for name in GIVEN_UP_BY_NEWER for place in ("last", "before-good")], "accept", GIVEN_UP),
    ([*NEWER], [f"damaged-packets-releases-{name}-{place}" for name in GIVEN_UP_BY_NEWER for place in ("before-revoked-copy", "revoked-in-other-file")],
     "accept", GIVEN_UP),
    (GPG, ["damaged-packets-releases-*-copy-in-other-file", "damaged-packets-releases-signature-version-5-first-in-other-file"], "accept", GIVEN_UP),
    ([*NEWER], ["damaged-packets-aead-first"], "accept", "gpg 2.2 takes a key file that begins so for text"),
    (GPG, ["signature-values-back-signature-of-nothing-*-beside-good"], "accept", GIVEN_UP),
    (OLDER, ["signature-values-back-signature-of-nothing-older-*ashed"], "accept", GIVEN_UP),
    (["gpg 2.4"], ["signature-values-back-signature-cut-off-newer-*", "signature-values-back-signature-of-15-octets-*"], "reject",
     "gpg 2.4 says that the signature is good and then ends with an error, which containers/image does not see"),
    ([*OLDER, "gnupg with gpg 2.2"], ["signature-values-back-signature-version-5-newer-*"], "accept",
     "gpg 2.4 knows back signatures of version 5, and gpg 2.2 does not"),
    ([*GPG, "gnupg"], ["damaged-packets-cut-in-binding", "damaged-packets-cut-in-binding-armored", "damaged-packets-cut-in-expiry"], "accept", WHOLE),
    ([*DEBIAN_13], ["damaged-packets-cut-in-self-signature", "signature-values-*dsa-one-more-self-signature", "signature-values-dsa-nothing-self-signature"],
     "accept", NOT_SELF_SIGNED),
    (ON_RUST_CRYPTO, [f"signature-values-rsa-exponent-{bits}{form}" for bits in ("34-bits", "65-bits", "2000-bits") for form in ("", "-subkey")], CANNOT_CHECK,
     NO_EXPONENT),
    (IN_PROCESS, ["signature-values-dsa-4104", "signature-values-dsa-16384"], CANNOT_CHECK, NO_LARGE_DSA),
    (["native-openssl"], [f"signature-values-dsa-order-{bits}*" for bits in (168, 264, 512, 520)], CANNOT_CHECK, NO_ORDER),
    (["skopeo"], ["policy-syntax-key-data-array"], "accept", "an accident of Go's decoder, which takes an array of numbers for octets"),
    (["skopeo 1.9"], ["sigstore-source-key-path-null", "sigstore-source-key-path-empty", "sigstore-source-key-data-null",
                     "sigstore-sigstore-by-key-data-key-data-null"], "accept",
     "containers/image 5.23 took a key source for present whatever it holds; later versions count what is not empty"),
    (SKOPEO_NEWER, ["sigstore-*rekor-public-key-path-null", "sigstore-*rekor-public-key-path-empty", "sigstore-*rekor-public-key-data-null",
                    "sigstore-*rekor-public-key-data-empty"], "accept",
     "containers/image takes a Rekor key that is empty or null for none, and so drops the demand; a demand does not vanish by a slip"),
    (SKOPEO_NEWER, [f"{path}-{form}" for path in TEXTS for form in ("twice", "twice-upper", "last-right", "null-first")]
     + [f"{path}-{form}" for path in OBJECTS for form in ("twice", "twice-upper", "empty-first", "null-first", "upper-empty", "upper-whole")]
     + [f"{path}-upper" for path in HALVES], "accept", TWICE),
    (["skopeo 1.18"], [f"{path}-{form}" for path in TEXTS for form in ("first-number", "twice-upper-wrong")]
     + [f"{path}-{form}" for path in OBJECTS for form in ("array-first", "upper-null")], "accept", TWICE),
    (["skopeo 1.22"], [f"{path}-twice-upper-right" for path in TEXTS] + [f"{path}-then-empty" for path in OBJECTS] + HALVES, "accept", TWICE),
    (SKOPEO_NEWER, ["sigstore-attachments-member-payload-as-numbers", "sigstore-log-promise-body-as-numbers", "sigstore-log-members-signature-as-numbers"],
     "accept", NUMBERS),
    (["skopeo 1.22"], ["sigstore-log-content-as-numbers", "sigstore-log-content-key-as-numbers"], "accept", NUMBERS),
    (SKOPEO_NEWER, ["sigstore-log-promise-time-null", "sigstore-log-promise-index-null", "sigstore-log-promise-id-null"], "accept",
     "an accident of Go's decoder, which takes null for zero or for nothing; no log writes it"),
    (SKOPEO_NEWER, ["sigstore-keys-rsa-size-512", "sigstore-keys-rsa-size-768", "sigstore-keys-rsa-size-1016", "sigstore-keys-rsa-size-1022", "sigstore-keys-rsa-size-1023",
                    "sigstore-log-signer-small-rsa", "sigstore-certificate-keys-issuer-rsa1023-*"], "accept",
     SMALL_RSA),
    (SKOPEO_NEWER, ["sigstore-keys-rsa-size-1638[5-9]", "sigstore-keys-rsa-size-16392"], "accept",
     "a key larger than any that is made costs time and adds nothing: 16384 bits are the bound"),
    (SKOPEO_NEWER, ["sigstore-certificates-serial-negative-[cfl]*", "sigstore-certificates-serial-negative-root"], "accept",
     "RFC 5280 has serial numbers be positive; Go refuses others, but for programs that ask it for what it did in former releases"),
    (SKOPEO_NEWER, ["sigstore-certificates-time-*utc-offset-leaf", "sigstore-certificates-time-*utc-offset-root", "sigstore-certificates-time-utc-offset-chain",
                    "sigstore-certificates-time-utc-offset-fulcio", "sigstore-certificates-time-utc-offset-west-*",
                    "sigstore-certificates-time-utc-offset-without-seconds-*", "sigstore-certificates-time-generalized-offset-*"], "accept",
     "DER and RFC 5280 have times of certificates end with Z, and Go takes an offset; nobody makes such a certificate"),
    (SKOPEO_NEWER, ["sigstore-constraints-mailboxes-14-permitted", "sigstore-constraints-mailboxes-15-permitted", "sigstore-constraints-mailboxes-28-permitted",
                    "sigstore-constraints-uris-8-permitted", "sigstore-constraints-uris-9-permitted", "sigstore-constraints-of-both-permitted"], "accept",
     SUFFIX),
    (SKOPEO_NEWER, ["sigstore-constraints-own-name-of-*-fits-not-*"], "accept",
     "Go holds an authority's constraints against what is below it alone; one that breaks its own is not to be relied on"),
    (["skopeo 1.18"], ["sigstore-constraints-hosts-12-excluded", "sigstore-constraints-hosts-24-excluded", "sigstore-constraints-hosts-28-excluded",
                       "sigstore-constraints-unreadable-uri-*-hosts", "sigstore-constraints-unreadable-uri-*-mailboxes",
                       "sigstore-constraints-unreadable-uri-*-addresses", "sigstore-extension-values-basic-constraints-path-length-negative-*",
                       "sigstore-extension-values-basic-constraints-path-length-very-negative-*",
                       "sigstore-extension-values-name-constraints-bad-dns-dot-alone-*"], "accept", NEWER_GO),
    (["skopeo 1.22"], ["sigstore-constraints-bound-above"], "accept",
     "the Go of containers/image 5.34 has a bound on comparisons of names, and that of 5.39 has faster ones; here there is a bound"),
    (SKOPEO_NEWER, ["sigstore-signers-issuer-v2-t61", "sigstore-signers-issuer-v2-general", "sigstore-signers-issuer-v2-bmp", "sigstore-signers-issuer-v2-numeric"],
     "accept", "Go reads any type of string; Fulcio writes UTF8String, and the others have more than one meaning"),
    (SKOPEO_NEWER, ["sigstore-signers-address-17", "sigstore-signers-address-18"], "accept",
     "Go takes an address of IPv4 and the same within IPv6 for one, and not in all of its releases; two addresses are two"),
    (SKOPEO_NEWER, ["sigstore-times-log-year-1"], "accept", "Go takes the first second of the year 1 for no time, and so judges by now; the log's time is the time"),
    (SKOPEO_NEWER, ["sigstore-times-now-*-second-early"], "accept", "skopeo asks the machine's clock, by which the time has come since"),
    (SKOPEO_NEWER, ["sigstore-pki-by-*-ca-intermediates-*-null", "sigstore-pki-by-path-subject-*-null"], "accept",
     "containers/image takes a member of pki that is null for none; here null is never a value"),
    (["skopeo 1.9", "skopeo 1.18"], [
        "keys-subkey-rsa2048", "keys-subkey-nistp256", "keys-subkey-ed25519", "keys-subkey-flags-sign-and-authenticate",
        "keys-subkey-flags-absent", "keys-subkey-expiry-in-a-second", "keys-subkey-expiry-prolonged", "keys-subkey-revoked-by-another-key",
        "keys-subkey-revoked-bogus", "keys-subkey-revoked-by-itself", "keys-subkey-second-of-two", "keys-subkey-beside-decryption-subkey",
        "keys-back-signature-right", "keys-back-signature-unhashed", "keys-back-signature-sha1-*", "keys-subkey-binding-sha1-*",
        "subpackets-exportable-binding", "subpackets-back-signatures-right-newer", "signing-algorithms-rsa-3-subkey",
        "signature-packets-plain-subkey", "signature-packets-only-binding-zero-length-subpacket", "signature-packets-only-binding-created-before-key-again",
        "signature-packets-back-signature-created-before-key-again",
        "key-structure-subkey-twice-first-unbound", "key-structure-subkey-twice-newer-binding-expired-in-second-file",
        "key-structure-subkey-twice-newer-binding-local-in-second-file", "key-structure-same-second-binding-together-good-last",
        "key-structure-same-second-binding-elsewhere-bad", "key-structure-point-nistp256-uncompressed-subkey",
        "key-structure-secret-subkey-of-secret-key", "key-structure-secret-key-with-public-subkey", "key-structure-shared-subkey-first-unbound",
        "revocations-subkey-md5", "self-signatures-copies-second-adds-subkey",
        "self-signatures-back-signature-beside-other-type", "self-signatures-back-signature-equally-new-right-first", "self-signatures-back-signature-expired",
        "self-signatures-back-signature-critical", "unsupported-back-signature-algorithm-20", "key-structure-large-subkey-before-binding",
        "key-structure-reserved-*-before-binding",
        "damaged-packets-subkey-comment-before-binding", "signature-values-dsa-order-1[6][08]-subkey",
        "signature-values-dsa-order-256-subkey", "signature-values-dsa-order-264-subkey", "signature-values-dsa-order-512-subkey",
        "signature-values-dsa-order-1[6][08]-primary", "signature-values-dsa-order-256-primary", "signature-values-dsa-order-264-primary",
        "signature-values-dsa-order-512-primary", "signature-values-rsa-exponent-*-subkey", "signature-values-rsa-3-primary", "signature-values-rsa-3-subkey",
        "signature-values-back-signature-version-[34]-hashed", "signature-values-back-signature-version-[34]-unhashed",
        "signature-values-back-signature-version-2-newer-bad-*", "signature-values-back-signature-version-5-older-*",
        "signature-values-back-signature-version-5-as-new-*", "signature-values-back-signature-cut-off-newer-*",
        "signature-values-back-signature-of-15-octets-*",
        *BOUND_IN_COPIES, "copies-three-old-*", "copies-three-new-*",
        "copies-double-binding-same", "copies-named-by-fingerprint-unhashed-expires-subkey",
        "copies-named-by-fingerprint-unhashed-takes-subkeys-right", "copies-named-by-key-id-hashed-gives-subkeys-right",
        "copies-named-by-key-id-hashed-only-binding", "copies-named-by-key-id-only-gives-subkeys-right", "copies-named-by-key-id-only-only-binding",
        "copies-named-by-nobody-expires-subkey", "copies-named-by-nobody-takes-subkeys-right", "copies-primary-as-subkey-behind",
        "copies-primary-as-subkey-unbound-before", "copies-secret-subkey-behind-public-one", "copies-shared-subkey-first-unbound",
        "copies-shared-subkey-first-without-user-id", "copies-unknown-subkey-bound-behind", "copies-unknown-subkey-bound-in-second-copy",
        "copies-unknown-subkey-unbound-before", "signature-values-dsa-one-more-subkey-revocation",
        "signature-values-ecdsa-one-more-subkey-revocation", "signature-values-dsa-zeros-binding",
        "copies-moved-binding-before-subkey", "copies-moved-subkey-revocation*",
    ], "reject", "containers/image does not count signatures by subkeys in 5.34 and before, and does in 5.39"),
    (OLDER, ["armor-no-checksum-no-padding-*-faulty", "armor-no-checksum-no-padding-middle-before"], "reject",
     "without a checksum and padding, gpg 2.2 takes the letters of a block's last line for data; gpg 2.4 knows that line. "
     "RFC 9580 wants such armor read, and newer programs write it: "
     "Sequoia for keys of version 6"),
    (GPG, ["armor-damaged-large-first-file-behind", "armor-damaged-large-second-file-before"], "accept", READ_IN_PART),
    (OLDER,
     ["armor-damaged-large-*-faulty", "armor-damaged-large-middle-before", "armor-damaged-large-last-before", "armor-line-too-long-*-faulty",
      "armor-line-too-long-*-before"],
     "accept", READ_IN_PART),
    (GPG, ["armor-header-without-space-*-before", "armor-header-with-nul-*-before"], "accept",
     "gpg reads the damaged block as packets, by chance as one that is too long, at which it keeps what was before; a damaged block gives a file up"),
    (NEWER, ["armor-empty-middle-before", "armor-empty-last-before"], "accept",
     "gpg 2.4 takes an empty block without a checksum for the file's end; gpg 2.2 takes the letters of its last line for packets, and gives the file up"),
    (GPG, ["armor-binary-compressed-first-file-behind", "armor-binary-compressed-second-file-before"], "accept", COMPRESSED),
    (OLDER, ["armor-*-compressed-*-faulty", "armor-*-compressed-last-before"], "accept", COMPRESSED),
    ([*OLDER, "gnupg with gpg 2.2"], ["armor-*-user-id-too-large-*-faulty", "armor-*-user-id-too-large-first-behind"], "accept",
     "gpg 2.4 gives a key file up at a user ID of more than 2038 octets that it tries to read, and gpg 2.2 does not"),
    (NEWER,
     ["armor-armored-version-9-first-behind", "armor-armored-version-9-last-before", "armor-binary-version-9-first-behind",
      "armor-binary-version-9-last-before"], "reject",
     "gpg 2.4 gives a key file up where a key stands in it that it cannot read, and good keys with it"),
    (DEBIAN_13, ["armor-*-algorithm-99-first-behind"], "reject",
     "gpg 2.4.7 gives a key file up where a key of an unknown algorithm stands in it, and good keys with it"),
    (DEBIAN_13, ["armor-cut-off-last-faulty", "armor-cut-off-*-file-faulty", "armor-*-not-self-signed-*-faulty", "armor-*-bad-self-signature-*-faulty"],
     "accept", NOT_SELF_SIGNED),
]


def entries(names):
    """The entries of `divergences.json` for a suite with these case names: one for each reason."""
    merged = {}
    for engines, patterns, instead, why in DIVERGENCES:
        cases = merged.setdefault((tuple(engines), instead, why), [])
        for pattern in patterns:
            matches = fnmatch.filter(sorted(names), pattern)
            if not matches:
                raise ValueError(f"divergences.py: no case is called {pattern}")
            cases += [case for case in matches if case not in cases]
    return [{"engine": _alone(engines), "case": _alone(cases), "instead": instead, "why": why} for (engines, instead, why), cases in merged.items()]


def text(names):
    """The file: an entry is a block, a member is a line."""
    blocks = []
    for entry in entries(names):
        lines = [f"   {json.dumps(member)}: {_lines(value)}" for member, value in entry.items()]
        blocks.append("  {\n" + ",\n".join(lines) + "\n  }")
    return '{\n "divergences": [\n' + ",\n".join(blocks) + "\n ]\n}\n"


def _alone(names):
    """A list of one as its element."""
    return names[0] if len(names) == 1 else list(names)


def _lines(value):
    """JSON, a long list over several lines."""
    short = json.dumps(value)
    return short if len(short) < 100 else "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n   ]" if isinstance(value, list) else short
