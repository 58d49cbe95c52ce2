//! Whether a tool watches an image, in the tool's own word: the fact behind "expired" and "unsupported"
//! gaps. Refuses to be a scan: coverage without findings never says clean.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::image::Image;

/// A tool's word on whether it watches an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The tool, as its reports name it.
    pub tool: String,
    /// The image.
    pub image: Image,
    /// Whether the tool watches it now; absent where this source does not say: findings tell where an image
    /// runs, and not whether it is still watched.
    pub watched: Option<bool>,
    /// The tool's own word: `SCAN_ELIGIBILITY_EXPIRED`, `UNSUPPORTED_OS`; empty where it does not say.
    pub reason: String,
    /// When the tool last looked, if it says so.
    pub last_scanned_at: Option<DateTime<Utc>>,
    /// Running containers of the image that the tool counts, if it counts any.
    pub in_use: Option<InUse>,
}

/// Evidence that an image runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InUse {
    /// Tasks and pods that run it.
    pub count: u64,
    /// When it was last seen running.
    pub last_at: Option<DateTime<Utc>>,
}
