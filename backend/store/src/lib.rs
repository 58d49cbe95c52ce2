//! The only SQL. Reads take a [`Store`] and the [`domain::scope::Viewer`] whose scope they may show, and
//! return rows made for one screen; writes take a [`Tx`], so that the caller owns the transaction.
//!
//! Refuses to interpret: what a finding is, and what is the same, is decided in `normalise`.

mod bulk;
mod connection;
mod error;
mod open;
mod row;
mod upsert;

pub mod clouds;
pub mod clusters;
pub mod detections;
pub mod documents;
pub mod facts;
pub mod findings;
pub mod images;
pub mod jobs;
pub mod list;
#[cfg(test)]
mod list_tests;
pub mod mappings;
pub mod overview;
pub mod save;
pub mod search;
#[cfg(any(test, feature = "test-support"))]
pub mod seed;
pub mod sources;
#[cfg(any(test, feature = "test-support"))]
pub mod test_support;
pub mod vulnerabilities;
pub mod workloads;

pub use connection::{Options, Store, Tx};
pub use error::Error;
pub use open::{is_there, without_password};
