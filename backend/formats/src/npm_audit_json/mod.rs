//! npm audit's JSON, since npm 7 and before (which pnpm writes too).
//!
//! Refuses versions that it does not tell: since npm 7 a report names packages by their place alone. Yarn's stream
//! of advisories is another document.

mod map;
mod old;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "npm-audit-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "npm audit (JSON)",
    docs: "https://docs.npmjs.com/cli/v11/commands/npm-audit",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    head.has("auditReportVersion") || is_old(head)
}

/// Before npm 7 one list of advisories stood beside the actions that fix them.
fn is_old(head: &Head<'_>) -> bool {
    let beside = head.has("muted") || head.has("metadata") || !head.is_whole();
    head.is_json_object() && head.has("actions") && head.has("advisories") && beside
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_old(&Head::new(document)) {
        return json::from_slice(document, KIND).map(|report| old::report(&report));
    }
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
