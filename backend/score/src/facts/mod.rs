//! A plain facts file, scored without a database: the JSON of `plimsoll score`. It uses the same functions
//! as the pipeline, so a score can be checked by hand.
//!
//! Refuses unknown keys, keys given twice and missing ones (nullable ones may be left out), and facts that
//! contradict themselves, telling every problem at once.

mod check;
mod output;
mod wire;

pub use self::output::{ImageOutput, Output, WorkloadOutput};
pub use self::wire::{Facts, FindingInput, ImageInput, NodeInput, PriorsInput, Vex, WorkloadInput};
use crate::constants::Constants;
use crate::error::Error;

/// Reads, checks and scores a facts file.
///
/// # Errors
/// [`Error::FactsSyntax`] with the path of the first thing that cannot be read, or [`Error::Facts`] with
/// every problem.
pub fn score_json(text: &str, constants: &Constants) -> Result<Output, Error> {
    Facts::parse(text)?.score(constants)
}

#[cfg(test)]
mod tests;
