//! The books of a document: each entry that it lists was kept, or was skipped and told. What is kept is counted where it
//! ends up, what is skipped where it is told, and neither is made from the other.
//!
//! Refuses the identity of findings: entries that say the same are kept side by side here.

use domain::observation::Observation;
use formats::Parsed;

/// Formats of which each entry is one thing and not an event with its program, and which list what was set aside among the rest. Of all others an entry may
/// speak of several things, some of which are kept, or things stand beside the list.
#[rustfmt::skip]
const EVEN: &[&str] = &[
    "anchore-vulnerabilities-json", "azure-defender", "cargo-audit-json", "clair-klar-json", "clamav-log",
    "docker-scout-text", "dockle-json", "dockle-text", "empty-json", "hadolint-json", "inspektor-gadget-json",
    "kics-json", "kube-bench-json", "kube-hunter-json", "kube-linter-json", "kubeaudit-json",
    "kubeclarity-json", "kubernetes-audit-json", "kubescape-summary-json", "ms-defender",
    "ms-defender-machines", "nancy-json", "neuvector-compliance-json", "osv-scanner-json", "pip-audit-json",
    "policy-report-json", "popeye-json", "prisma-cloud-json", "stackrox-alerts-json", "stackrox-json",
    "sysdig-csv", "sysdig-events-json", "sysdig-json", "terrascan-json", "tfsec-json",
    "trivy-operator-prometheus", "vex-index", "weave-scope-json", "wiz-csv", "wizcli-disk-json",
    "wizcli-iac-json", "xeol-json",
];
/// govulncheck tells a finding anew for each level at which it meets it; the nearest is kept.
const LEVELS: &str = "govulncheck-json";

/// Whether the entries of a document are all accounted for.
///
/// # Errors
/// Why not.
pub(crate) fn check(kind: &str, parsed: &Parsed) -> Result<(), String> {
    let kept: usize = parsed.observations.iter().map(weight).fold(0, usize::saturating_add);
    let (entries, skipped) = (parsed.entries, parsed.skipped);
    let told = kept.saturating_add(skipped);
    let sums =
        format!("{kind} lists {entries} entries, of which {kept} were kept and {skipped} were skipped");
    if entries > told && kind != LEVELS {
        return Err(format!("{sums}: some were lost"));
    }
    if entries < told && EVEN.contains(&kind) {
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
