//! What page of how many rows, in words and links. Refuses to count: totals are the store's.

use super::ListQuery;

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
