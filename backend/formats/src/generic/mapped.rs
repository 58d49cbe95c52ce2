//! A table or list read as somebody says, whatever format would claim it, and what its first rows become by that. What the
//! mapping does not name is told by the dictionary.
//!
//! Refuses words that mean nothing here, and to pass over a column in silence that nobody gave a meaning.

use std::collections::HashMap;

use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::mapping::{ColumnMapping, Preview, PreviewFinding, PreviewRow};
use domain::observation::Observation;
use domain::scan::{Scan, Target};

use super::outline::{SHOWN_ROWS, beginning};
use super::rows::{self, Row, Rows};
use super::{Entry, Field, Mapping, Meanings, findings, words};
use crate::error::{clip, one_line};
use crate::warnings::Warnings;
use crate::{Error, Head, Limits, Parsed, Read, document};

/// How much of a warning is shown, in characters.
const WARNING: usize = 240;

/// Decompresses a document and reads it by a mapping.
///
/// # Errors
/// When it is no table and no list of objects, broken, or says nothing by this mapping; and those of [`check`] and of
/// opening any document.
pub fn read(raw: &[u8], limits: Limits, mapping: &ColumnMapping) -> Result<Read, Error> {
    let document = document::open(raw, limits, |beginning| rows::promises(&Head::cut(beginning)))?;
    let mut rows = Rows::of(&document)?;
    rows.check()?;
    let mut reader = Reader::new(mapping)?;
    let mut warnings = Warnings::default();
    let mut entries = Vec::new();
    while let Some(row) = rows.next(&mut warnings)? {
        entries.push(reader.entry(row, &mut warnings));
    }
    if !entries.is_empty() && !entries.iter().any(Entry::is_told) {
        return Err(Error::Untold);
    }
    Ok(Read { format: rows.format(), parsed: findings(&entries, mapping.tool(), warnings) })
}

/// Makes sure that every word of a mapping means something.
///
/// # Errors
/// The first that does not.
pub fn check(mapping: &ColumnMapping) -> Result<(), Error> {
    Reader::new(mapping).map(drop)
}

/// What the first rows of a document become; of a long one its beginning is enough.
///
/// # Errors
/// When it is no table and no list of objects; and those of [`check`].
pub fn preview(raw: &[u8], mapping: &ColumnMapping) -> Result<Preview, Error> {
    let document = beginning(raw)?;
    let mut rows = Rows::of(&document)?;
    let mut reader = Reader::new(mapping)?;
    let mut preview = Preview::default();
    while preview.rows.len() < SHOWN_ROWS {
        let mut warnings = Warnings::default();
        let Some(row) = rows.next(&mut warnings)? else { break };
        let entry = reader.entry(row, &mut warnings);
        let at = entry.at.clone();
        preview.told |= entry.is_told();
        let parsed = findings(std::slice::from_ref(&entry), mapping.tool(), warnings);
        preview.rows.push(shown(at, &parsed));
    }
    Ok(preview)
}

/// What names mean, by a mapping and by the dictionary.
struct Reader {
    meanings: Meanings,
    known: HashMap<String, Option<Field>>,
}

impl Reader {
    fn new(mapping: &ColumnMapping) -> Result<Self, Error> {
        let mut all = Mapping::default();
        for (name, word) in mapping.columns() {
            let field = words::field(word).ok_or_else(|| Error::UnknownMeaning { word: clip(word) })?;
            all.set(name, field);
        }
        Ok(Self { meanings: all.meanings(), known: HashMap::new() })
    }

    fn entry(&mut self, row: Row, warnings: &mut Warnings) -> Entry {
        let mut cells = Vec::with_capacity(row.cells.len());
        for (name, text) in row.cells {
            let field = match self.known.get(&name) {
                Some(field) => *field,
                None => {
                    let field = self.meanings.of(&name);
                    self.known.insert(name.clone(), field);
                    field
                }
            };
            match field {
                Some(field) => cells.push((field, text)),
                None => {
                    let message = format!("the column `{}` is not mapped and was passed over", clip(&name));
                    warnings.push(row.at.as_str(), message);
                }
            }
        }
        Entry { at: row.at, cells }
    }
}

fn shown(at: String, parsed: &Parsed) -> PreviewRow {
    let mut row = PreviewRow { at, ..PreviewRow::default() };
    for observation in &parsed.observations {
        let Observation::Scan(scan) = observation else { continue };
        row.tool = Some(one_line(&scan.tool.name, WARNING));
        row.image = row.image.or_else(|| image(&scan.target));
        row.findings.extend(scan.findings.iter().map(|finding| shown_finding(scan, finding)));
    }
    row.warnings = parsed.warnings.iter().map(|warning| one_line(&warning.message, WARNING)).collect();
    row
}

fn image(target: &Target) -> Option<String> {
    let Target::Image(image) = target else { return None };
    let named = image.references.first().map(ToString::to_string);
    let text = named.or_else(|| image.best_digest().map(ToString::to_string))?;
    Some(one_line(&text, WARNING))
}

