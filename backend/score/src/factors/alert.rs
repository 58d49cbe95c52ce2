//! Alerts: the hazard of an open alert of a runtime sensor. Policy; an alert counts until somebody
//! dispositions it, time alone never lowers it, and one without severity counts as high.

use domain::severity::Severity;

use crate::constants::Constants;
use crate::hazard::Nano;

/// The hazard of one open alert.
#[must_use]
pub fn hazard(severity: Severity, constants: &Constants) -> Nano {
    constants.hazard_of(constants.alert.of(severity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_severity() {
        let constants = Constants::embedded().unwrap();
        for (severity, expected) in [
            (Severity::Critical, 693_147_181),
            (Severity::High, 223_143_551),
            (Severity::Medium, 51_293_294),
            (Severity::Low, 0),
            (Severity::Unknown, 223_143_551),
        ] {
            assert_eq!(hazard(severity, &constants), Nano(expected), "{severity}");
        }
    }
}
