//! The sync engine over a connector in memory, on SQLite and PostgreSQL: what a run writes, what it believes
//! gone, and what it survives.

#![expect(clippy::panic, reason = "one connector of the tests panics, to see it caught")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod faults;
mod follow;
mod gone;
mod kill;
mod order;
mod pushed;
mod queue;
mod saving;
mod script;
mod world;
