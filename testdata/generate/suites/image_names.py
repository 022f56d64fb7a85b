"""Names of images, and which of them are none."""

from workshop import ACCEPT_ANYTHING, Suite, policy

DIGEST = "sha256:" + "ab" * 32
OTHER_DIGEST = "sha256:" + "cd" * 32
HEX = "ef" * 32

# A store of containers-storage, written out so that the name means the same everywhere.
STORE = "[overlay@/nonexistent-store+/nonexistent-run]"


def build(workshop):
    suite = Suite("image-names")

    def name(slug, image, sound, about=None):
        about = about or f"{image[:70]!r} is {'a' if sound else 'no'} name of an image."
        suite.case(slug, about, "accept" if sound else "error", None if sound else "image-name-invalid", policy=policy(ACCEPT_ANYTHING),
                   image=image, manifest=workshop.manifest if sound else None)

    _docker(workshop, name)
    _transports(name)
    _storage(name)
    return suite


def _docker(workshop, name):
    for slug, reference, sound in (
        ("tag", "registry.example/app/web:1.4.2", True),
        ("latest", "registry.example/app/web", True),
        ("digest", f"registry.example/app/web@{workshop.digest}", True),
        ("tag-and-digest", f"registry.example/app/web:1@{workshop.digest}", False),
        ("short", "busybox", True),
        ("short-user", "user/app:1", True),
        ("port", "registry.example:5000/app:1", True),
        ("word-port", "registry.example:http/app:1", False),
        ("empty-port", "registry.example:/app:1", False),
        ("localhost", "localhost/app", True),
        ("ip", "127.0.0.1:5000/app:1", True),
        ("ip-6", "[::1]:5000/app:1", False),
        ("upper-case-path", "registry.example/App/web:1", False),
        ("upper-case-short", "Busybox", False),
        ("upper-case-host", "Registry.example/app:1", True),
        ("upper-case-word-host", "REGISTRY/app:1", False),
        ("upper-case-tag", "registry.example/app:RC1", True),
        ("empty-tag", "registry.example/app:", False),
        ("tag-of-dot", "registry.example/app:.1", False),
        ("tag-of-dash", "registry.example/app:-1", False),
        ("tag-of-underscore", "registry.example/app:_1", True),
        ("tag-with-plus", "registry.example/app:1+2", False),
        ("tag-with-slash", "registry.example/app:1/2", False),
        ("tag-of-128", "registry.example/app:" + "a" * 128, True),
        ("tag-of-129", "registry.example/app:" + "a" * 129, False),
        ("hex", "ab" * 32, False),
        ("hex-with-tag", "ab" * 32 + ":1", True),
        ("hex-of-63", "a" * 63, True),
        ("hex-with-user", "user/" + "ab" * 32, True),
        ("name-of-255", "registry.example/" + "a" * 238, True),
        ("name-of-256", "registry.example/" + "a" * 239, False),
        ("empty-digest", "registry.example/app@", False),
        ("digest-without-algorithm", "registry.example/app@" + "ab" * 32, False),
        ("digest-short", "registry.example/app@sha256:abcd", False),
        ("digest-long", f"registry.example/app@{DIGEST}0", False),
        ("digest-upper-case", "registry.example/app@sha256:" + "AB" * 32, False),
        ("digest-md5", "registry.example/app@md5:" + "ab" * 16, False),
        ("digest-sha1", "registry.example/app@sha1:" + "ab" * 20, False),
        ("digest-unknown", "registry.example/app@blake3:" + "ab" * 32, False),
        ("digest-sha384", "registry.example/app@sha384:" + "ab" * 48, True),
        ("digest-sha512", "registry.example/app@sha512:" + "ab" * 64, True),
        ("digest-sha512-short", "registry.example/app@sha512:" + "ab" * 32, False),
        ("two-digests", f"registry.example/app@{DIGEST}@{DIGEST}", False),
        ("two-tags", "registry.example/app:1:2", False),
        ("empty", "", False),
        ("slash", "/", False),
        ("leading-slash", "/app:1", False),
        ("trailing-slash", "registry.example/app/", False),
        ("double-slash", "registry.example//app:1", False),
        ("dot", "registry.example/./app", False),
        ("dot-dot", "registry.example/../app", False),
        ("white-space", "registry.example/app :1", False),
        ("leading-space", " registry.example/app:1", False),
        ("trailing-line-feed", "registry.example/app:1\n", False),
        ("nul", "registry.example/app\0:1", False),
        ("umlaut", "registry.example/\u00e4pp:1", False),
        ("umlaut-host", "r\u00e4gistry.example/app:1", False),
        ("underscore", "registry.example/a_b:1", True),
        ("two-underscores", "registry.example/a__b:1", True),
        ("three-underscores", "registry.example/a___b:1", False),
        ("dash", "registry.example/a-b:1", True),
        ("many-dashes", "registry.example/a---b:1", True),
        ("two-dots", "registry.example/a..b:1", False),
        ("dot-in-path", "registry.example/a.b:1", True),
        ("leading-dash", "registry.example/-a:1", False),
        ("trailing-dot", "registry.example/a.:1", False),
        ("leading-underscore", "registry.example/_a:1", False),
        ("dash-host", "my-registry.example/app:1", True),
        ("leading-dash-host", "-registry.example/app:1", False),
        ("trailing-dash-host", "registry-.example/app:1", False),
        ("trailing-dot-host", "registry.example./app:1", False),
        ("wildcard", "*.example/app:1", False),
        ("scheme", "https://registry.example/app:1", False),
        ("user-info", "user@registry.example/app:1", False),
        ("query", "registry.example/app:1?x", False),
    ):
        # A digest that is no SHA-256 cannot be that of a file, but nobody compares it here.
        name(f"docker-{slug}", f"docker://{reference}", sound)
    for slug, image in (("one-slash", "docker:/registry.example/app:1"), ("no-slashes", "docker:registry.example/app:1"),
                        ("three-slashes", "docker:///registry.example/app:1"),
                        ("capitalized", "Docker://registry.example/app:1")):
        name(f"docker-{slug}", image, False)
    name("docker-unknown-digest", "docker://registry.example/app@@unknown-digest@@", True, "A push without a tag has a name that says so.")
    name("docker-unknown-digest-short", "docker://busybox@@unknown-digest@@", True)
    name("docker-unknown-digest-and-digest", f"docker://registry.example/app@{DIGEST}@@unknown-digest@@", False)
    name("docker-unknown-digest-and-tag", "docker://registry.example/app:1@@unknown-digest@@", False)


