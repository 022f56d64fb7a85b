"""Which requirements of a policy an image gets: scopes, their order, and their syntax per transport."""

from workshop import ACCEPT_ANYTHING, REJECT, Suite, policy

DIGEST = "sha256:" + "ab" * 32
HEX = "cd" * 32
STORE = "overlay@/nonexistent-store"


def build(workshop):
    suite = Suite("scopes")

    def applies(name, image, scope, yes, about=None):
        """Two cases: does the scope apply to the image? Once it accepts and the default rejects, once the other way round."""
        transport = image.partition(":")[0]
        verb = "covers" if yes else "does not cover"
        about = about or f"The scope {scope!r} {verb} {image}."
        common = {"image": image, "manifest": workshop.manifest}
        suite.case(f"{name}-accepts", about, "accept" if yes else "reject", None if yes else "rejected-by-policy",
                   policy=policy(REJECT, transports={transport: {scope: [ACCEPT_ANYTHING]}}), **common)
        suite.case(f"{name}-rejects", about, "reject" if yes else "accept", "rejected-by-policy" if yes else None,
                   policy=policy(ACCEPT_ANYTHING, transports={transport: {scope: [REJECT]}}), **common)

    def wins(name, image, scopes, about):
        """Of these scopes the first wins: it accepts, all others and the default reject; then the other way round."""
        transport = image.partition(":")[0]
        first, *others = scopes
        for label, here, elsewhere, verdict in (("accepts", ACCEPT_ANYTHING, REJECT, "accept"), ("rejects", REJECT, ACCEPT_ANYTHING, "reject")):
            # The winner stands last: the order in the file does not matter.
            entries = {scope: [elsewhere] for scope in others} | {first: [here]}
            suite.case(f"{name}-{label}", about, verdict, None if verdict == "accept" else "rejected-by-policy",
                       policy=policy(elsewhere, transports={transport: entries}), image=image, manifest=workshop.manifest)

    _docker(applies, wins, workshop.digest)
    _docker_short(applies)
    _transports(workshop, suite)
    _paths(applies, wins)
    _storage(applies, wins)
    _others(applies)
    _syntax(suite)
    return suite


def _docker(applies, wins, digest):
    """Scopes of docker://."""
    image = "docker://registry.example/app/web:1.4.2"
    for name, scope, yes in (
        ("identity", "registry.example/app/web:1.4.2", True),
        ("name", "registry.example/app/web", True),
        ("namespace", "registry.example/app", True),
        ("host", "registry.example", True),
        ("wildcard", "*.example", True),
        ("empty", "", True),
        ("other-tag", "registry.example/app/web:1.4", False),
        ("longer-tag", "registry.example/app/web:1.4.20", False),
        ("other-name", "registry.example/app/db", False),
        ("longer-name", "registry.example/app/web2", False),
        ("shorter-name", "registry.example/app/we", False),
        ("partial-namespace", "registry.example/ap", False),
        ("trailing-slash", "registry.example/app/", False),
        ("host-slash", "registry.example/", False),
        ("other-host", "registry.test", False),
        ("longer-host", "registry.example.org", False),
        ("host-port", "registry.example:443", False),
        ("bare-domain", "example", False),
        ("wildcard-itself", "*.registry.example", False),
        ("wildcard-all", "*", False),
        ("wildcard-dot", "*.", False),
        ("wildcard-path", "*.example/app", False),
        ("wildcard-in-path", "registry.example/*", False),
        ("wildcard-short", "*example", False),
        ("scheme", "docker://registry.example", False),
        ("host-case", "Registry.example", False),
        ("digest", f"registry.example/app/web@{DIGEST}", False),
        ("regular-expression", "registry.example/app/.*", False),
    ):
        applies(f"docker-{name}", image, scope, yes)
    port = "docker://registry.eu.example.org:5000/app/web:1.4.2"
    for name, scope, yes in (
        ("identity", "registry.eu.example.org:5000/app/web:1.4.2", True),
        ("name", "registry.eu.example.org:5000/app/web", True),
        ("namespace", "registry.eu.example.org:5000/app", True),
        ("host", "registry.eu.example.org:5000", True),
        ("host-without-port", "registry.eu.example.org", False),
        ("name-without-port", "registry.eu.example.org/app/web", False),
        ("other-port", "registry.eu.example.org:5001", False),
        ("wildcard", "*.eu.example.org", True),
        ("wildcard-parent", "*.example.org", True),
        ("wildcard-top", "*.org", True),
        ("wildcard-with-port", "*.eu.example.org:5000", False),
        ("wildcard-itself", "*.registry.eu.example.org", False),
    ):
        applies(f"docker-port-{name}", port, scope, yes)
    for name, scope, yes in (("first", "*.0.0.1", True), ("second", "*.0.1", True), ("third", "*.1", True), ("whole", "127.0.0.1", True),
                             ("network", "127.0.0", False)):
        applies(f"docker-ip-{name}", "docker://127.0.0.1/app:1", scope, yes)
    for name, scope, yes in (("host", "localhost", True), ("port", "localhost:5000", False), ("wildcard", "*.localhost", False), ("hub", "docker.io", False)):
        applies(f"docker-localhost-{name}", "docker://localhost/app:1", scope, yes)
    applies("docker-latest-implied", "docker://registry.example/app/web", "registry.example/app/web:latest", True)
    applies("docker-latest-not-implied-for-scope", "docker://registry.example/app/web:1", "registry.example/app/web:latest", False)
    by_digest = f"docker://registry.example/app/web@{digest}"
    for name, scope, yes in (
        ("identity", f"registry.example/app/web@{digest}", True),
        ("name", "registry.example/app/web", True),
        ("host", "registry.example", True),
        ("other-digest", f"registry.example/app/web@{DIGEST}", False),
        ("tag", "registry.example/app/web:latest", False),
    ):
        applies(f"docker-digest-{name}", by_digest, scope, yes)
    order = ["registry.example/app/web:1.4.2", "registry.example/app/web", "registry.example/app", "registry.example", "*.example", ""]
    for first in range(len(order) - 1):
        wins(f"docker-order-{first + 1}", image, order[first:], f"The scope {order[first]!r} comes before {', '.join(map(repr, order[first + 1:]))}.")
    order = ["a.b.c.example", "*.b.c.example", "*.c.example", "*.example", ""]
    for first in range(len(order) - 1):
        wins(f"docker-wildcard-order-{first + 1}", "docker://a.b.c.example/x:1", order[first:],
             f"The scope {order[first]!r} comes before {', '.join(map(repr, order[first + 1:]))}.")


