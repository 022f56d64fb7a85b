"""Writes OpenPGP octet by octet: keys, certificates, signatures and messages, sound or odd, with nothing but the standard library."""