def _transports(name):
    for slug, image in (("none", "registry.example/app:1"), ("empty", ""), ("colon", ":"), ("unknown", "nonsense:x"),
                        ("https", "https://registry.example/app:1"),
                        ("path", "/nonexistent-image"), ("space", " dir:/nonexistent-image")):
        name(f"transport-{slug}", image, False)
    for slug, image, sound in (
        ("atomic-tag", "atomic:registry.example/app/web:1", True),
        ("atomic-no-tag", "atomic:registry.example/app/web", False),
        ("atomic-digest", f"atomic:registry.example/app/web@{DIGEST}", False),
        ("atomic-tag-and-digest", f"atomic:registry.example/app/web:1@{DIGEST}", False),
        ("atomic-two-parts", "atomic:registry.example/web:1", False),
        ("atomic-upper-case", "atomic:registry.example/app/Web:1", False),
        ("atomic-four-parts", "atomic:registry.example/app/web/more:1", False),
        ("atomic-tag-with-exclamation-mark", "atomic:registry.example/app/web:1!", False),
        ("docker-daemon-tag", "docker-daemon:busybox:1", True),
        ("docker-daemon-digest", f"docker-daemon:busybox@{DIGEST}", True),
        ("docker-daemon-tag-and-digest", f"docker-daemon:busybox:1@{DIGEST}", False),
        ("docker-daemon-id", f"docker-daemon:{DIGEST}", True),
        ("docker-daemon-id-longer", f"docker-daemon:{DIGEST}ab", False),
        ("docker-daemon-id-no-hex", "docker-daemon:sha256:" + "xx" * 32, False),
        ("docker-daemon-id-sha512", "docker-daemon:sha512:" + "ab" * 64, False),
        ("docker-daemon-name-only", "docker-daemon:busybox", False),
        ("docker-daemon-short-id", "docker-daemon:sha256:abcd", False),
        ("docker-daemon-upper-case", "docker-daemon:Busybox:1", False),
        ("docker-daemon-empty", "docker-daemon:", False),
        ("dir", "dir:/nonexistent-image", True),
        ("sif", "sif:/nonexistent-image", True),
        ("oci", "oci:/nonexistent-image", True),
        ("oci-root", "oci:/", True),
        ("oci-tag", "oci:/nonexistent-image:1.4.2", True),
        ("oci-empty-image", "oci:/nonexistent-image:", True),
        ("oci-tag-and-more", "oci:/nonexistent-image:1.4.2:image", True),
        ("oci-index", "oci:/nonexistent-image:@0", True),
        ("oci-index-large", "oci:/nonexistent-image:@999999", True),
        ("oci-index-negative", "oci:/nonexistent-image:@-3", False),
        ("oci-index-word", "oci:/nonexistent-image:@x", False),
        ("oci-double-slash", "oci:/nonexistent-image:a//b", False),
        ("dir-in-missing-folder", "dir:/nonexistent-folder/nonexistent-image", False),
        ("dir-dot-in-missing-folder", "dir:/usr/nonexistent-folder/.", False),
        ("dir-dot-dot-in-missing-folder", "dir:/usr/nonexistent-folder/..", False),
        ("oci-invalid-image", "oci:/nonexistent-image:invalid'image!value@", False),
        ("oci-archive-tag", "oci-archive:/nonexistent-image:1.4.2", True),
        ("oci-archive", "oci-archive:/nonexistent-image", True),
        ("oci-archive-empty-image", "oci-archive:/nonexistent-image:", True),
        ("oci-archive-index", "oci-archive:/nonexistent-image:@0", False),
        ("oci-archive-index-large", "oci-archive:/nonexistent-image:@999999", False),
        ("oci-archive-empty-index", "oci-archive:/nonexistent-image:@", False),
        ("oci-empty-index", "oci:/nonexistent-image:@", False),
        ("oci-archive-index-negative", "oci-archive:/nonexistent-image:@-3", False),
        ("oci-archive-invalid-image", "oci-archive:/nonexistent-image:invalid'image!value@", False),
        ("docker-archive", "docker-archive:/nonexistent-image.tar", True),
        ("docker-archive-tag", "docker-archive:/nonexistent-image.tar:busybox:1", True),
        ("docker-archive-name-only", "docker-archive:/nonexistent-image.tar:busybox", True),
        ("docker-archive-index", "docker-archive:/nonexistent-image.tar:@0", True),
        ("docker-archive-index-large", "docker-archive:/nonexistent-image.tar:@999999", True),
        ("docker-archive-empty", "docker-archive:", False),
        ("docker-archive-digest", f"docker-archive:/nonexistent-image.tar:busybox@{DIGEST}", False),
        ("docker-archive-tag-and-digest", f"docker-archive:/nonexistent-image.tar:busybox:1@{DIGEST}", False),
        ("docker-archive-upper-case", "docker-archive:/nonexistent-image.tar:Busybox", False),
        ("docker-archive-index-word", "docker-archive:/nonexistent-image.tar:@y", False),
        ("docker-archive-empty-index", "docker-archive:/nonexistent-image.tar:@", False),
        ("docker-archive-index-negative", "docker-archive:/nonexistent-image.tar:@-1", False),
        ("docker-archive-tag-and-index", "docker-archive:/nonexistent-image.tar:busybox@0", False),
        ("docker-archive-index-and-tag", "docker-archive:/nonexistent-image.tar:@0:busybox", False),
        ("tarball-two-paths", "tarball:/nonexistent-layer.tar:/nonexistent-other.tar", True),
        ("tarball-empty", "tarball:", False),
        ("tarball-empty-path", "tarball:/nonexistent-layer.tar:", False),
    ):
        name(slug, image, sound)


