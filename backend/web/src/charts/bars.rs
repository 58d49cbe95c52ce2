//! A bar in a table cell: the number beside it says how much, the bar shows it. Refuses to vanish: what
//! is not zero is at least a hair wide.

use askama::Template;
use askama::filters::HtmlSafe;

use super::scale::round;

/// A horizontal bar as wide as its share of the cell.
#[derive(Clone, Debug, Template)]
#[template(path = "charts/bar.html")]
pub struct Bar {
    width: f64,
    role: &'static str,
    hatched: bool,
}

impl Bar {
    /// A bar of `value` where `most` fills the cell. `role` is a colour role: `critical`, `accent`, `good`.
    #[must_use]
    pub fn new(value: f64, most: f64, role: &'static str) -> Self {
        let share = if most > 0.0 && value.is_finite() { (value / most).clamp(0.0, 1.0) } else { 0.0 };
        let width = if share > 0.0 { round((share * 100.0).max(0.6)) } else { 0.0 };
        Self { width, role, hatched: false }
    }

    /// The same bar for something nobody knows.
    #[must_use]
    pub fn hatched(mut self) -> Self {
        self.hatched = true;
        self
    }
}

impl HtmlSafe for Bar {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_shares() {
        for (value, most, expected) in [
            (0.0, 10.0, 0.0),
            (5.0, 10.0, 50.0),
            (20.0, 10.0, 100.0),
            (0.001, 10.0, 0.6),
            (1.0, 0.0, 0.0),
            (f64::NAN, 1.0, 0.0),
        ] {
            assert_eq!(Bar::new(value, most, "accent").width, expected, "{value} of {most}");
        }
    }
}
