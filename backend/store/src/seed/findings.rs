//! What two tools say of the seeded images. Refuses agreement: they differ where it matters.

use domain::id::{DocumentId, FindingId, Id};

use super::{API, ATTACK, HOSTILE, LOG4J, OPENSSL, WEB, ago, component, image, insert};
use crate::bulk::id;
use crate::{Error, Tx};

pub(super) async fn vulnerabilities(tx: &Tx) -> Result<(), Error> {
    insert(
        tx,
        "vulnerabilities",
        vec![
            ("id", "CVE-2021-44228".into()),
            ("title", "Remote code execution in Log4j".into()),
            ("description", "JNDI lookups <b>run</b> code.".into()),
            ("severity", 0_i16.into()),
            ("cvss_source", "nvd".into()),
            ("cvss_vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H".into()),
            ("cvss_base", 10.0.into()),
            ("weaknesses", r#"["CWE-502"]"#.into()),
            ("links", r#"["https://example.org/a","javascript:alert(1)"]"#.into()),
            ("epss", 0.97.into()),
            ("epss_percentile", 0.999.into()),
            ("kev_added_at", ago(1800)),
            ("kev_due_at", ago(1780)),
            ("kev_ransomware", true.into()),
            ("published_at", ago(1810)),
            ("first_seen_at", ago(20)),
            ("finding_count", 1_i64.into()),
            ("image_count", 1_i64.into()),
            ("workload_count", 2_i64.into()),
            ("running", 3_i64.into()),
            ("fixable", 1_i64.into()),
        ],
    )
    .await?;
    insert(
        tx,
        "vulnerabilities",
        vec![
            ("id", "CVE-2024-0001".into()),
            ("severity", 1_i16.into()),
            ("cvss_base", 7.5.into()),
            ("epss", 0.01.into()),
            ("first_seen_at", ago(60)),
            ("finding_count", 2_i64.into()),
            ("image_count", 2_i64.into()),
            ("workload_count", 3_i64.into()),
            ("running", 4_i64.into()),
            ("fixable", 2_i64.into()),
        ],
    )
    .await?;
    insert(tx, "vulnerabilities", vec![("id", "CVE-2020-0002".into()), ("first_seen_at", ago(90))]).await?;
    insert(
        tx,
        "vulnerability_aliases",
        vec![("alias", "GHSA-jfh8-c2jp-5v3q".into()), ("vulnerability_id", "CVE-2021-44228".into())],
    )
    .await?;
    insert(
        tx,
        "vulnerability_relations",
        vec![("vulnerability_id", "CVE-2021-44228".into()), ("related", "DSA-5020-1".into())],
    )
    .await?;
    insert(
        tx,
        "vulnerability_cvss",
        vec![
            ("vulnerability_id", "CVE-2021-44228".into()),
            ("source", "nvd".into()),
            ("vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H".into()),
            ("base", 10.0.into()),
        ],
    )
    .await?;
    insert(
        tx,
        "kev_entries",
        vec![
            ("vulnerability_id", "CVE-2021-44228".into()),
            ("added_at", ago(1800)),
            ("title", "Apache Log4j2 Remote Code Execution".into()),
            ("action", "Apply updates.".into()),
        ],
    )
    .await?;
    insert(
        tx,
        "vulnerability_threats",
        vec![
            ("vulnerability_id", "CVE-2021-44228".into()),
            ("tool", "inspector".into()),
            ("epss", 0.5.into()),
            ("exploit", true.into()),
            ("exploit_seen_at", ago(10)),
            ("stated_at", ago(2)),
        ],
    )
    .await?;
    insert(
        tx,
        "vex_statements",
        vec![
            ("id", id(component("vex"))),
            ("document_id", id(document("vex"))),
            ("author", "Example Shop".into()),
            ("stated_at", ago(3)),
            ("vulnerability_id", "CVE-2021-44228".into()),
            ("product", "pkg:oci/other".into()),
            ("status", "not_affected".into()),
            ("justification", "component_not_present".into()),
        ],
    )
    .await
}

fn document(name: &str) -> DocumentId {
    Id::derived(&[name.as_bytes()])
}

pub(super) async fn scans(tx: &Tx) -> Result<(), Error> {
    for (digest, tool, version, age, covers, count) in [
        (API, "trivy", "0.58.1", 2, r#"["vulnerability","secret"]"#, 3_i64),
        (API, "grype", "0.85.0", 3, r#"["vulnerability"]"#, 1),
        (WEB, "trivy", "0.41.0", 40, r#"["vulnerability"]"#, 1),
    ] {
        let name = format!("{tool}-{digest}");
        insert(
            tx,
            "documents",
            vec![
                ("id", id(document(&name))),
                ("digest", name.as_str().into()),
                ("name", format!("{tool}.json").into()),
                ("source", "upload".into()),
                ("as_of", ago(age)),
                ("received_at", ago(age)),
                ("last_received_at", ago(age)),
                ("size", 1000_i64.into()),
                ("state", "processed".into()),
                ("kind", format!("{tool}-json").into()),
                ("tool", tool.into()),
                ("image_id", id(image(digest))),
            ],
        )
        .await?;
        insert(
            tx,
            "scans",
            vec![
                ("id", id(component(&name))),
                ("image_id", id(image(digest))),
                ("tool", tool.into()),
                ("tool_version", version.into()),
                ("scanned_at", ago(age)),
                ("database_at", ago(age + 1)),
                ("document_id", id(document(&name))),
                ("covers", covers.into()),
                ("finding_count", count.into()),
                ("fingerprint", vec![0_u8].into()),
            ],
        )
        .await?;
    }
    Ok(())
}

/// A finding of the estate: image, name, class, component, vulnerability, severity, fix, what tools say.
struct Seed(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i16,
    &'static str,
    &'static [(&'static str, i16, &'static str, &'static str)],
);

const FINDINGS: &[Seed] = &[
    Seed(
        API,
        "log4j",
        "vulnerability",
        LOG4J,
        "CVE-2021-44228",
        0,
        "2.17.1",
        &[("grype", 1, "High", "2.15.0"), ("trivy", 0, "CRITICAL", "2.17.1")],
    ),
    Seed(
        API,
        "openssl",
        "vulnerability",
        OPENSSL,
        "CVE-2024-0001",
        1,
        "3.0.15",
        &[("trivy", 1, "HIGH", "3.0.15")],
    ),
    Seed(API, "attack", "vulnerability", ATTACK, "CVE-2020-0002", 2, "", &[("trivy", 2, HOSTILE, "")]),
    Seed(API, "key", "secret", "", "", 1, "", &[("trivy", 1, "HIGH", "")]),
    Seed(
        WEB,
        "openssl",
        "vulnerability",
        OPENSSL,
        "CVE-2024-0001",
        1,
        "3.0.15",
        &[("trivy", 1, "HIGH", "3.0.15")],
    ),
];

pub(super) async fn findings(tx: &Tx) -> Result<(), Error> {
    for Seed(digest, name, class, purl, vulnerability, severity, fix, tools) in FINDINGS {
        let finding: FindingId = Id::derived(&[digest.as_bytes(), name.as_bytes()]);
        let known = !vulnerability.is_empty();
        insert(
            tx,
            "findings",
            vec![
                ("image_id", id(image(digest))),
                ("id", id(finding)),
                ("class", (*class).into()),
                ("component_id", known.then(|| component(purl).as_bytes().to_vec()).into()),
                ("vulnerability_id", known.then_some(*vulnerability).into()),
                ("subject", if known { "" } else { "aws-access-key-id" }.into()),
                ("path", if known { "" } else { "etc/key.env" }.into()),
                ("severity", (*severity).into()),
                ("fix_state", if fix.is_empty() { "unknown" } else { "fixed" }.into()),
                ("fix_version", (*fix).into()),
                ("first_seen_at", ago(i64::from(*severity) + 5)),
            ],
        )
        .await?;
        for (tool, rank, word, fixed) in *tools {
            insert(
                tx,
                "attributions",
                vec![
                    ("image_id", id(image(digest))),
                    ("finding_id", id(finding)),
                    ("tool", (*tool).into()),
                    ("severity", (*rank).into()),
                    ("severity_word", (*word).into()),
                    ("fix_state", if fixed.is_empty() { "unknown" } else { "fixed" }.into()),
                    ("fix_version", (*fixed).into()),
                    ("document_id", id(document(&format!("{tool}-{digest}")))),
                    ("first_seen_at", ago(5)),
                ],
            )
            .await?;
        }
    }
    Ok(())
}
