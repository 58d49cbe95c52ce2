//! A small estate and the documents that describe it.

use chrono::{DateTime, Duration, Utc};
use domain::document::Provenance;
use domain::id::WorkloadId;
use pipeline::{Pipeline, Settings};
use serde_json::{Value, json};
use store::Store;

/// The moment from which days are counted back.
fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A pipeline with default rules.
pub(crate) struct World {
    pipeline: Pipeline,
}

impl World {
    pub(crate) fn new(store: Store) -> Self {
        let settings = Settings {
            max_document_bytes: 1 << 20,
            stale_after_days: 7,
            silent_after_hours: 24,
            sanctioned_registries: Vec::new(),
            deadlines: policy::deadlines::DEFAULT.to_owned(),
            trust: policy::trust::Trust::default(),
            runtime: pipeline::Keep::default(),
        };
        Self { pipeline: Pipeline::new(store, settings).unwrap() }
    }

    /// Takes a document in, so many days ago, and counts what it changed. Its name is its cluster.
    pub(crate) async fn ingest(&self, name: &str, document: &Value, days_ago: i64) {
        self.take_in(name, document, days_ago).await;
        self.count().await;
    }

    /// Counts what vulnerabilities affect, as after the last of many documents.
    pub(crate) async fn count(&self) {
        assert_eq!(self.pipeline.drain(now()).await.unwrap(), 0);
    }

    /// Takes a document in as one of many.
    pub(crate) async fn take_in(&self, name: &str, document: &Value, days_ago: i64) {
        let at = now() - Duration::days(days_ago);
        let provenance = Provenance {
            name: name.to_owned(),
            source: "test".to_owned(),
            image: None,
            cluster: Some(name.to_owned()),
            as_of: at,
        };
        let outcome = self.pipeline.ingest(document.to_string().into_bytes(), &provenance, at).await.unwrap();
        assert_eq!(outcome.error(), None);
        assert_eq!(outcome.changes().unresolved, 0, "{name}");
    }

    pub(crate) async fn rejudge(&self, days_ago: i64) {
        self.pipeline.rejudge(now() - Duration::days(days_ago)).await.unwrap();
    }

    /// Works off what waits, so many days ago.
    pub(crate) async fn drain(&self, days_ago: i64) -> usize {
        self.pipeline.drain(now() - Duration::days(days_ago)).await.unwrap()
    }

    /// Judges everything unless it was within the last quarter of an hour; tells whether it did.
    pub(crate) async fn rejudge_each_quarter(&self, minutes: i64) -> bool {
        let period = std::time::Duration::from_secs(15 * 60);
        self.pipeline.rejudge_after(period, now() + Duration::minutes(minutes)).await.unwrap()
    }
}

/// The id of a workload of [`list`].
pub(crate) fn workload_id(cluster: &str, name: &str) -> WorkloadId {
    let parts = [cluster, "default", "Deployment", name].map(str::as_bytes);
    WorkloadId::derived(&parts)
}

/// The factor for use of a workload of the cluster `cluster`, and its reason.
pub(crate) async fn in_use(store: &Store, name: &str) -> (String, String) {
    let viewer = domain::scope::Viewer::everything();
    let workload =
        store::workloads::detail(store, &viewer, workload_id("cluster", name)).await.unwrap().unwrap();
    let explanation: Value = serde_json::from_str(&workload.explanation).unwrap();
    let factors = explanation["factors"].as_array().unwrap();
    let factor = factors.iter().find(|factor| factor["name"] == "in_use").unwrap();
    (factor["value"].as_str().unwrap().to_owned(), factor["reason"].as_str().unwrap().to_owned())
}

fn digest(name: &str) -> String {
    let mut hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    hex.push_str(&"0".repeat(64 - hex.len()));
    format!("sha256:{hex}")
}

/// The runtime's id of the container of a workload of [`list`].
pub(crate) fn container(name: &str) -> String {
    digest(name).replace("sha256:", "")
}

