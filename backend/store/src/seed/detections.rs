//! What sensors saw in the seeded estate: one detection on `api` with hostile evidence, one drift on a workload that nobody
//! knows. Refuses to be part of [`super::estate`]: most pages are tested without.

use domain::id::{DetectionId, EventId, Id};
use domain::severity::Severity;

use super::{API, HOSTILE, NOW, image, workload};
use crate::save::detections::{self as rows, Detection, OPEN, SaidPlace, Sample, Sensor};
use crate::{Error, Store};

/// The id of a seeded detection, by its rule: `Terminal shell in container`, `Drift`.
#[must_use]
pub fn detection(rule: &str) -> DetectionId {
    Id::derived(&[b"detection", rule.as_bytes()])
}

/// Writes the detections, an event of the first, and a sensor that was heard from `node-1`.
///
/// # Errors
/// When the database refuses it.
pub async fn detections(store: &Store) -> Result<(), Error> {
    let now = NOW.parse::<chrono::DateTime<chrono::Utc>>().unwrap_or_default().timestamp_millis();
    let shell = Detection {
        id: detection("Terminal shell in container"),
        tool: "falco".to_owned(),
        rule: "Terminal shell in container".to_owned(),
        class: "threat".to_owned(),
        severity: Severity::High,
        severity_word: "Warning".to_owned(),
        title: Some("A shell was opened".to_owned()),
        evidence: Some(HOSTILE.to_owned()),
        techniques: vec!["T1059".to_owned()],
        workload: Some(workload("api")),
        image_id: Some(image(API)),
        node_id: Some(Id::derived(&[b"node-1"])),
        place: SaidPlace {
            cluster: Some("prod".to_owned()),
            namespace: Some("shop".to_owned()),
            kind: Some("Pod".to_owned()),
            name: Some("api-5d9c7b6f4-abcde".to_owned()),
            node: Some("node-1".to_owned()),
            ..SaidPlace::default()
        },
        first_seen_at: now - 86_400_000,
        last_seen_at: now - 3_600_000,
        count: 3,
        disposition: OPEN.to_owned(),
        reason: String::new(),
        disposed_by: String::new(),
        disposed_at: None,
        judged: true,
    };
    let drift = Detection {
        id: detection("Drift"),
        rule: "Drift".to_owned(),
        class: "drift".to_owned(),
        severity: Severity::Critical,
        workload: None,
        image_id: None,
        node_id: None,
        place: SaidPlace { name: Some("<b>nobody</b>".to_owned()), ..SaidPlace::default() },
        count: 1,
        ..shell.clone()
    };
    let sample = Sample {
        detection: shell.id,
        event: EventId::derived(&[b"event"]),
        at: shell.last_seen_at,
        count: 1,
        severity_word: "Warning".to_owned(),
        evidence: Some(HOSTILE.to_owned()),
        node: Some("node-1".to_owned()),
        name: shell.place.name.clone(),
        container: Some("main".to_owned()),
        container_id: None,
    };
    let sensor = Sensor { tool: "falco".to_owned(), cluster: "prod".to_owned(), node: "node-1".to_owned() };
    let tx = store.begin().await?;
    let hour = shell.last_seen_at.div_euclid(3_600_000) * 3_600_000;
    rows::count_hours(&tx, &[(shell.id, hour, 3)]).await?;
    rows::keep_samples(&tx, &[sample]).await?;
    rows::hear(&tx, &[(&sensor, 3)], shell.last_seen_at).await?;
    rows::put(&tx, &[shell, drift]).await?;
    tx.commit().await
}
