//! `--mapping` of `plimsoll inspect` and `plimsoll ingest`: out of a file, without a database where none is needed, or by the
//! name of a mapping that is saved.

use std::path::Path;

use domain::mapping::ColumnMapping;
use serde_json::{Value, json};
use store::{Options, Store};
use tests::documents::{digest, tar};
use tests::run::{Ended, run};

const MAPPING: &str = r#"{"tool":"Our Scanner","columns":{"WHAT":"title","How bad":"severity","Of":"image","Notes":"vulnerability"}}"#;

fn table() -> String {
    let of = format!("registry.example.com/shop/web@{}", digest("web"));
    format!("What,How bad,Of,Notes,Mine\nReads too much,HIGH,{of},CVE-2026-1,=cmd()\nOpen door,low,{of},,\n")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.csv"), table()).unwrap();
    std::fs::write(folder.path().join("mapping.json"), MAPPING).unwrap();
    folder
}

fn inspect(folder: &Path, more: &[&str]) -> Ended {
    run(folder, ["inspect", "--json", "own.csv"].into_iter().chain(more.iter().copied()))
}

/// The file names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[track_caller]
fn check_read(line: &Value) {
    assert_eq!(
        (&line["error"], &line["kind"], &line["tool"], &line["counts"]["findings"]),
        (&Value::Null, &json!("generic-csv"), &json!("our-scanner"), &json!(2)),
        "{line}"
    );
    assert_eq!(line["target"]["digest"], digest("web"), "{line}");
}

#[test]
fn what_a_document_would_say_is_told_without_a_database() {
    let folder = folder();
    let refused = inspect(folder.path(), &[]).expect(1).line();
    assert!(refused["error"].as_str().unwrap().starts_with("no known format"), "{refused}");
    let line = inspect(folder.path(), &["--mapping", "mapping.json"]).expect(0).line();
    check_read(&line);
    let odd = line["warnings"].to_string();
    assert!(odd.contains("the column `Mine` is not mapped"), "{odd}");
    assert_eq!(names(folder.path()), ["mapping.json", "own.csv"], "no database was made");

    let told = run(folder.path(), ["inspect", "own.csv", "--mapping", "mapping.json"]).expect(0).out;
    assert!(told.contains("generic-csv by our-scanner") && told.contains("2 findings"), "{told}");
}

#[test]
fn every_file_of_an_archive_is_read_by_it() {
    let folder = folder();
    let archive = tar(&[("a.csv", table().as_bytes()), ("b.txt", b"prose")]);
    std::fs::write(folder.path().join("own.csv"), archive).unwrap();
    let lines = inspect(folder.path(), &["--mapping", "mapping.json"]).expect(1).lines();
    check_read(&lines[1]);
    assert!(lines[2]["error"].as_str().unwrap().starts_with("only a table"), "{}", lines[2]);
}

#[test]
fn what_is_no_mapping_is_an_error() {
    let folder = folder();
    std::fs::write(folder.path().join("wrong.json"), r#"{"columns":{"What":"colour"}}"#).unwrap();
    for (told, sentence) in [
        ("wrong.json", "gives a column the meaning `colour`"),
        ("absent.json", "no file is at `absent.json`, and there is no database at"),
        (".", "cannot be read"),
    ] {
        let ended = inspect(folder.path(), &["--mapping", told]).expect(2);
        assert!(ended.err.contains(sentence) && ended.out.is_empty(), "{told}: {}{}", ended.err, ended.out);
    }
    assert_eq!(names(folder.path()), ["mapping.json", "own.csv", "wrong.json"], "no database was made");
}

#[tokio::test]
async fn a_saved_mapping_is_known_by_its_name() {
    let folder = folder();
    run(folder.path(), ["migrate"]).expect(0);
    let url = format!("sqlite://{}", folder.path().join("plimsoll.db").display());
    let store = Store::connect(&url, &Options::default()).await.unwrap();
    let mapping: ColumnMapping = serde_json::from_str(MAPPING).unwrap();
    let tx = store.begin().await.unwrap();
    store::save::mappings::save(&tx, "our table", &mapping, chrono::Utc::now()).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await.unwrap();

    check_read(&inspect(folder.path(), &["--mapping", "our table"]).expect(0).line());
    let ended = inspect(folder.path(), &["--mapping", "their table"]).expect(2);
    assert!(ended.err.contains("no mapping is saved as `their table`"), "{}", ended.err);

    let line = run(folder.path(), ["ingest", "--json", "own.csv", "--mapping", "our table"]).expect(0).line();
    check_read(&line);
    assert_eq!(line["added"], json!(2), "{line}");
    let ended = run(folder.path(), ["ingest", "own.csv", "--mapping", "their table"]).expect(2);
    assert!(ended.err.contains("no mapping is saved as `their table`"), "{}", ended.err);
}

#[test]
fn a_table_that_is_mapped_again_says_only_what_it_says_now() {
    let folder = folder();
    let ingest = |mapping: &str| {
        std::fs::write(folder.path().join("mapping.json"), mapping).unwrap();
        let ended = run(folder.path(), ["ingest", "--json", "own.csv", "--mapping", "mapping.json"]);
        let line = ended.expect(0).line();
        ["added", "closed", "unchanged"].map(|key| line[key].as_u64().unwrap())
    };
    assert_eq!(ingest(MAPPING), [2, 0, 0]);
    assert_eq!(ingest(&MAPPING.replace("\"vulnerability\"", "\"beside\"")), [1, 1, 1]);
    assert_eq!(ingest(MAPPING), [1, 1, 1], "and back");
}
