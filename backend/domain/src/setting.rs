//! How something is set up, where one provider alone has the setting: a plain list. A word that no vendor owns says
//! which setting it is, the value stays in the vendor's words, and whether it is safe is said only where a public
//! benchmark says so, with its name.
//!
//! What several providers have in common is a field of its own, of [`crate::registry::Repository`],
//! [`crate::cluster::Cluster`] or [`crate::cluster::NodeGroup`]: people sort and compare clouds by it. A list is only
//! read, so that a provider's next setting costs neither a column nor a page.
//!
//! Refuses an opinion of our own, and a setting that was not told: it is not in the list.

use serde::{Deserialize, Serialize};

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Which one, in a word of [`TITLES`]: `admin-user`.
    pub key: String,
    /// What it is set to, in the vendor's words; `on` or `off` where it is a switch.
    pub value: String,
    /// What a public benchmark says of that value; absent where none speaks of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
}

/// A benchmark's word on a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Whether it wants this value.
    pub safe: bool,
    /// Its name, with the number of the recommendation where it has one.
    pub by: String,
}

/// What people call a setting, by its word.
pub const TITLES: &[(&str, &str)] = &[
    ("admin-user", "Administrator's password"),
    ("anonymous-pull", "Pull without signing in"),
    ("arm-tokens", "Tokens of the resource manager"),
    ("auto-repair", "Repair of nodes"),
    ("auto-upgrade", "Upgrade of nodes"),
    ("binary-authorization", "Admission of images"),
    ("content-trust", "Content trust"),
    ("cve-allowlist", "Vulnerabilities let through"),
    ("dashboard", "Kubernetes dashboard"),
    ("data-endpoint", "Data endpoint of its own"),
    ("directory-authorization", "Authorization by the directory"),
    ("directory-sign-in", "Sign-in by the directory"),
    ("encryption-at-host", "Encryption at the host"),
    ("export", "Export of images"),
    ("fips", "FIPS mode"),
    ("image-cleaner", "Removal of unused images"),
    ("immutable-tags", "Tags that stay"),
    ("integrity-monitoring", "Integrity monitoring"),
    ("intranode-visibility", "Traffic within a node seen"),
    ("last-updated", "Last updated"),
    ("mode", "Mode"),
    ("node-identity", "Identity of nodes"),
    ("node-image-channel", "Upgrade of node images"),
    ("node-metadata", "Metadata that pods see"),
    ("policy-addon", "Policies at admission"),
    ("prevent-vulnerable", "Pull of vulnerable images"),
    ("public-addresses", "Public addresses of nodes"),
    ("public-network", "Reached from"),
    ("quarantine", "Quarantine of what is pushed"),
    ("quota", "Quota"),
    ("registry-access", "Who sees the registry"),
    ("repository-kind", "Kind of repository"),
    ("role-mode", "Where roles are given"),
    ("run-command", "Commands through the provider"),
    ("runtime-sensor", "Sensor of the provider"),
    ("secure-boot", "Secure boot"),
    ("security-posture", "Security posture checks"),
    ("shielded-nodes", "Shielded nodes"),
    ("source-repository", "Source repository"),
    ("spot", "Spot machines"),
    ("support-plan", "Support plan"),
    ("tier", "Tier"),
    ("visibility", "Visibility"),
    ("workload-scanning", "Scanning of workloads"),
    ("xray-index", "Indexed by Xray"),
    ("zone-redundancy", "Zone redundancy"),
];

impl Setting {
    /// One of which no benchmark speaks.
    #[must_use]
    pub fn new(key: &str, value: impl Into<String>) -> Self {
        Self { key: key.to_owned(), value: value.into(), judged: None }
    }

    /// One that is on or off.
    #[must_use]
    pub fn switch(key: &str, on: bool) -> Self {
        Self::new(key, if on { "on" } else { "off" })
    }

    /// With a benchmark's word on it.
    #[must_use]
    pub fn judged(self, safe: bool, by: &str) -> Self {
        Self { judged: Some(Judged { safe, by: by.to_owned() }), ..self }
    }

    /// What people call it; its word where it has no title.
    #[must_use]
    pub fn title(&self) -> &str {
        let known = TITLES.iter().find(|(key, _)| *key == self.key);
        known.map_or(self.key.as_str(), |(_, title)| title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_sorted_and_each_word_has_one() {
        assert!(TITLES.is_sorted_by(|(one, _), (other, _)| one < other));
        assert_eq!(Setting::switch("fips", true).title(), "FIPS mode");
        assert_eq!(Setting::new("unheard-of", "x").title(), "unheard-of");
    }

    #[test]
    fn a_setting_is_read_as_it_was_written() {
        let judged = Setting::switch("admin-user", true).judged(false, "Azure Policy");
        for setting in [judged, Setting::new("tier", "Premium")] {
            let text = serde_json::to_string(&setting).unwrap();
            assert_eq!(serde_json::from_str::<Setting>(&text).unwrap(), setting, "{text}");
        }
    }
}
