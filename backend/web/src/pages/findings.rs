//! The table of findings that images and workloads show: what each tool says, side by side, with the
//! disagreement in words. Refuses to pick a winner, and to take silence of a tool that never looked for
//! an answer.

use reports::Cell;
use store::findings::{Attribution, Filter, FindingRow, State};
use store::images::ScanRow;

use super::listing::{SEVERITIES, choice, id_of, open, severity_of, text, text_of, worst};
use crate::error::Error;
use crate::filters::percentage;
use crate::query::{ListQuery, ListSpec, encoded};

/// Rows on a page: each holds what several tools say.
pub(crate) const SIZE: u32 = 25;

/// What the table of vulnerabilities found knows.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/findings",
    noun: ("finding", "findings"),
    text_hint: "vulnerability, component or title",
    columns: &[
        worst("severity", "Severity", "The worst that a tool states"),
        text("vulnerability", "Finding", ""),
        text("component", "Component", "With its source package"),
        text("fix", "Fix", "Whether a version without it exists"),
        worst("threat", "Threat", "Known exploited first, then by EPSS"),
        worst("age", "Since", "When it was first reported"),
    ],
    default_sort: "severity",
    filters: &[
        choice("severity", "Severity", SEVERITIES),
        choice("fixable", "Fix", &[("yes", "With a fix")]),
        choice("kev", "Exploited", &[("yes", "Known exploited")]),
        choice("said", "Tools", &[("differently", "Tools disagree")]),
        choice(
            "state",
            "State",
            &[("suppressed", "Set aside"), ("closed", "Closed"), ("any", "Open and closed")],
        ),
        open("component", "Component"),
        open("tool", "Reported by"),
    ],
};

/// The filter that an address asks for.
pub(crate) fn filter_of(list: &ListQuery) -> Result<Filter, Error> {
    Ok(Filter {
        text: text_of(list),
        component: id_of(list, "component")?,
        severity: severity_of(list),
        fixable: list.filter("fixable").is_some(),
        kev: list.filter("kev").is_some(),
        tool: list.filter("tool").map(str::to_owned),
        disputed: list.filter("said").is_some(),
        state: match list.filter("state") {
            Some("suppressed") => State::Suppressed,
            Some("closed") => State::Closed,
            Some("any") => State::Any,
            _ => State::Open,
        },
        ..Filter::default()
    })
}

/// A finding, ready to show.
pub(crate) struct Line {
    pub(crate) row: FindingRow,
    /// What each column's tool says, in the order of the columns.
    pub(crate) said: Vec<Said>,
}

/// What one tool says of one finding.
pub(crate) enum Said {
    /// It reports it.
    Reported(Box<Attribution>),
    /// It looked and does not.
    Silent,
    /// It did not look for this class.
    NotAsked,
}

/// The tools that get a column: those whose latest scans looked, and those that report.
pub(crate) fn tools(scans: &[ScanRow], rows: &[FindingRow]) -> Vec<String> {
    let scanned = scans.iter().filter(|scan| !scan.superseded).map(|scan| &scan.tool);
    let reporting = rows.iter().flat_map(|row| row.attributions.iter().map(|said| &said.tool));
    let mut tools: Vec<String> = scanned.chain(reporting).cloned().collect();
    tools.sort();
    tools.dedup();
    tools
}

impl Line {
    /// The row with a cell a tool.
    pub(crate) fn of(mut row: FindingRow, tools: &[String], scans: &[ScanRow]) -> Self {
        let mut attributions = std::mem::take(&mut row.attributions);
        let said = tools
            .iter()
            .map(|tool| match attributions.iter().position(|said| said.tool == *tool) {
                Some(at) => Said::Reported(Box::new(attributions.swap_remove(at))),
                None if looked(scans, tool, &row.class) => Said::Silent,
                None => Said::NotAsked,
            })
            .collect();
        Self { row, said }
    }

    /// The page of its vulnerability, if it is one.
    pub(crate) fn href(&self) -> Option<String> {
        self.row.vulnerability.as_ref().map(|id| format!("/vulnerabilities/{}", encoded(id)))
    }

    /// Its name: the vulnerability, or the rule that found it.
    pub(crate) fn name(&self) -> &str {
        self.row.vulnerability.as_deref().unwrap_or(&self.row.subject)
    }

    /// The class, where it is not the usual one.
    pub(crate) fn class(&self) -> Option<&str> {
        Some(self.row.class.as_str()).filter(|class| *class != "vulnerability")
    }

    /// Where it was seen: file, resource, line.
    pub(crate) fn place(&self) -> String {
        let mut place = self.row.path.clone();
        if let Some(line) = self.row.line {
            place.push_str(&format!(":{line}"));
        }
        if !self.row.resource.is_empty() {
            place.push_str(if place.is_empty() { "" } else { " · " });
            place.push_str(&self.row.resource);
        }
        place
    }

    /// The fix in words.
    pub(crate) fn fix(&self) -> String {
        fix_words(&self.row.fix_state, &self.row.fix_version)
    }

