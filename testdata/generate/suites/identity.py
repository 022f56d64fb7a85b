"""`signedIdentity`: every form against every kind of image name and signed reference."""

from clock import AT
from workshop import NAME, Suite, policy, signed_by

UNKNOWN = "@@unknown-digest@@"
STORE = "containers-storage:[overlay@/nonexistent-store+/nonexistent-run]"


def build(workshop):
    suite = Suite("identity")
    every_form(References(workshop, suite))
    return suite


def every_form(references):
    """All cases of an identity, whatever signs."""
    digest = f"@{references.workshop.digest}"
    _matrix(references, digest)
    _normalization(references, digest)
    _exact(references, digest)
    _remap(references, digest)
    _without_identity(references)
    _tag_and_digest(references, digest)
    _names(references)


class References:
    """Makes a case of an image name, a signed reference and an identity."""

    def __init__(self, workshop, suite):
        self.workshop, self.suite, self.signatures = workshop, suite, {}

    def sign(self, number, signed):
        """The signature over the usual manifest with this reference, the one of this number."""
        return self.workshop.gpg_signed(f"references/{number:03d}.gpg", self.workshop.payload(signed))

    def requirement(self, identity):
        """The requirement with this identity."""
        return signed_by(self.workshop.signer_file, identity)

    def signature(self, signed):
        """The signature with this reference, made once."""
        if signed not in self.signatures:
            self.signatures[signed] = self.sign(len(self.signatures), signed)
        return self.signatures[signed]

    def case(self, name, image, signed, identity, verdict, about=None, code="identity-mismatch", **members):
        form = identity if isinstance(identity, str) else identity["type"] if identity else "no signedIdentity"
        shorter = [text.replace(self.workshop.digest, "sha256:…") for text in (image, signed)]
        about = about or f"Under {form}, a signature of {shorter[1]} " + ("allows" if verdict == "accept" else "does not allow") + f" {shorter[0]}."
        defaults = {"policy": policy(self.requirement(identity)), "image": image, "manifest": self.workshop.manifest,
                    "signatures": [self.signature(signed)], "at": AT}
        self.suite.case(name, about, verdict, code if verdict == "reject" else None, **(defaults | members))


def _split(reference):
    """Name, tag and digest of a reference."""
    rest, _, digest = reference.partition("@")
    head, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    return head + slash + last, tag, digest


def _normalized(name):
    first, slash, rest = name.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        first, rest = "docker.io", name
    if first == "index.docker.io":
        first = "docker.io"
    return f"{first}/library/{rest}" if first == "docker.io" and "/" not in rest else f"{first}/{rest}"


def matches(form, image, signed):
    """What compares an image's reference with a signed one, for the three forms that compare them."""
    (image_name, image_tag, image_digest), (name, tag, digest) = _split(image), _split(signed)
    same_name = _normalized(image_name) == _normalized(name)
    same = same_name and (image_tag, image_digest) == (tag, digest)
    if form == "matchRepository":
        return same_name
    if not (tag or digest):
        return False
    if form == "matchExact":
        return bool(image_tag or image_digest) and same
    if image_tag:
        return same
    return bool(image_digest) and same_name


FORMS = {"exact": "matchExact", "repo-digest-or-exact": "matchRepoDigestOrExact", "repository": "matchRepository", "default": None}


def _matrix(references, digest):
    """Every comparing form, by tag and by digest."""
    images = {"tag": f"{NAME}:1.4.2", "digest": f"{NAME}{digest}", "latest": f"{NAME}:latest", "name-only": f"{NAME}{UNKNOWN}"}
    signed = {
        "same-tag": f"{NAME}:1.4.2",
        "other-tag": f"{NAME}:1.4.3",
        "latest": f"{NAME}:latest",
        "longer-tag": f"{NAME}:1.4.20",
        "other-case-tag": f"{NAME}:1.4.2A",
        "same-digest": f"{NAME}{digest}",
        "other-digest": f"{NAME}@sha256:{'00' * 32}",
        "tag-and-digest": f"{NAME}:1.4.2{digest}",
        "other-tag-and-digest": f"{NAME}:1.4.3{digest}",
        "name-only": NAME,
        "other-repository": "registry.example/app/db:1.4.2",
        "longer-repository": "registry.example/app/web2:1.4.2",
        "shorter-repository": "registry.example/app:1.4.2",
        "nested-repository": "registry.example/app/web/sub:1.4.2",
        "other-namespace": "registry.example/evil/web:1.4.2",
        "other-host": "registry.test/app/web:1.4.2",
        "port": "registry.example:5000/app/web:1.4.2",
        "other-repository-same-digest": f"registry.example/app/db{digest}",
    }
    for image_kind, image in images.items():
        for signed_kind, reference in signed.items():
            for label, form in FORMS.items():
                comparable = image.removesuffix(UNKNOWN)
                verdict = "accept" if matches(form or "matchRepoDigestOrExact", comparable, reference) else "reject"
                references.case(f"{label}-{image_kind}-signed-{signed_kind}", f"docker://{image}", reference, form, verdict)


