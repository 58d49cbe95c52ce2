//! What is said of the columns of a document: as it was saved, as it was guessed, or as somebody typed it. Refuses a choice
//! that was not offered.

use std::collections::BTreeMap;

use domain::mapping::{ColumnMapping, LONGEST_NAME, Meaning, Outline, plain};
use store::documents::Row;

use crate::Mapper;
use crate::pages::documents::{intake, words};

/// What is said, column by column in the order of an [`Outline`].
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The tool that made the document; may be empty.
    pub(super) tool: String,
    /// The image it speaks of where no column tells; may be empty.
    pub(super) image: String,
    /// The name under which the mapping is saved; empty does not save it.
    pub(super) save: String,
    words: Vec<String>,
}

/// A column with what is said of it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) place: usize,
    pub(super) name: String,
    /// What its first rows hold, without those that are empty.
    pub(super) values: Vec<String>,
    word: String,
}

impl Line {
    /// Whether this is what the column means.
    pub(super) fn means(&self, meaning: &Meaning) -> bool {
        self.word == meaning.word
    }
}

impl Draft {
    /// What a mapping says, and what is guessed of columns that it does not know.
    pub(super) fn of(mapper: &Mapper, outline: &Outline, mapping: Option<&ColumnMapping>, row: &Row) -> Self {
        let kept = mapping.map(ColumnMapping::compared).unwrap_or_default();
        let words = outline.columns.iter().map(|column| {
            let word = kept.get(&plain(&column.name)).copied().or(column.guess).or_else(|| mapper.nothing());
            word.unwrap_or_default().to_owned()
        });
        let by_names = row.kind.as_deref().is_some_and(|kind| mapper.kinds.contains(&kind));
        let before = row.tool.as_deref().filter(|_| by_names).unwrap_or_default();
        Self {
            tool: mapping.map_or(before, ColumnMapping::tool).to_owned(),
            image: row.image_reference.clone().unwrap_or_default(),
            save: String::new(),
            words: words.collect(),
        }
    }

    /// What a form sent. A choice that was not offered is none.
    pub(super) fn read(mapper: &Mapper, outline: &Outline, sent: &BTreeMap<String, String>) -> Self {
        let text = |name: &str| sent.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let words = (0..outline.columns.len()).map(|place| {
            let title = text(&format!("as.{place}"));
            let meaning = mapper.meanings.iter().find(|meaning| meaning.title == title);
            meaning.map(|meaning| meaning.word.to_owned()).unwrap_or_default()
        });
        Self { tool: text("tool"), image: text("image"), save: text("save"), words: words.collect() }
    }

    /// What may be written down of it, or every problem, as sentences.
    pub(super) fn mapping(&self, outline: &Outline) -> Result<ColumnMapping, Vec<String>> {
        let mut problems = Vec::new();
        for (column, _) in outline.columns.iter().zip(&self.words).filter(|(_, word)| word.is_empty()) {
            problems.push(format!("Choose what the column `{}` means, or leave it out.", column.name));
        }
        if !self.image.is_empty()
            && let Err(error) = intake::image_reference(&self.image)
        {
            problems.push(error.to_string());
        }
        if self.save.chars().count() > LONGEST_NAME || self.save.chars().any(char::is_control) {
            problems.push(format!("The name of a mapping has at most {LONGEST_NAME} characters."));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let names = outline.columns.iter().map(|column| column.name.clone());
        let columns = names.zip(self.words.iter().cloned()).collect();
        ColumnMapping::new(&self.tool, columns).map_err(|error| vec![words::sentence(&error.to_string())])
    }

    /// The columns as the form shows them.
    pub(super) fn lines(&self, outline: &Outline) -> Vec<Line> {
        let columns = outline.columns.iter().zip(&self.words).enumerate();
        let filled = |values: &[String]| values.iter().filter(|value| !value.is_empty()).cloned().collect();
        columns
            .map(|(place, (column, word))| Line {
                place,
                name: column.name.clone(),
                values: filled(&column.values),
                word: word.clone(),
            })
            .collect()
    }
}

/// Whether a mapping knows every column of a document.
pub(super) fn knows(mapping: &ColumnMapping, outline: &Outline) -> bool {
    let kept = mapping.compared();
    !outline.columns.is_empty()
        && outline.columns.iter().all(|column| kept.contains_key(&plain(&column.name)))
}
