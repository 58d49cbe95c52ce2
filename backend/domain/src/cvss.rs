//! CVSS v2, v3.x and v4 vectors, read with the `cvss` crate, and the few things the score needs from
//! them. Refuses to invent a score for a vector it cannot read: the text is kept, the values are absent.

use serde::{Deserialize, Serialize};

/// A vector with the one who published it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CvssScore {
    /// Who said so: `nvd`, `ghsa`, `redhat`…
    pub source: String,
    /// The vector as written, `CVSS:3.1/AV:N/…` or a bare v2 vector.
    pub vector: String,
    /// The score beside it, if the document states one.
    pub stated: Option<f64>,
}

/// From where an attacker must act, as CVSS states it; physical access counts as local.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AttackVector {
    /// Over the network.
    #[serde(rename = "N")]
    Network,
    /// From the same network segment.
    #[serde(rename = "A")]
    Adjacent,
    /// With local or physical access.
    #[serde(rename = "L")]
    Local,
}

/// What a readable vector says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CvssReading {
    /// Base score, 0.0 to 10.0 (for v4 the score of all metrics given).
    pub base: f64,
    /// Where the attacker stands.
    pub attack_vector: AttackVector,
    /// Technical impact from 0.05 to 1: `1 − (1−C)(1−I)(1−A)` with high .56, low .22, none 0,
    /// divided by .915; v4 adds its subsequent-system metrics as further factors.
    pub impact: f64,
    /// Network, low complexity, no privileges, no interaction: a worm could use it.
    pub automatable: bool,
    /// Confidentiality, integrity and availability are lost altogether.
    pub total_impact: bool,
}

/// The least impact a finding can have, so that nothing is free.
const IMPACT_FLOOR: f64 = 0.05;
/// The impact of high on all three, which scales to 1.
const IMPACT_SCALE: f64 = 0.915;

impl CvssScore {
    /// Reads the vector, or nothing where the `cvss` crate refuses it.
    #[must_use]
    pub fn read(&self) -> Option<CvssReading> {
        read(&self.vector)
    }
}

/// Reads a vector of any version; trailing slashes and the parentheses of old v2 feeds are tolerated.
#[must_use]
pub fn read(vector: &str) -> Option<CvssReading> {
    let text = vector.trim().trim_matches(['(', ')']).trim_end_matches('/');
    let cvss: ::cvss::Cvss = text.parse().ok()?;
    let metric = |name: &str| {
        text.split('/')
            .find_map(|part| part.split_once(':').filter(|(key, _)| *key == name))
            .map(|(_, value)| value)
    };
    let v4 = matches!(cvss, ::cvss::Cvss::CvssV40(_));
    let v2 = matches!(cvss, ::cvss::Cvss::CvssV20(_));
    let [c, i, a] = if v4 { ["VC", "VI", "VA"] } else { ["C", "I", "A"] };
    let mut spared: f64 = [c, i, a].iter().map(|name| 1.0 - weight(metric(name))).product();
    if v4 {
        spared *= ["SC", "SI", "SA"].iter().map(|name| 1.0 - weight(metric(name))).product::<f64>();
    }
    let attack_vector = match metric("AV") {
        Some("N") => AttackVector::Network,
        Some("A") => AttackVector::Adjacent,
        _ => AttackVector::Local,
    };
    let unaided = if v2 {
        metric("Au") == Some("N")
    } else {
        metric("PR") == Some("N")
            && metric("UI") == Some("N")
            && metric("AT").is_none_or(|value| value == "N")
    };
    Some(CvssReading {
        base: cvss.score(),
        attack_vector,
        impact: ((1.0 - spared) / IMPACT_SCALE).clamp(IMPACT_FLOOR, 1.0),
        automatable: attack_vector == AttackVector::Network && metric("AC") == Some("L") && unaided,
        total_impact: [c, i, a].iter().all(|name| matches!(metric(name), Some("H" | "C"))),
    })
}

/// High and complete weigh .56, low and partial .22.
fn weight(value: Option<&str>) -> f64 {
    match value {
        Some("H" | "C") => 0.56,
        Some("L" | "P") => 0.22,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_version() {
        let log4shell = read("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/").unwrap();
        assert!((log4shell.base - 10.0).abs() < 1e-9);
        assert!((log4shell.impact - 1.0).abs() < 1e-3);
        assert!(log4shell.automatable && log4shell.total_impact);

        let v2 = read("(AV:N/AC:L/Au:N/C:P/I:P/A:P)").unwrap();
        assert!((v2.base - 7.5).abs() < 1e-9 && !v2.total_impact);

        let v4 = read("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:H/SI:N/SA:N").unwrap();
        assert_eq!(v4.attack_vector, AttackVector::Local);
        assert!(v4.impact > 0.8 && !v4.automatable);
    }

    #[test]
    fn refuses_what_is_not_a_vector() {
        for text in ["", "7.5", "CVSS:9.9/AV:N", "AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn nothing_is_free() {
        let harmless = read("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N").unwrap();
        assert!((harmless.impact - IMPACT_FLOOR).abs() < 1e-9);
    }
}
