//! Lines to scores. A CVE that stands twice keeps its higher score. Refuses to guess model or day.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::intel::{EpssScore, IntelFeed};
use domain::observation::Observation;
use domain::vulnerability::VulnerabilityId;

use super::wire::{self, Fault};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// The whole file as one feed.
pub(super) fn scores(bytes: &[u8]) -> Parsed {
    let mut reading = Reading::default();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        reading.line(index + 1, line);
    }
    let Reading { mut warnings, model, scored_at, scores, .. } = reading;
    if scores.is_empty() {
        warnings.push("line 1", "the file holds no scores and was not taken as a feed");
    }
    let feed = (!scores.is_empty()).then_some(IntelFeed::Epss { model, scored_at, scores });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
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
}

impl Reading {
    fn line(&mut self, number: usize, line: &[u8]) {
        let line = line.trim_ascii();
        if line.is_empty() {
            return;
        }
        let Ok(line) = std::str::from_utf8(line) else {
            return self.refuse(number, &Fault::Unreadable);
        };
        if line.starts_with('#') {
            return self.comment(number, line);
        }
        if self.scores.is_empty() && wire::is_header(line) {
            return;
        }
        match wire::row(line) {
            Ok(row) => match row.cve.parse::<VulnerabilityId>() {
                Ok(id) if id.is_cve() => {
                    self.score(
                        number,
                        EpssScore { id, probability: row.probability, percentile: row.percentile },
                    );
                }
                _ => self.refuse(number, &Fault::Unreadable),
            },
            Err(fault) => self.refuse(number, &fault),
        }
    }

    fn comment(&mut self, number: usize, line: &str) {
        for (key, value) in wire::comment(line) {
            match key {
                "model_version" if !value.is_empty() => {
                    self.model = Some(bounded(value, &format!("line {number}"), &mut self.warnings));
                }
                "score_date" => {
                    self.scored_at = time::parse(value);
                    if self.scored_at.is_none() {
                        self.warnings.push(format!("line {number}"), "the score date cannot be read");
                    }
                }
                _ => {}
            }
        }
    }

    fn score(&mut self, number: usize, score: EpssScore) {
        let Some(&known) = self.index.get(&score.id) else {
            self.index.insert(score.id.clone(), self.scores.len());
            return self.scores.push(score);
        };
        let message = "a CVE that stands more than once keeps its highest score";
        self.warnings.push(format!("line {number}"), message);
        if score.probability > self.scores[known].probability {
            self.scores[known] = score;
        }
    }

    fn refuse(&mut self, number: usize, fault: &Fault) {
        let message = match fault {
            Fault::Unreadable => "a line that is not a CVE with its scores was left out",
            Fault::OutOfRange => "a line with a score outside 0 to 1 was left out",
        };
        self.warnings.push(format!("line {number}"), message);
    }
}