def _normalization(references, digest):
    """References are compared after normalization; Docker Hub has many names."""
    pairs = (
        ("short", "busybox:1", "docker.io/library/busybox:1"),
        ("long", "docker.io/library/busybox:1", "busybox:1"),
        ("index", "index.docker.io/library/busybox:1", "docker.io/busybox:1"),
        ("index-signed", "busybox:1", "index.docker.io/busybox:1"),
        ("library", "library/busybox:1", "busybox:1"),
        ("two-parts", "user/app:1", "docker.io/user/app:1"),
        ("two-parts-library", "user/app:1", "docker.io/library/app:1"),
        ("hub-port", "busybox:1", "docker.io:443/library/busybox:1"),
        ("hub-capital", "busybox:1", "Docker.io/library/busybox:1"),
        ("hub-registry", "busybox:1", "registry-1.docker.io/library/busybox:1"),
        ("localhost", "localhost/app:1", "docker.io/localhost/app:1"),
        ("localhost-port", "localhost:5000/app:1", "localhost/app:1"),
        ("localhost-same", "localhost/app:1", "localhost/app:1"),
        ("port", "registry.example:5000/app:1", "registry.example:5000/app:1"),
        ("other-port", "registry.example:5000/app:1", "registry.example:5001/app:1"),
        ("default-port", "registry.example/app:1", "registry.example:443/app:1"),
        ("host-case", "registry.example/app:1", "Registry.example/app:1"),
        ("latest-implied", "busybox", "busybox:latest"),
        ("latest-not-signed", "busybox", "busybox"),
        ("latest-written", "busybox:latest", "busybox"),
        ("hex-name", "registry.example/" + "ab" * 32 + ":1", "registry.example/" + "ab" * 32 + ":1"),
        ("short-hex-name", "abcdef:1", "docker.io/library/abcdef:1"),
    )
    for name, image, signed in pairs:
        for label, form in FORMS.items():
            if label == "default":
                continue
            full = image if ":" in image.rpartition("/")[2] else f"{image}:latest"
            verdict = "accept" if matches(form, full, signed) else "reject"
            references.case(f"normalized-{name}-{label}", f"docker://{image}", signed, form, verdict)
    for name, image, signed in (("short", f"busybox{digest}", "docker.io/library/busybox:1"), ("index", f"index.docker.io/busybox{digest}", "busybox:2"),
                                ("other", f"busybox{digest}", "docker.io/user/busybox:1")):
        references.case(f"normalized-digest-{name}", f"docker://{image}", signed, None, "accept" if matches("", image, signed) else "reject")


