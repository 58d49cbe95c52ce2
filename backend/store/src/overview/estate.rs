//! What runs, how it stands, what to do first, and who told us. Refuses history: that is its neighbour's.

use chrono::{DateTime, Utc};
use domain::document::ARCHIVE;

use super::{Coverage, ExploitedContainer, Gap, NextFix, SHORT, Source, WorstWorkload};
use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Store};

/// Workloads in all, and running containers by stage.
pub(super) async fn gap(store: &Store) -> Result<(u64, Gap), Error> {
    let sql = "SELECT c.gap_stage AS stage, COUNT(*) AS containers, \
                      (SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL) AS workloads \
               FROM workloads w LEFT JOIN containers c ON c.workload_id = w.id AND c.running > 0 \
               WHERE w.retired_at IS NULL GROUP BY c.gap_stage";
    let (mut gap, mut workloads) = (Gap::default(), 0);
    for row in store.query(sql, vec![]).await? {
        workloads = row.count("workloads")?;
        let Some(stage) = row.optional_text("stage")? else { continue };
        let count = row.count("containers")?;
        gap.running += count;
        *match stage.as_str() {
            "unassessed" => &mut gap.unassessed,
            "stale" => &mut gap.stale,
            "unsanctioned" => &mut gap.unsanctioned,
            "overdue" => &mut gap.overdue,
            "in-order" => &mut gap.in_order,
            _ => &mut gap.unknown,
        } += count;
    }
    Ok((workloads, gap))
}

pub(super) async fn worst(store: &Store) -> Result<Vec<WorstWorkload>, Error> {
    let sql = "SELECT id, cluster, namespace, kind, name, owner, score, loss, why, critical, high, medium, low, \
                      unknown, running, reach, gap_stage \
               FROM workloads WHERE score IS NOT NULL AND retired_at IS NULL \
               ORDER BY score DESC, id DESC LIMIT $1";
    store.query(sql, vec![SHORT.into()]).await?.iter().map(worst_workload).collect()
}

fn worst_workload(row: &Row) -> Result<WorstWorkload, Error> {
    Ok(WorstWorkload {
        id: row.id("id")?,
        cluster: row.text("cluster")?,
        namespace: row.text("namespace")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        owner: row.optional_text("owner")?,
        score: row.optional_real("score")?,
        loss: row.real("loss")?,
        why: row.text("why")?,
        severities: [
            row.count("critical")?,
            row.count("high")?,
            row.count("medium")?,
            row.count("low")?,
            row.count("unknown")?,
        ],
        running: row.count("running")?,
        reach: row.text("reach")?,
        gap_stage: row.text("gap_stage")?,
    })
}

pub(super) async fn fixes(store: &Store) -> Result<Vec<NextFix>, Error> {
    let sql = "SELECT * FROM fixes ORDER BY position LIMIT $1";
    store.query(sql, vec![SHORT.into()]).await?.iter().map(fix).collect()
}

fn fix(row: &Row) -> Result<NextFix, Error> {
    Ok(NextFix {
        kind: row.text("kind")?,
        name: row.text("name")?,
        from_version: row.text("from_version")?,
        to_version: row.text("to_version")?,
        findings: row.count("finding_count")?,
        images: row.count("image_count")?,
        workloads: row.count("workload_count")?,
        owners: row.count("owner_count")?,
        exposure_change: row.real("exposure_change")?,
        score_change: row.real("score_change")?,
        link: row.text("link")?,
    })
}

