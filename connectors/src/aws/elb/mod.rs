//! Elastic Load Balancing: what stands before services and functions. Refuses to be a scope of its own: a
//! load balancer matters for what it leads to.

mod fronts;
mod read;
#[cfg(test)]
mod tests;

pub(in crate::aws) use fronts::{Front, Heard, fronts};
pub(in crate::aws) use read::Balancers;
