//! OWASP Dependency-Check's report in XML, schema 1.3 to 4: files with the packages that they were taken for, and
//! their vulnerabilities, those that a rule suppressed too.
//!
//! Refuses its SARIF, which is read as what it is, and its JSON, CSV and HTML.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, xml};

const KIND: &str = "dependency-check-xml";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "OWASP Dependency-Check report (XML)",
    docs: "https://dependency-check.github.io/DependencyCheck/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let text = head.text();
    head.first_byte() == Some(b'<')
        && xml::root_name(text) == Some("analysis")
        && text.contains("dependency-check.")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let root = wire::read(document)?;
    Ok(map::report(&wire::report(&root)))
}
