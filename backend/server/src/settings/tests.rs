//! Settings from text, without a process around them.

use std::collections::BTreeMap;

use super::layers::Problem;
use super::{Sources, load};

fn with_variables(variables: &[(&str, &str)]) -> Result<super::Settings, Vec<Problem>> {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    load(&Sources { variables, ..Sources::default() })
}

#[test]
fn defaults_are_valid_and_local() {
    let settings = with_variables(&[]).unwrap();
    assert!(settings.listen.ip().is_loopback());
    assert_eq!(settings.stale_after_days, 7);
}

#[test]
fn variables_override_and_flags_override_them() {
    let sources = Sources {
        variables: BTreeMap::from([("PLIMSOLL_SERVER_LISTEN".to_owned(), "127.0.0.1:9000".to_owned())]),
        flags: vec![("server.listen", "127.0.0.1:9001".to_owned())],
        ..Sources::default()
    };
    assert_eq!(load(&sources).unwrap().listen.port(), 9001);
    let settings =
        with_variables(&[("PLIMSOLL_EXPOSURE_SANCTIONED_REGISTRIES", "a.example/x, b.example")]).unwrap();
    assert_eq!(settings.sanctioned_registries, ["a.example/x", "b.example"]);
}

#[test]
fn names_every_problem_at_once() {
    let problems = with_variables(&[
        ("PLIMSOLL_SERVER_LISTEN", "everywhere"),
        ("PLIMSOLL_DATABASE_URL", "mysql://u:secret@h/db"),
        ("PLIMSOLL_EXPOSURE_STALE_AFTER_DAYS", "-3"),
        ("PLIMSOLL_COLOUR", "blue"),
    ])
    .unwrap_err();
    let text: Vec<&str> = problems.iter().map(|problem| problem.0.as_str()).collect();
    assert_eq!(text.len(), 4, "{text:?}");
    assert!(!text.join("\n").contains("secret"), "{text:?}");
}

#[test]
fn shows_origins_without_secrets() {
    let shown = with_variables(&[("PLIMSOLL_DATABASE_URL", "postgres://app:hunter2@db.example/plimsoll")])
        .unwrap()
        .show();
    assert!(
        shown.contains("url = \"postgres://app:***@db.example/plimsoll\"  # PLIMSOLL_DATABASE_URL"),
        "{shown}"
    );
    assert!(!shown.contains("hunter2"));
}

#[test]
fn a_missing_file_is_a_problem() {
    let problems = load(&Sources { file: Some("/nowhere.toml".into()), ..Sources::default() }).unwrap_err();
    assert_eq!(problems, [Problem("settings file /nowhere.toml: there is no such file".to_owned())]);
}
