//! The factors of the score, one file each, with the number in the section of `config/scoring.toml` that
//! has its name. Refuses state: each is a function of its facts and the constants.

pub mod alert;
pub mod configuration;
pub mod criticality;
pub mod escape;
pub mod impact;
pub mod in_use;
pub mod reach;
pub mod sandbox;
pub mod secret;
pub mod staleness;
pub mod threat;
