//! What the job `container_scanning` left on the default branch of a project: one report a project, handed on unread.
//! Refuses what is no whole JSON: a report that was cut is none. A project without a report is no gap.

use chrono::Utc;
use domain::document::Provenance;
use serde::de::IgnoredAny;

use super::KIND;
use super::client::{Api, READ};
use crate::oci::Ask;
use crate::{Failure, Sink};

const REPORT: &str = "gl-container-scanning-report.json";
const JOB: &str = "container_scanning";

/// Hands on the report of a project, if there is one.
///
/// # Errors
/// When it is not handed out, or is none.
pub(super) async fn hand_on(
    api: &Api,
    ask: &Ask<'_>,
    project: &str,
    branch: &str,
    sink: &Sink,
) -> Result<(), Failure> {
    let path = ["projects", project, "jobs", "artifacts", branch, "raw", REPORT];
    let Some(bytes) = api.file(ask, api.address(&path, &[("job", JOB)])).await? else { return Ok(()) };
    serde_json::from_slice::<IgnoredAny>(&bytes)
        .map_err(|error| ask.unreadable(READ, &format!("the report of {project} is none: {error}")))?;
    sink.document(bytes, provenance(project)).await
}

/// The report names its images itself, by tags; a project has any number of them.
pub(super) fn provenance(project: &str) -> Provenance {
    Provenance {
        name: format!("Container scanning of {project}"),
        source: KIND.to_owned(),
        image: None,
        cluster: None,
        as_of: Utc::now(),
    }
}
