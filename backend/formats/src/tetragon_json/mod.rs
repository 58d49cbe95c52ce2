//! Events of Tetragon as it exports them and as `tetra getevents -o json` prints them, one a line or one alone: what a
//! tracing policy matched, the execution of a binary that has no name in a file system any more, and which programs and
//! libraries containers execute and load.
//!
//! Refuses to take what merely ran, ended or connected for an alert: such events are counted and set aside.

mod evidence;
mod loaded;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "tetragon-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Tetragon events (JSON)",
    docs: "https://tetragon.io/docs/reference/grpc-api/",
    version: 2,
    recognise,
    parse,
};

/// Events that speak of a process.
const OF_PROCESSES: [&str; 13] = [
    "process_accept",
    "process_close",
    "process_connect",
    "process_exec",
    "process_exit",
    "process_kprobe",
    "process_listen",
    "process_loader",
    "process_lsm",
    "process_sock_stats",
    "process_tracepoint",
    "process_uprobe",
    "process_usdt",
];

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        let process =
            |event: &str| has(&format!("{event}.process.exec_id")) || has(&format!("{event}.process.binary"));
        let dropped =
            has("rate_limit_info.number_of_dropped_process_events") || has("process_throttle.cgroup");
        OF_PROCESSES.into_iter().any(process) || dropped
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let events: Vec<wire::Event<'_>> = objects::read(document, KIND)?;
    Ok(map::events(&events))
}
