//! Clusters of a cloud, found and entered: one identity with what the cloud's own source tells, and what is said where a
//! cluster does not let anyone in. Refuses the database.

use std::collections::BTreeSet;

use connectors::kubernetes::build_with_key;
use domain::observation::Observation;
use domain::source::{Completeness, Values};
use serde_json::{Value, json};
use tests::asked::Source;
use tests::aws::{self, Aws, Fault};
use tests::azure::Azure;
use tests::cloud::Cloud;
use tests::gcp::Gcp;
use tests::kubernetes::{Estate, Kubernetes};

/// The region of the clusters.
const HERE: &str = "eu-central-1";

/// An AWS of one account, whose clusters answer at API servers of ours.
struct Clouds {
    aws: Aws,
    account: aws::Estate,
    servers: Kubernetes,
    estate: Estate,
}

impl Clouds {
    /// Both, where whoever has the account's key is let into clusters.
    fn new() -> Option<Self> {
        let (aws, account) = Aws::seeded(&json!("tiny"))?;
        let (servers, estate) = Kubernetes::seeded(&json!({ "plan": "tiny", "clusters": 2 }))?;
        let clouds = Self { aws, account, servers, estate };
        let (address, authority) = clouds.servers.open_tls();
        clouds.lead_to(&address, &authority);
        clouds.know(&clouds.account.secret_key);
        Some(clouds)
    }

    fn lead_to(&self, address: &str, authority: &str) {
        self.aws.set(&json!({ "api_server": { "address": address, "authority": encoded(authority) } }));
    }

    /// Lets the account's key in, if it signs with this secret.
    fn know(&self, secret: &str) {
        let key = self.account.access_key.as_str();
        let entry = json!({ key: { "secret": secret, "user": "reader" } });
        self.servers.set(&json!({ "entries": { "eks": entry } }));
    }

    fn source(&self, settings: &[(&str, &[&str])]) -> Source {
        let own: [(&str, &[&str]); 3] =
            [("clusters_of", &["aws"]), ("endpoint", &[self.aws.address.as_str()]), ("regions", &[HERE])];
        let key: Value = json!([self.account.access_key, self.account.secret_key]);
        let told = values(&[own.as_slice(), settings].concat());
        Source::told::<Kubernetes>(&told, |values| build_with_key(values, &key))
    }

    fn called(&self, cluster: &str) -> String {
        format!("{cluster} (eks {} {HERE})", self.account.management)
    }
}

