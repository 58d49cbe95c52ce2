//! One function a control: what is found in the specification of pods. Refuses a verdict on a container of which
//! nothing was read, unless another one fails already.

use domain::reference::ImageReference;
use domain::workload::Specified;

use super::{Container, Found, Pods};

/// The most containers that are named.
const NAMED: usize = 5;
/// Kernel parameters that Pod Security lets be set: they are the pod's own.
const SAFE_SYSCTLS: [&str; 10] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
];
/// Types of SELinux that confine a container.
const SAFE_SELINUX: [&str; 4] =
    ["type=container_engine_t", "type=container_init_t", "type=container_kvm_t", "type=container_t"];
/// Directories of the node that hold the system.
const SYSTEM_PATHS: [&str; 8] = ["", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"];
/// How sockets of container runtimes are called.
const SOCKETS: [&str; 5] =
    ["/containerd.sock", "/cri-dockerd.sock", "/crio.sock", "/docker.sock", "/podman.sock"];

/// What one container says.
enum Told {
    Fine,
    /// It is not as it should be; in words, unless its name says enough.
    Weak(String),
    Unknown,
}

impl Told {
    fn weak(weak: bool) -> Self {
        if weak { Self::Weak(String::new()) } else { Self::Fine }
    }

    /// Weak where there is any of these.
    fn any<T: AsRef<str>>(words: &[T]) -> Self {
        let words: Vec<&str> = words.iter().map(|word| word.as_ref()).collect();
        if words.is_empty() { Self::Fine } else { Self::Weak(words.join(", ")) }
    }
}

fn met(value: impl Into<String>) -> Option<Found> {
    Some(Found { safe: true, value: value.into() })
}

fn against(value: impl Into<String>) -> Option<Found> {
    Some(Found { safe: false, value: value.into() })
}

/// All containers together: the weak ones by name, `fine` where there are none.
fn all(pods: &Pods<'_>, fine: &str, tell: impl Fn(&Container<'_>, &Specified) -> Told) -> Option<Found> {
    let (mut weak, mut unknown) = (Vec::new(), pods.containers.is_empty());
    for container in pods.containers {
        let specified = container.security.specified.as_ref();
        match specified.map_or(Told::Unknown, |specified| tell(container, specified)) {
            Told::Fine => {}
            Told::Weak(words) if words.is_empty() => weak.push(container.name.to_owned()),
            Told::Weak(words) => weak.push(format!("{}: {words}", container.name)),
            Told::Unknown => unknown = true,
        }
    }
    let more = weak.len().saturating_sub(NAMED);
    weak.truncate(NAMED);
    match (weak.is_empty(), unknown, more) {
        (true, true, _) => None,
        (true, false, _) => met(fine),
        (false, _, 0) => against(weak.join("; ")),
        (false, ..) => against(format!("{}; and {more} more", weak.join("; "))),
    }
}

/// The same, of those that go on running: what ends, or was put in to look for a fault, needs it not.
fn lasting(pods: &Pods<'_>, fine: &str, tell: impl Fn(&Container<'_>, &Specified) -> bool) -> Option<Found> {
    all(pods, fine, |container, specified| {
        Told::weak(!container.init && !specified.ephemeral && tell(container, specified))
    })
}

fn shared(shared: bool) -> Option<Found> {
    if shared { against("shared") } else { met("kept apart") }
}

pub(super) fn service_account(pods: &Pods<'_>) -> Option<Found> {
    pods.isolation.service_account.as_ref().map_or_else(|| against("default"), met)
}

/// Where nothing was said and nothing is to be seen, the service account decides, which is not read.
pub(super) fn token(pods: &Pods<'_>) -> Option<Found> {
    match pods.isolation.token_mounted? {
        true => against("mounted"),
        false => met("not mounted"),
    }
}

pub(super) fn privileged(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "none", |container, _| Told::weak(container.security.privileged))
}

pub(super) fn host_processes(pods: &Pods<'_>) -> Option<Found> {
    shared(pods.isolation.host_pid)
}

pub(super) fn host_ipc(pods: &Pods<'_>) -> Option<Found> {
    shared(pods.isolation.host_ipc)
}

pub(super) fn host_network(pods: &Pods<'_>) -> Option<Found> {
    shared(pods.isolation.host_network)
}

pub(super) fn escalation(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "not allowed", |container, _| match container.security.allow_privilege_escalation {
        Some(false) => Told::Fine,
        Some(true) => Told::Weak("allowed".to_owned()),
        None => Told::Weak("not forbidden".to_owned()),
    })
}

/// A user that the specification names counts before what it demands, and both before what the image says.
pub(super) fn root(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "not as root", |container, _| {
        let security = container.security;
        match (security.run_as_user, security.run_as_non_root, container.image_root) {
            (Some(0), Some(true), _) => Told::Fine,
            (Some(0), ..) => Told::Weak("as root".to_owned()),
            (Some(_), ..) | (None, Some(true), _) | (None, _, Some(false)) => Told::Fine,
            (None, _, Some(true)) => Told::Weak("as its image says, root".to_owned()),
            (None, _, None) => Told::Unknown,
        }
    })
}

fn drops(container: &Container<'_>, capability: &str) -> bool {
    let named = |list: &[String], name: &str| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    let (added, dropped) = (&container.security.capabilities_added, &container.security.capabilities_dropped);
    (named(dropped, "ALL") || named(dropped, capability)) && !named(added, "ALL") && !named(added, capability)
}

pub(super) fn raw_packets(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "not allowed", |container, _| Told::weak(!drops(container, "NET_RAW")))
}

