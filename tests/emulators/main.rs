//! The emulators themselves: that they page, digest, refuse and break as they say. Refuses to run where
//! `tests/run` has not prepared Python, and says so.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod bodies;
mod digests;
mod faults;
mod ministack;
mod organisation;
mod paging;