/// Pods with a team, each behind a service of a type, or behind none where that is empty.
pub(crate) fn list(workloads: &[(&str, &str)]) -> Value {
    let mut items = Vec::new();
    for (name, service) in workloads {
        items.push(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": format!("{name}-5d9c7b6f4-abcde"), "namespace": "default",
                "labels": { "app": name, "team": "shop", "pod-template-hash": "5d9c7b6f4" },
                "ownerReferences": [{
                    "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("{name}-5d9c7b6f4"),
                    "uid": "1", "controller": true,
                }],
            },
            "spec": { "containers": [{ "name": "main", "image": format!("registry.example/{name}:1") }] },
            "status": { "phase": "Running", "containerStatuses": [{
                "name": "main", "image": format!("registry.example/{name}:1"), "ready": true, "restartCount": 0,
                "imageID": format!("registry.example/{name}@{}", digest(name)),
                "containerID": format!("containerd://{}", container(name)),
                "state": { "running": { "startedAt": "2026-11-01T00:00:00Z" } },
            }]},
        }));
        if !service.is_empty() {
            items.push(json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": { "name": name, "namespace": "default" },
                "spec": { "type": service, "clusterIP": "10.0.0.9", "selector": { "app": name },
                          "ports": [{ "port": 443 }] },
                "status": { "loadBalancer": { "ingress": [{ "ip": "203.0.113.9" }] } },
            }));
        }
    }
    json!({ "apiVersion": "v1", "kind": "List", "items": items })
}

/// The pod of [`list`] with a balancer before it, once on each of some nodes.
pub(crate) fn on_nodes(name: &str, nodes: &[&str]) -> Value {
    let mut whole = list(&[(name, "LoadBalancer")]);
    let mut items = Vec::new();
    for item in whole["items"].as_array_mut().unwrap().drain(..) {
        if item["kind"] != "Pod" {
            items.push(item);
            continue;
        }
        for node in nodes {
            let mut pod = item.clone();
            pod["metadata"]["name"] = json!(format!("{name}-5d9c7b6f4-{node}"));
            pod["spec"]["nodeName"] = json!(node);
            items.push(pod);
        }
    }
    items.extend(nodes.iter().map(|node| {
        json!({
            "apiVersion": "v1", "kind": "Node", "metadata": { "name": node },
            "status": { "nodeInfo": { "kernelVersion": "6.1.0-28-amd64", "osImage": "Debian GNU/Linux 12" } },
        })
    }));
    json!({ "apiVersion": "v1", "kind": "List", "items": items })
}

