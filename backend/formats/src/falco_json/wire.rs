//! Alerts as Falco writes them, only the fields that are used. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::map::Alerts;
use crate::json::{Text, nullable, pairs};

/// What Falco writes where it knows no value.
const UNKNOWN: [&str; 4] = ["", "<NA>", "N/A", "null"];

/// One alert. Sysdig Secure writes the same under names of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Alert<'a> {
    pub uuid: Text<'a>,
    pub output: Text<'a>,
    pub priority: Text<'a>,
    #[serde(alias = "ruleName")]
    pub rule: Text<'a>,
    pub time: Text<'a>,
    /// `syscall`, `k8s_audit`, or the name of a plugin.
    pub source: Text<'a>,
    pub hostname: Text<'a>,
    #[serde(alias = "ruleTags", deserialize_with = "nullable")]
    pub tags: Vec<Text<'a>>,
    /// Texts, numbers and lists, by the name of the field.
    #[serde(alias = "fields", deserialize_with = "pairs")]
    pub output_fields: Vec<(Text<'a>, Value)>,
}

impl Alert<'_> {
    /// The first of these fields whose value is known.
    pub(crate) fn field(&self, names: &[&str]) -> Option<Cow<'_, str>> {
        names.iter().find_map(|name| {
            let (_, value) = self.output_fields.iter().find(|(known, _)| &**known == *name)?;
            match value {
                Value::String(text) => known(text).map(Cow::Borrowed),
                Value::Number(number) => Some(Cow::Owned(number.to_string())),
                _ => None,
            }
        })
    }
}

/// A value, unless it stands for none.
pub(crate) fn known(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !UNKNOWN.contains(text))
}

/// Reads a document line by line, the lines that are no alert counted; whether there was an alert.
pub(super) fn push_lines(document: &[u8], alerts: &mut Alerts) -> bool {
    let mut found = false;
    for (index, line) in document.split(|byte| *byte == b'\n').enumerate() {
        let at = || format!("line {}", index + 1);
        match serde_json::from_slice::<Alert<'_>>(line) {
            Ok(alert) if alert.rule.filled().or(alert.output.filled()).is_some() => {
                found |= alert.rule.filled().is_some();
                alerts.push(&alert, &at());
            }
            _ if line.iter().all(u8::is_ascii_whitespace) => {}
            _ => alerts.pass_over(at()),
        }
    }
    found
}
