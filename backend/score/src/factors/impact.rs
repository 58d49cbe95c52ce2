//! Impact: how much an exploit takes, from the confidentiality, integrity and availability metrics of the
//! CVSS vector (computed by `domain::cvss`), else from the vendor's severity. Policy; unknown weighs as high.

use domain::cvss::CvssReading;
use domain::severity::Severity;

use crate::constants::Constants;

/// The factor of a vector, or of the severity where there is none that can be read.
#[must_use]
pub fn factor(vector: Option<&CvssReading>, severity: Severity, constants: &Constants) -> f64 {
    vector.map_or_else(|| constants.impact.of(severity), |reading| reading.impact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_goes_before_the_severity() {
        let constants = Constants::embedded().unwrap();
        let total = domain::cvss::read("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
        let none = domain::cvss::read("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N");
        for (vector, severity, expected) in [
            (total.as_ref(), Severity::Low, 1.0),
            (none.as_ref(), Severity::Critical, 0.05),
            (None, Severity::Critical, 1.0),
            (None, Severity::High, 0.8),
            (None, Severity::Medium, 0.4),
            (None, Severity::Low, 0.15),
            (None, Severity::Unknown, 0.8),
        ] {
            let found = factor(vector, severity, &constants);
            assert!((found - expected).abs() < 1e-3, "{severity}: {found}");
        }
    }
}
