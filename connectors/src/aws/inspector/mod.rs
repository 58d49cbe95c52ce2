//! Amazon Inspector: which images it watches, which not and why, where they run as far as it saw, and what it
//! found. Each account is asked for its own images only: a delegated administrator would answer for all.
//!
//! Refuses to read findings: they are put together by image as they came, and handed on.

mod clean;
mod coverage;
mod findings;
#[cfg(test)]
mod tests;
mod wire;

use aws_sdk_inspector2::Client;
use aws_sdk_inspector2::types::Status;
use domain::source::{Completeness, Permission};

use super::Ask;
use super::listing::probe;
use super::service::{Regions, Service};
use crate::missing::Missing;
use crate::{Failure, Sink};

/// How Inspector's reports name their tool.
pub(super) const TOOL: &str = "aws-inspector";
const STATUS: &str = "inspector2:BatchGetAccountStatus";

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "inspector",
    places: Regions::Every,
    permissions: &[
        Permission { action: STATUS, why: "to know whether Inspector is switched on for images" },
        Permission {
            action: "inspector2:ListCoverage",
            why: "to know which images Inspector watches, which not and why, and where they run",
        },
        Permission { action: "inspector2:ListFindings", why: "to have what Inspector found in images" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        probe!("inspector2:BatchGetAccountStatus", aws_sdk_inspector2, |client| client
            .batch_get_account_status()),
        probe!("inspector2:ListCoverage", aws_sdk_inspector2, |client| client.list_coverage().max_results(1)),
        probe!("inspector2:ListFindings", aws_sdk_inspector2, |client| client.list_findings().max_results(1)),
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let client = Client::new(&ask.sdk);
    let mut missing = Missing::default();
    if missing.without(is_on(ask, &client).await)? == Some(false) {
        return Ok(Completeness::Complete);
    }
    let found = findings::collect(ask, &client, sink).await;
    let found = missing.without(found)?;
    let clean = coverage::collect(ask, &client, found.as_ref(), sink).await?;
    missing.join(clean::collect(ask, clean, sink).await?);
    Ok(missing.completeness())
}

/// Whether Inspector scans images here.
async fn is_on(ask: &Ask<'_>, client: &Client) -> Result<bool, Failure> {
    let send = || client.batch_get_account_status().account_ids(&ask.place.account.id).send();
    let told = ask.call(STATUS, send).await?;
    let states = told.accounts.iter().filter_map(|account| account.resource_state()?.ecr());
    // An account that is not told of may be on.
    Ok(states.map(|state| state.status()).all(|status| *status != Status::Disabled))
}
