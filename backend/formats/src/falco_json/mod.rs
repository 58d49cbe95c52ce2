//! Falco's alerts in JSON: lines of its standard output or of a file, what it and falcosidekick send to a webhook, and
//! arrays of these. Text between the lines, as Falco prints it when it starts and ends, is passed over.
//!
//! Refuses logs that begin with text, and alerts of other sources than system calls and the audit log of Kubernetes:
//! those are counted and set aside.

mod evidence;
mod map;
mod place;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use evidence::{of as proof, sentence, title};
pub(crate) use map::{Alerts, severity, tool};
pub(crate) use wire::{Alert, known};

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "falco-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Falco alerts (JSON)",
    docs: "https://falco.org/docs/outputs/formatting/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let told = has("output") || has("output_fields");
        told && ["rule", "priority", "time"].into_iter().all(has)
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let mut alerts = Alerts::default();
    match objects::read::<Alert<'_>>(document, KIND) {
        Ok(read) => {
            for (number, alert) in read.iter().enumerate() {
                alerts.push(alert, &format!("[{number}]"));
            }
        }
        Err(error) if !wire::push_lines(document, &mut alerts) => return Err(error),
        Err(_) => {}
    }
    Ok(alerts.build(None))
}
