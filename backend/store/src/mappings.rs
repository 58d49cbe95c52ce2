//! Mappings of columns that were saved under names. Refuses to say which fits a document.

use chrono::{DateTime, Utc};
use domain::mapping::ColumnMapping;
use domain::scope::Viewer;

use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Store};

/// The most mappings that are listed.
const MOST: u32 = 200;

/// A mapping that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its name.
    pub name: String,
    /// What columns mean by it.
    pub mapping: ColumnMapping,
    /// When it was saved last.
    pub saved_at: DateTime<Utc>,
}

/// The mappings there are, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, _viewer: &Viewer) -> Result<Vec<Saved>, Error> {
    let sql = format!("SELECT name, mapping, saved_at FROM mappings ORDER BY LOWER(name), name LIMIT {MOST}");
    store.query(&sql, vec![]).await?.iter().map(saved).collect()
}

/// The mapping of a name, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, _viewer: &Viewer, name: &str) -> Result<Option<Saved>, Error> {
    let sql = "SELECT name, mapping, saved_at FROM mappings WHERE name = $1";
    store.query_one(sql, vec![name.into()]).await?.as_ref().map(saved).transpose()
}

/// The name under which a mapping is saved, if it is, however it writes the names of columns; of several the first.
///
/// # Errors
/// When the database does not answer.
pub async fn name_of(
    store: &Store,
    viewer: &Viewer,
    mapping: &ColumnMapping,
) -> Result<Option<String>, Error> {
    let same = list(store, viewer).await?.into_iter().find(|saved| saved.mapping.says_same(mapping));
    Ok(same.map(|saved| saved.name))
}

fn saved(cells: &Row) -> Result<Saved, Error> {
    Ok(Saved {
        name: cells.text("name")?,
        mapping: cells.json("mapping")?,
        saved_at: cells.time("saved_at")?,
    })
}

#[cfg(test)]
mod tests {
    use domain::document::Provenance;
    use domain::id::DocumentId;

    use super::*;
    use crate::documents::{self, PROCESSED, Upload, WAITING};
    use crate::save::{documents as kept, mappings as write};
    use crate::test_support::on_each_database;

    fn now() -> DateTime<Utc> {
        "2026-11-28T10:00:00Z".parse().unwrap()
    }

    fn mapping(tool: &str) -> ColumnMapping {
        ColumnMapping::new(tool, [("What".to_owned(), "title".to_owned())].into()).unwrap()
    }

    async fn take(store: &Store, mapping: Option<&ColumnMapping>) -> DocumentId {
        let provenance = Provenance {
            name: "own.csv".to_owned(),
            source: "upload".to_owned(),
            image: None,
            cluster: None,
            as_of: now(),
        };
        let mut upload = Upload::begin(store, &provenance, now()).mapped(mapping);
        upload.write(b"What\nx\n").await.unwrap();
        upload.finish(now()).await.unwrap().id
    }

    /// State, mapping and last journal line of a document.
    async fn stands(store: &Store, id: DocumentId) -> (String, Option<ColumnMapping>, String) {
        let found = documents::find(store, &Viewer::everything(), id).await.unwrap().unwrap();
        assert_eq!(kept::load(store, id).await.unwrap().mapping, found.mapping);
        let line = found.journal.first().map(|line| line.event.clone()).unwrap_or_default();
        (found.row.state, found.mapping, line)
    }

    async fn read(store: &Store) {
        let tx = store.begin().await.unwrap();
        tx.execute("UPDATE documents SET state = $1", vec![PROCESSED.into()]).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn names_lead_to_mappings() {
        on_each_database(async |store| {
            let viewer = Viewer::everything();
            assert!(list(&store, &viewer).await.unwrap().is_empty());
            let tx = store.begin().await.unwrap();
            for (name, tool) in [("b", "one"), ("A'; --", "two"), ("b", "three")] {
                write::save(&tx, name, &mapping(tool), now()).await.unwrap();
            }
            tx.commit().await.unwrap();
            let names: Vec<String> =
                list(&store, &viewer).await.unwrap().into_iter().map(|saved| saved.name).collect();
            assert_eq!(names, ["A'; --", "b"]);
            let found = find(&store, &viewer, "b").await.unwrap().unwrap();
            assert_eq!((found.mapping, found.saved_at), (mapping("three"), now()));
            assert_eq!(find(&store, &viewer, "B").await.unwrap(), None);
            let shouted = ColumnMapping::new("three", [("WHAT".to_owned(), "title".to_owned())].into());
            assert_eq!(name_of(&store, &viewer, &shouted.unwrap()).await.unwrap().as_deref(), Some("b"));
            assert_eq!(name_of(&store, &viewer, &mapping("one")).await.unwrap(), None, "it was saved over");
            let tx = store.begin().await.unwrap();
            let forgotten = [write::forget(&tx, "b").await.unwrap(), write::forget(&tx, "b").await.unwrap()];
            tx.commit().await.unwrap();
            assert_eq!(forgotten, [true, false]);
        })
        .await;
    }

    #[tokio::test]
    async fn a_document_waits_to_be_read_by_what_was_said() {
        on_each_database(async |store| {
            let id = take(&store, Some(&mapping("one"))).await;
            assert_eq!(
                stands(&store, id).await,
                (WAITING.to_owned(), Some(mapping("one")), "mapped".to_owned())
            );
            read(&store).await;
            assert_eq!(take(&store, None).await, id);
            assert_eq!(stands(&store, id).await.1, Some(mapping("one")), "what was said stands");
            read(&store).await;
            assert_eq!(take(&store, Some(&mapping("two"))).await, id);
            assert_eq!(
                stands(&store, id).await,
                (WAITING.to_owned(), Some(mapping("two")), "mapped".to_owned())
            );
            read(&store).await;
            let tx = store.begin().await.unwrap();
            write::take_back(&tx, id, now()).await.unwrap();
            let nobody = DocumentId::from_bytes([0; 16]);
            assert!(matches!(write::tell(&tx, nobody, &mapping("x"), now()).await, Err(Error::NotFound(_))));
            tx.commit().await.unwrap();
            assert_eq!(stands(&store, id).await, (WAITING.to_owned(), None, "unmapped".to_owned()));
        })
        .await;
    }
}
