//! A table of findings of one's own, between commas or semicolons, its header in the first line: columns are told by the
//! dictionary in [`crate::generic`]. DefectDojo's generic CSV is one.
//!
//! Refuses tables of which most columns are not in the dictionary, those without a severity, and every table that another
//! format claims.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::generic::{self, Field, Mapping, Meanings};
use crate::table::Table;
use crate::{Error, Format, Head, Parsed};

pub(crate) const KIND: &str = "generic-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Findings in a table of one's own (CSV)",
    docs: "https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let Some((header, _)) = head.text().split_once('\n') else { return false };
    if head.is_json_object() || head.is_json_array() || head.first_byte() == Some(b'<') {
        return false;
    }
    let Ok(table) = Table::headed(header.as_bytes(), KIND) else { return false };
    let fields = wire::fields(&table, Meanings::of_dictionary());
    let has = |field: Field| fields.contains(&Some(field));
    let known = fields.iter().flatten().count();
    let told = has(Field::Severity) && (has(Field::Title) || has(Field::Vulnerability));
    told && fields.len() > 2 && known * 2 > fields.len() && !generic::is_claimed(head)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    read(document, &Mapping::default())
}

/// Reads a table by a mapping.
///
/// # Errors
/// When no row has a title or a vulnerability.
pub(crate) fn read(document: &[u8], mapping: &Mapping) -> Result<Parsed, Error> {
    map::list(Table::headed(document, KIND)?, mapping)
}
