use std::time::Instant;

use super::*;
use crate::clock::Clock;
use crate::policy::ScopeName;

#[test]
fn levels_and_exceptions() {
    let policy = policy(
        r#"{"default": [{"type": "insecureAcceptAnything"}], "transports": {"docker": {
  "busybox": [{"type": "insecureAcceptAnything"}], "alpine": [{"type": "insecureAcceptAnything"}]}}}"#,
    );
    let codes = |lint: &Lint| -> Vec<String> {
        let report = lint.check(&policy);
        json_output::of(&report, "lint");
        let findings = report.findings.iter();
        findings
            .map(|finding| format!("{} {}", finding.level, finding.code))
            .collect()
    };
    let noon = Clock::Fixed("2026-01-15T12:00:00Z".parse().unwrap());
    let lint = Lint::new().clock(noon);
    let never = "error scope-never-matches";
    assert_eq!(codes(&lint), ["warning unsigned-default", never, never]);
    assert_eq!(
        codes(
            &lint
                .clone()
                .deny(LintCode::UnsignedDefault)
                .note(LintCode::ScopeNeverMatches)
        ),
        [
            "error unsigned-default",
            "note scope-never-matches",
            "note scope-never-matches"
        ]
    );
    assert_eq!(
        codes(&lint.clone().allow(LintCode::UnsignedDefault)),
        [never, never]
    );
    assert_eq!(
        codes(&lint.clone().warn(LintCode::ScopeNeverMatches)),
        [
            "warning unsigned-default",
            "warning scope-never-matches",
            "warning scope-never-matches"
        ]
    );

    let busybox = ScopeName::new(Some("docker"), "busybox");
    let exception = LintException::new(LintCode::ScopeNeverMatches, "known").in_scope(busybox);
    let excepted = lint.clone().except(exception.clone());
    assert_eq!(codes(&excepted), ["warning unsigned-default", never]);
    let [_, left] = &excepted.check(&policy).findings[..] else {
        panic!("two findings");
    };
    assert_eq!(left.scope.as_ref().unwrap().scope, "alpine");

    // At its end an exception is over, and what it was for is told again.
    for (until, codes_then) in [
        (
            "2026-01-15T12:00:01Z",
            &["warning unsigned-default", never][..],
        ),
        (
            "2026-01-15T12:00:00Z",
            &[
                "note unused-allow",
                "warning unsigned-default",
                never,
                never,
            ],
        ),
    ] {
        let exception = exception.clone().until(until.parse().unwrap());
        let mut found = codes(&lint.clone().except(exception));
        found.sort();
        let mut expected = codes_then.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{until}");
    }
    let unused = |exception: LintException| {
        let report = lint.clone().except(exception).check(&policy);
        let mut findings = report.findings.into_iter();
        let unused = findings.find(|finding| finding.code == LintCode::UnusedAllow);
        unused.unwrap().to_string()
    };
    assert_eq!(
        unused(
            exception
                .clone()
                .until("2026-01-15T12:00:00Z".parse().unwrap())
        ),
        "note[unused-allow]: the exception for `scope-never-matches` in the scope busybox of the transport docker ended at \
         2026-01-15T12:00:00Z: `known`; mend what it is for, or give it a later end"
    );
    assert_eq!(
        unused(LintException::new(LintCode::TagNotBound, "nobody\nknows")),
        "note[unused-allow]: the exception for `tag-not-bound` meets nothing: `nobody\\nknows`; remove it"
    );
}

#[test]
fn codes_have_names() {
    for &code in LintCode::ALL {
        assert_eq!(code.name().parse(), Ok(code));
        assert_eq!(code.to_string(), code.name());
    }
    assert_eq!(
        "tag-not-bund".parse::<LintCode>().unwrap_err().to_string(),
        "there is no check `tag-not-bund`; did you mean `tag-not-bound`?"
    );
}

#[test]
fn a_policy_that_was_made_in_code_is_checked_too() {
    let policy = Policy::builder(Requirement::Reject)
        .scope("docker", "busybox", Requirement::Reject)
        .build()
        .unwrap();
    assert_eq!(
        said(&policy),
        [
            "error[scope-never-matches]: `busybox` matches no image: a scope is written in full, with its host; \
          write `docker.io/library/busybox`"
        ]
    );
}

#[test]
fn a_hundred_thousand_scopes_are_checked_in_no_time() {
    let mut text =
        "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {".to_owned();
    for index in 0..50_000 {
        text.push_str(&format!("\"name{index}\": [{{\"type\": \"reject\"}}],"));
        text.push_str(&format!(
            "\"registry.example.com/a{index}b/c\": [{{\"type\": \"reject\"}}],"
        ));
    }
    let list =
        vec![signed_by(r#""keyPath": "/a", "signedIdentity": {"type": "matchRepository"}"#); 5000];
    text.push_str(&format!("\"end.example\": [{}]}}}}}}", list.join(", ")));
    let policy = policy(&text);
    let start = Instant::now();
    let report = policy.lint();
    let near_misses = policy.near_misses(&image("docker://registry.example.com/ab/c"));
    // Hours, if each scope were compared with each.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    assert_eq!((report.findings.len(), report.left_out), (1000, 54_000));
    assert_eq!(report.worst(), Some(LintLevel::Error));
    assert!(report.to_string().ends_with("\nand 54000 more\n"));
    assert_eq!(near_misses.len(), 0);
}
