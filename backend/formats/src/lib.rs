//! Recognises one document and reads it into observations and warnings: scanner reports, bills of
//! materials, VEX statements, cluster listings, threat feeds.
//!
//! Refuses all IO, clocks and randomness: bytes in, [`Parsed`] out, the same for the same bytes. To add
//! a format, see `README.md` beside this crate.

use domain::document::Warning;
use domain::observation::Observation;
use domain::scan::Tool;

mod anchore_policy_json;
mod anchore_vulnerabilities_json;
mod aqua_json;
pub mod archive;
mod aside;
mod aws;
mod aws_ecr_scan;
mod aws_guardduty;
mod aws_inspector2;
mod aws_securityhub_asff;
mod azure_defender;
mod azure_defender_csv;
mod cargo_audit_json;
mod checkov_json;
mod checks;
mod clair;
mod clair_klar_json;
mod clair_v4_json;
mod clamav_log;
mod cosign_signature;
mod csaf;
mod cve5;
mod cvss_bt_csv;
mod cyclonedx;
mod cyclonedx_json;
mod cyclonedx_xml;
mod deepfence_csv;
mod dependency_check_xml;
mod dependency_track_json;
mod distributions;
mod docker_bench_text;
mod docker_scout_text;
mod dockle;
mod dockle_json;
mod dockle_text;
pub mod document;
mod empty_json;
mod eol;
mod epss;
pub mod error;
mod events;
mod expansion;
mod exploit_db_csv;
mod exploits;
mod falco_json;
mod falco_text;
mod gcp_artifact_analysis;
mod gcp_security_command_center;
mod gcp_vulnerability_assessment;
pub mod generic;
mod generic_csv;
mod generic_json;
mod gitlab_container_json;
mod gitleaks_json;
mod govulncheck_json;
mod grype_json;
mod hadolint_json;
mod harbor_json;
pub mod head;
mod images;
mod in_toto;
mod inspektor_gadget_json;
mod jfrog;
mod jfrog_xray_legacy_json;
mod jfrog_xray_report_json;
mod jfrog_xray_scan_json;
mod jfrog_xray_summary_json;
pub mod json;
mod kev;
mod kics_json;
mod kube_bench_json;
mod kube_hunter_json;
mod kube_linter_json;
mod kubeaudit_json;
mod kubeclarity_json;
pub mod kubernetes;
mod kubernetes_audit_json;
mod kubescape_json;
mod kubescape_summary_json;
pub mod large;
mod metasploit_modules;
mod ms_defender;
mod ms_defender_machines;
mod names;
mod nancy_json;
mod nessus;
mod nessus_csv;
mod nessus_xml;
mod neuvector_compliance_json;
mod neuvector_json;
mod npm_audit_json;
mod nuclei_cves;
mod nvd;
mod objects;
mod ocsf;
mod ocsf_json;
mod openscap_xml;
mod openvex;
mod orca;
mod orca_csv;
mod orca_json;
mod osv;
mod osv_record;
mod osv_scanner_json;
mod outline;
mod packages;
mod pem;
mod pip_audit_json;
mod platforms;
pub mod plimsoll_observations;
mod policy_report_json;
mod popeye_json;
mod prisma;
mod prisma_cloud_csv;
mod prisma_cloud_json;
mod prowler;
mod prowler_csv;
mod prowler_json;
pub mod purls;
mod qualys_csv;
mod quay_security_json;
mod redhat_satellite_json;
mod sarif;
mod scans;
pub mod severity;
mod snyk_issues_json;
mod snyk_json;
mod snyk_text;
mod spdx;
mod spdx3;
mod spdx_json;
mod spdx_tagvalue;
mod stackrox_alerts_json;
mod stackrox_json;
mod syft_json;
mod sysdig;
mod sysdig_csv;
mod sysdig_events_json;
mod sysdig_json;
mod table;
mod targets;
mod tenable_container_json;
mod terminal;
mod terrascan_json;
mod tetragon_json;
mod tfsec_json;
pub mod time;
mod tracee_json;
mod trivy_json;
mod trivy_operator_json;
mod trivy_operator_prometheus;
mod trufflehog_json;
pub mod untrusted;
mod vex_index;
pub mod warnings;
mod weave_scope_json;
mod wiz_csv;
mod wizcli;
mod wizcli_disk_json;
mod wizcli_iac_json;
mod xeol_json;
mod xml;
mod xz;
mod yara_text;

