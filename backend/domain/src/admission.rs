//! What looks at objects before a cluster takes them in. Refuses to say what it would find: only that it is there, what
//! it does and to what.

use serde::{Deserialize, Serialize};

/// The service of a source that looks for all of it: where that was seen whole, what is not there is not there.
pub const SERVICE: &str = "admission";

/// Something that a cluster asks before it takes an object in, or that says how it decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Cluster it belongs to, if the document says so; otherwise the submission's.
    pub cluster: Option<String>,
    /// Who decides: the API server itself, a product, or the service that a webhook asks.
    pub engine: String,
    /// Kind of the object that says so.
    pub kind: String,
    /// Its name, after its namespace where it has one.
    pub name: String,
    /// What is done to what does not comply.
    pub effect: Effect,
    /// What it looks at, in words.
    pub scope: String,
}

/// What is done to an object that does not comply, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It is refused.
    Enforce,
    /// Whoever is asked decides.
    Ask,
    /// It is changed until it does.
    Change,
    /// It is taken in with a warning.
    Warn,
    /// It is taken in and noted.
    Audit,
    /// Nothing: everything complies.
    Open,
    /// Not known.
    Unknown,
}

impl Effect {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Enforce, Self::Ask, Self::Change, Self::Warn, Self::Audit, Self::Open, Self::Unknown];

    /// The word in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Ask => "ask",
            Self::Change => "change",
            Self::Warn => "warn",
            Self::Audit => "audit",
            Self::Open => "open",
            Self::Unknown => "unknown",
        }
    }

    /// The effect of a stored word; anything else is unknown.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|effect| effect.as_str() == word).unwrap_or(Self::Unknown)
    }
}
