//! Documents as real tools write them, small and made to measure. Refuses what a tool would not write,
//! but for what a test states: hostile names go through as they are.

use serde_json::{Value, json};

/// A Trivy report of one image.
#[derive(Debug, Clone)]
pub struct Trivy {
    reference: String,
    digest: Option<String>,
    created: String,
    findings: Vec<(String, String, String)>,
}

/// A digest that depends on a word only.
#[must_use]
pub fn digest(word: &str) -> String {
    let seed = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let part = |number: u64| seed.wrapping_mul(number * 2 + 1).rotate_left(17);
    format!("sha256:{:016x}{:016x}{:016x}{:016x}", part(1), part(2), part(3), part(4))
}

impl Trivy {
    /// A report of an image, whose digest follows from its name.
    #[must_use]
    pub fn of(reference: &str) -> Self {
        Self {
            reference: reference.to_owned(),
            digest: Some(digest(reference)),
            created: "2026-11-20T08:00:00Z".to_owned(),
            findings: Vec::new(),
        }
    }

    /// A report that names no image: a file system's.
    #[must_use]
    pub fn nameless() -> Self {
        Self { digest: None, ..Self::of("") }
    }

    /// When the scan was made.
    #[must_use]
    pub fn made_at(mut self, created: &str) -> Self {
        created.clone_into(&mut self.created);
        self
    }

    /// Adds a vulnerability in a package.
    #[must_use]
    pub fn with(mut self, vulnerability: &str, package: &str, severity: &str) -> Self {
        self.findings.push((vulnerability.to_owned(), package.to_owned(), severity.to_owned()));
        self
    }

    /// Adds vulnerabilities `CVE-2026-10000…`, one a package.
    #[must_use]
    pub fn with_many(mut self, count: usize) -> Self {
        for number in 0..count {
            let severity = ["CRITICAL", "HIGH", "MEDIUM", "LOW"][number % 4];
            self =
                self.with(&format!("CVE-2026-{}", 10_000 + number), &format!("package-{number}"), severity);
        }
        self
    }

    /// The report.
    #[must_use]
    pub fn json(&self) -> Value {
        let vulnerabilities: Vec<Value> =
            self.findings.iter().map(|finding| self.vulnerability(finding)).collect();
        let repository = self.reference.rsplit_once(':').map_or(self.reference.as_str(), |(name, _)| name);
        let mut metadata = json!({ "OS": { "Family": "debian", "Name": "12.9" } });
        if let Some(digest) = &self.digest {
            metadata["ImageID"] = json!(super::documents::digest(&format!("config {digest}")));
            metadata["RepoTags"] = json!([self.reference]);
            metadata["RepoDigests"] = json!([format!("{repository}@{digest}")]);
        }
        let image = self.digest.is_some();
        json!({
            "SchemaVersion": 2,
            "CreatedAt": self.created,
            "ArtifactName": if image { self.reference.as_str() } else { "." },
            "ArtifactType": if image { "container_image" } else { "filesystem" },
            "Metadata": metadata,
            "Results": [{
                "Target": format!("{} (debian 12.9)", self.reference),
                "Class": "os-pkgs",
                "Type": "debian",
                "Vulnerabilities": vulnerabilities,
            }],
        })
    }

    fn vulnerability(&self, (id, package, severity): &(String, String, String)) -> Value {
        json!({
            "VulnerabilityID": id,
            "PkgID": format!("{package}@1.0-1"),
            "PkgName": package,
            "InstalledVersion": "1.0-1",
            "FixedVersion": "1.0-2",
            "Status": "fixed",
            "SeveritySource": "debian",
            "Title": format!("A flaw in {package}"),
            "Severity": severity,
            "PublishedDate": "2026-10-01T00:00:00Z",
        })
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.json().to_string().into_bytes()
    }
}

/// What `kubectl get pods -o json` writes for one running pod of an image that [`Trivy::of`] speaks of.
#[must_use]
pub fn pods(name: &str, reference: &str) -> Value {
    let repository = reference.rsplit_once(':').map_or(reference, |(repository, _)| repository);
    json!({
        "apiVersion": "v1",
        "kind": "List",
        "items": [{
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": name, "namespace": "shop", "uid": "6f0c7b1e-1111-4222-8333-944455556666",
                "creationTimestamp": "2026-11-19T08:00:00Z",
            },
            "spec": {
                "nodeName": "node-1",
                "containers": [{ "name": "main", "image": reference }],
            },
            "status": {
                "phase": "Running",
                "containerStatuses": [{
                    "name": "main", "image": reference, "ready": true, "restartCount": 0,
                    "imageID": format!("{repository}@{}", digest(reference)),
                    "state": { "running": { "startedAt": "2026-11-19T08:00:05Z" } },
                }],
            },
        }],
    })
}

/// A tar archive of these files, as a program writes it that knows neither owners nor times.
#[must_use]
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (path, bytes) in files {
        let mut header = [0_u8; 512];
        let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
        put(0, path.as_bytes());
        put(124, format!("{:011o}", bytes.len()).as_bytes());
        put(148, &[b' '; 8]);
        put(156, b"0");
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(*bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
