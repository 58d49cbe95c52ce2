//! How fast an estate comes through a connector into SQLite, as a ratio to a bare loop of the vendor's own Python client
//! over the same emulator in the same run; what memory that takes, and what a second sync writes that finds nothing new.
//! Run with `cargo bench --workspace --bench sync [-- aws azure gcp] [-- --images N --workloads N --rounds N]`, after
//! `tests/run` has prepared Python; without a name every cloud is measured.
//!
//! moto lists repositories and images itself, as it would without our shim.
//!
//! A bare loop makes the calls that list. A connector makes more: manifests of indexes where the list tells no platform,
//! settings of registries, policies of services, a token or a role for each account. Further loops make some of these.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark stops at what it cannot read")]

use std::time::Instant;

use domain::source::RunState;
use pipeline::sync::{Finished, SyncSettings};
use serde_json::{Value, json};
use store::Store;
use store::test_support;
use tests::aws::Aws;
use tests::azure::Azure;
use tests::cloud::{Cloud, Settings};
use tests::gcp::Gcp;
use tests::sync::Source;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The least that the speed of a sync may be of that of the first loop.
const LIMIT: f64 = 0.8;
/// The most that memory may grow by, in MB.
const MEMORY: u64 = 150;
/// Tables with a row for something observed, or several.
const TABLES: [&str; 9] = [
    "images",
    "image_digests",
    "image_tags",
    "image_locations",
    "image_metadata",
    "repositories",
    "workloads",
    "containers",
    "source_objects",
];

/// What is measured of one cloud.
struct Subject {
    name: &'static str,
    /// Services that the loops do not ask either.
    leave_out: &'static [&'static str],
    /// Whether the loops list what runs too.
    workloads: bool,
    /// The vendor's client, and the loops of `list_loop.py`: what they are, and their arguments; `{}` stands for as
    /// many threads as a sync has calls at once. The first is that of the limit.
    client: &'static str,
    loops: &'static [(&'static str, &'static [&'static str])],
}

const AWS: Subject = Subject {
    name: "aws",
    leave_out: &[
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
    ],
    workloads: false,
    client: "boto3",
    loops: &[
        ("1 thread", &["--threads", "1"]),
        ("{} threads", &["--threads", "{}"]),
        ("with the manifests of indexes, 1 thread", &["--threads", "1", "--lists", "manifests"]),
        ("with the manifests of indexes, {} threads", &["--threads", "{}", "--lists", "manifests"]),
    ],
};

const AZURE: Subject = Subject {
    name: "azure",
    leave_out: &["acr-attached", "defender"],
    workloads: true,
    client: "Azure SDK",
    loops: &[
        ("1 thread", &["--threads", "1"]),
        ("{} threads", &["--threads", "{}"]),
        ("with the manifests of indexes, 1 thread", &["--threads", "1", "--indexes"]),
        ("with the manifests of indexes, {} threads", &["--threads", "{}", "--indexes"]),
    ],
};

const GCP: Subject = Subject {
    name: "gcp",
    leave_out: &["artifact-analysis", "artifact-registry-attached", "gke"],
    workloads: true,
    client: "google-cloud",
    loops: &[
        ("over REST, 1 thread", &["--threads", "1", "--transport", "rest"]),
        ("over REST, {} threads", &["--threads", "{}", "--transport", "rest"]),
        ("over gRPC, 1 thread", &["--threads", "1", "--transport", "grpc"]),
        (
            "over REST with who may call each service, 1 thread",
            &["--threads", "1", "--transport", "rest", "--policies"],
        ),
    ],
};

