//! How long the reading of a large report takes, against the least that any reader in Rust must do: a
//! bare typed `serde_json` parse into owned structs of the same document, in the same run.
//!
//! Target: at most twice that. Refuses to compare with numbers of another machine or day.

#![expect(clippy::expect_used, reason = "a benchmark may fail loudly")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use formats::Limits;
use serde::Deserialize;

/// Findings in the report.
const FINDINGS: usize = 10_000;
/// Different vulnerabilities among them, in the proportion that real reports show.
const VULNERABILITIES: usize = 7_000;
/// Different packages.
const PACKAGES: usize = 1_200;
/// Rounds of the comparison.
const ROUNDS: usize = 15;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    artifact_name: String,
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    target: String,
    vulnerabilities: Vec<Vulnerability>,
}

/// Every field that the mapping keeps, owned.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    #[serde(rename = "PkgID")]
    package_id: String,
    pkg_name: String,
    pkg_identifier: Identifier,
    installed_version: String,
    fixed_version: String,
    status: String,
    #[serde(rename = "PrimaryURL")]
    primary_url: String,
    title: String,
    description: String,
    severity: String,
    #[serde(rename = "CweIDs")]
    weaknesses: Vec<String>,
    #[serde(rename = "CVSS")]
    cvss: BTreeMap<String, Cvss>,
    references: Vec<String>,
    published_date: String,
    last_modified_date: String,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(rename = "PURL")]
    purl: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Cvss {
    #[serde(rename = "V3Vector")]
    vector: String,
    #[serde(rename = "V3Score")]
    score: f64,
}

/// A report of about 30 MB in the shape of `trivy image --format json`.
fn report() -> String {
    let mut text = String::with_capacity(32 << 20);
    text.push_str(r#"{"SchemaVersion":2,"CreatedAt":"2026-01-01T00:00:00Z","ArtifactName":"registry.example.com/big:1","#);
    text.push_str(r#""ArtifactType":"container_image","Metadata":{"OS":{"Family":"debian","Name":"12.9"}},"#);
    text.push_str(r#""Results":[{"Target":"registry.example.com/big:1 (debian 12.9)","Class":"os-pkgs","Type":"debian","Vulnerabilities":["#);
    for number in 0..FINDINGS {
        if number > 0 {
            text.push(',');
        }
        finding(&mut text, number % VULNERABILITIES, number % PACKAGES);
    }
    text.push_str("]}]}");
    text
}

/// One finding, indented as Trivy indents.
fn finding(text: &mut String, vulnerability: usize, package: usize) {
    let sentence = "A made-up flaw lets a crafted input write past the end of a buffer, \
                    which may crash the program or run code with its rights. ";
    let written = write!(
        text,
        r#"
        {{
          "VulnerabilityID": "CVE-2025-{vulnerability:05}",
          "PkgID": "lib{package}@1:2.{package}-1",
          "PkgName": "lib{package}",
          "PkgIdentifier": {{
            "PURL": "pkg:deb/debian/lib{package}@2.{package}-1?arch=amd64\u0026distro=debian-12.9\u0026epoch=1",
            "UID": "{package:016x}"
          }},
          "InstalledVersion": "1:2.{package}-1",
          "FixedVersion": "1:2.{package}-1+deb12u1",
          "Status": "fixed",
          "Layer": {{ "DiffID": "sha256:{package:064x}" }},
          "SeveritySource": "debian",
          "PrimaryURL": "https://vuln.example.org/nvd/cve-2025-{vulnerability:05}",
          "DataSource": {{ "ID": "debian", "Name": "Debian Security Tracker", "URL": "https://security.example.org/tracker" }},
          "Title": "lib{package}: heap overflow number {vulnerability}",
          "Description": "{}\n\n{}",
          "Severity": "HIGH",
          "CweIDs": [ "CWE-787", "CWE-122" ],
          "VendorSeverity": {{ "debian": 3, "nvd": 4, "redhat": 2, "ubuntu": 2 }},
          "CVSS": {{
            "nvd": {{ "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8 }},
            "redhat": {{ "V3Vector": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 8.1 }}
          }},
          "References": ["#,
        sentence.repeat(4),
        sentence.repeat(3),
    );
    written.expect("writing to a string");
    for link in 0..11 {
        let comma = if link == 0 { "" } else { "," };
        write!(text, "{comma}\n            \"https://lists.example.org/advisories/{vulnerability}/{link}/message-of-the-list\"")
            .expect("writing to a string");
    }
    text.push_str(
        r#"
          ],
          "PublishedDate": "2025-11-01T13:15:07.9Z",
          "LastModifiedDate": "2025-12-21T06:56:31.04Z"
        }"#,
    );
}

fn bare(document: &[u8]) -> usize {
    let report: Report = serde_json::from_slice(document).expect("the report is well-formed");
    report.artifact_name.len()
        + report
            .results
            .iter()
            .map(|result| result.target.len() + result.vulnerabilities.iter().map(weigh).sum::<usize>())
            .sum::<usize>()
}

/// Touches every field, so that none is optimised away.
fn weigh(found: &Vulnerability) -> usize {
    let texts = [
        &found.id,
        &found.package_id,
        &found.pkg_name,
        &found.pkg_identifier.purl,
        &found.installed_version,
        &found.fixed_version,
        &found.status,
        &found.primary_url,
        &found.title,
        &found.description,
        &found.severity,
        &found.published_date,
        &found.last_modified_date,
    ];
    let scores =
        found.cvss.values().filter(|cvss| cvss.score > 0.0).map(|cvss| cvss.vector.len()).sum::<usize>();
    texts.iter().map(|text| text.len()).sum::<usize>()
        + found.weaknesses.len()
        + found.references.len()
        + scores
}

fn ours(document: &[u8]) -> usize {
    formats::read(document, Limits::default()).expect("the report is well-formed").parsed.entries
}

fn timed(document: &[u8], read: fn(&[u8]) -> usize) -> Duration {
    let start = Instant::now();
    black_box(read(black_box(document)));
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Both readers in turn, so that both see the same machine.
#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn ratio(document: &[u8]) {
    assert_eq!(ours(document), FINDINGS);
    let rounds = || (0..ROUNDS).map(|_| (timed(document, ours), timed(document, bare)));
    let (ours, bare): (Vec<Duration>, Vec<Duration>) = rounds().unzip();
    let (ours, bare) = (median(ours), median(bare));
    println!(
        "trivy-json {:.1} MB, {FINDINGS} findings: read {ours:.1?}, bare typed serde_json {bare:.1?}, ratio {:.2} (target 2.00)",
        document.len() as f64 / 1e6,
        ours.as_secs_f64() / bare.as_secs_f64(),
    );
}

fn parse(criterion: &mut Criterion) {
    let document = report();
    // Without `--bench` this runs once, as a test.
    if std::env::args().any(|argument| argument == "--bench") {
        ratio(document.as_bytes());
    }
    let mut group = criterion.benchmark_group("trivy-json");
    group.throughput(Throughput::Bytes(document.len() as u64)).sample_size(10);
    group.bench_function("read", |bench| bench.iter(|| ours(black_box(document.as_bytes()))));
    group.bench_function("bare", |bench| bench.iter(|| bare(black_box(document.as_bytes()))));
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
