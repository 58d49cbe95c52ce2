//! The graph as the objects that SPDX 2's JSON schema has, which the shared mapping reads. Refuses to follow
//! a relationship further than from a package to its licence and from the document to what it describes.

use std::collections::HashMap;

use super::wire::{Element, Hash};
use crate::error::clip;
use crate::json::Text;
use crate::spdx_json::wire::{Annotation, Checksum, Document, ExternalRef, Package};
use crate::warnings::Warnings;
use crate::{Parsed, spdx};

/// All that a document says.
pub(super) fn map(root: &Element<'_>) -> Parsed {
    let elements: Vec<&Element<'_>> = match &root.graph {
        Some(graph) => graph.iter().collect(),
        None => vec![root],
    };
    let mut warnings = Warnings::default();
    for element in elements.iter().filter(|element| element.kind().starts_with("security_")) {
        let message = "an element of the security profile was passed over: vulnerabilities and VEX are read \
                       from formats of their own";
        warnings.push(clip(element.id()), message);
    }
    let mut parsed = spdx::map(&Graph::new(elements).document());
    let mut told = warnings.into_vec();
    told.append(&mut parsed.warnings);
    parsed.warnings = told;
    parsed
}

/// The elements with what is looked up in them.
struct Graph<'b, 'a> {
    elements: Vec<&'b Element<'a>>,
    by_id: HashMap<&'b str, &'b Element<'a>>,
    /// Licences by package: those concluded, then those declared.
    concluded: HashMap<&'b str, &'b str>,
    declared: HashMap<&'b str, &'b str>,
    remarks: HashMap<&'b str, Vec<&'b str>>,
}

impl<'b, 'a> Graph<'b, 'a> {
    fn new(elements: Vec<&'b Element<'a>>) -> Self {
        let by_id: HashMap<&str, &Element<'_>> =
            elements.iter().map(|element| (element.id(), *element)).collect();
        let mut graph = Self {
            by_id,
            concluded: HashMap::new(),
            declared: HashMap::new(),
            remarks: HashMap::new(),
            elements,
        };
        for element in graph.elements.clone() {
            graph.note(element);
        }
        graph
    }

    /// Keeps what a relationship or annotation says of other elements.
    fn note(&mut self, element: &'b Element<'a>) {
        let licence = || element.to.0.iter().find_map(|id| self.licence(id));
        match &*element.relationship_type {
            "hasConcludedLicense" => {
                let licence = licence();
                self.concluded.extend(element.from.0.iter().filter_map(|id| Some((&**id, licence?))));
            }
            "hasDeclaredLicense" => {
                let licence = licence();
                self.declared.extend(element.from.0.iter().filter_map(|id| Some((&**id, licence?))));
            }
            _ => {}
        }
        if let Some(statement) = element.statement.filled() {
            for subject in &element.subject.0 {
                self.remarks.entry(subject).or_default().push(statement);
            }
        }
    }

    /// The expression of a licence, or the short name in its address on spdx.org.
    fn licence(&self, id: &'b str) -> Option<&'b str> {
        let stated = self.by_id.get(id).and_then(|element| element.licence.filled());
        stated.or_else(|| id.split_once("://spdx.org/licenses/").map(|(_, name)| name))
    }

    fn document(&self) -> Document<'b> {
        let of =
            |kind: &'static str| self.elements.iter().copied().filter(move |element| element.kind() == kind);
        let name = of("SpdxDocument").chain(of("software_Sbom")).find_map(|element| element.name.filled());
        let mut document = Document { name: name.map(text), ..Document::default() };
        for creation in of("CreationInfo") {
            document.creation_info.created = creation.created.filled().map(text);
            let makers = creation.created_using.0.iter().chain(&creation.created_by.0);
            for maker in makers.filter_map(|id| self.by_id.get(&**id)) {
                if matches!(maker.kind(), "Tool" | "SoftwareAgent") {
                    document.creation_info.creators.push(Text(format!("Tool: {}", maker.name).into()));
                }
            }
        }
        let roots = of("SpdxDocument").chain(of("software_Sbom")).flat_map(|element| &element.root_element.0);
        let described = of("Relationship").filter(|element| &*element.relationship_type == "describes");
        let described = described.flat_map(|element| &element.to.0);
        document.document_describes = roots.chain(described).map(|id| text(id)).collect();
        document.packages = of("software_Package").map(|element| self.package(element)).collect();
        document
    }

    fn package(&self, element: &'b Element<'a>) -> Package<'b> {
        let id = element.id();
        let identifiers = element.external_identifier.iter().map(|found| &*found.identifier);
        let purls = std::iter::once(&*element.purl).chain(identifiers).filter(|id| id.starts_with("pkg:"));
        let remarks = self.remarks.get(id).into_iter().flatten().copied();
        Package {
            id: Some(text(id)),
            name: element.name.filled().map(text),
            version_info: element.version.filled().map(text),
            license_concluded: self.concluded.get(id).copied().map(text),
            license_declared: self.declared.get(id).copied().map(text),
            source_info: element.source.filled().map(text),
            primary_package_purpose: element.purpose.filled().map(purpose),
            external_refs: purls
                .map(|purl| ExternalRef {
                    reference_type: Some(text("purl")),
                    reference_locator: Some(text(purl)),
                })
                .collect(),
            checksums: element.verified_using.iter().map(checksum).collect(),
            annotations: remarks.map(|remark| Annotation { comment: Some(text(remark)) }).collect(),
            attribution_texts: element.attributions.iter().map(|found| text(found)).collect(),
        }
    }
}

/// `sha256` as version 2 writes it.
fn checksum<'b>(hash: &'b Hash<'_>) -> Checksum<'b> {
    Checksum {
        algorithm: Some(Text(hash.algorithm.to_ascii_uppercase().into())),
        checksum_value: Some(text(&hash.hash_value)),
    }
}

/// `operatingSystem` as version 2 writes it.
fn purpose(word: &str) -> Text<'_> {
    let word = if word == "operatingSystem" { "operating-system" } else { word };
    Text(word.to_ascii_uppercase().into())
}

fn text(value: &str) -> Text<'_> {
    Text(value.into())
}
