//! Rows as findings, as all of Orca's lists are mapped. Refuses a table of which no row has a title.

use super::wire;
use crate::orca::Mapper;
use crate::table::Table;
use crate::{Error, Parsed};

/// Maps a whole list.
///
/// # Errors
/// When none of its rows has a title.
pub(super) fn list(mut table: Table<'_>) -> Result<Parsed, Error> {
    let mut mapper = Mapper::new();
    let (mut titled, mut first) = (false, None);
    while let Some(row) = table.row(mapper.warnings())? {
        let alert = wire::alert(&row);
        first.get_or_insert(row.place);
        titled |= !alert.title.is_empty();
        mapper.add(&alert);
    }
    match first.filter(|_| !titled) {
        Some(place) => Err(table.broken(place, "expected an alert with a title; none has one".to_owned())),
        None => Ok(mapper.build()),
    }
}
