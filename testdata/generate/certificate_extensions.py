"""Extensions of certificates (RFC 5280, 4.2, and Fulcio's own): what is inside of each, and the frame around it."""

import ipaddress

import der

SUBJECT_KEY_ID, KEY_USAGE, SUBJECT_NAME, ISSUER_NAME, BASIC_CONSTRAINTS = "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.18", "2.5.29.19"
NAME_CONSTRAINTS, DISTRIBUTION_POINTS, POLICIES, POLICY_MAPPINGS = "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33"
AUTHORITY_KEY_ID, POLICY_CONSTRAINTS, EXTENDED_KEY_USAGE, INHIBIT_ANY_POLICY = "2.5.29.35", "2.5.29.36", "2.5.29.37", "2.5.29.54"
AUTHORITY_ACCESS = "1.3.6.1.5.5.7.1.1"
FULCIO_ISSUER, FULCIO_ISSUER_V2, FULCIO_BUILD_SIGNER = "1.3.6.1.4.1.57264.1.1", "1.3.6.1.4.1.57264.1.8", "1.3.6.1.4.1.57264.1.9"
UNKNOWN = "1.3.6.1.4.1.99999.1"

CODE_SIGNING, SERVER_AUTH, CLIENT_AUTH, TIME_STAMPING = "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.8"
EMAIL_PROTECTION, OCSP_SIGNING, ANY_USAGE = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.9", "2.5.29.37.0"
ANY_POLICY = "2.5.29.32.0"

# Bits of the key usage.
DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, KEY_CERT_SIGN, CRL_SIGN = 0, 2, 5, 6


def extension(dotted, value, critical=False, tail=b""):
    """An extension; critical: whether it is, or the element as it stands; tail: what follows its value."""
    flag = critical if isinstance(critical, bytes) else der.boolean() if critical else b""
    return der.sequence(der.oid(dotted), flag, der.octet_string(value), tail)


def basic_constraints(authority=True, path_length=None, critical=True):
    """What says that a certificate is an authority's."""
    parts = ([der.boolean()] if authority else []) + ([] if path_length is None else [der.integer(path_length)])
    return extension(BASIC_CONSTRAINTS, der.sequence(*parts), critical)


def key_usage(*bits, critical=True):
    return extension(KEY_USAGE, der.named_bits(*bits), critical)


def extended_key_usage(*purposes, critical=False):
    return extension(EXTENDED_KEY_USAGE, der.sequence(*map(der.oid, purposes)), critical)


def email(address):
    """A GeneralName: a mailbox."""
    return der.implicit(1, _octets(address))


def dns(host):
    return der.implicit(2, _octets(host))


def uri(text):
    return der.implicit(6, _octets(text))


def ip(address):
    """A GeneralName: an address, or in a constraint a network."""
    if "/" not in address:
        return der.implicit(7, ipaddress.ip_address(address).packed)
    network = ipaddress.ip_network(address, strict=False)
    return der.implicit(7, ipaddress.ip_address(address.split("/")[0]).packed + network.netmask.packed)


def other_name(text="somebody"):
    """A GeneralName of a type of somebody's own."""
    return der.context(0, der.oid("1.3.6.1.4.1.57264.1.7"), der.context(0, der.utf8(text)))


def directory_name(name):
    return der.context(4, name)


def registered_id(dotted="1.2.3.4"):
    return der.implicit(8, der.oid(dotted)[2:])


def subject_names(*names, critical=False):
    """The subject's alternative names."""
    return extension(SUBJECT_NAME, der.sequence(*names), critical)


def name_constraints(permitted=(), excluded=(), critical=True):
    """Each a list of GeneralNames; one that is empty is left out."""
    parts = [der.context(number, *map(der.sequence, names)) for number, names in enumerate((permitted, excluded)) if names]
    return extension(NAME_CONSTRAINTS, der.sequence(*parts), critical)


def subject_key_id(octets, critical=False):
    return extension(SUBJECT_KEY_ID, der.octet_string(octets), critical)


def authority_key_id(octets, critical=False):
    return extension(AUTHORITY_KEY_ID, der.sequence(der.implicit(0, octets)), critical)


def policies(*dotted, critical=False):
    return extension(POLICIES, der.sequence(*(der.sequence(der.oid(policy)) for policy in dotted)), critical)


def policy_mappings(*pairs, critical=True):
    return extension(POLICY_MAPPINGS, der.sequence(*(der.sequence(*map(der.oid, pair)) for pair in pairs)), critical)


def policy_constraints(explicit=None, mapping=None, critical=True):
    """After how many certificates a policy is required, and mapping is over."""
    parts = [der.implicit(number, der.number(value)) for number, value in enumerate((explicit, mapping)) if value is not None]
    return extension(POLICY_CONSTRAINTS, der.sequence(*parts), critical)


def inhibit_any_policy(skip, critical=True):
    return extension(INHIBIT_ANY_POLICY, der.integer(skip), critical)


def fulcio_issuer(text):
    """Who vouched for the signer: the older extension, which is the text itself."""
    return extension(FULCIO_ISSUER, _octets(text))


def fulcio_issuer_v2(text):
    """The same in DER."""
    return extension(FULCIO_ISSUER_V2, der.utf8(text))


def _octets(text):
    return text if isinstance(text, bytes) else text.encode()
