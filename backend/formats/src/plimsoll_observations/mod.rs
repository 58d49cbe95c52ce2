//! Our own format: what a connector saw somewhere else, in lines of JSON. A header says whose it is and of
//! which scope, each line is one observation or one document unread, and a trailer ends the scope.
//!
//! Refuses a later version, and to be read on after a line that is none of these.

mod map;
mod pack;
#[cfg(test)]
mod tests;
mod wire;

pub use map::{Carried, Part, document_line, end_line, header_line, observation_line, part};
pub use pack::{Packed, Packer};
pub use wire::{End, Header};

use crate::{Error, Format, Head, Parsed};

/// What a connector saw.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Plimsoll observations",
    docs: "https://github.com/plimsoll/plimsoll/blob/main/backend/formats/src/plimsoll_observations/mod.rs",
    version: 1,
    recognise,
    parse,
};

/// Its kind.
pub const KIND: &str = domain::source::OBSERVATIONS_KIND;

fn recognise(head: &Head) -> bool {
    head.text().lines().next().is_some_and(wire::is_header)
}

fn parse(bytes: &[u8]) -> Result<Parsed, Error> {
    map::parsed(bytes)
}
