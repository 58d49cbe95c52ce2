//! `plimsoll ingest`: what each document changed, on SQLite and on PostgreSQL.

use std::path::Path;

use serde_json::{Value, json};
use tests::documents::{Trivy, pods, tar};
use tests::run::{Ended, run};

const IMAGE: &str = "registry.example.com/shop/api:1.9";

struct Bench {
    folder: tempfile::TempDir,
    database: String,
}

impl Bench {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("estate.db").display());
        Self { folder, database }
    }

    fn over(database: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: database.to_owned() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ingest(&self, name: &str, bytes: &[u8], more: &[&str]) -> Ended {
        std::fs::write(self.path().join(name), bytes).unwrap();
        let fixed = ["ingest", "--json", "--database", &self.database, name];
        run(self.path(), fixed.into_iter().chain(more.iter().copied()))
    }
}

/// The four numbers of change in a line.
fn changes(line: &Value) -> [u64; 4] {
    ["added", "closed", "unchanged", "unresolved"]
        .map(|key| line[key].as_u64().unwrap_or_else(|| panic!("no {key} in {line}")))
}

fn check_set_difference(bench: &Bench) {
    let first = Trivy::of(IMAGE).with_many(5);
    let line = bench.ingest("first.json", &first.bytes(), &[]).expect(0).line();
    assert_eq!(changes(&line), [5, 0, 0, 0], "{line}");
    let line = bench.ingest("first.json", &first.bytes(), &[]).expect(0).line();
    assert_eq!(changes(&line), [0, 0, 5, 0], "the same again: {line}");

    let newer =
        Trivy::of(IMAGE).made_at("2026-11-21T08:00:00Z").with_many(3).with("CVE-2026-20000", "zlib", "LOW");
    let line = bench.ingest("newer.json", &newer.bytes(), &[]).expect(0).line();
    assert_eq!(changes(&line), [1, 2, 3, 0], "two are gone, one is new: {line}");
}

#[test]
fn a_newer_report_closes_what_is_gone() {
    check_set_difference(&Bench::sqlite());
}

#[tokio::test]
async fn on_postgresql_as_well() {
    let Some(database) = store::test_support::postgres().await else {
        tests::skipped("PLIMSOLL_TEST_POSTGRES_URL is not set");
        return;
    };
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || check_set_difference(&Bench::over(&url))).await.unwrap();
    database.drop_database().await;
}

#[test]
fn the_lines_are_those_of_inspect_and_what_changed() {
    let bench = Bench::sqlite();
    let line = bench.ingest("report.json", &Trivy::of(IMAGE).with_many(2).bytes(), &[]).expect(0).line();
    for key in ["file", "kind", "tool", "tool_version", "target", "counts", "warnings", "error"] {
        assert!(line.get(key).is_some(), "{key} is missing in {line}");
    }
    assert_eq!(line["error"], Value::Null);
    assert_eq!(line["counts"]["findings"], json!(2));
}

#[test]
fn a_document_without_an_image_takes_the_one_given() {
    let bench = Bench::sqlite();
    let nameless = Trivy::nameless().with_many(2).bytes();
    let given = format!("registry.example.com/shop/web@{}", tests::documents::digest("web"));
    let line = bench.ingest("named.json", &nameless, &["--image", &given]).expect(0).line();
    assert_eq!(changes(&line), [2, 0, 0, 0], "{line}");

    let unnamed = Bench::sqlite();
    let line = unnamed.ingest("unnamed.json", &nameless, &[]).expect(0).line();
    assert_eq!(changes(&line)[0], 0, "no image takes them: {line}");
    let wrong = unnamed.ingest("unnamed.json", &nameless, &["--image", "./image.tar"]).expect(2);
    assert!(wrong.err.contains("./image.tar"), "{}", wrong.err);
}

