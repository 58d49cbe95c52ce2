//! The readers over a corpus of third-party documents, where there is one: `PLIMSOLL_CORPUS` or
//! `../shared/corpus` beside the workspace; otherwise the tests say that they were skipped.
//!
//! The counts stand here as literals. They were made by a separate script straight from the raw
//! documents, so that these readers do not check themselves.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail loudly")]

mod counts;
mod components;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use formats::{Error, Limits, Read};
use normalise::identity::distinct_findings;

mod components;

use components::COMPONENTS;
use counts::COMPONENTS;
use components::COMPONENTS;

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
    ("eol", "eol"),
    ("deepfence", "deepfence-csv"),
    ("dependency-check", "dependency-check-xml"),
    ("dependency-track", "dependency-track-json"),
    ("docker-scout", "docker-scout-text"),
    ("epss", "epss"),
    ("gcp-artifact-analysis", "gcp-artifact-analysis"),
    ("gitlab-container", "gitlab-container-json"),
    ("govulncheck", "govulncheck-json"),
    ("grype-json", "grype-json"),
    ("harbor", "harbor-json"),
    ("k8s-objects", "kubernetes"),
    ("kev", "kev"),
    ("kubescape", "kubescape-json"),
    ("nvd", "nvd"),
    ("neuvector", "neuvector-json"),
    ("openreports", "policy-report-json"),
    ("openvex", "openvex"),
    ("osv-record", "osv-record"),
    ("osv-scanner", "osv-scanner-json"),
    ("prisma-twistlock", "prisma-cloud-json"),
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
    ("trivy-json", "trivy-json"),
    ("trivy-operator", "trivy-operator-json"),
    ("vulnrichment", "cve5"),
    ("wiz", "wiz-csv"),
    ("xeol", "xeol-json"),
];

/// Files in those folders that are not of the folder's kind, and why.
const NOT_OF_THE_KIND: &[(&str, &str)] = &[
    ("anchore/dd-anchorectl_pol-no_violation.json", "an empty array"),
    ("anchore/dd-anchorectl_vulns-no_vuln.json", "an empty array"),
    ("aqua/dd-no_vuln.json", "an empty object"),
    ("attestation/cosign-verify-attestation-provenance.txt", "what cosign says of a signature"),
    ("attestation/cosign-verify.txt", "what cosign says of a signature"),
    (
        "azure-defender/AzureSecurityCenterRecommendations.csv",
        "an export of recommendations, not of findings",
    ),
    (
        "azure-defender/c7n-DefenderTest.test_azure_defender_assessments.json",
        "a recorded list of assessments, which hold no findings",
    ),
    ("azure-defender/dd-zero_vulns.csv", "an export of recommendations, not of findings"),
    ("cyclonedx-json/simple.cdx.json.xz", "an xz archive, which is not read"),
    ("eol/guac-eol-all.json", "a list of products alone"),
    ("docker-scout/snyk-container-test.txt", "an error of Snyk's, not a report"),
    ("epss/emba-epss-2024-04-14.tar.gz", "a tar archive of many files"),
    ("epss/emba-epss-2025-03-16.tar.gz", "a tar archive of many files"),
    ("epss/emba-epss-2026-06-14.tar.gz", "a tar archive of many files"),
    ("epss/emba-epss-2026-08-16.tar.gz", "a tar archive of many files"),
    ("epss/jgamblin-kev-epss-2022-10-07.csv", "someone's join of KEV with EPSS, only of exploited CVEs"),
    ("epss/jgamblin-kev-epss-2023-03-06.csv", "someone's join of KEV with EPSS, only of exploited CVEs"),
    ("epss/jgamblin-kev-epss-2024-06-30.csv", "someone's join of KEV with EPSS, only of exploited CVEs"),
    ("epss/secobserve-cvss_bt.csv", "CVSS with threat metrics, EPSS only one column of many"),
    ("k8s-objects/scope-k8s-report.json", "a report of Weave Scope"),
    ("kev/kev.schema.json", "the JSON schema of KEV, not the catalogue"),
    ("kubescape/mock_summaryDetails.json", "the sums of a report without the report"),
    ("neuvector/dd-compl-no_vuln.json", "a benchmark that does not say of what"),
    ("neuvector/dd-compl-one_vuln.json", "a benchmark that does not say of what"),
    ("openvex/dd-openvex_not_a_document.json", "an empty array"),
    ("openvex/rancher-vexhub-index.json", "an index of VEX documents"),
    ("osv-scanner/flattened_vulns.json", "test data of the scanner's own, not a report"),
    ("stackrox/pretty.alert.json", "an alert on a deployment"),
    (
        "stackrox/testDeploymentAlertsWithFailure_legacy.json",
        "alerts on deployments, which have no place here",
    ),
    ("wiz/dd-dir-wizcli_dir_many_vul.json", "what wizcli writes, which is not read"),
    ("wiz/dd-dir-wizcli_dir_zero_vul.json", "what wizcli writes, which is not read"),
    ("wiz/dd-img-wizcli_img_many_vul.json", "what wizcli writes, which is not read"),
    ("wiz/dd-img-wizcli_img_one_vul.json", "what wizcli writes, which is not read"),
    ("snyk/dd-api-snyk_code_scan_api_many_vuln.json", "issues of Snyk's API, which name no image"),
    ("snyk/dd-api-snyk_sca_scan_api_single_vuln.json", "issues of Snyk's API, which name no image"),
];

