//! The kinds of things that a source shows and that can be gone. Refuses what tools say of them, but for
//! their coverage: findings have a life of their own.

/// What kind of thing an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    /// A place things run in.
    Account,
    /// What decides of admission.
    Admission,
    /// A managed cluster.
    Cluster,
    /// A tool's word on an image.
    Coverage,
    /// A route.
    Exposure,
    /// An image in a repository.
    Image,
    /// A network policy.
    NetworkPolicy,
    /// A node.
    Node,
    /// A repository.
    Repository,
    /// A tag.
    Tag,
    /// A workload.
    Workload,
}

impl Noun {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Account,
        Self::Admission,
        Self::Cluster,
        Self::Coverage,
        Self::Exposure,
        Self::Image,
        Self::NetworkPolicy,
        Self::Node,
        Self::Repository,
        Self::Tag,
        Self::Workload,
    ];

    /// The word in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Admission => "admission",
            Self::Cluster => "cluster",
            Self::Coverage => "coverage",
            Self::Exposure => "exposure",
            Self::Image => "image",
            Self::NetworkPolicy => "network_policy",
            Self::Node => "node",
            Self::Repository => "repository",
            Self::Tag => "tag",
            Self::Workload => "workload",
        }
    }

    /// The noun of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}
