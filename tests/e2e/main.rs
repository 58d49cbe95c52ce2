//! The product as it is served: pages, files, the API and what machines ask, over HTTP.
//! Refuses knowledge of handlers: a selector or a path is all that a test may know of a page.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod api;
mod corpus;
mod demo;
mod exports;
mod hostile;
mod pages;
mod plumbing;
mod queries;
mod sources;
