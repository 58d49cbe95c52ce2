//! Every number of the score, read from a versioned TOML file (`config/scoring.toml` is built in). A file
//! that can be read is checked as a whole, so that each problem is told at once.
//!
//! Refuses unknown keys, missing keys, and numbers under which a worse fact could lower the score.

mod check;
mod tables;

use serde::Deserialize;

pub use self::tables::{
    Alert, Bands, BySeverity, Cold, Configuration, CriticalityWeights, Escape, HazardLimits, InUseFactors,
    Kernel, PriorRules, ReachTable, Sandbox, Scale, Secret, ShareByReach, Staleness, StalenessStep, Threat,
};
use crate::error::Error;
use crate::hazard::Nano;

/// The file in `config/`, part of the program.
const EMBEDDED: &str = include_str!("../../../../config/scoring.toml");

/// The numbers of one version of the score. What each means is written beside it in `config/scoring.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constants {
    /// `ces-1.0`; a changed copy should say so: `ces-1.0+acme`.
    pub version: String,
    /// The cap on probabilities.
    pub hazard: HazardLimits,
    /// Likelihood floors and the cold-start table.
    pub threat: Threat,
    /// Attack vector by reach.
    pub reach: ReachTable,
    /// In-use factors.
    pub in_use: InUseFactors,
    /// Impact by severity, for findings without a vector.
    pub impact: BySeverity,
    /// Weights of criticality.
    pub criticality: CriticalityWeights,
    /// Terms of escape ease.
    pub escape: Escape,
    /// What barriers leave of a kernel flaw.
    pub sandbox: Sandbox,
    /// The kernel nobody described.
    pub kernel: Kernel,
    /// Failed checks.
    pub configuration: Configuration,
    /// Credentials and malware.
    pub secret: Secret,
    /// Runtime alerts.
    pub alert: Alert,
    /// Old scans.
    pub staleness: Staleness,
    /// Unscanned images.
    pub prior: PriorRules,
    /// The scales of the scores.
    pub scale: Scale,
    /// The bands of the exposure score.
    pub bands: Bands,
}

impl Constants {
    /// Reads and checks a constants file.
    ///
    /// # Errors
    /// [`Error::ConstantsSyntax`] with the line, or [`Error::Constants`] with every problem.
    pub fn load(text: &str) -> Result<Self, Error> {
        let constants: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            Error::ConstantsSyntax { line, message: error.message().replace('\n', " ") }
        })?;
        let problems = check::problems(&constants);
        if problems.is_empty() { Ok(constants) } else { Err(Error::Constants(problems)) }
    }

    /// The constants that are part of the program.
    ///
    /// # Errors
    /// As [`Constants::load`]; a test keeps the built-in file from ever failing.
    pub fn embedded() -> Result<Self, Error> {
        Self::load(EMBEDDED)
    }

    /// The hazard of a probability, under the cap of this version.
    #[must_use]
    pub fn hazard_of(&self, probability: f64) -> Nano {
        Nano::from_probability(probability, self.hazard.probability_cap)
    }
}

#[cfg(test)]
mod tests;
