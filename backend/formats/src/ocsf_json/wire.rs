//! What Prowler puts into a finding beside what the schema has. Refuses everything else: the schema's types are those of
//! every document in it.

use serde_json::value::RawValue;

use crate::ocsf::{Data, Finding};
use crate::prowler::Trivy;

/// Whether Prowler made a finding.
pub(super) fn is_of_prowler(finding: &Finding<'_>) -> bool {
    let product = &finding.metadata.product;
    product.uid.eq_ignore_ascii_case("prowler") || product.name.eq_ignore_ascii_case("prowler")
}

/// What it says of the resource; nothing where it is of another shape.
pub(super) fn data(raw: Option<&RawValue>) -> Data<'_> {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// What Trivy found, where it looked for Prowler.
pub(super) fn trivy(raw: Option<&RawValue>) -> Option<Trivy<'_>> {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok())
}
