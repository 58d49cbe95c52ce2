//! The catalogue as CISA writes it, in JSON and in CSV. Every field may be absent: what is missed is
//! for `map` to say. Refuses to interpret anything.

use serde::Deserialize;

use crate::Error;
use crate::json::{Number, Text, nullable};

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

/// Columns without which a table is not the catalogue.
const NEEDED: [&str; 5] = ["cveID", "vendorProject", "product", "dateAdded", "dueDate"];

/// Whether a line is the header of the official CSV.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<&str> = line.trim().split(',').map(|name| name.trim_matches('"')).collect();
    NEEDED.iter().all(|needed| names.contains(needed))
}

/// The entries of the official CSV.
pub(super) fn rows(bytes: &[u8], kind: &'static str) -> Result<Vec<Entry<'static>>, Error> {
    let broken = |offset: u64, at: String, expectation: String| Error::Broken {
        kind,
        at,
        offset: usize::try_from(offset).unwrap_or(usize::MAX),
        expectation,
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => return Err(broken(0, "line 1".to_owned(), error.to_string())),
    };
    let column = |name: &str| header.iter().position(|found| found.trim_ascii() == name.as_bytes());
    let columns = [
        "cveID",
        "vendorProject",
        "product",
        "vulnerabilityName",
        "dateAdded",
        "dueDate",
        "requiredAction",
        "knownRansomwareCampaignUse",
    ]
    .map(column);
    let mut entries = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(|error| {
            let (offset, line) = error.position().map_or((0, 0), |at| (at.byte(), at.line()));
            broken(offset, format!("line {line}"), error.to_string())
        })?;
        entries.push(entry(&record, &columns));
    }
    Ok(entries)
}

fn entry(record: &csv::ByteRecord, columns: &[Option<usize>; 8]) -> Entry<'static> {
    let cell = |index: usize| {
        let bytes = columns[index].and_then(|column| record.get(column))?;
        Some(Text(String::from_utf8_lossy(bytes).trim().to_owned().into()))
    };
    let text = |index: usize| cell(index).unwrap_or_default();
    Entry {
        cve_id: text(0),
        vendor_project: text(1),
        product: text(2),
        vulnerability_name: text(3),
        date_added: text(4),
        due_date: text(5),
        required_action: text(6),
        known_ransomware_campaign_use: cell(7),
    }
}