/// The short list, and how many there are in all.
pub(super) async fn exploited(store: &Store) -> Result<(Vec<ExploitedContainer>, u64), Error> {
    let sql = "WITH hit AS (SELECT w.id AS workload, w.name AS workload_name, w.namespace, w.reach, w.score, \
                      c.position, c.name AS container, c.running, i.id AS image, i.name AS image_name, i.kev \
                   FROM images i JOIN containers c ON c.image_id = i.id JOIN workloads w ON w.id = c.workload_id \
                   WHERE i.kev > 0 AND c.running > 0 AND w.retired_at IS NULL), \
               top AS (SELECT * FROM hit ORDER BY COALESCE(score, -1) DESC, workload, position LIMIT $1), \
               example AS (SELECT f.image_id, f.vulnerability_id, v.kev_added_at, ROW_NUMBER() OVER \
                      (PARTITION BY f.image_id ORDER BY v.kev_added_at DESC, v.id) AS place \
                   FROM findings f JOIN vulnerabilities v ON v.id = f.vulnerability_id \
                   WHERE f.image_id IN (SELECT image FROM top) AND f.closed_at IS NULL \
                         AND v.kev_added_at IS NOT NULL) \
               SELECT top.*, e.vulnerability_id AS example, e.kev_added_at, (SELECT COUNT(*) FROM hit) AS total \
               FROM top LEFT JOIN example e ON e.image_id = top.image AND e.place = 1 \
               ORDER BY COALESCE(top.score, -1) DESC, top.workload, top.position";
    let rows = store.query(sql, vec![SHORT.into()]).await?;
    let total = rows.first().map(|row| row.count("total")).transpose()?.unwrap_or(0);
    Ok((rows.iter().map(exploited_container).collect::<Result<_, _>>()?, total))
}

fn exploited_container(row: &Row) -> Result<ExploitedContainer, Error> {
    Ok(ExploitedContainer {
        workload: row.id("workload")?,
        workload_name: row.text("workload_name")?,
        namespace: row.text("namespace")?,
        container: row.text("container")?,
        image: row.id("image")?,
        image_name: row.text("image_name")?,
        running: row.count("running")?,
        exploited: row.count("kev")?,
        example: row.optional_text("example")?.unwrap_or_default(),
        listed_at: row.optional_time("kev_added_at")?,
        reach: row.text("reach")?,
    })
}

pub(super) async fn coverage(store: &Store, stale_before: DateTime<Utc>) -> Result<Coverage, Error> {
    let sql = "SELECT COUNT(*) AS images, \
                      COUNT(CASE WHEN last_scanned_at >= $1 THEN 1 END) AS scanned, \
                      COUNT(CASE WHEN last_scanned_at < $1 THEN 1 END) AS stale, \
                      COUNT(CASE WHEN last_scanned_at IS NULL THEN 1 END) AS unscanned, \
                      (SELECT COUNT(*) FROM containers c JOIN workloads w ON w.id = c.workload_id \
                       WHERE c.image_id IS NULL AND c.running > 0 AND w.retired_at IS NULL) AS unresolved \
               FROM images WHERE running > 0";
    let Some(row) = store.query_one(sql, vec![stale_before.timestamp_millis().into()]).await? else {
        return Ok(Coverage::default());
    };
    Ok(Coverage {
        images: row.count("images")?,
        scanned: row.count("scanned")?,
        stale: row.count("stale")?,
        unscanned: row.count("unscanned")?,
        unresolved: row.count("unresolved")?,
    })
}

pub(super) async fn sources(store: &Store) -> Result<Vec<Source>, Error> {
    let sql = "SELECT kind, COALESCE(tool, '') AS tool, COUNT(*) AS documents, \
                      COUNT(CASE WHEN error IS NOT NULL THEN 1 END) AS failed, \
                      MAX(CASE WHEN error IS NULL THEN COALESCE(stated_at, as_of) END) AS as_of, \
                      MAX(last_received_at) AS received_at \
               FROM documents WHERE kind IS NOT NULL AND kind <> $1 GROUP BY kind, COALESCE(tool, '') \
               ORDER BY 5 NULLS FIRST, 1, 2";
    // What came in an archive is a source; the archive is none.
    store.query(sql, vec![ARCHIVE.into()]).await?.iter().map(source).collect()
}

fn source(row: &Row) -> Result<Source, Error> {
    Ok(Source {
        kind: row.text("kind")?,
        tool: row.text("tool")?,
        documents: row.count("documents")?,
        failed: row.count("failed")?,
        as_of: row.optional_time("as_of")?,
        received_at: row.time("received_at")?,
    })
}
