//! Criticality: what a workload is worth, in units of a standard one. Policy; what nobody classified counts
//! as standard, and is a gap to be shown as one.

use domain::workload::Criticality;

use crate::constants::Constants;

/// The weight of a workload.
#[must_use]
pub fn weight(criticality: Option<Criticality>, constants: &Constants) -> f64 {
    constants.criticality.of(criticality.unwrap_or(Criticality::Standard))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unclassified_is_standard() {
        let constants = Constants::embedded().unwrap();
        for (criticality, expected) in [
            (Some(Criticality::Low), 0.3),
            (Some(Criticality::Standard), 1.0),
            (Some(Criticality::Critical), 3.0),
            (None, 1.0),
        ] {
            let found = weight(criticality, &constants);
            assert!((found - expected).abs() < f64::EPSILON, "{criticality:?}: {found}");
        }
    }
}