/// A result of Sysdig on the image of a workload, so many days ago: one package with a vulnerability, which runs or does
/// not, and one without that runs.
pub(crate) fn profile(name: &str, id: &str, runs: bool, days_ago: i64) -> Value {
    json!({
        "info": { "scanTime": (now() - Duration::days(days_ago)).to_rfc3339() },
        "scanner": { "name": "sysdig-cli-scanner", "version": "1.20.0" },
        "result": {
            "metadata": {
                "pullString": format!("registry.example/{name}:1"), "digest": digest(name),
                "baseOs": "debian 12.8",
            },
            "packages": {
                "p1": {
                    "type": "javascript", "name": format!("package-{}", id.to_lowercase()), "version": "1.0",
                    "path": "/usr/lib/node_modules/package-cve/package.json",
                    "isRunning": runs, "isRemoved": false, "vulnerabilitiesRefs": ["v1"],
                },
                "p2": {
                    "type": "os", "name": "busy", "version": "1.0", "path": "/var/lib/dpkg/status",
                    "isRunning": true, "isRemoved": false, "vulnerabilitiesRefs": null,
                },
            },
            "vulnerabilities": { "v1": {
                "name": id, "severity": "critical", "cvssScore": {
                    "version": "3.1", "score": 9.8, "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                },
            } },
        },
    })
}

/// A report of twistcli on the image of a workload, so many days ago, whose one package is in use.
pub(crate) fn used(name: &str, id: &str, days_ago: i64) -> Value {
    let package = format!("package-{}", id.to_lowercase());
    json!({ "results": [{
        "name": format!("registry.example/{name}:1"), "digest": digest(name), "distro": "Debian GNU/Linux 12 (bookworm)",
        "distroRelease": "bookworm", "scanTime": (now() - Duration::days(days_ago)).to_rfc3339(),
        "packages": [{ "type": "nodejs", "name": package, "version": "1.0", "licenses": [] }],
        "vulnerabilityDistribution": { "critical": 1, "high": 0, "medium": 0, "low": 0, "total": 1 },
        "vulnerabilities": [{
            "id": id, "status": "open", "severity": "critical", "packageName": package, "packageVersion": "1.0",
            "riskFactors": ["Package in use"], "discoveredDate": "2026-11-01T00:00:00Z",
            "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        }],
    }] })
}

/// A Trivy report on the image of a workload, so many days ago.
pub(crate) fn report(name: &str, vulnerabilities: &[&str], days_ago: i64) -> Value {
    let found: Vec<Value> = vulnerabilities
        .iter()
        .map(|id| {
            json!({
                "VulnerabilityID": id, "PkgName": format!("package-{id}"), "InstalledVersion": "1.0",
                "FixedVersion": "1.1", "Status": "fixed", "Severity": "CRITICAL",
                "PkgIdentifier": { "PURL": format!("pkg:npm/package-{}@1.0", id.to_lowercase()) },
                "CVSS": { "nvd": { "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } },
            })
        })
        .collect();
    json!({
        "SchemaVersion": 2, "CreatedAt": (now() - Duration::days(days_ago)).to_rfc3339(),
        "ArtifactName": format!("registry.example/{name}:1"), "ArtifactType": "container_image",
        "Metadata": {
            "OS": { "Family": "debian", "Name": "12.8" },
            "RepoDigests": [format!("registry.example/{name}@{}", digest(name))],
        },
        "Results": [{ "Target": "app", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": found }],
    })
}

/// A KEV catalogue.
pub(crate) fn kev(ids: &[&str]) -> Value {
    let entries: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({
                "cveID": id, "vendorProject": "Vendor", "product": "Product", "vulnerabilityName": "Name",
                "dateAdded": "2026-11-01", "shortDescription": "", "requiredAction": "Update.",
                "dueDate": "2026-11-22", "knownRansomwareCampaignUse": "Unknown", "notes": "",
            })
        })
        .collect();
    json!({
        "title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2026.11.21",
        "dateReleased": "2026-11-21T00:00:00.000Z", "count": entries.len(), "vulnerabilities": entries,
    })
}

/// A statement that an image is not affected.
pub(crate) fn not_affected(name: &str, id: &str) -> Value {
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vex.example/1", "author": "Shop team",
        "timestamp": "2026-11-22T00:00:00Z", "version": 1,
        "statements": [{
            "vulnerability": { "name": id },
            "products": [{ "@id": format!("pkg:oci/{name}@{}?repository_url=registry.example/{name}", digest(name)) }],
            "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path",
        }],
    })
}

/// A list of Inspector on the image of a workload, so many days ago, with what it says of exploits.
pub(crate) fn inspector(name: &str, id: &str, epss: f64, exploit: &str, days_ago: i64) -> Value {
    let at = (now() - Duration::days(days_ago)).to_rfc3339();
    let image = json!({ "imageHash": digest(name), "repositoryName": name, "registry": "111122223333" });
    let package = json!({ "name": format!("package-{id}"), "version": "1.0", "packageManager": "NODEPKG" });
    json!({ "findings": [{
        "findingArn": "arn:aws:inspector2:eu-west-1:111122223333:finding/1", "awsAccountId": "111122223333",
        "type": "PACKAGE_VULNERABILITY", "severity": "CRITICAL", "status": "ACTIVE", "updatedAt": at,
        "exploitAvailable": exploit, "exploitabilityDetails": { "lastKnownExploitAt": "2026-01-30T00:00:00Z" },
        "epss": { "score": epss },
        "resources": [{ "type": "AWS_ECR_CONTAINER_IMAGE", "region": "eu-west-1", "id": "",
            "details": { "awsEcrContainerImage": image } }],
        "packageVulnerabilityDetails": { "vulnerabilityId": id, "vulnerablePackages": [package] },
    }] })
}
