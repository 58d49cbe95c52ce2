//! The clouds that are shown side by side: their words, and the registries they hand out. The only list of them.
//! Refuses to say what runs in one: observations do.

/// A cloud provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The word in [`Account::provider`](crate::account::Account::provider), which is also the kind of its source.
    pub provider: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it calls an account.
    pub account: &'static str,
    /// Hosts of its registries; a `*` stands for any text.
    pub registries: &'static [&'static str],
}

/// Every cloud, in the order of its title.
pub const CLOUDS: [Cloud; 3] = [
    Cloud {
        provider: "aws",
        title: "AWS",
        account: "account",
        registries: &["*.dkr.ecr.*", "*.dkr-ecr.*", "public.ecr.aws"],
    },
    Cloud {
        provider: "azure",
        title: "Azure",
        account: "subscription",
        registries: &["*.azurecr.io", "*.azurecr.cn", "*.azurecr.us"],
    },
    Cloud {
        provider: "gcp",
        title: "Google Cloud",
        account: "project",
        registries: &["*.pkg.dev", "gcr.io", "*.gcr.io"],
    },
];

/// The cloud of a provider.
#[must_use]
pub fn cloud(provider: &str) -> Option<&'static Cloud> {
    CLOUDS.iter().find(|cloud| cloud.provider == provider)
}