def _exact(references, digest):
    """`exactReference` and `exactRepository` say what must be signed, whatever the image is called."""
    for name, wanted, signed, verdict in (
        ("tag", f"{NAME}:1.4.2", f"{NAME}:1.4.2", "accept"),
        ("other-tag", f"{NAME}:1.4.2", f"{NAME}:1.4.3", "reject"),
        ("name-only", f"{NAME}:1.4.2", NAME, "reject"),
        ("digest", f"{NAME}{digest}", f"{NAME}{digest}", "accept"),
        ("digest-for-tag", f"{NAME}:1.4.2", f"{NAME}{digest}", "reject"),
        ("tag-for-digest", f"{NAME}{digest}", f"{NAME}:1.4.2", "reject"),
        ("tag-and-digest", f"{NAME}:1.4.2{digest}", f"{NAME}:1.4.2{digest}", "accept"),
        ("tag-of-tag-and-digest", f"{NAME}:1.4.2{digest}", f"{NAME}:1.4.2", "reject"),
        ("short", "busybox:1", "docker.io/library/busybox:1", "accept"),
        ("short-signed", "docker.io/library/busybox:1", "busybox:1", "accept"),
        ("other-repository", f"{NAME}:1.4.2", "registry.example/app/db:1.4.2", "reject"),
        ("longer-tag", f"{NAME}:1.4", f"{NAME}:1.4.2", "reject"),
    ):
        for image_name, image in (("own-image", f"docker://{NAME}:1.4.2"), ("other-image", "docker://mirror.example/copy:9")):
            references.case(f"exact-reference-{name}-{image_name}", image, signed, {"type": "exactReference", "dockerReference": wanted}, verdict)
    for name, wanted, signed, verdict in (
        ("tag", NAME, f"{NAME}:1.4.2", "accept"),
        ("any-tag", NAME, f"{NAME}:0.0.1", "accept"),
        ("digest", NAME, f"{NAME}@sha256:{'00' * 32}", "accept"),
        ("name-only", NAME, NAME, "accept"),
        ("other", NAME, "registry.example/app/db:1.4.2", "reject"),
        ("longer", NAME, "registry.example/app/web2:1", "reject"),
        ("nested", NAME, "registry.example/app/web/sub:1", "reject"),
        ("parent", NAME, "registry.example/app:1", "reject"),
        ("short", "busybox", "docker.io/library/busybox:1", "accept"),
        ("port", NAME, "registry.example:443/app/web:1.4.2", "reject"),
        ("tagged", f"{NAME}:9", f"{NAME}:1.4.2", "accept"),
    ):
        for image_name, image in (("own-image", f"docker://{NAME}:1.4.2"), ("other-image", "docker://mirror.example/copy:9")):
            references.case(f"exact-repository-{name}-{image_name}", image, signed, {"type": "exactRepository", "dockerRepository": wanted}, verdict)