/// How much is measured how often.
struct Size {
    images: u64,
    workloads: u64,
    rounds: usize,
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` only asks whether it starts.
    if !given.iter().any(|argument| argument == "--bench") {
        return;
    }
    let number = |name: &str| {
        let place = given.iter().position(|argument| argument == name)?;
        given.get(place + 1)?.parse::<u64>().ok()
    };
    let size = Size {
        images: number("--images").unwrap_or(100_000),
        workloads: number("--workloads").unwrap_or(10_000),
        rounds: usize::try_from(number("--rounds").unwrap_or(3)).unwrap().max(1),
    };
    let names = [AWS.name, AZURE.name, GCP.name];
    let all = !given.iter().any(|argument| names.contains(&argument.as_str()));
    let wanted = |subject: &Subject| all || given.iter().any(|argument| argument == subject.name);
    if wanted(&AWS) {
        measure::<Aws>(&AWS, &size);
    }
    if wanted(&AZURE) {
        measure::<Azure>(&AZURE, &size);
    }
    if wanted(&GCP) {
        measure::<Gcp>(&GCP, &size);
    }
}

/// Seconds of each loop, and what the sync came to. Everything in it saw the same machine.
struct Round {
    loops: Vec<f64>,
    ours: Synced,
}

struct Synced {
    first: Timed,
    second: Timed,
    /// Growth of resident memory at its peak, in MB.
    growth: u64,
    images: u64,
    workloads: u64,
}

/// One sync.
struct Timed {
    seconds: f64,
    /// Seconds of this process's processors.
    processor: f64,
    calls: u64,
    written: u64,
}

fn measure<C: Cloud>(subject: &Subject, size: &Size) {
    let workloads = if subject.workloads { size.workloads } else { 0 };
    let mut plan = json!({ "plan": "large", "images": size.images });
    if subject.workloads {
        plan["workloads"] = workloads.into();
    }
    let Some((cloud, estate)) = C::seeded(&plan) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let threads = SyncSettings::default().concurrency.to_string();
    say(&format!(
        "{}: {} manifests and {workloads} workloads, medians of {} rounds:",
        subject.name, size.images, size.rounds
    ));
    // Emulators keep what they have written once.
    bare(&cloud, subject.loops[0].1, &threads, (size.images, workloads));
    let mut rounds = Vec::new();
    for _ in 0..size.rounds {
        let mut loops = Vec::new();
        let mut ours = None;
        for (number, (_, arguments)) in subject.loops.iter().enumerate() {
            loops.push(bare(&cloud, arguments, &threads, (size.images, workloads)));
            // Between the loops, so that both kinds see the machine in the same state.
            if number == 0 {
                ours = Some(runtime.block_on(round(&cloud, &estate, subject.leave_out)));
            }
        }
        rounds.push(Round { loops, ours: ours.unwrap() });
    }
    report(subject, &rounds, &threads, size.images + workloads);
}

async fn round<C: Cloud>(cloud: &C, estate: &C::Estate, leave_out: &[&str]) -> Synced {
    let database = test_support::sqlite().await;
    let store = &database.store;
    let settings: Settings<'_> = &[("leave_out", leave_out)];
    let source = Source::of(store, (cloud, estate), settings, SyncSettings::default()).await;
    let before = memory("VmRSS:");
    settle_peak();
    let first = timed(&source).await;
    let growth = memory("VmHWM:").saturating_sub(before);
    let second = timed(&source).await;
    let count = async |table: &str| {
        store.number(&format!("SELECT COUNT(*) FROM {table}")).await.unwrap().unsigned_abs()
    };
    let (images, workloads) = (count("images").await, count("workloads").await);
    database.drop_database().await;
    Synced { first, second, growth, images, workloads }
}

async fn timed(source: &Source) -> Timed {
    let (written, processor, started) = (written(&source.store), processor(), Instant::now());
    let finished = source.sync().await;
    let seconds = started.elapsed().as_secs_f64();
    let processor = self::processor() - processor;
    whole(&finished);
    let calls = finished.progress.counts.calls;
    Timed { seconds, processor, calls, written: self::written(&source.store) - written }
}

fn whole(finished: &Finished) {
    assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
}

fn written(store: &Store) -> u64 {
    TABLES.iter().map(|table| store.rows_written(table)).sum()
}

/// Seconds of a bare loop, which must see everything.
fn bare(cloud: &impl Cloud, arguments: &[&str], threads: &str, (images, workloads): (u64, u64)) -> f64 {
    let arguments = arguments.iter().map(|argument| argument.replace("{}", threads));
    let output = cloud.script("list_loop.py").args(arguments).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(told["images"], images);
    assert_eq!(told["workloads"].as_u64().unwrap_or(0), workloads);
    told["seconds"].as_f64().unwrap()
}

fn report(subject: &Subject, rounds: &[Round], threads: &str, objects: u64) {
    let median = |of: &dyn Fn(&Round) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let most = |of: &dyn Fn(&Round) -> u64| rounds.iter().map(of).max().unwrap_or_default();
    let thousands = objects as f64 / 1e3;
    let sync = |what: &str, of: fn(&Synced) -> &Timed| {
        let seconds = median(&|round| of(&round.ours).seconds);
        let (cost, calls) =
            (median(&|round| of(&round.ours).processor * 1e3), most(&|round| of(&round.ours).calls));
        say(&format!(
            "  {what}: {seconds:.1} s, {:.0} objects/s, {:.0} ms of processor a thousand, {calls} calls",
            objects as f64 / seconds,
            cost / thousands
        ));
    };
    sync("our sync into SQLite", |ours| &ours.first);
    for (number, (what, _)) in subject.loops.iter().enumerate() {
        let ratio = median(&|round| round.loops[number] / round.ours.first.seconds);
        let seconds = median(&|round| round.loops[number]);
        let limit = if number == 0 { format!(", limit {LIMIT}") } else { String::new() };
        say(&format!(
            "  bare {} {}: {seconds:.1} s, {:.0} objects/s; we reach {ratio:.2} of it{limit}",
            subject.client,
            what.replace("{}", threads),
            objects as f64 / seconds
        ));
    }
    say(&format!("  memory: grown by {} MB at the most, limit {MEMORY}", most(&|round| round.ours.growth)));
    sync("again, unchanged", |ours| &ours.second);
    let Synced { first, images, workloads, .. } = &rounds[0].ours;
    say(&format!(
        "  rows: {images} images and {workloads} workloads in {} rows at first, {} written again, limit 0",
        first.written,
        most(&|round| round.ours.second.written)
    ));
}

/// Lets the kernel's account of the peak begin anew.
fn settle_peak() {
    // Where that is not allowed, the peak is that of the whole process: more, never less.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
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
