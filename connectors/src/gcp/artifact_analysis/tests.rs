//! Occurrences by image. Refuses the network.

use serde_json::value::RawValue;

use super::occurrences::{Gathered, document};

fn occurrence(name: &str, image: &str) -> Box<RawValue> {
    let text = format!(r#"{{"name":"{name}","resourceUri":"{image}","unknownToUs":1.50}}"#);
    RawValue::from_string(text).unwrap()
}

#[test]
fn occurrences_stay_as_they_came_in_one_order() {
    let gather = |names: &[&str]| {
        let mut gathered = Gathered::default();
        names.iter().for_each(|name| gathered.add(occurrence(name, "a")));
        assert!(gathered.bytes() > 0);
        gathered.into_occurrences()
    };
    let (one, other) = (gather(&["2", "1"]), gather(&["1", "2"]));
    let told = document([None, one.get("a")]);
    assert_eq!(told, document([None, other.get("a")]));
    let text = String::from_utf8(told).unwrap();
    assert!(
        text.starts_with(r#"{"occurrences":[{"name":"1""#) && text.contains("\"unknownToUs\":1.50"),
        "{text}"
    );
}

#[test]
fn what_was_discovered_and_found_is_one_document() {
    let (mut discoveries, mut findings) = (Gathered::default(), Gathered::default());
    discoveries.add(occurrence("1", "a"));
    findings.add(occurrence("2", "a"));
    findings.add(occurrence("3", "b"));
    let (discoveries, findings) = (discoveries.into_occurrences(), findings.into_occurrences());
    let told = document([discoveries.get("a"), findings.get("a")]);
    let whole: serde_json::Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(whole["occurrences"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_about_nothing_is_left_out() {
    let mut gathered = Gathered::default();
    for text in ["[]", "{}", r#"{"resourceUri": ""}"#] {
        gathered.add(RawValue::from_string(text.to_owned()).unwrap());
    }
    assert!(gathered.into_occurrences().is_empty());
}
