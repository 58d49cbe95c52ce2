//! By when a finding must be fixed: a decision table over facts of the vulnerability and of the place it
//! runs in, kept as data in `config/deadlines/`.
//!
//! Refuses tables with a gap, an unreachable row or a word it does not know, and any part of a score.

mod parse;
#[cfg(test)]
mod tests;

use domain::cvss::CvssReading;
use domain::exposure::Reach;
use domain::severity::Severity;

use crate::Error;

/// The tables that come with the program, by name.
pub const BUILT_IN: [(&str, &str); 2] = [
    (DEFAULT, include_str!("../../../../config/deadlines/cisa-bod-26-04.toml")),
    ("severity", include_str!("../../../../config/deadlines/severity.toml")),
];
/// Their names, for settings.
pub const NAMES: &[&str] = &[BUILT_IN[0].0, BUILT_IN[1].0];
/// The table that counts unless another is chosen.
pub const DEFAULT: &str = "cisa-bod-26-04";

/// A deadline table, proven to decide every case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    name: String,
    title: String,
    source: Option<String>,
    next_upgrade_days: u32,
    automatable: bool,
    total_impact: bool,
    rows: Vec<Row>,
    /// The row of each case, by [`Case::index`].
    decided: Vec<usize>,
}

/// What a deadline depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Known to be exploited: in CISA's catalogue.
    pub kev: bool,
    /// Reachable from the internet where it runs; see [`is_publicly_exposed`].
    pub exposed: bool,
    /// Whether an attacker can automate it, as SSVC says; absent where nobody said.
    pub automatable: Option<bool>,
    /// Whether it gives total control; see [`is_total_impact`]. Absent where nobody said.
    pub total_impact: Option<bool>,
    /// Severity.
    pub severity: Severity,
}

/// What the table says of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    /// Days from the start of the clock; nothing where the table sets no deadline.
    pub days: Option<u32>,
    /// Whether it may wait for the next upgrade, which for a container is its next rebuild; `days` is
    /// then the ceiling.
    pub next_upgrade: bool,
    /// Whether the host must be searched for traces of an intrusion.
    pub triage: bool,
    /// Name of the row that decided, for people.
    pub row: &'a str,
}

/// One row: conditions, of which those left out always hold, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    name: String,
    kev: Option<bool>,
    exposed: Option<bool>,
    automatable: Option<bool>,
    total_impact: Option<bool>,
    severity: Option<Severity>,
    days: Option<u32>,
    next_upgrade: bool,
    triage: bool,
}

/// Facts without anything unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Case {
    kev: bool,
    exposed: bool,
    automatable: bool,
    total_impact: bool,
    severity: Severity,
}

impl Deadlines {
    /// Reads a table.
    ///
    /// # Errors
    /// With every problem of the table at once; with the line where it is not TOML.
    pub fn load(toml: &str) -> Result<Self, Error> {
        parse::table(toml)
    }

    /// A table that comes with the program.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn built_in(name: &str) -> Result<Self, Error> {
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, toml)) => Self::load(toml),
            None => Err(Error::NoSuchTable { name: name.to_owned(), known: NAMES.join(", ") }),
        }
    }

    /// By when a finding must be fixed.
    #[must_use]
    pub fn due(&self, facts: &Facts) -> Due<'_> {
        let case = Case {
            kev: facts.kev,
            exposed: facts.exposed,
            automatable: facts.automatable.unwrap_or(self.automatable),
            total_impact: facts.total_impact.unwrap_or(self.total_impact),
            severity: facts.severity,
        };
        let row = &self.rows[self.decided[case.index()]];
        Due {
            days: if row.next_upgrade { Some(self.next_upgrade_days) } else { row.days },
            next_upgrade: row.next_upgrade,
            triage: row.triage,
            row: &row.name,
        }
    }

    /// Name in settings.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Where the rule comes from, if the table says so.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }
}

impl Row {
    fn holds(&self, case: Case) -> bool {
        let is = |condition: Option<bool>, fact: bool| condition.is_none_or(|wanted| wanted == fact);
        is(self.kev, case.kev)
            && is(self.exposed, case.exposed)
            && is(self.automatable, case.automatable)
            && is(self.total_impact, case.total_impact)
            && self.severity.is_none_or(|wanted| wanted == case.severity)
    }
}

impl Case {
    /// Every case, in the order of [`Self::index`].
    fn all() -> impl Iterator<Item = Self> {
        Severity::ALL.into_iter().flat_map(|severity| {
            (0..16_u8).map(move |bits| Self {
                kev: bits & 8 != 0,
                exposed: bits & 4 != 0,
                automatable: bits & 2 != 0,
                total_impact: bits & 1 != 0,
                severity,
            })
        })
    }

    fn index(self) -> usize {
        let severity = match self.severity {
            Severity::Critical => 0,
            Severity::High => 1,
            Severity::Medium => 2,
            Severity::Low => 3,
            Severity::Unknown => 4,
        };
        let bits = [self.kev, self.exposed, self.automatable, self.total_impact];
        bits.into_iter().fold(severity, |index, bit| index * 2 + usize::from(bit))
    }
}

/// Whether a workload's reach counts as publicly exposed. What nobody observed does: a deadline must
/// not be longer for want of looking.
#[must_use]
pub fn is_publicly_exposed(reach: Reach) -> bool {
    matches!(reach, Reach::Internet | Reach::Unknown)
}

/// Technical impact as SSVC says, or else as a CVSS vector says: total where confidentiality, integrity
/// and availability are all lost. Nothing where neither is known.
#[must_use]
pub fn is_total_impact(ssvc: Option<bool>, cvss: Option<&CvssReading>) -> Option<bool> {
    ssvc.or(cvss.map(|reading| reading.total_impact))
}
