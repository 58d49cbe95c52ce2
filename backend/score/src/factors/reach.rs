//! Reach: the share of attackers who can get at the vulnerable code, by where its CVSS vector lets them
//! stand and from where the workload's payload can be reached (FedRAMP's "internet-reachable" is about
//! payload, not listening ports). Policy; unknown reach lies between internet and restricted.

use domain::cvss::AttackVector;
use domain::exposure::Reach;

use crate::constants::Constants;

/// The factor of an attack vector at a reach.
#[must_use]
pub fn factor(vector: AttackVector, reach: Reach, constants: &Constants) -> f64 {
    constants.reach.row(vector).at(reach)
}

/// The factor in a workload that runs other people's code (a CI runner, a notebook, many tenants): there a
/// local attacker is a guest already.
#[must_use]
pub fn factor_with_foreign_code(vector: AttackVector, reach: Reach, constants: &Constants) -> f64 {
    let usual = factor(vector, reach, constants);
    match vector {
        AttackVector::Local => usual.max(constants.reach.local_foreign_code),
        AttackVector::Network | AttackVector::Adjacent => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_vector_and_reach() {
        let constants = Constants::embedded().unwrap();
        for (vector, expected) in [
            (AttackVector::Network, [1.0, 0.3, 0.1, 0.03, 0.5]),
            (AttackVector::Adjacent, [0.3, 0.2, 0.1, 0.03, 0.2]),
            (AttackVector::Local, [0.05; 5]),
        ] {
            assert_eq!(Reach::ALL.map(|reach| factor(vector, reach, &constants)), expected, "{vector:?}");
        }
    }

    #[test]
    fn guests_are_local_attackers() {
        let constants = Constants::embedded().unwrap();
        for (vector, expected) in
            [(AttackVector::Local, 0.5), (AttackVector::Adjacent, 0.1), (AttackVector::Network, 0.1)]
        {
            let found = factor_with_foreign_code(vector, Reach::Internal, &constants);
            assert!((found - expected).abs() < f64::EPSILON, "{vector:?}: {found}");
        }
    }
}
