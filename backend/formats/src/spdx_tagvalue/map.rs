//! Fields of tag-value text as the objects that SPDX's JSON schema has, which the shared mapping reads.
//! Refuses files, snippets and licence texts: their fields are passed over.

use std::collections::HashMap;

use super::wire::{self, Field, place};
use crate::json::Text;
use crate::spdx_json::wire::{Annotation, Checksum, Document, ExternalRef, Package};
use crate::warnings::Warnings;
use crate::{Error, Parsed, spdx};

/// All that a text says.
///
/// # Errors
/// When the text ends inside a value.
pub(super) fn map(text: &str) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    if text.contains(char::REPLACEMENT_CHARACTER) {
        warnings.push("", "bytes that are not UTF-8 were replaced");
    }
    let mut reading = Reading::default();
    for field in wire::fields(text, &mut warnings)? {
        reading.take(&field, &mut warnings);
    }
    let mut parsed = spdx::map(&reading.finish());
    let mut told = warnings.into_vec();
    told.append(&mut parsed.warnings);
    parsed.warnings = told;
    Ok(parsed)
}

/// What was read so far.
#[derive(Default)]
struct Reading<'t> {
    document: Document<'t>,
    /// Whether the fields that follow belong to the last package.
    in_package: bool,
    /// What the annotation that is being read is about.
    annotated: Option<&'t str>,
    /// Annotations with the ids of what they are about.
    annotations: Vec<(&'t str, &'t str)>,
}

impl<'t> Reading<'t> {
    fn take(&mut self, field: &Field<'t>, warnings: &mut Warnings) {
        let value = field.value;
        match field.tag {
            "DocumentName" => self.document.name = Some(text(value)),
            "DocumentNamespace" => self.document.document_namespace = Some(text(value)),
            "DocumentComment" => self.document.comment = Some(text(value)),
            "Creator" => self.document.creation_info.creators.push(text(value)),
            "Created" => self.document.creation_info.created = Some(text(value)),
            "Relationship" => self.relate(field, warnings),
            "Annotator" => self.annotated = None,
            "SPDXREF" => self.annotated = Some(value),
            "AnnotationComment" => self.annotations.extend(self.annotated.map(|id| (id, value))),
            "PackageName" => {
                let package = Package { name: Some(text(value)), ..Package::default() };
                self.document.packages.push(package);
                self.in_package = true;
            }
            "FileName" | "SnippetSPDXID" | "LicenseID" => self.in_package = false,
            _ => {
                if let Some(package) = self.document.packages.last_mut().filter(|_| self.in_package) {
                    describe(package, field, warnings);
                }
            }
        }
    }

    /// `SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package`, the one relationship that is read.
    fn relate(&mut self, field: &Field<'t>, warnings: &mut Warnings) {
        let mut words = field.value.split_whitespace();
        let (Some(from), Some(kind), Some(to)) = (words.next(), words.next(), words.next()) else {
            warnings.push(place(field.line), "a relationship that lacks an end was passed over");
            return;
        };
        match kind {
            "DESCRIBES" => self.document.relationships.0.push(text(to)),
            "DESCRIBED_BY" => self.document.relationships.0.push(text(from)),
            _ => {}
        }
    }

    /// The document, with each annotation at its package.
    fn finish(mut self) -> Document<'t> {
        let mut about: HashMap<&str, Vec<&'t str>> = HashMap::new();
        for (id, comment) in self.annotations {
            about.entry(id).or_default().push(comment);
        }
        for package in &mut self.document.packages {
            let comments = package.id.as_deref().and_then(|id| about.remove(id)).unwrap_or_default();
            let annotation = |comment| Annotation { comment: Some(text(comment)) };
            package.annotations.extend(comments.into_iter().map(annotation));
        }
        self.document
    }
}

/// Adds a field to the package it belongs to.
fn describe<'t>(package: &mut Package<'t>, field: &Field<'t>, warnings: &mut Warnings) {
    let value = field.value;
    match field.tag {
        "SPDXID" => package.id = Some(text(value)),
        "PackageVersion" => package.version_info = Some(text(value)),
        "PackageLicenseConcluded" => package.license_concluded = Some(text(value)),
        "PackageLicenseDeclared" => package.license_declared = Some(text(value)),
        "PackageSourceInfo" => package.source_info = Some(text(value)),
        "PrimaryPackagePurpose" => package.primary_package_purpose = Some(text(value)),
        "PackageAttributionText" => package.attribution_texts.push(text(value)),
        "PackageChecksum" => package.checksums.extend(value.split_once(':').map(|(algorithm, sum)| {
            Checksum { algorithm: Some(text(algorithm.trim())), checksum_value: Some(text(sum.trim())) }
        })),
        "ExternalRef" => {
            let mut words = value.split_whitespace().skip(1);
            let (Some(kind), Some(locator)) = (words.next(), words.next()) else {
                warnings
                    .push(place(field.line), "a reference that lacks its kind or locator was passed over");
                return;
            };
            package.external_refs.push(ExternalRef {
                reference_type: Some(text(kind)),
                reference_locator: Some(text(locator)),
            });
        }
        _ => {}
    }
}

fn text(value: &str) -> Text<'_> {
    Text(value.into())
}
