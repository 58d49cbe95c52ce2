//! What pages must know of tables and lists and cannot: which columns a document has, what a column may mean, and what its
//! first rows become. The one who wires the rooms hands it in.
//!
//! Refuses to know a format.

use domain::mapping::{ColumnMapping, Meaning, Outline, Preview};

/// The columns of a document by its beginning; the error is a sentence without its full stop.
pub type Outliner = fn(&[u8]) -> Result<Outline, String>;

/// What the first rows of a document become by a mapping; the error is a sentence without its full stop.
pub type Previewer = fn(&[u8], &ColumnMapping) -> Result<Preview, String>;

/// Why nothing can be mapped where nobody reads.
const NOBODY: &str = "this server has no reader of tables and lists";

/// What pages may ask of whoever reads tables and lists.
#[derive(Clone, Debug)]
pub struct Mapper {
    /// What a column may mean, in the order shown; the last leaves it out.
    pub meanings: Vec<Meaning>,
    /// Kinds of documents that are read by the names of their columns.
    pub kinds: &'static [&'static str],
    /// Finds columns.
    pub outline: Outliner,
    /// Shows what rows become.
    pub preview: Previewer,
}

impl Mapper {
    /// The word that leaves a column out.
    pub(crate) fn nothing(&self) -> Option<&'static str> {
        self.meanings.last().map(|meaning| meaning.word)
    }
}

impl Default for Mapper {
    /// A reader that finds no columns.
    fn default() -> Self {
        Self {
            meanings: Vec::new(),
            kinds: &[],
            outline: |_| Err(NOBODY.to_owned()),
            preview: |_, _| Err(NOBODY.to_owned()),
        }
    }
}
