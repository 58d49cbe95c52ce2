//! Settings: what is taken, and every problem of what is not. Refuses the network.

use domain::source::{Values, validate};

use super::{Config, FIELDS, Subscriptions};

const ONE: &str = "00000001-0000-4000-8000-000000000001";

fn values(values: &[(&str, &[&str])]) -> Values {
    let owned = |told: &[&str]| told.iter().map(|one| (*one).to_owned()).collect();
    values.iter().map(|(name, told)| ((*name).to_owned(), owned(told))).collect()
}

#[track_caller]
fn refused(told: &[(&str, &[&str])], expected: &[&str]) {
    let told = values(told);
    let problems = validate(FIELDS, &told).and_then(|()| Config::read(&told).map(|_| ())).unwrap_err();
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_told_is_every_subscription_of_the_public_cloud() {
    let config = Config::read(&values(&[])).unwrap();
    assert_eq!(config.subscriptions, Subscriptions::Seen);
    assert_eq!(config.endpoint, "https://management.azure.com");
    assert_eq!((config.authority, config.registry_endpoint), (None, None));
}

#[test]
fn a_sovereign_cloud_has_addresses_of_its_own() {
    let told = values(&[("cloud", &["china"]), ("management_group", &["production"])]);
    validate(FIELDS, &told).unwrap();
    let config = Config::read(&told).unwrap();
    assert_eq!(config.endpoint, "https://management.chinacloudapi.cn");
    assert_eq!(config.subscriptions, Subscriptions::Below("production".to_owned()));
    let told = values(&[("endpoint", &["http://127.0.0.1:8080/"]), ("subscriptions", &[ONE, ONE])]);
    let config = Config::read(&told).unwrap();
    assert_eq!(config.endpoint, "http://127.0.0.1:8080");
    assert_eq!(config.subscriptions, Subscriptions::Listed(vec![ONE.to_owned()]));
}

#[test]
fn contradictions_are_told() {
    refused(
        &[("subscriptions", &[ONE]), ("management_group", &["production"])],
        &["`subscriptions`: is either a list or a management group: empty one of them"],
    );
}

#[test]
fn every_field_says_what_it_expected() {
    refused(
        &[
            ("subscriptions", &["my subscription"]),
            ("management_group", &["My Group"]),
            ("locations", &["West Europe"]),
            ("leave_out_registries", &["shop.azurecr.io"]),
            ("credential", &["password"]),
            ("tenant", &["https://example.com"]),
            ("endpoint", &["management.azure.com"]),
            ("criticality_rules", &["tier=1"]),
        ],
        &[
            "`subscriptions`: `my subscription`: expected an id such as 00000000-0000-4000-8000-000000000000",
            "`management_group`: `My Group`: expected the id of a management group, not the name that is shown",
            "`locations`: `West Europe`: expected a location such as westeurope",
            "`leave_out_registries`: `shop.azurecr.io`: expected the name of a registry, without its domain",
            "`credential`: expected one of secret, workload-identity, managed-identity, cli",
            "`tenant`: `https://example.com`: expected the id of a tenant or one of its domains",
            "`endpoint`: `management.azure.com`: expected an address that begins with https:// or http://, without \
             credentials",
            "`criticality_rules`: `tier=1` is no rule: expected `tag=value -> low`, `standard` or `critical`",
        ],
    );
}

#[test]
fn services_that_are_left_out_must_exist() {
    let problems = validate(FIELDS, &values(&[("leave_out", &["ecr"])])).unwrap_err();
    assert!(problems[0].message.starts_with("`ecr`: expected one of aci, acr, "), "{}", problems[0]);
}
