//! Failed checks and secrets as tools that look at files, images and hosts list them, to findings. Refuses one
//! without an id: nothing would tell it from another.

use domain::finding::{ReportedFinding, Subject, Verdict};

use crate::severity;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

/// A check that failed, or the rule that found a secret; empty texts are not stated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Check<'t> {
    pub id: &'t str,
    /// File, as the tool writes it.
    pub path: &'t str,
    pub resource: &'t str,
    pub line: Option<u64>,
    /// The tool's word.
    pub severity: &'t str,
    pub title: &'t str,
    /// Why the tool set it aside, if it did.
    pub aside: Option<String>,
}

impl Check<'_> {
    /// The finding of a failed check; nothing, with a warning, where it has no id.
    pub(crate) fn finding(self, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<ReportedFinding> {
        let id = self.id(at, warnings)?;
        let resource = Some(self.resource).filter(|resource| !resource.is_empty());
        let subject = Subject::Misconfiguration {
            check: id,
            path: bounded(self.path, "path of a check", warnings),
            resource: resource.map(|resource| bounded(resource, "resource of a check", warnings)),
            line: self.line(),
        };
        Some(self.reported(subject, warnings))
    }

    /// The finding of a secret; nothing, with a warning, where its rule has no id.
    pub(crate) fn secret(self, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<ReportedFinding> {
        let rule = self.id(at, warnings)?;
        let path = bounded(self.path, "path of a secret", warnings);
        let subject = Subject::Secret { rule, path, line: self.line() };
        Some(self.reported(subject, warnings))
    }

    fn id(&self, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<String> {
        let id = self.id.trim();
        if id.is_empty() {
            warnings.skip(at(), "a check without an id was skipped");
            return None;
        }
        Some(bounded(id, "id of a check", warnings))
    }

    /// Tools write 0 where they know no line.
    fn line(&self) -> Option<u64> {
        self.line.filter(|line| *line > 0)
    }

    fn reported(self, subject: Subject, warnings: &mut Warnings) -> ReportedFinding {
        let word = bounded(self.severity, "severity of a check", warnings);
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
        finding.title = Some(self.title).filter(|title| !title.is_empty()).map(prose);
        if let Some(why) = self.aside {
            finding.verdict = Verdict::Suppressed(prose(&why));
        }
        finding
    }
}

#[cfg(test)]
mod tests {
    use domain::severity::Severity;

    use super::*;

    #[test]
    fn only_an_id_is_needed() {
        let mut warnings = Warnings::default();
        let check = Check { id: " A-1 ", severity: "HIGH", line: Some(0), ..Check::default() };
        let finding = check.finding(&String::new, &mut warnings).unwrap();
        let subject = Subject::Misconfiguration {
            check: "A-1".to_owned(),
            path: String::new(),
            resource: None,
            line: None,
        };
        assert_eq!((finding.subject, finding.severity, finding.title), (subject, Severity::High, None));
        assert!(Check { path: "a", ..Check::default() }.secret(&|| "x".to_owned(), &mut warnings).is_none());
        let warnings = warnings.into_vec();
        assert_eq!((warnings.len(), warnings[0].at.as_str()), (1, "x"));
    }
}
