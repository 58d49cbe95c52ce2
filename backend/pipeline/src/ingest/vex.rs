//! VEX statements: kept, and laid on the findings they speak of, whichever came first. Refuses to lay a
//! statement on more than it names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{DocumentId, ImageId};
use domain::vex::VexStatement;
use normalise::aliases::AliasGroups;
use normalise::vex::{self, Candidate, Statement};
use store::Tx;
use store::save::vex as rows;

use super::moment;
use crate::Error;

/// Keeps the statements of a document; tells the vulnerabilities they speak of.
pub(super) async fn save(
    tx: &Tx,
    statements: &[VexStatement],
    groups: &AliasGroups,
    document: DocumentId,
    at: i64,
) -> Result<BTreeSet<String>, Error> {
    let mut said = Vec::new();
    for statement in statements {
        let vulnerability = groups.canonical(&statement.vulnerability);
        for product in &statement.products {
            let digests: Vec<&str> = product.digests.iter().map(String::as_str).collect();
            let parts: Vec<&str> = product.subcomponents.iter().map(String::as_str).collect();
            for digest in if digests.is_empty() { &[""] } else { digests.as_slice() } {
                for part in if parts.is_empty() { &[""] } else { parts.as_slice() } {
                    said.push(rows::Statement {
                        author: statement.author.clone(),
                        stated_at: moment(statement.stated_at, at),
                        vulnerability: vulnerability.to_string(),
                        product: product.id.clone(),
                        product_digest: (*digest).to_owned(),
                        component: (*part).to_owned(),
                        status: statement.status.as_str().to_owned(),
                        justification: statement.justification.clone(),
                        statement: statement.statement.clone(),
                    });
                }
            }
        }
    }
    rows::save(tx, &said, document).await?;
    Ok(said.into_iter().map(|statement| statement.vulnerability).collect())
}

/// Lays statements on the open findings of some vulnerabilities; tells which images changed.
pub(super) async fn apply(tx: &Tx, vulnerabilities: &BTreeSet<String>) -> Result<Vec<ImageId>, Error> {
    let ids: Vec<&str> = vulnerabilities.iter().map(String::as_str).collect();
    let mut statements: HashMap<String, Vec<Statement>> = HashMap::new();
    for said in rows::on(tx, &ids).await? {
        statements.entry(said.vulnerability).or_default().push(Statement {
            product: said.product,
            product_digest: said.product_digest,
            component: said.component,
            stated_at: said.stated_at,
            status: said.status,
        });
    }
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let spoken: Vec<&str> = statements.keys().map(String::as_str).collect();
    let candidates = rows::candidates(tx, &spoken).await?;
    let images: BTreeSet<ImageId> = candidates.iter().map(|candidate| candidate.image).collect();
    let names = rows::names(tx, &images.into_iter().collect::<Vec<_>>()).await?;
    let mut changed = BTreeMap::new();
    for candidate in &candidates {
        let (Some(said), Some(names)) =
            (statements.get(&candidate.vulnerability), names.get(&candidate.image))
        else {
            continue;
        };
        let held = Candidate { digests: &names.digests, tagged: &names.tagged, purl: &candidate.purl };
        let status = vex::status(said, &held);
        if status != candidate.status.as_deref() {
            changed.insert((candidate.image, candidate.finding), status.map(str::to_owned));
        }
    }
    let touched: BTreeSet<ImageId> = changed.keys().map(|(image, _)| *image).collect();
    let statuses: Vec<_> =
        changed.into_iter().map(|((image, finding), status)| (image, finding, status)).collect();
    rows::apply(tx, &statuses).await?;
    Ok(touched.into_iter().collect())
}
