//! Rules of the house, as data and their evaluation: deadlines, the stages of the exposure gap, the controls that the
//! specification of pods is held against, and whose signatures count.
//!
//! Refuses clocks, IO and scores: `now` is an argument, tables are text, and a deadline never follows
//! from a score.

pub mod deadlines;
mod error;
pub mod gap;
pub mod pods;
pub mod trust;

pub use error::Error;
