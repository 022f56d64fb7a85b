use crate::engine::{EngineKind, Explained, Finding};
use crate::json_output;
use crate::testing::findings;

#[test]
fn every_finding_is_an_object_that_the_schema_knows() {
    let mut codes = std::collections::BTreeSet::new();
    for finding in findings() {
        let json = json_output::of(&Explained::from(&finding), "finding");
        assert_eq!(json["code"], finding.code());
        assert_eq!(json["message"], finding.to_string());
        assert_eq!(json["remedy"], finding.remedy());
        assert!(codes.insert(finding.code()), "{finding}: not its own code");
    }
}

#[test]
fn no_remedy_would_build_in_what_this_program_has() {
    // That an engine is not compiled in is told of no engine that is.
    let others = findings()
        .into_iter()
        .filter(|finding| !matches!(finding, Finding::NotCompiledIn { .. }));
    for finding in others {
        let remedy = finding.remedy();
        for kind in EngineKind::DEFAULT_ORDER {
            let build = format!("build with the feature `{}`", kind.feature());
            let using = format!("this program's engine {kind},");
            assert!(
                !kind.is_compiled_in() || !remedy.contains(&build),
                "{remedy}"
            );
            assert!(
                kind.is_compiled_in() || !remedy.contains(&using),
                "{remedy}"
            );
        }
    }
}
