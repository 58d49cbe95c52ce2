//! Rows to what every document of Prowler's says. Refuses nothing that they hold.

use super::wire::Table;
use crate::Parsed;
use crate::prowler::Mapper;
use crate::warnings::Warnings;

/// Maps a table.
pub(super) fn table(table: &Table, warnings: Warnings) -> Parsed {
    let mut mapper = Mapper::with(warnings);
    for row in table.rows() {
        mapper.version(row.cell(&["PROWLER_VERSION"]));
        mapper.add(&row.finding(), &|| format!("line {}", row.line));
    }
    mapper.build(None)
}
