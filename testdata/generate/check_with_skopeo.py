"""Asks the real skopeo, and so containers/image and gpgme, about every case that it can be asked about, and compares.

An image `docker://…` is served by a small registry on this machine: registries.conf sends its host there, so that policy,
scopes and identities see the name that the case says. Its signatures lie in lookaside storage. An image `dir:…` is put into
a temporary folder, whose path stands for the case's. `image: null` is answered by whether skopeo reads the policy.
gpgme finds our `gpgconf` first, which names our `gpg`, which adds the case's clock.

skopeo 1.9 knows less than the suite: cases with members that came later are passed over, and counted.
Takes optional words: only cases whose names contain one of them.
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import peers
from gpg import faked_time

# Members of requirements that containers/image 5.23 does not know yet, and a transport that Debian leaves out.
NEWER = re.compile(rb'"(keyPaths|keyDatas|fulcio|pki|rekorPublicKey\w+|atomic)"')

GPGCONF = """#!/bin/sh
{gpgconf} "$@" | sed 's,:{gpg}$,:{here}/gpg,; s,:{gpg}:,:{here}/gpg:,'
"""
GPG = """#!/bin/sh
exec {gpg} ${{CASE_TIME:+--faked-system-time "$CASE_TIME"}} "$@"
"""


class Registry(http.server.BaseHTTPRequestHandler):
    """Serves one manifest under every name."""

    manifest = b""

    def do_GET(self):
        if self.path == "/v2/":
            return self._answer(200, b"{}", "application/json")
        if "/manifests/" not in self.path:
            return self._answer(404, b"{}", "application/json")
        try:
            kind = json.loads(self.manifest).get("mediaType")
        except (ValueError, AttributeError):
            kind = None
        return self._answer(200, self.manifest, kind or "application/vnd.docker.distribution.manifest.v1+prettyjws")

    do_HEAD = do_GET

    def _answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Skopeo:
    """skopeo with a registry, a policy and a gpg of our own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        tools = self.folder / "bin"
        tools.mkdir()
        places = {"here": tools, "gpg": shutil.which("gpg"), "gpgconf": shutil.which("gpgconf")}
        for name, text in (("gpgconf", GPGCONF), ("gpg", GPG)):
            tools.joinpath(name).write_text(text.format(**places))
            tools.joinpath(name).chmod(0o755)
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(self.folder), "LC_ALL": "C", "TZ": "UTC",
                            # Nothing but our own registry is asked: the proxy is not there.
                            "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}

    def close(self):
        self.server.shutdown()

    def verdict(self, case):
        """(verdict, detail), or None where skopeo cannot be asked."""
        try:
            octets = peers.policy_text(case)
        except OSError:
            return None
        image = case.get("image")
        if NEWER.search(octets) or case.get("require_signed") or "@@" in (image or ""):
            return None
        if image is None:
            return self._run(octets, "dir:/nonexistent-source", case)
        if case["name"].startswith("image-names-"):
            return self._name(octets, case)
        if image.startswith("docker:"):
            return self._docker(octets, case)
        if image.startswith("dir:/") and "manifest" in case:
            return self._dir(octets, case)
        return None

    def _name(self, octets, case):
        """Only whether the name is one; neither a store nor a registry is there."""
        if case["image"].startswith(("atomic:", "containers-storage:")) or "\0" in case["image"]:
            return None
        verdict, detail = self._run(octets, case["image"], case)
        return "accept" if verdict == "reject" else verdict, detail

    def _blobs(self, case):
        return [peers.CONFORMANCE.joinpath(path) for path in case.get("signatures", [])]

    def _docker(self, octets, case):
        if any(not path.is_file() for path in self._blobs(case)):
            return None
        manifest = peers.CONFORMANCE / case["manifest"] if "manifest" in case else None
        if manifest is None or not manifest.exists():
            return None
        Registry.manifest = manifest.read_bytes()
        if b'"manifests"' in Registry.manifest:
            # skopeo would go on and judge an instance instead.
            return None
        location = f"127.0.0.1:{self.server.server_port}"
        name = case["image"].removeprefix("docker://")
        first = name.split("/")[0]
        host = first if "/" in name and ("." in first or ":" in first or first == "localhost") else "docker.io"
        host = "docker.io" if host == "index.docker.io" else host
        conf = self.folder / "registries.conf"
        conf.write_text(f'[[registry]]\nprefix = "{host}"\nlocation = "{location}"\ninsecure = true\n')
        lookaside = self.folder / "lookaside"
        shutil.rmtree(lookaside, ignore_errors=True)
        path = re.sub(r"(:[\w][\w.-]*)?(@.*)?$", "", name if host == "docker.io" and host not in name else name.partition("/")[2])
        if host == "docker.io" and "/" not in path:
            path = f"library/{path}"
        digest = "sha256:" + self._manifest_digest(Registry.manifest)
        if "@" in name:
            digest = name.partition("@")[2]
        target = lookaside / f"{path}@{digest.replace(':', '=')}"
        try:
            target.mkdir(parents=True)
        except OSError:
            pass
        for number, blob in enumerate(self._blobs(case), 1):
            target.joinpath(f"signature-{number}").write_bytes(blob.read_bytes())
        settings = self.folder / "registries.d"
        settings.mkdir(exist_ok=True)
        settings.joinpath("default.yaml").write_text(f"default-docker:\n  sigstore: file://{lookaside}\n")
        return self._run(octets, case["image"], case, "--registries-conf", conf)

    @staticmethod
    def _manifest_digest(manifest):
        """skopeo's own answer: for schema 1 it is not the digest of the octets."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(manifest)
            file.flush()
            done = subprocess.run(["skopeo", "manifest-digest", file.name], capture_output=True, check=False)
        return done.stdout.decode().strip().removeprefix("sha256:") or "0" * 64

    def _dir(self, octets, case):
        path = case["image"].removeprefix("dir:")
        if os.path.normpath(path) != path or path.startswith("//"):
            return None
        source = self.folder / "source"
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir()
        if not peers.CONFORMANCE.joinpath(case["manifest"]).exists() or not all(path.is_file() for path in self._blobs(case)):
            return None
        source.joinpath("manifest.json").write_bytes(peers.CONFORMANCE.joinpath(case["manifest"]).read_bytes())
        for number, blob in enumerate(self._blobs(case), 1):
            source.joinpath(f"signature-{number}").write_bytes(blob.read_bytes())
        # The temporary folder stands for the image's path, and its parents for the path's parents.
        text = octets.decode().replace(f'"{path}"', f'"{source}"')
        if os.path.dirname(path) != "/":
            text = text.replace(f'"{os.path.dirname(path)}"', f'"{self.folder}"')
        return self._run(text.encode(), f"dir:{source}", case)

    def _run(self, octets, source, case, *options):
        policy = self.folder / "policy.json"
        policy.write_bytes(octets)
        target = self.folder / "target"
        shutil.rmtree(target, ignore_errors=True)
        settings = self.folder / "registries.d"
        settings.mkdir(exist_ok=True)
        at = peers.moment(case)
        environment = self.environment | ({"CASE_TIME": faked_time(at)} if at is not None else {})
        # Key paths in policies are relative to the suite's folder.
        done = subprocess.run(
            ["skopeo", "--debug", "--policy", policy, "--registries.d", settings, *options, "copy", "--retry-times", "0", source, f"dir:{target}"],
            capture_output=True, env=environment, cwd=peers.CONFORMANCE, check=False, timeout=60,
        )
        log = done.stderr.decode(errors="replace")
        last = (log.strip().splitlines() or [""])[-1][-300:]
        if "loading trust policy" in log:
            return "error", last
        if case.get("image") is None:
            return "accept", last
        if "Invalid source name" in log:
            return "error", last
        if "Overall: allowed" in log:
            return "accept", last
        return "reject", last


def main(words):
    tally, passed_over = peers.Tally("skopeo"), 0
    print(subprocess.run(["skopeo", "--version"], capture_output=True, check=True).stdout.decode().strip())
    with tempfile.TemporaryDirectory(prefix="sigpolicy-") as folder:
        skopeo = Skopeo(folder)
        for case in peers.cases():
            if words and not any(word in case["name"] for word in words):
                continue
            answer = skopeo.verdict(case)
            if answer is None or case.get("crypto_policy") not in (None, "gnupg", "standard"):
                passed_over += 1
                continue
            verdict, detail = answer
            expected = case["expect"]["verdict"]
            if expected == "deny" and verdict in ("reject", "error"):
                expected = verdict
            tally.compare(case, expected, verdict, detail)
        skopeo.close()
    print(f"skopeo: {passed_over} cases passed over")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
