//! What the lists of stored facts share between their address and the store: columns, filters, page, sort, pager,
//! and the selects whose values come from the store. Refuses to read a row.

use domain::cloud;
use store::list::{Facet, Listed, Page, Sort, Start, Total};

use crate::error::Error;
use crate::filters::grouped;
use crate::pages::images::counted;
use crate::query::{Choice, Column, Direction, Filter, ListQuery, Pager};

/// A column of text, smallest first.
pub(crate) const fn text(key: &'static str, label: &'static str, hint: &'static str) -> Column {
    Column { key, label, hint, first: Direction::Ascending, numeric: false }
}

/// A column that is read as a drawing or a word, worst first.
pub(crate) const fn worst(key: &'static str, label: &'static str, hint: &'static str) -> Column {
    Column { key, label, hint, first: Direction::Descending, numeric: false }
}

/// A column of numbers, largest first.
pub(crate) const fn number(key: &'static str, label: &'static str, hint: &'static str) -> Column {
    Column { key, label, hint, first: Direction::Descending, numeric: true }
}

/// A filter with values.
pub(crate) const fn choice(
    key: &'static str,
    label: &'static str,
    values: &'static [(&'static str, &'static str)],
) -> Filter {
    Filter { key, label, values }
}

/// A filter that a link or a select over stored values sets.
pub(crate) const fn open(key: &'static str, label: &'static str) -> Filter {
    Filter { key, label, values: &[] }
}

/// Severities as the values of a filter.
pub(crate) const SEVERITIES: &[(&str, &str)] = &[
    ("critical", "Critical"),
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("unknown", "Not stated"),
];

/// Clouds as the values of a filter, and what names none.
pub(crate) const CLOUDS: &[(&str, &str)] = &{
    let mut values = [(NONE, "No cloud named"); cloud::CLOUDS.len() + 1];
    let mut place = 0;
    while place < cloud::CLOUDS.len() {
        values[place] = (cloud::CLOUDS[place].provider, cloud::CLOUDS[place].title);
        place += 1;
    }
    values
};

/// What `owner=none` and its like mean in an address: nothing stored.
pub(crate) const NONE: &str = "none";

/// The severity that a filter names.
pub(crate) fn severity_of(list: &ListQuery) -> Option<domain::severity::Severity> {
    let word = list.filter("severity")?;
    domain::severity::Severity::ALL.into_iter().find(|severity| severity.as_str() == word)
}

/// A filter's text, owned, where `none` stands for what is not stored.
pub(crate) fn stated(list: &ListQuery, key: &str) -> Option<String> {
    list.filter(key).map(|value| if value == NONE { String::new() } else { value.to_owned() })
}

/// An id in an address.
pub(crate) fn id_of<T>(list: &ListQuery, key: &str) -> Result<Option<domain::id::Id<T>>, Error> {
    let refuse = |text: &str| Error::Invalid(format!("`{text}` is not an id: 32 hexadecimal digits."));
    list.filter(key).map(|text| text.parse().map_err(|_| refuse(text))).transpose()
}

/// The text filter, if there is one.
pub(crate) fn text_of(list: &ListQuery) -> Option<String> {
    Some(list.text.clone()).filter(|text| !text.is_empty())
}

/// The sort that an address asks for.
pub(crate) fn sort_of(list: &ListQuery) -> Sort {
    Sort { column: list.sort.to_owned(), descending: list.is_descending() }
}

/// The page that an address asks for: beside a row, or after a number of them.
pub(crate) fn page_of(list: &ListQuery) -> Result<Page, Error> {
    let start = match &list.after {
        Some(cursor) => Start::Cursor(cursor.parse().map_err(|_| {
            Error::Invalid("This address continues a list from a row that is not one.".to_owned())
        })?),
        None if list.page > 1 => Start::Position(list.offset()),
        None => Start::First,
    };
    Ok(Page::at(list.size, start))
}

/// All rows of a list with their noun: `1 240 images`, `more than 50 000 images`.
pub(crate) fn total<T>(list: &ListQuery, listed: &Listed<T>) -> String {
    let (one, many) = list.spec().noun;
    let last = listed.position + listed.rows.len() as u64;
    match listed.total {
        Some(Total::MoreThan(bound)) if bound >= last => {
            format!("more than {} {many}", grouped(&bound.to_string()))
        }
        Some(Total::MoreThan(_)) => format!("at least {} {many}", grouped(&last.to_string())),
        Some(Total::Exactly(rows)) => counted(rows.max(last), one, many),
        None => counted(last, one, many),
    }
}

