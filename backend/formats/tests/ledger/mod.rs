//! The books of a document: each entry that it lists was kept, or was skipped and told. What is kept is counted where it
//! ends up, what is skipped where it is told, and neither is made from the other.
//!
//! Refuses the identity of findings: entries that say the same are kept side by side here.

use domain::observation::Observation;
use formats::Parsed;

/// govulncheck tells a finding anew for each level at which it meets it; the nearest is kept.
const LEVELS: &str = "govulncheck-json";

/// Whether the entries of a document are all accounted for, and where each is one thing no more than they.
///
/// # Errors
/// Why not.
pub(crate) fn check(kind: &str, parsed: &Parsed, even: bool) -> Result<(), String> {
    let kept: usize = parsed.observations.iter().map(weight).fold(0, usize::saturating_add);
    let (entries, skipped) = (parsed.entries, parsed.skipped);
    let told = kept.saturating_add(skipped);
    let sums =
        format!("{kind} lists {entries} entries, of which {kept} were kept and {skipped} were skipped");
    if entries > told && kind != LEVELS {
        return Err(format!("{sums}: some were lost"));
    }
    if entries < told && even {
        return Err(format!("{sums}: some were counted twice"));
    }
    if skipped > 0 && parsed.warnings.is_empty() {
        return Err(format!("{sums}, and nothing tells why"));
    }
    Ok(())
}

/// How many entries are in an observation.
fn weight(observation: &Observation) -> usize {
    match observation {
        Observation::Scan(scan) => scan.findings.len(),
        Observation::Runtime(event) => usize::try_from(event.count).unwrap_or(usize::MAX),
        Observation::Executed(program) => usize::try_from(program.count).unwrap_or(usize::MAX),
        Observation::Vex(_) => 1,
        _ => 0,
    }
}
