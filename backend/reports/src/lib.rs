//! Stored facts as documents for people and machines. Refuses to compute: what a report says was
//! decided before it is written.

pub mod csv;
pub mod json;
pub mod table;

pub use table::{Cell, Table};
