use crate::engine::Explained;
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
