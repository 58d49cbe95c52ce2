//! What Docker Bench for Security prints: checks of a Docker host, its daemon, its images and its containers.
//!
//! Refuses its log in JSON, and reports of its kin for Kubernetes.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, terminal};

const KIND: &str = "docker-bench-text";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Docker Bench for Security (text)",
    docs: "https://github.com/docker/docker-bench-security",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let markup = matches!(head.first_byte(), Some(b'{' | b'[' | b'<'));
    !markup && head.text().contains("Docker Bench for Security v")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let text = String::from_utf8_lossy(document);
    let text = terminal::plain(&text);
    let report = wire::read(&text);
    if report.checks.is_empty() {
        let line = report.lines;
        let expectation = "expected checks with their numbers; none is listed".to_owned();
        let offset = terminal::offset(document, line).min(document.len());
        return Err(Error::Broken { kind: KIND, at: format!("line {line}"), offset, expectation });
    }
    Ok(map::report(&report))
}