def _storage(name):
    """Names in containers-storage: store, name, tag, digest and image ID, most of them optional."""
    for slug, reference, sound in (
        ("tag", "busybox:1", True),
        ("name-only", "busybox", True),
        ("digest", f"busybox@{DIGEST}", True),
        ("tag-and-digest", f"busybox:1@{DIGEST}", True),
        ("id", f"@{HEX}", True),
        ("name-and-id", f"busybox@{HEX}", True),
        ("tag-and-id", f"busybox:1@{HEX}", True),
        ("digest-and-id", f"busybox@{DIGEST}@{HEX}", True),
        ("tag-digest-and-id", f"busybox:1@{DIGEST}@{HEX}", True),
        ("name-like-an-algorithm", f"sha256:{HEX}", True),
        ("empty", "", False),
        ("upper-case", "Busybox:1", False),
        ("id-without-at", HEX, False),
        ("digest-only", f"@{DIGEST}", False),
        ("empty-id", "busybox@", False),
        ("word-as-id", "busybox@garbage", False),
        ("short-id", "busybox@ab", False),
        ("short-digest", "busybox@sha256:ab", False),
        ("digest-and-short-id", f"busybox@{DIGEST}@ab", False),
        ("short-digest-and-id", f"busybox@ab@{HEX}", False),
        ("empty-digest-and-id", f"busybox@@{HEX}", False),
        ("two-digests-and-id", f"busybox:1@{DIGEST}@{OTHER_DIGEST}@{HEX}", False),
        ("two-ids", f"busybox@{HEX}@{HEX}", False),
        ("upper-case-and-id", f"Busybox@{HEX}", False),
    ):
        name(f"storage-{slug}", f"containers-storage:{STORE}{reference}", sound)
    for slug, reference in (("three-digits", "bad"), ("eight-digits", "deadbeef"), ("63-digits", HEX[1:])):
        name(f"storage-maybe-id-{slug}", f"containers-storage:{STORE}{reference}", False,
             f"{reference[:16]!r} may be the beginning of an image's ID, which only the store can tell: it is no name without a tag.")
    name("storage-hex-with-tag", f"containers-storage:{STORE}deadbeef:latest", True)
    name("storage-two-digits", f"containers-storage:{STORE}ba", True, "Two digits are too short for the beginning of an image's ID.")
    for slug, store, sound in (
        ("with-options", "[overlay@/nonexistent-store+/nonexistent-run:one,two]", True),
        ("without-run-root", "[overlay@/nonexistent-store]", True),
        ("relative", "[overlay@store]", False),
        ("relative-run-root", "[overlay@/nonexistent-store+run]", False),
        ("relative-without-driver", "[relative]", False),
        ("empty", "[]", False),
        ("empty-driver", "[@/nonexistent-store]", False),
        ("empty-graph-root", "[overlay@]", False),
        ("unclosed", "[overlay@/nonexistent-store", False),
    ):
        name(f"storage-store-{slug}", f"containers-storage:{store}busybox:1", sound)
