//! The status of products as VEX statements: one for each vulnerability, status, justification and reason.
//! Refuses vulnerabilities without an id and statuses that VEX does not have; they are told in warnings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::observation::Observation;
use domain::scan::Tool;
use domain::severity::Severity;
use domain::vex::{VexStatement, VexStatus};
use domain::vulnerability::VulnerabilityId;

use super::products::{Products, written};
use super::wire::{Csaf, Named, Said, Vulnerability};
use crate::error::clip;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// All that some documents say.
pub(super) fn map(documents: &[Csaf<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut observations = Vec::new();
    for (number, csaf) in documents.iter().enumerate() {
        let place = if documents.len() == 1 { String::new() } else { format!("[{number}].") };
        let statements = statements(csaf, &place, &mut warnings);
        observations.extend(statements.into_iter().map(Observation::Vex));
    }
    let engine = documents.first().map(|csaf| &csaf.document.tracking.generator.engine);
    let tool = engine.and_then(|engine| tool(engine, &mut warnings));
    Parsed {
        tool,
        entries: 0,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn tool(engine: &Named<'_>, warnings: &mut Warnings) -> Option<Tool> {
    let at = "document.tracking.generator.engine";
    let name = bounded(engine.name.filled()?, at, warnings).to_lowercase();
    let version = engine.version.filled().map(|version| bounded(version, at, warnings));
    Some(Tool { name, version })
}

/// Who says it, and when.
struct Signature {
    author: String,
    stated_at: Option<DateTime<Utc>>,
}

fn statements(csaf: &Csaf<'_>, place: &str, warnings: &mut Warnings) -> Vec<VexStatement> {
    let heading = &csaf.document;
    if !heading.category.eq_ignore_ascii_case("csaf_vex") {
        let message = format!(
            "a document of the category `{}` is not of the VEX profile: only the status of its products is read",
            clip(&heading.category)
        );
        warnings.push(format!("{place}document.category"), message);
    }
    let tracking = &heading.tracking;
    if &*tracking.status == "draft" {
        warnings.push(format!("{place}document.tracking.status"), "the document is a draft");
    }
    let at = format!("{place}document.publisher.name");
    let stated_at = time::parse(&tracking.current_release_date);
    let signature = Signature {
        author: bounded(heading.publisher.name.filled().unwrap_or("unstated"), &at, warnings),
        stated_at: stated_at.or_else(|| time::parse(&tracking.initial_release_date)),
    };
    let products = Products::of(&csaf.product_tree);
    let mut all = Vec::new();
    for (index, vulnerability) in csaf.vulnerabilities.iter().enumerate() {
        let at = format!("{place}vulnerabilities[{index}]");
        all.extend(of_vulnerability(vulnerability, &products, &signature, &at, warnings));
    }
    all
}

fn of_vulnerability<'b>(
    wire: &'b Vulnerability<'b>,
    products: &Products<'b>,
    signature: &Signature,
    at: &str,
    warnings: &mut Warnings,
) -> Vec<VexStatement> {
    let mut statements: Vec<VexStatement> = Vec::new();
    let Some((id, aliases)) = names(wire) else {
        warnings.push(at, "a vulnerability without an id was left out");
        return statements;
    };
    let reasons = Reasons::of(wire, products);
    let mut known: HashMap<(VexStatus, Option<&str>, Option<&str>), usize> = HashMap::new();
    for (word, listed) in &wire.product_status {
        let Some(status) = status(word) else {
            warnings.push(at, format!("VEX has no status `{}`: its products were left out", clip(word)));
            continue;
        };
        for product in listed {
            let (justification, reason) = reasons.of_product(status, product);
            let index = *known.entry((status, justification, reason)).or_insert_with(|| {
                statements.push(VexStatement {
                    author: signature.author.clone(),
                    stated_at: signature.stated_at,
                    vulnerability: id.clone(),
                    aliases: aliases.clone(),
                    products: Vec::new(),
                    status,
                    justification: justification.map(clip),
                    statement: reason.map(prose),
                });
                statements.len() - 1
            });
            let product = products.resolve(product).unwrap_or_else(|| {
                warnings
                    .push(at, "a product that the tree of products does not have is known by its id alone");
                written(product)
            });
            if let Some(statement) = statements.get_mut(index) {
                statement.products.push(product);
            }
        }
    }
    if statements.is_empty() {
        warnings.push(at, "a vulnerability without the status of a product says nothing of any image");
    }
    statements
}

/// The CVE, or else the id that says most of those in other systems; a GHSA id is another name of it.
fn names(wire: &Vulnerability<'_>) -> Option<(VulnerabilityId, Vec<VulnerabilityId>)> {
    let mut others: Vec<VulnerabilityId> = wire.ids.iter().filter_map(|id| id.text.parse().ok()).collect();
    let first = others.iter().min_by_key(|id| id.precedence().0).cloned();
    let id = wire.cve.parse().ok().or(first)?;
    others.retain(|other| *other != id && other.as_str().starts_with("GHSA-"));
    Some((id, others))
}

fn status(word: &str) -> Option<VexStatus> {
    Some(match word {
        "known_not_affected" => VexStatus::NotAffected,
        "known_affected" | "first_affected" | "last_affected" => VexStatus::Affected,
        "fixed" | "first_fixed" => VexStatus::Fixed,
        "under_investigation" => VexStatus::UnderInvestigation,
        _ => return None,
    })
}

/// Why a status holds, by product.
struct Reasons<'b> {
    justifications: HashMap<&'b str, &'b str>,
    impacts: HashMap<&'b str, &'b str>,
    actions: HashMap<&'b str, &'b str>,
}

impl<'b> Reasons<'b> {
    /// An impact that is a bare word of severity is no reason, and Red Hat writes one for every product.
    fn of(wire: &'b Vulnerability<'b>, products: &Products<'b>) -> Self {
        let impact = |said: &'b Said<'b>| {
            let details = said.details.filled().filter(|_| &*said.category == "impact")?;
            (severity::from_word(details) == Severity::Unknown).then_some(details)
        };
        Self {
            justifications: by_product(&wire.flags, products, |said| said.label.filled()),
            impacts: by_product(&wire.threats, products, impact),
            actions: by_product(&wire.remediations, products, |said| said.details.filled()),
        }
    }

    /// Justification and prose for the status of a product.
    fn of_product(&self, status: VexStatus, product: &str) -> (Option<&'b str>, Option<&'b str>) {
        match status {
            VexStatus::NotAffected => {
                (self.justifications.get(product).copied(), self.impacts.get(product).copied())
            }
            VexStatus::Affected => (None, self.actions.get(product).copied()),
            VexStatus::Fixed | VexStatus::UnderInvestigation => (None, None),
        }
    }
}

/// The first text for each product.
fn by_product<'b>(
    said: &'b [Said<'b>],
    products: &Products<'b>,
    text: impl Fn(&'b Said<'b>) -> Option<&'b str>,
) -> HashMap<&'b str, &'b str> {
    let mut found = HashMap::new();
    for said in said {
        let Some(text) = text(said) else { continue };
        for product in products.about(said) {
            found.entry(product).or_insert(text);
        }
    }
    found
}
