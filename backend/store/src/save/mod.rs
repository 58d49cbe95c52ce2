//! Writing, one file a noun. Every function takes the caller's transaction and is set-based: one round
//! trip for any number of rows. Refuses to decide: `normalise` says what changes, this makes it so.

pub mod admission;
pub mod attestations;
pub mod clusters;
pub mod components;
pub mod counts;
pub mod coverage;
pub mod detections;
pub mod documents;
pub mod drift;
pub mod feeds;
pub mod findings;
pub mod history;
pub mod images;
pub mod inbox;
pub mod journal;
pub mod located;
pub mod moves;
pub mod network_policies;
pub mod nodes;
pub mod periods;
pub mod places;
pub mod registries;
pub mod remembered;
pub mod retire;
pub mod routes;
pub mod scans;
pub mod scores;
pub mod signatures;
pub mod sources;
pub mod sums;
pub mod tags;
pub mod threats;
pub mod vex;
pub mod vulnerabilities;
pub mod workloads;