def _remap(references, digest):
    """`remapIdentity`: prefixes end at a slash."""
    for name, prefix, signed_prefix, image, signed, verdict in (
        ("host", "mirror.example", "registry.example", "mirror.example/app/web:1", "registry.example/app/web:1", "accept"),
        ("host-other-tag", "mirror.example", "registry.example", "mirror.example/app/web:1", "registry.example/app/web:2", "reject"),
        ("host-not-remapped-signed", "mirror.example", "registry.example", "mirror.example/app/web:1", "mirror.example/app/web:1", "reject"),
        ("host-port", "mirror.example:5000", "registry.example", "mirror.example:5000/app/web:1", "registry.example/app/web:1", "accept"),
        ("host-without-port", "mirror.example", "registry.example", "mirror.example:5000/app/web:1", "registry.example/app/web:1", "reject"),
        ("host-unmatched-port", "mirror.example", "registry.example", "mirror.example:5000/app/web:1", "mirror.example:5000/app/web:1", "accept"),
        ("host-longer", "mirror.example", "registry.example", "mirror.example.org/app/web:1", "registry.example.org/app/web:1", "reject"),
        ("host-suffix", "mirror.example", "registry.example", "my.mirror.example/app/web:1", "my.registry.example/app/web:1", "reject"),
        ("to-port", "mirror.example", "registry.example:5000", "mirror.example/app/web:1", "registry.example:5000/app/web:1", "accept"),
        ("namespace", "mirror.example/app", "registry.example/app", "mirror.example/app/web:1", "registry.example/app/web:1", "accept"),
        ("namespace-boundary", "mirror.example/foo", "registry.example/foo", "mirror.example/foobar:1", "registry.example/foobar:1", "reject"),
        ("namespace-boundary-unmatched", "mirror.example/foo", "registry.example/foo", "mirror.example/foobar:1", "mirror.example/foobar:1", "accept"),
        ("namespace-boundary-nested", "mirror.example/foo", "registry.example/foo", "mirror.example/foobar/web:1", "registry.example/foobar/web:1", "reject"),
        ("namespace-itself", "mirror.example/foo", "registry.example/bar", "mirror.example/foo:1", "registry.example/bar:1", "accept"),
        ("namespace-shallow", "mirror.example/foo/bar", "registry.example/bar", "mirror.example/foo:1", "mirror.example/foo:1", "accept"),
        ("namespace-deeper", "mirror.example", "registry.example/mirrored", "mirror.example/app/web:1", "registry.example/mirrored/app/web:1", "accept"),
        ("repository", "mirror.example/app/web", "registry.example/app/web", "mirror.example/app/web:1", "registry.example/app/web:1", "accept"),
        ("repository-other", "mirror.example/app/web", "registry.example/app/web", "mirror.example/app/db:1", "registry.example/app/db:1", "reject"),
        ("unmatched", "mirror.example", "registry.example", "other.example/app/web:1", "other.example/app/web:1", "accept"),
        ("unmatched-other", "mirror.example", "registry.example", "other.example/app/web:1", "registry.example/app/web:1", "reject"),
        ("same", "registry.example", "registry.example", "registry.example/app/web:1", "registry.example/app/web:1", "accept"),
        ("hub", "docker.io/library", "registry.example/hub", "busybox:1", "registry.example/hub/busybox:1", "accept"),
        ("to-hub", "mirror.example", "docker.io/library", "mirror.example/busybox:1", "busybox:1", "accept"),
        ("to-hub-host", "mirror.example", "docker.io", "mirror.example/library/busybox:1", "busybox:1", "accept"),
        ("to-hub-host-short", "mirror.example", "docker.io", "mirror.example/busybox:1", "busybox:1", "reject"),
        ("to-index", "mirror.example", "index.docker.io", "mirror.example/library/busybox:1", "busybox:1", "reject"),
        ("hub-host", "docker.io", "registry.example", "busybox:1", "registry.example/library/busybox:1", "accept"),
        ("bare-word", "library", "registry.example", "busybox:1", "busybox:1", "accept"),
        ("bare-word-no-match", "library", "registry.example", "library/busybox:1", "registry.example/busybox:1", "reject"),
        ("two-words", "ns/repo", "registry.example/x", "ns/repo:1", "registry.example/x:1", "reject"),
        ("host-only-prefix-to-repository", "mirror.example/web", "registry.example", "mirror.example/web:1", "registry.example:1", "reject"),
        ("digest", "mirror.example", "registry.example", f"mirror.example/app/web{digest}", "registry.example/app/web:1", "accept"),
        ("digest-other-repository", "mirror.example", "registry.example", f"mirror.example/app/web{digest}", "registry.example/app/db:1", "reject"),
        ("digest-name-only-signed", "mirror.example", "registry.example", f"mirror.example/app/web{digest}", "registry.example/app/web", "reject"),
        ("name-only-signed", "mirror.example", "registry.example", "mirror.example/app/web:1", "registry.example/app/web", "reject"),
        ("chain", "mirror.example", "mirror.example/mirror.example", "mirror.example/web:1", "mirror.example/mirror.example/web:1", "accept"),
        ("repository-to-host", "mirror.example/ns/web", "registry.example:5000", "mirror.example/ns/web:1", "registry.example:5000:1", "reject"),
        ("repository-to-host-digest", "mirror.example/ns/web", "registry.example:5000", f"mirror.example/ns/web{digest}", "registry.example:5000/web:1",
         "reject"),
        ("repository-to-word", "mirror.example/ns/web", "registry", "mirror.example/ns/web:1", "registry:1", "reject"),
        ("case", "Mirror.example", "registry.example", "mirror.example/app/web:1", "registry.example/app/web:1", "reject"),
    ):
        references.case(f"remap-{name}", f"docker://{image}", signed, {"type": "remapIdentity", "prefix": prefix, "signedPrefix": signed_prefix}, verdict,
                        about=f"remapIdentity from {prefix} to {signed_prefix}: a signature of {signed} "
                        + ("allows" if verdict == "accept" else "does not allow") + f" {image.replace(digest, '@sha256:…')}.",
                        code=None)


