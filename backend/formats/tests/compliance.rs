//! What every format must keep to, walked over the registry: names, fixtures, and that no input, cut or
//! mutated, makes one panic. Refuses exceptions: a new format passes all of it or is not finished, and one that keeps
//! nothing has to say so of everything.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use formats::{Error, FORMATS, Head, Limits};

mod fixtures;
mod rounds;

use fixtures::{Fixture, fixtures, folder};
use rounds::{Random, side_by_side};

/// Formats of which nothing can be kept: what they list is counted, and a warning tells what to submit instead.
const COUNTED: &[&str] =
    &["empty-json", "kubescape-summary-json", "ms-defender-machines", "vex-index", "weave-scope-json"];

impl Fixture {
    /// `none`, `one`, `many`, `broken`, `v1_many`: the name up to the first dot.
    fn case(&self) -> &str {
        self.name().split('.').next().unwrap()
    }

    fn is_broken(&self) -> bool {
        self.case().starts_with("broken")
    }
}

/// The fixtures that their names describe: those of reported defects may be anything.
fn described() -> impl Iterator<Item = Fixture> {
    fixtures().into_iter().filter(|fixture| !fixture.case().starts_with("issue"))
}

fn read(bytes: &[u8]) -> Result<formats::Read, Error> {
    formats::read(bytes, Limits::default())
}

#[test]
fn kinds_are_unique_sorted_and_kebab_case() {
    for format in FORMATS {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let kebab = format.kind.split('-').all(|word| !word.is_empty() && word.chars().all(plain));
        assert!(kebab, "{}", format.kind);
        assert!(!format.title.is_empty() && format.docs.starts_with("https://"), "{}", format.kind);
        assert!(format.version > 0, "{}", format.kind);
        assert_eq!(formats::by_kind(format.kind).unwrap().kind, format.kind);
    }
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.kind).collect();
    let mut sorted = kinds.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(kinds, sorted);
}

#[test]
fn every_format_has_its_files() {
    for format in FORMATS {
        let folder = folder(format);
        for name in ["mod.rs", "wire.rs", "map.rs", "tests.rs", "fixtures/README.md"] {
            assert!(folder.join(name).is_file(), "{} lacks {name}", format.kind);
        }
        let cases: Vec<String> = fixtures()
            .iter()
            .filter(|fixture| fixture.format.kind == format.kind)
            .map(|fixture| fixture.case().to_owned())
            .collect();
        for case in ["none", "one", "many", "broken"] {
            assert!(cases.iter().any(|known| known == case), "{} lacks the fixture {case}", format.kind);
        }
    }
}

#[test]
fn every_fixture_is_claimed_by_its_format_alone() {
    for fixture in described() {
        let document = formats::document::open(&fixture.bytes, Limits::default(), |_| Ok(())).unwrap();
        let head = Head::new(&document);
        let claims: Vec<&str> =
            FORMATS.iter().filter(|format| (format.recognise)(&head)).map(|format| format.kind).collect();
        assert_eq!(claims, [fixture.format.kind], "{}", fixture.path.display());
    }
}

#[test]
fn fixtures_read_as_their_names_say() {
    for fixture in described() {
        let result = read(&fixture.bytes);
        let name = fixture.path.display();
        match fixture.case() {
            _ if fixture.is_broken() => {
                let error = result.map(|read| read.parsed).unwrap_err();
                let located = matches!(error, Error::Broken { .. } | Error::Truncated { .. });
                assert!(located, "{name}: {error}");
                assert!(error.to_string().contains(fixture.format.kind), "{name}: {error}");
            }
            case => {
                let parsed = result.unwrap_or_else(|error| panic!("{name}: {error}")).parsed;
                assert!(case != "none" || parsed.entries == 0, "{name}");
                if COUNTED.contains(&fixture.format.kind) {
                    assert!(parsed.observations.is_empty() && !parsed.warnings.is_empty(), "{name}");
                    assert_eq!(parsed.entries, parsed.skipped, "{name}");
                } else {
                    assert!(case == "none" || !parsed.observations.is_empty(), "{name}");
                }
            }
        }
    }
}

#[test]
fn reading_twice_is_equal() {
    for fixture in fixtures() {
        let first = read(&fixture.bytes).map(|read| read.parsed);
        let second = read(&fixture.bytes).map(|read| read.parsed);
        assert_eq!(first, second, "{}", fixture.path.display());
    }
}

#[test]
fn compression_changes_nothing() {
    for fixture in described().filter(|fixture| !fixture.is_broken()) {
        let plain = read(&fixture.bytes).unwrap().parsed;
        let zstd = zstd::encode_all(&fixture.bytes[..], 1).unwrap();
        assert_eq!(read(&zstd).unwrap().parsed, plain, "{}", fixture.path.display());
    }
}

