"""Every key algorithm, sound and tampered."""

from clock import AT, EXPIRED, SIGNED
from openpgp.algorithms import ALGORITHMS
from openpgp.messages import message
from openpgp.packets import TEXT
from workshop import IMAGE, Suite, policy, signed_by

WEAK = ("rsa1024", "dsa1024")


def build(workshop):
    suite = Suite("algorithms")
    for name in ALGORITHMS:
        if name == "ed25519":
            certificate, key_file = workshop.signer, workshop.signer_file
        else:
            certificate = workshop.certificate(name, f"Signer with {name} <{name.lower()}@example.org>")
            key_file = workshop.write(f"keys/{name}.gpg", certificate.public())
        _cases(suite, workshop, name, certificate, key_file)
    _hashes(suite, workshop)
    return suite


def _cases(suite, workshop, name, certificate, key_file):
    """The same cases for each algorithm: good, tampered in each place, and about another image."""
    weak = name in WEAK
    common = {
        "policy": policy(signed_by(key_file)),
        "image": IMAGE,
        "manifest": workshop.manifest,
        "at": AT,
        "crypto_policy": "gnupg" if weak else None,
    }
    folder = f"algorithms/{name}"
    # brainpoolP512r1 and nistp521 want hashes as long as themselves: gpg picks them.
    good = workshop.gpg_signed(f"{folder}-good.gpg", certificate=certificate)
    octets = workshop.root.joinpath(good).read_bytes()
    suite.case(f"{name}-good", f"A {name} signature by gpg is accepted.", "accept", signatures=[good], **common)
    if weak:
        suite.case(f"{name}-weak", f"Keys of {name} are too weak for the standard policy.", "reject", "weak-algorithm",
                   signatures=[good], **(common | {"crypto_policy": "standard"}))
    armored = workshop.write(f"keys/{name}.asc", _exported(workshop, certificate))
    suite.case(f"{name}-armored-key", f"A {name} key in gpg's ASCII armor serves as well.", "accept",
               signatures=[good], **(common | {"policy": policy(signed_by(armored))}))
    content = workshop.payload()
    plain = message(certificate.primary, content, SIGNED)
    suite.case(f"{name}-uncompressed", f"An uncompressed one-pass message signed with {name} is accepted.", "accept",
               signatures=[workshop.blob(f"{folder}-uncompressed.sig", plain)], **common)
    flipped = plain[:-1] + bytes([plain[-1] ^ 1])
    suite.case(f"{name}-signature-value-tampered", f"One changed bit in the {name} signature value refuses.", "reject", "bad-signature",
               signatures=[workshop.blob(f"{folder}-value-tampered.sig", flipped)], **common)
    other = plain.replace(b"1.4.2", b"1.4.3")
    suite.case(f"{name}-content-tampered", f"Changed content under a {name} signature refuses.", "reject", "bad-signature",
               signatures=[workshop.blob(f"{folder}-content-tampered.sig", other)], **common)
    text = message(certificate.primary, content, SIGNED, kind=TEXT)
    suite.case(f"{name}-text-signature", f"A {name} signature of type text (0x01) counts as well.", "accept",
               signatures=[workshop.blob(f"{folder}-text.sig", text)], **common)
    cut = octets[: len(octets) // 2]
    suite.case(f"{name}-truncated", f"Half of a {name} signed message is no message.", "reject",
               signatures=[workshop.blob(f"{folder}-truncated.gpg", cut)], **common)
    suite.case(f"{name}-other-manifest", f"A sound {name} signature of another manifest refuses.", "reject", "digest-mismatch",
               signatures=[good], **(common | {"manifest": workshop.other_manifest}))
    suite.case(f"{name}-other-tag", f"A sound {name} signature of another tag refuses.", "reject", "identity-mismatch",
               signatures=[good], **(common | {"image": "docker://registry.example/app/web:1.4.3"}))
    suite.case(f"{name}-untrusted", f"A {name} signature by a key that the policy does not name refuses.", "reject", "unknown-key",
               signatures=[good], **(common | {"policy": policy(signed_by(workshop.stranger_file))}))
    # The same material and creation time give the same key: only the certificate differs.
    expired = workshop.certificate(name, f"Expired {name} <expired@example.org>", expires=EXPIRED)
    expired_file = workshop.write(f"keys/{name}-expired.gpg", expired.public())
    suite.case(f"{name}-expired-key", f"A {name} key that is expired now refuses, though it signed before.", "reject", "key-expired",
               signatures=[good], **(common | {"policy": policy(signed_by(expired_file))}))
    revoked = workshop.certificate(name, f"Revoked {name} <revoked@example.org>").revoke(EXPIRED, 1)
    revoked_file = workshop.write(f"keys/{name}-revoked.gpg", revoked.public())
    suite.case(f"{name}-revoked-key", f"A {name} key that was superseded after it signed refuses.", "reject", "key-revoked",
               signatures=[good], **(common | {"policy": policy(signed_by(revoked_file))}))


def _exported(workshop, certificate):
    return workshop.gpg.export(certificate, armor=True)


def _hashes(suite, workshop):
    """Every hash algorithm of data signatures, by an RSA key, which can be used with all of them."""
    rsa = workshop.certificate("rsa2048", "Signer with rsa2048 <rsa2048@example.org>")
    common = {"policy": policy(signed_by("keys/rsa2048.gpg")), "image": IMAGE, "manifest": workshop.manifest, "at": AT}
    for hash_name in ("sha224", "sha256", "sha384", "sha512"):
        blob = workshop.gpg_signed(f"algorithms/hash-{hash_name}.gpg", certificate=rsa,
                                   options=("--digest-algo", hash_name.upper()))
        suite.case(f"hash-{hash_name}", f"A data signature over {hash_name.upper()} by gpg is accepted.", "accept",
                   signatures=[blob], **common)
    for hash_name, options in (("sha1", ("SHA1",)), ("ripemd160", ("RIPEMD160",))):
        blob = workshop.gpg_signed(f"algorithms/hash-{hash_name}.gpg", certificate=rsa, options=("--digest-algo", *options))
        suite.case(f"hash-{hash_name}-standard", f"A data signature over {hash_name.upper()} is too weak for the standard policy.",
                   "reject", "weak-algorithm", signatures=[blob], **common)
        suite.case(f"hash-{hash_name}-gnupg", f"GnuPG takes a data signature over {hash_name.upper()}, and so does its policy.",
                   "accept", signatures=[blob], **common, crypto_policy="gnupg")
    md5 = workshop.blob("algorithms/hash-md5.sig", message(rsa.primary, workshop.payload(), SIGNED, hash_name="md5"))
    for crypto_policy in ("standard", "gnupg"):
        suite.case(f"hash-md5-{crypto_policy}", "A data signature over MD5 never counts.", "reject",
                   "weak-algorithm", signatures=[md5], **common, crypto_policy=crypto_policy)
    sha1 = workshop.certificate("rsa2048", "Self-signed with SHA-1 <sha1@example.org>", hash_name="sha1")
    sha1_file = workshop.write("keys/rsa2048-sha1-self-signature.gpg", sha1.public())
    good = "signatures/algorithms/rsa2048-good.gpg"
    suite.case("self-signature-sha1-gnupg", "GnuPG takes a SHA-1 self-signature, and so does its policy.", "accept",
               signatures=[good], **(common | {"policy": policy(signed_by(sha1_file))}), crypto_policy="gnupg")
    suite.case("self-signature-sha1-standard", "SHA-1 still binds a key under the standard policy: a second pre-image would be needed.",
               "accept", signatures=[good], **(common | {"policy": policy(signed_by(sha1_file))}))
    md5_key = workshop.certificate("rsa2048", "Self-signed with MD5 <md5@example.org>", hash_name="md5")
    md5_file = workshop.write("keys/rsa2048-md5-self-signature.gpg", md5_key.public())
    for crypto_policy in ("standard", "gnupg"):
        suite.case(f"self-signature-md5-{crypto_policy}", "A key bound by nothing but an MD5 self-signature never counts.", "reject",
                   signatures=[good], **(common | {"policy": policy(signed_by(md5_file))}), crypto_policy=crypto_policy)
