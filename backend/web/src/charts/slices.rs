//! A whole divided into named parts, as one stacked bar with its parts listed beneath. Refuses a legend
//! of colours alone: each part has its name, its amount and its share in words.

use askama::Template;
use askama::filters::HtmlSafe;

use super::scale::round;
use crate::filters::percentage;

/// How much of the whole a part is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// This much.
    Of(f64),
    /// Nobody knows, and the words say why: it is hatched, and takes no part of the bar.
    Unknown(&'static str),
}

impl Amount {
    /// The amount, or why there is none.
    #[must_use]
    pub fn known_or(amount: Option<f64>, missing: &'static str) -> Self {
        amount.map_or(Self::Unknown(missing), Self::Of)
    }

    /// Its size in the bar.
    fn size(self) -> f64 {
        match self {
            Self::Of(amount) => amount.max(0.0),
            Self::Unknown(_) => 0.0,
        }
    }
}

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
    pub amount: Amount,
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
    /// Absent where nobody knows.
    amount: Option<String>,
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
        let total: f64 = slices.iter().map(|slice| slice.amount.size()).sum();
        let mut before = 0.0;
        let parts: Vec<_> = slices
            .into_iter()
            .map(|slice| {
                let share = if total > 0.0 { slice.amount.size() / total } else { 0.0 };
                let x = round(before * 100.0);
                before += share;
                let width = round(share * 100.0);
                let (share, amount) = match slice.amount {
                    Amount::Of(value) => (percentage(share), Some(amount(value))),
                    Amount::Unknown(why) => (why.to_owned(), None),
                };
                Drawn { slice, x, width, share, amount }
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
        let amount = Amount::Of(amount);
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
    fn what_nobody_knows_is_no_share() {
        let unheard = Slice { amount: Amount::Unknown("no sensor"), ..slice("runtime", 0.0) };
        let slices = Slices::new(vec![slice("known", 3.0), unheard], "");
        assert_eq!(slices.sentence.replace('\u{202f}', ""), "known 100%, runtime no sensor");
        let html = slices.render().unwrap();
        assert!(html.contains("<span class=\"badge unknown\"") && !html.contains(">0"), "{html}");
    }

    #[test]
    fn nothing_is_no_division_by_zero() {
        let slices = Slices::new(vec![slice("known", 0.0)], "");
        assert_eq!(slices.parts[0].width, 0.0);
    }
}
