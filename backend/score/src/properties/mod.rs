//! The properties of the score, tried on random estates: several workloads on a node, several nodes for a
//! workload, unscanned and ageing images among them. Refuses estates that could not be written as facts.

mod estates;
mod exact;
mod monotone;
mod reasons;
