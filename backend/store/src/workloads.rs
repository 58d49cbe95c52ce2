//! Reserved for its author.
