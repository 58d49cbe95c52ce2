//! OpenVEX statements as ours. Refuses statements without a vulnerability or a known status; they are
//! told in warnings.

use chrono::{DateTime, Utc};
use domain::image::Image;
use domain::observation::Observation;
use domain::scan::Tool;
use domain::vex::{VexProduct, VexStatement, VexStatus};
use domain::vulnerability::VulnerabilityId;

use super::wire::{Document, Product, Statement, Vulnerability};
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::json::Text;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// All that a document says.
pub(super) fn map(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let author = filled(&document.author).unwrap_or("unstated");
    let author = bounded(author, "author", &mut warnings);
    let stated_at = moment(&document.last_updated, &document.timestamp);
    let mut observations = Vec::with_capacity(document.statements.len());
    for (index, statement) in document.statements.iter().enumerate() {
        let at = format!("statements[{index}]");
        if let Some(mut statement) = map_statement(statement, &at, &mut warnings) {
            statement.author.clone_from(&author);
            statement.stated_at = statement.stated_at.or(stated_at);
            observations.push(Observation::Vex(statement));
        }
    }
    let tool = filled(&document.tooling).and_then(|text| tool(text, &mut warnings));
    Parsed {
        tool,
        entries: 0,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn map_statement(wire: &Statement<'_>, at: &str, warnings: &mut Warnings) -> Option<VexStatement> {
    let Some((vulnerability, aliases)) = names(&wire.vulnerability) else {
        warnings.push(at, "a statement without a vulnerability id was left out");
        return None;
    };
    let word = filled(&wire.status).unwrap_or_default();
    let Some(status) = status(word) else {
        warnings.push(at, format!("a statement of the unknown status `{}` was left out", clip(word)));
        return None;
    };
    let shared: Vec<String> =
        wire.subcomponents.iter().filter_map(|part| identify(part, at, warnings)).collect();
    let mut products = Vec::with_capacity(wire.products.len());
    for product in &wire.products {
        products.extend(map_product(product, &shared, at, warnings));
    }
    if products.is_empty() {
        warnings.push(at, "a statement names no product and so says nothing of any image");
    }
    let prose_fields = [&wire.impact_statement, &wire.action_statement, &wire.status_notes, &wire.statement];
    Some(VexStatement {
        author: String::new(),
        stated_at: moment(&wire.last_updated, &wire.timestamp),
        vulnerability,
        aliases,
        products,
        status,
        justification: filled(&wire.justification).map(|text| bounded(text, at, warnings)),
        statement: prose_fields.into_iter().find_map(filled).map(prose),
    })
}

/// The vulnerability's name with its aliases; without a name the last segment of its address serves.
fn names(wire: &Vulnerability<'_>) -> Option<(VulnerabilityId, Vec<VulnerabilityId>)> {
    let named = filled(&wire.name).and_then(|name| name.parse().ok());
    let by_address = || filled(&wire.id)?.trim_end_matches('/').rsplit('/').next()?.parse().ok();
    let mut aliases: Vec<VulnerabilityId> =
        wire.aliases.iter().filter_map(|alias| alias.parse().ok()).collect();
    let id: VulnerabilityId = named.or_else(by_address).or_else(|| aliases.first().cloned())?;
    aliases.retain(|alias| *alias != id);
    Some((id, aliases))
}

fn status(word: &str) -> Option<VexStatus> {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    [NotAffected, Affected, Fixed, UnderInvestigation].into_iter().find(|status| status.as_str() == word)
}

fn map_product(
    wire: &Product<'_>,
    shared: &[String],
    at: &str,
    warnings: &mut Warnings,
) -> Option<VexProduct> {
    let id = identify(wire, at, warnings)?;
    let mut subcomponents: Vec<String> =
        wire.subcomponents.iter().filter_map(|part| identify(part, at, warnings)).collect();
    subcomponents.extend_from_slice(shared);
    let hashes = wire.hashes.iter().filter_map(|(algorithm, value)| match algorithm.as_str() {
        "sha-256" | "sha256" => Some(format!("sha256:{}", &**value)),
        "sha-512" | "sha512" => Some(format!("sha512:{}", &**value)),
        _ => None,
    });
    let mut builder = ImageBuilder::default();
    let purl = wire.identifiers.get("purl").and_then(|purl| purl.filled());
    for text in [Some(id.as_str()), purl].into_iter().flatten() {
        builder.purl(text);
    }
    for hash in hashes {
        builder.digest(domain::image::DigestRole::Repository, &hash);
    }
    let Image { digests, .. } = builder.build();
    let digests = digests.into_iter().map(|(_, digest)| digest.to_string()).collect();
    Some(VexProduct { id, digests, subcomponents })
}

/// The identifier as written: the id, or else a purl or CPE beside it.
fn identify(wire: &Product<'_>, at: &str, warnings: &mut Warnings) -> Option<String> {
    let other = |key: &str| wire.identifiers.get(key).and_then(|text| text.filled());
    let id = filled(&wire.id).or_else(|| other("purl")).or_else(|| other("cpe23")).or_else(|| other("cpe22"));
    if id.is_none() {
        warnings.push(at, "a product without an identifier was left out");
    }
    id.map(|id| bounded(id, at, warnings))
}

/// `vexctl v0.2.5` or an address ending in the tool's name.
fn tool(text: &str, warnings: &mut Warnings) -> Option<Tool> {
    let mut words = text.split_whitespace();
    let name = words.next()?.trim_end_matches('/').rsplit('/').next()?;
    let (name, version) = match name.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (name, words.next()),
    };
    let is_version = |version: &&str| version.contains(|letter: char| letter.is_ascii_digit());
    Some(Tool {
        name: bounded(name, "tooling", warnings).to_lowercase(),
        version: version.filter(is_version).map(|version| bounded(version, "tooling", warnings)),
    })
}

fn moment(updated: &Option<Text<'_>>, made: &Option<Text<'_>>) -> Option<DateTime<Utc>> {
    filled(updated).and_then(time::parse).or_else(|| filled(made).and_then(time::parse))
}

fn filled<'b>(text: &'b Option<Text<'_>>) -> Option<&'b str> {
    text.as_ref().and_then(|text| text.filled())
}
