//! The catalogue as CISA writes it, in JSON and in CSV. Every field may be absent: what is missed is
//! for `map` to say. Refuses to interpret anything.

use serde::Deserialize;

use crate::Error;
use crate::json::{Number, Text, nullable};
use crate::table::{Row, Table};
use crate::warnings::Warnings;

/// The JSON document, or the entries of the other forms without what the document adds.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Catalogue<'a> {
    #[serde(borrow)]
    pub(super) catalog_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) date_released: Option<Text<'a>>,
    pub(super) count: Number,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) vulnerabilities: Vec<Entry<'a>>,
}

/// One vulnerability.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Entry<'a> {
    #[serde(borrow, rename = "cveID")]
    pub(super) cve_id: Text<'a>,
    #[serde(borrow)]
    pub(super) vendor_project: Text<'a>,
    #[serde(borrow)]
    pub(super) product: Text<'a>,
    #[serde(borrow)]
    pub(super) vulnerability_name: Text<'a>,
    #[serde(borrow)]
    pub(super) date_added: Text<'a>,
    #[serde(borrow)]
    pub(super) due_date: Text<'a>,
    #[serde(borrow)]
    pub(super) required_action: Text<'a>,
    #[serde(borrow)]
    pub(super) known_ransomware_campaign_use: Option<Text<'a>>,
}

impl<'a> Catalogue<'a> {
    /// Entries that came without a document around them.
    pub(super) fn of(vulnerabilities: Vec<Entry<'a>>) -> Self {
        Self { vulnerabilities, ..Self::default() }
    }
}

/// Columns without which a table is not the catalogue, in lower case.
pub(super) const LAYOUTS: [&[&str]; 1] = [&["cveid", "vendorproject", "product", "dateadded", "duedate"]];

/// The entries of the official CSV.
pub(super) fn rows(
    bytes: &[u8],
    kind: &'static str,
    warnings: &mut Warnings,
) -> Result<Vec<Entry<'static>>, Error> {
    let mut table = Table::open(bytes, kind, &LAYOUTS)?;
    let mut entries = Vec::new();
    while let Some(row) = table.row(warnings)? {
        entries.push(entry(row));
    }
    Ok(entries)
}

fn entry(row: Row<'_>) -> Entry<'static> {
    let text = |name: &str| Text(row.cell(name).to_owned().into());
    Entry {
        cve_id: text("cveid"),
        vendor_project: text("vendorproject"),
        product: text("product"),
        vulnerability_name: text("vulnerabilityname"),
        date_added: text("dateadded"),
        due_date: text("duedate"),
        required_action: text("requiredaction"),
        known_ransomware_campaign_use: Some(text("knownransomwarecampaignuse")),
    }
}
