//! How a score comes about: from the full scale down, factor by factor, to what is left. A table with
//! bars, so that its words and numbers are the chart's own alternative. Refuses steps that do not end at
//! the score: rounding is shown as what it is.

use askama::Template;
use askama::filters::HtmlSafe;

use super::loadline::Band;
use super::scale::{Linear, round};

/// One factor.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name: `Reach`.
    pub label: String,
    /// What it found, in words: `reachable from the internet`.
    pub finding: String,
    /// Its points, usually negative.
    pub points: f64,
}

/// A drawn factor.
#[derive(Clone, Debug)]
struct Drawn {
    label: String,
    finding: String,
    points: String,
    x: f64,
    width: f64,
    lowers: bool,
}

/// The whole fall.
#[derive(Clone, Debug, Template)]
#[template(path = "charts/waterfall.html")]
pub struct Waterfall {
    start: String,
    steps: Vec<Drawn>,
    end: String,
    end_width: f64,
    band: Band,
    full: u32,
}

impl Waterfall {
    /// Factors that lead from `full` to `score`.
    #[must_use]
    pub fn new(full: u32, steps: Vec<Step>, score: f64) -> Self {
        let scale = Linear { domain: (0.0, f64::from(full)), range: (0.0, 100.0) };
        let mut level = f64::from(full);
        let drawn = steps
            .into_iter()
            .map(|step| {
                let (from, to) = (level, level + step.points);
                level = to;
                let (left, right) = (scale.at(from.min(to)), scale.at(from.max(to)));
                Drawn {
                    label: step.label,
                    finding: step.finding,
                    points: tenths(step.points),
                    x: left,
                    width: round((right - left).max(if step.points == 0.0 { 0.0 } else { 0.4 })),
                    lowers: step.points <= 0.0,
                }
            })
            .collect();
        Self {
            start: full.to_string(),
            steps: drawn,
            end: format!("{score:.1}"),
            end_width: scale.at(score),
            band: Band::of(Some(score), f64::from(full)),
            full,
        }
    }
}

impl HtmlSafe for Waterfall {}

/// Points with one digit, so that a reader can add them up.
fn tenths(points: f64) -> String {
    let rounded = (points * 10.0).round() / 10.0;
    match rounded {
        0.0 => "0".to_owned(),
        below if below < 0.0 => format!("\u{2212}{:.1}", below.abs()),
        above => format!("+{above:.1}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_begins_where_the_last_ended() {
        let step = |points| Step { label: String::new(), finding: String::new(), points };
        let fall = Waterfall::new(100, vec![step(-20.0), step(-30.0), step(5.0)], 55.0);
        let drawn: Vec<_> = fall.steps.iter().map(|step| (step.x, step.width, step.lowers)).collect();
        assert_eq!(drawn, [(80.0, 20.0, true), (50.0, 30.0, true), (50.0, 5.0, false)]);
        assert_eq!((fall.end.as_str(), fall.end_width, fall.band), ("55.0", 55.0, Band::Moderate));
        let points: Vec<_> = fall.steps.iter().map(|step| step.points.as_str()).collect();
        assert_eq!(points, ["\u{2212}20.0", "\u{2212}30.0", "+5.0"]);
    }
}
