//! Reasons in words and numbers, as the pages show them: stored as JSON beside the score they belong to.
//! Refuses prose without a number behind it.

use chrono::{DateTime, Utc};
use domain::exposure::Reach;
use domain::workload::Criticality;
use score::explain::{Step, Waterfall, points_if_fixed, shares};
use score::factors::configuration::PodCheck;
use score::factors::criticality;
use score::image::ImageHazard;
use score::slices::Parts;
use score::workload::WorkloadScore;
use score::{Constants, Nano};
use serde::Serialize;
use store::facts::{AlertFact, RunnerFact};

use super::assembly::Placed;
use super::findings::Evidence;
use super::images::{Unit, Use};

/// How many fix units an explanation names.
const NAMED_UNITS: usize = 12;

/// The shape the pages read.
#[derive(Serialize)]
struct Explanation<'a> {
    version: &'a str,
    score: f64,
    start: f64,
    factors: Vec<Factor>,
    units: Vec<UnitLine>,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Factor {
    name: &'static str,
    title: String,
    points: f64,
    total: f64,
    value: String,
    reason: String,
}

#[derive(Serialize)]
struct UnitLine {
    unit: String,
    component: String,
    vulnerability: String,
    share_basis_points: u16,
    hazard: i64,
    findings: i64,
    points_if_fixed: f64,
    fix: String,
    sentence: String,
}

#[derive(Serialize)]
struct Part {
    part: &'static str,
    basis_points: u16,
    hazard: i64,
}

/// Position of a reach among stored hazards.
pub(super) fn index(reach: Reach) -> usize {
    Reach::ALL.iter().position(|known| *known == reach).unwrap_or(Reach::ALL.len() - 1)
}

/// The reasons for a workload's score.
pub(super) fn workload(
    workload: &Placed,
    score: &WorkloadScore,
    units: &[&Unit],
    constants: &Constants,
) -> String {
    let context = Context {
        reach: workload.reach,
        reach_reason: workload.reach_evidence.clone(),
        criticality: workload.scored.criticality,
        stated: workload.fact.criticality,
        failed_checks: &workload.failed_checks,
        alerts: &workload.alerts,
        constants,
    };
    context.explain(&score.parts, units)
}

/// The reasons for an image's score: on its worst workload, or as a latent image.
pub(super) fn image(
    hazard: &ImageHazard,
    worst: Option<&RunnerFact>,
    units: &[Unit],
    constants: &Constants,
) -> String {
    let reach = worst.map_or(Reach::Internal, |runner| runner.reach);
    let stated = worst.and_then(|runner| runner.criticality);
    let context = Context {
        reach,
        reach_reason: match worst {
            Some(runner) => format!("on {}: {}", runner.name, runner.reach_evidence),
            None => "it does not run: judged as if reached from inside a cluster".to_owned(),
        },
        criticality: criticality::weight(stated, constants),
        stated,
        failed_checks: &[],
        alerts: &[],
        constants,
    };
    let parts = Parts {
        known: hazard.known.at(reach),
        configuration: Nano::ZERO,
        shared_kernel: Nano::ZERO,
        runtime: Nano::ZERO,
        gap: hazard.gap().at(reach),
    };
    let mut own: Vec<&Unit> = units.iter().collect();
    own.sort_by_key(|unit| std::cmp::Reverse(unit.hazards[index(reach)]));
    context.explain(&parts, &own)
}

struct Context<'a> {
    reach: Reach,
    reach_reason: String,
    criticality: f64,
    stated: Option<Criticality>,
    failed_checks: &'a [PodCheck],
    alerts: &'a [AlertFact],
    constants: &'a Constants,
}

