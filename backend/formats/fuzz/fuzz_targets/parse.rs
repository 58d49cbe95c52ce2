//! Every format's parser, past recognition: the first byte chooses which. Refuses what is nested deeper than documents
//! may be, as reading does before it parses.

#![no_main]

use formats::{FORMATS, Limits, document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(format) = FORMATS.get(usize::from(*first) % FORMATS.len()) else { return };
    let Ok(plain) = document::open(rest, Limits::default(), |_| Ok(())) else { return };
    match (format.parse)(&plain) {
        Ok(parsed) => assert!(parsed.warnings.len() < 250),
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
});
