//! Events of Tracee in JSON, one a line or one alone, in the layout before release 0.24 and in that of its API since:
//! what a signature or a detector found, what a policy with a name of its own matched, and which programs and libraries
//! containers execute and load.
//!
//! Refuses to take what was merely traced for an alert: such events are counted and set aside. A library that was loaded is
//! none whatever policy asked for it.

mod evidence;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "tracee-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Tracee events (JSON)",
    docs: "https://aquasecurity.github.io/tracee/latest/docs/outputs/event-structure/",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        let traced = has("eventName") && has("eventId") && (has("hostProcessId") || has("processName"));
        let since = has("name") && (has("policies.matched") || has("threat")) && has("workload.process");
        traced || since
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let events: Vec<wire::Event<'_>> = objects::read(document, KIND)?;
    Ok(map::events(&events))
}
