//! Rows of a table by what its columns mean. Refuses to interpret.

use crate::error::clip;
use crate::generic::{Entry, Field, Mapping};
use crate::table;
use crate::warnings::Warnings;

/// What each column of a header means, if anything.
pub(super) fn fields(header: &[u8], mapping: &Mapping) -> Vec<Option<Field>> {
    table::read(header, &[]).columns().iter().map(|name| mapping.field(name)).collect()
}

/// The rows, and line and byte of the first.
pub(super) fn entries(
    document: &[u8],
    mapping: &Mapping,
    warnings: &mut Warnings,
) -> (Vec<Entry>, Option<(u64, usize)>) {
    let table = table::read(document, &[]);
    let mut columns: Vec<(&str, Field)> = Vec::new();
    for name in table.columns().iter().filter(|name| !name.is_empty()) {
        match mapping.field(name) {
            Some(field) => columns.push((name.as_str(), field)),
            None => {
                let message =
                    format!("the column `{}` is not in the dictionary and was passed over", clip(name));
                warnings.push("line 1", message);
            }
        }
    }
    let entry = |row: &table::Row| {
        let cells = columns.iter().map(|(name, field)| (*field, table.cell(row, &[*name]).to_owned()));
        Entry {
            at: format!("line {}", row.line),
            cells: cells.filter(|(_, text)| !text.is_empty()).collect(),
        }
    };
    let entries = table.rows.iter().map(entry).collect();
    (entries, table.rows.first().map(|row| (row.line, row.offset)))
}
