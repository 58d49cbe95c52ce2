//! Repositories of a registry with their settings. What is set for a whole registry is told of each of its
//! repositories: what is pulled is a repository, and all that bears on it stands in one place. Refuses to guess a
//! setting: what the registry did not say is `None`, never off.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::setting::Setting;

/// A repository as its registry describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Host of the registry: `111122223333.dkr.ecr.eu-west-1.amazonaws.com`.
    pub registry: String,
    /// Name below the host; empty for the registry itself, where it has no repository or shows none.
    pub name: String,
    /// Account it belongs to.
    pub account: Option<Account>,
    /// Region it is in.
    pub region: Option<String>,
    /// Whether anyone may pull from it without login.
    pub public: Option<bool>,
    /// Whether a tag can be moved to another digest.
    pub tags_immutable: Option<bool>,
    /// How its content is encrypted, in the vendor's word: `AES256`, `KMS`.
    pub encryption: Option<String>,
    /// Whether the registry scans what is pushed.
    pub scan_on_push: Option<bool>,
    /// What the registry's own scanning is set to, in the vendor's words: `ENHANCED, CONTINUOUS_SCAN`.
    pub scanning: Option<String>,
    /// What removes images by itself, a phrase each: `deletes untagged manifests after 7 days`; absent when not said,
    /// empty when nothing does.
    pub cleanup: Option<Vec<String>>,
    /// What this registry alone can be set to.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
}
