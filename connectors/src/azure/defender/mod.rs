//! What Defender for Cloud found in images, as Resource Graph tells it, put together by image: a document replaces
//! what was said of its image before, and so does its word that there is nothing. Refuses to interpret, and to hand on
//! a document that may lack findings.

mod gathering;
mod healthy;
#[cfg(test)]
mod tests;

use chrono::Utc;
use domain::document::Provenance;
use domain::source::{Completeness, Permission};

use super::KIND;
use super::ask::Ask;
use super::resource_graph::Asking;
use super::service::{Places, Probe, Service};
use crate::missing::Missing;
use crate::{Failure, Sink};
use gathering::{Gathered, Gathering, document};

const ACTION: &str = "Microsoft.Security/assessments/subAssessments/read";
/// Findings on images in Azure's registries, in those of Amazon and Google that Defender watches, and on containers
/// that run; those of an image one after another.
const QUERY: &str = "securityresources \
    | where type =~ 'microsoft.security/assessments/subassessments' \
    | extend imageDigest = tostring(properties.additionalData.artifactDetails.digest) \
    | where imageDigest startswith 'sha256:' \
    | order by imageDigest asc, id asc";

/// Defender for Cloud.
pub(in crate::azure) const SERVICE: Service = Service {
    name: "defender",
    places: Places::Whole,
    permissions: &[
        Permission {
            action: healthy::ACTION,
            why: "to know in which images Defender finds nothing any more",
        },
        Permission { action: ACTION, why: "to have what Defender found in images" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        Probe { action: healthy::ACTION, attempt: |ask| Box::pin(may(ask, healthy::ACTION, healthy::QUERY)) },
        Probe { action: ACTION, attempt: |ask| Box::pin(may(ask, ACTION, QUERY)) },
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let (mut asking, mut gathering) = (Asking::new(ask, ACTION, QUERY)?, Gathering::default());
    let mut missing = Missing::default();
    while let Some(rows) = asking.page().await? {
        for row in rows {
            hand_on(gathering.add(row), sink).await?;
        }
    }
    hand_on(gathering.rest(), sink).await?;
    if gathering.late() > 0 {
        missing.note(format!("{} findings came out of order and were left out", gathering.late()));
    }
    missing.join(healthy::collect(ask, &gathering, sink).await?);
    Ok(missing.completeness())
}

async fn hand_on(complete: Vec<Gathered>, sink: &Sink) -> Result<(), Failure> {
    for Gathered { image, rows } in complete {
        let provenance = Provenance {
            name: format!("Defender on {}", image.familiar()),
            source: KIND.to_owned(),
            image: Some(image),
            cluster: None,
            as_of: Utc::now(),
        };
        sink.document(document(&rows), provenance).await?;
    }
    Ok(())
}

async fn may(ask: &Ask<'_>, action: &str, query: &str) -> Result<(), Failure> {
    Asking::new(ask, action, query)?.page().await.map(drop)
}
