//! The Azure connector against an emulator that pages, refuses and breaks as Azure does. Refuses to run where
//! `tests/run` has not prepared Python, and says so.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod asked;
mod commands;
mod faults;
mod healthy;
mod inventory;
mod kept;
mod permissions;
mod posture;
mod signed;
mod synced;
mod whole;
