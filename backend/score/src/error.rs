//! Why constants or facts cannot be used. Refuses to stop at the first problem where several can be told.

/// What is wrong with the input of the score.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The constants are not TOML, or not of the expected shape.
    #[error("the scoring constants cannot be read at line {line}: {message}")]
    ConstantsSyntax {
        /// Line of the file, from 1.
        line: usize,
        /// What the reader expected.
        message: String,
    },
    /// The constants can be read but make no sense.
    #[error("the scoring constants are not usable: {}", .0.join("; "))]
    Constants(
        /// Every problem, each naming its key.
        Vec<String>,
    ),
    /// The facts are not JSON, or not of the expected shape.
    #[error("the facts cannot be read at `{path}`: {message}")]
    FactsSyntax {
        /// Where in the document: `workloads.shop.reach`.
        path: String,
        /// What the reader expected, with line and column.
        message: String,
    },
    /// The facts can be read but contradict themselves.
    #[error("the facts are not usable: {}", .0.join("; "))]
    Facts(
        /// Every problem, each naming its place.
        Vec<String>,
    ),
    /// A workload or a change names an image, a workload or a node by an index that does not exist.
    #[error("{owner} refers to {what} number {index}, but there are only {known}: pass every one it uses")]
    OutOfRange {
        /// Who refers: `workload 3`, `the change`.
        owner: String,
        /// What is missing: `image`, `node`, `workload`.
        what: &'static str,
        /// The index.
        index: usize,
        /// How many there are.
        known: usize,
    },
}
