//! Rules of the house, as data and their evaluation: deadlines, the stages of the exposure gap, whose signatures count.
//!
//! Refuses clocks, IO and scores: `now` is an argument, tables are text, and a deadline never follows
//! from a score.

pub mod deadlines;
mod error;
pub mod gap;
pub mod trust;

pub use error::Error;
