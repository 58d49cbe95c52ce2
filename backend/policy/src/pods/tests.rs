//! Specifications in, findings out, one line a control.

use std::collections::BTreeSet;

use domain::workload::{ContainerSecurity, Isolation, PodSpecified, Specified};

use super::{CONTROLS, Container, Pods};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// As strict as the restricted profile, and with all that the others want.
fn strict() -> ContainerSecurity {
    ContainerSecurity {
        allow_privilege_escalation: Some(false),
        run_as_non_root: Some(true),
        read_only_root: Some(true),
        capabilities_dropped: texts(&["ALL"]),
        seccomp: Some("RuntimeDefault".to_owned()),
        specified: Some(Specified {
            context: true,
            requests: texts(&["cpu", "memory"]),
            limits: texts(&["memory"]),
            probes: texts(&["liveness", "readiness"]),
            ..Specified::default()
        }),
        ..ContainerSecurity::default()
    }
}

/// The same, with another word on what only a pod's specification says.
fn but(change: impl FnOnce(&mut Specified)) -> ContainerSecurity {
    let mut security = strict();
    change(security.specified.as_mut().unwrap());
    security
}

fn own() -> Isolation {
    Isolation {
        service_account: Some("api".to_owned()),
        token_mounted: Some(false),
        pod: Some(PodSpecified::default()),
        ..Isolation::default()
    }
}

fn held<'w>(name: &'w str, security: &'w ContainerSecurity) -> Container<'w> {
    Container { name, image: "registry.example/api:1", init: false, image_root: Some(true), security }
}

/// What is not as it should be: `title: value`, or `title ?` where it was not told.
fn judged(isolation: &Isolation, containers: &[Container<'_>], kind: &str) -> Vec<String> {
    let specified = isolation.pod.clone().unwrap_or_default();
    let pods = Pods { namespace: "shop", kind, isolation, specified: &specified, containers };
    let line = |control: &super::Control| match control.of(&pods) {
        Some(found) if found.safe => None,
        Some(found) => Some(format!("{}: {}", control.title, found.value)),
        None => Some(format!("{} ?", control.title)),
    };
    CONTROLS.iter().filter_map(line).collect()
}

#[track_caller]
fn check(security: &ContainerSecurity, expected: &[&str]) {
    assert_eq!(judged(&own(), &[held("api", security)], "Deployment"), expected);
}

#[test]
fn every_fact_stands_once() {
    let titles: BTreeSet<&str> = CONTROLS.iter().map(|control| control.title).collect();
    assert_eq!(titles.len(), CONTROLS.len());
    let numbered: Vec<&str> =
        CONTROLS.iter().map(|control| control.by).filter(|by| by.contains('.')).collect();
    let distinct: BTreeSet<&str> = numbered.iter().copied().collect();
    assert_eq!(distinct.len(), numbered.len(), "one number, one rule");
}

#[test]
fn what_is_strict_fails_nothing() {
    check(&strict(), &[]);
}

#[test]
fn what_states_nothing_fails_by_its_defaults() {
    let bare = ContainerSecurity { specified: Some(Specified::default()), ..ContainerSecurity::default() };
    let isolation = Isolation { pod: Some(PodSpecified::default()), ..Isolation::default() };
    let found = judged(&isolation, &[held("api", &bare)], "Deployment");
    assert_eq!(
        found,
        [
            "Service account: default",
            "Token of the service account ?",
            "Gaining privileges: api: not forbidden",
            "Running as root: api: as its image says, root",
            "Raw network packets: api",
            "Capabilities: api: keeps the usual ones",
            "Seccomp profile: api: none set",
            "Security context: api",
            "Root file system: api",
            "Memory limit: api",
            "Share of the processors: api",
            "Memory asked for: not by api",
            "Readiness probe: api",
            "Liveness probe: api",
        ]
    );
    let job = judged(&isolation, &[held("api", &bare)], "Job");
    assert!(!job.iter().any(|line| line.contains("probe")), "{job:?}");
}

#[test]
fn each_weakness_has_its_line() {
    let with = |change: fn(&mut ContainerSecurity)| {
        let mut security = strict();
        change(&mut security);
        security
    };
    check(&with(|of| of.privileged = true), &["Privileged containers: api"]);
    check(&with(|of| of.allow_privilege_escalation = Some(true)), &["Gaining privileges: api: allowed"]);
    check(&with(|of| of.host_ports = vec![80, 443]), &["Ports of the node: api: 80, 443"]);
    check(&with(|of| of.secret_variables = texts(&["TOKEN"])), &["Secrets in variables: api: TOKEN"]);
    check(&with(|of| of.seccomp = Some("Unconfined".to_owned())), &["Seccomp profile: api: Unconfined"]);
    check(
        &with(|of| of.capabilities_added = texts(&["NET_RAW"])),
        &["Raw network packets: api", "Capabilities: api: adds NET_RAW"],
    );
    check(
        &with(|of| of.host_paths = texts(&["/etc/", "/srv", "/run/docker.sock"])),
        &[
            "Paths of the node: api: /etc/, /srv, /run/docker.sock",
            "System directories of the node: api: /etc/",
            "Socket of the container runtime: api: /run/docker.sock",
        ],
    );
    check(&but(|of| of.host_process = true), &["Processes of a Windows node: api"]);
    check(&but(|of| of.read_host_paths = texts(&["/srv"])), &["Paths of the node: api: /srv"]);
    check(&but(|of| of.apparmor = Some("Unconfined".to_owned())), &["AppArmor profile: api"]);
    check(&but(|of| of.proc_mount = Some("Unmasked".to_owned())), &["How /proc is mounted: api"]);
    check(
        &but(|of| of.selinux = texts(&["type=spc_t", "type=container_t", "user=root"])),
        &["SELinux options: api: type=spc_t, user=root"],
    );
    check(&but(|of| of.limits = Vec::new()), &["Memory limit: api"]);
    check(&but(|of| of.probes = texts(&["readiness"])), &["Liveness probe: api"]);
}

#[test]
fn what_the_pod_shares_has_its_line() {
    let pod = PodSpecified {
        shares_processes: true,
        sysctls: texts(&["kernel.msgmax", "net.ipv4.tcp_syncookies"]),
    };
    let isolation = Isolation {
        host_network: true,
        host_pid: true,
        host_ipc: true,
        token_mounted: Some(true),
        pod: Some(pod),
        ..own()
    };
    assert_eq!(
        judged(&isolation, &[held("api", &strict())], "Pod"),
        [
            "Token of the service account: mounted",
            "Processes of the node: shared",
            "Inter-process communication of the node: shared",
            "Network of the node: shared",
            "Kernel parameters: kernel.msgmax",
            "Processes of other containers: shared",
        ]
    );
    let pods = Pods {
        namespace: "default",
        kind: "Pod",
        isolation: &own(),
        specified: &PodSpecified::default(),
        containers: &[],
    };
    let namespace = CONTROLS.iter().find(|control| control.title == "Default namespace").unwrap();
    assert!(!namespace.of(&pods).unwrap().safe);
}

#[test]
fn a_user_counts_before_the_image() {
    let as_user = |user: Option<i64>, non_root: Option<bool>| ContainerSecurity {
        run_as_user: user,
        run_as_non_root: non_root,
        ..strict()
    };
    for (security, image_root, expected) in [
        (as_user(Some(0), None), Some(false), Some("Running as root: api: as root")),
        (as_user(Some(0), Some(true)), Some(true), None),
        (as_user(Some(1000), Some(false)), Some(true), None),
        (as_user(None, Some(true)), None, None),
        (as_user(None, Some(false)), Some(false), None),
        (as_user(None, None), Some(true), Some("Running as root: api: as its image says, root")),
        (as_user(None, None), None, Some("Running as root ?")),
    ] {
        let container = Container { image_root, ..held("api", &security) };
        let found = judged(&own(), &[container], "Deployment");
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(expected));
    }
}