def _docker_short(applies):
    """Docker Hub's short names are expanded before scopes are looked up."""
    for name, image, scope, yes in (
        ("expanded", "busybox:1", "docker.io/library/busybox:1", True),
        ("expanded-name", "busybox:1", "docker.io/library/busybox", True),
        ("expanded-library", "busybox:1", "docker.io/library", True),
        ("expanded-host", "busybox:1", "docker.io", True),
        ("expanded-wildcard", "busybox:1", "*.io", True),
        ("short-scope", "busybox:1", "busybox", False),
        ("short-scope-tag", "busybox:1", "busybox:1", False),
        ("library-scope", "library/busybox:1", "library/busybox", False),
        ("index-image", "index.docker.io/library/busybox:1", "docker.io", True),
        ("index-scope", "busybox:1", "index.docker.io", False),
        ("hub-without-library", "docker.io/busybox:1", "docker.io/library/busybox", True),
        ("user", "user/app:1", "docker.io/user", True),
        ("user-scope", "user/app:1", "user", False),
    ):
        applies(f"docker-short-{name}", f"docker://{image}", scope, yes)


def _transports(workshop, suite):
    """The transports' own sections."""
    common = {"image": "docker://registry.example/app/web:1.4.2", "manifest": workshop.manifest}
    for name, about, verdict, transports in (
        ("default-without-transports", "Without transports the default applies.", "accept", None),
        ("default-with-empty-transports", "With empty transports the default applies.", "accept", {}),
        ("default-with-empty-transport", "A transport without scopes leaves the default.", "accept", {"docker": {}}),
        ("other-transport", "Another transport's scopes do not apply.", "accept", {"atomic": {"registry.example": [REJECT], "": [REJECT]}}),
        ("capitalized-transport", "A transport's name is case-sensitive.", "accept", {"Docker": {"": [REJECT]}}),
        ("empty-transport", "A transport without a name is nobody's.", "accept", {"": {"": [REJECT]}}),
        ("transport-default", "A transport's own default comes before the policy's.", "reject", {"docker": {"": [REJECT]}}),
        ("transport-default-unused", "A transport's own default comes after its scopes.", "accept",
         {"docker": {"": [REJECT], "registry.example": [ACCEPT_ANYTHING]}}),
    ):
        suite.case(f"section-{name}", about, verdict, "rejected-by-policy" if verdict == "reject" else None,
                   policy=policy(ACCEPT_ANYTHING, transports=transports), **common)
    suite.case("section-only-first-match", "Only the first scope that matches applies: its parent's requirements are not added.", "accept",
               policy=policy(REJECT, transports={"docker": {"registry.example/app": [ACCEPT_ANYTHING], "registry.example": [REJECT], "": [REJECT]}}), **common)


