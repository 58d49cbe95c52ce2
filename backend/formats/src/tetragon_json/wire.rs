//! Events as Tetragon writes them, only the fields that are used. Refuses to interpret; every field may be absent. Text
//! is borrowed from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Number, Text, nullable};

/// An event: one of its parts is there and names its kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Event<'a> {
    pub process_kprobe: Option<Hook<'a>>,
    pub process_tracepoint: Option<Hook<'a>>,
    pub process_uprobe: Option<Hook<'a>>,
    pub process_usdt: Option<Hook<'a>>,
    pub process_lsm: Option<Hook<'a>>,
    pub process_exec: Option<Execution<'a>>,
    pub process_exit: Option<IgnoredAny>,
    pub process_loader: Option<IgnoredAny>,
    pub process_accept: Option<IgnoredAny>,
    pub process_close: Option<IgnoredAny>,
    pub process_connect: Option<IgnoredAny>,
    pub process_listen: Option<IgnoredAny>,
    pub process_sock_stats: Option<IgnoredAny>,
    pub process_throttle: Option<IgnoredAny>,
    pub rate_limit_info: Option<IgnoredAny>,
    pub time: Text<'a>,
    pub node_name: Text<'a>,
    pub cluster_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub aggregation_info: Aggregation,
}

/// How many equal events one stands for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Aggregation {
    pub count: Number,
}

/// What a tracing policy hooked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Hook<'a> {
    #[serde(deserialize_with = "nullable")]
    pub process: Process<'a>,
    #[serde(deserialize_with = "nullable")]
    pub parent: Process<'a>,
    /// Absent before release 0.10.
    pub policy_name: Text<'a>,
    pub message: Text<'a>,
    /// `KPROBE_ACTION_SIGKILL`.
    pub action: Text<'a>,
    pub function_name: Text<'a>,
    /// Of a tracepoint.
    pub subsys: Text<'a>,
    /// Of a tracepoint.
    pub event: Text<'a>,
    /// Of a probe in user space.
    pub path: Text<'a>,
    /// Of a probe in user space.
    pub symbol: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub tags: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub args: Vec<Argument<'a>>,
    /// What the function answered, where the policy asks for it.
    #[serde(rename = "return")]
    pub answer: Option<Argument<'a>>,
}

/// An argument of the hooked function, where it is a file, a peer or a number; its answer is written alike.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Argument<'a> {
    pub file_arg: Option<File<'a>>,
    pub path_arg: Option<File<'a>>,
    pub linux_binprm_arg: Option<File<'a>>,
    pub sock_arg: Option<Socket<'a>>,
    pub skb_arg: Option<Socket<'a>>,
    pub sockaddr_arg: Option<Address<'a>>,
    pub int_arg: Number,
    pub uint_arg: Number,
    pub long_arg: Number,
    pub size_arg: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct File<'a> {
    pub path: Text<'a>,
    /// What is missing of the path, if anything is.
    pub flags: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Socket<'a> {
    pub daddr: Text<'a>,
    pub dport: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Address<'a> {
    pub addr: Text<'a>,
    pub port: Number,
}

/// A process that began.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Execution<'a> {
    #[serde(deserialize_with = "nullable")]
    pub process: Process<'a>,
    #[serde(deserialize_with = "nullable")]
    pub parent: Process<'a>,
}

/// A process.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Process<'a> {
    pub pid: Number,
    pub uid: Text<'a>,
    pub binary: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub user: User<'a>,
    /// The id of the container, cut.
    pub docker: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub pod: Pod<'a>,
    #[serde(deserialize_with = "nullable")]
    pub binary_properties: Properties<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct User<'a> {
    pub name: Text<'a>,
}

/// What is special of a binary.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Properties<'a> {
    /// Only of a binary that lies in memory or was deleted.
    pub file: Option<File<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Pod<'a> {
    pub namespace: Text<'a>,
    pub name: Text<'a>,
    pub workload: Text<'a>,
    pub workload_kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub container: Container<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image: Image<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
}
