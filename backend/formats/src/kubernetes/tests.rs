//! Values of the fixtures in one line each, and counts of the corpus taken independently of this code.

use domain::account::Account;
use domain::digest::Digest;
use domain::exposure::Exposure;
use domain::image::DigestRole;
use domain::node::Node;
use domain::observation::Observation;
use domain::port::ContainerPort;
use domain::workload::{ContainerSecurity, Isolation, PodSpecified, Specified, Workload};

use crate::{Error, Head, Limits, Parsed, read};

#[track_caller]
fn parsed(bytes: &[u8]) -> Parsed {
    let read = read(bytes, Limits::default()).unwrap();
    assert_eq!(read.format.kind, "kubernetes");
    read.parsed
}

/// The observations of one sort.
macro_rules! of {
    ($name:ident, $variant:ident) => {
        fn $name(parsed: &Parsed) -> Vec<&$variant> {
            let mut found = Vec::new();
            for observation in &parsed.observations {
                if let Observation::$variant(one) = observation {
                    found.push(one);
                }
            }
            found
        }
    };
}
of!(workloads, Workload);
of!(nodes, Node);
of!(exposures, Exposure);

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

fn digest(pair: &str) -> Digest {
    format!("sha256:{}", pair.repeat(32)).parse().unwrap()
}

/// `Deployment shop/api replicas=3 on=a,b | api@a1 ×1`, with `?` for a digest that is not known, `~` for
/// a configuration's digest and `!` for what was only asked for.
fn line(workload: &Workload) -> String {
    let containers: Vec<String> = workload
        .containers
        .iter()
        .map(|container| {
            let digest = match &container.digest {
                Some((DigestRole::Config, digest)) => format!("~{}", &digest.as_str()[7..9]),
                Some((_, digest)) => digest.as_str()[7..9].to_owned(),
                None => "?".to_owned(),
            };
            let init = if container.init { "init " } else { "" };
            format!("{init}{}@{digest} ×{}", container.name, container.running)
        })
        .collect();
    let replicas = workload.replicas.map_or(String::new(), |replicas| format!(" replicas={replicas}"));
    let asked = if workload.observed_running { "" } else { "!" };
    format!(
        "{asked}{} {}/{}{replicas} on={} | {}",
        workload.kind,
        workload.namespace,
        workload.name,
        workload.nodes.join(","),
        containers.join(", ")
    )
}

#[test]
fn none_gives_nothing() {
    assert_eq!(parsed(include_bytes!("fixtures/none.json")), Parsed::default());
    assert_eq!(parsed(b"[{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{}}]").observations, []);
}

