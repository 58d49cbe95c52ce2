//! Results of XCCDF: rules with what came of them. Refuses rules that were not selected.

use std::collections::HashMap;

use super::wire::{Outcome, Report, State, all};
use crate::xml::Element;

const VERSION: &str = "urn:xccdf:fact:scanner:version";

/// The last result in a document, if there is one.
pub(super) fn report(root: &Element) -> Option<Report<'_>> {
    let results = all(root, "TestResult");
    let last = *results.last()?;
    let rules: HashMap<&str, &Element> =
        all(root, "Rule").into_iter().map(|rule| (rule.attribute("id"), rule)).collect();
    let times = [last.attribute("end-time"), last.attribute("start-time")];
    let outcomes = last.children().iter().filter(|child| child.name == "rule-result");
    Some(Report {
        version: version(last),
        target: last.text_of("target"),
        at: times.into_iter().find(|time| !time.is_empty()).unwrap_or_default(),
        outcomes: outcomes.map(|result| outcome(result, &rules)).collect(),
        others: results.len() - 1,
    })
}

/// The scanner's version among the facts; the end of its CPE where it is not.
fn version(result: &Element) -> &str {
    let mut facts = result.list("target-facts", "fact").filter(|fact| fact.attribute("name") == VERSION);
    match facts.next() {
        Some(fact) => fact.own_text(),
        None => {
            let cpe = result.attribute("test-system").strip_prefix("cpe:/a:redhat:openscap:");
            cpe.and_then(|rest| rest.split(':').next()).unwrap_or_default()
        }
    }
}

fn outcome<'e>(result: &'e Element, rules: &HashMap<&str, &'e Element>) -> Outcome<'e> {
    let id = result.attribute("idref");
    let rule = rules.get(id).copied();
    let own = cves(result);
    let stated =
        [result.attribute("severity"), rule.map(|rule| rule.attribute("severity")).unwrap_or_default()];
    Outcome {
        id,
        title: rule.map(|rule| rule.text_of("title")).unwrap_or_default(),
        severity: stated.into_iter().find(|word| !word.is_empty()).unwrap_or_default(),
        state: match result.text_of("result") {
            "fail" => State::Failed,
            "error" | "unknown" => State::Undecided,
            _ => State::Passed,
        },
        cves: if own.is_empty() { rule.map(cves).unwrap_or_default() } else { own },
        packages: Vec::new(),
    }
}

fn cves(element: &Element) -> Vec<&str> {
    let idents = element.children().iter().filter(|child| child.name == "ident").map(Element::own_text);
    idents.filter(|ident| ident.starts_with("CVE-")).collect()
}