def _without_identity(references):
    """Images without a Docker reference: only the two exact forms can accept them."""
    signed = f"{NAME}:1.4.2"
    for transport, image in (("dir", "dir:/nonexistent-image"), ("oci", "oci:/nonexistent-image:1.4.2"),
                             ("oci-archive", "oci-archive:/nonexistent-image:1.4.2"),
                             ("sif", "sif:/nonexistent-image")):
        for label, form in FORMS.items():
            references.case(f"{transport}-{label}", image, signed, form, "reject", code="image-has-no-identity",
                            about=f"A {transport} image has no reference of its own: {form or 'the default'} refuses it.")
        references.case(f"{transport}-remap", image, signed, {"type": "remapIdentity", "prefix": "registry.example", "signedPrefix": "registry.example"},
                        "reject",
                        code="image-has-no-identity", about=f"A {transport} image has no reference of its own: remapIdentity refuses it.")
        references.case(f"{transport}-exact-reference", image, signed, {"type": "exactReference", "dockerReference": signed}, "accept")
        references.case(f"{transport}-exact-reference-other", image, signed, {"type": "exactReference", "dockerReference": f"{NAME}:1"}, "reject")
        references.case(f"{transport}-exact-repository", image, signed, {"type": "exactRepository", "dockerRepository": NAME}, "accept")
        references.case(f"{transport}-exact-repository-other", image, signed, {"type": "exactRepository", "dockerRepository": "registry.example/app"}, "reject")
    for transport, image in (("atomic", f"atomic:{NAME}:1.4.2"), ("docker-daemon", f"docker-daemon:{NAME}:1.4.2"),
                             ("containers-storage", f"{STORE}{NAME}:1.4.2")):
        for label, form in FORMS.items():
            references.case(f"{transport}-{label}", image, signed, form, "accept",
                            about=f"A {transport} image has a reference: {form or 'the default'} compares it.")
        references.case(f"{transport}-other-tag", image, f"{NAME}:1.4.3", None, "reject")


def _names(references):
    """The name of the image asks; a digest in it is checked first."""
    other = "@sha256:" + "00" * 32
    references.case("digest-of-other-manifest", f"docker://{NAME}{other}", f"{NAME}{other}", None, "reject", code="manifest-digest-mismatch",
                    about="A digest reference is checked against the manifest before any signature.")
    references.case("digest-of-other-manifest-repository", f"docker://{NAME}{other}", f"{NAME}:1.4.2", "matchRepository", "reject",
                    code="manifest-digest-mismatch", about="A digest reference is checked under every form of identity.")
    references.case("digest-sha512", f"docker://{NAME}@sha512:{'00' * 64}", f"{NAME}:1.4.2", "matchRepository", "reject",
                    code="manifest-digest-mismatch", about="A SHA-512 digest reference is checked, too.")


def _tag_and_digest(references, digest):
    """An image with a tag and a digest, which only containers-storage can name: both must be signed."""
    other = f"@sha256:{'00' * 32}"
    signed = {
        "both": f"{NAME}:1.4.2{digest}",
        "other-digest": f"{NAME}:1.4.2{other}",
        "other-tag": f"{NAME}:1.4.3{digest}",
        "digest": f"{NAME}{digest}",
        "tag": f"{NAME}:1.4.2",
        "another-tag": f"{NAME}:1.4.3",
        "name-only": NAME,
    }
    image = f"{NAME}:1.4.2{digest}"
    for kind, reference in signed.items():
        for label, form in FORMS.items():
            verdict = "accept" if matches(form or "matchRepoDigestOrExact", image, reference) else "reject"
            references.case(f"tag-and-digest-{label}-signed-{kind}", f"{STORE}{image}", reference, form, verdict)
        references.case(f"tag-and-digest-exact-reference-signed-{kind}", f"{STORE}{image}", reference, {"type": "exactReference", "dockerReference": image},
                        "accept" if kind == "both" else "reject")
    remap = {"type": "remapIdentity", "prefix": "mirror.example", "signedPrefix": "registry.example"}
    for kind, reference in signed.items():
        references.case(f"tag-and-digest-remap-signed-{kind}", f"{STORE}mirror.example/app/web:1.4.2{digest}", reference, remap,
                        "accept" if kind == "both" else "reject")
    references.case("tag-and-digest-of-other-manifest", f"{STORE}{NAME}:1.4.2{other}", f"{NAME}:1.4.2{other}", "matchRepository", "reject",
                    code="manifest-digest-mismatch", about="The digest beside a tag is checked against the manifest, too.")
