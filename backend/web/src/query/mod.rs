//! What a list's address may say: text, filters, sort, page, size. A [`ListSpec`] states what a list
//! knows, [`ListQuery::parse`] reads an address against it, and the methods build the links that change
//! one thing and keep the rest. Refuses anything the spec does not know with a sentence that names what
//! it does.

mod links;
mod pager;
#[cfg(test)]
mod tests;

use actix_web::web;

use crate::error::Error;

pub(crate) use links::{Choice, encoded, href};
pub(crate) use pager::Pager;

/// Rows on a page, unless the address asks for another of [`SIZES`].
const DEFAULT_SIZE: u32 = 50;
/// Sizes a page may have: with more rows it would outgrow its sixty kilobytes; files hold all of them.
const SIZES: [u32; 3] = [10, 25, 50];
/// The longest text taken in one parameter.
const LONGEST: usize = 400;

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column that a list can be sorted by.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its name in the address.
    pub(crate) key: &'static str,
    /// Its heading.
    pub(crate) label: &'static str,
    /// What the heading means, shown on hover; may be empty.
    pub(crate) hint: &'static str,
    /// The direction of the first click.
    pub(crate) first: Direction,
    /// Whether it holds numbers, which are set flush right.
    pub(crate) numeric: bool,
}

/// A filter with a closed set of values, shown as a select.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Its name in the address.
    pub(crate) key: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// Values with their labels. Empty means any text (a filter that only links set, such as `image`).
    pub(crate) values: &'static [(&'static str, &'static str)],
}

/// What one list knows.
#[derive(Debug)]
pub(crate) struct ListSpec {
    /// Where the list is: `/images`. Its exports are at `/images.csv` and `/images.json`.
    pub(crate) path: &'static str,
    /// What it lists, singular and plural.
    pub(crate) noun: (&'static str, &'static str),
    /// What the text filter looks at: `name, tag or digest`.
    pub(crate) text_hint: &'static str,
    /// Columns in the order shown. The first is the default, in its first direction.
    pub(crate) columns: &'static [Column],
    /// The key of the column sorted by unless the address says otherwise.
    pub(crate) default_sort: &'static str,
    /// Filters in the order shown.
    pub(crate) filters: &'static [Filter],
}

/// Where a list stands: on a page of its own, or in a tab of another page.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The page's address: `/images/0123…`.
    pub(crate) path: String,
    /// The address of its files, without extension: `/images/0123…/findings`.
    pub(crate) export: String,
    /// Parameters of the page that every link keeps and no file needs: the open tab.
    pub(crate) fixed: Vec<(&'static str, &'static str)>,
    /// Rows on a page unless the address says otherwise.
    pub(crate) size: u32,
}

impl Place {
    fn of(spec: &ListSpec) -> Self {
        Self {
            path: spec.path.to_owned(),
            export: spec.path.to_owned(),
            fixed: Vec::new(),
            size: DEFAULT_SIZE,
        }
    }

    /// Where on the page the list is: nothing where the page is the list.
    pub(crate) fn anchor(&self) -> &'static str {
        if self.fixed.is_empty() { "" } else { "#evidence" }
    }
}

/// A parsed address of a list.
#[derive(Clone, Debug)]
pub(crate) struct ListQuery {
    spec: &'static ListSpec,
    place: Place,
    /// The text filter, trimmed; empty means none.
    pub(crate) text: String,
    /// The key of the sorted column.
    pub(crate) sort: &'static str,
    /// Its direction.
    pub(crate) direction: Direction,
    filters: Vec<(&'static str, String)>,
    /// The page, from 1.
    pub(crate) page: u64,
    /// The opaque cursor of a keyset page, if the list pages by keyset.
    pub(crate) after: Option<String>,
    /// Rows on a page.
    pub(crate) size: u32,
}

impl ListQuery {
    /// Reads the raw query of an address (`request.query_string()`).
    pub(crate) fn parse(spec: &'static ListSpec, raw: &str) -> Result<Self, Error> {
        Self::parse_at(spec, Place::of(spec), raw)
    }

    /// Reads the raw query of the page that holds the list.
    pub(crate) fn parse_at(spec: &'static ListSpec, place: Place, raw: &str) -> Result<Self, Error> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(raw)
            .map_err(|_| Error::Invalid("The part of the address after `?` could not be read.".to_owned()))?;
        let mut query = Self::new(spec);
        (query.size, query.place) = (place.size, place);
        for (key, value) in pairs.into_inner() {
            if !query.place.fixed.iter().any(|(fixed, _)| *fixed == key) {
                query.take(&key, value)?;
            }
        }
        Ok(query)
    }

