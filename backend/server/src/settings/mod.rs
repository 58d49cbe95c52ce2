//! Settings: embedded defaults, then a file, then `PLIMSOLL_*` variables, then flags. Every problem is
//! reported at once, with where the value came from. Refuses unknown names and never prints a secret.

mod definition;
mod layers;
mod signatures;
mod sources;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use pipeline::sync::{SyncSettings, Vault};
use secrecy::{ExposeSecret, SecretString};

pub(crate) use layers::{Sources, load};
pub(crate) use sources::FileSource;

/// The settings of one process, valid as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) max_upload_bytes: u64,
    pub(crate) database_url: SecretString,
    pub(crate) database_connections: u32,
    pub(crate) max_document_bytes: u64,
    pub(crate) stale_after_days: u32,
    pub(crate) sanctioned_registries: Vec<String>,
    pub(crate) deadlines: String,
    pub(crate) rejudge_minutes: u32,
    /// Whose signatures count.
    pub(crate) trust: policy::trust::Trust,
    pub(crate) runtime: RuntimeSettings,
    pub(crate) sync: SyncSettings,
    /// Seals and opens stored secrets, if there is a key.
    pub(crate) vault: Option<Arc<Vault>>,
    /// The sources of the settings file.
    pub(crate) sources: Vec<FileSource>,
    pub(crate) log_format: LogFormat,
    pub(crate) log_level: String,
    /// Where each setting got its value, in the order of the definition.
    pub(crate) origins: Vec<(&'static str, String, String)>,
}

/// What is taken in and kept of runtime events.
#[derive(Debug, Clone)]
pub(crate) struct RuntimeSettings {
    pub(crate) keep_days: u32,
    pub(crate) remember_events: u64,
    pub(crate) max_body_bytes: u64,
    pub(crate) max_waiting: u64,
    pub(crate) max_waiting_bytes: u64,
    pub(crate) silent_after_hours: u32,
    pub(crate) sensors: Vec<String>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl Settings {
    /// The database address without its password, for people.
    pub(crate) fn database_for_people(&self) -> String {
        definition::without_password(self.database_url.expose_secret())
    }

    /// Every setting with its value and where it came from, secrets masked, as TOML.
    pub(crate) fn show(&self) -> String {
        let mut text = String::new();
        let mut section = "";
        for (key, value, origin) in &self.origins {
            let (new_section, name) = key.split_once('.').unwrap_or(("", key));
            if new_section != section {
                section = new_section;
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}[{section}]");
            }
            let _ = writeln!(text, "{name} = {value}  # {origin}");
        }
        text
    }
}
