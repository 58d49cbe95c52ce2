//! Columns and rows of a table by what they mean. Refuses to interpret.

use crate::generic::{Entry, Field, Meanings};
use crate::table::{Row, Table};

/// What each column means, if anything.
pub(super) fn fields(table: &Table<'_>, meanings: &Meanings) -> Vec<Option<Field>> {
    table.columns().iter().map(|name| meanings.of(name)).collect()
}

/// What a row says under columns of these meanings.
pub(super) fn entry(row: &Row<'_>, fields: &[Option<Field>]) -> Entry {
    let filled = fields.iter().zip(row.cells()).filter(|(_, text)| !text.is_empty());
    let cells = filled.filter_map(|(field, text)| Some(((*field)?, text.to_owned())));
    Entry { at: row.at(), cells: cells.collect() }
}
