//! Every format under documents that were bent on purpose, the same ones on every run, and under those of reported
//! defects. None may make one panic, and what is read keeps its books.
//!
//! Refuses luck: a failure tells its seed and leaves the bytes where they can be made a fixture.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use formats::{Error, Format, Limits, Parsed};

mod bend;
#[path = "../fixtures/mod.rs"]
mod fixtures;
#[path = "../ledger/mod.rs"]
mod ledger;
#[path = "../rounds/mod.rs"]
mod rounds;

use fixtures::{Fixture, fixtures};
use rounds::{Random, side_by_side};

/// Formats of which each entry is one thing however it is bent, and not an event with its program, and which list what
/// was set aside among the rest. Of all others an entry may speak of several things, some of which are kept, or things
/// stand beside the list.
#[rustfmt::skip]
const EVEN: &[&str] = &[
    "anchore-vulnerabilities-json", "azure-defender", "cargo-audit-json", "clair-klar-json", "clamav-log",
    "docker-scout-text", "dockle-json", "dockle-text", "empty-json", "hadolint-json", "inspektor-gadget-json",
    "kics-json", "kube-bench-json", "kube-hunter-json", "kube-linter-json", "kubeaudit-json",
    "kubeclarity-json", "kubernetes-audit-json", "kubescape-summary-json", "ms-defender",
    "ms-defender-machines", "nancy-json", "neuvector-compliance-json", "osv-scanner-json", "pip-audit-json",
    "policy-report-json", "popeye-json", "prisma-cloud-json", "stackrox-alerts-json", "stackrox-json",
    "sysdig-csv", "sysdig-events-json", "sysdig-json", "terrascan-json", "tfsec-json",
    "trivy-operator-prometheus", "vex-index", "weave-scope-json", "wiz-csv", "wizcli-disk-json",
    "wizcli-iac-json", "xeol-json",
];
/// Bent copies of each fixture.
const ROUNDS: u64 = 20;
/// Most warnings of a document: those of one list, and those that documents inside add to it.
const WARNINGS: usize = 250;
/// Most bytes of a sentence that people are told.
const SENTENCE: usize = 1200;

#[test]
fn bent_documents_are_read_or_refused() {
    let (fixtures, failures) = (fixtures(), Mutex::new(Vec::new()));
    side_by_side(&fixtures, |fixture| {
        for seed in 0..ROUNDS {
            let bytes = bent(fixture, seed, &fixtures);
            if let Err(why) = check(fixture.format, &bytes) {
                failures.lock().unwrap().push(told(fixture, seed, &bytes, &why));
            }
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Those called `issue_…` hold what once went wrong.
#[test]
fn fixtures_are_read_or_refused() {
    let mut failures = Vec::new();
    for fixture in fixtures() {
        if let Err(why) = check(fixture.format, &fixture.bytes) {
            failures.push(format!("{}: {why}", fixture.path.display()));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// A copy of a fixture, bent once or a few times.
fn bent(fixture: &Fixture, seed: u64, donors: &[Fixture]) -> Vec<u8> {
    let name = fixture.path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap();
    let own = name.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let mut random = Random::new(own);
    let mut bytes = fixture.bytes.clone();
    for _ in 0..=random.next(3) {
        let donor = &donors[random.next(donors.len())].bytes;
        bend::bend(&mut bytes, donor, &mut random);
    }
    bytes
}

/// Reads a document by what it looks like, and by the parser of a format.
fn check(format: &Format, bytes: &[u8]) -> Result<(), String> {
    match caught(|| formats::read(bytes, Limits::default()))? {
        Ok(read) => sound(read.format.kind, &read.parsed)?,
        Err(error) => sentence(&error)?,
    }
    // A document that is recognised by other means must survive its parser too.
    match caught(|| (format.parse)(bytes))? {
        Ok(parsed) => sound(format.kind, &parsed),
        Err(error) => sentence(&error),
    }
}

fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|cause| format!("it panicked: {}", words(&*cause)))
}

fn words(cause: &(dyn Any + Send)) -> &str {
    let owned = || cause.downcast_ref::<String>().map(String::as_str);
    cause.downcast_ref::<&str>().copied().or_else(owned).unwrap_or("without a word")
}

fn sentence(error: &Error) -> Result<(), String> {
    let text = error.to_string();
    if text.is_empty() || text.len() > SENTENCE || text.contains(char::is_control) {
        return Err(format!("its error is no sentence: {text:?}"));
    }
    Ok(())
}

fn sound(kind: &str, parsed: &Parsed) -> Result<(), String> {
    if parsed.warnings.len() > WARNINGS {
        return Err(format!("{} warnings", parsed.warnings.len()));
    }
    let long = parsed.warnings.iter().find(|warning| warning.message.len() > SENTENCE);
    if let Some(warning) = long {
        return Err(format!("a warning of {} bytes at `{}`", warning.message.len(), warning.at));
    }
    ledger::check(kind, parsed, EVEN.contains(&kind))
}

/// What went wrong, and where the bytes are.
fn told(fixture: &Fixture, seed: u64, bytes: &[u8], why: &str) -> String {
    let name = fixture.name();
    let kept = std::env::temp_dir().join(format!("{}-{seed}-{name}", fixture.format.kind));
    let where_to = match std::fs::write(&kept, bytes) {
        Ok(()) => format!("cp {} {}/issue_{seed}_{name}", kept.display(), folder_of(fixture)),
        Err(error) => format!("the bytes could not be kept: {error}"),
    };
    format!("{} with the seed {seed}: {why}\n  {where_to}", fixture.path.display())
}

fn folder_of(fixture: &Fixture) -> String {
    fixture.path.parent().unwrap().display().to_string()
}