#[test]
fn one_pod_with_all_its_privileges() {
    let parsed = parsed(include_bytes!("fixtures/one.json"));
    let [pod] = workloads(&parsed)[..] else { panic!("one workload") };
    assert_eq!(
        line(pod),
        "Pod default/agent on=node-a | init setup@~c3 ×0, proxy@d4 ×1, agent@a1 ×1, web@~b2 ×1, debug@? ×0"
    );
    assert_eq!(
        pod.isolation,
        Isolation {
            host_network: true,
            host_pid: true,
            host_ipc: false,
            user_namespace: true,
            runtime_class: Some("gvisor".to_owned()),
            service_account: Some("agent".to_owned()),
            token_mounted: Some(false),
            pod: Some(PodSpecified::default()),
        }
    );
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let listens = |number, host| ContainerPort { name: None, number, protocol: "TCP".to_owned(), host };
    let agent = ContainerSecurity {
        privileged: true,
        run_as_user: Some(0),
        seccomp: Some("RuntimeDefault".to_owned()),
        host_ports: vec![9100],
        host_paths: texts(&["/run/containerd/containerd.sock", "/var/log"]),
        secret_variables: texts(&["TOKEN", "DB_* (database)"]),
        ports: vec![listens(9100, Some(9100)), listens(80, None)],
        specified: Some(Specified {
            context: true,
            read_host_paths: texts(&["/etc"]),
            ..Specified::default()
        }),
        ..ContainerSecurity::default()
    };
    assert_eq!(pod.containers[2].security, agent);
    let web = ContainerSecurity {
        allow_privilege_escalation: Some(false),
        run_as_non_root: Some(true),
        run_as_user: Some(1000),
        read_only_root: Some(true),
        capabilities_added: texts(&["NET_BIND_SERVICE"]),
        capabilities_dropped: texts(&["ALL"]),
        seccomp: Some("RuntimeDefault".to_owned()),
        specified: Some(Specified { context: true, ..Specified::default() }),
        ..ContainerSecurity::default()
    };
    assert_eq!(pod.containers[3].security, web);
    assert!(pod.containers[4].security.specified.as_ref().unwrap().ephemeral);
    assert_eq!(pod.containers[0].security.seccomp.as_deref(), Some("Unconfined"));
    let reference = |index: usize| pod.containers[index].reference.as_ref().map(ToString::to_string);
    assert_eq!(reference(3).as_deref(), Some("docker.io/library/nginx:latest"));
    assert_eq!(reference(4), Some(format!("docker.io/library/alpine@{}", digest("a1"))));
    assert_eq!(pod.containers[2].digest, Some((DigestRole::Repository, digest("a1"))));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_pods_are_few_workloads() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let lines: Vec<String> = workloads(&parsed).into_iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "Pod kube-system/etcd on=node-a,node-b | etcd@c3 ×2",
            "CronJob shop/backup on=node-a | api@d4 ×0",
            "Deployment shop/api replicas=3 on=node-a,node-b,node-c | api@a1 ×1, api@b2 ×2",
            "Deployment shop/cart on=node-a | cart@~c3 ×1",
            "!Job shop/migrate replicas=0 on= | api@? ×0",
            "ReplicaSet shop/canary-9c replicas=1 on=node-a | canary@d4 ×1",
            "!StatefulSet staging/db replicas=2 on= | api@? ×0",
        ]
    );
    let owners: Vec<_> = workloads(&parsed)
        .into_iter()
        .map(|workload| {
            (
                &*workload.name,
                workload.owner.as_deref(),
                workload.criticality.map(|criticality| criticality.as_str()),
            )
        })
        .filter(|(_, owner, criticality)| owner.is_some() || criticality.is_some())
        .collect();
    assert_eq!(
        owners,
        [
            ("api", Some("checkout"), Some("critical")),
            ("cart", Some("storefront"), None),
            ("db", None, Some("low"))
        ]
    );
    let labels: Vec<_> = workloads(&parsed)[2].labels.iter().collect();
    assert_eq!(labels, [(&"app".to_owned(), &"api".to_owned())]);
    assert!(workloads(&parsed)[6].isolation.host_ipc);
    assert!(workloads(&parsed).iter().all(|workload| workload.cluster.as_deref() == Some("shop-eu")));
    let broken = "an object that cannot be read was left out: invalid type: map, expected a sequence";
    let told = messages(&parsed);
    assert_eq!(told[0], "items: not used: 1 Service (serving.knative.dev/v1)");
    assert!(told[1].starts_with("items[21].spec.containers (byte ") && told[1].ends_with(broken), "{told:?}");
    assert_eq!(told.len(), 2);
}

#[test]
fn the_byte_of_a_warning_is_in_the_object() {
    let text = include_str!("fixtures/many.json");
    let told = messages(&parsed(text.as_bytes()));
    let byte = told[1].split("(byte ").nth(1).and_then(|rest| rest.split(')').next()).unwrap();
    let byte: usize = byte.parse().unwrap();
    let begin = text.find("not a list").unwrap();
    assert!(byte < begin && begin - byte < 80, "{byte} is not shortly before {begin}");
}

#[test]
fn nodes_tell_kernel_and_account() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let [first, azure, google] = nodes(&parsed)[..] else { panic!("three nodes") };
    let text = |text: &str| Some(text.to_owned());
    let expected = Node {
        cluster: text("shop-eu"),
        name: "node-a".to_owned(),
        account: Some(Account { provider: "aws".to_owned(), id: String::new(), name: None }),
        region: text("eu-west-1"),
        os_image: text("Bottlerocket OS 1.20"),
        kernel: text("6.1.100"),
        runtime: text("containerd://1.7.22"),
        kubelet: text("v1.31.2"),
        public_address: true,
        images: vec![vec![
            format!("registry.example.org/api@{}", digest("a1")),
            "registry.example.org/api:1".to_owned(),
        ]],
    };
    assert_eq!(first, &expected);
    let account =
        |node: &Node| node.account.as_ref().map(|account| (account.provider.clone(), account.id.clone()));
    let subscription = "11111111-2222-3333-4444-555555555555".to_owned();
    assert_eq!(account(azure), Some(("azure".to_owned(), subscription)));
    assert_eq!(account(google), Some(("gcp".to_owned(), "shop-prod".to_owned())));
    assert!(!azure.public_address && !google.public_address);
}