/// The pager of a page: `51–100 of 1 240 images`, with the pages beside it.
pub(crate) fn pager<T>(list: &ListQuery, listed: &Listed<T>) -> Pager {
    let number = |value: u64| grouped(&value.to_string());
    let (first, last) = (listed.position + 1, listed.position + listed.rows.len() as u64);
    let mut text = total(list, listed);
    if !listed.rows.is_empty() {
        text = format!("{}–{} of {text}", number(first), number(last));
    }
    let link = |cursor: &store::list::Cursor| list.after_cursor(&cursor.to_string());
    Pager { text, previous: listed.previous.as_ref().map(link), next: listed.next.as_ref().map(link) }
}

/// A select whose values come from the store.
#[derive(Debug)]
pub(crate) struct Select {
    /// Its name in the address.
    pub(crate) key: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// Value, text, whether it is chosen.
    pub(crate) options: Vec<(String, String, bool)>,
}

impl Select {
    /// The select of a filter. `missing` words the value that is not stored.
    pub(crate) fn of(list: &ListQuery, key: &'static str, missing: &str, facets: Vec<Facet>) -> Self {
        let label =
            list.spec().filters.iter().find(|filter| filter.key == key).map_or(key, |filter| filter.label);
        let chosen = list.filter(key);
        let mut options: Vec<_> = facets
            .into_iter()
            .map(|facet| {
                let empty = facet.value.is_empty();
                let text = if empty { missing } else { &facet.value };
                let text = format!("{text} ({})", grouped(&facet.count.to_string()));
                let value = if empty { NONE.to_owned() } else { facet.value };
                let is_chosen = chosen == Some(value.as_str());
                (value, text, is_chosen)
            })
            .collect();
        if let Some(value) = chosen.filter(|value| !options.iter().any(|(known, _, _)| known == value)) {
            options.push((value.to_owned(), value.to_owned(), true));
        }
        Self { key, label, options }
    }

    /// Whether there is anything to choose.
    pub(crate) fn is_useful(&self) -> bool {
        self.options.len() > 1 || self.options.iter().any(|(_, _, chosen)| *chosen)
    }
}

/// Selects, and which of the address's other filters the form has to keep.
#[derive(Debug)]
pub(crate) struct Selects {
    /// In the order shown.
    pub(crate) selects: Vec<Select>,
    /// How many of the list's choices stand in the line; the others and the selects are behind `More`.
    pub(crate) first: usize,
}

impl Selects {
    /// Without any.
    pub(crate) fn none() -> Self {
        Self { selects: Vec::new(), first: usize::MAX }
    }

    /// Whether anything is behind `More`.
    pub(crate) fn has_more(&self, list: &ListQuery) -> bool {
        list.choices().len() > self.first || self.selects.iter().any(Select::is_useful)
    }

    /// Whether one of the filters behind `More` narrows the list.
    pub(crate) fn more_in_force(&self, list: &ListQuery) -> bool {
        let chosen = |choice: &Choice| choice.values.iter().any(|(_, _, chosen)| *chosen);
        list.choices().iter().skip(self.first).any(chosen)
            || self.selects.iter().any(|select| list.filter(select.key).is_some())
    }

    /// Filters that neither a choice nor one of these selects shows.
    pub(crate) fn kept<'a>(&self, list: &'a ListQuery) -> Vec<(&'static str, &'a str)> {
        let shown = |key: &str| self.selects.iter().any(|select| select.key == key);
        list.hidden().into_iter().filter(|(key, _)| !shown(key)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_says_where_counting_ended() {
        let list = ListQuery::parse(&crate::pages::findings::SPEC, "").unwrap();
        let listed = |position, counted| Listed {
            rows: vec![(); 50],
            position,
            total: Some(counted),
            previous: None,
            next: None,
        };
        let text = |position, counted| pager(&list, &listed(position, counted)).text.replace('\u{202f}', " ");
        assert_eq!(text(0, Total::Exactly(50)), "1–50 of 50 findings");
        assert_eq!(text(50, Total::Exactly(1240)), "51–100 of 1 240 findings");
        assert_eq!(text(0, Total::MoreThan(50_000)), "1–50 of more than 50 000 findings");
        assert_eq!(text(50_000, Total::MoreThan(50_000)), "50 001–50 050 of at least 50 050 findings");
        // The list grew between its two queries.
        assert_eq!(text(50, Total::Exactly(60)), "51–100 of 100 findings");
    }
}
