//! Why a policy cannot be used. Refuses to stop at the first problem where more can be told.

/// Why a policy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not TOML.
    #[error("the deadline table is not TOML at line {line}: {message}")]
    Syntax {
        /// Line, counted from 1.
        line: usize,
        /// What the TOML parser says.
        message: String,
    },
    /// The table does not say what a deadline table must say.
    #[error("the deadline table has {} problem(s): {}", .problems.len(), .problems.join("; "))]
    Table {
        /// Every problem, in the order of the file.
        problems: Vec<String>,
    },
    /// No table of that name is built in.
    #[error("there is no deadline table `{name}`: give one of {known}, or the path of a file")]
    NoSuchTable {
        /// What was asked for.
        name: String,
        /// The names that are known.
        known: String,
    },
}
