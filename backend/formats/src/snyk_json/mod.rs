//! What Snyk's command line finds with `snyk container test --json` and `snyk test --json`: one result, or an
//! array of them.
//!
//! Refuses Snyk's results for code and infrastructure, and the issues of its API.

mod map;
pub(crate) mod package;
pub(crate) mod record;
mod targets;
pub(crate) mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "snyk-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Snyk test results",
    docs: "https://docs.snyk.io/developer-tools/snyk-cli/commands/container-test",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        let listed = has("vulnerabilities[].packageManager") && has("vulnerabilities[].semver");
        let tested = has("dependencyCount") && has("ok") && (has("packageManager") || has("projectName"));
        has("vulnerabilities") && (listed || tested)
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let results: Vec<wire::Project<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::results(&results));
    }
    let result: wire::Project<'_> = json::from_slice(document, KIND)?;
    Ok(map::results(std::slice::from_ref(&result)))
}
