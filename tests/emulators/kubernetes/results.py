"""What scanners in a cluster leave there as objects: Trivy's operator, Kubescape, and policy reports of both groups.
Refuses to invent a vulnerability: ids are true ones, findings are not."""

import blocks
import kinds
from blocks import image, owned

# (id, package, installed, fixed, severity, score)
KNOWN = (
    ("CVE-2024-3094", "liblzma5", "5.6.0-0.2", "5.6.1+really5.4.5-1", "CRITICAL", 10.0),
    ("CVE-2023-44487", "libnghttp2-14", "1.52.0-1", "1.52.0-1+deb12u1", "HIGH", 7.5),
    ("CVE-2022-3715", "bash", "5.1-2", "", "HIGH", 7.8),
    ("CVE-2023-4911", "libc6", "2.36-9+deb12u1", "2.36-9+deb12u3", "HIGH", 7.8),
    ("CVE-2024-0553", "libgnutls30", "3.7.9-2", "3.7.9-2+deb12u2", "MEDIUM", 5.9),
    ("CVE-2011-3374", "apt", "2.6.1", "", "LOW", 3.7),
    ("CVE-2021-44228", "log4j-core", "2.14.1", "2.15.0", "CRITICAL", 10.0),
    ("CVE-2023-39325", "golang.org/x/net", "v0.15.0", "0.17.0", "HIGH", 7.5),
)
CHECKS = (
    ("KSV014", "Root file system is not read-only", "HIGH"),
    ("KSV003", "Default capabilities not dropped", "LOW"),
    ("KSV017", "Privileged", "HIGH"),
    ("KSV012", "Runs as root user", "MEDIUM"),
)
SCANNER = {"name": "Trivy", "vendor": "Aqua Security", "version": "0.67.2"}
LEVELS = ("critical", "high", "medium", "low")
AQUA, KUBESCAPE = f"{kinds.AQUA}/v1alpha1", f"{kinds.KUBESCAPE}/v1beta1"


def summary(severities, *more):
    return {**{f"{level}Count": sum(one == level.upper() for one in severities) for level in LEVELS}, **dict.fromkeys(more, 0)}


def report(kind, namespace, name, about, body, container=None, owner=None):
    """A report of Trivy's operator."""
    labels = {
        "resource-spec-hash": blocks.letters(name, 9),
        "trivy-operator.resource.kind": about[0],
        "trivy-operator.resource.name": about[1],
        "trivy-operator.resource.namespace": namespace or "",
    }
    if container:
        labels["trivy-operator.container.name"] = container
    annotations = {"trivy-operator.aquasecurity.github.io/report-ttl": "24h0m0s"}
    written = {"apiVersion": AQUA, "kind": kind, "metadata": blocks.metadata(namespace, name, labels, annotations, owner and {**owner, "blockOwnerDeletion": False}, generation=1)}
    written["report"] = {"scanner": SCANNER, "updateTimestamp": blocks.STARTED, **body}
    return written


def about(made, pinned=False):
    """Which image a report of the operator is about. What is asked for by tag goes by the digest of its configuration, as
    Trivy tells it; what is asked for by digest has no tag."""
    server, _, repository = made.name.partition("/")
    artifact = {"digest": made.digest, "repository": repository} if pinned else {"digest": made.configs["amd64"], "repository": repository, "tag": made.tag}
    return {"artifact": artifact, "registry": {"server": server}}


def vulnerabilities(made, count, pinned=False):
    """The body of a report of vulnerabilities in an image."""
    found = [KNOWN[number % len(KNOWN)] for number in range(count)]
    rows = [
        {
            "vulnerabilityID": identity if number < len(KNOWN) else f"CVE-2020-{10_000 + number}",
            "resource": package,
            "installedVersion": installed,
            "fixedVersion": fixed,
            "publishedDate": "2024-03-29T17:15:21Z",
            "lastModifiedDate": "2024-05-01T18:15:13Z",
            "severity": severity,
            "title": f"{package}: a flaw",
            "primaryLink": f"https://avd.aquasec.com/nvd/{identity.lower()}",
            "links": [],
            "score": score,
            "target": "",
            "class": "os-pkgs" if "." not in package else "lang-pkgs",
            "packageType": "debian",
            "packagePURL": f"pkg:deb/debian/{package}@{installed}",
        }
        for number, (identity, package, installed, fixed, severity, score) in enumerate(found)
    ]
    return {
        **about(made, pinned),
        "os": {"family": "debian", "name": "12.7"},
        "summary": summary([row["severity"] for row in rows], "unknownCount", "noneCount"),
        "vulnerabilities": rows,
    }


