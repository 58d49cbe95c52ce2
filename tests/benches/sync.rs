//! How fast an estate comes through a connector into SQLite, as a ratio to a bare loop of the vendor's own Python client
//! over the same emulator in the same run; what memory that takes, and what a second sync writes that finds nothing new.
//! Run with `cargo bench --workspace --bench sync [-- aws azure gcp kubernetes registry]`, and with `--images N`,
//! `--workloads N`, `--pods N`, `--manifests N` or `--rounds N` for other sizes, or `--loops N` for the first loops alone,
//! after `tests/run` has prepared Python; without a name all are measured.
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
use tests::kubernetes::Kubernetes;
use tests::registries::{Plain, Registries};
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
    /// What a source is told besides what opens the emulator: services that the loops do not ask either.
    settings: Settings<'static>,
    /// The estate that is seeded.
    plan: fn(&Size) -> Value,
    /// What a loop must have seen: where it tells that, and how many.
    seen: fn(&Size) -> Vec<(&'static str, u64)>,
    /// The vendor's client, and the loops of `list_loop.py`: what they are, and their arguments; `{}` stands for as
    /// many threads as a sync has calls at once. The first is that of the limit.
    client: &'static str,
    /// The most seconds that a sync may take, where that is the limit instead.
    seconds: fn(&Size) -> Option<f64>,
    loops: &'static [(&'static str, &'static [&'static str])],
}

