//! Assessments of resources that are no images, such as registries and clusters: a scan for each, with the recommendations
//! that it does not meet as failed checks. Refuses those of images and packages in them, of which others speak, and to
//! close anything: a list holds what its query let through.

use domain::scan::ScanBuilder;

use super::map::not_applicable;
use super::wire::Row;
use crate::checks::Check;
use crate::error::clip;
use crate::targets::Targets;
use crate::time;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Why the scan of a resource is not whole.
pub(super) const FILTERED: &str = "a list holds what its query let through, and does not state it";
const PROVIDERS: &str = "/providers/";

/// Whether an assessment is of a resource that the manager of Azure knows, and not of an image in one.
pub(super) fn is_of_resource(row: &Row<'_>) -> bool {
    let id = row.properties.resource_details.id.to_ascii_lowercase();
    id.starts_with("/subscriptions/") && !id.contains("/images/")
}

/// Adds what an assessment says of its resource; how many findings that are, kept or skipped.
pub(super) fn add(
    row: &Row<'_>,
    at: &dyn Fn() -> String,
    resources: &mut Targets,
    warnings: &mut Warnings,
) -> usize {
    let (properties, status) = (&row.properties, &row.properties.status);
    let aside = match status.code.to_ascii_lowercase().as_str() {
        "unhealthy" => None,
        "notapplicable" => Some(not_applicable(status)),
        "healthy" => {
            scan(row, resources, warnings);
            return 0;
        }
        other => {
            let message = format!("an assessment of the unknown state `{}` was passed over", clip(other));
            warnings.push(at(), message);
            return 0;
        }
    };
    let check = Check {
        id: &row.name,
        severity: &properties.metadata.severity,
        title: &properties.display_name,
        aside,
        ..Check::default()
    };
    if let Some(finding) = check.finding(at, warnings) {
        scan(row, resources, warnings).finding(finding);
    }
    1
}

/// The scan of the resource that was assessed. Azure takes ids in any case, and its tables write them in lower case.
fn scan<'r>(row: &Row<'_>, resources: &'r mut Targets, warnings: &mut Warnings) -> &'r mut ScanBuilder {
    let id = row.properties.resource_details.id.to_ascii_lowercase();
    let kind = bounded(kind(&id), "type of a resource", warnings);
    let scan = resources.of(&kind, &bounded(&id, "id of a resource", warnings));
    scan.scan_mut().scanned_at =
        scan.scan_mut().scanned_at.max(time::parse(&row.properties.status.changed_at));
    scan
}

/// The type of a resource: `registries` in `/subscriptions/…/providers/microsoft.containerregistry/registries/shop`.
fn kind(id: &str) -> &str {
    match id.rsplit_once(PROVIDERS) {
        // Their names hold slashes.
        Some((_, path)) if path.contains("/repositories/") => "repositories",
        Some((_, path)) => path.split('/').skip(1).step_by(2).last().unwrap_or("resource"),
        None if id.trim_matches('/').split('/').count() == 2 => "subscription",
        None => "resourcegroup",
    }
}