#[test]
fn as_of_dates_documents_that_do_not() {
    let bench = Bench::sqlite();
    let list = pods("api-1", IMAGE).to_string();
    let moment = "2026-11-20T10:00:00Z";
    let line = bench
        .ingest("pods.json", list.as_bytes(), &["--as-of", moment, "--cluster", "prod-eu"])
        .expect(0)
        .line();
    assert_eq!((&line["kind"], &line["counts"]["workloads"]), (&json!("kubernetes"), &json!(1)), "{line}");
    let ended = bench.ingest("pods.json", list.as_bytes(), &["--as-of", "soon"]).expect(2);
    assert!(ended.err.contains("as-of"), "{}", ended.err);
}

#[test]
fn a_refused_document_stops_no_other() {
    let bench = Bench::sqlite();
    std::fs::write(bench.path().join("a-broken.json"), b"{\"SchemaVersion\":2,").unwrap();
    let ended = bench.ingest("b-good.json", &Trivy::of(IMAGE).with_many(1).bytes(), &["a-broken.json"]);
    let lines = ended.expect(1).lines();
    let of = |name: &str| lines.iter().find(|line| line["file"] == name).unwrap();
    assert!(of("a-broken.json")["error"].is_string(), "{lines:?}");
    assert_eq!(changes(of("b-good.json")), [1, 0, 0, 0]);
}

#[test]
fn a_table_is_read_as_a_file_says() {
    let bench = Bench::sqlite();
    let of = format!("registry.example.com/shop/web@{}", tests::documents::digest("web"));
    let table = format!("What,How bad,Of,Notes\nReads too much,HIGH,{of},CVE-2026-1\nOpen door,low,{of},\n");
    let refused = bench.ingest("own.csv", table.as_bytes(), &[]).expect(1).line();
    assert!(refused["error"].is_string(), "{refused}");
    let mapping = r#"{"tool":"Our Scanner","columns":{"What":"title","How bad":"severity","Of":"image","Notes":"vulnerability"}}"#;
    std::fs::write(bench.path().join("mapping.json"), mapping).unwrap();
    let line = bench.ingest("own.csv", table.as_bytes(), &["--mapping", "mapping.json"]).expect(0).line();
    assert_eq!(changes(&line), [2, 0, 0, 0], "{line}");
    assert_eq!((&line["kind"], &line["tool"]), (&json!("generic-csv"), &json!("our-scanner")));
    std::fs::write(bench.path().join("mapping.json"), r#"{"columns":{"What":"colour"}}"#).unwrap();
    let wrong = bench.ingest("own.csv", table.as_bytes(), &["--mapping", "mapping.json"]).expect(2);
    assert!(wrong.err.contains("mapping.json") && wrong.err.contains("`colour`"), "{}", wrong.err);
}

#[test]
fn a_directory_can_be_given() {
    let bench = Bench::sqlite();
    std::fs::create_dir(bench.path().join("scans")).unwrap();
    for name in ["one", "two", "three"] {
        let report = Trivy::of(&format!("registry.example.com/{name}:1")).with_many(2);
        std::fs::write(bench.path().join(format!("scans/{name}.json")), report.bytes()).unwrap();
    }
    let ended = run(bench.path(), ["ingest", "--database", &bench.database, "scans"]).expect(0);
    assert_eq!(ended.out.lines().filter(|line| line.contains("2 added")).count(), 3, "{}", ended.out);
}

#[test]
fn every_document_of_an_archive_is_told() {
    let bench = Bench::sqlite();
    let archive = tar(&[("api.json", &Trivy::of(IMAGE).with_many(2).bytes()), ("page.html", b"<html>")]);
    let lines = bench.ingest("scans.tar", &archive, &[]).expect(1).lines();
    let files: Vec<&str> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["scans.tar", "scans.tar/api.json", "scans.tar/page.html"]);
    assert_eq!(changes(&lines[0]), [2, 0, 0, 0], "what its documents changed: {}", lines[0]);
    assert_eq!(changes(&lines[1]), [2, 0, 0, 0], "{}", lines[1]);
    assert!(lines.iter().all(|line| line["document"].is_string()), "{lines:?}");
    assert!(lines[2]["error"].as_str().unwrap().contains("HTML"), "{}", lines[2]);
}
