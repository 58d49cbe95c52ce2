//! The pages in real Chromium over the served demo. Refuses to run without a driver: it says that it was
//! skipped. `PLIMSOLL_TEST_SCREENSHOT` names a directory for pictures of every page.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod accessible;
mod browser;
mod display;
mod journey;
mod mapping;
mod pictures;
mod sights;
mod sources;
mod tour;
mod upload;
