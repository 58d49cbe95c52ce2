//! The demo's accounts, and the clusters that their providers describe. Refuses settings that no provider tells:
//! each is described as far as its connector would.

use chrono::{DateTime, Duration, Utc};
use domain::account::Account;
use domain::cluster::{Cluster, NodeGroup};

use super::posture;

/// An account, a subscription or a project.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) provider: &'static str,
    pub(super) id: &'static str,
    /// Its name for people.
    pub(super) name: &'static str,
}

pub(super) static PRODUCTION: Holder =
    Holder { provider: "aws", id: "412233445566", name: "acme-production" };
pub(super) static STAGING: Holder = Holder { provider: "aws", id: "412233445501", name: "acme-staging" };
pub(super) static RETAIL: Holder = Holder { provider: "aws", id: "412233445599", name: "acme-retail" };
pub(super) static SHOP: Holder =
    Holder { provider: "azure", id: "3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10", name: "Acme shop" };
pub(super) static DATA: Holder = Holder { provider: "gcp", id: "acme-data-prod", name: "Acme data" };

impl Holder {
    /// As sources tell it.
    pub(super) fn account(&self) -> Account {
        let name = Some(self.name.to_owned());
        Account { provider: self.provider.to_owned(), id: self.id.to_owned(), name }
    }
}

/// What a provider says of a cluster.
#[derive(Debug)]
struct Described {
    name: &'static str,
    kind: &'static str,
    holder: &'static Holder,
    region: &'static str,
    version: Option<&'static str>,
    /// Days from now until support ends; negative since it ended.
    supported: Option<i64>,
    public: Option<bool>,
    networks: &'static [&'static str],
    logs: Option<&'static [&'static str]>,
    groups: Option<&'static [Group]>,
    /// Days before now at which it was made.
    made: Option<i64>,
}

/// What a provider says of a group of machines.
#[derive(Debug)]
struct Group {
    name: &'static str,
    machine: &'static str,
    version: &'static str,
    /// Days before now at which its image was released.
    released: i64,
    /// Least, wanted, most.
    size: [u32; 3],
    issue: Option<&'static str>,
}

static DESCRIBED: &[Described] = &[
    Described {
        name: "eks-prod-eu",
        kind: "eks",
        holder: &PRODUCTION,
        region: "eu-west-1",
        version: Some("1.33"),
        supported: Some(236),
        public: Some(true),
        networks: &["198.51.100.0/24"],
        logs: Some(&["api", "audit", "authenticator"]),
        groups: Some(&[
            Group {
                name: "general",
                machine: "m7i.2xlarge",
                version: "1.33",
                released: 26,
                size: [6, 9, 18],
                issue: None,
            },
            Group {
                name: "ingress",
                machine: "c7i.xlarge",
                version: "1.33",
                released: 26,
                size: [3, 3, 6],
                issue: None,
            },
        ]),
        made: Some(612),
    },
    Described {
        name: "eks-staging",
        kind: "eks",
        holder: &STAGING,
        region: "eu-west-1",
        version: Some("1.30"),
        supported: Some(-47),
        public: Some(true),
        networks: &["0.0.0.0/0"],
        logs: Some(&[]),
        groups: Some(&[Group {
            name: "spot",
            machine: "t3.large",
            version: "1.29",
            released: 311,
            size: [1, 3, 3],
            issue: Some("InstanceLimitExceeded: no more t3.large instances may be started in eu-west-1"),
        }]),
        made: Some(955),
    },
    Described {
        name: "web (ecs 412233445566 eu-west-1)",
        kind: "ecs",
        holder: &PRODUCTION,
        region: "eu-west-1",
        version: None,
        supported: None,
        public: None,
        networks: &[],
        logs: None,
        groups: None,
        made: None,
    },
    Described {
        name: "aks-shop-weu",
        kind: "aks",
        holder: &SHOP,
        region: "westeurope",
        version: Some("1.33.3"),
        supported: None,
        public: Some(false),
        networks: &[],
        logs: None,
        groups: None,
        made: None,
    },
    Described {
        name: "gke-data-us",
        kind: "gke",
        holder: &DATA,
        region: "us-central1",
        version: Some("1.33.4-gke.1172000"),
        supported: Some(64),
        public: Some(true),
        networks: &["203.0.113.0/26", "Google Cloud public IP addresses"],
        logs: Some(&["SYSTEM_COMPONENTS", "WORKLOADS"]),
        groups: None,
        made: Some(498),
    },
];

/// The clusters of one product in an account and region.
pub(super) fn clusters(account: &str, region: &str, kind: &str, now: DateTime<Utc>) -> Vec<Cluster> {
    let here = DESCRIBED.iter().filter(|described| {
        (described.holder.id, described.region, described.kind) == (account, region, kind)
    });
    here.map(|described| cluster(described, now)).collect()
}

fn cluster(described: &Described, now: DateTime<Utc>) -> Cluster {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    posture::of_cluster(Cluster {
        name: described.name.to_owned(),
        kind: described.kind.to_owned(),
        account: Some(described.holder.account()),
        region: Some(described.region.to_owned()),
        version: described.version.map(str::to_owned),
        support_ends_at: described.supported.map(|days| midnight(now, days)),
        public_endpoint: described.public,
        allowed_networks: owned(described.networks),
        logging: described.logs.map(owned),
        node_groups: described.groups.map(|groups| groups.iter().map(|one| group(one, now)).collect()),
        created_at: described.made.map(|days| midnight(now, -days)),
        ..Cluster::default()
    })
}

fn group(described: &Group, now: DateTime<Utc>) -> NodeGroup {
    let released = midnight(now, -described.released).format("%Y%m%d");
    let [least, wanted, most] = described.size.map(Some);
    NodeGroup {
        name: described.name.to_owned(),
        image: Some("AL2023_x86_64_STANDARD".to_owned()),
        release: Some(format!("{}.4-{released}", described.version)),
        version: Some(described.version.to_owned()),
        machines: vec![described.machine.to_owned()],
        least,
        wanted,
        most,
        issues: described.issue.map(str::to_owned).into_iter().collect(),
        ..NodeGroup::default()
    }
}

/// The beginning of the day so many days from now.
fn midnight(now: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    (now + Duration::days(days)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}
