//! A made-up report of Trivy's, and the least that a typed reader of it keeps. Refuses to look like any real report.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

/// Every field that the mapping keeps, owned.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    pub(crate) id: String,
    #[serde(rename = "PkgID")]
    pub(crate) package_id: String,
    pub(crate) pkg_name: String,
    pub(crate) pkg_identifier: Identifier,
    pub(crate) installed_version: String,
    pub(crate) fixed_version: String,
    pub(crate) status: String,
    #[serde(rename = "PrimaryURL")]
    pub(crate) primary_url: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) severity: String,
    #[serde(rename = "CweIDs")]
    pub(crate) weaknesses: Vec<String>,
    #[serde(rename = "CVSS")]
    pub(crate) cvss: BTreeMap<String, Cvss>,
    pub(crate) references: Vec<String>,
    pub(crate) published_date: String,
    pub(crate) last_modified_date: String,
}

#[derive(Deserialize)]
pub(crate) struct Identifier {
    #[serde(rename = "PURL")]
    pub(crate) purl: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Cvss {
    #[serde(rename = "V3Vector")]
    pub(crate) vector: String,
    #[serde(rename = "V3Score")]
    pub(crate) score: f64,
}

/// One finding, indented as Trivy indents.
pub(crate) fn finding(text: &mut String, vulnerability: usize, package: usize) {
    let sentence = "A made-up flaw lets a crafted input write past the end of a buffer, \
                    which may crash the program or run code with its rights. ";
    let written = write!(
        text,
        r#"
        {{
          "VulnerabilityID": "CVE-2025-{vulnerability:05}",
          "PkgID": "lib{package}@1:2.{package}-1",
          "PkgName": "lib{package}",
          "PkgIdentifier": {{
            "PURL": "pkg:deb/debian/lib{package}@2.{package}-1?arch=amd64\u0026distro=debian-12.9\u0026epoch=1",
            "UID": "{package:016x}"
          }},
          "InstalledVersion": "1:2.{package}-1",
          "FixedVersion": "1:2.{package}-1+deb12u1",
          "Status": "fixed",
          "Layer": {{ "DiffID": "sha256:{package:064x}" }},
          "SeveritySource": "debian",
          "PrimaryURL": "https://vuln.example.org/nvd/cve-2025-{vulnerability:05}",
          "DataSource": {{ "ID": "debian", "Name": "Debian Security Tracker", "URL": "https://security.example.org/tracker" }},
          "Title": "lib{package}: heap overflow number {vulnerability}",
          "Description": "{}\n\n{}",
          "Severity": "HIGH",
          "CweIDs": [ "CWE-787", "CWE-122" ],
          "VendorSeverity": {{ "debian": 3, "nvd": 4, "redhat": 2, "ubuntu": 2 }},
          "CVSS": {{
            "nvd": {{ "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8 }},
            "redhat": {{ "V3Vector": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 8.1 }}
          }},
          "References": ["#,
        sentence.repeat(4),
        sentence.repeat(3),
    );
    written.expect("writing to a string");
    for link in 0..11 {
        let comma = if link == 0 { "" } else { "," };
        write!(text, "{comma}\n            \"https://lists.example.org/advisories/{vulnerability}/{link}/message-of-the-list\"")
            .expect("writing to a string");
    }
    text.push_str(
        r#"
          ],
          "PublishedDate": "2025-11-01T13:15:07.9Z",
          "LastModifiedDate": "2025-12-21T06:56:31.04Z"
        }"#,
    );
}

/// Touches every field, so that none is optimised away.
pub(crate) fn weigh(found: &Vulnerability) -> usize {
    let texts = [
        &found.id,
        &found.package_id,
        &found.pkg_name,
        &found.pkg_identifier.purl,
        &found.installed_version,
        &found.fixed_version,
        &found.status,
        &found.primary_url,
        &found.title,
        &found.description,
        &found.severity,
        &found.published_date,
        &found.last_modified_date,
    ];
    let scores =
        found.cvss.values().filter(|cvss| cvss.score > 0.0).map(|cvss| cvss.vector.len()).sum::<usize>();
    texts.iter().map(|text| text.len()).sum::<usize>()
        + found.weaknesses.len()
        + found.references.len()
        + scores
}
