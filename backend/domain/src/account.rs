//! Where things run: cloud accounts and clusters. Refuses a closed list of providers: the word is the
//! source's own, lower case.

use serde::{Deserialize, Serialize};

/// A place workloads run in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// `aws`, `azure`, `gcp`, or what runs it otherwise.
    pub provider: String,
    /// The provider's own id: an account number, a subscription, a project; empty where only the provider is
    /// known.
    pub id: String,
    /// Name for people, if known.
    pub name: Option<String>,
}
