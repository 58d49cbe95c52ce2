//! What proves an alert, in one text: process and ancestors, file or connection, call of the cluster's API. Refuses
//! command lines, arguments and queries: they carry credentials.

use super::wire::Alert;
use crate::events::{Process, evidence};
use crate::untrusted::prose;

/// The evidence, if there is any.
pub(crate) fn of(alert: &Alert<'_>) -> Option<String> {
    let field = |name: &str| alert.field(&[name]);
    let path = alert.field(&["proc.exepath", "proc.name"]);
    let user = alert.field(&["user.name", "user.uid"]);
    let pid = field("proc.pid").and_then(|pid| pid.parse().ok());
    let ancestors: Vec<_> =
        ["proc.pname", "proc.aname[2]", "proc.aname[3]"].iter().filter_map(|name| field(name)).collect();
    let process = Process {
        path: path.as_deref(),
        pid,
        user: user.as_deref(),
        ancestors: ancestors.iter().map(|name| &**name).collect(),
    };
    let mut parts = Vec::new();
    parts.extend(process.evidence());
    if let Some(name) = field("fd.name") {
        let what = if name.contains("->") { "connection" } else { "file" };
        parts.push(format!("{what} {name}"));
    }
    if let Some(verb) = field("ka.verb") {
        let uri = field("ka.uri").unwrap_or_default();
        let by = field("ka.user.name").map(|user| format!(" by {user}")).unwrap_or_default();
        parts.push(format!("call {verb} {}{by}", uri.split('?').next().unwrap_or_default()));
    }
    evidence(&parts)
}

/// The sentence at the beginning of the output, unless a command line is part of it.
pub(crate) fn title(alert: &Alert<'_>) -> Option<String> {
    let sentence = sentence(without_time(&alert.output, &alert.priority));
    let told =
        |name: &str| alert.field(&[name]).is_some_and(|line| line.contains(' ') && sentence.contains(&*line));
    let leaks = ["proc.cmdline", "proc.pcmdline", "proc.args", "evt.args"].into_iter().any(told);
    (!sentence.is_empty() && !leaks).then(|| prose(sentence))
}

/// The output without the time and the priority before it: `10:00:00.123456789: Warning …`.
fn without_time<'o>(output: &'o str, priority: &str) -> &'o str {
    let rest = output.split_once(": ").and_then(|(_, rest)| rest.strip_prefix(priority));
    rest.filter(|rest| !priority.is_empty() && rest.starts_with(' ')).unwrap_or(output).trim()
}

/// The part of an output before its fields.
pub(crate) fn sentence(output: &str) -> &str {
    let end = [" (", " | "].iter().filter_map(|mark| output.find(mark)).min();
    end.and_then(|end| output.get(..end)).unwrap_or(output).trim()
}
