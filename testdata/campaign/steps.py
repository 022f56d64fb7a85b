"""Words for the steps of a recipe: the packets of sound certificates and messages. `build.py` has the language."""

from clock import CREATED, DAY, SIGNED
from openpgp.packets import CERTIFICATION, CERTIFICATION_REVOCATION, DIRECT_KEY, KEY_REVOCATION, PRIMARY_KEY_BINDING, SUBKEY_BINDING, SUBKEY_REVOCATION

CERTIFY, SIGN, ENCRYPT = 1, 2, 12
SIGNATURE_TIME = SIGNED - CREATED

# A user attribute with a small image header, and one that holds none.
ATTRIBUTE = "1501100001" + "01" + "00" * 12 + "ffd8ff"
ODD_ATTRIBUTE = "0401aabbcc"


def key(role):
    return {"p": "key", "k": role}


def subkey(role):
    return {"p": "subkey", "k": role}


def uid(text):
    return {"p": "uid", "text": text}


def signature(kind, by, over, at, extra=(), fpr=True, issuer=True):
    """A signature step with the usual subpackets; extra: more hashed ones."""
    hashed = [["time", at], *extra] + ([["fpr", by]] if fpr else [])
    return {"p": "sig", "t": kind, "by": by, "over": over, "hashed": hashed, "unhashed": [["issuer", by]] if issuer else []}


def self_signature(primary, name, at=0, flags=CERTIFY | SIGN, extra=()):
    """name: "u:TEXT" or "a:HEX"."""
    flags = [] if flags is None else [["flags", flags]]
    return signature(CERTIFICATION, primary, [primary, name], at, [*flags, *extra])


def direct(primary, at=0, flags=CERTIFY | SIGN, extra=()):
    flags = [] if flags is None else [["flags", flags]]
    return signature(DIRECT_KEY, primary, [primary], at, [*flags, *extra])


def binding(primary, role, at=DAY, flags=SIGN, back=True, extra=()):
    """A subkey's binding; back: with a back signature."""
    flags = [] if flags is None else [["flags", flags]]
    embedded = [["embed", back_signature(primary, role, at)]] if back else []
    return signature(SUBKEY_BINDING, primary, [primary, role], at, [*flags, *extra, *embedded])


def back_signature(primary, role, at=DAY):
    step = signature(PRIMARY_KEY_BINDING, role, [primary, role], at, issuer=False)
    del step["p"]
    return step


def key_revocation(primary, by=None, at=9 * DAY, reason=0):
    return signature(KEY_REVOCATION, by or primary, [primary], at, [["reason", reason]])


def subkey_revocation(primary, role, by=None, at=9 * DAY, reason=0):
    return signature(SUBKEY_REVOCATION, by or primary, [primary, role], at, [["reason", reason]])


def uid_revocation(primary, name, by=None, at=9 * DAY, reason=0):
    return signature(CERTIFICATION_REVOCATION, by or primary, [primary, name], at, [["reason", reason]])


def data_signature(by, at=SIGNATURE_TIME, kind=0):
    return signature(kind, by, ["content"], at)
