//! Settings: what is taken, and every problem of what is not. Refuses the network.

use domain::source::{Values, validate};

use super::{Accounts, Config, FIELDS};

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
fn nothing_told_is_the_account_of_the_credentials() {
    let config = Config::read(&values(&[])).unwrap();
    assert_eq!((config.accounts, config.session_name.as_str()), (Accounts::Own, "plimsoll"));
    assert!(config.regions.is_empty() && config.role.is_none());
}

#[test]
fn an_organisation_with_its_role() {
    let told = values(&[
        ("organisation", &["true"]),
        ("role", &["security/plimsoll-read"]),
        ("external_id", &["7f3a-plimsoll"]),
        ("regions", &["eu-west-1", " eu-central-1 ", "eu-west-1", ""]),
        ("endpoint", &["https://aws.example.com"]),
        ("leave_out", &["ecr-public"]),
    ]);
    validate(FIELDS, &told).unwrap();
    let config = Config::read(&told).unwrap();
    assert_eq!(config.accounts, Accounts::Organisation);
    assert_eq!(config.regions, ["eu-west-1", "eu-central-1"]);
    assert_eq!(config.leave_out, ["ecr-public"]);
}

#[test]
fn contradictions_are_told_together() {
    refused(
        &[
            ("organisation", &["true"]),
            ("accounts", &["111122223333"]),
            ("criticality_rules", &["tier=1 -> critical"]),
        ],
        &[
            "`accounts`: is either a list or the whole organisation: empty one of them",
            "`role`: is needed to enter other accounts",
        ],
    );
}

#[test]
fn every_field_says_what_it_expected() {
    refused(
        &[
            ("accounts", &["1111-2222-3333"]),
            ("role", &["arn:aws:iam::111122223333:role/reader"]),
            ("external_id", &["a b"]),
            ("session_name", &["x"]),
            ("regions", &["Frankfurt", "eu-central-1"]),
            ("profile", &["[prod]"]),
            ("endpoint", &["aws.example.com"]),
            ("criticality_rules", &["tier=1"]),
        ],
        &[
            "`accounts`: `1111-2222-3333`: expected an account number of twelve digits",
            "`role`: `arn:aws:iam::111122223333:role/reader`: expected the name of a role, with its path if it has \
             one, without `arn:` and account",
            "`external_id`: `a b`: expected 2 to 1224 letters, digits and +=,.@:/_-",
            "`session_name`: `x`: expected 2 to 64 letters, digits and +=,.@_-",
            "`regions`: `Frankfurt`: expected a region such as eu-central-1",
            "`profile`: `[prod]`: expected the name of a profile",
            "`endpoint`: `aws.example.com`: expected an address that begins with https:// or http://, without \
             credentials",
            "`criticality_rules`: `tier=1` is no rule: expected `tag=value -> low`, `standard` or `critical`",
        ],
    );
}

#[test]
fn services_that_are_left_out_must_exist() {
    let problems = validate(FIELDS, &values(&[("leave_out", &["s3"])])).unwrap_err();
    assert!(problems[0].message.starts_with("`s3`: expected one of "), "{}", problems[0]);
    assert!(problems[0].message.contains("ecr-findings"), "{}", problems[0]);
}
