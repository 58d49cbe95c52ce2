//! Documents in, observations out.
