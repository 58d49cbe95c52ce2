//! What the findings of an image come to: fix units, hazards, counts, deadlines. Refuses to take an image
//! without findings for clean: whether it was scanned is the estate's question.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use domain::exposure::Reach;
use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::id::ImageId;
use policy::deadlines::{Deadlines, Facts};
use score::factors::in_use::InUse;
use score::finding::Finding;
use score::{ByReach, Constants, Nano};
use serde::{Deserialize, Serialize};
use store::facts::{FindingFact, UseFact};
use store::save::scores::ImageJudgement;

use super::findings::{self, Evidence};

/// How many fix units are kept for explanations.
const KEPT_UNITS: usize = 25;

/// A fix unit as explanations need it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Unit {
    /// Source package.
    pub(super) name: String,
    /// Installed version.
    pub(super) version: String,
    /// First fixed version of its worst finding, or empty.
    pub(super) fix: String,
    /// Package URL of the worst finding's component.
    pub(super) component: String,
    /// The worst finding's vulnerability.
    pub(super) vulnerability: String,
    /// Its title.
    pub(super) title: Option<String>,
    /// Open findings in the unit.
    pub(super) findings: i64,
    /// Hazard by reach: the largest over its findings.
    pub(super) hazards: [i64; 5],
    /// Likelihood of the worst finding's threat.
    pub(super) threat: f64,
    /// Where it comes from.
    pub(super) evidence: Evidence,
    /// From where an attacker must act: `N`, `A`, `L`.
    pub(super) attack_vector: domain::cvss::AttackVector,
    /// Impact of the worst finding.
    pub(super) impact: f64,
    /// What is known of its component's use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) in_use: Option<Use>,
}

/// What is known of a component's use.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Use {
    /// A program of it was executed, last seen by a tool at a moment.
    Executed { program: String, tool: String, at: DateTime<Utc> },
    /// A library of it was loaded, last seen by a tool at a moment.
    Loaded { library: String, tool: String, at: DateTime<Utc> },
    /// A tool says in a word that it is used, last at a moment.
    Told { word: String, tool: String, at: DateTime<Utc> },
    /// It was not loaded in so many days, by the word of a tool.
    Never { tool: String, days: i64 },
}

impl Use {
    fn of(fact: &UseFact) -> Self {
        match fact.clone() {
            UseFact::Executed(file) if file.loaded => {
                Self::Loaded { library: file.path, tool: file.tool, at: file.last_seen_at }
            }
            UseFact::Executed(file) => {
                Self::Executed { program: file.path, tool: file.tool, at: file.last_seen_at }
            }
            UseFact::Told { tool, word, at } => Self::Told { word, tool, at },
            UseFact::Never { tool, days } => Self::Never { tool, days },
        }
    }
}

/// The units of an image, worst first at internet reach.
pub(super) fn units<'a>(
    facts: impl IntoIterator<Item = &'a FindingFact>,
    now: DateTime<Utc>,
    constants: &Constants,
) -> Vec<Unit> {
    let mut units = BTreeMap::<(String, String), Unit>::new();
    for fact in facts {
        let (Some(component), Some(vulnerability)) = (&fact.component, &fact.vulnerability) else { continue };
        let Some((finding, evidence)) = findings::scored(fact, now, constants) else { continue };
        let hazard = finding.hazard(constants);
        let (name, version) = findings::unit(component);
        let candidate = || Unit {
            name: name.clone(),
            version: version.clone(),
            fix: fact.fix_version.clone(),
            component: component.purl.clone(),
            vulnerability: vulnerability.id.clone(),
            title: vulnerability.title.clone(),
            findings: 0,
            hazards: [0; 5],
            threat: finding.factors(Reach::Internet, constants).threat,
            evidence: evidence.clone(),
            attack_vector: finding.attack_vector,
            impact: finding.impact,
            in_use: fact.in_use.as_ref().map(Use::of),
        };
        let unit = units.entry((name.clone(), version.clone())).or_insert_with(candidate);
        let (before, count) = (by_reach(&unit.hazards), unit.findings);
        let worse = (hazard.at(Reach::Internet), &unit.vulnerability)
            > (before.at(Reach::Internet), &vulnerability.id);
        if worse {
            *unit = candidate();
        }
        unit.findings = count + i64::from(!finding.not_affected);
        unit.hazards = before.max(hazard).to_array().map(|nano| nano.0);
    }
    let mut units: Vec<Unit> = units.into_values().filter(|unit| unit.findings > 0).collect();
    units.sort_by(|left, right| right.hazards.cmp(&left.hazards).then_with(|| left.name.cmp(&right.name)));
    units
}

