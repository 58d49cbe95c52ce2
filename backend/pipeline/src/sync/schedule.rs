//! When sources run: `every 6h`, or a cron expression in UTC. Each tick asks for one run, however many
//! processes see it. Refuses a schedule that never comes.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use croner::Cron;
use domain::source::RunKind;
use store::save::sources as rows;

use super::{Engine, random};
use crate::Error;

/// The least time between two runs.
const LEAST: TimeDelta = TimeDelta::minutes(5);
/// The most time between two runs.
const MOST: TimeDelta = TimeDelta::days(31);
/// The most by which a moment of a cron expression is put off, in seconds.
const MOST_DELAY: u64 = 300;

/// When a source runs.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// So long after each run was due.
    Every(TimeDelta),
    /// At these moments, in UTC.
    Cron(Box<Cron>),
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(interval) = text.strip_prefix("every ") {
            return every(interval.trim()).map(Self::Every);
        }
        let expected = || {
            format!(
                "`{text}` is no schedule: expected `every 6h` (m, h, d) or a cron expression of five fields \
                 such as `30 2 * * *`, in UTC"
            )
        };
        let cron = Cron::from_str(text).map_err(|_| expected())?;
        Ok(Self::Cron(Box::new(cron)))
    }
}

fn every(text: &str) -> Result<TimeDelta, String> {
    let expected = || format!("`every {text}`: expected a number with m, h or d, from 5m to 31d");
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let number: i64 = number.trim().parse().map_err(|_| expected())?;
    let time = match unit {
        "m" => TimeDelta::try_minutes(number),
        "h" => TimeDelta::try_hours(number),
        "d" => TimeDelta::try_days(number),
        _ => None,
    };
    time.filter(|time| (LEAST..=MOST).contains(time)).ok_or_else(expected)
}

impl Schedule {
    /// The first moment after `now`, without jitter.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Every(time) => Some(now + *time),
            Self::Cron(cron) => cron.find_next_occurrence(&now, false).ok(),
        }
    }
}

impl Engine {
    /// Asks for the runs that are due and computes when each source runs next. Tells how many were asked
    /// for. Safe in any number of processes at once.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn tick(&self) -> Result<usize, Error> {
        let now = self.now();
        let mut requested = 0;
        for due in rows::due(&self.inner.store, now).await? {
            let schedule = match due.schedule.parse::<Schedule>() {
                Ok(schedule) => schedule,
                Err(sentence) => {
                    tracing::warn!(source = due.name, reason = sentence, "a source has no usable schedule");
                    continue;
                }
            };
            let next = schedule.next(now).map(|next| self.put_off(&schedule, now, next));
            // What was never computed begins at once, but for moments that somebody chose.
            let at = due.next_run_at.or(matches!(schedule, Schedule::Every(_)).then_some(now));
            let tx = self.inner.store.begin().await?;
            if rows::reschedule(&tx, &due, next).await? {
                if let Some(at) = at {
                    let tick = at.format("%Y-%m-%dT%H:%M").to_string();
                    rows::request(&tx, due.source, RunKind::Sync, Some(&tick), now).await?;
                    requested += 1;
                }
                tx.commit().await?;
            }
        }
        Ok(requested)
    }

    /// A moment made later at random, so that sources do not all begin together.
    fn put_off(&self, schedule: &Schedule, now: DateTime<Utc>, next: DateTime<Utc>) -> DateTime<Utc> {
        match schedule {
            Schedule::Every(time) => now + self.jittered(*time),
            Schedule::Cron(_) => {
                let gap = u64::try_from((next - now).num_seconds()).unwrap_or(0);
                let most = (gap * self.inner.settings.jitter_percent / 100).min(MOST_DELAY);
                next + TimeDelta::seconds(i64::try_from(random(most + 1)).unwrap_or(0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schedule: &str, now: &str, expected: &str) {
        let schedule: Schedule = schedule.parse().unwrap();
        let next = schedule.next(now.parse().unwrap()).unwrap();
        assert_eq!(next, expected.parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn intervals_and_cron_expressions_are_read() {
        check("every 6h", "2026-11-25T10:00:00Z", "2026-11-25T16:00:00Z");
        check("every 15m", "2026-11-25T10:00:00Z", "2026-11-25T10:15:00Z");
        check("30 2 * * *", "2026-11-25T10:00:00Z", "2026-11-26T02:30:00Z");
        check("0 */4 * * 1-5", "2026-11-27T21:00:00Z", "2026-11-30T00:00:00Z");
    }

    #[test]
    fn what_is_no_schedule_is_told() {
        for text in ["every 1m", "every 2w", "every", "soon", "every 99d", "61 * * * *"] {
            let refused = text.parse::<Schedule>().unwrap_err();
            assert!(refused.contains("expected"), "{refused}");
        }
    }
}