fn shown_finding(scan: &Scan, finding: &ReportedFinding) -> PreviewFinding {
    let component = scan.component_of(finding);
    let record = scan.vulnerability_of(finding);
    let name: &str = match &finding.subject {
        Subject::Vulnerability { .. } => record.map(|record| record.id.as_str()).unwrap_or_default(),
        Subject::Secret { rule, .. } => rule,
        Subject::Misconfiguration { check, .. } => check,
        Subject::Licence { licence, .. } => licence,
        Subject::Malware { name, .. } => name,
    };
    let suppressed = match &finding.verdict {
        Verdict::Affected => None,
        Verdict::Suppressed(why) => Some(clip(why)),
    };
    let version = component.and_then(|component| component.version.as_deref());
    PreviewFinding {
        severity: finding.severity,
        class: finding.subject.class(),
        name: clip(name),
        title: finding.title.as_deref().map(clip),
        package: component.map(|component| clip(&component.name)),
        version: version.map(clip),
        suppressed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"What,How bad,Where it is,Its version,Notes,Mystery\n\
        Reads too much,HIGH,left-pad,1.0,CVE-2026-1,x\nOpen door,low,,,,y\n";

    fn mapping(columns: &[(&str, &str)]) -> ColumnMapping {
        let columns = columns.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect();
        ColumnMapping::new("Our Scanner", columns).unwrap()
    }

    fn whole() -> ColumnMapping {
        mapping(&[
            ("What", "title"),
            ("how bad", "severity"),
            ("Where it is", "component"),
            ("Its version", "version"),
            ("Notes", "vulnerability"),
        ])
    }

    fn told(raw: &[u8], mapping: &ColumnMapping) -> Result<Vec<String>, String> {
        let read = read(raw, Limits::default(), mapping).map_err(|error| error.to_string())?;
        let scans = crate::test_support::scans(&read.parsed);
        let lines = scans.iter().flat_map(|scan| {
            scan.findings.iter().map(move |finding| {
                let shown = shown_finding(scan, finding);
                let package = shown.package.unwrap_or_default();
                format!("{} {} {} {package}", scan.tool.name, shown.severity.as_str(), shown.name)
            })
        });
        Ok(lines.collect())
    }

    #[test]
    fn a_table_is_read_as_somebody_says() {
        assert!(crate::read(TABLE, Limits::default()).is_err(), "no format claims it");
        assert_eq!(
            told(TABLE, &whole()).unwrap(),
            ["our-scanner high CVE-2026-1 left-pad", "our-scanner low Open door "]
        );
        let read = read(TABLE, Limits::default(), &whole()).unwrap();
        assert_eq!((read.format.kind, read.parsed.entries), ("generic-csv", 2));
        let odd: Vec<&str> = read.parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert!(odd[0].starts_with("the column `Mystery` is not mapped"), "{odd:?}");
    }

    #[test]
    fn a_list_is_read_as_somebody_says() {
        let list = br#"{"rows":[{"bug":"CVE-2026-1","pkg":{"id":"left-pad"},"level":"major"}]}"#;
        let mapping = mapping(&[("bug", "vulnerability"), ("pkg.id", "component"), ("level", "severity")]);
        assert_eq!(told(list, &mapping).unwrap(), ["our-scanner high CVE-2026-1 left-pad"]);
        let bare = br#"[{"bug":"CVE-2026-1","severity":"low"}]"#;
        assert_eq!(told(bare, &mapping).unwrap(), ["our-scanner low CVE-2026-1 unknown"]);
        assert_eq!(told(b"[]", &mapping).unwrap(), [""; 0]);
    }

    #[test]
    fn what_cannot_be_read_so_is_refused() {
        for (raw, mapping, sentence) in [
            (TABLE, mapping(&[("What", "colour")]), "gives a column the meaning `colour`"),
            (TABLE, mapping(&[("What", "beside")]), "no row has a title or the id of a vulnerability"),
            (b"{\"a\":1}".as_slice(), whole(), "has columns to map: the document looks like a JSON object"),
            (b"[{\"title\":\"x\"},".as_slice(), whole(), "truncated generic-json"),
            (b" ".as_slice(), whole(), "empty"),
        ] {
            let error = told(raw, &mapping).unwrap_err();
            assert!(error.contains(sentence), "{error}");
        }
        assert_eq!(check(&whole()), Ok(()));
        assert!(check(&mapping(&[("a", "colour")])).is_err());
    }

    #[test]
    fn the_first_rows_are_shown_before() {
        let preview = preview(TABLE, &whole()).unwrap();
        assert_eq!((preview.rows.len(), preview.told), (2, true));
        let first = &preview.rows[0];
        assert_eq!((first.at.as_str(), first.tool.as_deref()), ("line 2", Some("our-scanner")));
        assert_eq!(first.image, None);
        let finding = &first.findings[0];
        assert_eq!((finding.name.as_str(), finding.title.as_deref()), ("CVE-2026-1", Some("Reads too much")));
        assert_eq!((finding.package.as_deref(), finding.version.as_deref()), (Some("left-pad"), Some("1.0")));
        assert!(first.warnings[0].contains("`Mystery`"), "{:?}", first.warnings);
        let untold = super::preview(TABLE, &mapping(&[("What", "beside")])).unwrap();
        assert!(untold.rows[0].findings.is_empty() && !untold.told);
        assert!(untold.rows[0].warnings.concat().contains("without a title"), "{untold:?}");
    }

    #[test]
    fn of_what_breaks_off_the_first_rows_are_shown_too() {
        let list = br#"[{"title":"a","severity":"low","image":"ghcr.io/acme/api:1"},{"title":"b","sev"#;
        let preview = preview(list, &mapping(&[("x", "beside")])).unwrap();
        assert_eq!(preview.rows.len(), 1);
        assert_eq!(preview.rows[0].image.as_deref(), Some("ghcr.io/acme/api:1"));
    }
}
