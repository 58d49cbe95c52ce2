//! How long an ingest takes, as ratios to limits taken in the same run: the parse of the same bytes, and a
//! raw insert of the same finding rows, on PostgreSQL by `COPY` as well. Run with
//! `cargo bench -p pipeline --bench ingest`; PostgreSQL is measured where `PLIMSOLL_TEST_POSTGRES_URL` names
//! a server.

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
const ROUNDS: usize = 5;
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
        for make in [Some(test_support::sqlite().await), test_support::postgres().await].into_iter().flatten()
        {
            measure(make, &report).await;
        }
    });
}

async fn measure(database: TestDatabase, report: &[u8]) {
    let store = &database.store;
    say(&format!("{}, medians of {ROUNDS} rounds:", store.product()));
    let mut rounds = Vec::new();
    for number in 0..ROUNDS {
        rounds.push(round(&database, report, number).await);
    }
    let median = |of: fn(&Round) -> Duration| {
        let mut times: Vec<Duration> = rounds.iter().map(of).collect();
        times.sort_unstable();
        times[ROUNDS / 2]
    };
    let (parse, insert) = (median(|round| round.parse), median(|round| round.insert));
    let line = |what: &str, time: Duration, limit: Duration, of: &str| {
        let ratio = time.as_secs_f64() / limit.as_secs_f64();
        say(&format!("  {what}: {} ms = {ratio:.2} x {of}", time.as_millis()));
    };
    say(&format!(
        "  parse: {} ms, raw insert of the finding rows: {} ms",
        parse.as_millis(),
        insert.as_millis()
    ));
    let first = median(|round| round.first);
    line("ingest", first, parse + insert, "(parse + raw insert), limit 5");
    if let Some(copy) = median(|round| round.copy.unwrap_or_default()).checked_sub(Duration::from_nanos(1)) {
        line("ingest", first, parse + copy, &format!("(parse + COPY of {} ms), limit 5", copy.as_millis()));
    }
    line("equal rescan", median(|round| round.equal), parse, "parse, limit 1.5");
    line("same bytes", median(|round| round.same), parse, "parse, limit 1.5");
    database.drop_database().await;
}

/// What one round took; everything in it saw the same machine.
struct Round {
    parse: Duration,
    insert: Duration,
    copy: Option<Duration>,
    first: Duration,
    equal: Duration,
    same: Duration,
}

/// A report on an image of its own, taken in, then again with another date, then byte by byte the same.
async fn round(database: &TestDatabase, report: &[u8], number: usize) -> Round {
    let store = &database.store;
    let letter = char::from(b'0' + u8::try_from(number).unwrap());
    let own = |text: String| {
        text.replacen(&"c".repeat(64), &letter.to_string().repeat(64), 1).replacen(
            &"d".repeat(64),
            &format!("a{letter}").repeat(32),
            1,
        )
    };
    let report =
        own(String::from_utf8_lossy(report).replace("CVE-2026-", &format!("CVE-{}-", 2000 + number)));
    let again = report.replacen("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 1).into_bytes();
    let report = report.into_bytes();
    let started = Instant::now();
    drop(formats::read(&report, formats::Limits::default()).unwrap());
    let parse = started.elapsed();
    let insert = raw_insert(store, number).await;
    let copy = raw_copy(database, number).await;
    let timed = async |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        let started = Instant::now();
        take(store, bytes).await;
        started.elapsed()
    };
    let first = timed(&report).await;
    Round { parse, insert, copy, first, equal: timed(&again).await, same: timed(&again).await }
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
async fn raw_insert(store: &Store, number: usize) -> Duration {
    let image = ImageId::derived(&[b"raw", &number.to_le_bytes()]);
    let ids = raw_ids(number);
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

/// The same rows by COPY, on another image.
async fn raw_copy(database: &TestDatabase, number: usize) -> Option<Duration> {
    let image = hexadecimal(ImageId::derived(&[b"copied", &number.to_le_bytes()]).as_bytes());
    let mut lines: Vec<String> = raw_ids(number)
        .iter()
        .map(|id| {
            let finding = hexadecimal(FindingId::derived(&[id.as_bytes()]).as_bytes());
            format!("{image}\t{finding}\tvulnerability\t{finding}\t{id}\t1\tfixed\t1.1\tf\t0\t0\n")
        })
        .collect();
    lines.sort_unstable();
    let rows = lines.concat();
    let started = Instant::now();
    let columns = "findings (image_id, id, class, component_id, vulnerability_id, severity, fix_state, \
                   fix_version, suppressed, fix_seen_at, first_seen_at)";
    let copied = database.copy_in(columns, rows.as_bytes()).await?;
    assert_eq!(copied, FINDINGS as u64);
    Some(started.elapsed())
}

/// Different in each round, as those of the report are.
fn raw_ids(number: usize) -> Vec<String> {
    (0..FINDINGS).map(|index| format!("CVE-{}-{index:05}", 2000 + number)).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(r"\\x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
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