#[test]
fn cut_anywhere_it_never_panics() {
    let described: Vec<Fixture> = described().collect();
    side_by_side(&described, |fixture| {
        let step = (fixture.bytes.len() / 200).max(1);
        for end in (0..fixture.bytes.len()).step_by(step) {
            let cut = &fixture.bytes[..end];
            match read(cut) {
                Ok(read) => assert_eq!(read.format.kind, fixture.format.kind),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
            // A document that is recognised by other means must survive its parser too.
            drop((fixture.format.parse)(cut));
        }
    });
}

#[test]
fn mutated_it_never_panics() {
    const BYTES: &[u8] = b"\"{}[]:,0-9.eE\\nu <>/&;\x00\xff\x80\xc3";
    side_by_side(&fixtures(), |fixture| {
        let mut random = Random::new(fixture.bytes.len() as u64);
        let rounds = if fixture.bytes.is_empty() { 0 } else { 150 };
        for _ in 0..rounds {
            let mut bytes = fixture.bytes.clone();
            for _ in 0..=random.next(4) {
                let at = random.next(bytes.len());
                bytes[at] = BYTES[random.next(BYTES.len())];
            }
            if let Err(error) = read(&bytes) {
                assert!(!error.to_string().contains('\n'), "{error}");
            }
            drop((fixture.format.parse)(&bytes));
        }
    });
}

#[test]
fn a_long_document_is_recognised_by_what_stands_late() {
    let finding = r#"{"VulnerabilityID":"CVE-2025-1","PkgName":"a","InstalledVersion":"1","Severity":"LOW"}"#;
    let list = vec![finding; 2000].join(",");
    let outcome = format!(r#"{{"Vulnerabilities":[{list}],"Target":"a","Class":"lang-pkgs","Type":"npm"}}"#);
    let late = format!(r#"{{"Results":[{outcome}],"SchemaVersion":2,"ArtifactName":"a"}}"#);
    let read = read(late.as_bytes()).unwrap();
    assert_eq!((read.format.kind, read.parsed.entries), ("trivy-json", 2000));
    check_refused(format!(r#"{{"other":[{outcome}],"a":1}}"#).as_bytes(), "the keys `other`");
}

#[track_caller]
fn check_refused(bytes: &[u8], expected: &str) {
    let error = read(bytes).map(|read| read.format.kind).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn what_is_no_report_is_refused_in_one_sentence() {
    check_refused(b"", "empty");
    check_refused(b" \r\n\t", "empty");
    check_refused(b"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML page");
    check_refused(b"{}\n{}", "empty JSON object");
    check_refused(b"[[]]", "JSON array without objects");
    check_refused(b"null", "text that begins with `null`");
    check_refused(b"{\"hello\":\"world\"}", "keys `hello`");
    check_refused(b"\x89PNG\r\n\x1a\n\x00\x00", "no known format");
    check_refused(b"PK\x03\x04rest", "zip archive");
    check_refused(&[b"{\"a\":", "[".repeat(5000).as_bytes()].concat(), "nested deeper than 128 levels");
    check_refused("<a>".repeat(5000).as_bytes(), "no known format");
    check_refused(&zstd::encode_all(&vec![b'['; 300][..], 1).unwrap(), "nested deeper");
}

#[test]
fn compressed_bytes_are_refused_by_their_beginning() {
    let expansion =
        |beginning: &[u8]| zstd::encode_all(&[beginning, &vec![b' '; 1 << 20]].concat()[..], 1).unwrap();
    // The cap would speak first if all of it were expanded.
    let refused = |beginning: &[u8]| {
        let limits = Limits { size: 1 << 20, ..Limits::default() };
        formats::read(&expansion(beginning), limits).unwrap_err().to_string()
    };
    assert!(refused(b"{\"hello\":\"world\",").contains("keys `hello`"));
    assert!(refused(&[0; 200]).contains("binary data"));
    assert!(refused(b"<html><body>").contains("HTML page"));
    assert!(refused(br#"{"SchemaVersion":2,"Results":["#).contains("larger than the cap"));
}

#[test]
fn nesting_bombs_inside_a_report_are_refused() {
    let deep = format!(r#"{{"SchemaVersion":2,"Results":[],"x":{}}}"#, "[".repeat(100_000));
    check_refused(deep.as_bytes(), "nested deeper");
    let limits = Limits { size: 64, ..Limits::default() };
    let long = format!(r#"{{"SchemaVersion":2,"Results":[],"x":"{}"}}"#, "a".repeat(100));
    assert_eq!(formats::read(long.as_bytes(), limits).unwrap_err(), Error::TooLarge { limit: 64 });
}
