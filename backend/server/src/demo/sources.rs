//! The demo's sources and what their collectors pushed over the last weeks: mostly whole, one with a permission that
//! is missing, one whose credentials have expired. Refuses a tool's word: it brings what clouds describe.

use chrono::{DateTime, Duration, Utc};
use domain::account::Account;
use domain::id::RunId;
use domain::observation::Observation;
use domain::source::{Completeness, Scope, Values};
use formats::plimsoll_observations::End;
use pipeline::sync::PushedPlan;

use super::accounts::{DATA, Holder, PRODUCTION, RETAIL, SHOP, STAGING, clusters};
use super::{registries, serverless};

/// A run as its collector pushes it.
#[derive(Debug)]
pub(crate) struct DemoRun {
    /// Its source.
    pub(crate) source: &'static DemoSource,
    /// Its id.
    pub(crate) id: RunId,
    /// When it was pushed.
    pub(crate) at: DateTime<Utc>,
    /// What was to be asked.
    pub(crate) plan: PushedPlan,
    /// Each scope with what it showed and how it ended.
    pub(crate) scopes: Vec<(Scope, Vec<Observation>, End)>,
}

/// A source of the demo.
#[derive(Debug)]
pub(crate) struct DemoSource {
    /// Its name.
    pub(crate) name: &'static str,
    /// The connector's kind.
    pub(crate) kind: &'static str,
    settings: &'static [(&'static str, &'static [&'static str])],
    holders: &'static [&'static Holder],
    /// Region and service of each scope in each account that has it.
    scopes: &'static [(&'static Holder, &'static str, &'static str)],
    /// Days and minutes before now at which it was pushed.
    runs: &'static [(i64, i64)],
    /// What stood in the way: days before now since when, the scope's service or nothing for the whole source, why.
    trouble: Option<(i64, Option<&'static str>, &'static str)>,
}

static SOURCES: &[DemoSource] = &[
    DemoSource {
        name: "aws-production",
        kind: "aws",
        settings: &[
            ("accounts", &["412233445566", "412233445501"]),
            ("role", &["PlimsollReader"]),
            ("regions", &["eu-west-1"]),
            ("profile", &["acme-audit"]),
        ],
        holders: &[&PRODUCTION, &STAGING],
        scopes: &[
            (&PRODUCTION, "eu-west-1", "ecr"),
            (&PRODUCTION, "eu-west-1", "ecs"),
            (&PRODUCTION, "eu-west-1", "eks"),
            (&PRODUCTION, "eu-west-1", "lambda"),
            (&STAGING, "eu-west-1", "ecr"),
            (&STAGING, "eu-west-1", "eks"),
        ],
        runs: &[(60, 55), (14, 50), (1, 50), (0, 50)],
        trouble: None,
    },
    DemoSource {
        name: "azure-shop",
        kind: "azure",
        settings: &[
            ("subscriptions", &["3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10"]),
            ("locations", &["westeurope"]),
            ("credential", &["workload-identity"]),
            ("client", &["7b1f1f0a-52c4-4f6e-9a3d-0d7c6b1f2e55"]),
        ],
        holders: &[&SHOP],
        scopes: &[
            (&SHOP, "westeurope", "acr"),
            (&SHOP, "westeurope", "aks"),
            (&SHOP, "westeurope", "container-apps"),
            (&SHOP, "", "defender"),
        ],
        runs: &[(45, 42), (14, 38), (1, 38), (0, 38)],
        trouble: Some((
            14,
            Some("defender"),
            "`Microsoft.Security/assessments/subAssessments/read` was denied in \
             3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10 / defender: give the application \
             7b1f1f0a-52c4-4f6e-9a3d-0d7c6b1f2e55 a role with `Microsoft.Security/assessments/subAssessments/read` \
             over `/subscriptions/3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10` or above it.",
        )),
    },
    DemoSource {
        name: "google-data",
        kind: "gcp",
        settings: &[("projects", &["acme-data-prod"]), ("locations", &["us", "us-central1"])],
        holders: &[&DATA],
        scopes: &[
            (&DATA, "us", "artifact-registry"),
            (&DATA, "us-central1", "cloud-run"),
            (&DATA, "us-central1", "gke"),
        ],
        runs: &[(40, 34), (7, 30), (0, 30)],
        trouble: None,
    },
    DemoSource {
        name: "aws-retail",
        kind: "aws",
        settings: &[("regions", &["eu-central-1"]), ("profile", &["acme-retail"])],
        holders: &[&RETAIL],
        scopes: &[(&RETAIL, "eu-central-1", "ecr"), (&RETAIL, "eu-central-1", "ecs")],
        runs: &[(30, 48), (2, 45), (0, 45)],
        trouble: Some((
            2,
            None,
            "No credentials that sts accepts: AWS said ExpiredTokenException; give the machine a role, or set a \
             profile or AWS_ACCESS_KEY_ID and its secret.",
        )),
    },
];

impl DemoSource {
    /// What it is told.
    pub(crate) fn values(&self) -> Values {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        self.settings.iter().map(|(name, told)| ((*name).to_owned(), owned(told))).collect()
    }

    fn run(&'static self, (days, minutes): (i64, i64), now: DateTime<Utc>, seed: u64) -> DemoRun {
        let at = now - Duration::days(days) - Duration::minutes(minutes);
        let id = RunId::derived(&[&seed.to_le_bytes(), self.name.as_bytes(), &days.to_le_bytes()]);
        let trouble = self.trouble.filter(|(since, ..)| days <= *since);
        if let Some((_, None, reason)) = trouble {
            return DemoRun {
                source: self,
                id,
                at,
                plan: PushedPlan::refused(reason.to_owned()),
                scopes: Vec::new(),
            };
        }
        let scopes: Vec<_> = self
            .scopes
            .iter()
            .map(|(holder, region, service)| match trouble {
                Some((_, Some(denied), reason)) if denied == *service => {
                    (scope(holder, region, service), Vec::new(), End::Failed(reason.to_owned()))
                }
                _ => (
                    scope(holder, region, service),
                    shown(holder, region, service, days, now, seed),
                    End::Complete,
                ),
            })
            .collect();
        let plan = PushedPlan {
            scopes: scopes.iter().map(|(scope, ..)| scope.clone()).collect(),
            accounts: self.holders.iter().map(|holder| holder.account()).collect::<Vec<Account>>(),
            completeness: Completeness::Complete,
            refusal: None,
        };
        DemoRun { source: self, id, at, plan, scopes }
    }
}

/// Every run of every source.
pub(super) fn runs(now: DateTime<Utc>, seed: u64) -> Vec<DemoRun> {
    let runs = SOURCES.iter().flat_map(|source| source.runs.iter().map(move |when| (source, *when)));
    runs.map(|(source, when)| source.run(when, now, seed)).collect()
}

fn scope(holder: &Holder, region: &str, service: &str) -> Scope {
    Scope { account: holder.id.to_owned(), region: region.to_owned(), service: service.to_owned() }
}

/// What a scope shows on a day.
fn shown(
    holder: &Holder,
    region: &str,
    service: &str,
    days_ago: i64,
    now: DateTime<Utc>,
    seed: u64,
) -> Vec<Observation> {
    let mut shown = match service {
        "ecr" | "acr" | "artifact-registry" => registries::shown(holder.id, region, days_ago, now, seed),
        _ => serverless::shown(holder.id, region, service, days_ago, seed),
    };
    shown.extend(clusters(holder.id, region, service, now).into_iter().map(Observation::Cluster));
    shown
}
