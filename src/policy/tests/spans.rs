//! Where a policy says what it says.

use std::time::Instant;

use super::*;
use crate::image::ImageName;

const TEXT: &str = r#"{
  "default": [{"type": "reject"}],
  "transports": {
    "docker": {
      "registry.example": [{"type": "reject"}],
      "registry.example/ü\u0070p": [
        {"type": "insecureAcceptAnything"}, {"type": "signedBy", "keyType": "GPGKeys",
         "keyPaths": ["/a", "/b"], "signedIdentity": {"type": "matchRepository"}}
      ],
      "": [{"type": "reject"}]
    },
    "dir": {}
  }
}
"#;

fn scope(transport: &str, scope: &str) -> ScopeName {
    ScopeName {
        transport: Some(transport.to_owned()),
        scope: scope.to_owned(),
    }
}

const DEFAULT: ScopeName = ScopeName {
    transport: None,
    scope: String::new(),
};

/// The text of a place, and where it begins and ends.
fn shown(place: Option<Span>) -> Option<(&'static str, String)> {
    let Span { start, end, bytes } = place?;
    let place = format!(
        "{}:{}-{}:{}",
        start.line, start.column, end.line, end.column
    );
    Some((&TEXT[bytes], place))
}

#[test]
fn scopes_requirements_and_members() {
    let policy = read(TEXT);
    let at = |text, place: &str| Some((text, place.to_owned()));
    let app = scope("docker", "registry.example/üpp");
    for (place, expected) in [
        (
            policy.place_of_scope(&DEFAULT),
            at("\"default\"", "2:3-2:12"),
        ),
        (
            policy.place_of_scope(&scope("docker", "registry.example")),
            at("\"registry.example\"", "5:7-5:25"),
        ),
        (
            policy.place_of_scope(&app),
            at("\"registry.example/ü\\u0070p\"", "6:7-6:34"),
        ),
        (
            policy.place_of_scope(&scope("docker", "")),
            at("\"\"", "10:7-10:9"),
        ),
        (policy.place_of_scope(&scope("docker", "none")), None),
        (policy.place_of_scope(&scope("oci", "")), None),
        (
            policy.place_of_transport("dir"),
            at("\"dir\"", "12:5-12:10"),
        ),
        (policy.place_of_transport("oci"), None),
        (
            policy.place_of_requirement(&DEFAULT, 0),
            at("{\"type\": \"reject\"}", "2:15-2:33"),
        ),
        (policy.place_of_requirement(&DEFAULT, 1), None),
        (
            policy.place_of_requirement(&app, 0),
            at("{\"type\": \"insecureAcceptAnything\"}", "7:9-7:43"),
        ),
        (
            policy.place_of_member(&app, 1, "/type"),
            at("\"signedBy\"", "7:54-7:64"),
        ),
        (
            policy.place_of_member(&app, 1, "/keyPaths/1"),
            at("\"/b\"", "8:29-8:33"),
        ),
        (
            policy.place_of_member(&app, 1, "/signedIdentity/type"),
            at("\"matchRepository\"", "8:63-8:80"),
        ),
        (policy.place_of_member(&app, 1, "/keyPaths/2"), None),
        (policy.place_of_member(&app, 1, "/keyPath"), None),
        (policy.place_of_member(&app, 0, "/type/x"), None),
    ] {
        assert_eq!(shown(place), expected);
    }
    assert_eq!(
        policy.place_of_member(&app, 1, ""),
        policy.place_of_requirement(&app, 1)
    );
    assert_eq!(
        app.json_path(),
        "transports.docker[\"registry.example/üpp\"]"
    );
    assert_eq!(DEFAULT.json_path(), "default");
    let line = policy
        .line_text(&policy.place_of_scope(&app).unwrap())
        .unwrap();
    assert_eq!(line.text, "      \"registry.example/ü\\u0070p\": [");
}

#[test]
fn from_an_image_to_the_line() {
    let policy = read(TEXT);
    for (image, line) in [
        ("docker://registry.example/other:1", 5),
        ("docker://elsewhere.example/app:1", 10),
        ("docker-archive:/a.tar", 2),
    ] {
        let image = ImageName::parse(image).unwrap();
        let applied = policy.requirements_for(&image);
        let place = policy.place_of_scope(&applied.scope().name()).unwrap();
        assert_eq!(place.start.line, line, "{image}");
    }
}

#[test]
fn places_are_no_part_of_what_a_policy_says() {
    let policy = read(TEXT);
    let made = read(&policy.to_json());
    assert_eq!(policy, made);
    assert_ne!(
        policy.place_of_scope(&DEFAULT),
        made.place_of_scope(&scope("docker", ""))
    );
    let built = Policy::new(Requirement::Reject);
    assert_eq!(built.place_of_scope(&DEFAULT), None);
    assert_eq!(built.place_of_transport("docker"), None);
    assert_eq!(built.place_of_requirement(&DEFAULT, 0), None);
    assert_eq!(built.place_of_member(&DEFAULT, 0, "/type"), None);
    let place = policy.place_of_scope(&DEFAULT).unwrap();
    assert_eq!(built.line_text(&place), None);
    assert!(!format!("{policy:?}").contains("transports\\\""));
    assert_eq!(policy.clone().place_of_scope(&DEFAULT), Some(place));
}

#[test]
fn a_hundred_thousand_places_cost_little() {
    // In one line, so that no place is near the beginning of its own.
    let mut text =
        "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {".to_owned();
    for index in 0..100_000 {
        text.push_str(&format!(
            "\"h{index}.example\": [{{\"type\": \"reject\"}}],"
        ));
    }
    let list = "{\"type\": \"reject\"},".repeat(20_000);
    text.push_str(&format!("\"end\": [{list}{{\"type\": \"reject\"}}]}}}}}}"));
    let policy = read(&text);
    let start = Instant::now();
    for index in 0..100_000 {
        let scope = scope("docker", &format!("h{index}.example"));
        let place = policy.place_of_requirement(&scope, 0).unwrap();
        assert_eq!(place.start.column, place.bytes.start + 1);
    }
    let end = scope("docker", "end");
    for index in 0..20_001 {
        assert!(policy.place_of_requirement(&end, index).is_some());
    }
    // Hours, if each place were looked for from the beginning.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
