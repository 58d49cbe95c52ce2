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

#[test]
fn what_is_deployed_is_started_with_flags_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let deploy = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/deploy");
    for (file, command, flags) in [
        ("kubernetes.yaml", "collect", 4),
        ("helm/plimsoll/templates/collect.yaml", "collect", 5),
        ("helm/plimsoll/templates/serve.yaml", "serve", 3),
    ] {
        let help = run(folder.path(), [command, "--help"]).expect(0).out;
        let text = std::fs::read_to_string(deploy.join(file)).unwrap();
        let used: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- "))
            .filter(|word| word.starts_with("--"))
            .collect();
        assert_eq!(used.len(), flags, "{file}: {used:?}");
        for flag in used {
            assert!(
                help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n")),
                "{file}: {flag}"
            );
        }
        assert!(text.lines().any(|line| line.trim() == format!("- {command}")), "{file}: {command}");
    }
}
