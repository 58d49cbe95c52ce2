//! Writing, one file a noun. Every function takes the caller's transaction and is set-based: one round
//! trip for any number of rows. Refuses to decide: `normalise` says what changes, this makes it so.

pub mod scores;
