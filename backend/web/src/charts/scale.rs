//! From data to drawing: linear scales and ticks at round numbers. Refuses NaN and infinities, which
//! become the start of the scale.

/// A straight line from a domain of values to a range of coordinates.
#[derive(Clone, Copy, Debug)]
pub struct Linear {
    /// First and last value.
    pub domain: (f64, f64),
    /// Their coordinates.
    pub range: (f64, f64),
}

impl Linear {
    /// The coordinate of a value, within the range, rounded to a hundredth.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let share = if high == low { 0.0 } else { (value - low) / (high - low) };
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        round(self.range.0 + share * (self.range.1 - self.range.0))
    }
}

/// To a hundredth, which is finer than any screen.
#[must_use]
pub(super) fn round(value: f64) -> f64 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// At most `most` round numbers (1, 2 or 5 times a power of ten apart) that enclose `low` and `high`.
#[must_use]
pub fn nice_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    if !low.is_finite() || !high.is_finite() || high <= low || most < 2 {
        return vec![0.0, 1.0];
    }
    let intervals = (most - 1) as f64;
    let mut magnitude = 10_f64.powf(((high - low) / intervals).log10().floor());
    loop {
        for step in [1.0, 2.0, 5.0].map(|factor| factor * magnitude) {
            let (first, last) = ((low / step).floor(), (high / step).ceil());
            if last - first <= intervals {
                return (first as i64..=last as i64).map(|index| index as f64 * step).collect();
            }
        }
        magnitude *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_in_the_drawing() {
        let scale = Linear { domain: (0.0, 1000.0), range: (100.0, 0.0) };
        for (value, expected) in
            [(0.0, 100.0), (612.0, 38.8), (1000.0, 0.0), (2000.0, 0.0), (f64::NAN, 100.0)]
        {
            assert_eq!(scale.at(value), expected, "{value}");
        }
        assert_eq!(Linear { domain: (5.0, 5.0), range: (0.0, 9.0) }.at(5.0), 0.0);
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (low, high, most, expected) in [
            (0.0, 100.0, 5, vec![0.0, 50.0, 100.0]),
            (560.0, 640.0, 5, vec![560.0, 580.0, 600.0, 620.0, 640.0]),
            (0.0, 7.0, 5, vec![0.0, 2.0, 4.0, 6.0, 8.0]),
            (3.0, 3.0, 5, vec![0.0, 1.0]),
        ] {
            assert_eq!(nice_ticks(low, high, most), expected);
        }
    }

    #[test]
    fn ticks_enclose_whatever_they_are_given() {
        for exponent in -6..9 {
            for low in [0.0, 0.3, 1.7, 9.99] {
                let (low, high) = (low * 10_f64.powi(exponent), (low + 1.1) * 10_f64.powi(exponent));
                let ticks = nice_ticks(low, high, 5);
                assert!((2..=5).contains(&ticks.len()), "{ticks:?}");
                assert!(
                    ticks[0] <= low && ticks[ticks.len() - 1] >= high * 0.999_999,
                    "{low} {high} {ticks:?}"
                );
            }
        }
    }
}
