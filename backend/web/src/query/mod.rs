//! What a list's address may say: text, filters, sort, page, size. A [`ListSpec`] states what a list
//! knows, [`ListQuery::parse`] reads an address against it, and the methods build the links that change
//! one thing and keep the rest. Refuses anything the spec does not know with a sentence that names what
//! it does.

use std::fmt::Write as _;

use actix_web::web;

use crate::error::Error;

/// Rows on a page, unless the address asks for another of [`SIZES`].
const DEFAULT_SIZE: u32 = 50;
/// Sizes a page may have.
const SIZES: [u32; 4] = [25, 50, 100, 250];
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
}

impl Place {
    fn of(spec: &ListSpec) -> Self {
        Self { path: spec.path.to_owned(), export: spec.path.to_owned(), fixed: Vec::new() }
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

/// A heading of the table, ready to show.
#[derive(Debug)]
pub(crate) struct Heading {
    /// The text.
    pub(crate) label: &'static str,
    /// What it means; may be empty.
    pub(crate) hint: &'static str,
    /// The link that sorts by it.
    pub(crate) href: String,
    /// The value of `aria-sort`: `none`, `ascending`, `descending`.
    pub(crate) aria: &'static str,
    /// Whether the column holds numbers.
    pub(crate) numeric: bool,
}

/// A filter of the filter line, ready to show.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Its name in the address.
    pub(crate) key: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// Values, labels, and which one is chosen.
    pub(crate) values: Vec<(&'static str, &'static str, bool)>,
}

/// A filter in force, as a chip with the link that takes it off.
#[derive(Debug)]
pub(crate) struct Chip {
    /// `Severity: critical`.
    pub(crate) text: String,
    /// The same list without it.
    pub(crate) href: String,
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
        query.place = place;
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
                        "A page does not hold `{value}` rows. It holds 25, 50, 100 or 250."
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

    /// The sizes a page may have, each with its link and whether it is in force.
    pub(crate) fn sizes(&self) -> Vec<(u32, String, bool)> {
        let link = |size: u32| {
            let mut target = self.clone();
            target.size = size;
            target.rewound().href()
        };
        SIZES.iter().map(|size| (*size, link(*size), *size == self.size)).collect()
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

    /// The headings of the table.
    pub(crate) fn headings(&self) -> Vec<Heading> {
        self.spec.columns.iter().map(|column| self.heading(column)).collect()
    }

    fn heading(&self, column: &'static Column) -> Heading {
        let (aria, next) = match (self.sort == column.key, self.direction) {
            (false, _) => ("none", column.first),
            (true, Direction::Ascending) => ("ascending", Direction::Descending),
            (true, Direction::Descending) => ("descending", Direction::Ascending),
        };
        let mut target = self.clone();
        (target.sort, target.direction) = (column.key, next);
        let href = target.rewound().href();
        Heading { label: column.label, hint: column.hint, href, aria, numeric: column.numeric }
    }

    /// The selects of the filter line.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        let chosen = |filter: &Filter, value: &str| self.filter(filter.key) == Some(value);
        self.spec
            .filters
            .iter()
            .filter(|filter| !filter.values.is_empty())
            .map(|filter| Choice {
                key: filter.key,
                label: filter.label,
                values: filter
                    .values
                    .iter()
                    .map(|(value, label)| (*value, *label, chosen(filter, value)))
                    .collect(),
            })
            .collect()
    }

    /// Filters that only links set, for the hidden fields of the filter line.
    pub(crate) fn hidden(&self) -> Vec<(&'static str, &str)> {
        self.filters
            .iter()
            .filter(|(key, _)| {
                self.spec.filters.iter().any(|known| known.key == *key && known.values.is_empty())
            })
            .map(|(key, value)| (*key, value.as_str()))
            .collect()
    }

    /// What narrows the list, each with the link that takes it off.
    pub(crate) fn chips(&self) -> Vec<Chip> {
        let mut chips = Vec::new();
        if !self.text.is_empty() {
            let mut without = self.clone();
            without.text = String::new();
            chips.push(Chip { text: format!("“{}”", self.text), href: without.rewound().href() });
        }
        for (key, value) in &self.filters {
            let Some(filter) = self.spec.filters.iter().find(|filter| filter.key == *key) else { continue };
            let label = filter
                .values
                .iter()
                .find(|(known, _)| known == value)
                .map_or(value.as_str(), |(_, label)| *label);
            chips.push(Chip { text: format!("{}: {label}", filter.label), href: self.without(key) });
        }
        chips
    }

