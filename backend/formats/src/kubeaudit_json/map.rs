//! kubeaudit's results in our words: one scan of each object. What a label allows is set aside with its reason.
//! Refuses what only says that all is well.

use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::scan::Tool;

use super::wire::Outcome;
use crate::targets::Targets;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Why no scan of an object is whole.
const UNSTATED: &str = "results of kubeaudit do not tell which audits were made and from which level on";
/// What it calls a result that is none.
const GOOD: &str = "ImageCorrect";
/// How the name of a result ends that a label allows.
const ALLOWED: &str = "Allowed";

/// Maps all lines.
pub(super) fn results(results: &[Outcome<'_>]) -> Parsed {
    let tool = Tool { name: "kubeaudit".to_owned(), version: None };
    let (mut targets, mut warnings) = (Targets::new(&tool, UNSTATED), Warnings::default());
    let mut entries = 0;
    for (number, found) in results.iter().enumerate() {
        let at = format!("[{number}]");
        let Some(name) = found.name.filled() else {
            warnings.push(at, "a line that is no result of an audit was passed over");
            continue;
        };
        let kind = bounded(&found.resource_kind, &at, &mut warnings);
        let scan = targets.of(&kind, &bounded(&address(found), &at, &mut warnings));
        scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(time::parse(&found.time));
        if name != GOOD {
            entries += 1;
            scan.finding(finding(name, found, &at, &mut warnings));
        }
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: targets.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The name of an object with its namespace.
fn address(found: &Outcome<'_>) -> String {
    match (found.resource_namespace.filled(), found.resource_name.filled()) {
        (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
        (_, name) => name.unwrap_or_default().to_owned(),
    }
}

fn finding(name: &str, found: &Outcome<'_>, at: &str, warnings: &mut Warnings) -> ReportedFinding {
    let allowed = name.strip_suffix(ALLOWED).filter(|check| !check.is_empty());
    let resource = bounded(&part(found), at, warnings);
    let subject = Subject::Misconfiguration {
        check: bounded(allowed.unwrap_or(name), at, warnings),
        path: String::new(),
        resource: Some(resource).filter(|resource| !resource.is_empty()),
        line: None,
    };
    let word = &*found.level;
    let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
    finding.title = found.message.filled().map(prose);
    if allowed.is_some() {
        let reason = found.override_reason.filled().map(|reason| format!(": {}", prose(reason)));
        finding.verdict =
            Verdict::Suppressed(format!("allowed by a label of the object{}", reason.unwrap_or_default()));
    }
    finding
}

/// The part of an object that a result is about: `api NET_ADMIN`, of a container and its capability.
fn part(found: &Outcome<'_>) -> String {
    let Outcome { container, capability, metadata, mount_name, policy_name, override_label, .. } = found;
    let words = [container, capability, metadata, mount_name, policy_name, override_label];
    words.into_iter().filter_map(|word| word.filled()).collect::<Vec<_>>().join(" ")
}
