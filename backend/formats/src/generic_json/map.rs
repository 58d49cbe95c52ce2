//! Objects as entries, by what their keys mean. Refuses objects in objects: they are told and passed over.

use std::collections::HashMap;

use serde_json::Value;

use super::wire::List;
use crate::Parsed;
use crate::error::clip;
use crate::generic::{self, Entry, Field, Mapping};
use crate::warnings::Warnings;

/// Maps a list.
pub(super) fn list(list: &List<'_>, mapping: &Mapping) -> Parsed {
    let meanings = mapping.meanings();
    let mut warnings = Warnings::default();
    let mut known: HashMap<&str, Option<Field>> = HashMap::new();
    let mut entries = Vec::with_capacity(list.findings.len());
    for (number, finding) in list.findings.iter().enumerate() {
        let at = format!("findings[{number}]");
        let mut cells = Vec::new();
        for (key, value) in &finding.members {
            let field = *known.entry(key).or_insert_with(|| meanings.of(key));
            match field {
                Some(field) => gather(field, value, &mut cells, &at, &mut warnings),
                None => {
                    let message =
                        format!("the key `{}` is not in the dictionary and was passed over", clip(key));
                    warnings.push(at.as_str(), message);
                }
            }
        }
        entries.push(Entry { at, cells });
    }
    let tool = [&list.tool, &list.kind, &list.name].into_iter().find_map(|name| name.filled());
    generic::findings(&entries, tool.unwrap_or_default(), warnings)
}

/// Adds the texts in a value; those of a list one by one.
fn gather(field: Field, value: &Value, cells: &mut Vec<(Field, String)>, at: &str, warnings: &mut Warnings) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => cells.push((field, truth.to_string())),
        Value::Number(number) => cells.push((field, number.to_string())),
        Value::String(text) if text.trim().is_empty() => {}
        Value::String(text) => cells.push((field, text.clone())),
        Value::Array(list) => list.iter().for_each(|one| gather(field, one, cells, at, warnings)),
        Value::Object(_) => warnings.push(at, "an object where a text belongs was passed over"),
    }
}