impl Context<'_> {
    fn explain(&self, parts: &Parts, units: &[&Unit]) -> String {
        let worst = units.first().map(|unit| unit.finding().factors(self.reach, self.constants));
        let waterfall = score::explain::workload(worst.as_ref(), parts, self.criticality, self.constants);
        let at = index(self.reach);
        let total = parts.total();
        let named = &units[..units.len().min(NAMED_UNITS)];
        let kinds = parts_of(parts);
        let hazards: Vec<Nano> = kinds.iter().map(|(_, hazard)| *hazard).collect();
        let of_whole = |hazard: i64| {
            let rest = total.above(Nano(hazard));
            shares(&[Nano(hazard), rest]).first().map_or(0, |share| share.0)
        };
        let explanation = Explanation {
            version: &self.constants.version,
            score: tenths(waterfall.score.0),
            start: tenths(waterfall.start.0),
            factors: self.factors(&waterfall, units.first().copied(), parts),
            units: named
                .iter()
                .map(|unit| UnitLine {
                    unit: format!("{} {}", unit.name, unit.version),
                    component: unit.component.clone(),
                    vulnerability: unit.vulnerability.clone(),
                    share_basis_points: of_whole(unit.hazards[at]),
                    hazard: unit.hazards[at],
                    findings: unit.findings,
                    points_if_fixed: -tenths(
                        points_if_fixed(total, Nano(unit.hazards[at]), self.criticality, self.constants).0,
                    ),
                    fix: unit.fix.clone(),
                    sentence: sentence(unit),
                })
                .collect(),
            parts: kinds
                .iter()
                .zip(shares(&hazards))
                .map(|((part, hazard), share)| Part { part, basis_points: share.0, hazard: hazard.0 })
                .collect(),
        };
        serde_json::to_string(&explanation).unwrap_or_else(|_| "{}".to_owned())
    }

    fn factors(&self, waterfall: &Waterfall, worst: Option<&Unit>, parts: &Parts) -> Vec<Factor> {
        waterfall
            .steps
            .iter()
            .filter(|step| step.points.0 != 0 || is_scorecard(step))
            .map(|step| {
                let (title, value, reason) = self.words(step.name, worst, parts);
                let (points, total) = (tenths(step.points.0), tenths(step.total.0));
                Factor { name: step.name, title, points, total, value, reason }
            })
            .collect()
    }

    /// Title, value and reason of a step.
    fn words(&self, step: &str, worst: Option<&Unit>, parts: &Parts) -> (String, String, String) {
        let factors = worst.map(|unit| unit.finding().factors(self.reach, self.constants));
        let number = |value: Option<f64>| value.map(|value| format!("{value:.2}")).unwrap_or_default();
        let hazard = |part: Nano| format!("{:.1} %", part.probability() * 100.0);
        match step {
            "threat" => (
                "Threat".to_owned(),
                number(factors.map(|factors| factors.threat)),
                worst.map(|unit| format!("{}: {}", unit.vulnerability, threat(unit))).unwrap_or_default(),
            ),
            "reach" => ("Reach".to_owned(), number(factors.map(|factors| factors.reach)), self.reach_words()),
            "in_use" => (
                "In use".to_owned(),
                number(factors.map(|factors| factors.in_use)),
                in_use(worst),
            ),
            "impact" => (
                "Impact".to_owned(),
                number(factors.map(|factors| factors.impact)),
                "what an exploit takes, by its CVSS vector or its severity".to_owned(),
            ),
            "criticality" => ("Criticality".to_owned(), format!("{:.1} of 3", self.criticality), self.criticality_words()),
            "other_vulnerabilities" => (
                "Other vulnerabilities".to_owned(),
                hazard(parts.known),
                "what all other fix units add to the worst one".to_owned(),
            ),
            "configuration" => (
                "Configuration and secrets".to_owned(),
                hazard(parts.configuration),
                self.configuration_words(),
            ),
            "runtime" => ("Runtime".to_owned(), hazard(parts.runtime), self.runtime_words()),
            "gap" => (
                "Unseen".to_owned(),
                hazard(parts.gap),
                "never scanned, scanned long ago, or not resolved: counted like the worst fifth of comparable images".to_owned(),
            ),
            _ => (
                "Shared kernel".to_owned(),
                hazard(parts.shared_kernel),
                "what neighbours on its nodes could do after leaving their containers".to_owned(),
            ),
        }
    }

    fn reach_words(&self) -> String {
        let from = match self.reach {
            Reach::Internet => "reachable from the internet",
            Reach::Restricted => "reachable from an allow-list",
            Reach::Internal => "reachable from inside its cluster",
            Reach::Isolated => "isolated",
            Reach::Unknown => "not known who can reach it",
        };
        format!("{from} ({})", self.reach_reason)
    }

    fn configuration_words(&self) -> String {
        let of_pods: Vec<&str> = self.failed_checks.iter().map(|check| check.words()).collect();
        if of_pods.is_empty() {
            "failed checks and credentials found in its images".to_owned()
        } else {
            format!("{}; with what checks and credentials found in its images add", of_pods.join(", "))
        }
    }

    fn runtime_words(&self) -> String {
        let counts: Vec<String> =
            self.alerts.iter().map(|fact| format!("{} {}", fact.detections, fact.severity)).collect();
        format!("open detections of runtime sensors: {}", counts.join(", "))
    }

    fn criticality_words(&self) -> String {
        match self.stated {
            Some(Criticality::Critical) => "business critical".to_owned(),
            Some(Criticality::Standard) => "standard".to_owned(),
            Some(Criticality::Low) => "not production".to_owned(),
            None => "nobody said: counted as standard".to_owned(),
        }
    }
}

