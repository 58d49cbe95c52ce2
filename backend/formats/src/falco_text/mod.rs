//! Falco's log as text: alerts as it prints them, also behind the words of syslog, and what it says when it starts. A
//! line of JSON in it is read as what it is.
//!
//! Refuses text in which Falco says neither its version nor an alert.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::error::clip;
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "falco-text";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Falco log (text)",
    docs: "https://falco.org/docs/outputs/channels/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    !matches!(head.first_byte(), Some(b'{' | b'[' | b'<')) && wire::is_log(head.text())
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let log = wire::read(&text);
    if let Some(stray) = log.strays.first().filter(|_| log.lines.is_empty()) {
        let expectation = format!("expected an alert behind time and priority, found `{}`", clip(stray.text));
        let at = format!("line {}", stray.line);
        return Err(Error::Broken { kind: KIND, at, offset: stray.offset, expectation });
    }
    Ok(map::log(&log))
}
