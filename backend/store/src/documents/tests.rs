//! Uploads through the store, on each database.

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use domain::id::DocumentId;
use domain::scope::Viewer;

use super::*;
use crate::list::{Page, Sort, Start, Total};
use crate::save::documents as kept;
use crate::test_support::on_each_database;
use crate::{Error, Store};

fn now() -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn named(name: &str) -> Provenance {
    Provenance {
        name: name.to_owned(),
        source: "upload".to_owned(),
        image: None,
        cluster: None,
        as_of: now(),
    }
}

async fn take(store: &Store, provenance: &Provenance, parts: &[&[u8]]) -> Received {
    let mut upload = Upload::begin(store, provenance, now());
    for part in parts {
        upload.write(part).await.unwrap();
    }
    upload.finish(now()).await.unwrap()
}

async fn bytes_of(store: &Store, id: DocumentId) -> Vec<u8> {
    let mut bytes = Vec::new();
    for position in 0.. {
        match chunk(store, &Viewer::everything(), id, position).await.unwrap() {
            Some(part) => bytes.extend(part),
            None => break,
        }
    }
    bytes
}

async fn names(store: &Store, filter: &Filter, sort: Sort) -> Vec<String> {
    let page = list(store, &Viewer::everything(), filter, &sort, &Page::first(50)).await.unwrap();
    page.rows.into_iter().map(|row| row.name).collect()
}

/// Bytes that no compression makes small.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

#[tokio::test]
async fn what_arrives_is_what_is_kept() {
    on_each_database(async |store| {
        for length in [0, 1, chunks::CHUNK - 1, chunks::CHUNK, chunks::CHUNK + 1, 3 * chunks::CHUNK + 7] {
            let sent = noise(length);
            let parts: Vec<&[u8]> = sent.chunks(65_000).collect();
            let received = take(&store, &named("noise"), &parts).await;
            assert!(!received.known, "{length}");
            assert_eq!(bytes_of(&store, received.id).await, sent);
            let detail = find(&store, &Viewer::everything(), received.id).await.unwrap().unwrap();
            assert_eq!((detail.row.size, detail.row.state.as_str()), (length as i64, WAITING));
        }
    })
    .await;
}

#[tokio::test]
async fn known_bytes_are_kept_once() {
    on_each_database(async |store| {
        let large = noise(2 * chunks::CHUNK);
        for bytes in [b"{}".as_slice(), &large] {
            let first = take(&store, &named("first"), &[bytes]).await;
            let second = take(&store, &named("second"), &[bytes]).await;
            assert_eq!(second, Received { id: first.id, known: true });
            let row = find(&store, &Viewer::everything(), first.id).await.unwrap().unwrap().row;
            assert_eq!((row.times_received, row.name.as_str()), (2, "first"));
        }
        let elsewhere = Provenance { cluster: Some("eu-1".to_owned()), ..named("elsewhere") };
        assert!(!take(&store, &elsewhere, &[b"{}"]).await.known, "another cluster is another document");
        assert_eq!(
            names(&store, &Filter::default(), Sort::ascending("name")).await,
            ["elsewhere", "first", "first"]
        );
    })
    .await;
}

