//! What proves an event, in one text: process and parent, what was hooked, files and peers, and what Tetragon did.
//! Refuses command lines, and arguments that hold the content of files and messages.

use super::wire::{Argument, Hook, Process};
use crate::events::{self, evidence};

/// Actions that change nothing.
pub(super) const IDLE: [&str; 3] = ["KPROBE_ACTION_POST", "KPROBE_ACTION_UNKNOWN", "KPROBE_ACTION_NOPOST"];

/// The evidence of what a policy hooked.
pub(super) fn of_hook(hook: &Hook<'_>) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(process(&hook.process, &hook.parent));
    parts.extend(hook.function_name.filled().map(|name| format!("call of {name}")));
    for argument in &hook.args {
        parts.extend(touched(argument));
    }
    if let Some(action) = hook.action.filled().filter(|action| !IDLE.contains(action)) {
        let word = action.strip_prefix("KPROBE_ACTION_").unwrap_or(action);
        parts.push(format!("Tetragon answered with {word}"));
    }
    evidence(&parts)
}

/// The evidence of an execution.
pub(super) fn of_process(child: &Process<'_>, parent: &Process<'_>) -> Option<String> {
    let parts: Vec<String> = process(child, parent).into_iter().collect();
    evidence(&parts)
}

fn process(child: &Process<'_>, parent: &Process<'_>) -> Option<String> {
    let process = events::Process {
        path: child.binary.filled(),
        pid: child.pid.whole(),
        user: child.user.name.filled().or(child.uid.filled()),
        ancestors: parent.binary.filled().into_iter().collect(),
    };
    process.evidence()
}

/// The file or the peer of an argument.
fn touched(argument: &Argument<'_>) -> Option<String> {
    let files = [&argument.file_arg, &argument.path_arg, &argument.linux_binprm_arg];
    let path = files.into_iter().flatten().find_map(|file| file.path.filled());
    if let Some(path) = path {
        return Some(format!("file {path}"));
    }
    let sockets = [&argument.sock_arg, &argument.skb_arg];
    let peer = sockets.into_iter().flatten().find_map(|socket| Some((socket.daddr.filled()?, socket.dport)));
    let address = argument.sockaddr_arg.as_ref();
    let (to, port) = peer.or_else(|| address.and_then(|peer| Some((peer.addr.filled()?, peer.port))))?;
    Some(match port.whole() {
        Some(port) => format!("connection to {to} port {port}"),
        None => format!("connection to {to}"),
    })
}
