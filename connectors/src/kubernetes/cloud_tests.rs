//! What is told of clouds as a form sends it. Refuses files and the network.

use std::collections::BTreeSet;

use super::*;

fn values(told: &[(&str, &[&str])]) -> Values {
    told.iter()
        .map(|(name, lines)| ((*name).to_owned(), lines.iter().map(|line| (*line).to_owned()).collect()))
        .collect()
}

#[track_caller]
fn refused(told: &[(&str, &[&str])], expected: &[&str]) {
    let problems = Told::read(&values(told)).unwrap_err();
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_told_of_a_cloud_is_what_its_own_source_takes() {
    let words: Vec<&str> = CLOUDS.iter().map(|known| known.connector.about.kind).collect();
    assert_eq!(words, WORDS);
    let told: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
    assert_eq!(told.len(), FIELDS.len(), "a name stands once");
    for known in CLOUDS {
        let all: BTreeSet<&str> = known.connector.about.fields.iter().map(|field| field.name).collect();
        let own: BTreeSet<&str> = known.own.iter().copied().collect();
        assert!(own.is_subset(&all) && own.is_subset(&told), "{own:?}");
    }
    let used: BTreeSet<&str> = CLOUDS.iter().flat_map(|known| known.own.iter().copied()).collect();
    let rest: BTreeSet<&str> = told.difference(&used).copied().collect();
    assert_eq!(rest, BTreeSet::from([WHICH, LEFT]));
}

#[test]
fn without_a_cloud_nothing_is_told_of_one() {
    assert_eq!(
        Told::read(&values(&[("leave_out", &["nodes"]), ("role", &[""]), ("organisation", &["false"])])),
        Ok(None)
    );
    refused(
        &[("role", &["reader"]), (LEFT, &["web"])],
        &[
            "`role`: is told of a cloud: name that in `clusters_of`, or empty it",
            "`leave_out_clusters`: is told of a cloud: name that in `clusters_of`, or empty it",
        ],
    );
}

#[test]
fn a_cloud_takes_its_own_and_judges_it() {
    let told = values(&[
        (WHICH, &["aws"]),
        ("organisation", &["true"]),
        ("role", &["reader"]),
        ("leave_out", &["nodes"]),
        (LEFT, &["web", "shop (eks 111122223333 eu-west-1)"]),
    ]);
    let told = Told::read(&told).unwrap().unwrap();
    assert_eq!(told.values.keys().collect::<Vec<_>>(), ["organisation", "role"]);
    for (name, wanted) in [
        ("web (eks 111122223333 eu-west-1)", false),
        ("shop (eks 111122223333 eu-west-1)", false),
        ("shop (eks 444455556666 eu-west-1)", true),
    ] {
        assert_eq!(told.wants(name), wanted, "{name}");
    }
    refused(
        &[(WHICH, &["aws"]), ("organisation", &["true"])],
        &["`role`: is needed to enter other accounts"],
    );
}

#[test]
fn what_belongs_to_another_cloud_is_refused() {
    let told = values(&[(WHICH, &["gcp"]), ("projects", &["shop-prod"]), (LOCATIONS, &["europe-west1"])]);
    assert_eq!(Told::read(&told).unwrap().unwrap().kind, "gcp");
    refused(
        &[(WHICH, &["gcp"]), ("role", &["reader"]), (LOCATIONS, &["Europe"])],
        &[
            "`role`: is nothing that clusters of gcp are found by: empty it",
            "`locations`: `Europe`: expected a location such as europe-west1 or europe",
        ],
    );
    refused(
        &[(WHICH, &["gcp"]), ("projects", &["shop-prod"]), ("parents", &["folders/1"])],
        &["`projects`: is either a list or everything below `parents`: empty one of them"],
    );
}
