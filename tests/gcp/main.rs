//! The Google Cloud connector against an emulator that pages, refuses and breaks as Google does. Refuses to run where
//! `tests/run` has not prepared Python, and says so.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod analysis;
mod asked;
mod attached;
mod commands;
mod faults;
mod inventory;
mod kept;
mod permissions;
mod posture;
mod running;
mod selfcheck;
