//! What `snyk container test` prints for people (releases 1.500 to 1.1300): issues with their packages, and below them
//! what was tested and how much was found, once for the distribution and once for each application in the image. Also the
//! error that Snyk prints instead, which is told as a scan that failed.
//!
//! The headings `… severity vulnerability found in …` with links to Snyk's database identify it, the last line of a test
//! that found nothing, or the number of an error, `(SNYK-0005)`. It names no CVE but where that is an issue's title: most
//! issues are known by Snyk's own id, and of packages only those that the first three paths lead to. Refuses what
//! `snyk test` prints of directories where it finds anything, and its JSON and SARIF. There is no schema: the shape is that
//! of Snyk's documentation of the results and of its error catalogue.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::error::clip;
use crate::{Error, Format, Head, Parsed, terminal};

const KIND: &str = "snyk-text";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Snyk container test (text)",
    docs: "https://docs.snyk.io/developer-tools/snyk-cli/commands/container-test",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if matches!(head.first_byte(), Some(b'{' | b'[' | b'<')) {
        return false;
    }
    let text = terminal::plain(head.text());
    let linked = text.contains(wire::DATABASE);
    let listed = linked && (text.lines().any(wire::is_heading) || text.contains("Introduced through:"));
    listed || text.lines().any(|line| wire::is_clean(line) || wire::is_error(line))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let text = terminal::plain(&text);
    let report = wire::read(&text);
    let listed = report.tests.iter().any(|test| !test.found.is_empty());
    if let Some(stray) = report.strays.first().filter(|_| !listed) {
        let expectation = format!(
            "expected a heading with severity and package above `{}`; there is none",
            clip(stray.text)
        );
        let offset = terminal::offset(document, stray.line);
        return Err(Error::Broken { kind: KIND, at: format!("line {}", stray.line), offset, expectation });
    }
    Ok(map::report(&report))
}
