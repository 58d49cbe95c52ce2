//! What is empty and what is not, data in, data out.

use super::{KIND, recognise};
use crate::test_support::messages;
use crate::{Head, Limits, read};

#[test]
fn an_empty_list_or_object_says_nothing() {
    for (bytes, what) in [
        (&include_bytes!("fixtures/none.json")[..], "list"),
        (&include_bytes!("fixtures/one.json")[..], "object"),
        (&include_bytes!("fixtures/many.json")[..], "list"),
    ] {
        let read = read(bytes, Limits::default()).unwrap();
        assert_eq!((read.format.kind, read.parsed.tool.as_ref()), (KIND, None));
        assert_eq!((read.parsed.entries, read.parsed.skipped, read.parsed.observations.len()), (0, 0, 0));
        let told = format!(
            "an empty {what} names neither the tool that wrote it nor what was looked at, so nothing counts as \
             checked: submit a report that names its image"
        );
        assert_eq!(messages(&read.parsed), [told.as_str()]);
    }
}

#[test]
fn what_holds_anything_is_not_empty() {
    for text in [
        "[[]]",
        "[{}]",
        "[null]",
        r#"["not","a","document"]"#,
        r#"{"a":1}"#,
        "[",
        "{",
        "[}",
        "null",
        "{}\n{}",
        "[] [1]",
    ] {
        assert!(!recognise(&Head::new(text.as_bytes())), "{text}");
    }
    for text in ["[]", "{}", " [\n\t] \r\n", "{ }"] {
        assert!(recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn what_follows_is_refused_where_it_stands() {
    let error = read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err().to_string();
    assert_eq!(error, "broken empty-json at byte 3, its outermost value: trailing characters");
}
