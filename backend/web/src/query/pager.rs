//! What page of how many rows, in words and links. Refuses to count: totals are the store's.

/// The pages around one page of a list.
#[derive(Debug)]
pub(crate) struct Pager {
    /// `1–50 of 1 240 images`.
    pub(crate) text: String,
    /// The page before, if there is one.
    pub(crate) previous: Option<String>,
    /// The page after, if there is one.
    pub(crate) next: Option<String>,
}