/// What becomes of a known document in each state, whichever way its bytes come again.
#[tokio::test]
async fn known_bytes_wait_only_where_reading_them_again_tells_more() {
    on_each_database(async |store| {
        let id = take(&store, &named("report"), &[b"{}"]).await.id;
        let other = take(&store, &named("other"), &[b"{\"other\":1}"]).await.id;
        let set = async |id: DocumentId, state: &str, stated: Option<i64>, version: i64| {
            let tx = store.begin().await.unwrap();
            let sql = "UPDATE documents SET state = $2, stated_at = $3, kind = 'kev', format_version = $4 WHERE id = $1";
            let values = vec![crate::bulk::id(id), state.into(), stated.into(), version.into()];
            tx.execute(sql, values).await.unwrap();
            tx.commit().await.unwrap();
        };
        let mut times = 1;
        for (state, stated, newest, expected) in [
            (PROCESSED, Some(1), 1, PROCESSED),
            (PROCESSED, None, 1, WAITING),
            (PROCESSED, Some(1), 2, WAITING),
            (FAILED, Some(1), 1, WAITING),
            (UNRESOLVED, Some(1), 1, WAITING),
        ] {
            set(other, PROCESSED, Some(1), newest).await;
            for way in ["page", "pipeline"] {
                set(id, state, stated, 1).await;
                if way == "page" {
                    assert_eq!(take(&store, &named("again"), &[b"{}"]).await, Received { id, known: true });
                } else {
                    let (digest, packed) = (kept::digest(b"{}"), kept::packed(b"{}").unwrap());
                    let tx = store.begin().await.unwrap();
                    assert_eq!(kept::receive(&tx, &digest, &named("again"), packed, now()).await.unwrap(), id);
                    tx.commit().await.unwrap();
                }
                times += 1;
                let detail = find(&store, &Viewer::everything(), id).await.unwrap().unwrap();
                assert_eq!(detail.row.state, expected, "{state} {stated:?} {newest} by {way}");
                let lines = detail.journal.iter().filter(|line| line.event == "received-again").count() as i64;
                assert_eq!((detail.row.times_received, lines), (times, times - 1));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_whole_is_not_seen() {
    on_each_database(async |store| {
        let provenance = named("half");
        let mut upload = Upload::begin(&store, &provenance, now());
        upload.write(&noise(3 * chunks::CHUNK)).await.unwrap();
        assert!(names(&store, &Filter::default(), Sort::ascending("name")).await.is_empty());
        upload.abandon().await.unwrap();

        let mut lost = Upload::begin(&store, &provenance, now() - chrono::TimeDelta::days(2));
        lost.write(&noise(3 * chunks::CHUNK)).await.unwrap();
        drop(lost);
        let written = store.rows_written("documents");
        take(&store, &named("whole"), &[&noise(2 * chunks::CHUNK)]).await;
        assert_eq!(store.rows_written("documents") - written, 3, "one swept, one inserted, one made visible");
        assert_eq!(names(&store, &Filter::default(), Sort::ascending("name")).await, ["whole"]);
    })
    .await;
}

#[tokio::test]
async fn a_replay_and_a_named_image_wait_again() {
    on_each_database(async |store| {
        let viewer = Viewer::everything();
        let image = "ghcr.io/acme/api:1".parse().unwrap();
        let id = take(&store, &named("report"), &[b"{\"a\":1}"]).await.id;
        let tx = store.begin().await.unwrap();
        tx.execute("UPDATE documents SET state = $1", vec![UNRESOLVED.into()]).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(name_image(&store, id, &image, now()).await.unwrap(), Named::Waiting);
        let detail = find(&store, &viewer, id).await.unwrap().unwrap();
        assert_eq!(detail.row.state, WAITING);
        assert_eq!(detail.row.image_reference.as_deref(), Some("ghcr.io/acme/api:1"));
        assert_eq!(detail.journal[0].message, "Said to speak of ghcr.io/acme/api:1.");

        let again = take(&store, &named("report"), &[b"{\"a\":1}"]).await;
        assert!(!again.known, "without the image it is another document");
        assert_eq!(name_image(&store, again.id, &image, now()).await.unwrap(), Named::Known(id));

        request_replay(&store, id, now()).await.unwrap();
        let nobody = DocumentId::from_bytes([0; 16]);
        assert!(matches!(request_replay(&store, nobody, now()).await, Err(Error::NotFound(_))));
        assert!(matches!(name_image(&store, nobody, &image, now()).await, Err(Error::NotFound(_))));
    })
    .await;
}

#[tokio::test]
async fn the_list_filters_sorts_and_pages() {
    on_each_database(async |store| {
        let viewer = Viewer::everything();
        for (index, name) in ["a_b.json", "axb.json", "C.json", "d.json"].iter().enumerate() {
            let id = take(&store, &named(name), &[name.as_bytes()]).await.id;
            let tx = store.begin().await.unwrap();
            let sql = "UPDATE documents SET kind = $2, state = $3, counts = $4, changes = $5, warning_count = $6 \
                       WHERE id = $1";
            let kind = ["trivy-json", "grype-json"][index % 2];
            let counts = format!("{{\"findings\":{}}}", [9, 10, 2, 0][index]);
            let values = vec![
                crate::bulk::id(id),
                kind.into(),
                PROCESSED.into(),
                counts.into(),
                "{\"added\":1}".into(),
                (index as i64).into(),
            ];
            tx.execute(sql, values).await.unwrap();
            tx.commit().await.unwrap();
        }
        let all = Filter::default();
        let by = async |column: &str| names(&store, &all, Sort::descending(column)).await.concat();
        assert_eq!(by("counts").await, "axb.jsona_b.jsonC.jsond.json");
        assert_eq!(by("name").await, "d.jsonC.jsonaxb.jsona_b.json");
        for column in ["received", "kind", "tool", "target", "size", "state", "changes", "warnings", "source"] {
            assert_eq!(by(column).await.len(), 28, "{column}");
        }
        let only = async |filter: Filter| names(&store, &filter, Sort::ascending("name")).await;
        assert_eq!(only(Filter { text: Some("A_B".to_owned()), ..Filter::default() }).await, ["a_b.json"]);
        assert_eq!(only(Filter { kind: Some("grype-json".to_owned()), ..all.clone() }).await, ["axb.json", "d.json"]);
        assert_eq!(only(Filter { warned: true, ..all.clone() }).await, ["axb.json", "C.json", "d.json"]);
        assert_eq!(only(Filter { state: Some(FAILED.to_owned()), ..all.clone() }).await, Vec::<String>::new());

        let sort = Sort::descending("counts");
        let first = list(&store, &viewer, &all, &sort, &Page::first(3)).await.unwrap();
        assert_eq!((first.rows.len(), first.total), (3, Some(Total::Exactly(4))));
        let next = Page::at(3, Start::Cursor(first.next.unwrap()));
        let second = list(&store, &viewer, &all, &sort, &next).await.unwrap();
        assert_eq!(second.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["d.json"]);
        assert!(second.next.is_none());
        let facets = facets(&store, &viewer).await.unwrap();
        assert_eq!(facets.kinds.iter().map(|facet| facet.count).collect::<Vec<_>>(), [2, 2]);
    })
    .await;
}
