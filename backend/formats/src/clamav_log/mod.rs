//! What `clamscan` and `clamdscan` print and log: a line a file, and a summary.
//!
//! Refuses a log without either: nothing tells it from other text.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::error::clip;
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "clamav-log";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "ClamAV scan log",
    docs: "https://docs.clamav.net/manual/Usage/Scanning.html",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let text = head.text();
    if matches!(head.first_byte(), Some(b'{' | b'[' | b'<')) {
        return false;
    }
    text.contains("- SCAN SUMMARY -") && text.contains("Infected files:") || wire::is_log(text)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let log = wire::read(&text);
    if let Some(stray) = log.strays.first().filter(|_| log.found.is_empty()) {
        let expectation = format!("expected a file and a signature, found `{}`", clip(stray.text));
        let at = format!("line {}", stray.line);
        return Err(Error::Broken { kind: KIND, at, offset: stray.offset, expectation });
    }
    Ok(map::log(&log))
}
