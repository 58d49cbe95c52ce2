//! Metasploit's list of its modules, `modules_metadata_base.json`, with the CVEs that each names.
//!
//! Refuses what its services answer of single modules.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "metasploit-modules";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Metasploit modules",
    docs: "https://github.com/rapid7/metasploit-framework/tree/master/db",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let each = |key: &str| head.has_between("", &format!(".{key}"));
    let of_kind = |key: &String| {
        ["auxiliary_", "encoder_", "evasion_", "exploit_", "nop_", "payload_", "post_"]
            .iter()
            .any(|kind| key.starts_with(kind) || key.starts_with(&kind.replace('_', "/")))
    };
    head.is_json_object()
        && head.keys().first().is_some_and(of_kind)
        && each("fullname")
        && each("references")
        && each("mod_time")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let modules: wire::Modules<'_> = json::from_slice(document, KIND)?;
    Ok(map::modules(&modules))
}