    /// EPSS as a share, or nothing.
    pub(crate) fn epss(&self) -> Option<String> {
        self.row.epss.map(percentage)
    }

    /// In what the tools differ, in words; empty where they agree.
    pub(crate) fn dispute(&self) -> String {
        let reported: Vec<&Attribution> = self.said.iter().filter_map(Said::attribution).collect();
        let mut words = Vec::new();
        if let (Some(low), Some(high)) =
            (reported.iter().map(|said| said.severity).max(), reported.iter().map(|said| said.severity).min())
            && low != high
        {
            words.push("severity".to_owned());
        }
        let mut fixes: Vec<&str> = reported.iter().map(|said| said.fix_version.as_str()).collect();
        fixes.sort_unstable();
        fixes.dedup();
        if fixes.len() > 1 {
            words.push("fix".to_owned());
        }
        let silent = self.said.iter().filter(|said| matches!(said, Said::Silent)).count();
        let differ = if words.is_empty() {
            String::new()
        } else {
            format!("Tools differ on {}.", words.join(" and "))
        };
        match (silent, reported.len()) {
            (0, _) | (_, 0) => differ,
            (silent, told) => {
                format!("{differ} {told} of {} tools that looked report it.", told + silent).trim().to_owned()
            }
        }
    }

    /// Why it is not counted, if it is not.
    pub(crate) fn set_aside(&self) -> Option<String> {
        if let Some(reason) = &self.row.closed_reason {
            return Some(format!("closed: {}", reason.replace(['_', '-'], " ")));
        }
        match &self.row.vex_status {
            Some(status) if status == "not_affected" || status == "fixed" => {
                Some(format!("VEX: {}", status.replace('_', " ")))
            }
            _ if self.row.suppressed => Some("set aside by a tool".to_owned()),
            _ => None,
        }
    }
}

impl Said {
    /// What it reports, if it does.
    pub(crate) fn attribution(&self) -> Option<&Attribution> {
        match self {
            Self::Reported(said) => Some(said),
            Self::Silent | Self::NotAsked => None,
        }
    }
}

/// A tool's own word for its severity, where it says more than ours.
pub(crate) fn word(said: &Attribution) -> &str {
    if said.severity_word.is_empty() { said.severity.as_str() } else { &said.severity_word }
}

/// A fix in words.
pub(crate) fn fix_words(state: &str, version: &str) -> String {
    match (state, version.is_empty()) {
        ("fixed", false) => version.to_owned(),
        ("fixed", true) => "fixed, version not stated".to_owned(),
        ("not_fixed", _) => "no fix yet".to_owned(),
        ("wont_fix", _) => "will not be fixed".to_owned(),
        _ => "fix not known".to_owned(),
    }
}

/// Whether a tool's latest scan looked for a class.
fn looked(scans: &[ScanRow], tool: &str, class: &str) -> bool {
    scans.iter().any(|scan| scan.tool == tool && !scan.superseded && scan.covers.contains(class))
}

/// The columns of a file of findings; the names of the API.
pub(crate) const COLUMNS: &[&str] = &[
    "image",
    "image_id",
    "class",
    "severity",
    "vulnerability",
    "subject",
    "title",
    "component",
    "version",
    "purl",
    "source",
    "path",
    "line",
    "fix_state",
    "fix_version",
    "epss",
    "exploited_since",
    "cvss",
    "tools",
    "first_seen_at",
    "vex",
    "suppressed",
    "closed_at",
    "closed_reason",
];

/// A finding as a row of a file.
pub(crate) fn cells(row: &FindingRow) -> Vec<Cell> {
    let of = |pick: fn(&store::findings::FoundIn) -> &String| {
        row.component.as_ref().map(|found| pick(found).clone())
    };
    let tools: Vec<String> =
        row.attributions.iter().map(|said| format!("{}: {}", said.tool, word(said))).collect();
    vec![
        row.image_name.as_str().into(),
        row.image.to_string().into(),
        row.class.as_str().into(),
        row.severity.as_str().into(),
        row.vulnerability.clone().into(),
        row.subject.as_str().into(),
        row.title.clone().into(),
        of(|found| &found.name).into(),
        of(|found| &found.version).into(),
        of(|found| &found.purl).into(),
        of(|found| &found.source_name).into(),
        row.path.as_str().into(),
        row.line.and_then(|line| i64::try_from(line).ok()).map_or(Cell::Empty, Cell::Integer),
        row.fix_state.as_str().into(),
        row.fix_version.as_str().into(),
        row.epss.into(),
        row.kev_added_at.map(|at| at.to_rfc3339()).into(),
        row.cvss_base.into(),
        tools.join("; ").into(),
        row.first_seen_at.to_rfc3339().into(),
        row.vex_status.clone().into(),
        if row.suppressed { "yes" } else { "no" }.into(),
        row.closed_at.map(|at| at.to_rfc3339()).into(),
        row.closed_reason.clone().into(),
    ]
}
