//! What the ledger and the fixes call things, in words for people. Refuses to hide a word it does not
//! know: it is shown as stored.

use crate::filters::grouped;

/// The cause of a change, from the ledger's word.
pub(super) fn cause(word: &str) -> &str {
    match word {
        "intel" => "threat intelligence",
        "intel_model" => "new EPSS model, not posture",
        "image" => "images changed",
        "exposure" => "reach or privilege changed",
        "new_workload" => "workloads added",
        "retired_workload" => "workloads gone",
        "coverage" => "scanned, or no longer current",
        "vex" => "vendor statement",
        "alert" => "runtime alert",
        "node" => "nodes or placement changed",
        "constants" => "other scoring constants, not posture",
        "unexplained" => "cause not recorded",
        other => other,
    }
}

/// What a fix is and how much it closes.
pub(super) fn fix(kind: &str, findings: u64) -> String {
    let what = match kind {
        "package" => "update the package",
        "base" => "rebuild on a newer base",
        "scan" => "scan it: nobody has",
        other => other,
    };
    match findings {
        0 => what.to_owned(),
        1 => format!("{what} · 1 finding"),
        many => format!("{what} · {} findings", grouped(&many.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_for_people() {
        assert_eq!(cause("retired_workload"), "workloads gone");
        assert_eq!(cause("solar flare"), "solar flare");
        assert_eq!(fix("scan", 0), "scan it: nobody has");
        assert_eq!(fix("package", 1200).replace('\u{202f}', "_"), "update the package · 1_200 findings");
    }
}
