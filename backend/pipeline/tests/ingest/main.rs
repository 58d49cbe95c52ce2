//! Documents into a database, on SQLite and PostgreSQL: what each changes, and what it must not.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod amazon;
mod archives;
mod concurrent;
mod documents;
mod estate;
mod feeds;
mod identity;
mod images;
mod kill;
mod long;
mod mapped;
mod refusals;
mod rescans;
mod support;
