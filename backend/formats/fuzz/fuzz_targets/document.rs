//! Any bytes as a document: decompressed, decoded, recognised and read within small limits. Refuses archives, which are
//! walked here as well.

#![no_main]

use formats::{Limits, archive};
use libfuzzer_sys::fuzz_target;

/// Most bytes that may come out.
const MOST: usize = 4 << 20;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { size: MOST, ..Limits::default() };
    if let Err(error) = formats::read(bytes, limits) {
        assert!(!error.to_string().contains(char::is_control));
    }
    if let Some(kind) = archive::recognise(bytes) {
        let mut keep = |member: archive::Member| {
            drop(formats::read(&member.bytes, limits));
            true
        };
        drop(archive::unpack(bytes, kind, archive::Limits::of(MOST as u64), &mut keep));
    }
});
