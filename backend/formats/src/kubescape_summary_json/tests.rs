//! The counts of controls, data in, data out.

use super::{parse, recognise};
use crate::{Head, Parsed};

fn told(parsed: &Parsed) -> Vec<(&str, &str)> {
    parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect()
}

#[test]
fn a_summary_without_controls_says_so() {
    let none = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((none.entries, none.skipped), (0, 0));
    assert_eq!(told(&none), [("controls", "the summary lists no controls")]);
}

#[test]
fn failed_controls_are_counted_and_told() {
    let one = parse(include_bytes!("fixtures/one.json")).unwrap();
    assert_eq!((one.entries, one.skipped, one.observations.len()), (1, 1, 0));
    assert_eq!(
        told(&one),
        [(
            "controls.C-0001",
            "1 finding of Kubescape's controls was set aside: sums name no cluster and no resource that failed, so \
             submit the whole report"
        )]
    );
    let many = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!((many.entries, many.skipped, many.observations.len()), (2, 2, 0));
    assert_eq!(
        told(&many),
        [
            ("controls.C-0004", "a control of the unknown state `undecided` was passed over"),
            (
                "controls.C-0002",
                "2 findings of Kubescape's controls were set aside: sums name no cluster and no resource that \
                 failed, so submit the whole report"
            ),
        ]
    );
}

#[test]
fn says_where_a_summary_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`controls"), "{error}");
}

#[test]
fn a_whole_report_is_refused() {
    for text in [
        r#"{"customerGUID":"1","controls":{},"frameworks":[],"ResourceCounters":{}}"#,
        r#"{"summaryDetails":{"controls":{},"frameworks":[],"ResourceCounters":{}}}"#,
        r#"{"controls":{},"frameworks":[]}"#,
    ] {
        assert!(!recognise(&Head::new(text.as_bytes())), "{text}");
    }
}
