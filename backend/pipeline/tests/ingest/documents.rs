//! Small reports, built rather than stored: each test shows what it is about.

use serde_json::{Value, json};

/// A Trivy report in the making.
#[derive(Clone)]
pub(crate) struct Trivy {
    pub(crate) reference: &'static str,
    pub(crate) config: Option<char>,
    pub(crate) repository: Option<char>,
    pub(crate) tagged: bool,
    pub(crate) created_at: &'static str,
    pub(crate) made_at: &'static str,
    pub(crate) vulnerabilities: Vec<(String, String, &'static str)>,
    pub(crate) secrets: Vec<&'static str>,
}

/// A digest that repeats one digit.
pub(crate) fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

impl Trivy {
    /// A report of an image with a config digest and a repository digest.
    pub(crate) fn new(created_at: &'static str) -> Self {
        Self {
            reference: "ghcr.io/acme/api:1",
            config: Some('c'),
            repository: Some('d'),
            tagged: true,
            created_at,
            made_at: "",
            vulnerabilities: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// Adds a vulnerability of high severity.
    pub(crate) fn with(mut self, package: &str, id: &str) -> Self {
        self.vulnerabilities.push((package.to_owned(), id.to_owned(), "HIGH"));
        self
    }

    /// Adds a secret.
    pub(crate) fn with_secret(mut self, rule: &'static str) -> Self {
        self.secrets.push(rule);
        self
    }

    /// The report.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let vulnerabilities: Vec<Value> = self
            .vulnerabilities
            .iter()
            .map(|(package, id, severity)| {
                json!({
                    "VulnerabilityID": id, "PkgName": package, "InstalledVersion": "1.0",
                    "PkgIdentifier": {"PURL": format!("pkg:deb/debian/{package}@1.0?arch=amd64")},
                    "FixedVersion": "1.1", "Severity": severity, "Title": format!("{id} in {package}"),
                    "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
                })
            })
            .collect();
        let secrets: Vec<Value> = self
            .secrets
            .iter()
            .map(|rule| {
                json!({"RuleID": rule, "Category": "AWS", "Severity": "CRITICAL", "Title": "a key",
                       "StartLine": 1, "EndLine": 1, "Match": "***"})
            })
            .collect();
        let mut results = vec![json!({
            "Target": "api (debian 12)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": vulnerabilities,
        })];
        if !secrets.is_empty() {
            results.push(json!({"Target": "/app/.env", "Class": "secret", "Secrets": secrets}));
        }
        let mut metadata = json!({"OS": {"Family": "debian", "Name": "12"}});
        if let Some(config) = self.config {
            metadata["ImageID"] = json!(digest(config));
            metadata["ImageConfig"] =
                json!({"architecture": "amd64", "os": "linux", "created": self.made_at});
        }
        if self.tagged {
            metadata["RepoTags"] = json!([self.reference]);
        }
        if let Some(letter) = self.repository {
            let name = self.reference.rsplit_once(':').unwrap().0;
            metadata["RepoDigests"] = json!([format!("{name}@{}", digest(letter))]);
        }
        let document = json!({
            "SchemaVersion": 2, "CreatedAt": self.created_at, "ArtifactName": self.reference,
            "ArtifactType": "container_image", "Metadata": metadata, "Results": results,
        });
        serde_json::to_vec(&document).unwrap()
    }
}

/// A Grype report of the same image: package, id and related id.
pub(crate) fn grype(time: &str, matches: &[(&str, &str, Option<&str>)]) -> Vec<u8> {
    let matches: Vec<Value> = matches
        .iter()
        .map(|(package, id, related)| {
            let related: Vec<Value> = related
                .iter()
                .map(|id| json!({"id": id, "namespace": "nvd:cpe", "severity": "Critical", "cvss": [], "urls": []}))
                .collect();
            json!({
                "vulnerability": {"id": id, "namespace": "github:language:x", "severity": "Medium", "urls": [],
                                  "cvss": [], "fix": {"versions": [], "state": "unknown"}, "advisories": []},
                "relatedVulnerabilities": related,
                "matchDetails": [],
                "artifact": {"id": "1", "name": package, "version": "1.0", "type": "deb", "locations": [],
                             "language": "", "licenses": [], "cpes": [], "upstreams": [],
                             "purl": format!("pkg:deb/debian/{package}@1.0?arch=amd64&distro=debian-12")},
            })
        })
        .collect();
    let document = json!({
        "matches": matches,
        "source": {"type": "image", "target": {
            "userInput": "ghcr.io/acme/api:1", "imageID": digest('c'), "manifestDigest": digest('e'),
            "mediaType": "", "tags": ["ghcr.io/acme/api:1"], "imageSize": 1, "layers": [], "manifest": "e30=",
            "config": "e30=", "repoDigests": [format!("ghcr.io/acme/api@{}", digest('d'))],
            "architecture": "amd64", "os": "linux"}},
        "distro": {"name": "debian", "version": "12", "idLike": []},
        "descriptor": {"name": "grype", "version": "0.100.0", "timestamp": time, "configuration": {}, "db": {}},
    });
    serde_json::to_vec(&document).unwrap()
}

/// An OpenVEX document with one statement on one vulnerability of the image.
pub(crate) fn openvex(time: &str, id: &str, status: &str) -> Vec<u8> {
    let document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": format!("https://vex.example/{id}/{time}"),
        "author": "Acme", "timestamp": time, "version": 1,
        "statements": [{
            "vulnerability": {"name": id},
            "products": [{"@id": format!("pkg:oci/api@{}?repository_url=ghcr.io/acme/api",
                                         digest('d').replace(':', "%3A"))}],
            "status": status, "justification": "component_not_present",
        }],
    });
    serde_json::to_vec(&document).unwrap()
}

/// A pod that runs the image by its repository digest, and one that has not started.
pub(crate) fn pods() -> Vec<u8> {
    let pod = |name: &str, status: Value| {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
            "spec": {"nodeName": "node-1", "containers": [{"name": "main", "image": "ghcr.io/acme/api:1"}]},
            "status": status,
        })
    };
    let running = json!({"phase": "Running", "containerStatuses": [{
        "name": "main", "image": "ghcr.io/acme/api:1", "ready": true,
        "imageID": format!("ghcr.io/acme/api@{}", digest('d')),
        "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]});
    let document = json!({
        "apiVersion": "v1", "kind": "List",
        "items": [pod("api", running), pod("later", json!({"phase": "Pending"}))],
    });
    serde_json::to_vec(&document).unwrap()
}