def bill(component, packages):
    """A bill of materials: of an image, or of a cluster."""
    listed = [
        {"bom-ref": f"pkg:deb/debian/{package}@{version}", "type": "library", "name": package, "version": version, "purl": f"pkg:deb/debian/{package}@{version}?arch=amd64"}
        for package, version in packages
    ]
    return {
        "summary": {"componentsCount": len(listed) + 1, "dependenciesCount": 1},
        "components": {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": "urn:uuid:5a3b9a3e-0d6c-4c8c-8a39-000000000003",
            "version": 1,
            "metadata": {
                "timestamp": blocks.STARTED,
                "tools": {"components": [{"type": "application", "group": "aquasecurity", "name": "trivy", "version": SCANNER["version"]}]},
                "component": component,
            },
            "components": listed,
            "dependencies": [{"ref": component["bom-ref"], "dependsOn": [one["bom-ref"] for one in listed]}],
        },
    }


def bill_of(made):
    """The bill of an image, which tells both its digests: in the report, and in the name of what it lists."""
    purl = f"pkg:oci/{made.name.rpartition('/')[2]}@{made.digest.replace(':', '%3A')}?arch=amd64&repository_url={made.name.replace('/', '%2F')}"
    component = {"bom-ref": purl, "type": "container", "name": f"{made.name}:{made.tag}", "purl": purl}
    return {**about(made), **bill(component, [(package, installed) for _, package, installed, *_ in KNOWN[:5]])}


def checks(name):
    rows = [
        {
            "category": "Kubernetes Security Check",
            "checkID": identity,
            "title": title,
            "description": title,
            "severity": severity,
            "success": number == 3,
            "messages": [f"Container 'main' of '{name}'"],
            "remediation": "Change it.",
            "scope": {"type": "Container", "value": "main"},
        }
        for number, (identity, title, severity) in enumerate(CHECKS)
    ]
    return {"summary": summary([row["severity"] for row in rows if not row["success"]]), "checks": rows}


def lay(site, count):
    """Reports of some of the workloads of the small estate, each `count` findings long."""
    name = f"web-{blocks.letters('shop/web/new', 10)}"
    owner = owned("apps/v1", "ReplicaSet", name, site.known("apps", "replicasets", f"shop/{name}"))
    web, api = image("shop/web", "2.4.0"), image("ledger/api", "5.0.1")
    site.lay(report("VulnerabilityReport", "shop", f"replicaset-{name}-web", ("ReplicaSet", name), vulnerabilities(web, count), "web", owner), "trivy-vulnerabilities")
    site.lay(report("VulnerabilityReport", "shop", "pod-bare-shell", ("Pod", "bare"), vulnerabilities(image("tools/shell", "1"), 0), "shell"), "trivy-no-vulnerabilities")
    pinned = vulnerabilities(api, 2, pinned=True)
    site.lay(report("VulnerabilityReport", "ledger", "pod-id-tag-and-digest-api", ("Pod", "id-tag-and-digest"), pinned, "api"), "trivy-by-digest")
    # Made before the digest was told.
    old = vulnerabilities(api, 3)
    del old["artifact"]["digest"], old["os"]
    site.lay(report("VulnerabilityReport", "ledger", "pod-id-pinned-api", ("Pod", "id-pinned"), old, "api"), "trivy-no-digest")
    site.lay(
        report("VulnerabilityReport", "shop", "replicaset-gone-5c6d7f8b9-web", ("ReplicaSet", "gone-5c6d7f8b9"), vulnerabilities(image("shop/web", "2.3.0"), 2), "web"),
        "trivy-of-what-is-gone",
    )
    secrets = [
        {
            "ruleID": "aws-secret-access-key",
            "category": "AWS",
            "severity": "CRITICAL",
            "title": "AWS Secret Access Key",
            "target": "/root/.aws/credentials",
            "match": 'aws_secret_access_key = "****************"',
        }
    ]
    secret = {key: value for key, value in vulnerabilities(web, 0).items() if key in ("artifact", "registry")}
    site.lay(
        report("ExposedSecretReport", "shop", f"replicaset-{name}-web", ("ReplicaSet", name), {**secret, "summary": summary(["CRITICAL"]), "secrets": secrets}, "web", owner),
        "trivy-secrets",
    )
    site.lay(report("SbomReport", "shop", f"replicaset-{name}-web", ("ReplicaSet", name), bill_of(web), "web", owner), "trivy-bill")
    itself(site)
    site.lay(report("ConfigAuditReport", "shop", f"replicaset-{name}", ("ReplicaSet", name), checks(name), owner=owner), "trivy-config")
    site.lay(report("RbacAssessmentReport", "kube-system", "role-leader", ("Role", "leader"), checks("leader")), "trivy-rbac")
    site.lay(report("ClusterConfigAuditReport", None, "clusterrole-admin", ("ClusterRole", "admin"), checks("admin")), "trivy-cluster-config")
    policy_reports(site)
    if not site.cluster.old:
        kubescape(site, web, name, count)


