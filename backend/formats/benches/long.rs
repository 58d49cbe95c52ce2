//! What it costs to read a document of a gigabyte from a file, against a bare typed `serde_json` pass that streams through
//! the same file and keeps nothing, in the same run: time, and memory at its highest.
//!
//! Targets: at most twice the time, and less than 500 MB resident. Refuses to run without `--bench`: it writes a gigabyte.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark may fail loudly and prints its result"
)]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use formats::Limits;
use formats::large::Source;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

mod made;
use made::{Vulnerability, finding, weigh};

/// Bytes of a document.
const SIZE: usize = 1 << 30;
/// Different vulnerabilities: more than all tools together find in a fleet.
const VULNERABILITIES: usize = 30_000;
/// Different packages.
const PACKAGES: usize = 20_000;
/// Most megabytes resident.
const MEMORY: usize = 500;

struct InFile(PathBuf);

impl Source for InFile {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(&self.0)?))
    }
}

/// A list that is read and not kept.
struct Passed<T>(usize, PhantomData<T>);

trait Weight {
    fn weight(&self) -> usize;
}

impl<'de, T: Deserialize<'de> + Weight> Deserialize<'de> for Passed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Weight> Visitor<'de> for Each<T> {
            type Value = usize;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
                let mut weight = 0;
                while let Some(element) = list.next_element::<T>()? {
                    weight += element.weight();
                }
                Ok(weight)
            }
        }
        deserializer.deserialize_seq(Each(PhantomData::<T>)).map(|weight| Self(weight, PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    vulnerabilities: Passed<Vulnerability>,
}

impl Weight for Vulnerability {
    fn weight(&self) -> usize {
        weigh(self)
    }
}

#[derive(Deserialize)]
struct Bom {
    components: Passed<Component>,
}

/// Every field that the mapping keeps, owned.
#[derive(Deserialize)]
struct Component {
    #[serde(rename = "bom-ref")]
    reference: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    version: String,
    purl: String,
    licenses: Vec<Licence>,
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Licence {
    license: Id,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Property {
    name: String,
    value: String,
}

impl Weight for Component {
    fn weight(&self) -> usize {
        let texts = [&self.reference, &self.kind, &self.name, &self.version, &self.purl];
        texts.iter().map(|text| text.len()).sum::<usize>()
            + self.licenses.iter().map(|one| one.license.id.len()).sum::<usize>()
            + self.properties.iter().map(|one| one.name.len() + one.value.len()).sum::<usize>()
    }
}

fn trivy(out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(br#"{"SchemaVersion":2,"ArtifactName":"registry.example.com/big:1","ArtifactType":"container_image","#)?;
    out.write_all(br#""Metadata":{"OS":{"Family":"debian","Name":"12.9"}},"Results":[{"Target":"big","Class":"os-pkgs","#)?;
    out.write_all(br#""Type":"debian","Vulnerabilities":["#)?;
    let mut written = 0;
    for number in 0_usize.. {
        let mut text = String::new();
        finding(&mut text, number.wrapping_mul(7) % VULNERABILITIES, number % PACKAGES);
        if written > 0 {
            out.write_all(b",")?;
        }
        out.write_all(text.as_bytes())?;
        written += text.len();
        if written > SIZE {
            break;
        }
    }
    out.write_all(b"]}]}")
}

/// Components as Syft writes them, with their digests, places and properties; and what needs what.
fn cyclonedx(out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(br#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"timestamp":"2026-01-01T00:00:00Z"},"components":["#)?;
    let mut written = 0;
    let mut last = 0;
    for number in 0_usize.. {
        let text = component(number);
        if written > 0 {
            out.write_all(b",")?;
        }
        out.write_all(text.as_bytes())?;
        written += text.len();
        last = number;
        if written > SIZE - SIZE / 10 {
            break;
        }
    }
    out.write_all(br#"],"dependencies":["#)?;
    for number in 0..last {
        let comma = if number == 0 { "" } else { "," };
        write!(
            out,
            r#"{comma}{{"ref":"pkg:npm/lib{number}@1.2.{number}","dependsOn":["pkg:npm/lib{last}@1.2.{last}"]}}"#
        )?;
    }
    out.write_all(b"]}")
}

fn component(number: usize) -> String {
    let mut text = String::new();
    let purl = format!("pkg:npm/lib{number}@1.2.{number}");
    write!(
        text,
        r#"{{"bom-ref":"{purl}","type":"library","name":"lib{number}","version":"1.2.{number}","purl":"{purl}","#
    )
    .expect("writing to a string");
    write!(
        text,
        r#""description":"{}","cpe":"cpe:2.3:a:lib{number}:lib{number}:1.2.{number}:*:*:*:*:*:*:*","#,
        "A made-up library that does one thing. ".repeat(8)
    )
    .expect("writing to a string");
    write!(
        text,
        r#""hashes":[{{"alg":"SHA-512","content":"{number:0128x}"}},{{"alg":"SHA-256","content":"{number:064x}"}}],"#
    )
    .expect("writing to a string");
    text.push_str(r#""licenses":[{"license":{"id":"MIT"}}],"externalReferences":["#);
    for kind in ["website", "vcs", "issue-tracker", "distribution"] {
        let comma = if kind == "website" { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"type":"{kind}","url":"https://code.example.org/libraries/lib{number}/{kind}.html"}}"#
        )
        .expect("writing to a string");
    }
    text.push_str(r#"],"properties":["#);
    for place in 0..8 {
        write!(
            text,
            r#"{{"name":"syft:cpe23","value":"cpe:2.3:a:lib{number}-{place}:lib{number}:1.2.{number}:*:*:*:*:*:*:*"}},"#
        )
        .expect("writing to a string");
    }
    write!(
        text,
        r#"{{"name":"syft:location:0:path","value":"/usr/lib/node_modules/lib{number}/package.json"}}]}}"#
    )
    .expect("writing to a string");
    text
}

/// The most memory that this process had resident since the last call, in megabytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("Linux tells the peak");
    let kilobytes: usize =
        line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number");
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux forgets the peak");
    kilobytes / 1_000
}

fn timed(work: impl FnOnce() -> usize) -> (Duration, usize) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn compare(
    kind: &str,
    folder: &Path,
    write: impl Fn(&mut BufWriter<File>) -> io::Result<()>,
    bare: fn(BufReader<File>) -> usize,
) {
    let path = folder.join(kind);
    let mut out = BufWriter::new(File::create(&path).expect("a file"));
    write(&mut out).and_then(|()| out.flush()).expect("room on the disk");
    let size = path.metadata().expect("it is there").len();
    let limits = Limits { size: usize::MAX, ..Limits::default() };
    peak();
    let (ours, entries) = timed(|| {
        let read = formats::large::read(&InFile(path.clone()), limits)
            .expect("it is well-formed")
            .expect("it streams");
        assert_eq!(read.format.kind, kind);
        read.parsed.entries.max(read.parsed.listed_components)
    });
    let resident = peak();
    let (bare, weight) =
        timed(|| bare(BufReader::with_capacity(1 << 20, File::open(&path).expect("it is there"))));
    assert!(weight > 0);
    std::fs::remove_file(&path).expect("it is there");
    println!(
        "{kind} {:.2} GB, {entries} entries: read {ours:.1?}, bare streaming serde_json {bare:.1?}, ratio {:.2} (target 2.00); \
         resident {resident} MB (target {MEMORY})",
        size as f64 / 1e9,
        ours.as_secs_f64() / bare.as_secs_f64(),
    );
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    compare("trivy-json", folder.path(), trivy, |file| {
        let report: Report = serde_json::from_reader(file).expect("it is well-formed");
        report.results.iter().map(|result| result.vulnerabilities.0).sum()
    });
    compare("cyclonedx-json", folder.path(), cyclonedx, |file| {
        let bom: Bom = serde_json::from_reader(file).expect("it is well-formed");
        bom.components.0
    });
}
