//! Trivy, Grype and CycloneDX documents of the demo's images, in the shape the tools give them.
//! Refuses agreement: the second tool rates some findings differently and misses some.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::catalogue::{Ecosystem, Flaw, Package, flaw, package};
use super::estate::Scanning;
use super::{DemoDocument, DemoImage, RESCANNED, STALE_SCAN, digest, to_bytes};

/// The scans and the bill of materials of one image over time.
pub(super) fn documents(image: &DemoImage, now: DateTime<Utc>, seed: u64) -> Vec<DemoDocument> {
    let first = image.release.days_ago;
    let replaced = image.replaced;
    let repeated =
        || RESCANNED.into_iter().filter(move |days| (replaced..first).contains(days)).chain([first]);
    let mut documents = Vec::new();
    let mut add = |tool: &str, days: i64, value: &dyn Fn(DateTime<Utc>) -> Value| {
        let at = now - Duration::days(days) + Duration::minutes(20);
        let file = image.repository.rsplit('/').next().unwrap_or(image.repository);
        let name = format!("{file}-{}-{tool}-{}.json", image.release.tag, at.format("%Y-%m-%d"));
        documents.push(DemoDocument { name, at, cluster: None, bytes: to_bytes(&value(at)) });
    };
    if matches!(image.scanning, Scanning::Twice | Scanning::Trivy) {
        repeated().for_each(|days| add("trivy", days, &|at| trivy(image, at, seed)));
    }
    if matches!(image.scanning, Scanning::Twice | Scanning::Grype) {
        repeated().for_each(|days| add("grype", days, &|at| grype(image, at, seed)));
    }
    if image.scanning == Scanning::Twice {
        add("sbom", first, &|at| cyclonedx(image, at, seed));
    }
    if image.scanning == Scanning::Stale {
        add("trivy", STALE_SCAN.min(first), &|at| trivy(image, at, seed));
    }
    documents
}

fn packages(image: &DemoImage) -> impl Iterator<Item = &'static Package> {
    image.release.packages.iter().filter_map(|key| package(key))
}

