use super::*;
use crate::policy::ScopeName;

const POLICY: &str = r#"{
  "default": [{"type": "reject"}],
  "transports": {
    "docker": {
      "registry.example.com": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/pki/all.gpg"}],
      "registry.example.com/shop": [
        {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "keys/shop.gpg"}
      ],
      "registry.example.com/shpo/web": [{"type": "reject"}],
      "mirror.example.net:5000": [{"type": "insecureAcceptAnything"}],
      "registry.example.com/old": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "old.gpg"}],
      "busybox": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/pki/hub.gpg"}]
    },
    "dokcer": {"quay.io/team": [{"type": "reject"}]}
  }
}"#;

const SHOP: &str = "docker://registry.example.com/shop/web:1";

fn lint_for(images: &[&str]) -> Lint {
    let images = images.iter().map(|image| super::image(image));
    Lint::new().for_images(images)
}

/// The findings, without those of scopes that no image uses.
fn said_for(images: &[&str]) -> Vec<String> {
    let lint = lint_for(images).allow(LintCode::UnusedScope);
    let report = lint.check(&policy(POLICY));
    json_output::of(&report, "lint");
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn only_what_concerns_the_images_is_told() {
    assert_eq!(
        said_for(&[SHOP]),
        [
            "warning[relative-key-path]: line 7, column 63: `keys/shop.gpg` is looked for from the directory that the \
             program runs in; write the path from `/` on",
            "warning[scope-misses-image]: line 9, column 7: docker://registry.example.com/shop/web:1 does not match \
             `registry.example.com/shpo/web`: a few letters differ; \
             `registry.example.com/shop` in line 6 applies to it; if that was meant for this image, write \
             `registry.example.com/shop/web` in line 9",
        ]
    );
    // What is meant for the image and matches nothing, or is below a transport that is none.
    assert_eq!(
        said_for(&["docker://busybox"]),
        [
            "warning[image-cannot-pass]: line 2, column 15: docker://busybox cannot pass: \
             `reject` rejects every image; give its registry or repository a scope if it is to pass",
            "error[scope-never-matches]: line 12, column 7: `busybox` matches no image: a scope is written in full, \
             with its host; write `docker.io/library/busybox`",
        ]
    );
    assert_eq!(
        said_for(&["docker://quay.io/team/app:1"])[1..],
        [
            "error[unknown-transport]: line 14, column 5: there is no transport `dokcer`, so what is below it applies \
             to no image; write `docker`"
        ]
    );
    // A scope that another of the images uses is written as it is meant.
    let both = said_for(&[SHOP, "docker://registry.example.com/shpo/web:1"]);
    assert!(
        both.iter().all(|told| !told.contains("scope-misses-image")),
        "{both:#?}"
    );
    // Without any image, everything is told, and nothing of images.
    assert_eq!(lint_for(&[]).check(&policy(POLICY)), policy(POLICY).lint());
    assert!(policy(POLICY).lint().images.is_empty());
}

#[test]
fn an_image_that_cannot_pass_by_its_name() {
    let policy = policy(
        r#"{"default": [{"type": "reject"}], "transports": {"docker": {
  "r.example": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/a", "signedIdentity": {"type": "matchExact"}}],
  "s.example": [{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}]}}}"#,
    );
    let digest = format!("docker://r.example/app@sha256:{}", "0".repeat(64));
    let codes = |image: &str| -> Vec<&str> {
        let report = lint_for(&[image])
            .allow(LintCode::UnusedScope)
            .check(&policy);
        report
            .findings
            .iter()
            .map(|finding| finding.code.name())
            .collect()
    };
    let of_scope = "match-exact-refuses-digests";
    assert_eq!(codes("docker://r.example/app:1"), [of_scope]);
    assert_eq!(codes(&digest), [of_scope]);
    // That is told of the requirement, once.
    assert_eq!(
        codes("docker://s.example/app:1"),
        ["requirement-cannot-pass"]
    );
    assert_eq!(codes("docker://quay.io/app:1"), ["image-cannot-pass"]);
}

#[test]
fn scopes_that_no_image_uses() {
    let report = lint_for(&[SHOP]).check(&policy(POLICY));
    let unused = report.findings.iter();
    let unused: Vec<String> = unused
        .filter(|finding| finding.code == LintCode::UnusedScope)
        .map(ToString::to_string)
        .collect();
    let none = |place: &str, scope: &str| {
        format!(
            "note[unused-scope]: {place}: `{scope}` applies to none of the images that were given; remove it if no \
             other image is for it"
        )
    };
    assert_eq!(
        unused,
        [
            "note[unused-scope]: line 5, column 7: `registry.example.com` applies to none of the images that were \
             given: for docker://registry.example.com/shop/web:1 it is `registry.example.com/shop` in line 6; remove \
             it if no other image is for it"
                .to_owned(),
            none("line 10, column 7", "mirror.example.net:5000"),
            none("line 11, column 7", "registry.example.com/old"),
            none("line 12, column 7", "busybox"),
            none("line 14, column 16", "quay.io/team"),
        ]
    );
}

#[test]
fn each_image_is_told_with_the_scope_that_applies() {
    let report = lint_for(&[SHOP, "docker://busybox", "dir:/tmp"]).check(&policy(POLICY));
    let text = report.to_string();
    let lines: Vec<&str> = text.lines().rev().take(3).collect();
    assert_eq!(
        lines,
        [
            "dir:/tmp: the policy's default in line 2 (reject)",
            "docker://busybox: the policy's default in line 2 (reject)",
            "docker://registry.example.com/shop/web:1: docker `registry.example.com/shop` in line 6 (signedBy)",
        ]
    );
}

/// An exception is for the policy: it is not unused because an image was asked about.
#[test]
fn exceptions_hold_whichever_images_are_asked_about() {
    let scope = ScopeName::new(Some("docker"), "registry.example.com/old");
    let exception = LintException::new(LintCode::RelativeKeyPath, "moved soon").in_scope(scope);
    let report = lint_for(&[SHOP]).except(exception).check(&policy(POLICY));
    let unused = report.findings.iter();
    let unused = unused.filter(|finding| finding.code == LintCode::UnusedAllow);
    assert_eq!(unused.count(), 0, "{report}");
}