fn encoded(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn values(told: &[(&str, &[&str])]) -> Values {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    told.iter().map(|(name, lines)| ((*name).to_owned(), owned(lines))).collect()
}

#[test]
fn clusters_are_those_that_the_source_of_the_cloud_tells() {
    let Some(clouds) = Clouds::new() else { return };
    let source = clouds.source(&[]);
    let plan = source.plan().unwrap();
    assert_eq!(plan.completeness, Completeness::Complete);
    let planned: BTreeSet<&str> = plan.scopes.iter().map(|scope| scope.account.as_str()).collect();
    let told = Source::with(&clouds.aws, &clouds.account, &[("regions", &[HERE])]);
    let told = told.collect(&clouds.account.management, HERE, "eks").complete();
    let described: BTreeSet<&str> = told.clusters().into_keys().collect();
    assert_eq!(planned, described);
    let names = [clouds.called("ledger"), clouds.called("shop")];
    assert_eq!(planned, BTreeSet::from(names.each_ref().map(String::as_str)));
    for (cluster, name) in clouds.estate.clusters.iter().zip(["shop", "ledger"]) {
        assert_eq!(cluster.name, name);
        let called = clouds.called(name);
        let seen = source.collect(&called, "", "nodes").complete();
        let nodes: Vec<_> = seen
            .observations
            .iter()
            .map(|one| match one {
                Observation::Node(node) => node.cluster.as_deref(),
                other => panic!("the cloud tells of the cluster: {other:?}"),
            })
            .collect();
        assert_eq!(nodes.len() as u64, cluster.count("nodes"));
        assert!(nodes.iter().all(|named| *named == Some(called.as_str())), "{nodes:?}");
        let runs = source.collect(&called, "", "workloads").complete();
        assert!(!runs.workloads().is_empty());
    }
    let asked = |action| clouds.aws.calls().of("eks", action);
    assert_eq!((asked("DescribeCluster"), asked("ListNodegroups")), (4, 2), "once by each source");
}

#[test]
fn who_is_not_known_is_told_how_to_be() {
    let Some(clouds) = Clouds::new() else { return };
    let shop = clouds.called("shop");
    clouds.know("another secret");
    let reason = clouds.source(&[]).collect(&shop, "", "nodes").reason();
    assert!(reason.starts_with(&format!("no credentials that {shop} / nodes accepts: ")), "{reason}");
    assert!(reason.contains("the cluster shop has no access entry for arn:aws:"), "{reason}");
    assert!(
        reason.contains("create one, and associate the access policy AmazonEKSAdminViewPolicy"),
        "{reason}"
    );
    clouds.know(&clouds.account.secret_key);
    let _ = clouds.servers.fault(&json!({ "kind": "deny", "resource": "nodes", "cluster": "shop" }));
    let source = clouds.source(&[]);
    let reason = source.collect(&shop, "", "nodes").reason();
    assert!(reason.contains("`nodes: list` was denied in"), "{reason}");
    assert!(reason.contains("give reader a ClusterRole that may `list` `nodes`, or associate"), "{reason}");
    let _ = source.collect(&clouds.called("ledger"), "", "nodes").complete();
}

#[test]
fn a_cluster_that_is_not_reached_from_here_is_told_as_such() {
    let Some(clouds) = Clouds::new() else { return };
    let (_, authority) = clouds.servers.open_tls();
    clouds.lead_to("https://127.0.0.1:1", &authority);
    let source = clouds.source(&[]);
    assert_eq!(source.plan().unwrap().scopes.len(), 12, "they are there");
    let reason = |cluster: &str| source.collect(&clouds.called(cluster), "", "nodes").reason();
    let (open, private) = (reason("shop"), reason("ledger"));
    assert!(open.contains("let the address of this machine into its public access CIDRs, or run"), "{open}");
    assert!(
        private.ends_with("its endpoint is private: run `plimsoll collect` where its network is reached")
    );
}

#[test]
fn what_is_left_out_is_not_entered_and_what_cannot_be_listed_is_told() {
    let Some(clouds) = Clouds::new() else { return };
    let plan = clouds.source(&[("leave_out_clusters", &["ledger"])]).plan().unwrap();
    let planned: BTreeSet<&str> = plan.scopes.iter().map(|scope| scope.account.as_str()).collect();
    assert_eq!(planned, BTreeSet::from([clouds.called("shop").as_str()]));
    clouds.aws.fault(&Fault::deny().on("eks", "ListClusters"));
    let refused = clouds.source(&[]).plan().unwrap_err();
    assert!(refused.contains("`eks:ListClusters` was denied in"), "{refused}");
    let trials = clouds.source(&[]).check();
    assert!(trials[0].refusal.as_deref().is_some_and(|refusal| refusal.contains("eks:ListClusters")));
}

#[test]
fn clusters_of_google_are_entered_by_an_access_token() {
    let Some((gcp, account)) = Gcp::seeded(&json!("tiny")) else { return };
    let Some((servers, _)) = Kubernetes::seeded(&json!({ "plan": "tiny", "clusters": 2 })) else { return };
    let (address, authority) = servers.open_tls();
    gcp.set(&json!({ "api_server": { "address": address, "authority": encoded(&authority) } }));
    let (project, location) = (&account.projects[0], &account.locations[0]);
    let told: &[(&str, &[&str])] = &[
        ("clusters_of", &["gcp"]),
        ("endpoint", &[gcp.address.as_str()]),
        ("projects", &[project.as_str()]),
        ("leave_out_clusters", &["automatic", "old"]),
    ];
    let source = Source::told::<Kubernetes>(&values(told), |values| build_with_key(values, &account.key));
    let shop = format!("shop (gke {project} {location})");
    let described = Source::with(&gcp, &account, &[("projects", &[project.as_str()])]);
    let described = described.collect(project, "", "gke");
    assert!(described.clusters().contains_key(shop.as_str()), "one identity");
    let reason = source.collect(&shop, "", "nodes").reason();
    assert!(reason.contains("the cluster shop does not take the access token; give"), "{reason}");
    servers.set(&json!({ "entries": { "gke": { "user": "reader@example.com" } } }));
    let _ = source.collect(&shop, "", "nodes").complete();
    let _ = servers.fault(&json!({ "kind": "deny", "resource": "nodes", "cluster": "shop" }));
    let reason = source.collect(&shop, "", "nodes").reason();
    let remedy = format!("or give it `roles/container.viewer` in the project {project}");
    assert!(reason.contains(&remedy), "{reason}");
    let ledger = format!("ledger (gke {project} {location})");
    let _ = source.collect(&ledger, "", "routes").complete();
}

#[test]
fn clusters_of_azure_are_entered_by_a_token_that_is_made_out_to_them() {
    let Some((azure, account)) = Azure::seeded(&json!("tiny")) else { return };
    let Some((servers, _)) = Kubernetes::seeded(&json!("tiny")) else { return };
    let (address, authority) = servers.open_tls();
    let subscription = account.subscriptions[0].as_str();
    let told: &[(&str, &[&str])] = &[
        ("clusters_of", &["azure"]),
        ("authority", &[azure.address.as_str()]),
        ("endpoint", &[azure.address.as_str()]),
        ("subscriptions", &[subscription]),
    ];
    let source =
        || Source::told::<Kubernetes>(&values(told), |told| build_with_key(told, &account.application));
    let described = Source::with(&azure, &account, &[("subscriptions", &[subscription])]);
    let described = described.collect(subscription, "", "aks").complete();
    let clusters = described.clusters();
    let open = *clusters.keys().find(|name| name.starts_with("aks-open-")).unwrap();
    let refused = source().plan().unwrap();
    assert!(refused.scopes.is_empty(), "nobody may read a kubeconfig");
    let Completeness::Partial(reason) = refused.completeness else { panic!("it is told") };
    let action = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
    assert!(reason.contains(&format!("`{action}` was denied in")), "{reason}");
    azure.set(&json!({ "api_server": { "address": address, "authority": encoded(&authority) } }));
    let source = source();
    let plan = source.plan().unwrap();
    let planned: BTreeSet<&str> = plan.scopes.iter().map(|scope| scope.account.as_str()).collect();
    let running = clusters.keys().copied().filter(|name| !name.starts_with("aks-office-"));
    assert_eq!(planned, running.collect::<BTreeSet<&str>>(), "one identity, and none that is stopped");
    let reason = source.collect(open, "", "nodes").reason();
    assert!(reason.contains("knows no users of the directory"), "{reason}");
    servers.set(&json!({ "entries": { "aks": { "user": "reader" } } }));
    let _ = source.collect(open, "", "nodes").complete();
}
