//! Rows as findings, as every list of one's own is mapped. Refuses a table of which no row says what it is, and to pass
//! over a column in silence.

use super::wire;
use crate::error::clip;
use crate::generic::{self, Mapping};
use crate::table::Table;
use crate::warnings::Warnings;
use crate::{Error, Parsed};

/// Maps a whole table.
///
/// # Errors
/// When none of its rows has a title or a vulnerability.
pub(super) fn list(mut table: Table<'_>, mapping: &Mapping) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    let fields = wire::fields(&table, &mapping.meanings());
    let columns = table.columns().iter().zip(&fields);
    for (name, _) in columns.filter(|(name, field)| field.is_none() && !name.is_empty()) {
        let message = format!("the column `{}` is not in the dictionary and was passed over", clip(name));
        warnings.push("line 1", message);
    }
    let mut entries = Vec::new();
    let mut first = None;
    while let Some(row) = table.row(&mut warnings)? {
        first.get_or_insert(row.place);
        entries.push(wire::entry(&row, &fields));
    }
    match first.filter(|_| !entries.iter().any(generic::Entry::is_told)) {
        Some(place) => {
            let expectation = "expected a row with a title or a vulnerability; none has either".to_owned();
            Err(table.broken(place, expectation))
        }
        None => Ok(generic::findings(&entries, "", warnings)),
    }
}
