//! A small estate for tests, of this crate and of `web`: three images, four workloads, two tools that
//! disagree, and names that attack whoever shows them. Refuses to be realistic: the demo is that.

use chrono::{DateTime, Utc};
use domain::id::{ComponentId, Id, ImageId, WorkloadId};

use crate::bulk::{id, time};
use crate::connection::Value;
use crate::{Error, Store, Tx};

mod admission;
mod clouds;
mod detections;
mod findings;
mod places;
mod sources;
mod workloads;

pub use admission::{admission, looked};
pub use clouds::{ACCOUNT, REGISTRY, clouds};
pub use detections::{detection, detections};
pub use sources::source;

use findings::{findings, scans, vulnerabilities};
use workloads::{containers, workloads};

/// The moment at which the estate is looked at.
pub const NOW: &str = "2026-11-23T10:00:00Z";
/// A component name that is HTML, a formula and control characters at once.
pub const HOSTILE: &str = "=HYPERLINK(\"x\")<script>alert('1')</script>\u{1b}[31m\u{7}&amp;";
/// The image that runs and is worst: `shop/api:1.9`.
pub const API: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// A digest of its configuration.
pub const API_CONFIG: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
/// An image last scanned long ago: `shop/web:2.0`.
pub const WEB: &str = "sha256:abababababababababababababababababababababababababababababababab";
/// An image that nobody scanned, with a hostile name.
pub const UNSCANNED: &str = "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

/// The id of a seeded image.
#[must_use]
pub fn image(digest: &str) -> ImageId {
    Id::derived(&[digest.as_bytes()])
}

/// The id of a seeded workload: `api`, `web`, `batch`, `old`.
#[must_use]
pub fn workload(name: &str) -> WorkloadId {
    Id::derived(&[name.as_bytes()])
}

fn component(purl: &str) -> ComponentId {
    Id::derived(&[purl.as_bytes()])
}

fn ago(days: i64) -> Value {
    time(NOW.parse::<DateTime<Utc>>().unwrap_or_default() - chrono::TimeDelta::days(days))
}

async fn insert(tx: &Tx, table: &str, cells: Vec<(&str, Value)>) -> Result<(), Error> {
    let columns: Vec<&str> = cells.iter().map(|(column, _)| *column).collect();
    let marks: Vec<String> = (1..=cells.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), marks.join(", "));
    tx.execute(&sql, cells.into_iter().map(|(_, value)| value).collect()).await.map(|_| ())
}

/// Writes the estate.
///
/// # Errors
/// When the database refuses it.
pub async fn estate(store: &Store) -> Result<(), Error> {
    let tx = store.begin().await?;
    images(&tx).await?;
    names(&tx).await?;
    components(&tx).await?;
    vulnerabilities(&tx).await?;
    scans(&tx).await?;
    findings(&tx).await?;
    workloads(&tx).await?;
    containers(&tx).await?;
    places::places(&tx).await?;
    places::clusters(&tx).await?;
    places::attestations(&tx).await?;
    places::signatures(&tx).await?;
    tx.commit().await
}

async fn images(tx: &Tx) -> Result<(), Error> {
    insert(
        tx,
        "images",
        vec![
            ("id", id(image(API))),
            ("digest", API.into()),
            ("digest_role", "manifest".into()),
            ("name", "shop/api:1.9".into()),
            ("registry", "registry.example".into()),
            ("repository", "shop/api".into()),
            ("os", "linux".into()),
            ("architecture", "amd64".into()),
            ("distribution", "debian".into()),
            ("distribution_version", "12.9".into()),
            ("end_of_life", false.into()),
            ("size", 120_000_000_i64.into()),
            ("created_at", ago(30)),
            ("first_seen_at", ago(20)),
            ("last_scanned_at", ago(2)),
            ("component_count", 3_i64.into()),
            ("critical", 1_i64.into()),
            ("high", 1_i64.into()),
            ("medium", 1_i64.into()),
            ("fixable", 2_i64.into()),
            ("kev", 1_i64.into()),
            ("secrets", 1_i64.into()),
            ("max_epss", 0.97.into()),
            ("running", 3_i64.into()),
            ("workload_count", 2_i64.into()),
            ("score", 88.2.into()),
            ("score_reach", "internet".into()),
            ("signing", "unverified".into()),
            ("explanation", IMAGE_EXPLANATION.into()),
        ],
    )
    .await?;
    insert(
        tx,
        "images",
        vec![
            ("id", id(image(WEB))),
            ("digest", WEB.into()),
            ("digest_role", "manifest".into()),
            ("name", "shop/web:2.0".into()),
            ("registry", "registry.example".into()),
            ("repository", "shop/web".into()),
            ("distribution", "alpine".into()),
            ("distribution_version", "3.15".into()),
            ("end_of_life", true.into()),
            ("first_seen_at", ago(60)),
            ("last_scanned_at", ago(40)),
            ("component_count", 1_i64.into()),
            ("high", 1_i64.into()),
            ("fixable", 1_i64.into()),
            ("running", 1_i64.into()),
            ("workload_count", 1_i64.into()),
            ("score", 55.0.into()),
        ],
    )
    .await?;
    insert(
        tx,
        "images",
        vec![
            ("id", id(image(UNSCANNED))),
            ("digest", UNSCANNED.into()),
            ("digest_role", "repository".into()),
            ("name", "<img src=x onerror=alert(1)>:=1+1".into()),
            ("first_seen_at", ago(1)),
            ("running", 1_i64.into()),
        ],
    )
    .await
}