    /// The list as it opens.
    pub(crate) fn new(spec: &'static ListSpec) -> Self {
        let direction = column(spec, spec.default_sort).map_or(Direction::Ascending, |column| column.first);
        Self {
            spec,
            place: Place::of(spec),
            text: String::new(),
            sort: spec.default_sort,
            direction,
            filters: Vec::new(),
            page: 1,
            after: None,
            size: DEFAULT_SIZE,
        }
    }

    fn take(&mut self, key: &str, value: String) -> Result<(), Error> {
        if value.len() > LONGEST {
            return Err(Error::Invalid(format!(
                "`{key}` is longer than the {LONGEST} letters a filter takes."
            )));
        }
        match key {
            "q" => self.text = value.trim().to_owned(),
            "sort" => {
                let (name, direction) = match value.strip_prefix('-') {
                    Some(name) => (name, Direction::Descending),
                    None => (value.as_str(), Direction::Ascending),
                };
                let known = column(self.spec, name).ok_or_else(|| self.unknown_column(name))?;
                (self.sort, self.direction) = (known.key, direction);
            }
            "page" => self.page = whole(&value, 1..=1_000_000, "page")?,
            "after" => self.after = Some(value).filter(|cursor| !cursor.is_empty()),
            "size" => {
                let size = value.parse().ok().filter(|size| SIZES.contains(size));
                self.size = size.ok_or_else(|| {
                    Error::Invalid(format!(
                        "A page does not hold `{value}` rows. It holds 10, 25 or 50; a file holds all."
                    ))
                })?;
            }
            key => self.take_filter(key, value)?,
        }
        Ok(())
    }

    fn take_filter(&mut self, key: &str, value: String) -> Result<(), Error> {
        let filter = self.spec.filters.iter().find(|filter| filter.key == key).ok_or_else(|| {
            let known: Vec<_> = self.spec.filters.iter().map(|filter| filter.key).collect();
            Error::Invalid(format!(
                "This list has no filter `{key}`. It knows q, sort, page, size{}{}.",
                if known.is_empty() { "" } else { ", " },
                known.join(", ")
            ))
        })?;
        let value = value.trim().to_owned();
        if value.is_empty() {
            return Ok(());
        }
        if !filter.values.is_empty() && !filter.values.iter().any(|(known, _)| *known == value) {
            let known: Vec<_> = filter.values.iter().map(|(known, _)| *known).collect();
            return Err(Error::Invalid(format!(
                "`{value}` is not a value of the filter `{key}`. It takes {}.",
                known.join(", ")
            )));
        }
        self.filters.retain(|(known, _)| *known != filter.key);
        self.filters.push((filter.key, value));
        Ok(())
    }

    fn unknown_column(&self, name: &str) -> Error {
        let known: Vec<_> = self.spec.columns.iter().map(|column| column.key).collect();
        Error::Invalid(format!("This list cannot be sorted by `{name}`. It sorts by {}.", known.join(", ")))
    }

    /// The value of a filter.
    pub(crate) fn filter(&self, key: &str) -> Option<&str> {
        self.filters.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    /// What the list knows.
    pub(crate) fn spec(&self) -> &'static ListSpec {
        self.spec
    }

    /// Where the list stands.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether anything narrows the list.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.text.is_empty() || !self.filters.is_empty()
    }

    /// Whether the sort runs down.
    pub(crate) fn is_descending(&self) -> bool {
        self.direction == Direction::Descending
    }

    /// Rows before this page.
    pub(crate) fn offset(&self) -> u64 {
        (self.page - 1) * u64::from(self.size)
    }

    /// The `sort` parameter as it stands: `-score`.
    pub(crate) fn sort_word(&self) -> String {
        format!("{}{}", if self.is_descending() { "-" } else { "" }, self.sort)
    }
}

fn column(spec: &'static ListSpec, key: &str) -> Option<&'static Column> {
    spec.columns.iter().find(|column| column.key == key)
}

fn whole(value: &str, range: std::ops::RangeInclusive<u64>, name: &str) -> Result<u64, Error> {
    value.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        Error::Invalid(format!("`{value}` is not a {name}. It is a number from {}.", range.start()))
    })
}