/// Files that are of another kind than their folder says, which is right.
const ELSEWHERE: &[(&str, &str)] = &[
    ("cargo-pip-npm-audit/dd-nancy-nancy_many_findings.json", "nancy-json"),
    ("cargo-pip-npm-audit/dd-nancy-nancy_no_findings.json", "nancy-json"),
    ("cargo-pip-npm-audit/dd-nancy-nancy_one_findings.json", "nancy-json"),
    ("cargo-pip-npm-audit/dd-pip-many_vulns.json", "pip-audit-json"),
    ("cargo-pip-npm-audit/dd-pip-many_vulns_new.json", "pip-audit-json"),
    ("cargo-pip-npm-audit/dd-pip-zero_vulns.json", "pip-audit-json"),
    ("cargo-pip-npm-audit/dd-pip-zero_vulns_new.json", "pip-audit-json"),
    ("anchore/dd-anchorectl_pol-many_violations.json", "anchore-policy-json"),
    ("anchore/dd-anchorectl_pol-new_format_many_violations.json", "anchore-policy-json"),
    ("clair/clairv4-vulnerabilityreport.json", "clair-v4-json"),
    ("clair/quay-securityinformation.json", "quay-security-json"),
    ("clair/quay-securityinformation_deduped.json", "quay-security-json"),
    ("clair/quay-securityinformation_withenrichments.json", "quay-security-json"),
    ("cyclonedx-json/trustify-indigestable.json", "spdx-json"),
    ("govulncheck/dd-issue_15033_sarif.json", "sarif"),
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
    ("prisma-twistlock/dd-scan_report_one_vuln.csv", "prisma-cloud-csv"),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_four_vulns.csv", "prisma-cloud-csv"),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_long_package_name.csv", "prisma-cloud-csv"),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_no_vuln.csv", "prisma-cloud-csv"),
    ("sysdig/dd-cli-sysdig_reports_many_vul.json", "sysdig-json"),
    ("trivy-operator/prom-no_observation.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_compliance_info.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_configaudits_info.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_rbacassessments_info.json", "trivy-operator-prometheus"),
    ("trivy-operator/prom-trivy_vulnerability_id.json", "trivy-operator-prometheus"),
];

