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

const KEY: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9Ti+pZSYhgEN2ZfGq8c7i+3Y0L0F\n\
                   ODNWdWpbbrH9pw+GLsntPbmWYLuDsgL33n5pAUZ6RgM3blMEUSUHNpwdbg==\n-----END PUBLIC KEY-----\n";

#[test]
fn keys_of_signatures_are_files_or_texts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("release.pub");
    std::fs::write(&file, KEY).unwrap();
    let both = format!("{}, {KEY}", file.display());
    let settings = with_variables(&[("PLIMSOLL_SIGNATURES_KEYS", &both)]).unwrap();
    assert!(settings.trust.is_anybody());
    assert!(!with_variables(&[]).unwrap().trust.is_anybody());
}

#[test]
fn what_is_wrong_with_signatures_is_told_at_once() {
    let problems = with_variables(&[
        ("PLIMSOLL_SIGNATURES_KEYS", "/nowhere.pub, -----BEGIN PUBLIC KEY-----"),
        ("PLIMSOLL_SIGNATURES_IDENTITIES", "https://token.example.com"),
    ])
    .unwrap_err();
    let text: Vec<&str> = problems.iter().map(|problem| problem.0.as_str()).collect();
    for words in
        ["names `/nowhere.pub`, which cannot be read", "key number 2", "identity `https://token.example.com`"]
    {
        assert!(text.iter().any(|problem| problem.contains(words)), "{words}: {text:?}");
    }
}