#[cfg(test)]
mod test_support;

pub use document::Limits;
pub use error::Error;
pub use head::Head;

/// Every format, by kind in alphabetical order. Recognition must not depend on the order: exactly one
/// may claim a document.
pub static FORMATS: &[Format] = &[
    anchore_policy_json::FORMAT,
    anchore_vulnerabilities_json::FORMAT,
    aqua_json::FORMAT,
    aws_ecr_scan::FORMAT,
    aws_guardduty::FORMAT,
    aws_inspector2::FORMAT,
    aws_securityhub_asff::FORMAT,
    azure_defender::FORMAT,
    azure_defender_csv::FORMAT,
    cargo_audit_json::FORMAT,
    checkov_json::FORMAT,
    clair_klar_json::FORMAT,
    clair_v4_json::FORMAT,
    clamav_log::FORMAT,
    cosign_signature::FORMAT,
    csaf::FORMAT,
    cve5::FORMAT,
    cvss_bt_csv::FORMAT,
    cyclonedx_json::FORMAT,
    cyclonedx_xml::FORMAT,
    deepfence_csv::FORMAT,
    dependency_check_xml::FORMAT,
    dependency_track_json::FORMAT,
    docker_bench_text::FORMAT,
    docker_scout_text::FORMAT,
    dockle_json::FORMAT,
    dockle_text::FORMAT,
    empty_json::FORMAT,
    eol::FORMAT,
    epss::FORMAT,
    exploit_db_csv::FORMAT,
    falco_json::FORMAT,
    falco_text::FORMAT,
    gcp_artifact_analysis::FORMAT,
    gcp_security_command_center::FORMAT,
    gcp_vulnerability_assessment::FORMAT,
    generic_csv::FORMAT,
    generic_json::FORMAT,
    gitlab_container_json::FORMAT,
    gitleaks_json::FORMAT,
    govulncheck_json::FORMAT,
    grype_json::FORMAT,
    hadolint_json::FORMAT,
    harbor_json::FORMAT,
    in_toto::FORMAT,
    inspektor_gadget_json::FORMAT,
    jfrog_xray_legacy_json::FORMAT,
    jfrog_xray_report_json::FORMAT,
    jfrog_xray_scan_json::FORMAT,
    jfrog_xray_summary_json::FORMAT,
    kev::FORMAT,
    kics_json::FORMAT,
    kube_bench_json::FORMAT,
    kube_hunter_json::FORMAT,
    kube_linter_json::FORMAT,
    kubeaudit_json::FORMAT,
    kubeclarity_json::FORMAT,
    kubernetes::FORMAT,
    kubernetes_audit_json::FORMAT,
    kubescape_json::FORMAT,
    kubescape_summary_json::FORMAT,
    metasploit_modules::FORMAT,
    ms_defender::FORMAT,
    ms_defender_machines::FORMAT,
    nancy_json::FORMAT,
    nessus_csv::FORMAT,
    nessus_xml::FORMAT,
    neuvector_compliance_json::FORMAT,
    neuvector_json::FORMAT,
    npm_audit_json::FORMAT,
    nuclei_cves::FORMAT,
    nvd::FORMAT,
    ocsf_json::FORMAT,
    openscap_xml::FORMAT,
    openvex::FORMAT,
    orca_csv::FORMAT,
    orca_json::FORMAT,
    osv_record::FORMAT,
    osv_scanner_json::FORMAT,
    pip_audit_json::FORMAT,
    plimsoll_observations::FORMAT,
    policy_report_json::FORMAT,
    popeye_json::FORMAT,
    prisma_cloud_csv::FORMAT,
    prisma_cloud_json::FORMAT,
    prowler_csv::FORMAT,
    prowler_json::FORMAT,
    qualys_csv::FORMAT,
    quay_security_json::FORMAT,
    redhat_satellite_json::FORMAT,
    sarif::FORMAT,
    snyk_issues_json::FORMAT,
    snyk_json::FORMAT,
    snyk_text::FORMAT,
    spdx_json::FORMAT,
    spdx_tagvalue::FORMAT,
    spdx3::FORMAT,
    stackrox_alerts_json::FORMAT,
    stackrox_json::FORMAT,
    syft_json::FORMAT,
    sysdig_csv::FORMAT,
    sysdig_events_json::FORMAT,
    sysdig_json::FORMAT,
    tenable_container_json::FORMAT,
    terrascan_json::FORMAT,
    tetragon_json::FORMAT,
    tfsec_json::FORMAT,
    tracee_json::FORMAT,
    trivy_json::FORMAT,
    trivy_operator_json::FORMAT,
    trivy_operator_prometheus::FORMAT,
    trufflehog_json::FORMAT,
    vex_index::FORMAT,
    weave_scope_json::FORMAT,
    wiz_csv::FORMAT,
    wizcli_disk_json::FORMAT,
    wizcli_iac_json::FORMAT,
    xeol_json::FORMAT,
    yara_text::FORMAT,
];

