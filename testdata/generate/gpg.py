"""Drives the real gpg, in a home directory of its own, at a fixed time."""

import os
import pathlib
import subprocess
import tempfile
import time


def faked_time(seconds):
    """What `--faked-system-time` wants, with a clock that stands still."""
    return time.strftime("%Y%m%dT%H%M%S!", time.gmtime(seconds))


class Gpg:
    """gpg with the secret keys that were imported into it. Use as a context manager: it ends its agent and removes its home."""

    def __enter__(self):
        # The agent's socket lives in it, and its path must stay short.
        self._folder = tempfile.TemporaryDirectory(prefix="gpg-")
        self.home = pathlib.Path(self._folder.name)
        self.home.joinpath("gpg.conf").write_text("")
        return self

    def __exit__(self, *_):
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"], check=False, capture_output=True)
        self._folder.cleanup()

    def run(self, *arguments, stdin=b"", at=None, check=True):
        """Runs gpg and returns the finished process."""
        command = ["gpg", "--homedir", self.home, "--batch", "--no-tty", "--quiet", "--no-auto-check-trustdb", "--always-trust"]
        command += ["--pinentry-mode", "loopback", "--passphrase", ""]
        if at is not None:
            command += ["--faked-system-time", faked_time(at)]
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        done = subprocess.run([*command, *arguments], input=stdin, capture_output=True, env=environment, check=False)
        if check and done.returncode:
            raise RuntimeError(f"gpg {' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace')}")
        return done

    def import_secret(self, certificate, at):
        """Imports a certificate with its unprotected secret keys."""
        self.run("--import", stdin=certificate.secret(), at=at)

    def export(self, certificate, armor=False):
        """The certificate as gpg writes it into a key file."""
        options = ["--armor"] if armor else []
        return self.run(*options, "--export", certificate.primary.fingerprint.hex()).stdout

    def sign(self, keys, content, at, *options):
        """`gpg --sign` as podman and skopeo use it; `options` may say otherwise."""
        users = [argument for key in keys for argument in ("--local-user", key.fingerprint.hex() + "!")]
        mode = [] if any(option in ("--detach-sign", "--clearsign") for option in options) else ["--sign"]
        return self.run(*users, *options, *mode, stdin=content, at=at).stdout
