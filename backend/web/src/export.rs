//! The forms in which a list is exported, as its address names them. Refuses any other with a sentence.

use crate::error::Error;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Comma-separated values.
    Csv,
    /// An array of objects.
    Json,
}

impl Shape {
    /// The shape an address asks for (`/images.csv`).
    pub(crate) fn of(extension: &str) -> Result<Self, Error> {
        match extension {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            other => Err(Error::Invalid(format!("A list is not exported as `{other}`, but as csv or json."))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_are_named() {
        assert_eq!(Shape::of("csv").ok(), Some(Shape::Csv));
        let refused = Shape::of("xlsx").map_err(|error| error.to_string());
        assert_eq!(refused, Err("A list is not exported as `xlsx`, but as csv or json.".to_owned()));
    }
}