#[test]
fn latest_is_to_be_pulled_each_time() {
    let digest = format!("api:latest@sha256:{}", "a1".repeat(32));
    for (image, policy, weak) in [
        ("api", Some("IfNotPresent"), true),
        ("api:latest", Some("Never"), true),
        ("api:latest", Some("Always"), false),
        ("api:latest", None, false),
        ("api:1", Some("IfNotPresent"), false),
        (digest.as_str(), Some("IfNotPresent"), false),
        ("not a reference", Some("IfNotPresent"), false),
    ] {
        let security = but(|of| of.pull_policy = policy.map(str::to_owned));
        let container = Container { image, ..held("api", &security) };
        let expected: &[&str] = if weak { &["Pull of the tag latest: api"] } else { &[] };
        assert_eq!(judged(&own(), &[container], "Deployment"), expected, "{image} {policy:?}");
    }
}

#[test]
fn unread_is_unknown_unless_another_fails() {
    let (unread, privileged) =
        (ContainerSecurity::default(), ContainerSecurity { privileged: true, ..strict() });
    let found = judged(&own(), &[held("old", &unread)], "Deployment");
    assert!(found.iter().all(|line| line.ends_with(" ?")) && found.len() > 20, "{found:?}");
    let both = judged(&own(), &[held("old", &unread), held("api", &privileged)], "Deployment");
    assert_eq!(
        both.iter().find(|line| line.starts_with("Privileged")).unwrap(),
        "Privileged containers: api"
    );
    assert!(both.contains(&"Seccomp profile ?".to_owned()), "{both:?}");
}

#[test]
fn of_many_a_few_are_named() {
    let privileged = ContainerSecurity { privileged: true, ..strict() };
    let names: Vec<String> = (0..8).map(|number| format!("c{number}")).collect();
    let containers: Vec<Container<'_>> = names.iter().map(|name| held(name, &privileged)).collect();
    let found = judged(&own(), &containers, "Deployment");
    assert_eq!(found, ["Privileged containers: c0; c1; c2; c3; c4; and 3 more"]);
}

#[test]
fn what_ends_needs_no_probe_and_what_looks_for_faults_no_limit() {
    let silent = but(|of| of.probes = Vec::new());
    let init = Container { init: true, ..held("setup", &silent) };
    let debug = but(|of| {
        *of = Specified { context: true, ephemeral: true, ..Specified::default() };
    });
    let containers = [held("api", &silent), init, held("debug", &debug)];
    let found = judged(&own(), &containers, "Deployment");
    assert_eq!(found, ["Readiness probe: api", "Liveness probe: api"]);
}
