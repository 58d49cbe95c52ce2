//! The beginning of a document: at most one format may claim it, and whether more follows must not matter to memory.
//! Refuses to parse.

#![no_main]

use formats::{Error, Head};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let ambiguous = matches!(formats::recognise(&Head::new(bytes)), Err(Error::Ambiguous { .. }));
    assert!(!ambiguous, "two formats claim it");
});
