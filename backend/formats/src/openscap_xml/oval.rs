//! Results of OVAL: definitions of patches and vulnerabilities with what came of them, and the packages whose tests held.
//! Refuses definitions of other classes.

use std::collections::HashMap;

use super::wire::{Outcome, Report, State, all};
use crate::xml::Element;

const EARLIER: &str = " is earlier than ";

/// The results in a document, if there are any.
pub(super) fn report(root: &Element) -> Option<Report<'_>> {
    let root = *all(root, "oval_results").last()?;
    let systems: Vec<&Element> =
        root.child("results")?.children().iter().filter(|child| child.name == "system").collect();
    let system = *systems.last()?;
    let definitions: HashMap<&str, &Element> = all(root.child("oval_definitions")?, "definition")
        .into_iter()
        .map(|definition| (definition.attribute("id"), definition))
        .collect();
    let told = all(system, "system_info");
    let generator = root.child("generator");
    let text = |name: &str| generator.map(|generator| generator.text_of(name)).unwrap_or_default();
    let results = system.list("definitions", "definition");
    Some(Report {
        version: text("product_version"),
        target: told.first().map(|info| info.text_of("primary_host_name")).unwrap_or_default(),
        at: text("timestamp"),
        outcomes: results.filter_map(|result| outcome(result, &definitions)).collect(),
        others: systems.len() - 1,
    })
}

fn outcome<'e>(result: &'e Element, definitions: &HashMap<&str, &'e Element>) -> Option<Outcome<'e>> {
    let id = result.attribute("definition_id");
    let definition = *definitions.get(id)?;
    if !matches!(definition.attribute("class"), "patch" | "vulnerability") {
        return None;
    }
    let metadata = definition.child("metadata")?;
    let references = metadata.children().iter().filter(|child| child.name == "reference");
    let cves = references.map(|reference| reference.attribute("ref_id")).filter(|id| id.starts_with("CVE-"));
    let advisory = metadata.child("advisory");
    Some(Outcome {
        id,
        title: metadata.text_of("title"),
        severity: advisory.map(|advisory| advisory.text_of("severity")).unwrap_or_default(),
        state: match result.attribute("result") {
            "true" => State::Failed,
            "error" | "unknown" => State::Undecided,
            _ => State::Passed,
        },
        cves: cves.collect(),
        packages: packages(result, definition),
    })
}

/// The packages that a definition compares, where the comparison held.
fn packages<'e>(result: &'e Element, definition: &'e Element) -> Vec<(&'e str, &'e str)> {
    let held: Vec<&str> = all(result, "criterion")
        .into_iter()
        .filter(|criterion| criterion.attribute("result") == "true")
        .map(|criterion| criterion.attribute("test_ref"))
        .collect();
    let compared = all(definition, "criterion").into_iter();
    let compared = compared.filter(|criterion| held.contains(&criterion.attribute("test_ref")));
    compared.filter_map(|criterion| criterion.attribute("comment").split_once(EARLIER)).collect()
}
