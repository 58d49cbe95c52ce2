//! Collects warnings of one document, and counts what was skipped. Refuses floods: the same message is told once with
//! its first place and a count, and only so many different ones are kept.

use std::collections::HashMap;

use domain::document::Warning;

/// How many different messages are kept.
const MOST: usize = 100;

/// The warnings so far.
#[derive(Debug, Default)]
pub struct Warnings {
    list: Vec<(Warning, usize)>,
    index: HashMap<String, usize>,
    dropped: usize,
    skipped: usize,
}

impl Warnings {
    /// Adds a warning; `at` is a JSON path, a line or an element.
    pub fn push(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.push_many(at, message, 1);
    }

    /// Adds a warning that came up so many times.
    pub fn push_many(&mut self, at: impl Into<String>, message: impl Into<String>, count: usize) {
        let message = message.into();
        if let Some(&index) = self.index.get(&message) {
            self.list[index].1 += count;
        } else if self.list.len() < MOST {
            self.index.insert(message.clone(), self.list.len());
            self.list.push((Warning { at: at.into(), message }, count));
        } else {
            self.dropped += count;
        }
    }

    /// Adds the warning that an entry was skipped.
    pub fn skip(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.skip_all(1, at, message);
    }

    /// Adds the one warning that so many entries were skipped.
    pub fn skip_all(&mut self, entries: usize, at: impl Into<String>, message: impl Into<String>) {
        self.skipped = self.skipped.saturating_add(entries);
        self.push(at, message);
    }

    /// Counts entries that were skipped in a document inside, whose warnings tell them.
    pub fn skipped_inside(&mut self, entries: usize) {
        self.skipped = self.skipped.saturating_add(entries);
    }

    /// How many entries were skipped, those of warnings that are not kept among them.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// The warnings in the order they first appeared, with counts where a message repeats.
    #[must_use]
    pub fn into_vec(self) -> Vec<Warning> {
        let dropped = (self.dropped > 0).then(|| Warning {
            at: String::new(),
            message: format!("{} further warnings are not shown", self.dropped),
        });
        self.list
            .into_iter()
            .map(|(mut warning, count)| {
                if count > 1 {
                    warning.message = format!("{} ({count} times)", warning.message);
                }
                warning
            })
            .chain(dropped)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted_and_floods_bounded() {
        let mut warnings = Warnings::default();
        warnings.push("a[0]", "odd");
        warnings.push("a[1]", "odd");
        for number in 0..150 {
            warnings.skip("b", format!("number {number}"));
        }
        warnings.skip_all(3, "c", "three");
        assert_eq!(warnings.skipped(), 153);
        let list = warnings.into_vec();
        assert_eq!((list[0].at.as_str(), list[0].message.as_str()), ("a[0]", "odd (2 times)"));
        assert_eq!(list.last().unwrap().message, "52 further warnings are not shown");
        assert_eq!(list.len(), MOST + 1);
    }
}
