//! How long the reading of a large report takes, against the least that any reader in Rust must do: a
//! bare typed `serde_json` parse into owned structs of the same document, in the same run.
//!
//! Target: at most twice that. Refuses to compare with numbers of another machine or day.

#![expect(clippy::expect_used, reason = "a benchmark may fail loudly")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use formats::Limits;
use serde::Deserialize;

mod made;
use made::{Vulnerability, finding, weigh};

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

fn bare(document: &[u8]) -> usize {
    let report: Report = serde_json::from_slice(document).expect("the report is well-formed");
    report.artifact_name.len()
        + report
            .results
            .iter()
            .map(|result| result.target.len() + result.vulnerabilities.iter().map(weigh).sum::<usize>())
            .sum::<usize>()
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
