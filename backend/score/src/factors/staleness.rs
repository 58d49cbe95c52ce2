//! Staleness: the share of the prior that an ageing scan must at least count for. Age is that of the last
//! match against a current vulnerability database, not of the SBOM. Policy, ending at FedRAMP's 30 days.

use crate::constants::Constants;

/// The share at an age in days; what is not a number counts as beyond the last step.
#[must_use]
pub fn share(age_days: f64, constants: &Constants) -> f64 {
    let staleness = &constants.staleness;
    staleness.steps.iter().find(|step| age_days <= step.days).map_or(staleness.beyond, |step| step.share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_with_age() {
        let constants = Constants::embedded().unwrap();
        for (days, expected) in [
            (0.0, 0.0),
            (7.0, 0.0),
            (7.5, 0.25),
            (14.0, 0.25),
            (15.0, 0.5),
            (30.0, 0.5),
            (31.0, 1.0),
            (f64::NAN, 1.0),
        ] {
            let found = share(days, &constants);
            assert!((found - expected).abs() < f64::EPSILON, "{days}: {found}");
        }
    }
}
