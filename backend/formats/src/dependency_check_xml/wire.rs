//! Dependency-Check's elements under one set of names, old and new. Refuses to interpret; every text may be empty.

use super::KIND;
use crate::Error;
use crate::xml::{self, Element};

/// Elements that are skipped with all they hold.
const SKIPPED: [&str; 4] = ["evidenceCollected", "includedBy", "projectReferences", "vulnerableSoftware"];

/// A report.
#[derive(Debug)]
pub(super) struct Report<'e> {
    pub engine: &'e str,
    pub project: &'e str,
    pub made_at: &'e str,
    pub dependencies: Vec<Dependency<'e>>,
}

/// A file.
#[derive(Debug)]
pub(super) struct Dependency<'e> {
    /// Its name, behind the archives that it is in: `shop.ear: left.jar`.
    pub file_name: &'e str,
    pub paths: Vec<&'e str>,
    /// Purls of the packages that it was taken for.
    pub purls: Vec<&'e str>,
    /// `group:artifact:version`, as reports before schema 2 have it.
    pub maven: &'e str,
    pub vulnerabilities: Vec<Vulnerability<'e>>,
}

#[derive(Debug)]
pub(super) struct Vulnerability<'e> {
    pub suppressed: bool,
    /// Who says so: `NVD`, `OSSINDEX`, `NPM`.
    pub source: &'e str,
    pub name: &'e str,
    pub severity: &'e str,
    pub description: &'e str,
    pub notes: &'e str,
    pub weaknesses: Vec<&'e str>,
    pub references: Vec<&'e str>,
    /// Vectors with the scores beside them.
    pub scores: Vec<(String, &'e str)>,
}

/// Reads a document into its outermost element.
///
/// # Errors
/// Those of [`xml::read`].
pub(super) fn read(document: &[u8]) -> Result<Element, Error> {
    xml::read(document, KIND, &SKIPPED)
}

/// What the outermost element holds.
pub(super) fn report(root: &Element) -> Report<'_> {
    let text =
        |section: &str, name: &str| root.child(section).map(|child| child.text_of(name)).unwrap_or_default();
    Report {
        engine: text("scanInfo", "engineVersion"),
        project: text("projectInfo", "name"),
        made_at: text("projectInfo", "reportDate"),
        dependencies: root.list("dependencies", "dependency").map(dependency).collect(),
    }
}

fn dependency(element: &Element) -> Dependency<'_> {
    let related = element.list("relatedDependencies", "relatedDependency");
    let paths = std::iter::once(element).chain(related).map(|file| file.text_of("filePath"));
    let mut found = Dependency {
        file_name: element.text_of("fileName"),
        paths: paths.filter(|path| !path.is_empty()).collect(),
        purls: Vec::new(),
        maven: "",
        vulnerabilities: Vec::new(),
    };
    if let Some(identifiers) = element.child("identifiers") {
        identify(identifiers, &mut found);
    }
    if let Some(vulnerabilities) = element.child("vulnerabilities") {
        found.vulnerabilities = vulnerabilities.children().iter().filter_map(vulnerability).collect();
    }
    found
}

/// Reads identifiers, which some reports nest once more.
fn identify<'e>(element: &'e Element, found: &mut Dependency<'e>) {
    for child in element.children() {
        match child.name.as_str() {
            "package" => found.purls.push(child.text_of("id")),
            "identifier" if child.attribute("type") == "maven" && found.maven.is_empty() => {
                found.maven = child.text_of("name");
            }
            "identifiers" => identify(child, found),
            _ => {}
        }
    }
}

fn vulnerability(element: &Element) -> Option<Vulnerability<'_>> {
    let suppressed = match element.name.as_str() {
        "vulnerability" => false,
        "suppressedVulnerability" => true,
        _ => return None,
    };
    let rated = |version: &str, name: &str| {
        element.child(version).map(|child| child.text_of(name)).unwrap_or_default()
    };
    let words = [element.text_of("severity"), rated("cvssV3", "baseSeverity"), rated("cvssV2", "severity")];
    let listed = element.list("cwes", "cwe").map(Element::own_text);
    let weaknesses = listed.chain([element.text_of("cwe")]).filter_map(|text| text.split_whitespace().next());
    Some(Vulnerability {
        suppressed,
        source: element.attribute("source"),
        name: element.text_of("name"),
        severity: words.into_iter().find(|word| !word.is_empty()).unwrap_or_default(),
        description: element.text_of("description"),
        notes: element.text_of("notes"),
        weaknesses: weaknesses.filter(|text| text.starts_with("CWE-")).collect(),
        references: element.list("references", "reference").map(|link| link.text_of("url")).collect(),
        scores: [third(element), second(element)].into_iter().flatten().collect(),
    })
}

/// The vector of version 3, where its minor version is told.
fn third(element: &Element) -> Option<(String, &str)> {
    let stated = element.child("cvssV3")?;
    let version = stated.text_of("version");
    if !matches!(version, "3.0" | "3.1") {
        return None;
    }
    let metrics = metrics(
        stated,
        &[
            ("AV", "attackVector"),
            ("AC", "attackComplexity"),
            ("PR", "privilegesRequired"),
            ("UI", "userInteraction"),
            ("S", "scope"),
            ("C", "confidentialityImpact"),
            ("I", "integrityImpact"),
            ("A", "availabilityImpact"),
        ],
    )?;
    Some((format!("CVSS:{version}/{metrics}"), stated.text_of("baseScore")))
}

/// The vector of version 2; one of its elements is misspelt in every schema.
fn second(element: &Element) -> Option<(String, &str)> {
    let stated = element.child("cvssV2")?;
    let metrics = metrics(
        stated,
        &[
            ("AV", "accessVector"),
            ("AC", "accessComplexity"),
            ("Au", "authenticationr"),
            ("C", "confidentialImpact"),
            ("I", "integrityImpact"),
            ("A", "availabilityImpact"),
        ],
    )?;
    Some((metrics, stated.text_of("score")))
}

/// Metrics by the first letters of their values, which CVSS abbreviates them to.
fn metrics(stated: &Element, names: &[(&str, &str)]) -> Option<String> {
    let parts: Option<Vec<String>> = names
        .iter()
        .map(|(short, name)| Some(format!("{short}:{}", stated.text_of(name).chars().next()?)))
        .collect();
    Some(parts?.join("/"))
}