async fn names(tx: &Tx) -> Result<(), Error> {
    for (digest, of, role) in [
        (API, API, "manifest"),
        (API_CONFIG, API, "config"),
        (WEB, WEB, "manifest"),
        (UNSCANNED, UNSCANNED, "repository"),
    ] {
        insert(
            tx,
            "image_digests",
            vec![("digest", digest.into()), ("image_id", id(image(of))), ("role", role.into())],
        )
        .await?;
    }
    let labels = r#"{"org.opencontainers.image.source":"https://git.example/shop"}"#;
    insert(
        tx,
        "image_metadata",
        vec![
            ("image_id", id(image(API))),
            ("labels", labels.into()),
            ("layers", r#"["sha256:1111"]"#.into()),
        ],
    )
    .await?;
    for (tag, first, last, ended) in [("1.9", 10, 0, None), ("latest", 20, 5, Some(5))] {
        insert(
            tx,
            "image_tags",
            vec![
                ("registry", "registry.example".into()),
                ("repository", "shop/api".into()),
                ("tag", tag.into()),
                ("image_id", id(image(API))),
                ("first_seen_at", ago(first)),
                ("last_seen_at", ago(last)),
                ("ended_at", ended.map_or(Value::from(None::<i64>), ago)),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Package URLs: two plain ones and a hostile one.
const OPENSSL: &str = "pkg:deb/debian/openssl@3.0.11";
const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";
const ATTACK: &str = "pkg:npm/%3Cscript%3E@1.0.0";

async fn components(tx: &Tx) -> Result<(), Error> {
    for (purl, kind, name, version, source) in [
        (OPENSSL, "deb", "libssl3", "3.0.11-1", "openssl"),
        (LOG4J, "maven", "org.apache.logging.log4j:log4j-core", "2.14.1", ""),
        (ATTACK, "npm", HOSTILE, "1.0.0", ""),
    ] {
        insert(
            tx,
            "components",
            vec![
                ("id", id(component(purl))),
                ("purl", purl.into()),
                ("kind", kind.into()),
                ("name", name.into()),
                ("version", version.into()),
                ("source_name", source.into()),
                ("licences", r#"["Apache-2.0"]"#.into()),
            ],
        )
        .await?;
        for tool in ["trivy", "grype"] {
            insert(
                tx,
                "image_components",
                vec![
                    ("image_id", id(image(API))),
                    ("component_id", id(component(purl))),
                    ("tool", tool.into()),
                    ("path", "app/lib".into()),
                ],
            )
            .await?;
        }
    }
    insert(
        tx,
        "image_components",
        vec![
            ("image_id", id(image(WEB))),
            ("component_id", id(component(OPENSSL))),
            ("tool", "trivy".into()),
        ],
    )
    .await
}

const IMAGE_EXPLANATION: &str = r#"{"version":"ces-1.0","score":88.2,"factors":[
 {"name":"threat","title":"CVE-2021-44228 is exploited in the wild","points":-0.6,"value":"0.95","reason":"listed as known exploited"},
 {"name":"criticality","title":"Standard","points":-11.2,"value":"1","reason":"no criticality stated"}],
 "units":[{"unit":"log4j-core 2.14.1","component":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1","vulnerability":"CVE-2021-44228",
 "share_basis_points":9000,"hazard":2995732274,"points_if_fixed":-32.5,"fix":"2.17.1","sentence":"CVE-2021-44228 in log4j-core is exploited."}]}"#;
