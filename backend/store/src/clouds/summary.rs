//! One row a cloud, in five queries however much there is. Refuses a share: it counts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::scope::Viewer;

use super::{CLOUD_OF_REGISTRY, providers};
use crate::connection::Conn;
use crate::row::Row;
use crate::sources::LAST_RUNS;
use crate::{Error, Store, bulk};

/// What is known of a cloud.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cloud {
    /// The provider: `aws`, `azure`, `gcp`; empty for what names none.
    pub provider: String,
    /// Accounts, subscriptions or projects.
    pub accounts: u64,
    /// Registries.
    pub registries: u64,
    /// Repositories in them.
    pub repositories: u64,
    /// Images that lie in its registries, by their host.
    pub images: u64,
    /// Clusters that the provider describes.
    pub clusters: u64,
    /// Workloads that are not retired.
    pub workloads: u64,
    /// Of these, how many run.
    pub running: u64,
    /// Workloads that anybody on the internet reaches.
    pub internet: u64,
    /// Workloads with a vulnerability known to be exploited.
    pub exploited: u64,
    /// Images that run, whichever registry they come from.
    pub running_images: u64,
    /// Of these, how many were scanned lately.
    pub scanned: u64,
    /// Of these, how many were scanned too long ago.
    pub stale: u64,
    /// Of these, how many were never scanned.
    pub unscanned: u64,
    /// Running containers whose image is not known.
    pub unresolved: u64,
    /// Its part of the exposure, in critical-asset equivalents.
    pub exposure: f64,
    /// When anything in it was last seen running.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// How fresh what its sources say is; absent without a source.
    pub freshness: Option<Freshness>,
}

/// How fresh what the sources of a cloud say is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Sources that are on.
    pub sources: u64,
    /// Scopes that they show.
    pub scopes: u64,
    /// Of these, how many the last run saw whole; none of a source whose last run came to nothing.
    pub complete: u64,
    /// The scope that was longest not seen whole: when it was; absent where one never was.
    pub oldest_complete_at: Option<DateTime<Utc>>,
}

/// Every cloud of which something is known, by provider; what names none comes first, under an empty name. An
/// image is current if it was scanned at `stale_before` or later.
///
/// # Errors
/// When the database does not answer.
pub async fn clouds(
    store: &Store,
    viewer: &Viewer,
    stale_before: DateTime<Utc>,
) -> Result<Vec<Cloud>, Error> {
    let mut clouds = Clouds::default();
    if !viewer.sees_everything() {
        return Ok(Vec::new());
    }
    for row in store.query(HOLDINGS, vec![]).await? {
        let (cloud, count) = (clouds.of(&row)?, row.count("count")?);
        match row.text("what")?.as_str() {
            "accounts" => cloud.accounts = count,
            "registries" => cloud.registries = count,
            "repositories" => cloud.repositories = count,
            _ => cloud.clusters = count,
        }
    }
    let images = format!(
        "SELECT {} AS provider, CAST(SUM(count) AS BIGINT) AS count FROM \
         (SELECT registry, COUNT(*) AS count FROM images GROUP BY registry) AS hosts GROUP BY 1",
        *CLOUD_OF_REGISTRY
    );
    for row in store.query(&images, vec![]).await? {
        clouds.of(&row)?.images = row.count("count")?;
    }
    for row in store.query(RUNNING, vec![]).await? {
        workloads(clouds.of(&row)?, &row)?;
    }
    for row in store.query(COVERED, vec![bulk::time(stale_before)]).await? {
        coverage(clouds.of(&row)?, &row)?;
    }
    for row in store.query(&asked(), vec![]).await? {
        let cloud = clouds.of(&row)?;
        let newest = row.optional_time("newest")?;
        cloud.last_seen_at = cloud.last_seen_at.map(|at| at.max(newest.unwrap_or_default()));
        cloud.freshness = Some(Freshness {
            sources: row.count("sources")?,
            scopes: row.count("scopes")?,
            complete: row.count("complete")?,
            oldest_complete_at: row.optional_time("oldest")?,
        });
    }
    Ok(clouds.0.into_values().collect())
}