/// One kind of document: its name, and how to tell and read it.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Name in storage and in answers: kebab-case, unique, never reused.
    pub kind: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// Where the format is specified.
    pub docs: &'static str,
    /// Raised when the mapping changes, so that stored documents can be replayed.
    pub version: u32,
    /// Whether a document that begins like this is of this kind.
    pub recognise: fn(&Head) -> bool,
    /// Reads a whole decompressed document of this kind.
    pub parse: fn(&[u8]) -> Result<Parsed, Error>,
}

/// What a document says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// The program that made it, if it says so.
    pub tool: Option<Tool>,
    /// Findings the document lists, before identity.
    pub entries: usize,
    /// Entries, or parts of entries that speak of several things, of which nothing is kept; each is told in a warning.
    pub skipped: usize,
    /// Components a bill of materials lists, nested ones too; 0 for scanner reports.
    pub listed_components: usize,
    /// What it says, in our words.
    pub observations: Vec<Observation>,
    /// What was odd, and what was done about it.
    pub warnings: Vec<Warning>,
}

/// A document that was recognised and read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Its format.
    pub format: &'static Format,
    /// Its content.
    pub parsed: Parsed,
}

/// Finds the one format of a document.
///
/// # Errors
/// When none or more than one claims it; the sentence says what the document looks like.
pub fn recognise(head: &Head) -> Result<&'static Format, Error> {
    let mut claims = FORMATS.iter().filter(|format| (format.recognise)(head));
    match (claims.next(), claims.next()) {
        (Some(format), None) => Ok(format),
        (None, _) => Err(head.refusal()),
        (Some(first), Some(second)) => Err(Error::Ambiguous { first: first.kind, second: second.kind }),
    }
}

/// Decompresses, recognises and reads a document. What is compressed has to tell by its beginning what it is.
///
/// # Errors
/// When it is empty, too large, nested too deeply, compressed in a way that cannot be read, of no known
/// kind, or broken.
pub fn read(raw: &[u8], limits: Limits) -> Result<Read, Error> {
    if large::is_long(raw)
        && let Some(read) = large::read(&raw, limits)?
    {
        return Ok(read);
    }
    let document = document::open(raw, limits, |beginning| recognise(&Head::cut(beginning)).map(drop))?;
    let format = recognised(&document)?;
    let parsed = (format.parse)(&document)?;
    Ok(Read { format, parsed })
}

/// The format of a document: by its beginning, or by its outline where that is long and tells nothing.
fn recognised(document: &[u8]) -> Result<&'static Format, Error> {
    let head = Head::new(document);
    let found = recognise(&head);
    if head.is_whole() || !(head.is_json_object() || head.is_json_array()) {
        return found;
    }
    match found {
        Err(Error::NotRecognised { looks }) => {
            let outline = outline::of(document);
            recognise(&Head::new(&outline)).map_err(|_| Error::NotRecognised { looks })
        }
        found => found,
    }
}

/// The format of a kind, if there is one.
#[must_use]
pub fn by_kind(kind: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.kind == kind)
}
