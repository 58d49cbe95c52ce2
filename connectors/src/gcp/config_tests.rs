//! What settings are read as, and every problem of them. Refuses the network.

use domain::source::{Values, validate};

use super::{Config, FIELDS, Projects};

fn values(told: &[(&str, &[&str])]) -> Values {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    told.iter().map(|(name, lines)| ((*name).to_owned(), owned(lines))).collect()
}

fn problems(told: &[(&str, &[&str])]) -> Vec<String> {
    let values = values(told);
    let found = validate(FIELDS, &values).and_then(|()| Config::read(&values).map(drop));
    found.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_told_is_everything_that_is_visible() {
    let config = Config::read(&Values::new()).unwrap();
    assert_eq!(config.projects, Projects::Visible);
    assert!(config.locations.is_empty() && config.leave_out.is_empty() && config.endpoint.is_none());
}

#[test]
fn projects_are_listed_or_found_below_parents() {
    let read = |told: &[(&str, &[&str])]| Config::read(&values(told)).unwrap().projects;
    assert_eq!(
        read(&[("projects", &["shop-prod", " shop-prod ", "lab-dev"])]),
        Projects::Listed(vec!["shop-prod".to_owned(), "lab-dev".to_owned()])
    );
    assert_eq!(
        read(&[("parents", &["folders/21", "organizations/12"])]),
        Projects::Below(vec!["folders/21".to_owned(), "organizations/12".to_owned()])
    );
    assert_eq!(
        problems(&[("projects", &["shop-prod"]), ("parents", &["folders/21"])]),
        ["`projects`: is either a list or everything below `parents`: empty one of them"]
    );
}

#[test]
fn every_line_is_checked() {
    assert_eq!(
        problems(&[
            ("projects", &["Shop", "310000000000"]),
            ("parents", &["folders/shop", "shop"]),
            ("locations", &["Europe West"]),
            ("leave_out", &["ecr"]),
            ("endpoint", &["ftp://example.com"]),
        ]),
        [
            "`projects`: `Shop`: expected the id of a project such as shop-prod, neither its name nor its number",
            "`projects`: `310000000000`: expected the id of a project such as shop-prod, neither its name nor its \
             number",
            "`parents`: `folders/shop`: expected folders/ or organizations/ with a number",
            "`parents`: `shop`: expected folders/ or organizations/ with a number",
            "`locations`: `Europe West`: expected a location such as europe-west1 or europe",
            "`leave_out`: `ecr`: expected one of artifact-analysis, artifact-registry, \
             artifact-registry-attached, cloud-run, gke",
            "`endpoint`: `ftp://example.com`: expected an address that begins with https:// or http://, without \
             credentials",
        ]
    );
    assert_eq!(problems(&[("projects", &["example.com:shop"]), ("locations", &["us", "us-east1"])]), [""; 0]);
}

#[test]
fn rules_are_those_of_tags() {
    assert_eq!(
        problems(&[("criticality_rules", &["tier=1"])]),
        ["`criticality_rules`: `tier=1` is no rule: expected `tag=value -> low`, `standard` or `critical`"]
    );
}
