"""`signedIdentity` of `sigstoreSigned`: the same forms as of `signedBy`, and what cosign signs, which is the repository alone."""

from sigstore_signed import Signing, sigstore_signed
from suites import identity
from workshop import NAME, Suite


def build(workshop):
    suite = Suite("sigstore-identity")
    references = _References(Signing(workshop, suite))
    identity.every_form(references)
    _cosign(references)
    return suite


class _References(identity.References):
    """The same of sigstore."""

    def __init__(self, signing):
        super().__init__(signing.workshop, signing.suite)
        self.signing = signing

    def sign(self, number, signed):
        return self.signing.write(f"references-{number:03d}", self.signing.blob(self.signing.payload(signed)))

    def requirement(self, form):
        return sigstore_signed(self.signing.signer_file, identity=form)


def _cosign(references):
    """cosign signs the repository without tag and digest: only forms that look at nothing else can accept it."""
    digest = references.workshop.digest
    images = {"tag": f"docker://{NAME}:1.4.2", "tag-9": f"docker://{NAME}:9", "latest": f"docker://{NAME}", "digest": f"docker://{NAME}@{digest}"}
    forms = {
        "default": (None, "reject"), "exact": ("matchExact", "reject"), "repo-digest-or-exact": ("matchRepoDigestOrExact", "reject"),
        "repository": ("matchRepository", "accept"),
        "exact-reference": ({"type": "exactReference", "dockerReference": f"{NAME}:1.4.2"}, "reject"),
        "exact-repository": ({"type": "exactRepository", "dockerRepository": NAME}, "accept"),
        "exact-repository-other": ({"type": "exactRepository", "dockerRepository": "registry.example/app/db"}, "reject"),
        "remap": ({"type": "remapIdentity", "prefix": "registry.example", "signedPrefix": "registry.example"}, "reject"),
        "remap-other": ({"type": "remapIdentity", "prefix": "mirror.example", "signedPrefix": "registry.example"}, "reject"),
    }
    for label, (form, verdict) in forms.items():
        for kind, image in images.items():
            references.case(f"cosign-{label}-{kind}", image, NAME, form, verdict,
                            f"cosign signs the repository alone, which {label} {'takes' if verdict == 'accept' else 'does not take'}.")
        references.case(f"cosign-{label}-mirror", "docker://mirror.example/app/web:1.4.2", NAME, form,
                        "accept" if label == "exact-repository" else "reject",
                        f"What cosign signs, on a mirror: {label} {'takes' if label == 'exact-repository' else 'does not take'} it.")
    for name, signed, verdict in (
        ("host", "registry.example", "reject"), ("namespace", "registry.example/app", "reject"), ("longer", f"{NAME}/sub", "reject"),
        ("empty", "", "reject"), ("slash-behind", f"{NAME}/", "reject"), ("scheme", f"https://{NAME}", "reject"), ("transport", f"docker://{NAME}", "reject"),
        ("upper", NAME.upper(), "reject"), ("blank", f"{NAME} ", "reject"), ("port", "registry.example:443/app/web", "reject"),
        ("with-digest", f"{NAME}@{digest}", "accept"), ("with-tag", f"{NAME}:v1", "accept"),
    ):
        for label in ("repository", "exact-repository"):
            references.case(f"cosign-{label}-signed-{name}", images["tag"], signed, forms[label][0], verdict,
                            f"A signature of {signed.replace(digest, 'sha256:…')!r} {'allows' if verdict == 'accept' else 'does not allow'} {NAME} under {label}.", code=None)