def itself(site):
    """Reports of the programs of the cluster, which are about no image."""
    version = site.cluster.about["gitVersion"].split("-")[0].lstrip("v")
    core = {"artifact": {"repository": "kubernetes", "tag": version}, "registry": {"server": "k8s.io"}}
    found = {key: value for key, value in vulnerabilities(image("kubernetes", version), 1).items() if key in ("summary", "vulnerabilities")}
    site.lay(report("ClusterVulnerabilityReport", None, "clustersbomreport-core", ("ClusterSbomReport", "core"), {**core, **found}), "trivy-cluster")
    component = {"bom-ref": "5a3b9a3e-0d6c-4c8c-8a39-000000000004", "type": "platform", "name": "k8s.io/kubernetes", "version": version}
    site.lay(report("ClusterSbomReport", None, "core", ("ClusterSbomReport", "core"), {**core, **bill(component, [])}), "trivy-cluster-bill")


def match(identity, package, installed, fixed, severity, score):
    """One vulnerability in one package, as grype tells it."""
    return {
        "vulnerability": {
            "id": identity,
            "dataSource": f"https://security-tracker.debian.org/tracker/{identity}",
            "namespace": "debian:distro:debian:12",
            "severity": severity.title(),
            "urls": [],
            "description": f"A flaw of {package}",
            "cvss": [{"version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "metrics": {"baseScore": score}}],
            "fix": {"versions": [fixed] if fixed else [], "state": "fixed" if fixed else "not-fixed"},
            "advisories": [],
        },
        "relatedVulnerabilities": None,
        "matchDetails": [{"type": "exact-direct-match", "matcher": "dpkg-matcher"}],
        "artifact": {
            "name": package,
            "version": installed,
            "type": "deb",
            "locations": [{"path": "/var/lib/dpkg/status"}],
            "language": "",
            "licenses": [],
            "cpes": [],
            "purl": f"pkg:deb/debian/{package}@{installed}",
            "upstreams": [],
        },
    }


def manifest(made, workload, count, filtered):
    """A manifest of vulnerabilities, as it is when it is asked for alone."""
    prefix = "kubescape.io/"
    name = f"{made.name.replace('/', '-').replace('.', '-')}-{made.tag.replace('.', '-')}-{made.digest[-6:]}"
    labels = {prefix + "context": "filtered" if filtered else "non-filtered", prefix + "image-id": made.digest[7:70], prefix + "image-name": made.name.rpartition("/")[2]}
    if filtered:
        name = f"replicaset-{workload}-web"
        labels.update(
            {
                prefix + "workload-api-group": "apps",
                prefix + "workload-api-version": "v1",
                prefix + "workload-kind": "ReplicaSet",
                prefix + "workload-name": workload,
                prefix + "workload-namespace": "shop",
                prefix + "workload-container-name": "web",
            }
        )
    annotations = {prefix + "image-id": f"{made.name}@{made.digest}", prefix + "image-tag": f"{made.name}:{made.tag}", prefix + "status": "ready"}
    matches = [match(*known) for known in KNOWN[: min(count, len(KNOWN)) // (2 if filtered else 1)]]
    spec = {
        "metadata": {
            "withRelevancy": filtered,
            "tool": {"name": "grype", "version": "v0.98.0", "databaseVersion": "2026-11-20T00:00:00Z"},
            "report": {"createdAt": blocks.STARTED},
        },
        "payload": {
            "matches": matches,
            "source": {"type": "image", "target": {"userInput": f"{made.name}:{made.tag}", "imageID": made.configs["amd64"], "manifestDigest": made.digest}},
            "distro": {"name": "debian", "version": "12", "idLike": []},
            "descriptor": {"name": "grype", "version": "v0.98.0"},
        },
    }
    return {"apiVersion": KUBESCAPE, "kind": "VulnerabilityManifest", "metadata": blocks.metadata("kubescape", name, labels, annotations), "spec": spec, "status": {}}


# What lists tell of a manifest's contents: members that must be there, with nothing in them.
NO_MANIFEST = {
    "spec": {
        "metadata": {"withRelevancy": False, "tool": {"name": "", "version": "", "databaseVersion": ""}, "report": {"createdAt": None}},
        "payload": {"matches": None, "source": None, "distro": {"name": "", "version": "", "idLike": None}, "descriptor": {"name": "", "version": ""}},
    }
}
NO_SCAN = {"spec": {"controls": None, "relatedObjects": None}}


def kubescape(site, made, workload, count):
    site.lay(manifest(made, workload, count, False), "kubescape-vulnerabilities", NO_MANIFEST)
    site.lay(manifest(made, workload, count, True), "kubescape-relevant", NO_MANIFEST)
    path = {"failedPath": "", "fixPath": "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", "fixPathValue": "true", "fixCommand": ""}
    controls = {
        identity: {
            "controlID": identity,
            "name": name,
            "severity": {"severity": severity, "scoreFactor": score},
            "status": {"status": status, "subStatus": "", "info": ""},
            "rules": [
                {
                    "name": rule,
                    "status": {"status": status, "subStatus": ""},
                    "controlConfigurations": None,
                    "paths": [path] if status == "failed" else None,
                    "appliedIgnoreRules": None,
                    "relatedResourcesIDs": None,
                }
            ],
        }
        for identity, name, severity, score, status, rule in (
            ("C-0017", "Immutable container filesystem", "Low", 3, "failed", "immutable-container-filesystem"),
            ("C-0057", "Privileged container", "High", 8, "passed", "rule-privilege-escalation"),
        )
    }
    prefix = "kubescape.io/"
    labels = {
        prefix + "workload-api-group": "apps",
        prefix + "workload-api-version": "v1",
        prefix + "workload-kind": "Deployment",
        prefix + "workload-name": "web",
        prefix + "workload-namespace": "shop",
    }
    site.lay(
        {
            "apiVersion": KUBESCAPE,
            "kind": "WorkloadConfigurationScan",
            "metadata": blocks.metadata("shop", "apps-v1-deployment-web", labels, {prefix + "wlid": "wlid://cluster-shop/namespace-shop/deployment-web"}),
            "spec": {"controls": controls, "relatedObjects": []},
        },
        "kubescape-config",
        NO_SCAN,
    )


def policy_reports(site):
    """Reports of both groups: one for an object in `scope`, and one for several in each result's `resources`."""
    count = {"pass": 1, "fail": 1, "warn": 0, "error": 0, "skip": 0}
    moment = {"seconds": 1795156812, "nanos": 0}
    resource = {"apiVersion": "v1", "kind": "Pod", "namespace": "ledger", "name": "id-containerd", "uid": site.known("", "pods", "ledger/id-containerd")}
    results = [
        {
            "source": "kyverno",
            "policy": "disallow-latest-tag",
            "rule": "require-tag",
            "category": "Best Practices",
            "severity": "medium",
            "result": "fail",
            "scored": True,
            "message": "An image tag is required.",
            "timestamp": moment,
        },
        {
            "source": "kyverno",
            "policy": "disallow-privileged",
            "rule": "privileged",
            "category": "Pod Security Standards (Baseline)",
            "severity": "high",
            "result": "pass",
            "scored": True,
            "message": "validation rule 'privileged' passed.",
            "timestamp": moment,
        },
    ]
    found = [
        {
            "source": "image-scanner",
            "policy": "CVE-2024-3094",
            "category": "vulnerability scan",
            "severity": "critical",
            "result": "fail",
            "message": "xz: malicious code in the tarballs",
            "properties": {"pkgName": "liblzma5", "installedVersion": "5.6.0-0.2", "fixedVersion": "5.6.1", "primaryURL": "https://avd.aquasec.com/nvd/cve-2024-3094"},
        }
    ]
    scope = {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web", "uid": site.known("apps", "deployments", "shop/web")}

    def one(api, kind, namespace, name, rows, **more):
        managed = {"app.kubernetes.io/managed-by": rows[0]["source"]}
        return {"apiVersion": api, "kind": kind, "metadata": blocks.metadata(namespace, name, managed, generation=1), **more, "results": rows, "summary": count}

    old = f"{kinds.POLICY}/v1alpha2"
    site.lay(one(old, "PolicyReport", "shop", "7b0f1e2d-0000-4000-8000-000000000001", results, scope=scope), "policy-report")
    site.lay(one(old, "PolicyReport", "ledger", "cpol-disallow-latest-tag", [{**row, "resources": [resource]} for row in results]), "policy-report-resources")
    site.lay(one(old, "ClusterPolicyReport", None, "cluster-namespaces", results, scope={"apiVersion": "v1", "kind": "Namespace", "name": "build"}), "cluster-policy-report")
    if not site.cluster.old:
        new = f"{kinds.OPENREPORTS}/v1alpha1"
        site.lay(one(new, "Report", "shop", "deployment-web-5f0c1", found, scope=scope), "open-report")
        site.lay(one(new, "ClusterReport", None, "cluster-nodes", results[:1], scope={"apiVersion": "v1", "kind": "Node", "name": "node-1"}), "cluster-open-report")
