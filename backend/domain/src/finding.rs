//! Findings: one fact on one image. What a tool reports ([`ReportedFinding`]) and the classes of facts.
//! Refuses to make description text part of identity.

use serde::{Deserialize, Serialize};

use crate::cvss::CvssScore;
use crate::fix::Fix;
use crate::severity::Severity;

/// The kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingClass {
    /// A known vulnerability in a component.
    Vulnerability,
    /// A credential in a file.
    Secret,
    /// A setting against a rule.
    Misconfiguration,
    /// A licence of a component or file.
    Licence,
    /// Malicious code.
    Malware,
}

impl FindingClass {
    /// Every class, in the order pages list them.
    pub const ALL: [Self; 5] =
        [Self::Vulnerability, Self::Secret, Self::Misconfiguration, Self::Licence, Self::Malware];

    /// The word in storage and in the API: `vulnerability`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Secret => "secret",
            Self::Misconfiguration => "misconfiguration",
            Self::Licence => "licence",
            Self::Malware => "malware",
        }
    }

    /// The class of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// What a finding is about. Indices point into the tables of the [`crate::scan::Scan`] that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A vulnerability in a component.
    Vulnerability {
        /// Index into [`crate::scan::Scan::components`].
        component: usize,
        /// Index into [`crate::scan::Scan::vulnerabilities`].
        vulnerability: usize,
    },
    /// A credential.
    Secret {
        /// The tool's rule: `aws-access-key-id`.
        rule: String,
        /// File in the image.
        path: String,
        /// First line, if known.
        line: Option<u64>,
    },
    /// A failed check.
    Misconfiguration {
        /// The check: `KSV-0014`, `DS002`.
        check: String,
        /// File, or the resource's own address.
        path: String,
        /// Resource inside the file, if the tool names one.
        resource: Option<String>,
        /// First line, if known.
        line: Option<u64>,
    },
    /// A licence found.
    Licence {
        /// Index into the components, if it is a package's.
        component: Option<usize>,
        /// File, if it is a file's.
        path: Option<String>,
        /// Identifier or expression.
        licence: String,
    },
    /// Malicious code.
    Malware {
        /// Signature or family.
        name: String,
        /// File in the image.
        path: String,
    },
}

impl Subject {
    /// The class of the fact.
    #[must_use]
    pub fn class(&self) -> FindingClass {
        match self {
            Self::Vulnerability { .. } => FindingClass::Vulnerability,
            Self::Secret { .. } => FindingClass::Secret,
            Self::Misconfiguration { .. } => FindingClass::Misconfiguration,
            Self::Licence { .. } => FindingClass::Licence,
            Self::Malware { .. } => FindingClass::Malware,
        }
    }
}

/// Whether the tool still counts it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It counts.
    #[default]
    Affected,
    /// The tool set it aside, with its reason (an ignore file, a VEX document, an accepted SARIF
    /// suppression). It is shown, marked, and not scored from this tool's word.
    Suppressed(String),
}

/// A finding as one tool reports it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportedFinding {
    /// What it is about; with the image, its identity.
    pub subject: Subject,
    /// The tool's severity on our scale.
    pub severity: Severity,
    /// The tool's own word for it, as written.
    pub severity_word: String,
    /// One line for people; absent for vulnerabilities that have one of their own.
    pub title: Option<String>,
    /// Whether a fix exists.
    pub fix: Fix,
    /// Vectors said of this package in particular (a distribution's re-rating).
    pub cvss: Vec<CvssScore>,
    /// File or layer that shows it, beyond the subject.
    pub location: Option<String>,
    /// What the tool says of whether the component is used where the image runs, in a few words.
    pub in_use: Option<String>,
    /// What that comes to: seen loaded or executed, or found to be called (`true`); never loaded by a profile of what runs
    /// (`false`). Absent where nothing is said, or neither, as of code that is imported and not called.
    pub used: Option<bool>,
    /// Whether the tool still counts it.
    pub verdict: Verdict,
}

impl ReportedFinding {
    /// A finding of which nothing is known but subject and severity.
    #[must_use]
    pub fn new(subject: Subject, severity: Severity, severity_word: impl Into<String>) -> Self {
        Self {
            subject,
            severity,
            severity_word: severity_word.into(),
            title: None,
            fix: Fix::default(),
            cvss: Vec::new(),
            location: None,
            in_use: None,
            used: None,
            verdict: Verdict::Affected,
        }
    }
}
