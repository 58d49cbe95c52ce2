//! The fix unit: what one upgrade fixes, (image digest, source package, installed version). Within a unit
//! the largest hazard counts, so a second scanner, an alias or a thousand advisories of one package add
//! nothing.

use crate::constants::Constants;
use crate::finding::Finding;
use crate::hazard::ByReach;

/// The hazard of a unit at each reach.
#[must_use]
pub fn hazard<'a>(findings: impl IntoIterator<Item = &'a Finding>, constants: &Constants) -> ByReach {
    findings.into_iter().map(|finding| finding.hazard(constants)).fold(ByReach::ZERO, ByReach::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factors::in_use::InUse;
    use crate::factors::threat::Tier;
    use domain::cvss::AttackVector;

    #[test]
    fn the_largest_counts_at_each_reach() {
        let constants = Constants::embedded().unwrap();
        let network = Finding {
            epss: Some(0.1),
            cold: None,
            tier: Tier::None,
            attack_vector: AttackVector::Network,
            in_use: InUse::NoSensor,
            impact: 1.0,
            alerted: false,
            not_affected: false,
        };
        let local = Finding { attack_vector: AttackVector::Local, epss: Some(0.9), ..network };
        let (far, near) = (network.hazard(&constants).to_array(), local.hazard(&constants).to_array());
        let unit = hazard(&[network, local, network], &constants).to_array();
        assert_eq!(unit, [far[0], near[1], near[2], near[3], far[4]]);
        assert_eq!(hazard(&[], &constants), ByReach::ZERO);
    }
}
