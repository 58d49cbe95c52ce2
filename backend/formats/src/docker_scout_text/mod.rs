//! What `docker scout cves` prints for people: an overview, and packages with their vulnerabilities.
//!
//! Refuses its other outputs: SARIF and GitLab's format are read as what they are, and a comparison of two
//! images is no scan of one.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::error::clip;
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "docker-scout-text";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Docker Scout CVEs (text)",
    docs: "https://docs.docker.com/reference/cli/docker/scout/cves/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if matches!(head.first_byte(), Some(b'{' | b'[' | b'<')) || head.text().contains("Comparison Image") {
        return false;
    }
    let text = head.text();
    let overview = text.contains("Analyzed Image") && text.contains("## Packages and Vulnerabilities");
    overview || text.contains("https://scout.docker.com/v/") && text.contains("Affected range")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let report = wire::read(&text);
    if let Some(stray) = report.strays.first().filter(|_| report.packages.is_empty()) {
        let expectation =
            format!("expected the package of `{}` above it; no package is listed", clip(stray.found.id));
        let at = format!("line {}", stray.line);
        return Err(Error::Broken { kind: KIND, at, offset: stray.offset, expectation });
    }
    Ok(map::report(&report))
}
