//! A whole divided into named parts, as one stacked bar with its parts listed beneath. Refuses a legend
//! of colours alone: each part has its name, its amount and its share in words.

use askama::Template;
use askama::filters::HtmlSafe;

use super::scale::round;
use crate::filters::percentage;

/// One part.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Its name.
    pub label: &'static str,
    /// What it means, in one sentence.
    pub hint: &'static str,
    /// The list behind it; may be empty.
    pub href: String,
    /// Its amount.
    pub amount: f64,
    /// Its colour role.
    pub role: &'static str,
    /// Whether it stands for what nobody knows.
    pub hatched: bool,
}

/// A drawn part.
#[derive(Clone, Debug)]
struct Drawn {
    slice: Slice,
    x: f64,
    width: f64,
    share: String,
    amount: String,
}

/// The stacked bar.
#[derive(Clone, Debug, Template)]
#[template(path = "charts/slices.html")]
pub struct Slices {
    sentence: String,
    parts: Vec<Drawn>,
    unit: &'static str,
}

impl Slices {
    /// Parts of one whole, in the order given; `unit` names what the amounts count.
    #[must_use]
    pub fn new(slices: Vec<Slice>, unit: &'static str) -> Self {
        let total: f64 = slices.iter().map(|slice| slice.amount.max(0.0)).sum();
        let mut before = 0.0;
        let parts: Vec<_> = slices
            .into_iter()
            .map(|slice| {
                let share = if total > 0.0 { slice.amount.max(0.0) / total } else { 0.0 };
                let x = round(before * 100.0);
                before += share;
                Drawn {
                    x,
                    width: round(share * 100.0),
                    share: percentage(share),
                    amount: amount(slice.amount),
                    slice,
                }
            })
            .collect();
        let told: Vec<_> = parts.iter().map(|part| format!("{} {}", part.slice.label, part.share)).collect();
        Self { sentence: told.join(", "), parts, unit }
    }
}

impl Slices {
    /// What the amounts count.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        self.unit
    }
}

impl HtmlSafe for Slices {}

/// Two significant digits for small amounts, whole numbers for large ones.
fn amount(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 1.0 => format!("{value:.1}"),
        value if value >= 0.01 => format!("{value:.2}"),
        value if value > 0.0 => "<0.01".to_owned(),
        _ => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(label: &'static str, amount: f64) -> Slice {
        Slice { label, hint: "", href: String::new(), amount, role: "accent", hatched: false }
    }

    #[test]
    fn parts_fill_the_whole() {
        let slices = Slices::new(vec![slice("known", 3.0), slice("config", 0.0), slice("gap", 1.0)], "");
        let drawn: Vec<_> = slices.parts.iter().map(|part| (part.x, part.width)).collect();
        assert_eq!(drawn, [(0.0, 75.0), (75.0, 0.0), (75.0, 25.0)]);
        assert_eq!(slices.sentence.replace('\u{202f}', ""), "known 75%, config 0%, gap 25%");
    }

    #[test]
    fn nothing_is_no_division_by_zero() {
        let slices = Slices::new(vec![slice("known", 0.0)], "");
        assert_eq!(slices.parts[0].width, 0.0);
    }
}
