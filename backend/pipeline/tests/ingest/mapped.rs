//! Tables and lists that are read as somebody says what their columns mean.

use domain::mapping::ColumnMapping;
use pipeline::{Outcome, ingest};
use store::Store;
use store::save::{documents, mappings};
use store::test_support::on_each_database;

use crate::support::{SIZE, changes, now, number, open_findings, provenance};

const TABLE: &[u8] = b"What,How bad,Where it is,Of,Notes\n\
    Reads too much,HIGH,left-pad,ghcr.io/acme/api@sha256:\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,CVE-2026-1\n";

fn mapping(tool: &str) -> ColumnMapping {
    let columns = [
        ("What", "title"),
        ("How bad", "severity"),
        ("Where it is", "component"),
        ("Of", "image"),
        ("Notes", "vulnerability"),
    ];
    let columns = columns.map(|(name, word)| (name.to_owned(), word.to_owned()));
    ColumnMapping::new(tool, columns.into()).unwrap()
}

/// The same without what a column says.
fn leaving_out(column: &str) -> ColumnMapping {
    let mapping = mapping("one");
    let mut columns = mapping.columns().clone();
    columns.insert(column.to_owned(), "beside".to_owned());
    ColumnMapping::new(mapping.tool(), columns).unwrap()
}

/// Which findings are open, and who says so, sorted.
async fn said(store: &Store) -> Vec<String> {
    let sql = "SELECT a.tool || ': ' || COALESCE(f.vulnerability_id, f.subject) FROM attributions a \
               JOIN findings f ON f.image_id = a.image_id AND f.id = a.finding_id WHERE f.closed_at IS NULL";
    let mut said = store.texts(sql).await.unwrap();
    said.sort_unstable();
    said
}

async fn take(store: &Store, mapping: Option<&ColumnMapping>) -> Outcome {
    ingest::ingest_mapped(store, TABLE.to_vec(), &provenance(), mapping, SIZE, now()).await.unwrap()
}

#[tokio::test]
async fn a_table_that_no_format_fits_is_read_as_somebody_says() {
    on_each_database(async |store| {
        let refused = take(&store, None).await;
        assert!(refused.error().unwrap().starts_with("no known format"), "{:?}", refused.error());
        assert_eq!(open_findings(&store).await, 0);
        let id = refused.document.unwrap();

        let read = take(&store, Some(&mapping("Our Scanner"))).await;
        assert_eq!((read.error(), read.document, changes(&read)), (None, Some(id), [1, 0, 0, 0]));
        assert_eq!(read.inspection().kind.as_deref(), Some("generic-csv"));
        assert_eq!(read.inspection().tool.as_deref(), Some("our-scanner"));
        assert_eq!(documents::load(&store, id).await.unwrap().mapping, Some(mapping("Our Scanner")));

        let again = take(&store, None).await;
        assert_eq!((again.error(), changes(&again)), (None, [0, 0, 1, 0]), "what was said stands");
        let again = ingest::replay(&store, id, SIZE, now()).await.unwrap();
        assert_eq!((again.error(), changes(&again)), (None, [0, 0, 1, 0]));
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_said_may_be_changed_and_taken_back() {
    on_each_database(async |store| {
        let id = take(&store, Some(&mapping("one"))).await.document.unwrap();
        let other = take(&store, Some(&mapping("two"))).await;
        assert_eq!((other.inspection().tool.as_deref(), changes(&other)), (Some("two"), [0, 0, 1, 0]));
        assert_eq!(said(&store).await, ["two: CVE-2026-1"], "what was said by another mapping is taken back");
        let tx = store.begin().await.unwrap();
        mappings::take_back(&tx, id, now()).await.unwrap();
        tx.commit().await.unwrap();
        let plain = ingest::process_next(&store, SIZE, now()).await.unwrap().unwrap();
        assert_eq!(plain.document, Some(id));
        assert!(plain.error().unwrap().starts_with("no known format"));
        assert_eq!(changes(&plain), [0, 1, 0, 0], "nobody says it any more");
        assert_eq!((open_findings(&store).await, said(&store).await.len()), (0, 0));
        assert_eq!(number(&store, "SELECT COUNT(*) FROM scans").await, 0);
        let again = take(&store, Some(&mapping("two"))).await;
        assert_eq!((again.document, changes(&again)), (Some(id), [1, 0, 0, 0]));
    })
    .await;
}

#[tokio::test]
async fn a_mapping_that_cannot_be_read_by_takes_nothing_back() {
    on_each_database(async |store| {
        take(&store, Some(&mapping("one"))).await;
        let none = ColumnMapping::new("one", [("What".to_owned(), "colour".to_owned())].into()).unwrap();
        let refused = take(&store, Some(&none)).await;
        assert!(refused.error().is_some());
        assert_eq!((changes(&refused), said(&store).await.len()), ([0; 4], 1));
        let read = take(&store, Some(&leaving_out("Notes"))).await;
        assert_eq!(
            (read.error(), changes(&read)),
            (None, [1, 1, 0, 0]),
            "it waited until something could be read"
        );
        assert_eq!(said(&store).await, ["one: Reads too much"]);
    })
    .await;
}

#[tokio::test]
async fn what_another_document_says_too_stays() {
    on_each_database(async |store| {
        let id = take(&store, Some(&mapping("one"))).await.document;
        let of = format!("ghcr.io/acme/api@sha256:{}", "a".repeat(64));
        let more = [TABLE, format!("Open door,low,,{of},CVE-2026-2\n").as_bytes()].concat();
        let told = mapping("one");
        let other = ingest::ingest_mapped(&store, more, &provenance(), Some(&told), SIZE, now()).await;
        assert_eq!(changes(&other.unwrap()), [1, 0, 1, 0]);

        let again = take(&store, Some(&leaving_out("Notes"))).await;
        assert_eq!((again.error(), again.document), (None, id));
        assert_eq!(said(&store).await, ["one: CVE-2026-1", "one: CVE-2026-2", "one: Reads too much"]);
        assert_eq!(open_findings(&store).await, 3);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents WHERE state <> 'processed'").await, 0);
        let of_other = "SELECT COUNT(DISTINCT document_id) FROM attributions";
        assert_eq!(number(&store, of_other).await, 2, "each document has its words");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_so_is_refused() {
    on_each_database(async |store| {
        let columns = |name: &str, word: &str| {
            ColumnMapping::new("", [(name.to_owned(), word.to_owned())].into()).unwrap()
        };
        for (mapping, sentence) in [
            (columns("What", "colour"), "gives a column the meaning `colour`"),
            (columns("What", "beside"), "no row has a title or the id of a vulnerability"),
        ] {
            let refused = take(&store, Some(&mapping)).await;
            assert!(refused.error().unwrap().contains(sentence), "{:?}", refused.error());
        }
        assert_eq!(open_findings(&store).await, 0);
    })
    .await;
}
