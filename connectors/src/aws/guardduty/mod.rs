//! GuardDuty: detections on containers and clusters. Each account is asked for its own findings only: an
//! administrator would answer for all.
//!
//! Refuses archived findings, and those on machines, users and buckets.

use std::collections::HashMap;

use aws_sdk_guardduty::Client;
use aws_sdk_guardduty::types::{Condition, FindingCriteria, OrderBy, SortCriteria};
use chrono::Utc;
use domain::document::Provenance;
use domain::source::{Completeness, Permission};

use super::capture::Capture;
use super::listing::probe;
use super::service::{Regions, Service};
use super::{Ask, KIND};
use crate::missing::Missing;
use crate::{Failure, Sink};

const DETECTORS: &str = "guardduty:ListDetectors";
const LIST: &str = "guardduty:ListFindings";
const GET: &str = "guardduty:GetFindings";
/// The most findings that may be asked for at once.
const AT_ONCE: usize = 50;
/// Resources that are containers, or run them.
const RESOURCES: [&str; 3] = ["Container", "ECSCluster", "EKSCluster"];
/// A detector that belongs to nobody.
const NOBODY: &str = "00000000000000000000000000000000";

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "guardduty",
    places: Regions::Every,
    permissions: &[
        Permission { action: DETECTORS, why: "whether GuardDuty is switched on" },
        Permission { action: LIST, why: "to find detections on containers and clusters" },
        Permission { action: GET, why: "to read them" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        probe!("guardduty:ListDetectors", aws_sdk_guardduty, |client| client.list_detectors().max_results(1)),
        probe!("guardduty:ListFindings", aws_sdk_guardduty, |client| {
            client.list_findings().detector_id(NOBODY).max_results(1)
        }),
        probe!("guardduty:GetFindings", aws_sdk_guardduty, |client| {
            client.get_findings().detector_id(NOBODY).finding_ids(NOBODY)
        }),
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let client = &Client::new(&ask.sdk);
    let detectors = ask.list(DETECTORS, |token| async move {
        let page =
            ask.call(DETECTORS, || client.list_detectors().set_next_token(token.clone()).send()).await?;
        Ok((page.detector_ids.unwrap_or_default(), page.next_token))
    });
    let mut missing = Missing::default();
    for detector in detectors.await? {
        let ids = missing.without(ids(ask, client, &detector).await)?.unwrap_or_default();
        for (number, some) in ids.chunks(AT_ONCE).enumerate() {
            let document = missing.without(findings(ask, client, &detector, some).await)?.flatten();
            if let Some(document) = document {
                sink.document(document, provenance(ask, number + 1)).await?;
            }
        }
    }
    Ok(missing.completeness())
}

/// Ids of the findings of this account, the oldest first: the parts before new ones stay as they were.
async fn ids(ask: &Ask<'_>, client: &Client, detector: &str) -> Result<Vec<String>, Failure> {
    let ids = ask.list(LIST, |token| async move {
        let send = || {
            let oldest = SortCriteria::builder().attribute_name("createdAt").order_by(OrderBy::Asc).build();
            let request = client.list_findings().detector_id(detector).sort_criteria(oldest);
            let request = request.finding_criteria(criteria(&ask.place.account.id));
            request.set_next_token(token.clone()).send()
        };
        let page = ask.call(LIST, send).await?;
        Ok((page.finding_ids.unwrap_or_default(), page.next_token))
    });
    ids.await
}

async fn findings(
    ask: &Ask<'_>,
    client: &Client,
    detector: &str,
    ids: &[String],
) -> Result<Option<Vec<u8>>, Failure> {
    let capture = Capture::default();
    let send = || {
        let request = client.get_findings().detector_id(detector).set_finding_ids(Some(ids.to_vec()));
        request.customize().interceptor(capture.clone()).send()
    };
    ask.call(GET, send).await?;
    capture.findings().map_err(|error| ask.unreadable(GET, &error))
}

fn criteria(account: &str) -> FindingCriteria {
    let equal = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Condition::builder().set_equals(Some(values)).build()
    };
    let criterion = HashMap::from([
        ("accountId".to_owned(), equal(&[account])),
        ("resource.resourceType".to_owned(), equal(&RESOURCES)),
        ("service.archived".to_owned(), equal(&["false"])),
    ]);
    FindingCriteria::builder().set_criterion(Some(criterion)).build()
}

fn provenance(ask: &Ask<'_>, part: usize) -> Provenance {
    let place = &ask.place;
    Provenance {
        name: format!("GuardDuty {} {}, part {part}", place.account.id, place.region),
        source: KIND.to_owned(),
        image: None,
        cluster: None,
        as_of: Utc::now(),
    }
}
