//! What pages must know of sources and cannot: which kinds there are, the rules of a kind as a whole, how a
//! schedule is read, how secrets are sealed. The one who wires the rooms hands it in.
//!
//! Refuses to know a connector, a schedule's grammar, or a key.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use domain::source::{Problem, SourceKind, Values};
use store::save::sources::Secrets;

/// What a source is told as a whole, after each field has passed its own rule.
#[derive(Clone, Copy)]
pub struct Proposal<'a> {
    /// The kind's word.
    pub kind: &'a str,
    /// All values that are in the clear, new secrets too.
    pub values: &'a Values,
    /// Secrets on record that stay, sealed.
    pub sealed: Option<&'a [u8]>,
}

/// Tells every problem of a proposal: what contradicts itself.
pub type Rules = Arc<dyn Fn(Proposal<'_>) -> Result<(), Vec<Problem>> + Send + Sync>;

/// Seals changed secrets together with those on record: a text replaces one, nothing takes it away. The
/// error is one sentence.
pub type Sealer =
    Arc<dyn Fn(Option<&[u8]>, &BTreeMap<String, Option<String>>) -> Result<Secrets, String> + Send + Sync>;

/// What pages may do with sources.
#[derive(Clone)]
pub struct Sources {
    /// The kinds of sources that can be added, in the order shown.
    pub kinds: Vec<SourceKind>,
    /// The rules of a kind as a whole.
    pub rules: Rules,
    /// Whether a text is a schedule; the error says what was expected.
    pub schedule: fn(&str) -> Result<(), String>,
    /// Seals secrets; `None` where the server has no key, so that none can be stored.
    pub sealer: Option<Sealer>,
}

impl Sources {
    /// The kind of this word.
    pub(crate) fn kind(&self, word: &str) -> Option<&SourceKind> {
        self.kinds.iter().find(|kind| kind.kind == word)
    }
}

impl Default for Sources {
    /// No kinds, so that nothing can be added.
    fn default() -> Self {
        Self { kinds: Vec::new(), rules: Arc::new(|_| Ok(())), schedule: |_| Ok(()), sealer: None }
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.kind).collect();
        formatter.debug_struct("Sources").field("kinds", &kinds).finish_non_exhaustive()
    }
}
