//! The AWS connector against an emulator that pages, refuses and breaks as AWS does. Refuses to run where
//! `tests/run` has not prepared Python, and says so.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod asked;
mod attached;
mod commands;
mod faults;
mod inspector;
mod inventory;
mod kept;
mod organisation;
mod permissions;
mod second;
mod synced;
mod whole;
