//! Documents in files: single files, standard input, directories with all that is in them.
//! Refuses symbolic links inside a directory (they may lead out of it) and files over the limit.

mod walk;

#[cfg(test)]
mod tests;

pub use walk::{LONG, STANDARD_INPUT, count, deliveries};
