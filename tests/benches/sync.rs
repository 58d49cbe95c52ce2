//! How fast the images of an organisation come through the connector into SQLite, as a ratio to a bare boto3
//! loop over the same emulator in the same run; what memory that takes, and what a second sync writes that
//! finds nothing new. Run with `cargo bench -p tests --bench sync`, after `tests/run` has prepared Python.
//!
//! moto lists repositories and images itself, as it would without our shim.
//!
//! The bare loop makes the calls that list: DescribeRepositories and DescribeImages. The connector makes more:
//! BatchGetImage for the manifests of indexes, without which no image has a platform, the scanning settings of
//! each registry, and a role to assume in each account. A second bare loop asks for the manifests as well.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at what it cannot read")]

use std::time::Instant;

use domain::source::RunState;
use pipeline::sync::{Finished, SyncSettings};
use serde_json::Value;
use store::Store;
use store::test_support;
use tests::aws::{Aws, Estate, large};
use tests::sync::Source;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const IMAGES: u32 = 100_000;
const ROUNDS: usize = 3;
/// Services besides the registries, which the bare loop does not ask either.
const OTHERS: [&str; 11] = [
    "apprunner",
    "batch",
    "ecr-attached",
    "ecr-findings",
    "ecr-public",
    "ecs",
    "eks",
    "guardduty",
    "inspector",
    "lambda",
    "securityhub",
];
/// Tables with a row for an image, or several.
const TABLES: [&str; 5] = ["images", "image_digests", "image_tags", "image_locations", "image_metadata"];

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let Some(aws) = Aws::start() else { return };
    let estate = aws.seed(&large(IMAGES));
    let (images, repositories) = (estate.images, estate.repositories);
    say(&format!("{images} manifests in {repositories} repositories, medians of {ROUNDS} rounds:"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let threads = SyncSettings::default().concurrency.to_string();
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let bare = loops(&aws, &["--threads", "1"]);
        let threaded = loops(&aws, &["--threads", &threads]);
        let ours = runtime.block_on(round(&aws, &estate));
        let manifests = loops(&aws, &["--threads", "1", "--lists", "manifests"]);
        let both = loops(&aws, &["--threads", &threads, "--lists", "manifests"]);
        rounds.push(Round { bare, threaded, manifests, both, ours });
    }
    report(&rounds, &threads);
}

/// Images a second of each loop, and what the sync came to. Everything in it saw the same machine.
struct Round {
    bare: f64,
    threaded: f64,
    manifests: f64,
    both: f64,
    ours: Synced,
}

struct Synced {
    first: Timed,
    second: Timed,
    /// Growth of resident memory at its peak, in MB.
    growth: u64,
    rows: u64,
}

/// One sync.
struct Timed {
    per_second: f64,
    /// Time of this process's processors for a thousand images, in milliseconds.
    processor: f64,
    calls: u64,
    written: u64,
}

async fn round(aws: &Aws, estate: &Estate) -> Synced {
    let database = test_support::sqlite().await;
    let store = &database.store;
    let source = Source::new(store, (aws, estate), &[("leave_out", &OTHERS)], SyncSettings::default()).await;
    let before = memory("VmRSS:");
    let first = timed(&source, estate).await;
    let growth = memory("VmHWM:").saturating_sub(before);
    let second = timed(&source, estate).await;
    let rows = store.number("SELECT COUNT(*) FROM images").await.unwrap().unsigned_abs();
    database.drop_database().await;
    Synced { first, second, growth, rows }
}

async fn timed(source: &Source, estate: &Estate) -> Timed {
    let (written, processor, started) = (written(&source.store), processor(), Instant::now());
    let finished = source.sync().await;
    let seconds = started.elapsed().as_secs_f64();
    let processor = self::processor() - processor;
    whole(&finished);
    Timed {
        per_second: estate.images as f64 / seconds,
        processor: processor * 1e6 / estate.images as f64,
        calls: finished.progress.counts.calls,
        written: self::written(&source.store) - written,
    }
}

fn whole(finished: &Finished) {
    assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
}

fn written(store: &Store) -> u64 {
    TABLES.iter().map(|table| store.rows_written(table)).sum()
}

/// Images a second of a bare loop.
fn loops(aws: &Aws, arguments: &[&str]) -> f64 {
    let output = aws.script("list_loop.py").args(arguments).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["images"], IMAGES);
    f64::from(IMAGES) / told["seconds"].as_f64().unwrap()
}

fn report(rounds: &[Round], threads: &str) {
    let median = |of: &dyn Fn(&Round) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let line = |what: &str, of: &dyn Fn(&Round) -> f64| {
        let ratio = median(&|round| round.ours.first.per_second / of(round));
        say(&format!("  {what}: {:.0} images/s; we reach {ratio:.2} of it", median(of)));
    };
    let ours = median(&|round| round.ours.first.per_second);
    let cost = median(&|round| round.ours.first.processor);
    let calls = median(&|round| round.ours.first.calls as f64);
    say(&format!(
        "  our sync into SQLite: {ours:.0} images/s, {cost:.0} ms of processor a thousand, {calls:.0} calls"
    ));
    line("bare boto3, 1 thread (limit 0.8)", &|round| round.bare);
    line(&format!("bare boto3, {threads} threads"), &|round| round.threaded);
    line("bare boto3 with the manifests of indexes, 1 thread", &|round| round.manifests);
    line(&format!("bare boto3 with the manifests of indexes, {threads} threads"), &|round| round.both);
    let growth = rounds.iter().map(|round| round.ours.growth).max().unwrap_or_default();
    say(&format!("  memory: grown by {growth} MB at the most, limit 150"));
    let again = median(&|round| round.ours.second.per_second);
    let cost = median(&|round| round.ours.second.processor);
    say(&format!("  again, unchanged: {again:.0} images/s, {cost:.0} ms of processor a thousand"));
    let (rows, images) = (&rounds[0].ours.first.written, rounds[0].ours.rows);
    let second: u64 = rounds.iter().map(|round| round.ours.second.written).max().unwrap_or_default();
    say(&format!(
        "  rows of images: {images} images in {rows} rows at first, {second} written again, limit 0"
    ));
}

/// A line of the kernel's account of this process, in MB.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|found| found.starts_with(line)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
}

/// Seconds that processors spent on this process, in hundredths.
fn processor() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = told.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn say(line: &str) {
    println!("{line}");
}
