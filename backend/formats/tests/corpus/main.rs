//! The readers over a corpus of third-party documents, where there is one: `PLIMSOLL_CORPUS` or
//! `../shared/corpus` beside the workspace; otherwise the tests say that they were skipped.
//!
//! The counts stand here as literals. They were made by a separate script straight from the raw
//! documents, so that these readers do not check themselves.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use formats::{Error, Limits, Read, archive};
use normalise::identity::distinct_findings;

mod components;
mod findings;
#[path = "../fixtures/mod.rs"]
mod fixtures;
#[path = "../ledger/mod.rs"]
mod ledger;
#[path = "../rounds/mod.rs"]
mod rounds;
mod variants;

use components::COMPONENTS;
use findings::FINDINGS;

/// Kinds of which some document here says several things in one entry: of several packages or images, by several names,
/// or statements of VEX, which are none of the entries. Of all others each entry is kept once, or skipped and told.
#[rustfmt::skip]
const SEVERAL: &[&str] = &[
    "aqua-json", "aws-inspector2", "aws-securityhub-asff", "clair-v4-json", "csaf", "cyclonedx-xml",
    "dependency-check-xml", "jfrog-xray-report-json", "jfrog-xray-scan-json", "openvex", "prisma-cloud-csv",
    "qualys-csv", "quay-security-json", "snyk-json", "trivy-json",
];

/// Folders of which every file is of one kind, with the exceptions below.
const HANDED: &[(&str, &str)] = &[
    ("anchore", "anchore-vulnerabilities-json"),
    ("aqua", "aqua-json"),
    ("attestation", "in-toto"),
    ("aws-inspector2", "aws-inspector2"),
    ("aws-securityhub-asff", "aws-securityhub-asff"),
    ("azure-defender", "azure-defender"),
    ("cargo-pip-npm-audit", "cargo-audit-json"),
    ("clair", "clair-klar-json"),
    ("csaf", "csaf"),
    ("cve5", "cve5"),
    ("cyclonedx-json", "cyclonedx-json"),
    ("cyclonedx-vex", "cyclonedx-json"),
    ("cyclonedx-xml", "cyclonedx-xml"),
    ("deepfence", "deepfence-csv"),
    ("dependency-check", "dependency-check-xml"),
    ("dependency-track", "dependency-track-json"),
    ("docker-scout", "docker-scout-text"),
    ("eol", "eol"),
    ("epss", "epss"),
    ("falco", "falco-text"),
    ("gcp-artifact-analysis", "gcp-artifact-analysis"),
    ("generic", "generic-json"),
    ("gitlab-container", "gitlab-container-json"),
    ("govulncheck", "govulncheck-json"),
    ("grype-json", "grype-json"),
    ("harbor", "harbor-json"),
    ("k8s-audit", "kubernetes-audit-json"),
    ("k8s-objects", "kubernetes"),
    ("kev", "kev"),
    ("kube-bench", "kube-bench-json"),
    ("kube-hunter", "kube-hunter-json"),
    ("kubeaudit-linter-popeye", "kube-linter-json"),
    ("kubescape", "kubescape-json"),
    ("ms-defender", "ms-defender"),
    ("nessus", "nessus-csv"),
    ("neuvector", "neuvector-json"),
    ("nvd", "nvd"),
    ("openreports", "policy-report-json"),
    ("openscap", "openscap-xml"),
    ("openvex", "openvex"),
    ("orca-zora", "orca-json"),
    ("osv-record", "osv-record"),
    ("osv-scanner", "osv-scanner-json"),
    ("prisma-twistlock", "prisma-cloud-json"),
    ("prowler", "ocsf-json"),
    ("qualys", "qualys-csv"),
    ("redhat-satellite", "redhat-satellite-json"),
    ("sarif", "sarif"),
    ("snyk", "snyk-json"),
    ("spdx-json", "spdx-json"),
    ("spdx-tagvalue", "spdx-tagvalue"),
    ("spdx3", "spdx3"),
    ("stackrox", "stackrox-json"),
    ("syft-json", "syft-json"),
    ("sysdig", "sysdig-csv"),
    ("tetragon", "tetragon-json"),
    ("tracee", "tracee-json"),
    ("trivy-json", "trivy-json"),
    ("trivy-operator", "trivy-operator-json"),
    ("vulnrichment", "cve5"),
    ("wiz", "wiz-csv"),
    ("xeol", "xeol-json"),
];

