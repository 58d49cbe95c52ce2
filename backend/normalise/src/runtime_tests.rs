//! Events, pods and workloads told apart.

use domain::id::Id;
use domain::runtime::Disposition;
use domain::scan::Tool;
use domain::severity::Severity;

use super::*;

fn event(rule: &str) -> RuntimeEvent {
    RuntimeEvent {
        tool: Tool { name: "falco".to_owned(), version: None },
        id: None,
        rule: rule.to_owned(),
        severity: Severity::High,
        severity_word: "Error".to_owned(),
        title: None,
        first_seen: None,
        last_seen: None,
        count: 1,
        container: ContainerSeen::default(),
        place: Place::default(),
        evidence: None,
        techniques: Vec::new(),
        disposition: Disposition::Open,
        foreign: false,
    }
}

fn candidate(kind: &str, name: &str) -> Candidate {
    let held = Held {
        name: "main".to_owned(),
        image: format!("registry.example/{name}:1"),
        digest: None,
        image_id: None,
    };
    Candidate {
        id: Id::derived(&[kind.as_bytes(), name.as_bytes()]),
        cluster: "prod".to_owned(),
        namespace: "shop".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        retired: false,
        nodes: vec!["node-1".to_owned()],
        containers: vec![held],
        instances: Vec::new(),
    }
}

fn place(kind: Option<&str>, name: Option<&str>) -> Place {
    Place { kind: kind.map(str::to_owned), name: name.map(str::to_owned), ..Place::default() }
}

#[test]
fn drift_is_told_by_its_name() {
    for (rule, expected) in [
        ("Execution:Runtime/NewBinaryExecuted", DRIFT),
        ("Drop and execute new binary in container", DRIFT),
        ("Container Drift Detected (chmod)", DRIFT),
        ("Terminal shell in container", THREAT),
        ("Unexpected outbound connection", THREAT),
    ] {
        assert_eq!(class(&event(rule)), expected, "{rule}");
    }
    let titled = RuntimeEvent { title: Some("Drift binary detected".to_owned()), ..event("K8S_1") };
    assert_eq!(class(&titled), DRIFT);
    let foreign = RuntimeEvent { foreign: true, ..event("Terminal shell in container") };
    assert_eq!(class(&foreign), DRIFT);
}

#[test]
fn a_detection_names_vulnerabilities_by_their_ids_alone() {
    for (rule, title, expected) in [
        ("Log4Shell (CVE-2021-44228)", None, vec!["CVE-2021-44228"]),
        ("cve-2021-4034", Some("PwnKit: CVE-2021-4034"), vec!["CVE-2021-4034"]),
        (
            "CVE_2022_0492_escape",
            Some("CVE-2022-0492, GHSA-JFH8-C2JP-5V3Q"),
            vec!["CVE-2022-0492", "GHSA-jfh8-c2jp-5v3q"],
        ),
        ("_CVE-2021-44228_", None, vec!["CVE-2021-44228"]),
        ("Detect log4j", Some("A CVE was used"), vec![]),
        ("CVE-21-44228 CVE-2021-1 CVE-2021-x0000 GHSA-1-2-3 CVE-", Some("-- _ é"), vec![]),
    ] {
        let found: Vec<String> = named(rule, title).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{rule}");
    }
}

#[test]
fn an_event_is_its_own_by_id_or_else_by_all_it_says() {
    let with_id = |id: &str, count| RuntimeEvent { id: Some(id.to_owned()), count, ..event("a") };
    assert_eq!(event_id(&with_id("1", 1)), event_id(&with_id("1", 9)));
    assert_ne!(event_id(&with_id("1", 1)), event_id(&with_id("2", 1)));
    let said = |evidence: &str| RuntimeEvent { evidence: Some(evidence.to_owned()), ..event("a") };
    assert_eq!(event_id(&said("sh")), event_id(&said("sh")));
    assert_ne!(event_id(&said("sh")), event_id(&said("bash")));
}

#[test]
fn pods_lead_to_what_keeps_them() {
    let candidates = [
        candidate("Deployment", "web"),
        candidate("Deployment", "web-admin"),
        candidate("StatefulSet", "db"),
        candidate("DaemonSet", "agent"),
        candidate("CronJob", "backup"),
        candidate("Pod", "debug"),
    ];
    for (kind, name, expected) in [
        (Some("Deployment"), "web", Some("web")),
        (Some("deployment"), "web", Some("web")),
        (Some("Pod"), "web-7d4b9f6c5-x2x9k", Some("web")),
        (None, "web-admin-7d4b9f6c5-x2x9k", Some("web-admin")),
        (Some("ReplicaSet"), "web-7d4b9f6c5", Some("web")),
        (Some("Pod"), "db-0", Some("db")),
        (Some("Pod"), "agent-x2x9k", Some("agent")),
        (Some("Job"), "backup-29384756", Some("backup")),
        (Some("Pod"), "backup-29384756-x2x9k", Some("backup")),
        (Some("Pod"), "debug", Some("debug")),
        (Some("Service"), "db", Some("db")),
        (Some("Pod"), "db-x", None),
        (Some("Pod"), "web-Evil-x2x9k", None),
        (None, "nothing", None),
    ] {
        let found = workload(&place(kind, Some(name)), &ContainerSeen::default(), Some("prod"), &candidates);
        assert_eq!(found.map(|one| one.name.as_str()), expected, "{kind:?} {name}");
    }
    let elsewhere = workload(&place(None, Some("web")), &ContainerSeen::default(), Some("test"), &candidates);
    assert_eq!(elsewhere, None);
}

