//! The shared words of Plimsoll and their rules: digests, image references, package URLs,
//! vulnerabilities, findings, workloads, and the [`observation::Observation`] that every connector
//! and format emits and every consumer reads.
//!
//! Refuses all IO, async, SQL and HTTP. A value that exists is valid: the fallible constructors here
//! are the only way to make one.

pub mod account;
pub mod admission;
pub mod attestation;
pub mod cloud;
pub mod cluster;
pub mod component;
pub mod coverage;
pub mod cvss;
pub mod digest;
pub mod document;
pub mod exposure;
pub mod finding;
pub mod fix;
pub mod id;
pub mod image;
pub mod intel;
pub mod mapping;
pub mod network_policy;
pub mod node;
pub mod observation;
pub mod port;
pub mod purl;
pub mod reference;
pub mod registry;
pub mod runtime;
pub mod sbom;
pub mod scan;
pub mod scope;
pub mod setting;
pub mod severity;
pub mod signature;
pub mod source;
pub mod vex;
pub mod vulnerability;
pub mod workload;