/// Documents with the number of entries listed and of distinct findings.
#[rustfmt::skip]
const FINDINGS: &[(&str, usize, usize)] = &[
    ("anchore/dd-anchorectl_pol-many_violations.json", 3, 1),
    ("anchore/dd-anchorectl_pol-new_format_many_violations.json", 3, 1),
    ("anchore/dd-anchorectl_vulns-many_vulns.json", 23, 21),
    ("anchore/dd-anchorectl_vulns-one_vuln.json", 1, 1),
    ("anchore/dd-many_vulns.json", 23, 21),
    ("anchore/dd-no_vuln.json", 0, 0),
    ("anchore/dd-one_vuln.json", 1, 1),
    ("anchore/dd-one_vuln_many_files.json", 4, 1),
    ("aqua/dd-many_v2.json", 3, 3),
    ("aqua/dd-one_v2.json", 1, 1),
    ("aqua/dd-one_vuln.json", 3, 1),
    ("aqua/dd-over_api_v2.json", 99, 109),
    ("aqua/dd-over_api_v2_empty.json", 0, 0),
    ("aqua/dd-vulns_with_aqua_severity.json", 13, 13),
    ("aws-inspector2/c7n-ListFindings-4.placebo.json", 4, 0),
    ("aws-inspector2/dd-aws_inspector2_many_vul.json", 8, 8),
    ("aws-inspector2/dd-aws_inspector2_one_vul.json", 1, 1),
    ("aws-inspector2/dd-aws_inspector2_package_vuln_metadata_multi_cwe_fabricated.json", 3, 0),
    ("aws-inspector2/dd-aws_inspector2_zero_vul.json", 0, 0),
    ("aws-securityhub-asff/dd-asff-many_vulns.json", 5, 0),
    ("aws-securityhub-asff/dd-asff-one_vuln.json", 1, 0),
    ("aws-securityhub-asff/dd-asff-prowler-output.asff.json", 731, 0),
    ("aws-securityhub-asff/dd-config_many_findings.json", 3, 0),
    ("aws-securityhub-asff/dd-config_one_finding.json", 1, 0),
    ("aws-securityhub-asff/dd-config_one_finding_active.json", 1, 0),
    ("aws-securityhub-asff/dd-config_repeated_findings.json", 2, 0),
    ("aws-securityhub-asff/dd-guardduty.json", 4, 0),
    ("aws-securityhub-asff/dd-inspector_ec2_cve.json", 5, 0),
    ("aws-securityhub-asff/dd-inspector_ec2_cve_no_vulnerabilities.json", 1, 0),
    ("aws-securityhub-asff/dd-inspector_ecr.json", 7, 9),
    ("aws-securityhub-asff/trivy-alpine-310.asff.json", 4, 4),
    ("aws-securityhub-asff/trivy-secrets.asff.json", 2, 2),
    ("azure-defender/azure-subassessment-acr.msdocs.json", 1, 1),
    ("azure-defender/azure-subassessment-gcp-gar.msdocs.json", 1, 1),
    ("cargo-pip-npm-audit/dd-cargo-many_findings.json", 13, 4),
    ("cargo-pip-npm-audit/dd-nancy-nancy_many_findings.json", 13, 13),
    ("cargo-pip-npm-audit/dd-nancy-nancy_no_findings.json", 0, 0),
    ("cargo-pip-npm-audit/dd-nancy-nancy_one_findings.json", 1, 1),
    ("cargo-pip-npm-audit/dd-pip-many_vulns.json", 7, 7),
    ("cargo-pip-npm-audit/dd-pip-many_vulns_new.json", 7, 7),
    ("cargo-pip-npm-audit/dd-pip-zero_vulns.json", 0, 0),
    ("cargo-pip-npm-audit/dd-pip-zero_vulns_new.json", 0, 0),
    ("clair/clairv4-vulnerabilityreport.json", 177, 95),
    ("clair/dd-clair_few_vuln.json", 4, 4),
    ("clair/dd-clairklar_high.json", 6, 6),
    ("clair/dd-clairklar_mixed.json", 6, 6),
    ("clair/quay-securityinformation.json", 89, 95),
    ("clair/quay-securityinformation_deduped.json", 3, 5),
    ("clair/quay-securityinformation_withenrichments.json", 26, 25),
    ("deepfence/dd-compliance_report.csv", 1, 1),
    ("deepfence/dd-secret_report.csv", 7, 7),
    ("dependency-check/dd-multiple_vulnerabilities_has_multiple_findings.xml", 7, 5),
    ("dependency-check/dd-single_dependency_with_related_no_vulnerability.xml", 0, 0),
    ("dependency-check/dd-single_vuln.xml", 1, 1),
    ("dependency-track/dd-dependency_track_3.8.0_2021-01-18.json", 9, 9),
    ("dependency-track/dd-dependency_track_4.10_2024_02_11.json", 1, 1),
    ("dependency-track/dd-many_findings.json", 4, 4),
    ("dependency-track/dd-no_findings_because_findings_key_is_empty_list.json", 0, 0),
    ("dependency-track/dd-no_findings_because_findings_key_is_missing.json", 0, 0),
    ("dependency-track/dd-no_findings_because_findings_key_is_null.json", 0, 0),
    ("dependency-track/dd-one_finding_ghsa_empty_aliases.json", 1, 1),
    ("dependency-track/dd-one_finding_with_analysis_detail.json", 1, 1),
    ("docker-scout/juice-shop-2025-10.scout-cves.txt", 61, 61),
    ("gcp-artifact-analysis/dd-many_vulns.json", 7, 7),
    ("gitlab-container/dd-gl-container-scanning-report-1-vuln_v14.json", 1, 1),
    ("gitlab-container/dd-gl-container-scanning-report-1-vuln_v15.json", 1, 1),
    ("gitlab-container/dd-gl-container-scanning-report-5-vuln_v14.json", 5, 5),
    ("gitlab-container/dd-gl-container-scanning-report-5-vuln_v15.json", 5, 5),
    ("gitlab-container/trivy-alpine-310.gitlab.json", 4, 4),
    ("govulncheck/dd-many_vulns.json", 12, 3),
    ("govulncheck/dd-many_vulns_new_version.json", 1, 1),
    ("govulncheck/dd-no_vulns.json", 0, 0),
    ("govulncheck/dd-no_vulns_new_version.json", 0, 0),
    ("grype-json/dd-check_all_fields.json", 6, 5),
    ("grype-json/dd-check_all_fields_different_ids_fabricated.json", 1, 1),
    ("grype-json/dd-fix_available.json", 1, 1),
    ("grype-json/dd-fix_not_available.json", 1, 1),
    ("grype-json/dd-many_vulns4.json", 9, 9),
    ("grype-json/dd-no_vuln.json", 0, 0),
    ("grype-json/dd-same_cve_different_paths.json", 2, 1),
    ("grype-json/juice-shop-2025-10.grype.json", 65, 65),
    ("grype-json/kubeclarity-nginx.grype.json", 197, 197),
    ("harbor/dd-harbor-0-vuln.json", 0, 0),
    ("harbor/dd-harbor-1-vuln.json", 1, 1),
    ("harbor/dd-harborapipip.json", 2, 2),
    ("jfrog-xray/dd-bin-many_vulns_docker.json", 2, 4),
    ("jfrog-xray/dd-bin-one_vuln.json", 1, 1),
    ("jfrog-xray/dd-leg-many_vulns.json", 3, 2),
    ("jfrog-xray/dd-leg-multi_cwe_fabricated.json", 1, 1),
    ("jfrog-xray/dd-leg-one_vuln.json", 1, 1),
    ("jfrog-xray/dd-sum-multi_cwe_fabricated.json", 1, 1),
    ("jfrog-xray/dd-sum-no_vuln.json", 0, 0),
    ("jfrog-xray/dd-sum-one_vuln.json", 1, 1),
    ("jfrog-xray/dd-uni-Vulnerabilities-Report-XRAY_Unified.json", 7, 21),
    ("jfrog-xray/dd-uni-no_vuln.json", 0, 0),
    ("jfrog-xray/dd-uni-one_vuln.json", 1, 1),
    ("kubescape/mock_posture_report.json", 0, 0),
    ("neuvector/dd-no_vuln.json", 0, 0),
    ("neuvector/dd-one_vuln.json", 1, 1),
    ("openreports/dd-openreports_no_results.json", 0, 0),
    ("openreports/dd-openreports_single_report.json", 3, 2),
    ("osv-scanner/dd-multi_cwe_fabricated.json", 1, 1),
    ("osv-scanner/dd-some_findings.json", 1, 1),
    ("osv-scanner/multiple-packages-with-vulns.json", 6, 3),
    ("osv-scanner/test-vuln-results-a.json", 3, 2),
    ("osv-scanner/test-vuln-results-b.json", 4, 2),
    ("prisma-twistlock/dd-no_vuln.json", 0, 0),
    ("prisma-twistlock/dd-one_vuln.json", 2, 2),
    ("prisma-twistlock/dd-one_vuln_no_link_no_description.json", 2, 2),
    ("prisma-twistlock/dd-packagename.json", 1, 1),
    ("prisma-twistlock/dd-scan_report_one_vuln.csv", 1, 1),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_four_vulns.csv", 4, 6),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_long_package_name.csv", 1, 1),
    ("prisma-twistlock/dd-scan_report_prisma_twistlock_images_no_vuln.csv", 0, 0),
    ("qualys/dd-Qualys_Sample_Report.csv", 6, 28),
    ("qualys/dd-vmdr-many_vulns_cve.csv", 5, 4),
    ("qualys/dd-vmdr-many_vulns_qid.csv", 5, 4),
    ("qualys/dd-vmdr-no_vuln_cve.csv", 0, 0),
    ("qualys/dd-vmdr-no_vuln_no_metadata_cve.csv", 0, 0),
    ("qualys/dd-vmdr-one_vuln_cve.csv", 1, 1),
    ("qualys/dd-vmdr-one_vuln_no_metadata_cve.csv", 1, 1),
    ("qualys/dd-vmdr-one_vuln_qid.csv", 1, 1),
    ("redhat-satellite/dd-no_findings.json", 0, 0),
    ("redhat-satellite/dd-one_finding.json", 1, 0),
    ("sarif/dd-appendix_k3.sarif", 1, 1),
    ("sarif/dd-bash-report.sarif", 27, 12),
    ("sarif/dd-codeQL-output.sarif", 72, 72),
    ("sarif/dd-dependency_check.sarif", 13, 13),
    ("sarif/dd-dockle_0_3_15.sarif", 4, 4),
    ("sarif/dd-gitleaks_7.5.0.sarif", 8, 4),
    ("sarif/dd-no_runs.sarif", 0, 0),
    ("sarif/dd-semgrepowasp-benchmark-sample.sarif", 1768, 1768),
    ("sarif/dd-suppression_test.sarif", 5, 5),
    ("sarif/nginx-grype.sarif.json", 99, 99),
    ("sarif/nginx-snyk.sarif.json", 65, 65),
    ("sarif/nginx-trivy.sarif.json", 99, 99),
    ("sarif/roxctl.sarif.json", 3, 3),
    ("sarif/secobserve-checkov.sarif", 4, 4),
    ("sarif/secobserve-trivy_config.sarif", 1, 1),
    ("sarif/trivy-alpine-310.sarif", 4, 4),
    ("stackrox/testComponents.json", 17, 17),
    ("stackrox/wordpress-debian-ubuntu-11.json", 179, 179),
    ("sysdig/dd-cli-sysdig_reports_many_vul.csv", 31, 31),
    ("sysdig/dd-cli-sysdig_reports_many_vul.json", 31, 31),
    ("sysdig/dd-sysdig-2025.csv", 6, 6),
    ("sysdig/dd-sysdig_reports_many_vul.csv", 50, 50),
    ("sysdig/dd-sysdig_reports_one_vul.csv", 1, 1),
    ("sysdig/dd-sysdig_reports_zero_vul.csv", 0, 0),
    ("snyk/dd-all-projects_no_vulns.json", 0, 0),
    ("snyk/dd-all-projects_one_vuln.json", 1, 1),
    ("snyk/dd-all_containers_target_output.json", 40, 17),
    ("snyk/dd-single_project_many_vulns.json", 41, 44),
    ("snyk/dd-single_project_no_vulns.json", 0, 0),
    ("snyk/dd-single_project_one_vuln.json", 1, 1),
    ("snyk/dd-single_project_upgrade_libs.json", 254, 54),
    ("snyk/dd-snykcontainer_issue_9270.json", 37, 30),
    ("snyk/dd-snykcontainer_issue_epss.json", 13, 13),
    ("trivy-json/dd-cvss_severity_source.json", 2, 2),
    ("trivy-json/dd-license_scheme.json", 19, 19),
    ("trivy-json/dd-misconfigurations_and_secrets.json", 5, 5),
    ("trivy-json/dd-scheme_2_many_vulns.json", 5, 5),
    ("trivy-json/dd-scheme_2_no_vuln.json", 0, 0),
    ("trivy-json/dd-severity_prio.json", 2, 2),
    ("trivy-json/golden-alpine-39-ignore-cveids.json", 2, 2),
    ("trivy-json/golden-alpine-distroless.json", 1, 1),
    ("trivy-json/golden-amazon-1.json", 1, 1),
    ("trivy-json/golden-amazonlinux2-gp2-x86-vm.json", 1, 1),
    ("trivy-json/golden-centos-6.json", 2, 2),
    ("trivy-json/golden-centos-7-ignore-unfixed.json", 2, 2),
    ("trivy-json/golden-debian-stretch.json", 5, 5),
    ("trivy-json/golden-distroless-python27.json", 4, 4),
    ("trivy-json/golden-gomod-vex.json", 4, 2),
    ("trivy-json/golden-helm_badname.json", 0, 0),
    ("trivy-json/golden-helm_testchart.json", 6, 6),
    ("trivy-json/golden-mariner-1.0.json", 2, 2),
    ("trivy-json/golden-minikube-kbom.json", 1, 1),
    ("trivy-json/golden-npm-with-suppressed.json", 1, 1),
    ("trivy-json/golden-packagesprops.json", 1, 1),
    ("trivy-json/golden-photon-30.json", 3, 3),
    ("trivy-json/golden-pnpm.json", 2, 2),
    ("trivy-json/golden-secrets.json", 2, 2),
    ("trivy-json/golden-spring4shell-jre11.json", 1, 1),
    ("trivy-json/golden-ubi-7-comprehensive.json", 2, 2),
    ("trivy-json/golden-ubuntu-1804-ignore-unfixed.json", 4, 4),
    ("trivy-json/golden-ubuntu-1804.json", 5, 5),
    ("trivy-json/juice-shop-2025-10.trivy-vuln-detailed.json", 74, 74),
    ("trivy-operator/dd-compliance_severity.json", 2, 0),
    ("trivy-operator/dd-configauditreport_many.json", 13, 0),
    ("trivy-operator/dd-configauditreport_no_vuln.json", 0, 0),
    ("trivy-operator/dd-configauditreport_with_remediation.json", 2, 0),
    ("trivy-operator/dd-exposedsecretreport_many.json", 2, 2),
    ("trivy-operator/dd-exposedsecretreport_no_vuln.json", 0, 0),
    ("trivy-operator/dd-exposedsecretreport_single_vuln.json", 1, 1),
    ("trivy-operator/dd-findings_in_list.json", 18, 5),
    ("trivy-operator/dd-vulnerabilityreport_extended.json", 5, 5),
    ("trivy-operator/dd-vulnerabilityreport_no_vuln.json", 0, 0),
    ("trivy-operator/dd-vulnerabilityreport_single_vuln.json", 1, 1),
    ("trivy-operator/prom-no_observation.json", 0, 0),
    ("trivy-operator/prom-trivy_compliance_info.json", 1, 0),
    ("trivy-operator/prom-trivy_configaudits_info.json", 1, 0),
    ("trivy-operator/prom-trivy_rbacassessments_info.json", 2, 0),
    ("trivy-operator/prom-trivy_vulnerability_id.json", 2, 2),
    ("wiz/dd-no_findings.csv", 0, 0),
    ("wiz/dd-one_finding.csv", 1, 0),
    ("wiz/dd-sca_format.csv", 5, 0),
    ("xeol/dd-xeol_multiple_findings.json", 8, 8),
    ("xeol/dd-xeol_zero.json", 0, 0),
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

/// Every file of the corpus by its path in it, read.
fn read_all() -> BTreeMap<String, Result<Read, Error>> {
    let Some(root) = corpus() else { return BTreeMap::new() };
    let mut files = Vec::new();
    files_below(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            (name, formats::read(&bytes, Limits::default()))
        })
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
