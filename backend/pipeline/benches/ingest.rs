//! How long an ingest takes, as ratios to limits taken in the same run: the parse of the same bytes, and a
//! raw insert of the same finding rows. Run with `cargo bench -p pipeline --bench ingest`; PostgreSQL is
//! measured where `PLIMSOLL_TEST_POSTGRES_URL` names a server.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at what it cannot read")]

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use domain::id::{FindingId, ImageId};
use pipeline::ingest;
use store::Store;
use store::save::findings::{self, New, State};
use store::test_support::{self, TestDatabase};

const FINDINGS: usize = 10_000;
const SIZE: u64 = 512 << 20;
const ROUNDS: usize = 3;
/// Asks for the measurement of memory alone.
const MEMORY: &str = "--memory";

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if std::env::args().any(|argument| argument == MEMORY) {
        return runtime.block_on(memory());
    }
    // In a process of its own, which has done nothing else.
    let alone =
        std::process::Command::new(std::env::current_exe().unwrap()).args(["--bench", MEMORY]).status();
    assert!(alone.unwrap().success());
    runtime.block_on(async {
        let report = report(FINDINGS, "2026-01-01T00:00:00Z", 30 << 20);
        say(&format!("report: {FINDINGS} findings, {} MB", report.len() >> 20));
        let parse = best(|| drop(formats::read(&report, formats::Limits::default()).unwrap()));
        say(&format!("parse: {} ms", parse.as_millis()));
        for make in [Some(test_support::sqlite().await), test_support::postgres().await].into_iter().flatten()
        {
            measure(make, &report, parse).await;
        }
    });
}

async fn measure(database: TestDatabase, report: &[u8], parse: Duration) {
    let store = &database.store;
    let raw = raw_insert(store).await;
    let started = Instant::now();
    take(store, report.to_vec()).await;
    let first = started.elapsed();
    let mut equal = Duration::MAX;
    for round in 0..ROUNDS {
        let date = format!("2026-02-{:02}T00:00:00Z", round + 1);
        let again = String::from_utf8_lossy(report).replacen("2026-01-01T00:00:00Z", &date, 1).into_bytes();
        let started = Instant::now();
        take(store, again).await;
        equal = equal.min(started.elapsed());
    }
    let started = Instant::now();
    take(store, report.to_vec()).await;
    let same = started.elapsed();
    let ratio = |time: Duration, limit: Duration| time.as_secs_f64() / limit.as_secs_f64();
    say(&format!("{}:", store.product()));
    say(&format!("  raw insert of the finding rows: {} ms", raw.as_millis()));
    say(&format!(
        "  ingest: {} ms = {:.2} x (parse + raw insert), limit 5",
        first.as_millis(),
        ratio(first, parse + raw)
    ));
    say(&format!("  equal rescan: {} ms = {:.2} x parse, limit 1.5", equal.as_millis(), ratio(equal, parse)));
    say(&format!("  same bytes: {} ms = {:.2} x parse, limit 1.5", same.as_millis(), ratio(same, parse)));
    database.drop_database().await;
}

/// Resident memory after a report of 50 MB.
async fn memory() {
    let database = test_support::sqlite().await;
    let before = resident();
    take(&database.store, report(FINDINGS, "2026-01-01T00:00:00Z", 50 << 20)).await;
    say(&format!("memory: {before} MB before and {} MB after a report of 50 MB, limit 300", resident()));
    database.drop_database().await;
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) >> 10
}

async fn take(store: &Store, bytes: Vec<u8>) {
    let provenance = Provenance {
        name: "report.json".to_owned(),
        source: "bench".to_owned(),
        image: None,
        cluster: None,
        as_of: now(),
    };
    let outcome = ingest::ingest(store, bytes, &provenance, SIZE, now()).await.unwrap();
    assert_eq!(outcome.error(), None);
    assert_eq!(outcome.inspection.counts.findings, FINDINGS);
}

/// The same number of finding rows on an image of their own, in one transaction.
async fn raw_insert(store: &Store) -> Duration {
    let image = ImageId::derived(&[b"raw"]);
    let ids: Vec<String> = (0..FINDINGS).map(|number| format!("CVE-2026-{number:05}")).collect();
    let mut rows: Vec<New<'_>> = ids
        .iter()
        .map(|id| New {
            state: State {
                id: FindingId::derived(&[id.as_bytes()]),
                severity: 1,
                fix_state: "fixed".to_owned(),
                fix_version: "1.1".to_owned(),
                suppressed: false,
                fix_seen_at: Some(0),
                open: true,
            },
            class: "vulnerability",
            component: Some(domain::id::Id::derived(&[id.as_bytes()])),
            vulnerability: Some(id),
            subject: "",
            path: "",
            resource: "",
            line: None,
            title: None,
        })
        .collect();
    rows.sort_unstable_by_key(|row| row.state.id);
    let started = Instant::now();
    let tx = store.begin().await.unwrap();
    findings::insert(&tx, image, &rows, 0).await.unwrap();
    tx.commit().await.unwrap();
    started.elapsed()
}

fn best(mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..ROUNDS).map(|_| time(&mut work)).min().unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

/// A Trivy report of about `size` bytes.
fn report(findings: usize, created_at: &str, size: usize) -> Vec<u8> {
    let filler = "A flaw was found in how the library handles a crafted input of this kind. ";
    let description = filler.repeat((size / findings).saturating_sub(1_250) / filler.len());
    let vulnerabilities: Vec<String> =
        (0..findings).map(|number| vulnerability(number, &description)).collect();
    let config = "c".repeat(64);
    let repository = "d".repeat(64);
    format!(
        r#"{{"SchemaVersion":2,"CreatedAt":"{created_at}","ArtifactName":"ghcr.io/acme/api:1",
        "ArtifactType":"container_image","Metadata":{{"OS":{{"Family":"debian","Name":"12"}},
        "ImageID":"sha256:{config}","RepoTags":["ghcr.io/acme/api:1"],
        "RepoDigests":["ghcr.io/acme/api@sha256:{repository}"],
        "ImageConfig":{{"architecture":"amd64","os":"linux"}}}},
        "Results":[{{"Target":"api (debian 12)","Class":"os-pkgs","Type":"debian","Vulnerabilities":[{}]}}]}}"#,
        vulnerabilities.join(",\n")
    )
    .into_bytes()
}

fn vulnerability(number: usize, description: &str) -> String {
    let package = number % 700;
    let links: Vec<String> =
        (0..8).map(|link| format!(r#""https://lists.example.org/advisories/{number}/{link}""#)).collect();
    format!(
        r#"{{"VulnerabilityID":"CVE-2026-{number:05}","PkgID":"package-{package}@1.0","PkgName":"package-{package}",
        "PkgIdentifier":{{"PURL":"pkg:deb/debian/package-{package}@1.0?arch=amd64\u0026distro=debian-12"}},
        "InstalledVersion":"1.0","FixedVersion":"1.1","Status":"fixed","SeveritySource":"debian",
        "PrimaryURL":"https://vuln.example.org/CVE-2026-{number:05}","Title":"package-{package}: flaw {number}",
        "Description":"{description}","Severity":"HIGH","CweIDs":["CWE-787"],
        "CVSS":{{"nvd":{{"V3Vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","V3Score":9.8}}}},
        "References":[{}],"PublishedDate":"2025-11-01T00:00:00Z","LastModifiedDate":"2025-12-01T00:00:00Z"}}"#,
        links.join(",")
    )
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn say(line: &str) {
    println!("{line}");
}
