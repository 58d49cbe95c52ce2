//! Amazon Web Services: what its registries hold, what runs, what its own scanners say, account by account
//! and region by region. [`SERVICES`] is the visible list of what is asked.
//!
//! Refuses to write anything, and to read what scanners wrote: their answers are handed on as they came.

mod accounts;
mod call;
mod capture;
mod config;
mod tags;

use aws_config::SdkConfig;
use domain::account::Account;
use domain::observation::Observation;
use domain::source::{Completeness, Permission, Problem, Scope, SourceKind, Trial, Values};
use futures_util::future::BoxFuture;

use crate::pace::Pace;
use crate::paging::Pages;
use crate::{Connector, Context, Descriptor, Failure, Plan, Sink};
use accounts::{Accounts, HOME};
use config::Config;

/// The kind of this connector.
pub const KIND: &str = "aws";
/// The provider of its accounts.
const PROVIDER: &str = "aws";
/// Calls under way at once, for all accounts together.
const CALLS_AT_ONCE: usize = 32;

/// What this connector is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Amazon Web Services",
        summary: "Registries, running containers and scanner findings of accounts or a whole organisation.",
        fields: config::FIELDS,
        permissions: PERMISSIONS,
        docs: include_str!("README.md"),
    },
    build,
};

/// Every permission the connector can need, in the order of the services.
const PERMISSIONS: &[Permission] = &[
    Permission {
        action: "sts:GetCallerIdentity",
        why: "to know the account of the credentials; needs no grant",
    },
    Permission { action: "sts:AssumeRole", why: "to ask the other accounts" },
    Permission { action: "organizations:ListAccounts", why: "to know the accounts of the organisation" },
    Permission { action: "account:ListRegions", why: "to know which regions are enabled" },
];

/// Something of AWS that is asked on its own.
struct Service {
    /// Its word in scopes and settings.
    name: &'static str,
    /// Whether it is asked once for all regions.
    global: bool,
    /// Collects one account and region of it.
    collect: for<'a> fn(&'a Ask<'a>, &'a Sink) -> BoxFuture<'a, Result<Completeness, Failure>>,
    /// Calls that show whether its permissions are granted, by permission.
    probes: &'static [Probe],
}

/// A call that shows whether a permission is granted, changing nothing.
struct Probe {
    /// The permission.
    action: &'static str,
    /// The call. Any answer but a denial shows that it is granted.
    attempt: for<'a> fn(&'a Ask<'a>) -> BoxFuture<'a, Result<(), Failure>>,
}

/// Everything that is asked, in the order of the handbook.
static SERVICES: &[Service] = &[];

/// The connector with its settings.
#[derive(Debug)]
struct Aws {
    config: Config,
    accounts: Accounts,
    pace: Pace,
}

/// One account and region, ready to be asked.
struct Ask<'a> {
    /// The connector.
    aws: &'a Aws,
    /// The scope that failures name.
    scope: Scope,
    /// What the run gives.
    context: &'a Context,
    /// Settings of the SDK's clients: credentials, region, endpoint.
    sdk: SdkConfig,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let config = Config::new(values)?;
    Ok(Box::new(Aws { config, accounts: Accounts::default(), pace: Pace::new(CALLS_AT_ONCE) }))
}

impl Ask<'_> {
    /// The account asked.
    fn account(&self) -> Account {
        Account { provider: PROVIDER.to_owned(), id: self.scope.account.clone(), name: None }
    }

    /// How tags are read.
    fn rules(&self) -> &tags::TagRules {
        &self.aws.config.rules
    }

    /// The token of the next page; `None` at the end.
    ///
    /// # Errors
    /// When it came before.
    fn next(
        &self,
        action: &str,
        pages: &mut Pages,
        token: Option<String>,
    ) -> Result<Option<String>, Failure> {
        pages.next(token).map_err(|pages| Failure::RepeatedToken {
            action: action.to_owned(),
            scope: self.scope.clone(),
            pages,
        })
    }
}

impl Aws {
    async fn ask<'a>(&'a self, scope: Scope, context: &'a Context) -> Ask<'a> {
        let region = if scope.region.is_empty() { HOME } else { &scope.region };
        let sdk = self.accounts.sdk(&self.config, &scope.account, region).await;
        Ask { aws: self, scope, context, sdk }
    }

