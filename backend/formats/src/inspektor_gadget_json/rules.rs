//! What a container should not do, as one table, told by the fields that only one gadget writes. Refuses calls that
//! failed, and the runtime's own work when it makes a container.

use serde_json::Value;

use super::wire::Record;

/// A noteworthy kind of record.
#[derive(Debug)]
pub(super) struct Rule {
    /// The gadget, and what is noteworthy of it.
    pub name: &'static str,
    pub title: &'static str,
    matches: fn(&Record<'_>) -> bool,
}

/// The table; the first that matches counts.
const RULES: &[Rule] = &[
    Rule {
        name: "trace_exec: file not of the image",
        title: "A file that was written after the container began was executed",
        matches: |record| record.upper_layer == Some(true),
    },
    Rule { name: "audit_seccomp", title: "Seccomp did not allow a system call", matches: is_refused },
    Rule {
        name: "trace_init_module",
        title: "A container loads a kernel module",
        matches: |record| record.param_values.is_some(),
    },
    Rule { name: "trace_mount", title: "A container mounts a file system", matches: is_mount },
];

/// The rule that a record matches, if any.
pub(super) fn of(record: &Record<'_>) -> Option<&'static Rule> {
    if record.error.filled().is_some_and(|error| error != "0") {
        return None;
    }
    RULES.iter().find(|rule| (rule.matches)(record))
}

fn is_refused(record: &Record<'_>) -> bool {
    let allowed = record.code.to_ascii_uppercase().ends_with("ALLOW");
    record.code.filled().is_some() && record.syscall.filled().is_some() && !allowed
}

fn is_mount(record: &Record<'_>) -> bool {
    let comm = record.process.comm.filled().or(record.comm.filled());
    let own = comm.is_some_and(|comm| comm.starts_with("runc") || comm.starts_with("crun"));
    let mounts = record.op.as_str().is_some_and(|word| word.eq_ignore_ascii_case("mount"));
    mounts && !own && matches!(record.dest, Value::String(_))
}
