//! Configuration: the hazard of a failed check, and of an administration surface that anyone may use.
//! Policy; a check counts once a workload, however many tools report it.

use domain::severity::Severity;

use crate::constants::Constants;
use crate::hazard::Nano;

/// The hazard of one failed check.
#[must_use]
pub fn check_hazard(severity: Severity, constants: &Constants) -> Nano {
    constants.hazard_of(constants.configuration.by_severity().of(severity))
}

/// The hazard of a reachable administration surface without authentication.
#[must_use]
pub fn open_administration_hazard(constants: &Constants) -> Nano {
    constants.hazard_of(constants.configuration.open_administration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_severity() {
        let constants = Constants::embedded().unwrap();
        for (severity, expected) in [
            (Severity::Critical, 51_293_294),
            (Severity::High, 20_202_707),
            (Severity::Medium, 5_012_542),
            (Severity::Low, 1_000_500),
            (Severity::Unknown, 20_202_707),
        ] {
            assert_eq!(check_hazard(severity, &constants), Nano(expected), "{severity}");
        }
        assert_eq!(open_administration_hazard(&constants), Nano(356_674_944));
    }
}
