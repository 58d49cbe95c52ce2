//! Rows to what every document of Prowler's says. Refuses nothing that they hold.

use super::wire;
use crate::prowler::Mapper;
use crate::table::Table;
use crate::{Error, Parsed};

/// Maps a whole list.
///
/// # Errors
/// When none of its rows can be read.
pub(super) fn list(mut table: Table<'_>) -> Result<Parsed, Error> {
    let mut mapper = Mapper::default();
    while let Some(row) = table.row(mapper.warnings())? {
        mapper.version(row.cell("prowler_version"));
        mapper.add(&wire::finding(&row), &|| row.at());
    }
    Ok(mapper.build(None))
}
