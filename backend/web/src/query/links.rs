//! The links of a list: each changes one thing and keeps the rest. Refuses to encode by hand anywhere
//! else.

use std::fmt::Write as _;

use super::{Column, Direction, Filter, ListQuery, SIZES};

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
    /// The sizes a page may have, each with its link and whether it is in force.
    pub(crate) fn sizes(&self) -> Vec<(u32, String, bool)> {
        let link = |size: u32| {
            let mut target = self.clone();
            target.size = size;
            target.rewound().href()
        };
        SIZES.iter().map(|size| (*size, link(*size), *size == self.size)).collect()
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

    /// This list, where it stands on its page.
    pub(crate) fn href(&self) -> String {
        self.address(&self.place.path) + self.place.anchor()
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
        if self.size != self.place.size {
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