    fn services(&self) -> impl Iterator<Item = &'static Service> {
        let left_out = |service: &&Service| self.config.leave_out.iter().any(|name| name == service.name);
        SERVICES.iter().filter(move |service| !left_out(service))
    }

    async fn plan(&self, context: &Context) -> Result<Plan, Failure> {
        let management = |service: &str| Scope {
            account: String::new(),
            region: String::new(),
            service: service.to_owned(),
        };
        let accounts = if self.config.organisation {
            accounts::of_organisation(&self.ask(management("organizations"), context).await).await?
        } else if self.config.accounts.is_empty() {
            vec![accounts::own(&self.ask(management("sts"), context).await).await?]
        } else {
            let known = |id: &String| Account { provider: PROVIDER.to_owned(), id: id.clone(), name: None };
            self.config.accounts.iter().map(known).collect()
        };
        let mut plan = Plan { scopes: Vec::new(), accounts, completeness: Completeness::Complete };
        for account in &plan.accounts {
            let regions = if self.config.regions.is_empty() {
                let scope = Scope { account: account.id.clone(), ..management("account") };
                accounts::regions(&self.ask(scope, context).await).await
            } else {
                Ok(self.config.regions.clone())
            };
            match regions {
                Ok(regions) => plan.scopes.extend(self.scopes(&account.id, &regions)),
                Err(Failure::Cancelled) => return Err(Failure::Cancelled),
                Err(failure) => {
                    let reason = format!("account {}: {failure}", account.id);
                    plan.completeness = plan.completeness.and(Completeness::Partial(reason));
                }
            }
        }
        Ok(plan)
    }

    fn scopes(&self, account: &str, regions: &[String]) -> Vec<Scope> {
        let scope = |service: &Service, region: &str| Scope {
            account: account.to_owned(),
            region: region.to_owned(),
            service: service.name.to_owned(),
        };
        let global = self.services().filter(|service| service.global).map(|service| scope(service, ""));
        let regional = self.services().filter(|service| !service.global);
        global
            .chain(regional.flat_map(|service| regions.iter().map(move |region| scope(service, region))))
            .collect()
    }

    async fn try_all(&self, context: &Context) -> Vec<Trial> {
        let plan = match self.plan(context).await {
            Ok(plan) => plan,
            Err(failure) => {
                let scope =
                    Scope { account: String::new(), region: String::new(), service: "plan".to_owned() };
                let action = if self.config.organisation {
                    "organizations:ListAccounts"
                } else {
                    "sts:GetCallerIdentity"
                };
                return vec![Trial { action: action.to_owned(), scope, refusal: Some(failure.to_string()) }];
            }
        };
        let mut trials = Vec::new();
        if let Completeness::Partial(reason) = plan.completeness {
            let scope =
                Scope { account: String::new(), region: String::new(), service: "account".to_owned() };
            trials.push(Trial { action: "account:ListRegions".to_owned(), scope, refusal: Some(reason) });
        }
        for scope in plan.scopes {
            let Some(service) = SERVICES.iter().find(|service| service.name == scope.service) else {
                continue;
            };
            let ask = self.ask(scope.clone(), context).await;
            for probe in service.probes {
                let outcome = (probe.attempt)(&ask).await;
                // Whatever else the vendor answers, it answered: the permission is granted.
                let refusal = match outcome {
                    Ok(()) | Err(Failure::Vendor { .. }) => None,
                    Err(failure) => Some(failure.to_string()),
                };
                trials.push(Trial { action: probe.action.to_owned(), scope: scope.clone(), refusal });
            }
        }
        trials
    }
}

impl Connector for Aws {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(self.plan(context))
    }

    fn collect<'a>(
        &'a self,
        scope: &'a Scope,
        context: &'a Context,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Completeness, Failure>> {
        Box::pin(async move {
            let Some(service) = SERVICES.iter().find(|service| service.name == scope.service) else {
                return Ok(Completeness::Partial(format!(
                    "`{}` is not asked by this version",
                    scope.service
                )));
            };
            let ask = self.ask(scope.clone(), context).await;
            sink.observe(Observation::Account(ask.account())).await?;
            (service.collect)(&ask, sink).await
        })
    }

    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(self.try_all(context))
    }
}
