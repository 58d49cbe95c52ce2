//! What is said of handing on. Refuses a number without its noun, and a refusal without a way out.

use std::time::Duration;

use domain::source::{Completeness, RunState};

use super::super::words::shortcomings;
use super::Handed;

/// What came of it; `sent` is false in a dry run.
pub(super) fn summary(sent: bool, plan: &Completeness, scopes: &[Handed]) -> String {
    let open: Vec<_> = scopes.iter().filter(|handed| handed.state != RunState::Complete).collect();
    let seen = match (open.len(), plan.is_complete()) {
        (0, true) => "Everything was seen.".to_owned(),
        (open, _) => format!("{open} of {} not seen whole.", counted(scopes.len() as u64, "scope")),
    };
    let then = if sent { "The server saves it now." } else { "Nothing was sent." };
    let told = open.into_iter().map(|handed| (&handed.scope, handed.reason.as_str())).collect();
    format!("{seen} {}. {then}{}", amount(sent, scopes), shortcomings(plan, told))
}

/// What is told of an interruption.
pub(super) fn interrupted(scopes: &[Handed]) -> String {
    let done = scopes.iter().filter(|handed| handed.state != RunState::Cancelled).count();
    format!(
        "Cancelled after {}; the server waits for the rest. The same command goes on from there.",
        counted(done as u64, "scope")
    )
}

/// What is told of documents that were not sent.
pub(super) fn left_out(documents: u64) -> Option<String> {
    (documents > 0).then(|| {
        let documents = counted(documents, "document");
        format!("{documents} larger than `ingest.max_document_bytes` left out.")
    })
}

fn amount(sent: bool, scopes: &[Handed]) -> String {
    let sum = |of: fn(&Handed) -> u64| scopes.iter().map(of).sum::<u64>();
    let what = format!(
        "{} and {} of {}",
        counted(sum(|handed| handed.observations), "observation"),
        counted(sum(|handed| handed.documents), "document"),
        counted(scopes.len() as u64, "scope"),
    );
    let parts = counted(sum(|handed| u64::from(handed.parts)), "part");
    let packed = size(sum(|handed| handed.bytes));
    let earlier = scopes.iter().filter(|handed| handed.earlier).count();
    let earlier = match earlier {
        0 => String::new(),
        some => format!(", {} of them earlier", counted(some as u64, "scope")),
    };
    let verb = if sent { "sent" } else { "would be sent" };
    format!("{what} {verb} in {parts} ({packed}){earlier}")
}

fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Bytes for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Somebody else answers, or a login page before it.
pub(super) fn not_plimsoll(to: &str) -> String {
    format!(
        "{to} answers, but not as plimsoll does: check the address, and whether something before it asks who is \
         there"
    )
}

/// There is a server that knows no pushes, or not this run.
pub(super) fn too_old(to: &str) -> String {
    let ours = env!("CARGO_PKG_VERSION");
    format!("{to} does not take what was seen elsewhere: it must be of version {ours} or later")
}

/// Nobody knows the token.
pub(super) fn unknown_token(to: &str) -> String {
    format!(
        "{to} does not know this token: it was replaced or taken back, or is another server's; the source's page \
         there makes a new one, and so does `plimsoll sources token NAME` where it runs"
    )
}

/// A part is too large for somebody on the way.
pub(super) fn too_large(to: &str, bytes: usize) -> String {
    let size = size(bytes as u64);
    format!(
        "{to}, or a proxy before it, does not take {size} at once: raise `server.max_upload_bytes` there, or what \
         the proxy allows"
    )
}

/// A redirect.
pub(super) fn elsewhere(to: &str, location: &str) -> String {
    format!("{to} sends us on to {location}: if that is right, give it as --to")
}

/// Any other refusal.
pub(super) fn refused(to: &str, status: u16, detail: Option<&str>) -> String {
    let detail = detail.map(|detail| format!(": {}", detail.trim_end_matches('.'))).unwrap_or_default();
    format!("{to} refused with status {status}{detail}")
}

/// An answer that asks for patience.
pub(super) fn busy(to: &str, status: u16, detail: Option<&str>) -> String {
    if status == 409 {
        return format!("{to} still has the last push of this source to save");
    }
    let detail = detail.map(|detail| format!(": {}", detail.trim_end_matches('.'))).unwrap_or_default();
    format!("{to} answered with status {status}{detail}")
}

/// No answer.
pub(super) fn unreachable(to: &str, cause: &str) -> String {
    format!("{to} cannot be reached: {cause}")
}

/// Somebody else's certificate, or one from an issuer that is not known here.
pub(super) fn untrusted(to: &str, cause: &str) -> String {
    format!(
        "{to} cannot be trusted: {cause}; where its issuer is your own, name the issuer's certificate in \
         SSL_CERT_FILE"
    )
}

/// It is tried again.
pub(super) fn delayed(told: &str, wait: Duration) -> String {
    format!("{told}; tried again in {} s", wait.as_secs().max(1))
}

/// It is not tried again.
pub(super) fn away(told: &str, patience: Duration) -> String {
    if patience < Duration::from_secs(60) {
        return format!("{told}: check the address and the network between");
    }
    let minutes = patience.as_secs() / 60;
    format!(
        "{told}, for {minutes} minutes: what was sent is kept there, and the same command goes on from there"
    )
}
