//! The load line, the product's one ornament: a scale with four bands, a waterline at the score, a
//! fainter one at the baseline. Large and upright on the Overview, a sliver in lists; the same drawing
//! for scores of 1000 and of 100. Refuses to draw an unknown score as zero: it is hatched.

use askama::Template;
use askama::filters::HtmlSafe;

use super::scale::{Linear, round};
use crate::filters::with_sign;

/// The bands of a score, as shares of its scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Below two fifths.
    Low,
    /// Below three fifths.
    Moderate,
    /// Below four fifths.
    High,
    /// The last fifth.
    Severe,
    /// No score.
    Unknown,
}

impl Band {
    /// The band of a score on a scale that ends at `full`.
    #[must_use]
    pub fn of(score: Option<f64>, full: f64) -> Self {
        match score.map(|score| (score / full * 1000.0).round()) {
            None => Self::Unknown,
            Some(score) if score < 400.0 => Self::Low,
            Some(score) if score < 600.0 => Self::Moderate,
            Some(score) if score < 800.0 => Self::High,
            Some(_) => Self::Severe,
        }
    }

    /// The word for people and for classes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Severe => "severe",
            Self::Unknown => "unknown",
        }
    }
}

/// The upright load line with its words.
#[derive(Clone, Debug, Template)]
#[template(path = "charts/loadline.html")]
pub struct LoadLine {
    sentence: String,
    band: Band,
    score: Option<String>,
    full: u32,
    water: f64,
    depth: f64,
    number_at: f64,
    words_at: f64,
    baseline: Option<f64>,
    ticks: Vec<(String, f64)>,
    bands: Vec<(&'static str, f64, bool)>,
}

/// Width of the drawing.
pub(crate) const WIDTH: f64 = 280.0;
/// Height of its scale.
pub(crate) const HEIGHT: f64 = 352.0;
/// Where the scale begins.
pub(crate) const TOP: f64 = 16.0;
/// Where the drawing ends.
pub(crate) const BOTTOM: f64 = TOP + HEIGHT + 24.0;
/// What the number needs above the waterline.
const ROOM: f64 = 44.0;

impl LoadLine {
    /// A score on a scale that ends at `full`, with the score at the last baseline and the change since a
    /// moment in words (`18.0`, `since last week`).
    #[must_use]
    pub fn new(score: Option<f64>, full: u32, baseline: Option<f64>, change: Option<(f64, &str)>) -> Self {
        let end = f64::from(full);
        let band = Band::of(score, end);
        let scale = Linear { domain: (0.0, end), range: (TOP + HEIGHT, TOP) };
        let water = scale.at(score.unwrap_or(0.0));
        let part = |thousandths: f64| end * thousandths / 1000.0;
        // The number floats on the waterline; where there is no room above it, it hangs below.
        let (number_at, words_at) =
            if water > ROOM { (water - 10.0, water + 18.0) } else { (water + 38.0, water + 58.0) };
        let baseline = baseline.map(|baseline| scale.at(baseline)).filter(|at| (at - water).abs() > 4.0);
        let middle = |low: f64, high: f64| scale.at(part((low + high) / 2.0));
        Self {
            sentence: sentence(score, full, change),
            band,
            score: score.map(|score| in_digits(score, full)),
            full,
            water,
            depth: round(TOP + HEIGHT - water),
            number_at: round(number_at),
            words_at: round(words_at),
            baseline,
            ticks: [0.0, 400.0, 600.0, 800.0, 1000.0]
                .map(|mark| (format!("{:.0}", part(mark)), scale.at(part(mark))))
                .to_vec(),
            bands: [
                (Band::Low, 0.0, 400.0),
                (Band::Moderate, 400.0, 600.0),
                (Band::High, 600.0, 800.0),
                (Band::Severe, 800.0, 1000.0),
            ]
            .map(|(known, low, high)| (known.as_str(), middle(low, high), known == band))
            .to_vec(),
        }
    }

    /// The score in words: `612 of 1000, high, +18 since last week`.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

/// The load line of a list: 64 by 12.
#[derive(Clone, Debug, Template)]
#[template(path = "charts/sliver.html")]
pub struct Sliver {
    sentence: String,
    band: Band,
    shown: String,
    at: f64,
}

impl Sliver {
    /// A score on a scale that ends at `full`.
    #[must_use]
    pub fn new(score: Option<f64>, full: u32) -> Self {
        let scale = Linear { domain: (0.0, f64::from(full)), range: (0.0, 64.0) };
        Self {
            sentence: sentence(score, full, None),
            band: Band::of(score, f64::from(full)),
            shown: score.map_or_else(|| "?".to_owned(), |score| format!("{score:.0}")),
            at: (scale.at(score.unwrap_or(0.0)) * 2.0).round() / 2.0,
        }
    }
}

impl HtmlSafe for LoadLine {}
impl HtmlSafe for Sliver {}

fn sentence(score: Option<f64>, full: u32, change: Option<(f64, &str)>) -> String {
    let Some(score) = score else { return "Not scored yet".to_owned() };
    let band = Band::of(Some(score), f64::from(full)).as_str();
    let moved = change.map_or_else(String::new, |(by, since)| format!(", {} {since}", with_sign(by)));
    format!("{} of {full}, {band}{moved}", in_digits(score, full))
}

/// Whole on a long scale; one digit on a short one, as the steps that lead to the score have.
fn in_digits(score: f64, full: u32) -> String {
    let digits = usize::from(full <= 100);
    format!("{score:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_the_scale_says() {
        for (score, expected) in [
            (0.0, "low"),
            (399.4, "low"),
            (399.6, "moderate"),
            (400.0, "moderate"),
            (599.0, "moderate"),
            (600.0, "high"),
            (799.0, "high"),
            (800.0, "severe"),
            (1000.0, "severe"),
        ] {
            assert_eq!(Band::of(Some(score), 1000.0).as_str(), expected, "{score}");
            assert_eq!(Band::of(Some(score / 10.0), 100.0).as_str(), expected, "{score} of 100");
        }
        assert_eq!(Band::of(None, 1000.0), Band::Unknown);
    }

    #[test]
    fn speaks_a_sentence() {
        let line = LoadLine::new(Some(612.3), 1000, Some(590.0), Some((18.0, "since last week")));
        assert_eq!(line.sentence(), "612 of 1000, high, +18 since last week");
        let html = line.render().unwrap();
        assert!(html.contains(r#"role="img""#) && html.contains("<desc"), "{html}");
        assert_eq!(LoadLine::new(Some(99.46), 100, None, None).sentence(), "99.5 of 100, severe");
        assert_eq!(LoadLine::new(None, 1000, None, None).sentence(), "Not scored yet");
    }

    #[test]
    fn a_sliver_is_small_and_unknown_is_hatched() {
        let html = Sliver::new(Some(88.0), 100).render().unwrap();
        assert!(html.len() < 400, "{} bytes: {html}", html.len());
        assert!(html.contains("88.0 of 100, severe"), "{html}");
        assert!(Sliver::new(None, 100).render().unwrap().contains("url(#hatch)"));
    }
}
