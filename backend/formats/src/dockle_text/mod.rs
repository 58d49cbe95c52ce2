//! What Dockle prints for people: a line for each check, and below it what failed it, in colours or without.
//!
//! Refuses its JSON and its SARIF, which are read as what they are. What it prints names no image.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, terminal};

const KIND: &str = "dockle-text";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Dockle report (text)",
    docs: "https://github.com/goodwithtech/dockle",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let markup = matches!(head.first_byte(), Some(b'{' | b'[' | b'<'));
    let told = head.text().contains("CIS-DI-") || head.text().contains("DKL-");
    !markup && told && terminal::plain(head.text()).lines().any(wire::is_check)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let text = terminal::plain(&text);
    let report = wire::read(&text);
    if let Some(line) = report.unread.first().filter(|_| report.checks.is_empty()) {
        let expectation = "expected the level of a check before its code; no check has one".to_owned();
        let offset = terminal::offset(document, *line);
        return Err(Error::Broken { kind: KIND, at: format!("line {line}"), offset, expectation });
    }
    Ok(map::report(&report))
}
