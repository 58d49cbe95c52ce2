//! The index of a VEX repository, `index.json` of the VEX Repository Specification 0.1: which packages it speaks of, and
//! under which path each one's document lies. SUSE's Rancher publishes one.
//!
//! Package URLs with locations identify it, and that nothing stands beside them but when it was made. It says nothing of
//! any vulnerability: its documents do, and have to be handed in themselves. Refuses the repository's manifest,
//! `vex-repository.json`, and lists of packages with anything else.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "vex-index";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "VEX repository index",
    docs: "https://github.com/aquasecurity/vex-repo-spec",
    version: 1,
    recognise,
    parse,
};

/// What stands beside the packages.
const BESIDE: [&str; 2] = ["updated_at", "version"];

fn recognise(head: &Head) -> bool {
    let known = |key: &String| key == "packages" || BESIDE.contains(&key.as_str());
    let own = head.has("packages") && head.keys().len() > 1 && head.keys().iter().all(known);
    let listed = head.value("packages[].id").is_some_and(|id| id.starts_with("pkg:"))
        && head.has("packages[].location");
    let empty = head.is_whole() && !head.has_between("packages[]", "");
    head.is_json_object() && own && (listed || empty)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    Ok(map::index(&json::from_slice(document, KIND)?))
}