/// Clouds by provider.
#[derive(Default)]
struct Clouds(BTreeMap<String, Cloud>);

impl Clouds {
    fn of(&mut self, row: &Row) -> Result<&mut Cloud, Error> {
        let provider = row.text("provider")?;
        let fresh = || Cloud { provider: provider.clone(), ..Cloud::default() };
        Ok(self.0.entry(provider.clone()).or_insert_with(fresh))
    }
}

const HOLDINGS: &str = "SELECT 'accounts' AS what, provider, COUNT(*) AS count FROM accounts GROUP BY provider \
    UNION ALL SELECT 'registries', provider, COUNT(DISTINCT registry) FROM repositories \
    WHERE retired_at IS NULL GROUP BY provider \
    UNION ALL SELECT 'repositories', provider, COUNT(*) FROM repositories WHERE retired_at IS NULL GROUP BY provider \
    UNION ALL SELECT 'clusters', provider, COUNT(*) FROM clusters WHERE retired_at IS NULL GROUP BY provider";

const RUNNING: &str = "SELECT provider, COUNT(*) AS workloads, COUNT(CASE WHEN running > 0 THEN 1 END) AS running, \
    COUNT(CASE WHEN reach = 'internet' THEN 1 END) AS internet, COUNT(CASE WHEN kev > 0 THEN 1 END) AS exploited, \
    SUM(loss) AS exposure, MAX(last_seen_at) AS last_seen_at FROM workloads WHERE retired_at IS NULL \
    GROUP BY provider";

fn workloads(cloud: &mut Cloud, row: &Row) -> Result<(), Error> {
    cloud.workloads = row.count("workloads")?;
    cloud.running = row.count("running")?;
    cloud.internet = row.count("internet")?;
    cloud.exploited = row.count("exploited")?;
    cloud.exposure = row.real("exposure")?;
    cloud.last_seen_at = row.optional_time("last_seen_at")?;
    Ok(())
}

const COVERED: &str = "SELECT w.provider, COUNT(DISTINCT i.id) AS images, \
    COUNT(DISTINCT CASE WHEN i.last_scanned_at >= $1 THEN i.id END) AS scanned, \
    COUNT(DISTINCT CASE WHEN i.last_scanned_at < $1 THEN i.id END) AS stale, \
    COUNT(DISTINCT CASE WHEN i.last_scanned_at IS NULL THEN i.id END) AS unscanned, \
    COUNT(CASE WHEN i.id IS NULL THEN 1 END) AS unresolved \
    FROM workloads w JOIN containers c ON c.workload_id = w.id AND c.running > 0 \
    LEFT JOIN images i ON i.id = c.image_id WHERE w.retired_at IS NULL GROUP BY w.provider";

fn coverage(cloud: &mut Cloud, row: &Row) -> Result<(), Error> {
    cloud.running_images = row.count("images")?;
    cloud.scanned = row.count("scanned")?;
    cloud.stale = row.count("stale")?;
    cloud.unscanned = row.count("unscanned")?;
    cloud.unresolved = row.count("unresolved")?;
    Ok(())
}

/// The kind of a source is its provider, where it is a cloud's. A scope that was never seen whole leaves no
/// moment for all of them.
fn asked() -> String {
    format!(
        "SELECT s.kind AS provider, COUNT(DISTINCT s.id) AS sources, COUNT(p.account) AS scopes, \
         COUNT(CASE WHEN p.last_state = 'complete' AND COALESCE(r.state, '') <> 'failed' THEN 1 END) AS complete, \
         CASE WHEN COUNT(p.account) = COUNT(p.last_complete_at) THEN MIN(p.last_complete_at) END AS oldest, \
         MAX(p.last_complete_at) AS newest \
         FROM {LAST_RUNS} LEFT JOIN source_scopes p ON p.source_id = s.id AND p.listed \
         WHERE s.removed_at IS NULL AND s.enabled AND s.kind IN ({}) GROUP BY s.kind",
        providers()
    )
}
