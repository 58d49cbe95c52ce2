//! Bills of materials: the components that a tool lists for an image, replaced by set-difference.
//! Refuses an older list than the one on record.

use std::collections::HashMap;

use domain::component::Component;
use domain::id::{ComponentId, DocumentId, ImageId};
use domain::sbom::Sbom;
use normalise::difference::difference;
use normalise::report;
use store::Tx;
use store::save::components::{self, Sbom as Row};

use super::moment;
use crate::Error;

/// Writes what a bill of materials changes; tells whether it changed anything.
pub(super) async fn save(
    tx: &Tx,
    sbom: &Sbom,
    image: ImageId,
    document: DocumentId,
    at: i64,
) -> Result<bool, Error> {
    let at = moment(sbom.created_at, at);
    let tool = sbom.tool.name.as_str();
    let fingerprint = report::sbom_fingerprint(sbom);
    let known = components::sbom(tx, image, tool).await?;
    if known.as_ref().is_some_and(|known| known.stated_at > at && known.document != document) {
        return Ok(false);
    }
    let equal = known.is_some_and(|known| known.fingerprint == fingerprint);
    let row = Row {
        document,
        stated_at: at,
        listed: i64::try_from(sbom.listed).unwrap_or(i64::MAX),
        fingerprint: fingerprint.to_vec(),
    };
    components::put_sbom(tx, image, tool, &row).await?;
    if equal {
        return Ok(false);
    }
    let table: HashMap<ComponentId, &Component> =
        sbom.components.iter().map(|component| (component.id(), component)).collect();
    components::save(tx, &table).await?;
    let incoming: HashMap<ComponentId, &str> = table
        .iter()
        .map(|(id, component)| (*id, component.paths.first().map_or("", String::as_str)))
        .collect();
    let stored = components::listed(tx, image, tool).await?;
    let difference = difference(&stored, &incoming, true, |one, two| one == two);
    let put: Vec<(ComponentId, &str)> = difference
        .added
        .iter()
        .chain(&difference.changed)
        .filter_map(|id| Some((*id, *incoming.get(id)?)))
        .collect();
    components::list(tx, image, tool, &put, &difference.gone).await?;
    Ok(true)
}
