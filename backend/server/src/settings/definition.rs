//! The list of settings: name, how its text is checked, whether it may be shown.
//! Refuses values that the process could not work with.

use std::net::SocketAddr;

/// One setting.
pub(super) struct Definition {
    /// `section.key`.
    pub(super) key: &'static str,
    /// Checks the value; the sentence says what is expected.
    pub(super) check: fn(&str) -> Result<(), String>,
    /// Whether the value is shown as it is.
    pub(super) show: Show,
}

/// How a value is shown by `check --show`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Number,
    Text,
    List,
    /// An address whose password is masked.
    Address,
    /// Never: only whether there is one.
    Secret,
}

/// Every setting, in the order of `config/default.toml`.
pub(super) const DEFINITIONS: &[Definition] = &[
    Definition { key: "server.listen", check: address, show: Show::Text },
    Definition { key: "server.max_upload_bytes", check: bytes, show: Show::Number },
    Definition { key: "database.url", check: database_url, show: Show::Address },
    Definition { key: "database.connections", check: connections, show: Show::Number },
    Definition { key: "ingest.max_document_bytes", check: bytes, show: Show::Number },
    Definition { key: "exposure.stale_after_days", check: days, show: Show::Number },
    Definition { key: "exposure.sanctioned_registries", check: anything, show: Show::List },
    Definition { key: "exposure.deadlines", check: deadlines, show: Show::Text },
    Definition { key: "exposure.rejudge_minutes", check: minutes, show: Show::Number },
    Definition { key: "signatures.keys", check: anything, show: Show::List },
    Definition { key: "signatures.identities", check: anything, show: Show::List },
    Definition { key: "signatures.roots", check: anything, show: Show::List },
    Definition { key: "signatures.logs", check: anything, show: Show::List },
    Definition { key: "runtime.keep_days", check: |text| within(text, 1, 3650, "days"), show: Show::Number },
    Definition {
        key: "runtime.remember_events",
        check: |text| within(text, 1_000, 100_000_000, "events"),
        show: Show::Number,
    },
    Definition { key: "runtime.max_body_bytes", check: bytes, show: Show::Number },
    Definition {
        key: "runtime.max_waiting",
        check: |text| within(text, 1, 10_000_000, "bodies"),
        show: Show::Number,
    },
    Definition { key: "runtime.max_waiting_bytes", check: waiting_bytes, show: Show::Number },
    Definition {
        key: "runtime.silent_after_hours",
        check: |text| within(text, 1, 8760, "hours"),
        show: Show::Number,
    },
    Definition { key: "runtime.sensors", check: sensor, show: Show::List },
    Definition { key: "sync.workers", check: |text| within(text, 1, 64, "runs at once"), show: Show::Number },
    Definition {
        key: "sync.concurrency",
        check: |text| within(text, 1, 256, "calls at once"),
        show: Show::Number,
    },
    Definition {
        key: "sync.call_deadline_seconds",
        check: |text| within(text, 1, 900, "seconds"),
        show: Show::Number,
    },
    Definition {
        key: "sync.scope_deadline_minutes",
        check: |text| within(text, 1, 1440, "minutes"),
        show: Show::Number,
    },
    Definition {
        key: "sync.suspect_percent",
        check: |text| within(text, 0, 100, "percent"),
        show: Show::Number,
    },
    Definition {
        key: "sync.jitter_percent",
        check: |text| within(text, 0, 50, "percent"),
        show: Show::Number,
    },
    Definition { key: "sync.key_file", check: anything, show: Show::Text },
    Definition { key: "sync.key", check: key, show: Show::Secret },
    Definition { key: "log.format", check: log_format, show: Show::Text },
    Definition { key: "log.level", check: log_level, show: Show::Text },
];

fn anything(_: &str) -> Result<(), String> {
    Ok(())
}

fn address(text: &str) -> Result<(), String> {
    text.parse::<SocketAddr>()
        .map(drop)
        .map_err(|_| "expected an address and port such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

fn within(text: &str, least: u64, most: u64, unit: &str) -> Result<(), String> {
    match text.parse::<u64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(()),
        _ => Err(format!("expected a whole number of {unit} from {least} to {most}")),
    }
}

fn bytes(text: &str) -> Result<(), String> {
    within(text, 1024, 4 << 30, "bytes")
}

fn waiting_bytes(text: &str) -> Result<(), String> {
    within(text, 1024, 1 << 40, "bytes")
}

/// Ends of the names of repositories.
fn sensor(text: &str) -> Result<(), String> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '/' | '.');
    if text.split(',').all(|name| name.trim().chars().all(plain)) {
        Ok(())
    } else {
        Err("expected the end of a repository's name, such as falcosecurity/falco".to_owned())
    }
}

fn connections(text: &str) -> Result<(), String> {
    within(text, 1, 500, "connections")
}

fn days(text: &str) -> Result<(), String> {
    within(text, 1, 365, "days")
}

fn minutes(text: &str) -> Result<(), String> {
    within(text, 1, 1440, "minutes")
}

fn database_url(text: &str) -> Result<(), String> {
    let known = ["sqlite://", "postgres://", "postgresql://"];
    match known.iter().find_map(|scheme| text.strip_prefix(scheme)) {
        Some(rest) if !rest.is_empty() => Ok(()),
        _ => Err("expected sqlite://PATH or postgres://USER@HOST/NAME".to_owned()),
    }
}

/// A key may be absent: then no secret can be stored.
fn key(text: &str) -> Result<(), String> {
    if text.is_empty() { Ok(()) } else { pipeline::sync::Vault::new(text).map(drop) }
}

fn deadlines(text: &str) -> Result<(), String> {
    one_of(text, policy::deadlines::NAMES)
}

fn log_format(text: &str) -> Result<(), String> {
    one_of(text, &["text", "json"])
}

fn one_of(text: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&text) { Ok(()) } else { Err(format!("expected one of {}", words.join(", "))) }
}

fn log_level(text: &str) -> Result<(), String> {
    text.parse::<tracing_subscriber::filter::Targets>().map(drop).map_err(|_| {
        "expected error, warn, info, debug, trace, or a filter such as info,store=debug".to_owned()
    })
}

/// The address with its password replaced by `***`.
pub(super) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((login, place)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = login.split(':').next().unwrap_or_default();
    let masked = if login.contains(':') { ":***" } else { "" };
    format!("{scheme}://{user}{masked}@{place}")
}
