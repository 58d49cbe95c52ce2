//! The values that filters offer. Refuses more of them than a person would read.

use super::{Clauses, Sql};
use crate::{Error, Store};

/// A value that a filter offers, with how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The value.
    pub value: String,
    /// Rows with it.
    pub count: u64,
}

/// The most values that one filter offers.
const FACETS: usize = 200;

/// The values of several columns of one table, most frequent first, in one query.
pub(crate) async fn facets<const N: usize>(
    store: &Store,
    table: &str,
    clauses: &Clauses,
    columns: [&str; N],
) -> Result<[Vec<Facet>; N], Error> {
    let mut sql = Sql::default();
    for (index, column) in columns.iter().enumerate() {
        let union = if index > 0 { " UNION ALL " } else { "" };
        sql.push(
            &format!("{union}SELECT {index} AS place, COALESCE({column}, '') AS value, COUNT(*) AS count FROM {table}"),
            [],
        );
        sql.clauses(clauses).push(&format!(" GROUP BY COALESCE({column}, '')"), []);
    }
    sql.push(" ORDER BY 1, 3 DESC, 2", []);
    let mut facets: [Vec<Facet>; N] = std::array::from_fn(|_| Vec::new());
    for row in sql.query(store).await? {
        let place = usize::try_from(row.integer("place")?).unwrap_or(0);
        let facet = Facet { value: row.text("value")?, count: row.count("count")? };
        if let Some(known) = facets.get_mut(place).filter(|known| known.len() < FACETS) {
            known.push(facet);
        }
    }
    Ok(facets)
}
