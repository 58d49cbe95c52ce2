//! EC2, as far as reach needs it: network interfaces and security groups, asked for by two signed Query
//! calls. The SDK crate for EC2 is an order of magnitude larger than all the others together.
//!
//! Refuses to be a scope of its own.

mod answers;
mod openings;
mod query;

#[cfg(test)]
pub(in crate::aws) use openings::{Group, Interface, Rule};
pub(in crate::aws) use openings::{Network, is_everybody, listed};
pub(in crate::aws) use query::{attempt, network};
