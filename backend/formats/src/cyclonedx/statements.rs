//! An analysis as a VEX statement. Refuses states it does not know: they are told, not guessed.

use chrono::{DateTime, Utc};
use domain::purl::Purl;
use domain::vex::{VexProduct, VexStatement, VexStatus};

use super::components::{Catalogue, bom_link, filled};
use super::findings::Said;
use super::{findings, records};
use crate::cyclonedx_json::wire;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::warnings::Warnings;
use crate::{packages, purls, time, untrusted};

/// What all statements of a document share.
pub(super) struct Heading<'b, 'a> {
    /// What the document describes.
    pub(super) root: Option<&'b wire::Component<'a>>,
    /// The digests of that, where it is an image.
    pub(super) digests: Vec<String>,
    /// Who signs.
    pub(super) author: String,
    /// When the document was made.
    pub(super) made_at: Option<DateTime<Utc>>,
    /// Whether statements are all the document holds.
    pub(super) only_statements: bool,
}

/// The statements of a document: of every analysis in a document made of them, and in a scan only of
/// those that set a finding aside, because scanners call all others `in_triage` by default.
pub(super) fn statements<'b, 'a>(
    said: &[Said<'b, 'a>],
    catalogue: &Catalogue<'b, 'a>,
    heading: &Heading<'b, 'a>,
    warnings: &mut Warnings,
) -> Vec<VexStatement> {
    let mut statements = Vec::new();
    for (index, Said { vulnerability, holder }) in said.iter().enumerate() {
        let Some(analysis) = &vulnerability.analysis else { continue };
        let Some(state) = filled(analysis.state.as_ref()) else { continue };
        let at = format!("vulnerabilities[{index}].analysis");
        let Some(status) = status(state) else {
            warnings.skip(at, format!("the state `{}` is unknown and was left out", clip(state)));
            continue;
        };
        if !heading.only_statements && !findings::SET_ASIDE.contains(&state) {
            continue;
        }
        let Some(id) = records::id(vulnerability, &at, warnings) else { continue };
        let (aliases, _) = records::names(vulnerability, &id);
        let mut products: Vec<VexProduct> = Vec::new();
        let about = holder.or_else(|| findings::implied(vulnerability, catalogue, heading.root));
        products.extend(about.map(|component| product(heading, Some(component), &at)));
        for affected in &vulnerability.affects {
            let Some(reference) = filled(affected.reference.as_ref()) else { continue };
            let product = product(heading, catalogue.resolve(reference), reference);
            products.extend(versions(product, affected, &at, warnings));
        }
        let own_time = filled(analysis.last_updated.as_ref())
            .or_else(|| filled(analysis.first_issued.as_ref()))
            .or_else(|| filled(vulnerability.updated.as_ref()));
        statements.push(VexStatement {
            author: heading.author.clone(),
            stated_at: own_time.and_then(time::parse).or(heading.made_at),
            vulnerability: id,
            aliases,
            products,
            status,
            justification: filled(analysis.justification.as_ref()).map(clip),
            statement: filled(analysis.detail.as_ref()).map(untrusted::prose),
        });
    }
    statements
}

fn status(state: &str) -> Option<VexStatus> {
    Some(match state {
        "not_affected" | "false_positive" => VexStatus::NotAffected,
        "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
        "exploitable" => VexStatus::Affected,
        "in_triage" => VexStatus::UnderInvestigation,
        _ => return None,
    })
}

/// The product of a statement: what the document describes, narrowed to the component, or the component
/// itself where the document describes nothing else.
fn product(
    heading: &Heading<'_, '_>,
    component: Option<&wire::Component<'_>>,
    reference: &str,
) -> VexProduct {
    let inner = bom_link(reference).unwrap_or(reference);
    let unescaped = packages::unescape(inner).filter(|text| text.starts_with("pkg:"));
    let written = if inner.starts_with("pkg:") { inner } else { unescaped.as_deref().unwrap_or(reference) };
    let component_id = component.and_then(identifier).unwrap_or_else(|| clip_identifier(written));
    match (heading.root, component) {
        (Some(root), Some(component)) => {
            let is_root = std::ptr::eq(root, component);
            VexProduct {
                id: identifier(root).unwrap_or_else(|| component_id.clone()),
                digests: heading.digests.clone(),
                subcomponents: if is_root { Vec::new() } else { vec![component_id] },
            }
        }
        _ => VexProduct { digests: digests(&component_id), id: component_id, subcomponents: Vec::new() },
    }
}

/// The product at the exact versions stated, where its identifier names none. A statement of some
/// versions must not become one of all.
fn versions(
    product: VexProduct,
    affected: &wire::Affected<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Vec<VexProduct> {
    let innermost = product.subcomponents.last().unwrap_or(&product.id);
    let exact = innermost.parse::<Purl>().is_ok_and(|purl| purl.version().is_some());
    if exact || affected.versions.is_empty() {
        return vec![product];
    }
    let stated = affected.versions.iter().filter_map(|version| filled(version.version.as_ref()));
    let products: Vec<VexProduct> = stated
        .map(|version| {
            let mut product = product.clone();
            let innermost = product.subcomponents.last_mut().unwrap_or(&mut product.id);
            innermost.push('@');
            innermost.push_str(&clip(version));
            product
        })
        .collect();
    if products.len() < affected.versions.len() {
        warnings.push(at, "version ranges of a product are not read; only its exact versions are");
    }
    products
}

/// A component's purl as written, or the one of its parts.
fn identifier(component: &wire::Component<'_>) -> Option<String> {
    let stated = filled(component.purl.as_ref()).map(clip_identifier);
    stated.or_else(|| {
        let group = filled(component.group.as_ref());
        let version = filled(component.version.as_ref());
        let purl = purls::from_parts("generic", group, filled(component.name.as_ref())?, version)?;
        Some(purl.to_string())
    })
}

fn clip_identifier(text: &str) -> String {
    if text.len() > untrusted::LONGEST { clip(text) } else { text.to_owned() }
}

fn digests(id: &str) -> Vec<String> {
    let mut builder = ImageBuilder::default();
    builder.purl(id);
    builder.build().digests.into_iter().map(|(_, digest)| digest.to_string()).collect()
}
