//! `plimsoll inspect`: the same keys for whatever a file turns out to be, and one clear sentence for what
//! cannot be read.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::documents::{Trivy, digest, tar};
use tests::run::{Ended, run, run_with_input};

const KEYS: [&str; 8] = ["counts", "error", "file", "kind", "target", "tool", "tool_version", "warnings"];
const COUNTS: [&str; 7] =
    ["components", "entries", "events", "findings", "records", "statements", "workloads"];
const IMAGE: &str = "registry.example.com/shop/api:1.9";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn inspect(&self, names: &[&str]) -> Ended {
        run(self.path(), ["inspect", "--json"].into_iter().chain(names.iter().copied()))
    }
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// Exactly the keys that the command promises, with values of the right kind.
#[track_caller]
fn check_shape(line: &Value) {
    assert_eq!(keys(line), KEYS, "{line}");
    assert_eq!(keys(&line["target"]), ["digest", "reference"], "{line}");
    assert_eq!(keys(&line["counts"]), COUNTS, "{line}");
    assert!(line["counts"].as_object().unwrap().values().all(Value::is_u64), "{line}");
    assert!(line["warnings"].is_array(), "{line}");
    for key in ["kind", "tool", "tool_version", "error"] {
        assert!(line[key].is_string() || line[key].is_null(), "{key} of {line}");
    }
}

fn report() -> Vec<u8> {
    Trivy::of(IMAGE).with_many(3).bytes()
}

#[test]
fn a_good_report_is_told_in_full() {
    let folder = Folder::new();
    folder.file("report.json", &report());
    let line = folder.inspect(&["report.json"]).expect(0).line();
    check_shape(&line);
    assert_eq!(line["file"], "report.json");
    assert_eq!(line["kind"], "trivy-json");
    assert_eq!(line["tool"].as_str().unwrap().to_lowercase(), "trivy");
    assert_eq!(line["target"], json!({ "reference": IMAGE, "digest": digest(IMAGE) }));
    assert_eq!((&line["counts"]["entries"], &line["counts"]["findings"]), (&json!(3), &json!(3)));
    assert_eq!(line["error"], Value::Null);
}

#[test]
fn packed_reports_say_the_same() {
    let folder = Folder::new();
    folder.file("plain.json", &report());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&report()).unwrap();
    folder.file("report.json.gz", &packed.finish().unwrap());
    folder.file("report.json.zst", &zstd::encode_all(report().as_slice(), 3).unwrap());
    let lines = folder.inspect(&["plain.json", "report.json.gz", "report.json.zst"]).expect(0).lines();
    for line in &lines {
        check_shape(line);
        for key in ["kind", "tool", "target", "counts", "warnings", "error"] {
            assert_eq!(line[key], lines[0][key], "{key} of {}", line["file"]);
        }
    }
    assert_eq!(lines.len(), 3);
}

#[test]
fn what_lies_in_an_archive_is_told_after_it() {
    let folder = Folder::new();
    let archive = tar(&[("scans/a.json", &report()), ("notes.txt", b"no report"), ("../up.json", b"{}")]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&archive).unwrap();
    folder.file("nightly.tar.gz", &packed.finish().unwrap());
    let lines = folder.inspect(&["nightly.tar.gz"]).expect(1).lines();
    lines.iter().for_each(check_shape);
    let told: Vec<_> = lines.iter().map(|line| (line["file"].as_str().unwrap(), &line["kind"])).collect();
    assert_eq!(
        told,
        [
            ("nightly.tar.gz", &json!("archive")),
            ("nightly.tar.gz/scans/a.json", &json!("trivy-json")),
            ("nightly.tar.gz/notes.txt", &Value::Null),
        ]
    );
    assert_eq!((&lines[0]["error"], &lines[0]["counts"]["findings"]), (&Value::Null, &json!(3)));
    let places: Vec<_> =
        lines[0]["warnings"].as_array().unwrap().iter().map(|warning| &warning["at"]).collect();
    assert_eq!(places, ["../up.json", "notes.txt"]);
}

