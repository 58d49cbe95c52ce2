//! The command line as its users meet it: what each command prints, and with which status it ends.
//! Refuses to look inside: only arguments, files, output and status count.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod check;
mod encrypted;
mod help;
mod ingest;
mod inspect;
mod listening;
mod mapping;
mod score;
