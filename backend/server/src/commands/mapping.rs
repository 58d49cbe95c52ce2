//! What columns of documents mean, as commands and pages need it: out of a file, by the name of a saved mapping, and what
//! pages may ask of the reader. Refuses to let what the reader fails on take a request down.

use std::panic::catch_unwind;
use std::path::Path;

use color_eyre::eyre::{Result, WrapErr, eyre};
use domain::mapping::ColumnMapping;
use domain::scope::Viewer;
use formats::generic;
use secrecy::ExposeSecret;
use store::Store;
use store::mappings;

use super::{block_on, connect};
use crate::settings::Settings;

/// The largest file that can hold a mapping, in bytes.
const LARGEST: u64 = 256 << 10;
/// Why nothing is shown of a document that the reader failed on.
const DEFECT: &str = "the reader failed on it, which is our defect: please report it with the document";

/// What `--mapping` names.
#[derive(Debug)]
pub(super) enum Named<'a> {
    /// A mapping out of a file.
    File(ColumnMapping),
    /// The name of one that is saved.
    Saved(&'a str),
}

/// Reads a mapping from a file; what leads to no file names one that is saved.
pub(super) fn named(told: &Path) -> Result<Named<'_>> {
    match told.to_str() {
        Some(name) if !told.exists() => Ok(Named::Saved(name)),
        _ => read(told).map(Named::File),
    }
}

impl Named<'_> {
    /// The mapping, with the database at hand.
    pub(super) async fn of(self, store: &Store, settings: &Settings) -> Result<ColumnMapping> {
        let name = match self {
            Self::File(mapping) => return Ok(mapping),
            Self::Saved(name) => name,
        };
        let database = settings.database_for_people();
        let failed = || format!("the mapping `{name}` cannot be looked up in {database}");
        let found = mappings::find(store, &Viewer::everything(), name).await.wrap_err_with(failed)?;
        let none = || {
            eyre!(
                "no file is at `{name}` and no mapping is saved as `{name}` in {database}; the page of a document \
                 with such columns saves one"
            )
        };
        found.map(|saved| saved.mapping).ok_or_else(none)
    }

    /// The mapping; a database is opened for a name alone, and none is made.
    pub(super) fn alone(self, settings: &Settings) -> Result<ColumnMapping> {
        let name = match self {
            Self::File(mapping) => return Ok(mapping),
            Self::Saved(name) => name,
        };
        if !store::is_there(settings.database_url.expose_secret()) {
            let database = settings.database_for_people();
            return Err(eyre!(
                "no file is at `{name}`, and there is no database at {database} that a mapping could be saved in"
            ));
        }
        block_on(async {
            let store = connect(settings).await?;
            let mapping = Named::Saved(name).of(&store, settings).await;
            store.close().await?;
            mapping
        })
    }
}

/// Reads a mapping from a file.
fn read(file: &Path) -> Result<ColumnMapping> {
    let failed = || format!("the mapping {} cannot be read", file.display());
    if file.metadata().wrap_err_with(failed)?.len() > LARGEST {
        return Err(eyre!("the mapping {} has more than {LARGEST} bytes", file.display()));
    }
    let text = std::fs::read_to_string(file).wrap_err_with(failed)?;
    let mapping: ColumnMapping = serde_json::from_str(&text).wrap_err_with(failed)?;
    generic::check(&mapping).wrap_err_with(failed)?;
    Ok(mapping)
}

/// What pages may ask of the reader.
pub(super) fn for_pages() -> web::Mapper {
    web::Mapper {
        meanings: generic::meanings(),
        kinds: &generic::KINDS,
        outline: |bytes| guarded(|| generic::outline(bytes)),
        preview: |bytes, mapping| guarded(|| generic::preview(bytes, mapping)),
    }
}

/// What comes of reading, or why nothing does, in a sentence without its full stop.
fn guarded<T>(
    read: impl FnOnce() -> Result<T, formats::Error> + std::panic::UnwindSafe,
) -> Result<T, String> {
    match catch_unwind(read) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err(DEFECT.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mapping.json");
        std::fs::write(&file, text).unwrap();
        format!("{:#}", read(&file).unwrap_err())
    }

    #[test]
    fn a_mapping_is_read_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mapping.json");
        std::fs::write(&file, r#"{"tool":"ours","columns":{"How bad":"severity"}}"#).unwrap();
        assert_eq!(read(&file).unwrap().tool(), "ours");
        assert!(error("{").contains("mapping.json cannot be read"));
        assert!(error(r#"{"columns":{}}"#).contains("names 1 to 500 columns"));
        assert!(error(r#"{"columns":{"a":"colour"}}"#).contains("the meaning `colour`"));
        assert!(error(&" ".repeat(300_000)).contains("has more than"));
        assert!(read(Path::new("/nowhere.json")).is_err());
    }

    #[test]
    fn a_mapping_is_named_by_a_file_or_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ours");
        assert!(matches!(named(&file).unwrap(), Named::Saved(name) if name.ends_with("ours")));
        std::fs::write(&file, r#"{"columns":{"How bad":"severity"}}"#).unwrap();
        assert!(matches!(named(&file).unwrap(), Named::File(mapping) if mapping.columns().len() == 1));
        assert!(named(folder.path()).is_err(), "a directory is no mapping");
    }

    #[test]
    fn pages_are_told_what_the_reader_says() {
        let mapper = for_pages();
        assert!(mapper.meanings.iter().any(|meaning| meaning.word == "severity"));
        let outline = (mapper.outline)(b"Title,Mine\na,b\n").unwrap();
        assert_eq!(outline.columns[0].guess, Some("title"));
        assert!((mapper.outline)(b"{}").unwrap_err().starts_with("only a table"));
    }
}
