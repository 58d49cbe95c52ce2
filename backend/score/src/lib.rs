//! The score `ces-1.0`: from facts about images, workloads and nodes to an exposure that adds up and
//! explains itself. Probabilities become integer nano-hazards, hazards add, and the exposure of the estate
//! is the exact sum of the expected losses of its workloads.
//!
//! Refuses clock, randomness and IO: the same facts give the same bits, in any order.

pub mod apportion;
pub mod constants;
pub mod error;
pub mod estate;
pub mod explain;
pub mod factors;
pub mod facts;
pub mod finding;
pub mod hazard;
pub mod image;
pub mod ledger;
pub mod loss;
pub mod priors;
pub mod slices;
pub mod unit;
pub mod what_if;
pub mod workload;

pub use constants::Constants;
pub use error::Error;
pub use facts::score_json;
pub use hazard::{ByReach, Nano};
pub use loss::Loss;

#[cfg(test)]
mod properties;
