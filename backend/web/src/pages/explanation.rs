//! How a score came about, read from what the scorer stored beside it. Refuses to compute: what is not
//! stored is said to be not scored yet.

use serde::Deserialize;

use crate::charts::{Amount, Slice, Slices, Step, Waterfall};
use crate::filters::{percentage, with_sign};
use crate::pages::words;
use crate::query::encoded;

/// Fix units shown at once.
const FIRST: usize = 5;

/// The reasons of one score.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Explanation {
    /// Version of the constants: `ces-1.0`.
    pub(crate) version: String,
    /// The score they lead to.
    pub(crate) score: Option<f64>,
    /// What lowers the full scale to the score.
    pub(crate) factors: Vec<Factor>,
    /// The fix units that weigh most.
    pub(crate) units: Vec<Unit>,
    /// Where the hazard comes from.
    pub(crate) parts: Vec<Part>,
}

/// One factor of a score.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Factor {
    title: String,
    points: f64,
    value: String,
    reason: String,
}

/// One unit that a single upgrade fixes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Unit {
    /// Its name and version.
    pub(crate) unit: String,
    /// The vulnerability that weighs most in it; may be empty.
    pub(crate) vulnerability: String,
    share_basis_points: f64,
    points_if_fixed: f64,
    /// The version to go to; may be empty.
    pub(crate) fix: String,
    /// Why it matters, in words.
    pub(crate) sentence: String,
}

/// One part of the hazard.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Part {
    part: String,
    basis_points: f64,
}

impl Explanation {
    /// The stored text, if it explains anything.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(text).ok()?;
        read.score.is_some().then_some(read)
    }

    /// The fall from the full scale to the score.
    pub(crate) fn waterfall(&self) -> Option<Waterfall> {
        let score = self.score?;
        if self.factors.is_empty() {
            return None;
        }
        let steps = self.factors.iter().map(|factor| Step {
            label: factor.title.clone(),
            finding: factor.finding(),
            points: factor.points,
        });
        Some(Waterfall::new(100, steps.collect(), score))
    }

    /// The fix units shown at once.
    pub(crate) fn first_units(&self) -> &[Unit] {
        &self.units[..self.units.len().min(FIRST)]
    }

    /// The fix units behind a click.
    pub(crate) fn other_units(&self) -> &[Unit] {
        &self.units[self.units.len().min(FIRST)..]
    }

    /// The parts of the hazard, which add up to the whole.
    pub(crate) fn slices(&self) -> Option<Slices> {
        let parts: Vec<Slice> = self.parts.iter().map(Part::slice).collect();
        (!parts.is_empty()).then(|| Slices::new(parts, "per cent of the hazard"))
    }
}

impl Factor {
    /// Its reason with its value: `reachable from the internet · 1.00`.
    fn finding(&self) -> String {
        match (self.reason.is_empty(), self.value.is_empty()) {
            (false, false) => format!("{} · {}", self.reason, self.value),
            (false, true) => self.reason.clone(),
            (true, _) => self.value.clone(),
        }
    }
}

impl Unit {
    /// Its share of the hazard.
    pub(crate) fn share(&self) -> String {
        percentage(self.share_basis_points / 10_000.0)
    }

    /// What fixing it would do to the score.
    pub(crate) fn points(&self) -> String {
        with_sign(self.points_if_fixed)
    }

    /// The page of its vulnerability.
    pub(crate) fn href(&self) -> String {
        format!("/vulnerabilities/{}", encoded(&self.vulnerability))
    }
}

impl Part {
    fn slice(&self) -> Slice {
        let (label, role, hatched) = words::hazard(&self.part);
        let amount = match (self.part.as_str(), self.basis_points) {
            ("runtime", 0.0) => Amount::Unknown("no sensor"),
            (_, basis_points) => Amount::Of(basis_points / 100.0),
        };
        Slice { label, hint: hint(&self.part), href: String::new(), amount, role, hatched }
    }
}

/// What a part means for one image or workload.
fn hint(part: &str) -> &'static str {
    match part {
        "known" => "Open findings in its images",
        "config" => "Failed checks and credentials",
        "kernel" | "shared_kernel" => "What neighbours on its nodes could do",
        "runtime" => "Open alerts of runtime sensors",
        "gap" => "Not scanned, or too long ago",
        _ => "A part that this version does not name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_not_scored() {
        for text in ["{}", "", "[]", "{\"score\":null}", "not json"] {
            assert!(Explanation::read(text).is_none(), "{text}");
        }
        assert!(Explanation::read("{\"score\":1}").unwrap().waterfall().is_none());
    }

    #[test]
    fn a_factor_says_why_and_how_much() {
        let text =
            r#"{"score":88,"factors":[{"title":"Reach","points":-12,"value":"0.30","reason":"allow-list"}]}"#;
        let html = askama::Template::render(&Explanation::read(text).unwrap().waterfall().unwrap()).unwrap();
        assert!(html.contains("allow-list · 0.30") && html.contains("−12"), "{html}");
    }
}
