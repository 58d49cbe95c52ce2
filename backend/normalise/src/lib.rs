//! What is the same: identity of findings, alias groups of vulnerabilities, which image a digest means,
//! what changed between two reports of one tool, how the words of several tools become one row.
//!
//! Refuses all IO, clocks and randomness: the same input gives the same output, in any order.

pub mod aliases;
pub mod difference;
pub mod identity;
pub mod image;
pub mod in_use;
pub mod merge;
pub mod object;
pub mod report;
pub mod runtime;
pub mod tags;
pub mod vex;
