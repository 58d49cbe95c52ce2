//! Security contexts of pods and containers, named as the API names them.
//!
//! Refuses nothing but wrong types: every field may be absent or null.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Text, nullable};

/// Of a pod or of a container: the API gives each some of these fields.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SecurityContext<'a> {
    pub(super) privileged: Option<bool>,
    pub(super) allow_privilege_escalation: Option<bool>,
    pub(super) run_as_non_root: Option<bool>,
    pub(super) run_as_user: Option<i64>,
    pub(super) run_as_group: Option<IgnoredAny>,
    pub(super) fs_group: Option<IgnoredAny>,
    pub(super) read_only_root_filesystem: Option<bool>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) capabilities: Capabilities<'a>,
    #[serde(borrow)]
    pub(super) seccomp_profile: Option<Profile<'a>>,
    #[serde(borrow)]
    pub(super) app_armor_profile: Option<Profile<'a>>,
    #[serde(borrow)]
    pub(super) proc_mount: Text<'a>,
    #[serde(borrow)]
    pub(super) se_linux_options: Option<SeLinuxOptions<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) sysctls: Vec<Sysctl<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) windows_options: WindowsOptions,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Capabilities<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) add: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) drop: Vec<Text<'a>>,
}

/// Of seccomp or of AppArmor.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    pub(super) r#type: Text<'a>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct SeLinuxOptions<'a> {
    #[serde(borrow)]
    pub(super) user: Text<'a>,
    #[serde(borrow)]
    pub(super) role: Text<'a>,
    #[serde(borrow)]
    pub(super) r#type: Text<'a>,
    #[serde(borrow)]
    pub(super) level: Text<'a>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Sysctl<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WindowsOptions {
    pub(super) host_process: Option<bool>,
}
