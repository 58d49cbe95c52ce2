//! What an index says, data in, data out.

use super::{parse, recognise};
use crate::Head;
use crate::test_support::messages;

#[test]
fn packages_are_counted_and_the_way_is_told() {
    let none = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((none.entries, none.skipped), (0, 0));
    assert_eq!(messages(&none), ["the index lists no packages"]);
    let one = parse(include_bytes!("fixtures/one.json")).unwrap();
    assert_eq!((one.entries, one.skipped, one.observations.len()), (1, 1, 0));
    assert_eq!(
        messages(&one),
        [
            "an index says where statements on 1 package lie and not what they say: submit the documents themselves, \
          such as `pkg/npm/left/vex.json`"
        ]
    );
    let many = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!((many.entries, many.skipped, many.observations.len()), (3, 3, 0));
    assert!(messages(&many)[0].ends_with("themselves, such as `pkg/oci/right/openvex.json`"), "{many:?}");
}

#[test]
fn says_where_an_index_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`packages[1]`"), "{error}");
}

#[test]
fn other_lists_of_packages_are_refused() {
    for text in [
        r#"{"packages":[]}"#,
        r#"{"packages":[{"id":"pkg:npm/left","location":"a"}]}"#,
        r#"{"version":1,"packages":[{"id":"left","location":"a"}]}"#,
        r#"{"version":1,"packages":[{"id":"pkg:npm/left"}]}"#,
        r#"{"version":1,"metadata":null,"packages":[{"id":"pkg:npm/left","location":"a"}]}"#,
        r#"{"version":1,"updated_at":"2030-01-02T03:04:05Z"}"#,
    ] {
        assert!(!recognise(&Head::new(text.as_bytes())), "{text}");
    }
}