pub(super) fn capabilities(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "all dropped", |container, _| {
        let added = &container.security.capabilities_added;
        match (added.is_empty(), drops(container, "ALL")) {
            (true, true) => Told::Fine,
            (true, false) => Told::Weak("keeps the usual ones".to_owned()),
            (false, _) => Told::Weak(format!("adds {}", added.join(", "))),
        }
    })
}

pub(super) fn host_process(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "none", |_, specified| Told::weak(specified.host_process))
}

/// Paths of the node, those that are written first.
fn paths(container: &Container<'_>, specified: &Specified, keep: fn(&str) -> bool) -> Told {
    let all = container.security.host_paths.iter().chain(&specified.read_host_paths);
    let kept: Vec<&str> = all.map(String::as_str).filter(|path| keep(path)).collect();
    Told::any(&kept)
}

pub(super) fn host_paths(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "none", |container, specified| paths(container, specified, |_| true))
}

pub(super) fn system_paths(pods: &Pods<'_>) -> Option<Found> {
    let system = |path: &str| SYSTEM_PATHS.contains(&path.trim_end_matches('/'));
    all(pods, "none", |container, specified| paths(container, specified, system))
}

pub(super) fn runtime_socket(pods: &Pods<'_>) -> Option<Found> {
    let socket = |path: &str| SOCKETS.iter().any(|name| path.ends_with(name));
    all(pods, "not mounted", |container, specified| paths(container, specified, socket))
}

pub(super) fn host_ports(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "none", |container, _| {
        let ports: Vec<String> = container.security.host_ports.iter().map(ToString::to_string).collect();
        Told::any(&ports)
    })
}

pub(super) fn secrets(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "none", |container, _| Told::any(&container.security.secret_variables))
}

pub(super) fn seccomp(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "set", |container, _| match container.security.seccomp.as_deref() {
        None => Told::Weak("none set".to_owned()),
        Some("Unconfined") => Told::Weak("Unconfined".to_owned()),
        Some(_) => Told::Fine,
    })
}

pub(super) fn context(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "stated", |_, specified| Told::weak(!specified.context))
}

pub(super) fn namespace(pods: &Pods<'_>) -> Option<Found> {
    if pods.namespace == "default" { against("in use") } else { met("not in use") }
}

/// Where none is named, the runtime sets its own on nodes that have AppArmor.
pub(super) fn apparmor(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "not turned off", |_, specified| {
        Told::weak(specified.apparmor.as_deref() == Some("Unconfined"))
    })
}

pub(super) fn selinux(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "not loosened", |_, specified| {
        let free = |option: &&String| !SAFE_SELINUX.contains(&option.as_str());
        Told::any(&specified.selinux.iter().filter(free).collect::<Vec<_>>())
    })
}

pub(super) fn proc_mount(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "masked", |_, specified| {
        Told::weak(specified.proc_mount.as_deref().is_some_and(|mount| mount != "Default"))
    })
}

pub(super) fn sysctls(pods: &Pods<'_>) -> Option<Found> {
    let unsafe_ones = pods.specified.sysctls.iter().map(String::as_str);
    let unsafe_ones: Vec<&str> = unsafe_ones.filter(|name| !SAFE_SYSCTLS.contains(name)).collect();
    if unsafe_ones.is_empty() { met("none that others feel") } else { against(unsafe_ones.join(", ")) }
}

pub(super) fn writable_root(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "read-only", |container, specified| {
        Told::weak(!specified.ephemeral && container.security.read_only_root != Some(true))
    })
}

fn states(list: &[String], resource: &str) -> bool {
    list.iter().any(|known| known == resource)
}

pub(super) fn memory_limit(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "set", |_, specified| Told::weak(!specified.ephemeral && !states(&specified.limits, "memory")))
}

/// A limit alone is a request as well.
pub(super) fn cpu(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "set", |_, specified| {
        let stated = states(&specified.requests, "cpu") || states(&specified.limits, "cpu");
        Told::weak(!specified.ephemeral && !stated)
    })
}

pub(super) fn memory_request(pods: &Pods<'_>) -> Option<Found> {
    let asked = all(pods, "by each container", |_, specified| {
        let stated = states(&specified.requests, "memory") || states(&specified.limits, "memory");
        Told::weak(!specified.ephemeral && !stated)
    })?;
    if asked.safe { Some(asked) } else { against(format!("not by {}", asked.value)) }
}

fn probe(pods: &Pods<'_>, name: &str) -> Option<Found> {
    if matches!(pods.kind, "Job" | "CronJob") {
        return met("not needed: it ends");
    }
    lasting(pods, "set", |_, specified| !states(&specified.probes, name))
}

pub(super) fn readiness(pods: &Pods<'_>) -> Option<Found> {
    probe(pods, "readiness")
}

pub(super) fn liveness(pods: &Pods<'_>) -> Option<Found> {
    probe(pods, "liveness")
}

/// Where nothing is said of the pull, such a tag is pulled each time.
pub(super) fn latest(pods: &Pods<'_>) -> Option<Found> {
    all(pods, "each time, or not in use", |container, specified| {
        let reference = container.image.parse::<ImageReference>().ok().map(ImageReference::with_default_tag);
        let latest = reference.is_some_and(|reference| {
            reference.digest.is_none() && reference.tag.as_deref() == Some("latest")
        });
        let each_time = specified.pull_policy.as_deref().is_none_or(|policy| policy == "Always");
        Told::weak(latest && !each_time)
    })
}

pub(super) fn shared_processes(pods: &Pods<'_>) -> Option<Found> {
    shared(pods.specified.shares_processes)
}
