//! What `plimsoll collect` refuses, each in one sentence and without the token.

use std::net::TcpListener;
use std::process::Command;

use tests::run::{Ended, command, finish};

const TOKEN: &str = "plimsoll_push_5ecret";

/// A directory with a source that nobody has to answer for.
fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = "[[sources]]\nname = \"prod\"\nkind = \"aws\"\nregions = [\"eu-central-1\"]\n";
    std::fs::write(folder.path().join("plimsoll.toml"), source).unwrap();
    folder
}

fn collect(folder: &tempfile::TempDir, arguments: &[&str]) -> Command {
    let before = ["--config", "plimsoll.toml", "collect", "--state", "state"];
    let mut command = command(folder.path(), before.iter().chain(arguments));
    command.env("PLIMSOLL_PUSH_TOKEN", TOKEN);
    command
}

#[track_caller]
fn told(command: Command, expected: &[&str]) -> Ended {
    let ended = finish(command, None).expect(2);
    let sentences: Vec<&str> = ended.err.lines().filter(|line| !line.contains("; tried again in ")).collect();
    assert_eq!(sentences.len(), 1, "one sentence: {}", ended.err);
    assert!(sentences[0].starts_with("error: "), "{}", ended.err);
    assert!(expected.iter().all(|text| ended.err.contains(text)), "{expected:?}: {}", ended.err);
    assert!(!ended.err.contains("5ecret") && ended.out.is_empty(), "{}{}", ended.err, ended.out);
    ended
}

#[test]
fn what_the_command_line_says_is_checked_first() {
    let folder = prepared();
    told(
        collect(&folder, &["staging", "--to", "https://p.example"]),
        &["no source `staging`; known are: prod"],
    );
    told(collect(&folder, &["prod", "--to", "http://p.example"]), &["in the clear", "--insecure-http"]);
    told(
        collect(&folder, &["prod", "--to", "p.example"]),
        &["`p.example`: expected an address such as https://"],
    );
    told(collect(&folder, &["prod", "--to", "https://u:5ecret@p.example"]), &["holds a login"]);
    told(
        collect(&folder, &["prod", "--to", "https://p.example", "--token-file", "absent"]),
        &["the token file absent cannot be read", "No such file"],
    );
    let mut without = collect(&folder, &["prod", "--to", "https://p.example"]);
    without.env_remove("PLIMSOLL_PUSH_TOKEN");
    told(
        without,
        &["there is no token", "--token-file", "PLIMSOLL_PUSH_TOKEN", "plimsoll sources token NAME"],
    );
    let mut homeless =
        command(folder.path(), ["--config", "plimsoll.toml", "collect", "prod", "--to", "https://p.example"]);
    homeless.env("PLIMSOLL_PUSH_TOKEN", TOKEN).env_remove("HOME").env_remove("XDG_STATE_HOME");
    told(homeless, &["no home directory", "--state DIRECTORY"]);
    let ended = finish(collect(&folder, &["prod"]), None).expect(2);
    assert!(ended.err.contains("--to <URL>"), "{}", ended.err);
    assert!(!folder.path().join("plimsoll.db").exists(), "it needs no database");
}

#[test]
fn a_server_that_is_none_is_told_before_anything_is_asked() {
    let folder = prepared();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("http://{closed}");
    told(collect(&folder, &["prod", "--to", &address]), &[&address, "cannot be reached", "refused"]);
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let mut command =
        command(folder.path(), ["--config", "plimsoll.toml", "collect", "prod", "--to", &address]);
    command.env("PLIMSOLL_PUSH_TOKEN", TOKEN).args(["--state", "taken/state"]);
    told(command, &["taken/state/collect-prod-", "--state"]);
}