def _paths(applies, wins):
    """Scopes of transports whose images are paths; only the last component of an image's path may be missing."""
    for transport in ("dir", "sif"):
        for name, scope, yes in (("identity", "/usr/nonexistent-image", True), ("parent", "/usr", True), ("empty", "", True),
                                 ("sibling", "/usr/nonexistent", False),
                                 ("longer", "/usr/nonexistent-image2", False), ("below", "/usr/nonexistent-image/x", False), ("elsewhere", "/opt", False)):
            applies(f"{transport}-{name}", f"{transport}:/usr/nonexistent-image", scope, yes)
        wins(f"{transport}-order", f"{transport}:/usr/nonexistent-image", ["/usr/nonexistent-image", "/usr", ""], "The path comes before its parents.")
        wins(f"{transport}-parent-order", f"{transport}:/usr/nonexistent-image", ["/usr", ""], "A parent comes before the transport's default.")
        applies(f"{transport}-two-up", f"{transport}:/usr/lib/nonexistent-image", "/usr", True, "A scope covers what is below it, however deep.")
        applies(f"{transport}-top", f"{transport}:/nonexistent-image", "/nonexistent-image", True)
        applies(f"{transport}-double-slash", f"{transport}://nonexistent-image", "/nonexistent-image", True, "Double slashes in an image's path count as one.")
        applies(f"{transport}-dot", f"{transport}:/./nonexistent-image", "/nonexistent-image", True, "A dot in an image's path does not matter.")
        applies(f"{transport}-dot-dot", f"{transport}:/usr/../nonexistent-image", "/nonexistent-image", True, "Dots in an image's path are resolved.")
        applies(f"{transport}-dot-dot-parent", f"{transport}:/usr/../nonexistent-image", "/usr", False,
                "Dots in an image's path are resolved before scopes are looked up.")
    for transport in ("oci", "oci-archive"):
        image = f"{transport}:/usr/nonexistent-image:1.4.2"
        for name, scope, yes in (("path", "/usr/nonexistent-image", True), ("parent", "/usr", True), ("empty", "", True),
                                 ("sibling", "/usr/nonexistent", False)):
            applies(f"{transport}-{name}", image, scope, yes)
        applies(f"{transport}-without-reference", f"{transport}:/usr/nonexistent-image", "/usr/nonexistent-image", True)
        wins(f"{transport}-order", image, ["/usr/nonexistent-image", "/usr", ""], "The path comes before its parents.")


