//! A time as Amazon's tools write it: text, seconds since 1970 as its APIs answer, or the object that
//! recorders of Python's `datetime` leave. Refuses times that it cannot read: they are none.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::time;

/// A time, if one could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor).map(Self)
    }
}

struct MomentVisitor;

impl<'de> Visitor<'de> for MomentVisitor {
    type Value = Option<DateTime<Utc>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a time")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(time::parse(text))
    }

    fn visit_u64<E>(self, seconds: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    fn visit_f64<E>(self, seconds: f64) -> Result<Self::Value, E> {
        let whole = (1.0..1e11).contains(&seconds).then_some((seconds * 1000.0) as i64);
        Ok(whole.and_then(DateTime::from_timestamp_millis))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        const NAMES: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        let mut parts = [0_u32; 6];
        while let Some(key) = members.next_key::<String>()? {
            match NAMES.iter().position(|name| *name == key) {
                Some(index) => parts[index] = members.next_value()?,
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        let [year, month, day, hour, minute, second] = parts;
        let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
        Ok(date.and_then(|date| date.and_hms_opt(hour, minute, second)).map(|time| time.and_utc()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling() {
        let expected = time::parse("2024-02-02T15:30:33Z");
        for text in [
            r#""2024-02-02T16:30:33+01:00""#,
            r#""2024-02-02 16:30:33+01:00""#,
            "1706887833",
            "1706887833.0",
            r#"{"__class__":"datetime","year":2024,"month":2,"day":2,"hour":15,"minute":30,"second":33,"microsecond":0}"#,
        ] {
            let Moment(read) = serde_json::from_str(text).unwrap();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["null", "-5", "1e300", r#""soon""#, "{}", r#"{"year":2024,"month":13}"#] {
            assert_eq!(serde_json::from_str::<Moment>(text).unwrap(), Moment(None), "{text}");
        }
    }
}