/// Hazards as the score's type.
pub(super) fn by_reach(hazards: &[i64; 5]) -> ByReach {
    ByReach::new(hazards.map(Nano))
}

impl Unit {
    /// The worst finding, for its factors.
    pub(super) fn finding(&self) -> Finding {
        Finding {
            epss: Some(self.threat),
            cold: None,
            tier: score::factors::threat::Tier::None,
            attack_vector: self.attack_vector,
            in_use: match self.in_use {
                Some(Use::Executed { .. } | Use::Loaded { .. } | Use::Told { .. }) => InUse::Loaded,
                Some(Use::Never { .. }) => InUse::NotLoaded,
                None => InUse::NoSensor,
            },
            impact: self.impact,
            alerted: false,
            not_affected: false,
        }
    }
}

/// Judges one image from its open findings.
pub(super) fn judge(
    image: ImageId,
    facts: &[&FindingFact],
    now: DateTime<Utc>,
    constants: &Constants,
    deadlines: &Deadlines,
) -> ImageJudgement {
    let units = units(facts.iter().copied(), now, constants);
    let known: ByReach = units.iter().map(|unit| by_reach(&unit.hazards)).sum();
    let counted: Vec<&&FindingFact> = facts.iter().filter(|fact| counts(fact)).collect();
    let vulnerabilities = || counted.iter().filter(|fact| fact.class == FindingClass::Vulnerability);
    let mut severities = [0; 5];
    for fact in vulnerabilities() {
        let rank = usize::try_from(fact.severity.rank()).unwrap_or(4);
        severities[rank] += 1;
    }
    let count = |wanted: &dyn Fn(&FindingFact) -> bool| {
        i64::try_from(counted.iter().filter(|fact| wanted(fact)).count()).unwrap_or(i64::MAX)
    };
    let is_kev =
        |fact: &FindingFact| fact.vulnerability.as_ref().is_some_and(|known| known.kev_added_at.is_some());
    let shown = &units[..units.len().min(KEPT_UNITS)];
    ImageJudgement {
        id: image,
        severities,
        fixable: count(&|fact| {
            fact.class == FindingClass::Vulnerability && fact.fix_state == FixState::Fixed
        }),
        kev: count(&is_kev),
        secrets: count(&|fact| matches!(fact.class, FindingClass::Secret | FindingClass::Malware)),
        misconfigurations: count(&|fact| fact.class == FindingClass::Misconfiguration),
        max_epss: vulnerabilities()
            .filter_map(|fact| fact.vulnerability.as_ref()?.epss)
            .max_by(f64::total_cmp),
        hazards: known.to_array().map(|nano| nano.0),
        hazard_secret: secrets(&counted, constants).0,
        hazard_config: checks(&counted, constants).0,
        due_exposed_at: due(&counted, true, deadlines),
        due_internal_at: due(&counted, false, deadlines),
        units: serde_json::to_string(shown).unwrap_or_else(|_| "[]".to_owned()),
    }
}

/// Whether a finding still asks for anything.
fn counts(fact: &FindingFact) -> bool {
    !fact.suppressed && fact.vex_status.as_deref() != Some("not_affected")
}

fn secrets(facts: &[&&FindingFact], constants: &Constants) -> Nano {
    facts
        .iter()
        .map(|fact| match fact.class {
            FindingClass::Secret => score::factors::secret::credential_hazard(false, constants),
            FindingClass::Malware => score::factors::secret::malware_hazard(constants),
            _ => Nano::ZERO,
        })
        .sum()
}

/// Failed checks, each once by name.
fn checks(facts: &[&&FindingFact], constants: &Constants) -> Nano {
    let mut failed = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.class == FindingClass::Misconfiguration) {
        let hazard = score::factors::configuration::check_hazard(fact.severity, constants);
        let known = failed.entry(fact.subject.as_str()).or_insert(Nano::ZERO);
        *known = hazard.max(*known);
    }
    failed.into_values().sum()
}

/// The earliest deadline of a finding that can be fixed.
fn due(facts: &[&&FindingFact], exposed: bool, deadlines: &Deadlines) -> Option<DateTime<Utc>> {
    facts
        .iter()
        .filter(|fact| fact.fix_state == FixState::Fixed)
        .filter_map(|fact| {
            let vulnerability = fact.vulnerability.as_ref()?;
            let days = deadlines
                .due(&Facts {
                    kev: vulnerability.kev_added_at.is_some(),
                    exposed,
                    automatable: vulnerability.automatable,
                    total_impact: vulnerability.total_impact,
                    severity: fact.severity,
                })
                .days?;
            let actionable = fact.fix_seen_at.map_or(fact.first_seen_at, |fix| fix.max(fact.first_seen_at));
            Some(actionable + Duration::days(i64::from(days)))
        })
        .min()
}