#[test]
fn what_is_there_goes_before_what_was_and_two_are_none() {
    let gone = Candidate { retired: true, cluster: "old".to_owned(), ..candidate("Deployment", "web") };
    let there = candidate("Deployment", "web");
    let other = Candidate { cluster: "test".to_owned(), ..there.clone() };
    let found = |candidates: &[Candidate]| {
        workload(&place(None, Some("web")), &ContainerSeen::default(), None, candidates)
            .map(|one| one.cluster.clone())
    };
    assert_eq!(found(&[gone.clone(), there.clone()]).as_deref(), Some("prod"));
    assert_eq!(found(std::slice::from_ref(&gone)).as_deref(), Some("old"));
    assert_eq!(found(&[there, other]), None);
}

#[test]
fn where_nothing_is_named_the_image_and_the_node_decide() {
    let web = candidate("Deployment", "web");
    let twin = Candidate {
        containers: web.containers.clone(),
        nodes: vec!["node-2".to_owned()],
        ..candidate("Deployment", "twin")
    };
    let seen = ContainerSeen { image: Some("registry.example/web:1".to_owned()), ..ContainerSeen::default() };
    let on = |node: Option<&str>| {
        let place = Place { node: node.map(str::to_owned), ..Place::default() };
        workload(&place, &seen, None, &[web.clone(), twin.clone()]).map(|one| one.name.clone())
    };
    assert_eq!(on(Some("node-2")).as_deref(), Some("twin"));
    assert_eq!(on(None), None);
}

fn instance(pod: &str, id: Option<&str>, digest: Option<&str>) -> Instance {
    Instance {
        pod: pod.to_owned(),
        container: "main".to_owned(),
        container_id: id.map(str::to_owned),
        digest: digest.map(str::to_owned),
    }
}

#[test]
fn a_container_is_known_by_the_beginning_of_its_id_wherever_it_is_said_to_be() {
    let web = Candidate {
        instances: vec![
            instance("web-old", Some("0123456789ab"), Some("sha256:1")),
            instance("odd name", None, Some("sha256:2")),
        ],
        ..candidate("Deployment", "web")
    };
    let candidates = [web, candidate("Deployment", "db")];
    let with_id = |id: &str| ContainerSeen { id: Some(id.to_owned()), ..ContainerSeen::default() };
    let found = |place: &Place, seen: &ContainerSeen| {
        let found = workload(place, seen, Some("another"), &candidates)?;
        Some((found.name.as_str(), super::instance(place, seen, found)?.digest.as_deref()))
    };
    let (short, whole) = (with_id("0123456789ab"), with_id(&"0123456789AB".repeat(5)));
    for seen in [&short, &whole] {
        assert_eq!(found(&Place::default(), seen), Some(("web", Some("sha256:1"))));
        assert_eq!(found(&place(Some("Deployment"), Some("db")), seen), Some(("web", Some("sha256:1"))));
    }
    for id in ["0123456789a", "ba9876543210", "host", "0123456789zz"] {
        assert_eq!(found(&Place::default(), &with_id(id)), None, "{id}");
    }
    let named = ContainerSeen { name: Some("main".to_owned()), ..ContainerSeen::default() };
    let at = |kind| Place { cluster: Some("prod".to_owned()), ..place(kind, Some("odd name")) };
    assert_eq!(found(&at(Some("Pod")), &named), Some(("web", Some("sha256:2"))));
    assert_eq!(found(&at(None), &named), Some(("web", Some("sha256:2"))));
    assert_eq!(found(&at(Some("Service")), &named), None);
}

#[test]
fn a_cluster_of_a_cloud_is_known_by_its_short_name() {
    let batch = Candidate {
        cluster: "batch (ecs 111122223333 eu-west-1)".to_owned(),
        namespace: "batch".to_owned(),
        ..candidate("EcsService", "mail")
    };
    let in_account = |account: &str| Place {
        account: Some(account.to_owned()),
        region: Some("eu-west-1".to_owned()),
        cluster: Some("batch".to_owned()),
        ..place(Some("Service"), Some("mail"))
    };
    let candidates = [batch];
    let found = |account: &str| {
        workload(&in_account(account), &ContainerSeen::default(), None, &candidates).is_some()
    };
    assert!(found("111122223333") && !found("444455556666"));
}

#[test]
fn a_place_without_names_is_told_by_its_container() {
    let at = |image: &str| {
        let seen = ContainerSeen { image: Some(image.to_owned()), ..ContainerSeen::default() };
        detection_at("falco", "shell", &Place::default(), &seen)
    };
    assert_eq!(at("web:1"), at("web:1"));
    assert_ne!(at("web:1"), at("web:2"));
    let named =
        |name: &str| detection_at("falco", "shell", &place(None, Some(name)), &ContainerSeen::default());
    assert_ne!(named("web"), named("db"));
}