const AWS: Subject = Subject {
    name: "aws",
    settings: &[(
        "leave_out",
        &[
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
    )],
    plan: |size| json!({ "plan": "large", "images": size.images }),
    seen: |size| vec![("images", size.images)],
    client: "boto3",
    seconds: |_| None,
    loops: &[
        ("1 thread", &["--threads", "1"]),
        ("{} threads", &["--threads", "{}"]),
        ("with the manifests of indexes, 1 thread", &["--threads", "1", "--lists", "manifests"]),
        ("with the manifests of indexes, {} threads", &["--threads", "{}", "--lists", "manifests"]),
    ],
};

const AZURE: Subject = Subject {
    name: "azure",
    settings: &[("leave_out", &["acr-attached", "defender"])],
    plan: both,
    seen: |size| vec![("images", size.images), ("workloads", size.workloads)],
    client: "Azure SDK",
    seconds: |_| None,
    loops: &[
        ("1 thread", &["--threads", "1"]),
        ("{} threads", &["--threads", "{}"]),
        ("with the manifests of indexes, 1 thread", &["--threads", "1", "--indexes"]),
        ("with the manifests of indexes, {} threads", &["--threads", "{}", "--indexes"]),
    ],
};

const GCP: Subject = Subject {
    name: "gcp",
    settings: &[("leave_out", &["artifact-analysis", "artifact-registry-attached", "gke"])],
    plan: both,
    seen: |size| vec![("images", size.images), ("workloads", size.workloads)],
    client: "google-cloud",
    seconds: |_| None,
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

const KUBERNETES: Subject = Subject {
    name: "kubernetes",
    settings: &[("contexts", &["*"]), ("leave_out", &["reports"])],
    plan: |size| json!({ "plan": "large", "pods": size.pods }),
    seen: |size| vec![("pods", size.pods)],
    client: "HTTP",
    seconds: |size| Some(if size.pods > 2_000 { 30.0 / 50e3 * size.pods as f64 } else { 2.0 }),
    loops: &[("1 thread", &[])],
};

const REGISTRY: Subject = Subject {
    name: "registry",
    settings: &[("leave_out", &["attached"])],
    plan: |size| json!({ "plan": "large", "manifests": size.manifests }),
    seen: |size| vec![("manifests", size.manifests)],
    client: "HTTP",
    seconds: |_| None,
    loops: &[
        ("with configurations, {} threads", &["--threads", "{}", "--configs"]),
        ("{} threads", &["--threads", "{}"]),
        ("with configurations, 1 thread", &["--threads", "1", "--configs"]),
    ],
};

fn both(size: &Size) -> Value {
    json!({ "plan": "large", "images": size.images, "workloads": size.workloads })
}

/// How much is measured how often.
struct Size {
    images: u64,
    workloads: u64,
    pods: u64,
    manifests: u64,
    rounds: usize,
    loops: usize,
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
        pods: number("--pods").unwrap_or(50_000),
        manifests: number("--manifests").unwrap_or(20_000),
        rounds: usize::try_from(number("--rounds").unwrap_or(3)).unwrap().max(1),
        loops: usize::try_from(number("--loops").unwrap_or(u64::MAX)).unwrap().max(1),
    };
    let names = [AWS.name, AZURE.name, GCP.name, KUBERNETES.name, REGISTRY.name];
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
    if wanted(&KUBERNETES) {
        measure::<Kubernetes>(&KUBERNETES, &size);
    }
    if wanted(&REGISTRY) {
        measure::<Registries<Plain>>(&REGISTRY, &size);
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
    /// Growth of resident memory at its peak in both, without the program itself, in MB.
    growth: u64,
    /// How much more of the program itself is in memory, in MB.
    code: u64,
    images: u64,
    workloads: u64,
    /// What the source has on record.
    objects: u64,
}

/// One sync.
struct Timed {
    seconds: f64,
    /// Seconds of this process's processors.
    processor: f64,
    calls: u64,
    /// Rows by table, in the order of [`TABLES`].
    written: [u64; TABLES.len()],
}

impl Timed {
    fn rows(&self) -> u64 {
        self.written.iter().sum()
    }

    /// The tables with rows that were written.
    fn tables(&self) -> String {
        let counted = TABLES.iter().zip(self.written).filter(|(_, rows)| *rows > 0);
        counted.map(|(table, rows)| format!(" {rows} in {table}")).collect()
    }
}

fn measure<C: Cloud>(subject: &Subject, size: &Size) {
    let plan = (subject.plan)(size);
    let Some((cloud, estate)) = C::seeded(&plan) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let threads = SyncSettings::default().concurrency.to_string();
    say(&format!("{}: {plan}, medians of {} rounds:", subject.name, size.rounds));
    let seen = (subject.seen)(size);
    // Emulators keep what they have written once.
    bare(&cloud, subject.loops[0].1, &threads, &seen);
    let mut rounds = Vec::new();
    for _ in 0..size.rounds {
        let mut loops = Vec::new();
        let mut ours = None;
        for (number, (_, arguments)) in subject.loops.iter().enumerate().take(size.loops) {
            loops.push(bare(&cloud, arguments, &threads, &seen));
            // Between the loops, so that both kinds see the machine in the same state.
            if number == 0 {
                ours = Some(runtime.block_on(round(&cloud, &estate, subject.settings)));
            }
        }
        rounds.push(Round { loops, ours: ours.unwrap() });
    }
    report(subject, &rounds, &threads, (subject.seconds)(size));
}

async fn round<C: Cloud>(cloud: &C, estate: &C::Estate, settings: Settings<'_>) -> Synced {
    let database = test_support::sqlite().await;
    let store = &database.store;
    let source = Source::of(store, (cloud, estate), settings, SyncSettings::default()).await;
    let (before, code) = (memory("VmRSS:"), memory("RssFile:"));
    settle_peak();
    let first = timed(&source).await;
    let second = timed(&source).await;
    // What of the program's own file was read for the first time is no memory that a sync takes.
    let code = memory("RssFile:").saturating_sub(code);
    let growth = memory("VmHWM:").saturating_sub(before + code);
    let count = async |table: &str| {
        store.number(&format!("SELECT COUNT(*) FROM {table}")).await.unwrap().unsigned_abs()
    };
    let (images, workloads, objects) =
        (count("images").await, count("workloads").await, count("source_objects").await);
    database.drop_database().await;
    Synced { first, second, growth, code, images, workloads, objects }
}

async fn timed(source: &Source) -> Timed {
    let (written, processor, started) = (written(&source.store), processor(), Instant::now());
    let finished = source.sync().await;
    let seconds = started.elapsed().as_secs_f64();
    let processor = self::processor() - processor;
    whole(&finished);
    let calls = finished.progress.counts.calls;
    let mut rows = self::written(&source.store);
    rows.iter_mut().zip(written).for_each(|(after, before)| *after -= before);
    Timed { seconds, processor, calls, written: rows }
}

fn whole(finished: &Finished) {
    assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
}

fn written(store: &Store) -> [u64; TABLES.len()] {
    TABLES.map(|table| store.rows_written(table))
}

/// Seconds of a bare loop, which must see everything.
fn bare(cloud: &impl Cloud, arguments: &[&str], threads: &str, seen: &[(&str, u64)]) -> f64 {
    let arguments = arguments.iter().map(|argument| argument.replace("{}", threads));
    let output = cloud.script("list_loop.py").args(arguments).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    for (what, count) in seen {
        assert_eq!(told[*what], *count, "{what}");
    }
    told["seconds"].as_f64().unwrap()
}

fn report(subject: &Subject, rounds: &[Round], threads: &str, within: Option<f64>) {
    let median = |of: &dyn Fn(&Round) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let most = |of: &dyn Fn(&Round) -> u64| rounds.iter().map(of).max().unwrap_or_default();
    let objects = rounds[0].ours.objects;
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
    if let Some(within) = within {
        say(&format!("  limit: {within:.1} s"));
    }
    for (number, (what, _)) in subject.loops.iter().enumerate().take(rounds[0].loops.len()) {
        let ratio = median(&|round| round.loops[number] / round.ours.first.seconds);
        let seconds = median(&|round| round.loops[number]);
        let limit = if number == 0 && within.is_none() { format!(", limit {LIMIT}") } else { String::new() };
        say(&format!(
            "  bare {} {}: {seconds:.1} s, {:.0} objects/s; we reach {ratio:.2} of it{limit}",
            subject.client,
            what.replace("{}", threads),
            objects as f64 / seconds
        ));
    }
    say(&format!(
        "  memory: grown by {} MB at the most, limit {MEMORY}, and by {} MB of the program's own file",
        most(&|round| round.ours.growth),
        most(&|round| round.ours.code)
    ));
    sync("again, unchanged", |ours| &ours.second);
    let Synced { first, images, workloads, .. } = &rounds[0].ours;
    let again: String = rounds.iter().map(|round| round.ours.second.tables()).collect();
    say(&format!(
        "  rows: {images} images and {workloads} workloads in {} rows at first, {} written again, limit 0{again}",
        first.rows(),
        most(&|round| round.ours.second.rows())
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
