//! The element tree as the object model that JSON spells out, which the shared mapping reads.
//! Refuses to know what anything means.

use std::borrow::Cow;

use super::wire::Element;
use crate::Parsed;
use crate::cyclonedx;
use crate::cyclonedx_json::wire as model;
use crate::json::{Number, Text};

/// The document's observations.
pub(super) fn map(root: Element) -> Parsed {
    cyclonedx::map(&bom(root))
}

fn bom(mut root: Element) -> model::Bom<'static> {
    model::Bom {
        metadata: root.take("metadata").map(metadata).unwrap_or_default(),
        components: Some(components(&mut root)),
        vulnerabilities: Some(vulnerabilities(&mut root)),
    }
}

fn metadata(mut element: Element) -> model::Metadata<'static> {
    model::Metadata {
        timestamp: text(element.take_text("timestamp")),
        tools: model::Tools(element.take("tools").map(tools).unwrap_or_default()),
        component: element.take("component").map(component),
        authors: element.take_list("authors", "author").into_iter().map(named).collect(),
        supplier: element.take("supplier").map(named),
        manufacturer: element.take("manufacturer").map(named),
        manufacture: element.take("manufacture").map(named),
        properties: properties(&mut element),
    }
}

/// `tool` elements up to 1.4, `components` since 1.5.
fn tools(mut element: Element) -> Vec<model::Tool<'static>> {
    let newer = element.take_list("components", "component");
    let older = element.into_children().into_iter().filter(|child| child.name == "tool");
    newer
        .into_iter()
        .chain(older)
        .map(|mut tool| model::Tool {
            name: text(tool.take_text("name")),
            version: text(tool.take_text("version")),
        })
        .collect()
}

fn named(mut element: Element) -> model::Named<'static> {
    model::Named { name: text(element.take_text("name")) }
}

fn components(element: &mut Element) -> Vec<model::Component<'static>> {
    element.take_list("components", "component").into_iter().map(component).collect()
}

/// A vulnerability inside a component affects that component; its `ref` is often a random one.
fn component(mut element: Element) -> model::Component<'static> {
    let mut nested = vulnerabilities(&mut element);
    for vulnerability in &mut nested {
        vulnerability.affects.clear();
    }
    let occurrences =
        element.take("evidence").map(|mut evidence| evidence.take_list("occurrences", "occurrence"));
    model::Component {
        kind: text(element.take_attribute("type")),
        bom_ref: text(element.take_attribute("bom-ref")),
        group: text(element.take_text("group")),
        name: text(element.take_text("name")),
        version: text(element.take_text("version")),
        purl: text(element.take_text("purl")),
        licenses: licences(&mut element),
        properties: properties(&mut element),
        evidence: model::Evidence {
            occurrences: occurrences
                .into_iter()
                .flatten()
                .map(|mut found| model::Occurrence { location: text(found.take_text("location")) })
                .collect(),
        },
        components: components(&mut element),
        vulnerabilities: nested,
    }
}

fn licences(element: &mut Element) -> Vec<model::LicenceChoice<'static>> {
    let choices = element.take("licenses").map(Element::into_children).unwrap_or_default();
    choices
        .into_iter()
        .map(|mut choice| {
            if choice.name == "expression" {
                return model::LicenceChoice { expression: text(choice.into_text()), ..Default::default() };
            }
            let license =
                model::Licence { id: text(choice.take_text("id")), name: text(choice.take_text("name")) };
            model::LicenceChoice { license, expression: None }
        })
        .collect()
}

fn properties(element: &mut Element) -> Vec<model::Property<'static>> {
    element
        .take_list("properties", "property")
        .into_iter()
        .map(|mut property| model::Property {
            name: text(property.take_attribute("name")),
            value: text(property.into_text()),
        })
        .collect()
}

fn vulnerabilities(element: &mut Element) -> Vec<model::Vulnerability<'static>> {
    element.take_list("vulnerabilities", "vulnerability").into_iter().map(vulnerability).collect()
}

/// Since 1.4 as the specification has it; before, as the extension has it: the reference is an attribute,
/// recommendations are a list, and an advisory is its own link.
fn vulnerability(mut element: Element) -> model::Vulnerability<'static> {
    let recommendation = element.take_text("recommendation").or_else(|| {
        let list = element.take_list("recommendations", "recommendation");
        let texts: Vec<String> = list.into_iter().filter_map(Element::into_text).collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    });
    let mut affects: Vec<model::Affected<'static>> =
        element.take_list("affects", "target").into_iter().map(affected).collect();
    let reference = text(element.take_attribute("ref"));
    if affects.is_empty() && reference.is_some() {
        affects.push(model::Affected { reference, versions: Vec::new() });
    }
    model::Vulnerability {
        bom_ref: text(element.take_attribute("bom-ref")),
        id: text(element.take_text("id")),
        source: source(&mut element),
        references: element.take_list("references", "reference").into_iter().map(reference_to).collect(),
        ratings: element.take_list("ratings", "rating").into_iter().map(rating).collect(),
        cwes: texts(&mut element, "cwes", "cwe"),
        description: text(element.take_text("description")),
        detail: text(element.take_text("detail")),
        recommendation: text(recommendation),
        advisories: element
            .take_list("advisories", "advisory")
            .into_iter()
            .map(|mut advisory| model::Advisory {
                url: text(advisory.take_text("url").or_else(|| advisory.into_text())),
            })
            .collect(),
        published: text(element.take_text("published")),
        updated: text(element.take_text("updated")),
        analysis: element.take("analysis").map(analysis),
        affects,
        properties: properties(&mut element),
    }
}

fn affected(mut element: Element) -> model::Affected<'static> {
    model::Affected {
        reference: text(element.take_text("ref")),
        versions: element
            .take_list("versions", "version")
            .into_iter()
            .map(|mut version| model::AffectedVersion {
                version: text(version.take_text("version")),
                status: text(version.take_text("status")),
            })
            .collect(),
    }
}

fn source(element: &mut Element) -> model::Source<'static> {
    let Some(mut source) = element.take("source") else { return model::Source::default() };
    let name = source.take_attribute("name").or_else(|| source.take_text("name"));
    model::Source { name: text(name), url: text(source.take_text("url")) }
}

fn reference_to(mut element: Element) -> model::Reference<'static> {
    model::Reference { id: text(element.take_text("id")), source: source(&mut element) }
}

fn rating(mut element: Element) -> model::Rating<'static> {
    let score =
        element.take("score").and_then(|mut score| score.take_text("base").or_else(|| score.into_text()));
    model::Rating {
        source: source(&mut element),
        score: score.map(|score| Number(score.parse().ok())),
        severity: text(element.take_text("severity")),
        method: text(element.take_text("method")),
        vector: text(element.take_text("vector")),
    }
}

fn analysis(mut element: Element) -> model::Analysis<'static> {
    model::Analysis {
        state: text(element.take_text("state")),
        justification: text(element.take_text("justification")),
        response: texts(&mut element, "responses", "response"),
        detail: text(element.take_text("detail")),
        first_issued: text(element.take_text("firstIssued")),
        last_updated: text(element.take_text("lastUpdated")),
    }
}

fn texts(element: &mut Element, list: &str, name: &str) -> Vec<Text<'static>> {
    let elements = element.take_list(list, name);
    elements.into_iter().filter_map(Element::into_text).map(|text| Text(Cow::Owned(text))).collect()
}

fn text(text: Option<String>) -> Option<Text<'static>> {
    text.map(|text| Text(Cow::Owned(text)))
}
