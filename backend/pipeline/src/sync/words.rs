//! The journal's sentences. Refuses numbers without their noun.

use std::time::Duration;

use connectors::Failure;
use domain::source::{Completeness, RunState, Scope};
use store::save::sources::{Ended, Progress};

/// A text as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let begun: String = letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect();
    if begun.ends_with(['.', '!', '?']) || begun.is_empty() { begun } else { format!("{begun}.") }
}

/// Whether the same call may succeed later without anybody doing anything.
pub(super) fn may_pass(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Throttled { .. }
            | Failure::TimedOut { .. }
            | Failure::Vendor { .. }
            | Failure::Unreadable { .. }
    )
}

/// What is said when a deadline ends something.
pub(super) fn too_long(deadline: Duration) -> String {
    let minutes = deadline.as_secs() / 60;
    let time =
        if minutes > 0 { format!("{minutes} minutes") } else { format!("{} ms", deadline.as_millis()) };
    format!("Not finished within {time}: raise `sync.scope_deadline_minutes` if there is that much to read.")
}

/// What is said when a connector panics.
pub(super) fn defect(panic: &tokio::task::JoinError) -> String {
    tracing::error!(error = panic as &dyn std::error::Error, "a connector stopped unexpectedly");
    "The connector stopped unexpectedly, which is our defect: please report it with the log.".to_owned()
}

/// What is said when much is missing at once.
pub(super) fn suspect(missing: usize, known: usize, names: &[String]) -> String {
    let such = if names.is_empty() { String::new() } else { format!(" (such as {})", names.join(", ")) };
    format!(
        "{missing} of {known} objects were missing at once{such}: they are kept until a second complete run \
         misses them too."
    )
}

/// What is said when documents were refused.
pub(super) fn refused(documents: u64) -> Option<String> {
    match documents {
        0 => None,
        1 => Some("1 document could not be read: see Documents.".to_owned()),
        many => Some(format!("{many} documents could not be read: see Documents.")),
    }
}

/// What came of a run.
pub(super) fn summary(state: RunState, progress: &Progress, plan: &Completeness, ended: &[Ended]) -> String {
    let counts = &progress.counts;
    let scopes = match progress.scopes_total {
        1 => "1 scope".to_owned(),
        many => format!("{many} scopes"),
    };
    let counted = format!(
        "{} objects in {scopes}: {} added, {} changed, {} retired.",
        counts.seen, counts.added, counts.changed, counts.retired
    );
    let open: Vec<&Ended> = ended.iter().filter(|ended| ended.state != RunState::Complete).collect();
    let told = match state {
        RunState::Complete => format!("Everything was seen. {counted}"),
        RunState::Cancelled => format!("Cancelled after {} of {scopes}. {counted}", progress.scopes_done),
        RunState::Failed => "Nothing was seen whole.".to_owned(),
        _ => format!("{} of {scopes} not seen whole. {counted}", open.len()),
    };
    let open = open.into_iter().filter(|_| state != RunState::Cancelled);
    let open = open.map(|ended| (&ended.scope, ended.reason.as_str())).collect();
    told + &shortcomings(plan, open)
}

/// What follows on a summary: why the plan is not whole, and the first scope that is not with its reason.
pub(super) fn shortcomings(plan: &Completeness, mut open: Vec<(&Scope, &str)>) -> String {
    let mut told = String::new();
    if let Completeness::Partial(reason) = plan {
        told.push_str(&format!(" The list of scopes is not whole: {}", sentence(reason)));
    }
    open.sort_unstable();
    if let Some((scope, reason)) = open.first() {
        told.push_str(&format!(" {scope}: {reason}"));
        if open.len() > 1 {
            told.push_str(&format!(" And {} more.", open.len() - 1));
        }
    }
    told
}