def _storage(applies, wins):
    """Scopes of containers-storage, with the store written out."""
    image = f"containers-storage:[{STORE}+/nonexistent-run]registry.example/app/web:1.4.2"
    for name, scope, yes in (
        ("identity", f"[{STORE}]registry.example/app/web:1.4.2", True),
        ("name", f"[{STORE}]registry.example/app/web", True),
        ("namespace", f"[{STORE}]registry.example/app", True),
        ("host", f"[{STORE}]registry.example", True),
        ("store", f"[{STORE}]", True),
        ("graph-root", "[/nonexistent-store]", True),
        ("empty", "", True),
        ("other-driver", "[vfs@/nonexistent-store]", False),
        ("other-store", "[overlay@/nonexistent]", False),
        ("other-name", f"[{STORE}]registry.example/app/db", False),
        ("other-tag", f"[{STORE}]registry.example/app/web:1.4.3", False),
        ("graph-root-and-name", "[/nonexistent-store]registry.example/app/web:1.4.2", False),
    ):
        applies(f"storage-{name}", image, scope, yes)
    order = [f"[{STORE}]registry.example/app/web:1.4.2", f"[{STORE}]registry.example/app/web", f"[{STORE}]registry.example/app",
             f"[{STORE}]registry.example", f"[{STORE}]", "[/nonexistent-store]", ""]
    for first in range(len(order) - 1):
        wins(f"storage-order-{first + 1}", image, order[first:], f"The scope {order[first]!r} comes before what is less specific.")
    with_id = f"containers-storage:[{STORE}+/nonexistent-run]registry.example/app/web:1.4.2@{HEX}"
    applies("storage-image-id", with_id, f"[{STORE}]registry.example/app/web:1.4.2@{HEX}", True)
    applies("storage-image-id-dropped", with_id, f"[{STORE}]registry.example/app/web:1.4.2", True)
    applies("storage-other-image-id", with_id, f"[{STORE}]registry.example/app/web:1.4.2@{'ef' * 32}", False)
    with_both = f"containers-storage:[{STORE}+/nonexistent-run]registry.example/app/web@{DIGEST}@{HEX}"
    order = [f"[{STORE}]registry.example/app/web@{DIGEST}@{HEX}", f"[{STORE}]registry.example/app/web@{DIGEST}", f"[{STORE}]registry.example/app/web"]
    for first in range(len(order)):
        applies(f"storage-digest-{first + 1}", with_both, order[first], True)
        if first < len(order) - 1:
            wins(f"storage-digest-order-{first + 1}", with_both, [*order[first:], ""], "The image ID is dropped first, then the digest.")
    name = f"[{STORE}]registry.example/app/web"
    with_all = f"containers-storage:[{STORE}+/nonexistent-run]registry.example/app/web:1.4.2@{DIGEST}@{HEX}"
    order = [f"{name}:1.4.2@{DIGEST}@{HEX}", f"{name}:1.4.2@{DIGEST}", f"{name}:1.4.2", name, f"[{STORE}]registry.example/app"]
    for first in range(len(order) - 1):
        wins(f"storage-tag-and-digest-order-{first + 1}", with_all, [*order[first:], ""], "The image ID is dropped first, then the digest, then the tag.")
    applies("storage-tag-and-digest-without-tag", with_all, f"{name}@{DIGEST}", False, "The tag is not dropped before the digest.")
    only_id = f"containers-storage:[{STORE}+/nonexistent-run]@{HEX}"
    for slug, scope, yes in (("identity", f"[{STORE}]@{HEX}", True), ("store", f"[{STORE}]", True), ("graph-root", "[/nonexistent-store]", True),
                             ("hub", f"[{STORE}]docker.io", False)):
        applies(f"storage-only-id-{slug}", only_id, scope, yes)
    whole = f"[{STORE}]registry.example/app/web"
    for slug, image, scope in (
        ("default-tag", f"[{STORE}+/nonexistent-run]registry.example/app/web", f"{whole}:latest"),
        ("without-digest", f"[{STORE}+/nonexistent-run]registry.example/app/web:1@{DIGEST}", f"{whole}:1"),
        ("unclean-root", "[overlay@//nonexistent-folder/../nonexistent-store/+/nonexistent-run]registry.example/app/web:1", f"{whole}:1"),
        ("options", f"[{STORE}+/nonexistent-run:one,two]registry.example/app/web:1", f"[{STORE}]"),
        ("options-without-run-root", f"[{STORE}:one,two]registry.example/app/web:1", f"[{STORE}]"),
    ):
        applies(f"storage-{slug}", f"containers-storage:{image}", scope, True)
    short = f"containers-storage:[{STORE}+/nonexistent-run]busybox"
    for slug, scope, yes in (("identity", "docker.io/library/busybox:latest", True), ("name", "docker.io/library/busybox", True),
                             ("library", "docker.io/library", True),
                             ("host", "docker.io", True), ("written", "busybox", False), ("wildcard", "*.io", False)):
        applies(f"storage-short-{slug}", short, f"[{STORE}]{scope}", yes)
    aliased = "containers-storage:[overlay2@/nonexistent-store+/nonexistent-run]busybox:1"
    applies("storage-driver-alias", aliased, f"[{STORE}]", True, "The driver overlay2 is another word for overlay, and overlay is the store's own name.")
    applies("storage-driver-alias-as-scope", aliased, "[overlay2@/nonexistent-store]", False, "No store calls itself by the driver overlay2.")


def _others(applies):
    """atomic, docker-daemon, docker-archive, tarball."""
    image = "atomic:registry.example/app/web:1.4.2"
    for name, scope, yes in (("identity", "registry.example/app/web:1.4.2", True), ("name", "registry.example/app/web", True),
                             ("namespace", "registry.example/app", True),
                             ("host", "registry.example", True), ("empty", "", True), ("other", "registry.example/db", False), ("wildcard", "*.example", True)):
        applies(f"atomic-{name}", image, scope, yes)
    image = "docker-daemon:busybox:1"
    for name, scope, yes in (("identity", "docker.io/library/busybox:1", True), ("name", "docker.io/library/busybox", True), ("host", "docker.io", True),
                             ("empty", "", True), ("short", "busybox", False)):
        applies(f"docker-daemon-{name}", image, scope, yes)
    applies("docker-daemon-id-empty", f"docker-daemon:{DIGEST}", "", True, "An image ID of the daemon has only the transport's default.")
    applies("docker-daemon-id-host", f"docker-daemon:{DIGEST}", "docker.io", False, "An image ID of the daemon belongs to no host.")
    applies("docker-archive-empty", "docker-archive:/nonexistent-image.tar", "", True, "docker-archive has only the transport's default.")
    applies("docker-archive-reference-empty", "docker-archive:/nonexistent-image.tar:busybox:1", "", True,
            "A reference in a docker-archive has no scope of its own.")


