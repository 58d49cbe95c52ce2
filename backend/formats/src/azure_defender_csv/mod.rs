//! Recommendations of Microsoft Defender for Cloud as its portal exports them: what each resource is assessed for, and
//! whether it is as it should be.
//!
//! Refuses findings in images, which Resource Graph has, and tables of alerts.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "azure-defender-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Microsoft Defender for Cloud recommendations, CSV",
    docs: "https://learn.microsoft.com/en-us/azure/defender-for-cloud/review-security-recommendations",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::LAYOUTS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::recommendations(Table::open(document, KIND, &wire::LAYOUTS)?)
}
