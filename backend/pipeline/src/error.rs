//! What can go wrong between the rooms. Refuses to repeat a room's own sentence: causes are chained.

/// Why the pipeline stopped. A refused document is no error: it is an outcome.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error("the database could not be used")]
    Store(#[from] store::Error),
    /// The scoring constants, or facts that contradict each other.
    #[error("the estate could not be scored")]
    Score(#[from] score::Error),
    /// The deadline table.
    #[error("the deadlines could not be read")]
    Policy(#[from] policy::Error),
    /// What a cluster adds is stored in words of another version.
    #[error(
        "what cluster `{0}` adds to the exposure was stored by another version; start this version's server once to judge it again"
    )]
    Sums(String),
    /// A thread that was to do work apart is gone; the process is shutting down.
    #[error("work was given up because the process is stopping")]
    Work(#[from] tokio::task::JoinError),
    /// What a connector saw could not be handed on to another server. The text is a sentence without its full
    /// stop that says what to do.
    #[error("{0}")]
    NotSent(String),
}