fn is_scorecard(step: &Step) -> bool {
    ["threat", "reach", "in_use", "impact", "criticality"].contains(&step.name)
}

fn tenths(points: i32) -> f64 {
    f64::from(points) / 10.0
}

fn parts_of(parts: &Parts) -> [(&'static str, Nano); 5] {
    [
        ("known", parts.known),
        ("config", parts.configuration),
        ("shared_kernel", parts.shared_kernel),
        ("runtime", parts.runtime),
        ("gap", parts.gap),
    ]
}

fn in_use(worst: Option<&Unit>) -> String {
    let day = |at: &DateTime<Utc>| at.format("%-d %B %Y").to_string();
    match worst.and_then(|unit| unit.in_use.as_ref()) {
        Some(Use::Executed { program, tool, at }) => {
            format!("{program} was executed, last seen by {tool} on {}", day(at))
        }
        Some(Use::Loaded { library, tool, at }) => {
            format!("{library} was loaded, last seen by {tool} on {}", day(at))
        }
        Some(Use::Told { word, tool, at }) => format!("{word}, as {tool} last said on {}", day(at)),
        Some(Use::Never { tool, days }) => {
            format!("never loaded in {days} days, by {tool}; sensor alive on every node")
        }
        None => "nothing shows whether it is loaded: counted as in use".to_owned(),
    }
}

fn threat(unit: &Unit) -> String {
    match &unit.evidence {
        Evidence::Alerted(tool, rule) => format!("a detection of {tool} names it here: {rule}"),
        Evidence::Exploited(Some(day)) => format!("listed as exploited since {}", day.format("%-d %B %Y")),
        Evidence::Exploited(None) => "listed as exploited".to_owned(),
        Evidence::Epss(probability) => {
            format!("EPSS {:.1} %: exploitation seen somewhere within 30 days", probability * 100.0)
        }
        Evidence::Told(probability, tool) => {
            format!(
                "EPSS {:.1} % as {tool} repeats it: exploitation seen somewhere within 30 days",
                probability * 100.0
            )
        }
        Evidence::Public(tool, Some(day)) => {
            format!("{tool} knows of an exploit, last on {}", day.format("%-d %B %Y"))
        }
        Evidence::Public(tool, None) => format!("{tool} knows of an exploit"),
        Evidence::Cold => format!("too new for EPSS: taken as {:.1} %", unit.threat * 100.0),
    }
}

fn sentence(unit: &Unit) -> String {
    let title = unit.title.as_deref().unwrap_or("no title known");
    let remedy = if unit.fix.is_empty() { "no fix yet".to_owned() } else { format!("fixed in {}", unit.fix) };
    format!("{title}; {}; {remedy}", threat(unit))
}

/// Why in a few words, for lists.
pub(super) fn why(workload: &Placed, score: &WorkloadScore, units: &[&Unit]) -> String {
    let parts = parts_of(&score.parts);
    let largest = parts.iter().max_by_key(|(_, hazard)| *hazard).filter(|(_, hazard)| *hazard > Nano::ZERO);
    let cause = match (largest.map(|(part, _)| *part), units.first()) {
        (Some("known"), Some(unit)) => {
            let exploited = matches!(unit.evidence, Evidence::Exploited(_));
            format!("{}{} in {}", if exploited { "exploited " } else { "" }, unit.vulnerability, unit.name)
        }
        (Some("gap"), _) => "images not scanned, or long ago".to_owned(),
        (Some("shared_kernel"), _) => "neighbours could break out".to_owned(),
        (Some("config"), _) => "configuration and secrets".to_owned(),
        (Some("runtime"), _) => "open runtime detections".to_owned(),
        _ => return "nothing known against it".to_owned(),
    };
    format!("{cause}, {}", reach_word(workload.reach))
}

fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Internet => "internet-facing",
        Reach::Restricted => "allow-listed",
        Reach::Internal => "internal",
        Reach::Isolated => "isolated",
        Reach::Unknown => "reach unknown",
    }
}

/// The ways out of its containers, as a JSON list of sentences.
pub(super) fn escape(workload: &Placed, constants: &Constants) -> String {
    let words: Vec<String> = workload
        .escape_terms
        .iter()
        .map(|term| format!("{} ({:.1} %)", term.words(), term.probability(constants) * 100.0))
        .collect();
    serde_json::to_string(&words).unwrap_or_else(|_| "[]".to_owned())
}
