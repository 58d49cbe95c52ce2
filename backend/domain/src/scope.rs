//! Who looks, and what they may see. Every read in `store` takes a [`Viewer`]. Refuses to be built
//! anywhere but here: until accounts exist, [`Viewer::everything`] is the only one.

/// The one for whom a page or export is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    sees: Sees,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sees {
    Everything,
}

impl Viewer {
    /// The viewer who sees all: the operator of an installation without accounts.
    #[must_use]
    pub fn everything() -> Self {
        Self { sees: Sees::Everything }
    }

    /// Whether nothing has to be filtered for this viewer.
    #[must_use]
    pub fn sees_everything(&self) -> bool {
        matches!(self.sees, Sees::Everything)
    }
}
