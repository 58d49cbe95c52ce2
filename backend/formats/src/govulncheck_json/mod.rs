//! govulncheck's JSON: the stream of messages since 1.0 (or an array of them), and the one object that it
//! wrote before.
//!
//! Refuses its SARIF and its VEX, which are documents of those kinds.

mod map;
mod old;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "govulncheck-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "govulncheck JSON",
    docs: "https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let streamed = ["config", "[].config"].iter().any(|prefix| {
        head.has(&format!("{prefix}.protocol_version"))
            && ["scanner_name", "go_version", "scan_level"]
                .iter()
                .any(|key| head.has(&format!("{prefix}.{key}")))
    });
    streamed || is_old(head)
}

/// Before 1.0 one object held the graphs of calls, imports and modules.
fn is_old(head: &Head) -> bool {
    head.is_json_object()
        && (head.has("Calls.Functions") || head.has("Imports.Packages"))
        && (head.has("Imports") || head.has("Vulns") || !head.is_whole())
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_old(&Head::new(document)) {
        let report: wire::Old<'_> = json::from_slice(document, KIND)?;
        return Ok(old::report(&report));
    }
    let is_array = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let messages: Vec<wire::Message<'_>> =
        if is_array { json::from_slice(document, KIND)? } else { json::documents(document, KIND)? };
    Ok(map::messages(&messages))
}
