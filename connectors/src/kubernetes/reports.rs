//! What other tools found and keep in the cluster: reports of the Trivy operator, manifests of Kubescape, policy reports.
//! Each is handed on as a document of its own. Refuses kinds of which no format makes anything but a number, such as
//! reports of configurations.

use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::resource::Resource;
use super::service::{Probe, Service, lists};
use crate::{Failure, Sink};

const TRIVY: &[&str] = &["apis/aquasecurity.github.io/v1alpha1"];
const KUBESCAPE: &[&str] = &["apis/spdx.softwarecomposition.kubescape.io/v1beta1"];
const POLICY: &[&str] = &["apis/wgpolicyk8s.io/v1beta1", "apis/wgpolicyk8s.io/v1alpha2"];
const OPEN_REPORTS: &[&str] = &["apis/openreports.io/v1alpha1"];

const VULNERABILITIES: Resource =
    Resource::of("vulnerabilityreports.aquasecurity.github.io: list", TRIVY, "vulnerabilityreports")
        .report("VulnerabilityReport", "vulnerability report");
const CLUSTER_VULNERABILITIES: Resource = Resource::of(
    "clustervulnerabilityreports.aquasecurity.github.io: list",
    TRIVY,
    "clustervulnerabilityreports",
)
.of_all()
.report("ClusterVulnerabilityReport", "vulnerability report");
const SECRETS: Resource =
    Resource::of("exposedsecretreports.aquasecurity.github.io: list", TRIVY, "exposedsecretreports")
        .report("ExposedSecretReport", "report of exposed secrets");
const BILLS: Resource = Resource::of("sbomreports.aquasecurity.github.io: list", TRIVY, "sbomreports")
    .report("SbomReport", "bill of materials");
const CLUSTER_BILLS: Resource =
    Resource::of("clustersbomreports.aquasecurity.github.io: list", TRIVY, "clustersbomreports")
        .of_all()
        .report("ClusterSbomReport", "bill of materials");
/// Plain lists come without content; whoever wants it says so on each page.
const MANIFESTS: Resource = Resource::of(
    "vulnerabilitymanifests.spdx.softwarecomposition.kubescape.io: list",
    KUBESCAPE,
    "vulnerabilitymanifests",
)
.report("VulnerabilityManifest", "vulnerability manifest")
.besides("&resourceVersion=fullSpec");
const POLICY_REPORTS: Resource = Resource::of("policyreports.wgpolicyk8s.io: list", POLICY, "policyreports")
    .report("PolicyReport", "policy report");
const CLUSTER_POLICY_REPORTS: Resource =
    Resource::of("clusterpolicyreports.wgpolicyk8s.io: list", POLICY, "clusterpolicyreports")
        .of_all()
        .report("ClusterPolicyReport", "policy report");
const REPORTS: Resource =
    Resource::of("reports.openreports.io: list", OPEN_REPORTS, "reports").report("Report", "report");
const CLUSTER_REPORTS: Resource =
    Resource::of("clusterreports.openreports.io: list", OPEN_REPORTS, "clusterreports")
        .of_all()
        .report("ClusterReport", "report");

/// In the order in which they are read. Kubescape's come last: a server of its own answers for them, whose silence
/// would end the reading.
const READ: [Resource; 10] = [
    VULNERABILITIES,
    CLUSTER_VULNERABILITIES,
    SECRETS,
    BILLS,
    CLUSTER_BILLS,
    POLICY_REPORTS,
    CLUSTER_POLICY_REPORTS,
    REPORTS,
    CLUSTER_REPORTS,
    MANIFESTS,
];

/// What other tools found.
pub(super) const SERVICE: Service = Service {
    name: "reports",
    places: (),
    permissions: &[
        Permission { action: VULNERABILITIES.action, why: "to have what the Trivy operator found in images" },
        Permission {
            action: CLUSTER_VULNERABILITIES.action,
            why: "to have what the Trivy operator found in the cluster's own programs",
        },
        Permission {
            action: SECRETS.action,
            why: "to know where images hold secrets; the operator hides what they are",
        },
        Permission { action: BILLS.action, why: "to know what is in images" },
        Permission {
            action: CLUSTER_BILLS.action,
            why: "to know what is in images that were scanned before",
        },
        Permission { action: MANIFESTS.action, why: "to have what Kubescape found in images" },
        Permission {
            action: POLICY_REPORTS.action,
            why: "to have vulnerabilities that are kept as policy reports",
        },
        Permission { action: CLUSTER_POLICY_REPORTS.action, why: "to have those that are about the cluster" },
        Permission { action: REPORTS.action, why: "to have vulnerabilities that are kept as OpenReports" },
        Permission { action: CLUSTER_REPORTS.action, why: "to have those that are about the cluster" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        lists!(VULNERABILITIES),
        lists!(CLUSTER_VULNERABILITIES),
        lists!(SECRETS),
        lists!(BILLS),
        lists!(CLUSTER_BILLS),
        lists!(MANIFESTS),
        lists!(POLICY_REPORTS),
        lists!(CLUSTER_POLICY_REPORTS),
        lists!(REPORTS),
        lists!(CLUSTER_REPORTS),
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    ask.hand_on(&READ, sink).await
}