/// Files in those folders that nothing is to be made of, and why.
const NOT_OF_THE_KIND: &[(&str, &str)] = &[
    ("falco/falco-runtime-containerid-only.log", "the id of a container, not a log"),
    ("kev/kev.schema.json", "the JSON schema of KEV, not the catalogue"),
    ("kube-hunter/dd-empty.json", "an empty file"),
    ("openvex/dd-openvex_not_a_document.json", "a list of words, made to be refused"),
];

/// Archives, and how many files are in them.
const ARCHIVES: &[(&str, usize)] = &[
    ("epss/emba-epss-2024-04-14.tar.gz", 26),
    ("epss/emba-epss-2025-03-16.tar.gz", 27),
    ("epss/emba-epss-2026-06-14.tar.gz", 28),
    ("epss/emba-epss-2026-08-16.tar.gz", 28),
    ("ms-defender/dd-defender.zip", 2),
    ("ms-defender/dd-defender_multiple_files.zip", 3),
    ("ms-defender/dd-defender_wrong_machines.zip", 2),
];

/// Files that are of another kind than their folder says, which is right.
const ELSEWHERE: &[(&str, &str)] = &[
    ("anchore/dd-anchorectl_pol-many_violations.json", "anchore-policy-json"),
    ("anchore/dd-anchorectl_pol-new_format_many_violations.json", "anchore-policy-json"),
    ("anchore/dd-anchorectl_pol-no_violation.json", "empty-json"),
    ("anchore/dd-anchorectl_vulns-no_vuln.json", "empty-json"),
    ("aqua/dd-no_vuln.json", "empty-json"),
    ("attestation/cosign-verify-attestation-provenance.txt", "cosign-signature"),
    ("attestation/cosign-verify.txt", "cosign-signature"),
    ("azure-defender/AzureSecurityCenterRecommendations.csv", "azure-defender-csv"),
    ("azure-defender/dd-zero_vulns.csv", "azure-defender-csv"),
    ("cargo-pip-npm-audit/dd-nancy-nancy_many_findings.json", "nancy-json"),
    ("cargo-pip-npm-audit/dd-nancy-nancy_no_findings.json", "nancy-json"),
    ("cargo-pip-npm-audit/dd-nancy-nancy_one_findings.json", "nancy-json"),
    ("cargo-pip-npm-audit/dd-pip-many_vulns.json", "pip-audit-json"),
    ("cargo-pip-npm-audit/dd-pip-many_vulns_new.json", "pip-audit-json"),
    ("cargo-pip-npm-audit/dd-pip-zero_vulns.json", "pip-audit-json"),
    ("cargo-pip-npm-audit/dd-pip-zero_vulns_new.json", "pip-audit-json"),
    ("clair/clairv4-vulnerabilityreport.json", "clair-v4-json"),
    ("clair/quay-securityinformation.json", "quay-security-json"),
    ("clair/quay-securityinformation_deduped.json", "quay-security-json"),
    ("clair/quay-securityinformation_withenrichments.json", "quay-security-json"),
    ("cyclonedx-json/trustify-indigestable.json", "spdx-json"),
    ("docker-scout/snyk-container-test.txt", "snyk-text"),
    ("dockerfile-host-lint/2025.docker-bench.txt", "docker-bench-text"),
    ("dockerfile-host-lint/2026.docker-bench.txt", "docker-bench-text"),
    ("dockerfile-host-lint/dd-dockle-many_findings.json", "dockle-json"),
    ("dockerfile-host-lint/dd-hadolint-many_dockerfile.json", "hadolint-json"),
    ("dockerfile-host-lint/dd-hadolint-one_dockerfile.json", "hadolint-json"),
    ("dockerfile-host-lint/juice-shop.dockle.txt", "dockle-text"),
    ("epss/jgamblin-kev-epss-2022-10-07.csv", "cvss-bt-csv"),
    ("epss/jgamblin-kev-epss-2023-03-06.csv", "cvss-bt-csv"),
    ("epss/jgamblin-kev-epss-2024-06-30.csv", "cvss-bt-csv"),
    ("epss/secobserve-cvss_bt.csv", "cvss-bt-csv"),
    ("generic/dd-generic_csv_with_epss.csv", "generic-csv"),
    ("generic/dd-generic_report_kev_cvssv4.csv", "generic-csv"),
    ("govulncheck/dd-issue_15033_sarif.json", "sarif"),
    ("iac/dd-checkov-checkov-report-1-vuln.json", "checkov-json"),
    ("iac/dd-checkov-checkov-report-many-vuln.json", "checkov-json"),
    ("iac/dd-checkov-checkov-report-severity.json", "checkov-json"),
    ("iac/dd-kics-many_findings.json", "kics-json"),
    ("iac/dd-kics-no_findings.json", "kics-json"),
    ("iac/dd-terrascan-many_findings.json", "terrascan-json"),
    ("iac/dd-terrascan-no_findings.json", "terrascan-json"),
    ("iac/dd-tfsec-no_findings.json", "tfsec-json"),
    ("iac/dd-wizcli_iac-wizcli_iac_one_vul.json", "wizcli-iac-json"),
    ("iac/dd-wizcli_iac-wizcli_iac_zero_vul.json", "wizcli-iac-json"),
    ("jfrog-xray/dd-bin-many_vulns_docker.json", "jfrog-xray-scan-json"),
    ("jfrog-xray/dd-bin-one_vuln.json", "jfrog-xray-scan-json"),
    ("jfrog-xray/dd-leg-many_vulns.json", "jfrog-xray-legacy-json"),
    ("jfrog-xray/dd-leg-multi_cwe_fabricated.json", "jfrog-xray-legacy-json"),
    ("jfrog-xray/dd-leg-one_vuln.json", "jfrog-xray-legacy-json"),
    ("jfrog-xray/dd-sum-multi_cwe_fabricated.json", "jfrog-xray-summary-json"),
    ("jfrog-xray/dd-sum-no_vuln.json", "jfrog-xray-summary-json"),
    ("jfrog-xray/dd-sum-one_vuln.json", "jfrog-xray-summary-json"),
    ("jfrog-xray/dd-uni-Vulnerabilities-Report-XRAY_Unified.json", "jfrog-xray-report-json"),
    ("jfrog-xray/dd-uni-no_vuln.json", "jfrog-xray-report-json"),
    ("jfrog-xray/dd-uni-one_vuln.json", "jfrog-xray-report-json"),
    ("k8s-objects/scope-k8s-report.json", "weave-scope-json"),
    ("kubeaudit-linter-popeye/dd-popeye-popeye_new_format.json", "popeye-json"),
    ("kubeaudit-linter-popeye/dd-popeye-popeye_zero_vul.json", "popeye-json"),
    ("kubescape/mock_summaryDetails.json", "kubescape-summary-json"),
    ("ms-defender/dd-defender.zip/machines/machines.json", "ms-defender-machines"),
    ("ms-defender/dd-defender_multiple_files.zip/machines/machines.json", "ms-defender-machines"),
    ("ms-defender/dd-defender_wrong_machines.zip/machines/machines.json", "ms-defender-machines"),
    ("nessus/dd-nessus_many_vuln.xml", "nessus-xml"),
    ("neuvector/dd-compl-no_vuln.json", "neuvector-compliance-json"),
    ("neuvector/dd-compl-one_vuln.json", "neuvector-compliance-json"),
    ("openvex/rancher-vexhub-index.json", "vex-index"),
    ("orca-zora/dd-orca-many_vulns.csv", "orca-csv"),
    ("orca-zora/dd-orca-no_vuln.json", "empty-json"),
    ("orca-zora/dd-orca-one_vuln.csv", "orca-csv"),
    ("prisma-twistlock/dd-scan_report_one_vuln.csv", "prisma-cloud-csv"),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_four_vulns.csv", "prisma-cloud-csv"),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_long_package_name.csv", "prisma-cloud-csv"),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_no_vuln.csv", "prisma-cloud-csv"),
    ("prowler/dd-v2-many_vuln.csv", "prowler-csv"),
    ("prowler/dd-v2-many_vuln.json", "prowler-json"),
    ("prowler/dd-v2-many_vuln_plus_one.json", "prowler-json"),
    ("prowler/dd-v2-no_vuln.csv", "prowler-csv"),
    ("prowler/dd-v3-many_vuln.json", "prowler-json"),
    ("prowler/dd-v3-one_vuln.json", "prowler-json"),
    ("prowler/dd-v5-example_output_gcp.csv", "prowler-csv"),
    ("prowler/dd-v5-example_output_kubernetes.csv", "prowler-csv"),
    ("prowler/dd-v5-prowler_zero_vul.csv", "prowler-csv"),
    ("prowler/dd-v5-prowler_zero_vul.json", "empty-json"),
    ("snyk/dd-api-snyk_code_scan_api_many_vuln.json", "snyk-issues-json"),
    ("snyk/dd-api-snyk_sca_scan_api_single_vuln.json", "snyk-issues-json"),
    ("stackrox/pretty.alert.json", "stackrox-alerts-json"),
    ("stackrox/testDeploymentAlertsWithFailure_legacy.json", "stackrox-alerts-json"),
    ("sysdig/dd-cli-sysdig_reports_many_vul.json", "sysdig-json"),
    ("trivy-operator/prom-no_observation.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_compliance_info.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_configaudits_info.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_rbacassessments_info.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_vulnerability_id.json", "trivy-operator-prometheus"),
    ("wiz/dd-dir-wizcli_dir_many_vul.json", "wizcli-disk-json"),
    ("wiz/dd-dir-wizcli_dir_zero_vul.json", "wizcli-disk-json"),
    ("wiz/dd-img-wizcli_img_many_vul.json", "wizcli-disk-json"),
    ("wiz/dd-img-wizcli_img_one_vul.json", "wizcli-disk-json"),
];

fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let root = std::env::var_os("PLIMSOLL_CORPUS").map_or_else(beside, PathBuf::from);
    if root.is_dir() {
        return Some(root);
    }
    println!("skipped: no corpus");
    None
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, files) } else { files.push(path) }
    }
}

/// Every file of the corpus but archives by its path in it, read.
fn read_all() -> BTreeMap<String, Result<Read, Error>> {
    let Some(root) = corpus() else { return BTreeMap::new() };
    let mut files = Vec::new();
    files_below(&root, &mut files);
    files
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, _)| !ARCHIVES.iter().any(|(archive, _)| archive == name))
        .map(|(name, path)| (name, formats::read(&std::fs::read(path).unwrap(), Limits::default())))
        .collect()
}

/// The kind that a file must be recognised as, if any.
fn expected(name: &str) -> Option<&'static str> {
    if NOT_OF_THE_KIND.iter().any(|(known, _)| *known == name) {
        return None;
    }
    let folder = name.split('/').next().unwrap();
    let listed = |list: &'static [(&'static str, &'static str)], key: &str| {
        list.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind)
    };
    listed(ELSEWHERE, name).or_else(|| listed(HANDED, folder))
}

#[test]
fn every_file_is_what_it_is_and_nothing_else() {
    let mut wrong = Vec::new();
    for (name, result) in read_all() {
        let found = result.as_ref().ok().map(|read| read.format.kind);
        if found != expected(&name) {
            wrong.push(format!("{name}: {:?}", result.map(|read| read.format.kind)));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn archives_hold_files_of_the_kind() {
    let Some(root) = corpus() else { return };
    let mut wrong = Vec::new();
    for (name, count) in ARCHIVES {
        let bytes = std::fs::read(root.join(name)).unwrap();
        let kind = archive::recognise(&bytes).unwrap();
        let mut keep = |member: archive::Member| {
            let inside = format!("{name}/{}", member.path);
            let found = formats::read(&member.bytes, Limits::default()).ok().map(|read| read.format.kind);
            if found != expected(&inside) {
                wrong.push(format!("{inside}: {found:?}"));
            }
            true
        };
        let unpacked = archive::unpack(&bytes, kind, archive::Limits::of(512 << 20), &mut keep).unwrap();
        assert_eq!((unpacked.members, unpacked.warnings), (*count, vec![]), "{name}");
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn errors_are_one_sentence() {
    for (name, result) in read_all() {
        if let Err(error) = result {
            let text = error.to_string();
            assert!(
                text.len() > 20 && text.len() < 1200 && !text.contains(char::is_control),
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn no_entry_is_lost_untold() {
    let mut lost = Vec::new();
    for (name, result) in read_all() {
        if let Err(why) = result.map_or(Ok(()), |read| {
            ledger::check(read.format.kind, &read.parsed, !SEVERAL.contains(&read.format.kind))
        }) {
            lost.push(format!("{name}: {why}"));
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn entries_are_those_that_documents_list() {
    let read = read_all();
    for (name, entries, _) in FINDINGS.iter().filter(|_| !read.is_empty()) {
        let parsed = &read[*name].as_ref().unwrap().parsed;
        assert_eq!((parsed.entries, parsed.listed_components), (*entries, 0), "{name}");
    }
}

#[test]
fn findings_are_distinct_by_identity() {
    let read = read_all();
    for (name, _, findings) in FINDINGS.iter().filter(|_| !read.is_empty()) {
        let parsed = &read[*name].as_ref().unwrap().parsed;
        assert_eq!(distinct_findings(&parsed.observations, parsed.entries), *findings, "{name}");
    }
}

#[test]
fn components_are_those_that_documents_list() {
    let read = read_all();
    for (name, entries, components) in COMPONENTS.iter().filter(|_| !read.is_empty()) {
        let parsed = &read[*name].as_ref().unwrap().parsed;
        assert_eq!((parsed.entries, parsed.listed_components), (*entries, *components), "{name}");
    }
}
