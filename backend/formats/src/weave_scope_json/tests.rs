//! The counts of topologies, data in, data out.

use super::{parse, recognise};
use crate::{Head, Parsed};

/// Where something was left out, and how it begins.
fn told(parsed: &Parsed) -> Vec<(&str, &str)> {
    parsed
        .warnings
        .iter()
        .map(|warning| (warning.at.as_str(), warning.message.split(" left out").next().unwrap_or_default()))
        .collect()
}

#[test]
fn nodes_are_counted_by_topology_and_told() {
    let none = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((none.entries, none.skipped), (0, 0));
    assert_eq!(told(&none), [("", "no topology of the report has nodes")]);
    let one = parse(include_bytes!("fixtures/one.json")).unwrap();
    assert_eq!((one.entries, one.skipped, one.observations.len()), (1, 1, 0));
    assert_eq!(told(&one), [("Pod", "1 node was")]);
    assert_eq!(one.tool.as_ref().map(|tool| tool.name.as_str()), Some("weave-scope"));
}

#[test]
fn nodes_of_scope_itself_stand_a_level_deeper() {
    let many = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!((many.entries, many.skipped, many.observations.len()), (4, 4, 0));
    assert_eq!(
        told(&many),
        [("Container", "2 nodes were"), ("ContainerImage", "1 node was"), ("Host", "1 node was")]
    );
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Pod`") && error.contains("expected a topology"), "{error}");
}

#[test]
fn single_topologies_are_refused() {
    for text in
        [r#"{"Pod":{},"Host":{},"Container":{}}"#, r#"[{"Pod":{},"Host":{},"Container":{},"Process":{}}]"#]
    {
        assert!(!recognise(&Head::new(text.as_bytes())), "{text}");
    }
}
