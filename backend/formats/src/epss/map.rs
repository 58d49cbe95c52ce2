//! Lines and answers to scores. A CVE that stands twice keeps its higher score. Refuses to guess model or day.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, Utc};
use domain::intel::{EpssScore, IntelFeed};
use domain::observation::Observation;
use domain::vulnerability::VulnerabilityId;

use super::KIND;
use super::wire::{self, Answer, Fault, Row};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Error, Parsed, time};

/// The whole file as one feed.
///
/// # Errors
/// When there are lines and not one of them is a score.
pub(super) fn scores(bytes: &[u8]) -> Result<Parsed, Error> {
    let mut reading = Reading::default();
    let mut offset = 0;
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        reading.line(Place { name: Name::Line(index + 1), offset }, line);
        offset += line.len() + 1;
    }
    reading.feed()
}

/// An answer of FIRST's API as one feed.
///
/// # Errors
/// When it lists scores and none of them is one.
pub(super) fn answer(answer: &Answer<'_>) -> Result<Parsed, Error> {
    let mut reading = Reading::default();
    for (index, told) in answer.data.iter().enumerate() {
        let place = Place { name: Name::Entry(index), offset: 0 };
        reading.scored_at = reading.scored_at.max(time::parse(&told.date));
        match told.row() {
            Ok(row) => reading.row(place, &row),
            Err(fault) => reading.refuse(place, &fault),
        }
    }
    let listed = answer.data.len();
    if let Some(total) = answer.total.whole().filter(|total| *total > listed as u64) {
        let message = format!("the answer is a part: it has {listed} of {total} scores");
        reading.warnings.push("total", message);
    }
    reading.feed()
}

/// Where a score stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    name: Name,
    offset: usize,
}

/// A line, or an entry of an answer.
#[derive(Clone, Copy, Debug)]
enum Name {
    Line(usize),
    Entry(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Name::Line(number) => write!(formatter, "line {number}"),
            Name::Entry(index) => write!(formatter, "data[{index}]"),
        }
    }
}

/// What was read so far.
#[derive(Debug, Default)]
struct Reading {
    warnings: Warnings,
    model: Option<String>,
    scored_at: Option<DateTime<Utc>>,
    scores: Vec<EpssScore>,
    index: HashMap<VulnerabilityId, usize>,
    /// The first line that is no score.
    refused: Option<Place>,
}

impl Reading {
    /// All scores as one feed.
    fn feed(self) -> Result<Parsed, Error> {
        let Reading { mut warnings, model, scored_at, scores, refused, .. } = self;
        if let Some(place) = refused.filter(|_| scores.is_empty()) {
            let expectation =
                "expected a CVE with its scores between 0 and 1; no line of the file has them".to_owned();
            return Err(Error::Broken {
                kind: KIND,
                at: place.to_string(),
                offset: place.offset,
                expectation,
            });
        }
        if scores.is_empty() {
            warnings.push("line 1", "the file holds no scores and was not taken as a feed");
        }
        let feed = (!scores.is_empty()).then_some(IntelFeed::Epss { model, scored_at, scores });
        Ok(Parsed {
            observations: feed.map(Observation::Intel).into_iter().collect(),
            skipped: warnings.skipped(),
            warnings: warnings.into_vec(),
            ..Parsed::default()
        })
    }

    fn line(&mut self, place: Place, line: &[u8]) {
        let line = line.trim_ascii();
        if line.is_empty() {
            return;
        }
        let Ok(line) = std::str::from_utf8(line) else {
            return self.refuse(place, &Fault::Unreadable);
        };
        if line.starts_with('#') {
            return self.comment(place, line);
        }
        if self.scores.is_empty() && wire::is_header(line) {
            return;
        }
        match wire::row(line) {
            Ok(row) => self.row(place, &row),
            Err(fault) => self.refuse(place, &fault),
        }
    }

    fn row(&mut self, place: Place, row: &Row<'_>) {
        match row.cve.parse::<VulnerabilityId>() {
            Ok(id) if id.is_cve() => {
                let (probability, percentile) = (row.probability, row.percentile);
                self.score(place, EpssScore { id, probability, percentile });
            }
            _ => self.refuse(place, &Fault::Unreadable),
        }
    }

    fn comment(&mut self, place: Place, line: &str) {
        for (key, value) in wire::comment(line) {
            match key {
                "model_version" if !value.is_empty() => {
                    self.model = Some(bounded(value, &place.to_string(), &mut self.warnings));
                }
                "score_date" => {
                    self.scored_at = time::parse(value);
                    if self.scored_at.is_none() {
                        self.warnings.push(place.to_string(), "the score date cannot be read");
                    }
                }
                _ => {}
            }
        }
    }

    fn score(&mut self, place: Place, score: EpssScore) {
        let Some(&known) = self.index.get(&score.id) else {
            self.index.insert(score.id.clone(), self.scores.len());
            return self.scores.push(score);
        };
        let message = "a CVE that stands more than once keeps its highest score";
        self.warnings.push(place.to_string(), message);
        if score.probability > self.scores[known].probability {
            self.scores[known] = score;
        }
    }

    fn refuse(&mut self, place: Place, fault: &Fault) {
        let message = match fault {
            Fault::Unreadable => "a line that is not a CVE with its scores was left out",
            Fault::OutOfRange => "a line with a score outside 0 to 1 was left out",
        };
        self.warnings.push(place.to_string(), message);
        self.refused.get_or_insert(place);
    }
}
