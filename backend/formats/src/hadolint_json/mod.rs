//! Hadolint's JSON (`hadolint -f json`): rules that lines of Dockerfiles break.
//!
//! Refuses an empty list, which every tool writes alike, ShellCheck's own JSON, whose codes are numbers, and
//! Hadolint's SARIF, which is read as such.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "hadolint-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Hadolint JSON report",
    docs: "https://github.com/hadolint/hadolint",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let has = |key: &&str| head.has(&format!("[].{key}"));
    let code = head.value("[].code").unwrap_or_default();
    let own = code.starts_with("DL") || code.starts_with("SC");
    head.is_json_array() && own && ["column", "file", "level", "line", "message"].iter().all(has)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let broken: Vec<wire::Broken<'_>> = json::from_slice(document, KIND)?;
    Ok(map::rules(&broken))
}