def _syntax(suite):
    """Known transports validate their scopes."""
    long_hex = "ab" * 32
    table = {
        "docker": {
            "accept": ["registry.example", "registry.example/a/b:1", "*.example", "any thing", "/", "UPPER", "docker://x", "*"],
        },
        "atomic": {
            "accept": ["registry.example", "registry.example/a", "registry.example/a/b", "registry.example/a/b:1", "registry.example:5000/a/b:1", ""],
            "error": ["registry.example/a/b/c", "registry.example/a/b/c:1", "registry.example/a:1/b", "registry.example/a/b:1:2"],
        },
        "docker-daemon": {
            "accept": ["docker.io", "docker.io/library/busybox:1", "", "sha256:", "registry.example", "*.example", long_hex,
                       f"registry.example/a@sha256:{long_hex}"],
            "error": [f"sha256:{long_hex}"],
        },
        "dir": {
            "accept": ["/a", "/a/b", "/a b", "/a:b", "/...", ""],
            "error": ["/", "a", "a/b", "/a/", "//a", "/a//b", "/a/.", "/a/..", "/./a", "/a/../b", ".", "..", "dir:/a", " /a", "/../a", "/.."],
        },
        "sif": {
            "accept": ["/a", "/a/b.sif", ""],
            "error": ["/", "a", "/a/", "/a/../b", "//a"],
        },
        "oci": {
            "accept": ["/a", "/a/b", ""],
            "error": ["/", "a", "/a/", "//a", "/a/./b", "/a/.."],
        },
        "oci-archive": {
            "accept": ["/a", "/a/b.tar", ""],
            "error": ["/", "a", "/a/", "/a/../b"],
        },
        "docker-archive": {"accept": [""], "error": ["/a", "/a.tar", "busybox", "docker.io/library/busybox:1"]},
        "tarball": {"accept": [""], "error": ["/a", "x"]},
        "containers-storage": {
            "accept": ["", "[/store]", "[overlay@/store]", "[overlay@/store]busybox", "[overlay@/store]docker.io/library/busybox:1",
                       f"[overlay@/store]docker.io/library/busybox@sha256:{long_hex}", f"[overlay@/store]docker.io/library/busybox:1@{long_hex}",
                       f"[overlay@/store]docker.io/library/busybox@sha256:{long_hex}@{long_hex}", "[/store]docker.io/library/busybox:1", "[/store/]",
                       "[overlay@/store/../x]", f"[overlay@/store]@{long_hex}", f"[overlay@/store]busybox:1@sha256:{long_hex}",
                       f"[overlay@/store]busybox:1@sha256:{long_hex}@{long_hex}"],
            "error": ["busybox", "docker.io/library/busybox:1", "[store]", "[overlay@store]", "[", "[]", "[/store", "[overlay@]",
                      "[overlay@/store]busybox@abc", "[overlay@/store]@", "[overlay@/store]busybox@", "[overlay@/store]busybox@sha256:ab",
                      f"[overlay@/store]busybox@@{long_hex}",
                      f"[overlay@/store]busybox@ab@{long_hex}", f"[overlay@/store]busybox@sha256:ab@{long_hex}", f"[overlay@/store]busybox@sha256:{long_hex}@",
                      f"[overlay@/store]busybox@sha256:{long_hex}@ab", "[overlay@relative]",
                      f"[overlay@/store]busybox@{long_hex}@sha256:{long_hex}", "[@/store]"],
        },
    }
    for transport, verdicts in table.items():
        for verdict, scopes in verdicts.items():
            for number, scope in enumerate(scopes, 1):
                suite.case(f"syntax-{transport}-{'valid' if verdict == 'accept' else 'invalid'}-{number}",
                           f"{scope!r} is {'a' if verdict == 'accept' else 'no'} scope of {transport}.", verdict,
                           "policy-invalid" if verdict == "error" else None, image=None,
                           policy=policy(REJECT, transports={transport: {scope: [REJECT]}}))
