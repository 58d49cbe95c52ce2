//! Projects and what their repositories have from them: most of what can be set in Harbor is set for a project. Refuses
//! to call a setting off that was not told.

use domain::registry::Repository;
use domain::setting::Setting;

use super::artifacts::moment_of;
use super::client::Api;
use super::wire::{self, Metadata, Project, Retention, Rule, Summary};
use super::{retention, rules};
use crate::Failure;
use crate::missing::Missing;
use crate::oci::Named;

pub(super) const LIST: &str = "project:list";
const READ: &str = "project:read";
const RULES: &str = "immutable-tag:list";
const RETENTION: &str = "tag-retention:read";
const REPOSITORIES: &str = "repository:list";

/// A project as its repositories have it.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// As it is told.
    pub(super) told: Project,
    /// By which rules tags cannot be moved, where they are told.
    pub(super) immutable: Option<Vec<Rule>>,
    /// By which policy artifacts are removed, where that is told: one without rules where there is none.
    pub(super) retention: Option<Retention>,
    /// How much may lie in it, in bytes; -1 for any amount.
    pub(super) quota: Option<i64>,
}

/// The names of all projects that are shown.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn names(api: &Api<'_>) -> Result<Vec<String>, Failure> {
    let told: Option<Vec<Project>> = api.all(LIST, api.address(&["projects"])?).await?;
    let told = told.ok_or_else(|| api.ask.unreadable(LIST, &"there is no Harbor at this address"))?;
    Ok(told.into_iter().map(|project| project.name).collect())
}

/// A project with its settings; nothing where it is not there. What may not be read of them is noted.
///
/// # Errors
/// When the project is not told.
pub(super) async fn read(api: &Api<'_>, name: &str, missing: &mut Missing) -> Result<Option<Known>, Failure> {
    let told: Option<Project> = api.one(READ, api.address(&["projects", name])?).await?;
    let Some(told) = told else { return Ok(None) };
    if api.is_anybodys() {
        // The rest is for members.
        return Ok(Some(Known { told, ..Known::default() }));
    }
    let address = api.address(&["projects", name, "immutabletagrules"])?;
    let immutable = missing.without(api.all(RULES, address).await)?.flatten();
    let retention = match told.metadata.as_ref().map(|metadata| metadata.retention_id.as_deref()) {
        None => None,
        Some(None | Some("")) => Some(Retention::default()),
        Some(Some(id)) => {
            let policy = api.one(RETENTION, api.address(&["retentions", id])?).await;
            missing.without(policy)?.flatten()
        }
    };
    let summary: Option<Summary> = {
        let summary = api.one(READ, api.address(&["projects", name, "summary"])?).await;
        missing.without(summary)?.flatten()
    };
    let quota = summary.and_then(|summary| summary.quota.hard.storage);
    Ok(Some(Known { told, immutable, retention, quota }))
}

/// The repositories of a project; nothing where it is not there.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn repositories(
    api: &Api<'_>,
    project: &str,
) -> Result<Option<Vec<wire::Repository>>, Failure> {
    api.all(REPOSITORIES, api.address(&["projects", project, "repositories"])?).await
}

impl Known {
    /// A repository with what it has from its project.
    pub(super) fn repository(&self, named: &Named, created: &str) -> Repository {
        let below = named.name.split_once('/').map_or("", |(_, below)| below);
        let metadata = self.told.metadata.as_ref();
        let on = |of: fn(&Metadata) -> &Option<String>| metadata.and_then(|told| flag(of(told)));
        Repository {
            registry: named.registry.clone(),
            name: named.name.clone(),
            public: on(|told| &told.public),
            tags_immutable: self.immutable.as_ref().map(|all| rules::immutable(all, below)),
            scan_on_push: on(|told| &told.auto_scan),
            scanning: metadata.and_then(scanning),
            cleanup: self.retention.as_ref().map(|policy| retention::cleanup(policy, below)),
            settings: self.settings(below),
            created_at: moment_of(created),
            ..Repository::default()
        }
    }

    fn settings(&self, below: &str) -> Vec<Setting> {
        let metadata = self.told.metadata.clone().unwrap_or_default();
        let settings = [
            (self.told.registry_id > 0).then(|| Setting::new("repository-kind", "proxy cache")),
            content_trust(&metadata),
            prevented(&metadata),
            self.allowed(&metadata),
            self.immutable.as_ref().and_then(|all| held(all, below)),
            self.quota.map(quota),
        ];
        settings.into_iter().flatten().collect()
    }

    /// Vulnerabilities that are let through all the same.
    fn allowed(&self, metadata: &Metadata) -> Option<Setting> {
        let words = if flag(&metadata.reuse_sys_cve_allowlist)? {
            "that of the registry".to_owned()
        } else {
            format!("its own, {} entries", self.told.cve_allowlist.items.len())
        };
        Some(Setting::new("cve-allowlist", words))
    }
}

/// What is scanned by itself, in Harbor's words.
fn scanning(told: &Metadata) -> Option<String> {
    let words = [("auto_scan", &told.auto_scan), ("auto_sbom_generation", &told.auto_sbom_generation)];
    let words = words.into_iter().filter_map(|(word, on)| Some(format!("{word}: {}", flag(on)?)));
    Some(words.collect::<Vec<_>>().join(", ")).filter(|words| !words.is_empty())
}

/// By whose signatures images may be pulled.
fn content_trust(told: &Metadata) -> Option<Setting> {
    let ways = [("notary", &told.enable_content_trust), ("cosign", &told.enable_content_trust_cosign)];
    let told: Vec<(&str, bool)> = ways.into_iter().filter_map(|(word, on)| Some((word, flag(on)?))).collect();
    let on: Vec<&str> = told.iter().filter(|(_, on)| *on).map(|(word, _)| *word).collect();
    let words = if on.is_empty() { "off".to_owned() } else { on.join(", ") };
    (!told.is_empty()).then(|| Setting::new("content-trust", words))
}

/// From which severity on images cannot be pulled.
fn prevented(told: &Metadata) -> Option<Setting> {
    let words = match (flag(&told.prevent_vul)?, told.severity.as_deref()) {
        (false, _) => "off".to_owned(),
        (true, Some(severity)) => format!("{severity} and above"),
        (true, None) => "on".to_owned(),
    };
    Some(Setting::new("prevent-vulnerable", words))
}

/// The tags that cannot be moved, where some can.
fn held(rules: &[Rule], below: &str) -> Option<Setting> {
    let tags: Vec<String> = rules::about(rules, below).map(rules::tags).collect();
    let some = !tags.is_empty() && !rules::immutable(rules, below);
    some.then(|| Setting::new("immutable-tags", tags.join("; ")))
}

fn quota(bytes: i64) -> Setting {
    let words = if bytes < 0 { "unlimited".to_owned() } else { format!("{} MiB", bytes >> 20) };
    Setting::new("quota", words)
}

fn flag(word: &Option<String>) -> Option<bool> {
    match word.as_deref()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
