//! What a database holds, in words that do not depend on when, by whom and in which product it was written.

use std::collections::BTreeMap;

use store::Store;

use crate::must;

/// What is compared, and how it is read.
const FACTS: &[(&str, &str)] = &[
    ("accounts", "SELECT provider || ' ' || id || ' ' || COALESCE(name, '') FROM accounts"),
    (
        "repositories",
        "SELECT registry || '/' || name || ' ' || provider || ' ' || account_id || ' ' || COALESCE(region, '') || ' ' \
         || COALESCE(encryption, '') || ' ' || COALESCE(scanning, '') || CASE WHEN public THEN ' public' ELSE '' END \
         || CASE WHEN tags_immutable THEN ' immutable' ELSE '' END || CASE WHEN retired_at IS NULL THEN '' ELSE \
         ' retired' END FROM repositories",
    ),
    (
        // By which of its places an image is called depends on which was seen first: `places` has all of them.
        "images",
        "SELECT digest || ' ' || digest_role || ' ' || COALESCE(os, '') || ' ' || COALESCE(architecture, '') || ' ' \
         || COALESCE(size, 0) || ' ' || critical || ' ' || high || ' ' || medium \
         || ' ' || low || ' ' || unknown || ' ' || fixable || ' ' || running || ' ' || workload_count FROM images",
    ),
    ("digests", "SELECT digest || ' ' || role FROM image_digests"),
    (
        "tags",
        "SELECT t.registry || '/' || t.repository || ':' || t.tag || ' ' || i.digest || CASE WHEN t.ended_at IS NULL \
         THEN '' ELSE ' ended' END FROM image_tags t JOIN images i ON i.id = t.image_id",
    ),
    (
        "places",
        "SELECT registry || '/' || repository || '@' || digest || ' ' || COALESCE(media_type, '') || ' ' \
         || COALESCE(pushed_at, 0) || CASE WHEN removed_at IS NULL THEN '' ELSE ' removed' END FROM image_locations",
    ),
    (
        "clusters",
        "SELECT name || ' ' || kind || ' ' || account_id || ' ' || COALESCE(region, '') || ' ' || COALESCE(version, '') \
         || ' ' || allowed_networks || CASE WHEN public_endpoint THEN ' public' ELSE '' END FROM clusters",
    ),
    (
        "workloads",
        "SELECT cluster || ' ' || namespace || ' ' || kind || ' ' || name || ' ' || account_id || ' ' \
         || COALESCE(region, '') || ' ' || COALESCE(owner, '') || ' ' || COALESCE(replicas, 0) || ' ' || labels || ' ' \
         || isolation || ' ' || reach || ' ' || running || ' ' || image_count || ' ' || critical || ' ' || high || ' ' \
         || why || CASE WHEN retired_at IS NULL THEN '' ELSE ' retired' END FROM workloads",
    ),
    (
        "containers",
        "SELECT w.name || ' ' || c.name || ' ' || c.image || ' ' || COALESCE(c.digest, '') || ' ' || c.running || ' ' \
         || c.security || ' ' || COALESCE(i.digest, '') FROM containers c JOIN workloads w ON w.id = c.workload_id \
         LEFT JOIN images i ON i.id = c.image_id",
    ),
    (
        "exposures",
        "SELECT cluster || ' ' || namespace || ' ' || kind || ' ' || name || ' ' || reach || ' ' || backends || ' ' \
         || evidence || ' ' || landing FROM exposures",
    ),
    (
        "network_policies",
        "SELECT cluster || ' ' || namespace || ' ' || name || ' ' || selector || ' ' || ingress FROM network_policies",
    ),
    (
        "admission_policies",
        "SELECT cluster || ' ' || kind || ' ' || name || ' ' || engine || ' ' || effect || ' ' || scope \
         FROM admission_policies",
    ),
    (
        "coverage",
        "SELECT i.digest || ' ' || c.tool || ' ' || c.registry || '/' || c.repository || ' ' || c.reason || ' ' \
         || COALESCE(c.in_use_count, 0) || CASE WHEN c.watched THEN ' watched' ELSE '' END FROM coverage c \
         JOIN images i ON i.id = c.image_id",
    ),
    (
        "findings",
        "SELECT i.digest || ' ' || f.class || ' ' || COALESCE(f.vulnerability_id, '') || ' ' || f.subject || ' ' \
         || f.severity || ' ' || f.fix_state || ' ' || f.fix_version || ' ' || COALESCE(f.closed_reason, '') \
         FROM findings f JOIN images i ON i.id = f.image_id",
    ),
    (
        "attributions",
        "SELECT i.digest || ' ' || a.tool || ' ' || a.severity_word || ' ' || a.reported_as || ' ' || d.name \
         FROM attributions a JOIN images i ON i.id = a.image_id JOIN documents d ON d.id = a.document_id",
    ),
    (
        "documents",
        "SELECT name || ' ' || source || ' ' || digest || ' ' || image_reference || ' ' || state || ' ' \
         || COALESCE(kind, '') || ' ' || COALESCE(error, '') FROM documents WHERE kind <> 'plimsoll-observations'",
    ),
    (
        "objects",
        "SELECT account || ' ' || region || ' ' || service || ' ' || noun || ' ' || key || ' ' || fingerprint \
         FROM source_objects",
    ),
    (
        "scopes",
        "SELECT account || ' ' || region || ' ' || service || ' ' || last_state || ' ' || last_reason || ' ' || objects \
         FROM source_scopes",
    ),
];

/// Everything that is compared, by its name.
pub type Facts = BTreeMap<&'static str, Vec<String>>;

/// Reads all of it.
pub async fn facts(store: &Store) -> Facts {
    let mut facts = Facts::new();
    for (name, sql) in FACTS {
        let mut rows = must(store.texts(sql).await, name);
        rows.sort_unstable();
        facts.insert(name, rows);
    }
    facts
}

/// What nobody tells but who looks into a cluster.
pub const INSIDE: [&str; 2] = ["admission_policies", "network_policies"];

/// Both hold the same, and something of everything that a cloud tells from without.
///
/// # Panics
/// When they do not.
#[track_caller]
pub fn same(one: &Facts, other: &Facts) {
    same_without(one, other, &INSIDE);
}

/// Both hold the same, and something of everything but these.
///
/// # Panics
/// When they do not.
#[track_caller]
pub fn same_without(one: &Facts, other: &Facts, absent: &[&str]) {
    for (name, rows) in one {
        let others = &other[name];
        let missing = rows.iter().find(|row| others.binary_search(row).is_err());
        let more = others.iter().find(|row| rows.binary_search(row).is_err());
        assert_eq!((missing, more), (None, None), "{name}: on the left and on the right alone");
        assert_eq!(rows.len(), others.len(), "{name}: some came twice");
        assert_eq!(rows.is_empty(), absent.contains(name), "whether there are {name} to compare");
    }
}
