//! The command line as its users meet it: what each command prints, and with which status it ends.
//! Refuses to look inside: only arguments, files, output and status count.

mod check;
mod help;
mod ingest;
mod inspect;
mod listening;
mod score;
