//! How ids that end in a number are ordered: CVE-2024-9999 before CVE-2024-10000. Refuses numbers of more
//! than ten digits, which are ordered as text.

/// The sort key of a column of ids: the text before the last number, and the number with leading zeros.
/// An index holds it, so the words are those of its migration.
macro_rules! natural {
    ($id:literal) => {
        concat!(
            "(RTRIM(",
            $id,
            ", '0123456789') || SUBSTR('0000000000', LENGTH(",
            $id,
            ") - LENGTH(RTRIM(",
            $id,
            ", '0123456789')) + 1) || SUBSTR(",
            $id,
            ", LENGTH(RTRIM(",
            $id,
            ", '0123456789')) + 1))"
        )
    };
}
pub(crate) use natural;

#[cfg(test)]
mod tests {
    use domain::scope::Viewer;

    use super::super::{Page, Sort, Start};
    use crate::Store;
    use crate::connection::Conn;
    use crate::save::vulnerabilities::{self as save, Record};
    use crate::test_support::on_each_database;
    use crate::vulnerabilities::{Filter, Presence, list};

    /// The ids page by page, two at a time.
    async fn walk(store: &Store, sort: Sort) -> Vec<String> {
        let filter = Filter { presence: Presence::Any, ..Filter::default() };
        let (mut ids, mut start) = (Vec::new(), Start::First);
        loop {
            let page = Page::at(2, start);
            let listed = list(store, &Viewer::everything(), &filter, &sort, &page).await.unwrap();
            ids.extend(listed.rows.into_iter().map(|row| row.id));
            match listed.next {
                Some(next) => start = Start::Cursor(next),
                None => return ids,
            }
        }
    }

    /// `CVE-2024-10000` stood before `CVE-2024-9999`.
    #[tokio::test]
    async fn vulnerabilities_are_in_the_order_of_their_numbers() {
        on_each_database(async |store| {
            let mut ordered =
                ["CVE-1999-0001", "CVE-2024-0010", "CVE-2024-9999", "CVE-2024-10000", "GHSA-xxxx-yyyy-zz12"];
            let records =
                [3, 2, 0, 4, 1].map(|place| Record { id: ordered[place], severity: 4, ..Record::default() });
            let tx = store.begin().await.unwrap();
            save::save(&tx, &records, 0).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(walk(&store, Sort::ascending("id")).await, ordered);
            ordered.reverse();
            assert_eq!(walk(&store, Sort::descending("id")).await, ordered);
            if store.is_sqlite() {
                let key = natural!("id");
                let sql = format!("EXPLAIN QUERY PLAN SELECT id FROM vulnerabilities ORDER BY {key}, id");
                let plan = store.query(&sql, vec![]).await.unwrap()[0].text("detail").unwrap();
                assert!(plan.ends_with("INDEX vulnerabilities_by_number"), "{plan}");
            }
        })
        .await;
    }
}
