//! Gitleaks' report as it writes it, old and new fields in one. Refuses to read what was matched, and to interpret;
//! every field may be absent.

use serde::Deserialize;

use crate::json::{Number, Text};

/// A secret that was found.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Leak<'a> {
    #[serde(rename = "RuleID")]
    pub rule_id: Text<'a>,
    pub description: Text<'a>,
    pub start_line: Number,
    pub file: Text<'a>,
    pub commit: Text<'a>,
    /// Commit, file, rule and line in one.
    pub fingerprint: Text<'a>,
    /// The rest is of releases before 8.
    #[serde(rename = "rule")]
    pub old_rule: Text<'a>,
    #[serde(rename = "lineNumber")]
    pub old_line: Number,
    #[serde(rename = "file")]
    pub old_file: Text<'a>,
    #[serde(rename = "commit")]
    pub old_commit: Text<'a>,
    #[serde(rename = "repo")]
    pub repository: Text<'a>,
    #[serde(rename = "repoURL")]
    pub repository_url: Text<'a>,
}

impl Leak<'_> {
    /// The rule, by id or by name.
    pub(super) fn rule(&self) -> Option<&str> {
        self.rule_id.filled().or(self.old_rule.filled())
    }

    /// The file that holds it.
    pub(super) fn path(&self) -> Option<&str> {
        self.file.filled().or(self.old_file.filled())
    }

    /// The first line; some releases count from 0.
    pub(super) fn line(&self) -> Option<u64> {
        self.start_line.whole().or(self.old_line.whole()).filter(|line| *line > 0)
    }

    /// What tells it from others: the fingerprint, else the commit.
    pub(super) fn mark(&self) -> Option<&str> {
        self.fingerprint.filled().or(self.commit.filled()).or(self.old_commit.filled())
    }

    /// The repository, which new releases do not name.
    pub(super) fn place(&self) -> Option<&str> {
        self.repository_url.filled().or(self.repository.filled())
    }
}