    /// The list with one filter set.
    pub(crate) fn with(&self, key: &'static str, value: &str) -> String {
        let mut target = self.clone();
        target.filters.retain(|(known, _)| *known != key);
        target.filters.push((key, value.to_owned()));
        target.rewound().href()
    }

    /// The list with one filter taken off.
    pub(crate) fn without(&self, key: &str) -> String {
        let mut target = self.clone();
        target.filters.retain(|(known, _)| *known != key);
        target.rewound().href()
    }

    /// The list with nothing narrowed, sorted as it is.
    pub(crate) fn cleared(&self) -> String {
        let mut target = self.clone();
        target.text = String::new();
        target.filters.clear();
        target.rewound().href()
    }

    /// Another page of the same list.
    pub(crate) fn at_page(&self, page: u64) -> String {
        let mut target = self.clone();
        target.page = page.max(1);
        target.after = None;
        target.href()
    }

    /// The page after a cursor.
    pub(crate) fn after_cursor(&self, cursor: &str) -> String {
        let mut target = self.clone();
        target.after = Some(cursor.to_owned());
        target.href()
    }

    /// The same rows as a file.
    pub(crate) fn export(&self, extension: &str) -> String {
        let mut target = self.clone().rewound();
        target.place.fixed.clear();
        target.address(&format!("{}.{extension}", self.place.export))
    }

    /// This list.
    pub(crate) fn href(&self) -> String {
        self.address(&self.place.path)
    }

    fn rewound(mut self) -> Self {
        (self.page, self.after) = (1, None);
        self
    }

    fn address(&self, path: &str) -> String {
        let opening = Self::new(self.spec);
        let mut pairs: Vec<(&str, String)> =
            self.place.fixed.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        if !self.text.is_empty() {
            pairs.push(("q", self.text.clone()));
        }
        pairs.extend(self.filters.iter().map(|(key, value)| (*key, value.clone())));
        if self.sort_word() != opening.sort_word() {
            pairs.push(("sort", self.sort_word()));
        }
        if self.size != opening.size {
            pairs.push(("size", self.size.to_string()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        if let Some(cursor) = &self.after {
            pairs.push(("after", cursor.clone()));
        }
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (*key, value.as_str())).collect();
        href(path, &pairs)
    }
}

/// The pages around one page of a list.
#[derive(Debug)]
pub(crate) struct Pager {
    /// `1–50 of 1 240 images`.
    pub(crate) text: String,
    /// The page before, if there is one.
    pub(crate) previous: Option<String>,
    /// The page after, if there is one.
    pub(crate) next: Option<String>,
}

impl Pager {
    /// The pager of an offset page: `shown` rows of `total`.
    pub(crate) fn of(query: &ListQuery, shown: usize, total: u64) -> Self {
        let (from, to) = (query.offset() + 1, query.offset() + shown as u64);
        let (one, many) = query.spec.noun;
        let noun = if total == 1 { one } else { many };
        let number = |value: u64| crate::filters::grouped(&value.to_string());
        let text = if shown == 0 {
            format!("{} {noun}", number(total))
        } else {
            format!("{}–{} of {} {noun}", number(from), number(to), number(total))
        };
        Self {
            text,
            previous: (query.page > 1).then(|| query.at_page(query.page - 1)),
            next: (to < total && shown > 0).then(|| query.at_page(query.page + 1)),
        }
    }

    /// The pager of a keyset page, which knows the next cursor but no page numbers.
    pub(crate) fn keyset(query: &ListQuery, shown: usize, total: Option<u64>, next: Option<&str>) -> Self {
        let (one, many) = query.spec.noun;
        let number = |value: u64| crate::filters::grouped(&value.to_string());
        let noun = |count: u64| if count == 1 { one } else { many };
        let text = match total {
            Some(total) => format!("{} of {} {}", number(shown as u64), number(total), noun(total)),
            None => format!("{} {}", number(shown as u64), noun(shown as u64)),
        };
        Self {
            text,
            previous: query.after.as_ref().map(|_| query.at_page(1)),
            next: next.map(|cursor| query.after_cursor(cursor)),
        }
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

/// An address with parameters, encoded.
pub(crate) fn href(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut text = path.to_owned();
    for (index, (key, value)) in pairs.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(key);
        text.push('=');
        text.push_str(&encoded(value));
    }
    text
}

/// A text as one segment or value of an address.
pub(crate) fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                text.push(char::from(byte))
            }
            byte => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
        text
    })
}

#[cfg(test)]
mod tests;
