//! In use: whether a sensor saw the vulnerable code loaded or executed. Policy: no discount without
//! evidence, and never a discount to nothing.

use serde::{Deserialize, Serialize};

use crate::constants::Constants;

/// What is known about use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InUse {
    /// Seen loaded or executed.
    Loaded,
    /// Nobody watched, not everywhere, or not for long enough.
    #[default]
    NoSensor,
    /// Watched for long enough and never seen.
    NotLoaded,
}

impl InUse {
    /// What an observation amounts to: silence counts only after the sensor watched for long enough.
    #[must_use]
    pub fn observed(seen: bool, watched_days: Option<f64>, constants: &Constants) -> Self {
        match watched_days {
            _ if seen => Self::Loaded,
            Some(days) if days >= constants.in_use.sensor_days => Self::NotLoaded,
            Some(_) | None => Self::NoSensor,
        }
    }

    /// The factor.
    #[must_use]
    pub fn factor(self, constants: &Constants) -> f64 {
        match self {
            Self::Loaded => constants.in_use.loaded,
            Self::NoSensor => constants.in_use.no_sensor,
            Self::NotLoaded => constants.in_use.not_loaded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_evidence_discounts() {
        let constants = Constants::embedded().unwrap();
        for (seen, days, expected, factor) in [
            (true, None, InUse::Loaded, 1.0),
            (false, None, InUse::NoSensor, 1.0),
            (false, Some(6.9), InUse::NoSensor, 1.0),
            (false, Some(7.0), InUse::NotLoaded, 0.1),
        ] {
            let found = InUse::observed(seen, days, &constants);
            assert_eq!(found, expected, "{seen} {days:?}");
            assert!((found.factor(&constants) - factor).abs() < f64::EPSILON);
        }
    }
}