fn flaws(package: &'static Package) -> impl Iterator<Item = (&'static Flaw, &'static str)> {
    package.flaws.iter().filter_map(|(id, fix)| flaw(id).map(|flaw| (flaw, *fix)))
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Family, version and the purl namespace of a base image.
fn distribution(base: &str) -> (&'static str, &'static str) {
    match base {
        "alpine" => ("alpine", "3.17.10"),
        "redhat" => ("redhat", "8.9"),
        _ => ("debian", "12.8"),
    }
}

fn is_distribution(package: &Package) -> bool {
    matches!(package.ecosystem, Ecosystem::Debian | Ecosystem::Alpine | Ecosystem::RedHat)
}

fn purl(package: &Package) -> String {
    let Package { name, version, .. } = package;
    let (epoch, version) = version.split_once(':').unwrap_or(("", version));
    let version = version.replace('+', "%2B");
    let epoch_suffix = if epoch.is_empty() { String::new() } else { format!("&epoch={epoch}") };
    match package.ecosystem {
        Ecosystem::Debian if epoch.is_empty() => {
            format!("pkg:deb/debian/{name}@{version}?arch=amd64&distro=debian-12.8")
        }
        Ecosystem::Debian => format!("pkg:deb/debian/{name}@{epoch}:{version}?arch=amd64&distro=debian-12.8"),
        Ecosystem::Alpine => format!("pkg:apk/alpine/{name}@{version}?arch=x86_64&distro=3.17.10"),
        Ecosystem::RedHat => {
            format!("pkg:rpm/redhat/{name}@{version}?arch=x86_64&distro=redhat-8.9{epoch_suffix}")
        }
        Ecosystem::Go => format!("pkg:golang/{name}@v{version}"),
        Ecosystem::Java => format!("pkg:maven/{}@{version}", name.replace(':', "/")),
        Ecosystem::Node => format!("pkg:npm/{name}@{version}"),
        Ecosystem::Python => format!("pkg:pypi/{}@{version}", name.to_lowercase()),
    }
}

fn path(package: &Package) -> String {
    match package.ecosystem {
        Ecosystem::Debian => "/var/lib/dpkg/status".to_owned(),
        Ecosystem::Alpine => "/lib/apk/db/installed".to_owned(),
        Ecosystem::RedHat => "/var/lib/rpm/Packages".to_owned(),
        Ecosystem::Go => "/usr/local/bin/app".to_owned(),
        Ecosystem::Java => format!("/app/lib/{}-{}.jar", package.source, package.version),
        Ecosystem::Node => format!("/app/node_modules/{}/package.json", package.name),
        Ecosystem::Python => format!("/usr/lib/python3/site-packages/{}/METADATA", package.source),
    }
}

fn trivy(image: &DemoImage, at: DateTime<Utc>, seed: u64) -> Value {
    let (family, version) = distribution(image.base);
    let (repository, tag) = (image.repository, image.release.tag);
    let result = |target: String, class: &str, kind: &str, wanted: &dyn Fn(&Package) -> bool| {
        let found: Vec<Value> = packages(image)
            .filter(|package| wanted(package))
            .flat_map(|package| flaws(package).map(move |(flaw, fix)| trivy_finding(package, flaw, fix)))
            .collect();
        let listed: Vec<Value> =
            packages(image).filter(|package| wanted(package)).map(trivy_package).collect();
        json!({ "Target": target, "Class": class, "Type": kind, "Packages": listed, "Vulnerabilities": found })
    };
    json!({
        "SchemaVersion": 2,
        "CreatedAt": stamp(at),
        "ArtifactName": format!("{repository}:{tag}"),
        "ArtifactType": "container_image",
        "Metadata": {
            "OS": { "Family": family, "Name": version },
            "ImageID": digest(seed, "config", repository, tag),
            "RepoTags": [format!("{repository}:{tag}")],
            "RepoDigests": [format!("{repository}@{}", digest(seed, "manifest", repository, tag))],
            "ImageConfig": { "architecture": "amd64", "os": "linux", "created": stamp(at - Duration::days(2)) }
        },
        "Results": [
            result(format!("{repository}:{tag} ({family} {version})"), "os-pkgs", family, &is_distribution),
            result("Application packages".to_owned(), "lang-pkgs", "mixed", &|package| !is_distribution(package)),
        ]
    })
}

fn trivy_package(package: &Package) -> Value {
    let mut listed = json!({
        "ID": format!("{}@{}", package.name, package.version),
        "Name": package.name,
        "Identifier": { "PURL": purl(package) },
        "Version": package.version,
    });
    if is_distribution(package) {
        listed["SrcName"] = json!(package.source);
        listed["SrcVersion"] = json!(package.version);
    }
    listed
}

fn trivy_finding(package: &Package, flaw: &Flaw, fix: &str) -> Value {
    let mut finding = json!({
        "VulnerabilityID": flaw.id,
        "PkgID": format!("{}@{}", package.name, package.version),
        "PkgName": package.name,
        "PkgPath": if is_distribution(package) { String::new() } else { path(package) },
        "PkgIdentifier": { "PURL": purl(package) },
        "InstalledVersion": package.version,
        "Status": if fix.is_empty() { "affected" } else { "fixed" },
        "SeveritySource": "nvd",
        "Title": flaw.title,
        "Severity": flaw.severity,
        "CVSS": { "nvd": { "V3Vector": flaw.vector } },
        "PublishedDate": format!("{}T00:00:00Z", flaw.published),
        "PrimaryURL": format!("https://avd.aquasec.com/nvd/{}", flaw.id.to_lowercase()),
    });
    if !fix.is_empty() {
        finding["FixedVersion"] = json!(fix);
    }
    finding
}

fn grype(image: &DemoImage, at: DateTime<Utc>, seed: u64) -> Value {
    let (family, version) = distribution(image.base);
    let (repository, tag) = (image.repository, image.release.tag);
    let matches: Vec<Value> = packages(image)
        .flat_map(|package| flaws(package).map(move |(flaw, fix)| (package, flaw, fix)))
        .filter(|(package, flaw, _)| !missed(package, flaw))
        .map(|(package, flaw, fix)| grype_match(package, flaw, fix))
        .collect();
    json!({
        "matches": matches,
        "source": { "type": "image", "target": {
            "userInput": format!("{repository}:{tag}"),
            "imageID": digest(seed, "config", repository, tag),
            "manifestDigest": digest(seed, "manifest", repository, tag),
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "tags": [format!("{repository}:{tag}")],
            "repoDigests": [format!("{repository}@{}", digest(seed, "manifest", repository, tag))],
            "os": "linux", "architecture": "amd64",
        }},
        "distro": { "name": family, "version": version, "idLike": [] },
        "descriptor": {
            "name": "grype", "version": "0.104.0", "timestamp": stamp(at),
            "db": { "status": { "built": stamp(at - Duration::hours(9)), "valid": true } }
        }
    })
}

/// The second tool does not match kernel headers and is behind on one package.
fn missed(package: &Package, flaw: &Flaw) -> bool {
    package.source == "linux" || (package.source == "krb5" && flaw.id == "CVE-2024-37371")
}

fn grype_match(package: &Package, flaw: &Flaw, fix: &str) -> Value {
    let advisory = !is_distribution(package) && !flaw.alias.is_empty();
    let severity = match (is_distribution(package), flaw.severity) {
        (true, "CRITICAL") => "High",
        (_, "CRITICAL") => "Critical",
        (_, "HIGH") => "High",
        (_, "MEDIUM") => "Medium",
        _ => "Low",
    };
    let related: Vec<Value> = if advisory {
        vec![json!({ "id": flaw.id, "namespace": "nvd:cpe", "severity": severity })]
    } else {
        Vec::new()
    };
    json!({
        "vulnerability": {
            "id": if advisory { flaw.alias } else { flaw.id },
            "namespace": if advisory { "github:language:any" } else { "distro" },
            "severity": severity,
            "description": flaw.title,
            "cvss": [{ "version": "3.1", "vector": flaw.vector }],
            "fix": {
                "versions": if fix.is_empty() { Vec::new() } else { vec![fix] },
                "state": if fix.is_empty() { "wont-fix" } else { "fixed" },
            },
        },
        "relatedVulnerabilities": related,
        "matchDetails": [{ "type": "exact-direct-match", "matcher": "stock-matcher" }],
        "artifact": {
            "name": package.name, "version": package.version, "purl": purl(package),
            "type": match package.ecosystem {
                Ecosystem::Debian => "deb", Ecosystem::Alpine => "apk", Ecosystem::RedHat => "rpm",
                Ecosystem::Go => "go-module", Ecosystem::Java => "java-archive",
                Ecosystem::Node => "npm", Ecosystem::Python => "python",
            },
            "locations": [{ "path": path(package) }],
            "upstreams": if package.source == package.name || !is_distribution(package) { json!([]) } else { json!([{ "name": package.source }]) },
        }
    })
}

fn cyclonedx(image: &DemoImage, at: DateTime<Utc>, seed: u64) -> Value {
    let (repository, tag) = (image.repository, image.release.tag);
    let components: Vec<Value> = packages(image)
        .map(|package| {
            json!({
                "type": "library", "bom-ref": purl(package), "name": package.name,
                "version": package.version, "purl": purl(package),
            })
        })
        .collect();
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {
            "timestamp": stamp(at),
            "tools": { "components": [{ "type": "application", "name": "syft", "version": "1.38.0" }] },
            "component": {
                "type": "container", "name": repository,
                "version": digest(seed, "manifest", repository, tag),
            }
        },
        "components": components,
    })
}
