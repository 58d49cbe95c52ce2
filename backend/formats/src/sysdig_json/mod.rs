//! The result of Sysdig's scanner, in its two layouts: packages that list their vulnerabilities, and packages that
//! refer to them; the second also as the API answers it, without the scanner around it.
//!
//! Refuses lists of results.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "sysdig-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Sysdig scan result",
    docs: "https://docs.sysdig.com/en/sysdig-secure/vulnerability-management/",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let result = |prefix: &str| {
        ["metadata.baseOs", "metadata.pullString", "packages"]
            .iter()
            .all(|key| head.has(&format!("{prefix}{key}")))
    };
    head.is_json_object() && (result("result.") || result(""))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if Head::new(document).has("result") {
        let report: wire::Report<'_> = json::from_slice(document, KIND)?;
        return Ok(map::report(&report, "result."));
    }
    let result: wire::Outcome<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&wire::Report { result, ..wire::Report::default() }, ""))
}