#[test]
fn routes_tell_their_reach() {
    let parsed = parsed(include_bytes!("fixtures/network.json"));
    let lines: Vec<String> = exposures(&parsed)
        .into_iter()
        .map(|found| {
            let backends = found.backends.join(",");
            format!("{} {} [{backends}] {}: {}", found.kind, found.name, found.reach.as_str(), found.evidence)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "Service open [] internet: LoadBalancer 203.0.113.7",
            "Service named [] internet: LoadBalancer a1.eu-west-1.elb.amazonaws.com",
            "Service listed [] restricted: LoadBalancer 203.0.113.8 for 198.51.100.0/24 only",
            "Service everybody [] internet: LoadBalancer 203.0.113.9",
            "Service private [] internal: LoadBalancer 10.9.8.7, a private address",
            "Service aws-internal [] internal: LoadBalancer x.elb.amazonaws.com with service.beta.kubernetes.io/aws-load-balancer-scheme",
            "Service aws-facing [] internet: LoadBalancer x.elb.amazonaws.com",
            "Service azure-internal [] internal: LoadBalancer with service.beta.kubernetes.io/azure-load-balancer-internal",
            "Service gke-internal [] internal: LoadBalancer with networking.gke.io/load-balancer-type",
            "Service pending [] unknown: LoadBalancer without an address yet",
            "Service ports [] internal: NodePort 30080, 30443 on every node",
            "Service plain [] internal: ClusterIP 10.1.2.3",
            "Service headless [] internal: headless service",
            "Service addressed [] internet: external addresses 203.0.113.44",
            "Ingress site [api,fallback,web] internet: shop.example.org, www.example.org at 203.0.113.50 (class nginx)",
            "Ingress old [legacy] internet: any host",
            "Ingress admin [admin] restricted: admin.example.org, for 198.51.100.0/24, 192.0.2.1 only",
            "Ingress intranet [intra] restricted: intra.example.org (class nginx-internal), an internal class",
            "Ingress balanced [web] restricted: any host (class alb), internal by default",
            "Ingress balanced-open [web] internet: any host (class alb)",
            "Ingress signed [in] restricted: in.example.org, behind nginx.ingress.kubernetes.io/auth-url",
            "HTTPRoute web [web] internet: g.example.org through gateway edge",
            "HTTPRoute lost [] unknown: any host through gateway elsewhere",
        ]
    );
    assert_eq!(exposures(&parsed)[0].selector.get("app").map(String::as_str), Some("open"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn support_bundles_leave_out_kinds() {
    let parsed = parsed(include_bytes!("fixtures/bundle.json"));
    let lines: Vec<String> = workloads(&parsed).into_iter().map(line).collect();
    assert_eq!(
        lines,
        ["!Deployment qa/off replicas=0 on= | ", "!Deployment shop/api replicas=3 on= | api@? ×0"]
    );
    assert_eq!(
        messages(&parsed),
        ["metadata.continue: this is one page of a longer list: the rest is missing"]
    );
}

#[test]
fn shape_tells_the_kind() {
    let kinds: Vec<String> = [
        r#""spec":{"containers":[]}"#,
        r#""spec":{"template":{},"selector":{},"strategy":{}}"#,
        r#""spec":{"template":{},"selector":{},"serviceName":"x","updateStrategy":{}}"#,
        r#""spec":{"template":{},"selector":{},"updateStrategy":{}}"#,
        r#""spec":{"template":{},"selector":{},"replicas":1}"#,
        r#""spec":{"template":{},"backoffLimit":6}"#,
        r#""spec":{"jobTemplate":{}}"#,
    ]
    .iter()
    .map(|parts| parsed(format!("[{{\"metadata\":{{\"name\":\"x\"}},{parts}}}]").as_bytes()))
    .map(|parsed| workloads(&parsed)[0].kind.clone())
    .collect();
    assert_eq!(kinds, ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"]);
    let node = parsed(br#"[{"metadata":{"name":"n"},"status":{"nodeInfo":{"kernelVersion":"6.1"}}}]"#);
    assert_eq!(nodes(&node)[0].kernel.as_deref(), Some("6.1"));
}

#[test]
fn a_phase_without_containers_runs_and_a_manifest_does_not() {
    let pod = |status: &str| {
        let spec = r#""spec":{"containers":[{"name":"c","image":"nginx"}],"initContainers":[{"name":"i","image":"x"}]}"#;
        let text = format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p","annotations":{{"seccomp.security.alpha.kubernetes.io/pod":"runtime/default"}}}},{spec}{status}}}"#
        );
        let parsed = parsed(text.as_bytes());
        let [pod] = workloads(&parsed)[..] else { panic!("one workload") };
        assert_eq!(pod.containers[1].security.seccomp.as_deref(), Some("RuntimeDefault"));
        line(pod)
    };
    assert_eq!(pod(r#","status":{"phase":"Running"}"#), "Pod default/p on= | init i@? ×0, c@? ×1");
    assert_eq!(pod(r#","status":{"phase":"Pending"}"#), "Pod default/p on= | init i@? ×0, c@? ×0");
    assert_eq!(pod(""), "!Pod default/p on= | init i@? ×0, c@? ×0");
}

#[test]
fn broken_says_where_it_ends() {
    let error = read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Truncated { what: "kubernetes", offset: 3000, at } if at.starts_with("items[")),
        "{error}"
    );
}

#[test]
fn what_is_not_of_kubernetes_itself_is_refused() {
    for text in [
        r#"{"apiVersion":"aquasecurity.github.io/v1alpha1","kind":"VulnerabilityReport","metadata":{},"report":{}}"#,
        r#"{"apiVersion":"v1","items":[{"apiVersion":"aquasecurity.github.io/v1alpha1","kind":"VulnerabilityReport","metadata":{}}],"kind":"List"}"#,
        r#"{"apiVersion":"audit.k8s.io/v1","kind":"Event","metadata":{},"level":"Request"}"#,
        r#"{"apiVersion":"v1","kind":"Config","clusters":[],"users":[]}"#,
        r#"{"items":[{"id":1}]}"#,
        r#"[{"kind":"x","metadata":{}}]"#,
        "[]",
        "{}",
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("k8s-objects") else { return };
    // File, nodes, workloads, containers, of them running, exposures, warnings.
    let expected = [
        ("deployments-monitoring.json", 0, 4, 6, 0, 0, 0),
        ("jobs-test.json", 0, 2, 2, 0, 0, 0),
        ("nodes.json", 7, 0, 0, 0, 0, 0),
        ("pods-message-image-pull-fail.json", 0, 1, 1, 0, 0, 0),
        ("pods-message-oomkill-pod.json", 0, 1, 1, 0, 0, 0),
        ("pods-message-pending-node-affinity.json", 0, 1, 5, 0, 0, 0),
        ("pods-message-pod-init-crashloop-backoff.json", 0, 1, 2, 0, 0, 0),
        ("replicasets-rook-ceph.json", 0, 11, 33, 0, 0, 0),
        ("sb-deployments-kube-system.json", 0, 4, 4, 0, 0, 0),
        ("sb-namespaces.json", 0, 0, 0, 0, 0, 0),
        ("sb-pods-default.json", 0, 1, 2, 2, 0, 0),
        ("sb-pods-kube-system.json", 0, 7, 8, 6, 0, 0),
        ("sb-replicasets-kube-system.json", 0, 4, 4, 0, 0, 0),
        ("sb-services-kube-system.json", 0, 0, 0, 0, 3, 0),
        ("statefulsets-monitoring.json", 0, 2, 5, 0, 0, 0),
        ("test-pod-with-oomkilled_object.json", 0, 1, 1, 0, 0, 0),
    ];
    for row in expected {
        let parsed = parsed(&std::fs::read(folder.join(row.0)).unwrap());
        let containers = || workloads(&parsed).into_iter().flat_map(|workload| &workload.containers);
        let found = (
            row.0,
            nodes(&parsed).len(),
            workloads(&parsed).len(),
            containers().count(),
            containers().map(|container| container.running).sum::<u32>(),
            exposures(&parsed).len(),
            parsed.warnings.len(),
        );
        assert_eq!(found, row, "{:?}", messages(&parsed));
    }
}
