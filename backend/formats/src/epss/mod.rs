//! FIRST's Exploit Prediction Scoring System: the daily CSV with its comment line, the same without it,
//! what FIRST's API answers, and the header-less `CVE;epss;percentile` lines of a well-known crawl of it.
//!
//! Refuses tables that carry EPSS among other columns: they are a different statement.

mod map;
#[cfg(test)]
mod tests;
mod wire;

use crate::{Error, Format, Head, Parsed, json};

/// FIRST EPSS.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "FIRST EPSS scores",
    docs: "https://www.first.org/epss/data_stats",
    version: 2,
    recognise,
    parse,
};

const KIND: &str = "epss";

fn recognise(head: &Head) -> bool {
    if head.is_json_object() {
        return head.has("data[].cve") && head.has("data[].epss");
    }
    let mut lines = head.text().lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| !line.starts_with('#'));
    match first {
        Some(line) => wire::is_header(line) || wire::is_crawled(line),
        None => head.text().starts_with("#model_version:"),
    }
}

fn parse(bytes: &[u8]) -> Result<Parsed, Error> {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => map::answer(&json::from_slice(bytes, KIND)?),
        _ => map::scores(bytes),
    }
}
