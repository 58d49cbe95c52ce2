//! The facts file as it is written. Refuses defaults: only what may be `null` may be left out.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use domain::cvss::AttackVector;
use domain::exposure::Reach;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::Error;
use crate::factors::in_use::InUse;
use crate::factors::threat::Tier;
use crate::finding::Finding;

/// The facts about an estate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Images by id.
    #[serde(deserialize_with = "by_id")]
    pub images: BTreeMap<String, ImageInput>,
    /// Workloads by id.
    #[serde(deserialize_with = "by_id")]
    pub workloads: BTreeMap<String, WorkloadInput>,
    /// Nodes by id.
    #[serde(deserialize_with = "by_id")]
    pub nodes: BTreeMap<String, NodeInput>,
    /// What unscanned images count for.
    pub priors: PriorsInput,
    /// Σ of criticality when the baseline was declared.
    pub baseline: f64,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageInput {
    /// Days since the last match against a current database; `null` when never scanned.
    pub scan_age_days: Option<f64>,
    /// Its known vulnerabilities.
    pub findings: Vec<FindingInput>,
}

/// A known vulnerability.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingInput {
    /// Fix unit, within the image.
    pub unit: String,
    /// EPSS probability.
    pub epss: Option<f64>,
    /// Cold-start likelihood.
    pub cold: Option<f64>,
    /// What is known about exploits.
    pub tier: Tier,
    /// `N`, `A` or `L`.
    pub attack_vector: AttackVector,
    /// Whether the code was seen in use.
    pub in_use: InUse,
    /// Technical impact.
    pub impact: f64,
    /// A trusted statement.
    pub vex: Option<Vex>,
}

/// What a VEX statement says; only one status changes the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vex {
    /// The vulnerability does not affect this image.
    NotAffected,
}

/// A workload.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkloadInput {
    /// Ids of the images it runs.
    pub images: Vec<String>,
    /// From where it can be reached.
    pub reach: Reach,
    /// Ids of the nodes it runs on.
    pub nodes: Vec<String>,
    /// Nano-hazard of configuration and secrets.
    pub config_hazard: i64,
    /// Nano-hazard of open alerts.
    pub alert_hazard: i64,
    /// Terms of the noisy-or of escape ease.
    pub escape: Vec<f64>,
    /// Sandbox factor.
    pub sandbox: f64,
    /// Weight of criticality.
    pub criticality: f64,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeInput {
    /// Chance of an unpatched escape flaw.
    pub kernel: f64,
}

/// Prior probabilities by reach.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorsInput {
    /// Reached from the internet.
    pub internet: f64,
    /// Restricted.
    pub restricted: f64,
    /// Internal.
    pub internal: f64,
    /// Isolated.
    pub isolated: f64,
    /// Not observed.
    pub unknown: f64,
}

impl Facts {
    /// Reads a facts file.
    ///
    /// # Errors
    /// [`Error::FactsSyntax`] with the path, and the line and column, of the first thing that cannot be read.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let facts = serde_path_to_error::deserialize(&mut reader).map_err(|error| Error::FactsSyntax {
            path: error.path().to_string(),
            message: error.inner().to_string(),
        })?;
        reader
            .end()
            .map_err(|error| Error::FactsSyntax { path: ".".to_owned(), message: error.to_string() })?;
        Ok(facts)
    }
}

impl FindingInput {
    /// The finding without its unit.
    #[must_use]
    pub fn finding(&self) -> Finding {
        Finding {
            epss: self.epss,
            cold: self.cold,
            tier: self.tier,
            attack_vector: self.attack_vector,
            in_use: self.in_use,
            impact: self.impact,
            alerted: false,
            not_affected: self.vex == Some(Vex::NotAffected),
        }
    }
}

impl PriorsInput {
    /// The probability at a reach.
    #[must_use]
    pub fn at(&self, reach: Reach) -> f64 {
        match reach {
            Reach::Internet => self.internet,
            Reach::Restricted => self.restricted,
            Reach::Internal => self.internal,
            Reach::Isolated => self.isolated,
            Reach::Unknown => self.unknown,
        }
    }
}

/// A map whose keys are ids: one given twice is an error, where JSON readers keep the last in silence.
fn by_id<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    struct ById<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for ById<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object with an id for each key")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((id, value)) = access.next_entry::<String, T>()? {
                if map.contains_key(&id) {
                    return Err(A::Error::custom(format_args!("the id `{id}` is given twice")));
                }
                map.insert(id, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(ById(PhantomData))
}
