//! Rows as findings, as all reports of Nessus are mapped. Refuses a table of which no row has the number of its plugin.

use super::wire;
use crate::nessus::Mapper;
use crate::table::Table;
use crate::{Error, Parsed};

/// Maps a whole report.
///
/// # Errors
/// When none of its rows has the number of its plugin.
pub(super) fn report(mut table: Table<'_>) -> Result<Parsed, Error> {
    let mut mapper = Mapper::new();
    let (mut numbered, mut first) = (false, None);
    while let Some(row) = table.row(mapper.warnings())? {
        let item = wire::item(&row);
        first.get_or_insert(row.place);
        numbered |= !item.plugin.is_empty();
        mapper.add(&item);
    }
    match first.filter(|_| !numbered) {
        Some(place) => {
            let expectation = "expected a row with the number of its plugin; none has one".to_owned();
            Err(table.broken(place, expectation))
        }
        None => Ok(mapper.build()),
    }
}
