//! Help and the three statuses.

use tests::run::run;

const COMMANDS: [&str; 11] =
    ["demo", "serve", "work", "sync", "collect", "sources", "ingest", "inspect", "score", "migrate", "check"];

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let overview = run(folder.path(), ["--help"]).expect(0).out;
    for command in COMMANDS {
        assert!(overview.contains(&format!("\n  {command} ")), "--help does not list {command}:\n{overview}");
        let help = run(folder.path(), [command, "--help"]).expect(0).out;
        assert!(help.contains(&format!("plimsoll {command}")), "{help}");
        for option in ["--json", "--config", "--database"] {
            assert!(help.contains(option), "{command} --help does not tell {option}");
        }
    }
    assert!(overview.contains("Exit status"), "{overview}");
}

#[test]
fn the_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(folder.path(), ["--version"]).expect(0).out;
    assert_eq!(told.trim(), concat!("plimsoll ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_no_command_knows_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [&["founder"][..], &[], &["inspect"], &["ingest", "--as-of", "yesterday", "a.json"]] {
        let ended = run(folder.path(), wrong).expect(2);
        assert!(!ended.err.is_empty(), "{wrong:?} ends without a word");
        assert!(ended.out.is_empty(), "{wrong:?} prints {}", ended.out);
    }
}
