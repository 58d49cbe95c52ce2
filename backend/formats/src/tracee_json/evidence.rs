//! What proves an event, in one text: process, file, peer. Refuses arguments of commands and what was read or written.

use serde_json::Value;

use super::wire::Event;
use crate::events::{Process, evidence};

/// Arguments that name a file.
const FILES: [&str; 5] = ["pathname", "file_path", "path", "new_path", "old_path"];
/// Arguments that name a peer, as an address or as the parts of a socket's address.
const PEERS: [&str; 3] = ["remote_addr", "dst", "addr"];

/// The evidence, if there is any.
pub(super) fn of(event: &Event<'_>) -> Option<String> {
    let since = &event.workload.process;
    let process = Process {
        path: event
            .executable
            .path
            .filled()
            .or(since.executable.path.filled())
            .or(event.process_name.filled())
            .or(since.thread.name.filled()),
        pid: event.process_id.whole(),
        user: event.user_id.filled(),
        ancestors: Vec::new(),
    };
    let mut parts = Vec::new();
    parts.extend(process.evidence());
    for argument in &event.args {
        let name = &*argument.name;
        match &argument.value {
            Value::String(path) if FILES.contains(&name) && !path.is_empty() => {
                parts.push(format!("file {path}"))
            }
            Value::String(address) if PEERS.contains(&name) && !address.is_empty() => {
                parts.push(format!("connection to {address}"));
            }
            Value::Object(socket) if PEERS.contains(&name) => {
                let part = |names: [&str; 2]| names.into_iter().find_map(|name| socket.get(name)?.as_str());
                let port = part(["sin_port", "sin6_port"]).map(|port| format!(" port {port}"));
                let address = part(["sin_addr", "sin6_addr"]);
                parts.extend(
                    address.map(|address| format!("connection to {address}{}", port.unwrap_or_default())),
                );
            }
            _ => {}
        }
    }
    evidence(&parts)
}
