//! `plimsoll check` and `plimsoll migrate`: settings and database before anything runs.

use serde_json::json;
use tests::run::{command, finish, run};

#[test]
fn a_password_is_never_shown() {
    let url = "postgres://plimsoll:tide-and-time@127.0.0.1:1/plimsoll";
    let check = |more: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let ended = run(folder.path(), ["check", "--database", url].iter().chain(more)).expect(1);
        let said = format!("{}{}", ended.out, ended.err);
        assert!(!said.contains("tide-and-time"), "{more:?} shows the password:\n{said}");
        if more.contains(&"--show") {
            assert!(said.contains("plimsoll:***@127.0.0.1:1"), "{said}");
        }
    };
    std::thread::scope(|scope| {
        for more in [&["--show"][..], &["--show", "--json"], &[]] {
            scope.spawn(move || check(more));
        }
    });
}

#[test]
fn every_problem_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut check = command(folder.path(), ["check", "--json"]);
    check.env("PLIMSOLL_SERVER_LISTEN", "harbour").env("PLIMSOLL_DATABASE_CONNECTIONS", "many");
    let line = finish(check, None).expect(1).line();
    let problems = line["problems"].to_string();
    for word in ["server.listen", "harbour", "database.connections", "many"] {
        assert!(problems.contains(word), "{word} is not in {problems}");
    }
}

#[test]
fn unknown_settings_are_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wrong.toml"), "[server]\nanchor = 3\n").unwrap();
    let ended = run(folder.path(), ["check", "--config", "wrong.toml"]).expect(1);
    assert!(ended.err.contains("server.anchor"), "{}", ended.err);
}

#[test]
fn flags_override_variables_override_files() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        "[server]\nlisten = \"127.0.0.1:1001\"\n[log]\nlevel = \"warn\"\n[exposure]\nstale_after_days = 3\n";
    std::fs::write(folder.path().join("plimsoll.toml"), file).unwrap();
    let arguments = ["check", "--show", "--json", "--config", "plimsoll.toml", "--database", "sqlite://x.db"];
    let mut check = command(folder.path(), arguments);
    check.env("PLIMSOLL_LOG_LEVEL", "debug").env("PLIMSOLL_DATABASE_URL", "sqlite://y.db");
    let settings = finish(check, None).line()["settings"].clone();
    let value = |key: &str| settings[key]["value"].clone();
    assert_eq!(value("exposure.stale_after_days"), 3);
    assert_eq!(value("log.level"), "debug");
    assert_eq!(value("database.url"), "sqlite://x.db");
}

#[test]
fn a_fresh_database_is_migrated_and_then_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let of =
        |arguments: &[&str]| run(folder.path(), arguments.iter().chain(&["--database", "sqlite://a b.db"]));
    let pending = of(&["migrate", "--dry-run", "--json"]).expect(0).line();
    assert!(!pending["pending"].as_array().unwrap().is_empty(), "{pending}");
    assert_eq!(pending["applied"], json!(false));
    assert!(of(&["check"]).expect(1).err.contains("plimsoll migrate"));
    of(&["migrate"]).expect(0);
    assert_eq!(of(&["migrate", "--json"]).expect(0).line()["pending"], json!([]));
    of(&["check"]).expect(0);
}

#[test]
fn a_database_that_cannot_be_used_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["mysql://localhost/x", "sqlite://absent/directory/x.db"] {
        let ended = run(folder.path(), ["migrate", "--database", url]).expect(2);
        assert!(ended.err.starts_with("error: "), "{}", ended.err);
    }
}
