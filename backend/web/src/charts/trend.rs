//! A score over days with its events marked. Refuses to cut the scale so far that noise looks like
//! news: it shows at least a hundred points.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::scale::{Linear, nice_ticks, round};

/// A day's value.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// The day.
    pub day: NaiveDate,
    /// Its value.
    pub value: f64,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub day: NaiveDate,
    /// What, in a few words.
    pub text: String,
}

/// The line with its grid, labels and marks.
#[derive(Clone, Debug, Template)]
#[template(path = "charts/trend.html")]
pub struct Trend {
    title: &'static str,
    sentence: String,
    path: String,
    area: String,
    grid: Vec<(String, f64)>,
    dots: Vec<(f64, f64, String)>,
    last: Option<(f64, f64, String, i32)>,
    first_day: String,
    last_day: String,
    rows: Vec<(String, String)>,
}

/// The least the scale shows.
const LEAST_SPAN: f64 = 100.0;
/// Height of the plot in pixels and its distance from the upper edge.
const HEIGHT: f64 = 120.0;
const TOP: f64 = 16.0;
/// Width of the plot in its own units; it is stretched to the column.
const WIDTH: f64 = 1000.0;

impl Trend {
    /// A trend of points, oldest first, on a scale that ends at `full`.
    #[must_use]
    pub fn new(title: &'static str, points: &[Point], events: &[Event], full: f64) -> Self {
        let (low, high) = span(points, full);
        let mut ticks = nice_ticks(low, high, 5);
        ticks.retain(|tick| *tick >= 0.0 && *tick <= full);
        let bottom = ticks.first().copied().unwrap_or(0.0);
        let top = ticks.last().copied().unwrap_or(full);
        let y = Linear { domain: (bottom, top), range: (TOP + HEIGHT, TOP) };
        let days = |day: NaiveDate| points.first().map_or(0.0, |first| (day - first.day).num_days() as f64);
        let last_day = points.last().map_or(0.0, |point| days(point.day));
        let x = Linear { domain: (0.0, last_day.max(1.0)), range: (0.0, WIDTH) };
        let place = |point: &Point| (x.at(days(point.day)), y.at(point.value));
        let path = line(points.iter().map(place));
        let area = points.last().map_or_else(String::new, |last| {
            let base = TOP + HEIGHT;
            format!("{path}L{} {base}L0 {base}Z", x.at(days(last.day)))
        });
        let percent = |place: f64| round(place / WIDTH * 100.0);
        let value_on =
            |day: NaiveDate| points.iter().rfind(|point| point.day <= day).map(|point| point.value);
        let name = |day: NaiveDate| day.format("%-d %b").to_string();
        Self {
            title,
            sentence: told(points),
            path,
            area,
            grid: ticks.iter().map(|tick| (format!("{tick:.0}"), y.at(*tick))).collect(),
            dots: events
                .iter()
                .filter_map(|event| {
                    let value = value_on(event.day)?;
                    let text = format!("{}: {}", name(event.day), event.text);
                    Some((percent(x.at(days(event.day))), y.at(value), text))
                })
                .collect(),
            last: points.last().map(|last| {
                // The label stands where the line does not come from.
                let near = |point: &&Point| days(point.day) >= last_day * 0.85;
                let falls = points.iter().filter(near).any(|point| point.value > last.value);
                let shift = if falls { 17 } else { -9 };
                (percent(x.at(days(last.day))), y.at(last.value), format!("{:.0}", last.value), shift)
            }),
            first_day: points.first().map(|point| name(point.day)).unwrap_or_default(),
            last_day: points.last().map(|point| name(point.day)).unwrap_or_default(),
            rows: points.iter().rev().map(|point| (name(point.day), format!("{:.0}", point.value))).collect(),
        }
    }

    /// Whether there is a line to draw: two days at least.
    #[must_use]
    pub fn has_line(&self) -> bool {
        self.rows.len() > 1
    }
}

impl HtmlSafe for Trend {}

fn span(points: &[Point], full: f64) -> (f64, f64) {
    let low = points.iter().map(|point| point.value).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.value).fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() {
        return (0.0, full);
    }
    let missing = (LEAST_SPAN - (high - low)).max(0.0) / 2.0;
    let (low, high) = (low - missing, high + missing);
    if low < 0.0 {
        (0.0, (high - low).min(full))
    } else if high > full {
        ((low - (high - full)).max(0.0), full)
    } else {
        (low, high)
    }
}

fn line(places: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (index, (x, y)) in places.enumerate() {
        path.push_str(&format!("{}{x} {y}", if index == 0 { 'M' } else { 'L' }));
    }
    path
}

fn told(points: &[Point]) -> String {
    match points {
        [] => "No day has been scored yet".to_owned(),
        [only] => format!("{:.0} on {}", only.value, only.day.format("%-d %b %Y")),
        [first, .., last] => {
            let values = || points.iter().map(|point| point.value);
            format!(
                "From {:.0} on {} to {:.0} on {}, between {:.0} and {:.0}",
                first.value,
                first.day.format("%-d %b"),
                last.value,
                last.day.format("%-d %b"),
                values().fold(f64::INFINITY, f64::min),
                values().fold(f64::NEG_INFINITY, f64::max),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        values.iter().zip(first.iter_days()).map(|(value, day)| Point { day, value: *value }).collect()
    }

    #[test]
    fn draws_from_edge_to_edge() {
        let trend = Trend::new("Score", &points(&[600.0, 620.0, 612.0]), &[], 1000.0);
        assert!(trend.path.starts_with("M0 ") && trend.path.contains("L1000 "), "{}", trend.path);
        assert_eq!(trend.sentence, "From 600 on 1 Nov to 612 on 3 Nov, between 600 and 620");
        assert!(trend.grid.len() <= 5);
    }

    #[test]
    fn a_quiet_score_stays_quiet() {
        let trend = Trend::new("Score", &points(&[600.0, 601.0]), &[], 1000.0);
        let shown: Vec<f64> = trend.grid.iter().map(|(label, _)| label.parse().unwrap()).collect();
        assert!(shown[shown.len() - 1] - shown[0] >= LEAST_SPAN, "{shown:?}");
    }

    #[test]
    fn the_ends_of_the_scale_are_ends() {
        for values in [[0.0, 3.0], [998.0, 1000.0]] {
            let trend = Trend::new("Score", &points(&values), &[], 1000.0);
            assert!(
                trend.grid.iter().all(|(label, _)| (0.0..=1000.0).contains(&label.parse().unwrap())),
                "{:?}",
                trend.grid
            );
        }
    }

    #[test]
    fn events_sit_on_the_line() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let events = [Event { day, text: "12 images rebuilt".to_owned() }];
        let trend = Trend::new("Score", &points(&[600.0, 620.0, 612.0]), &events, 1000.0);
        assert_eq!(trend.dots[0].0, 50.0);
        assert_eq!(trend.dots[0].2, "2 Nov: 12 images rebuilt");
    }

    #[test]
    fn no_day_is_no_line() {
        assert!(!Trend::new("Score", &[], &[], 1000.0).has_line());
        assert!(!Trend::new("Score", &points(&[5.0]), &[], 1000.0).has_line());
    }
}
