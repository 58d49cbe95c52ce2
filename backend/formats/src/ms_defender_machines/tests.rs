//! The counts of machines, data in, data out.

use super::{parse, recognise};
use crate::Head;
use crate::test_support::messages;

#[test]
fn machines_are_counted_and_told() {
    let none = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((none.entries, none.skipped), (0, 0));
    assert_eq!(messages(&none), ["the list holds no machines"]);
    let one = parse(include_bytes!("fixtures/one.json")).unwrap();
    assert_eq!((one.entries, one.skipped, one.observations.len()), (1, 1, 0));
    assert_eq!(one.tool.as_ref().map(|tool| tool.name.as_str()), Some("ms-defender"));
    assert!(messages(&one)[0].starts_with("1 machine was counted and left out: "));
    let many = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!((many.entries, many.skipped, many.observations.len()), (2, 2, 0));
    assert!(messages(&many)[0].starts_with("2 machines were counted and left out: "));
    assert_eq!(messages(&many)[1], "the list goes on: its next page is missing");
}

#[test]
fn says_where_a_page_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`value[1]`"), "{error}");
}

#[test]
fn a_list_of_vulnerabilities_is_none_of_machines() {
    for text in [
        r#"{"value":[{"cveId":"CVE-2025-10001","machineId":"1"}]}"#,
        r##"{"@odata.context":"https://example.com/api/$metadata#Machines","value":[{"cveId":"CVE-2025-10001"}]}"##,
        r#"{"value":[{"computerDnsName":"a","healthStatus":"Active"}]}"#,
        r##"{"@odata.context":"https://example.com/api/$metadata#Machines"}"##,
    ] {
        assert!(!recognise(&Head::new(text.as_bytes())), "{text}");
    }
}
