//! Charts as SVG from the server: Rust structs with their geometry worked out, templates that only draw,
//! colours by class so that light and dark and print need no second drawing. Widths are in per cent, so a
//! chart fits any column and its text never shrinks.
//!
//! Refuses legends where a direct label fits, and any chart without words for those who do not see it.

mod bars;
pub(crate) mod loadline;
mod scale;
mod slices;
mod trend;
mod waterfall;

pub use bars::Bar;
pub use loadline::{Band, LoadLine, Sliver};
pub use scale::{Linear, nice_ticks};
pub use slices::{Amount, Slice, Slices};
pub use trend::{Event, Point, Trend};
pub use waterfall::{Step, Waterfall};
