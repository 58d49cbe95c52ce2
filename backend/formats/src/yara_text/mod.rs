//! What `yara` and `yr scan` print: a line a rule and file that match, with the strings that matched below it where they
//! were asked for.
//!
//! Refuses counts of matches alone, which name no rule, and an empty document: a clean run prints nothing.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::error::clip;
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "yara-text";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "YARA matches (text)",
    docs: "https://yara.readthedocs.io/en/stable/commandline.html",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    !matches!(head.first_byte(), Some(b'{' | b'[' | b'<')) && wire::is_output(head.text(), head.is_whole())
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let output = wire::read(&text);
    if let Some(stray) = output.strays.first().filter(|_| output.found.is_empty() && output.failed == 0) {
        let expectation = format!("expected a rule and a file, found `{}`", clip(stray.text));
        let at = format!("line {}", stray.line);
        return Err(Error::Broken { kind: KIND, at, offset: stray.offset, expectation });
    }
    Ok(map::output(&output))
}
