"""The key and the message with which the engines on GnuPG are tried out."""

from clock import CREATED, SIGNED
from openpgp.keys import Certificate, key


def build(workshop, folder):
    """Writes key.gpg and message.gpg into the folder."""
    signer = Certificate(key("rsa2048", CREATED), "Probe of containers-sigpolicy (trusted by nobody)")
    workshop.gpg.import_secret(signer, SIGNED)
    message = workshop.gpg.sign([signer.primary], b"containers-sigpolicy\n", SIGNED)
    folder.mkdir()
    folder.joinpath("key.gpg").write_bytes(signer.public())
    folder.joinpath("message.gpg").write_bytes(message)