#[test]
fn standard_input_is_read() {
    let folder = Folder::new();
    let line = run_with_input(folder.path(), ["inspect", "--json", "-"], &report()).expect(0).line();
    check_shape(&line);
    assert_eq!((&line["kind"], &line["counts"]["entries"]), (&json!("trivy-json"), &json!(3)));
}

#[test]
fn a_directory_is_walked_in_order() {
    let folder = Folder::new();
    folder.file("scans/b.json", &report());
    folder.file("scans/a/one.json", &report());
    folder.file("scans/.hidden.json", &report());
    let lines = folder.inspect(&["scans"]).expect(0).lines();
    lines.iter().for_each(check_shape);
    let files: Vec<&str> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["scans/a/one.json", "scans/b.json"]);
}

#[track_caller]
fn check_refused(name: &str, bytes: &[u8], words: &[&str]) {
    let folder = Folder::new();
    folder.file(name, bytes);
    let line = folder.inspect(&[name]).expect(1).line();
    check_shape(&line);
    let error = line["error"].as_str().unwrap_or_else(|| panic!("{name} was taken: {line}"));
    for word in words {
        assert!(error.to_lowercase().contains(word), "{name}: `{word}` is not in: {error}");
    }
    assert!(!error.contains('\n'), "{name}: more than one line: {error}");
}

#[test]
fn what_cannot_be_read_gets_one_sentence() {
    let whole = report();
    check_refused("empty.json", b"", &["empty"]);
    check_refused("blank.json", b" \n\t ", &["empty"]);
    check_refused("page.json", b"<!DOCTYPE html><html><body>Sign in</body></html>", &["html"]);
    check_refused("cut.json", &whole[..whole.len() / 2], &["byte"]);
    check_refused("word.json", b"no report at all", &[]);
    check_refused("other.json", br#"{"hello":"world"}"#, &[]);
    check_refused("null.json", &[0; 64], &[]);
    check_refused("deep.json", &[b'['; 100_000], &[]);
    check_refused("broken.json.gz", &[0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], &[]);
    check_refused("broken.json.zst", &[0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4], &[]);
    check_refused("broken.json.xz", b"\xfd7zXZ\0\0\x04", &["xz"]);
    check_refused("broken.zip", b"PK\x03\x04 and no more", &["zip archive", "broken"]);
    check_refused("reports.7z", b"7z\xbc\xaf\x27\x1c....", &["7-zip archive"]);
}

#[test]
fn a_wrong_value_is_named_by_its_place() {
    let mut wrong = Trivy::of(IMAGE).with_many(2).json();
    wrong["Results"][0]["Vulnerabilities"][1]["VulnerabilityID"] = json!({ "not": "text" });
    check_refused("wrong.json", wrong.to_string().as_bytes(), &["vulnerabilities[1]"]);
}

#[test]
fn a_missing_file_is_an_error_and_the_others_are_told() {
    let folder = Folder::new();
    folder.file("report.json", &report());
    let lines = folder.inspect(&["absent.json", "report.json"]).expect(2).lines();
    lines.iter().for_each(check_shape);
    assert!(lines[0]["error"].as_str().unwrap().contains("absent.json"), "{}", lines[0]);
    assert_eq!(lines[1]["error"], Value::Null);
}

#[test]
fn without_json_it_speaks_to_people() {
    let folder = Folder::new();
    folder.file("report.json", &report());
    let told = folder.path().join("report.json");
    let ended = run(folder.path(), ["inspect".as_ref(), told.as_os_str()]).expect(0);
    assert!(ended.out.contains("trivy-json") && ended.out.contains("3 findings"), "{}", ended.out);
    folder.file("page.json", b"<html>no</html>");
    let ended = run(folder.path(), ["inspect", "page.json"]).expect(1);
    assert!(
        format!("{}{}", ended.out, ended.err).to_lowercase().contains("html"),
        "{}{}",
        ended.out,
        ended.err
    );
}
