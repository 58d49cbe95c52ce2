//! The clouds of Azure: copies that share no directory, told apart by their addresses. Refuses to guess one from
//! the name of a location.

/// A copy of Azure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cloud {
    /// Its word in settings.
    pub(super) name: &'static str,
    /// Where its directory hands out tokens.
    pub(super) authority: &'static str,
    /// Where its resource manager answers, and for whom tokens are made out that it takes.
    pub(super) manager: &'static str,
    /// For whom tokens are made out that its registries take.
    pub(super) registries: &'static str,
}

/// The words of all clouds, for the settings.
pub(super) const NAMES: &[&str] = &["public", "government", "china"];

const CLOUDS: [Cloud; 3] = [
    Cloud {
        name: "public",
        authority: "https://login.microsoftonline.com",
        manager: "https://management.azure.com",
        registries: "https://containerregistry.azure.net",
    },
    Cloud {
        name: "government",
        authority: "https://login.microsoftonline.us",
        manager: "https://management.usgovcloudapi.net",
        registries: "https://management.usgovcloudapi.net",
    },
    Cloud {
        name: "china",
        authority: "https://login.chinacloudapi.cn",
        manager: "https://management.chinacloudapi.cn",
        registries: "https://management.chinacloudapi.cn",
    },
];

impl Cloud {
    /// The cloud of a word; the public one where none or another is named.
    pub(super) fn named(word: Option<&str>) -> Self {
        let [public, ..] = CLOUDS;
        CLOUDS.into_iter().find(|cloud| Some(cloud.name) == word).unwrap_or(public)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cloud, NAMES};

    #[test]
    fn each_word_names_its_own_cloud() {
        for name in NAMES {
            assert_eq!(Cloud::named(Some(name)).name, *name);
        }
        assert_eq!(Cloud::named(None).name, "public");
    }
}
