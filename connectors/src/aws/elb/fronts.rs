//! What stands before a target group: load balancers with the listeners that lead to it, and from where they
//! answer. Refuses to call a front open that makes every caller sign in first.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Listener, LoadBalancer, LoadBalancerSchemeEnum, LoadBalancerTypeEnum, Rule,
};
use domain::exposure::Reach;

use crate::aws::ec2::{Network, is_everybody, listed};

/// A load balancer as one target group sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::aws) struct Front {
    /// Its name.
    pub(in crate::aws) balancer: String,
    /// From where it leads here.
    pub(in crate::aws) reach: Reach,
    /// The way: `internet-facing, HTTPS 443, target group web, security group lets anyone in on tcp 443`.
    pub(in crate::aws) evidence: String,
}

impl Front {
    /// A load balancer whose listeners were not read.
    pub(super) fn unread(balancer: &LoadBalancer) -> Self {
        Self {
            balancer: balancer.load_balancer_name().unwrap_or_default().to_owned(),
            reach: Reach::Unknown,
            evidence: "its listeners were not read".to_owned(),
        }
    }
}

/// A listener with the rules that were read of it; its default action is one of them where rules were read.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Heard {
    /// The listener.
    pub(in crate::aws) listener: Listener,
    /// Its rules; none where only the default action is known.
    pub(in crate::aws) rules: Vec<Rule>,
}

/// How one listener leads to a target group.
struct Way {
    port: String,
    guard: Option<String>,
}

/// Fronts by the ARN of the target group they lead to. `network` is absent where security groups were not
/// read.
pub(in crate::aws) fn fronts(
    balancers: &[LoadBalancer],
    heard: &[Heard],
    network: Option<&Network>,
) -> BTreeMap<String, Vec<Front>> {
    let mut fronts = BTreeMap::<String, Vec<Front>>::new();
    for balancer in balancers {
        let own =
            heard.iter().filter(|heard| heard.listener.load_balancer_arn() == balancer.load_balancer_arn());
        let mut ways = BTreeMap::<String, Vec<Way>>::new();
        for heard in own {
            for (group, way) in ways_of(heard) {
                ways.entry(group).or_default().push(way);
            }
        }
        for (group, ways) in ways {
            let front = front(balancer, &group, &ways, network);
            fronts.entry(group).or_default().push(front);
        }
    }
    for fronts in fronts.values_mut() {
        fronts.sort_by(|left, right| left.balancer.cmp(&right.balancer));
    }
    fronts
}

fn front(balancer: &LoadBalancer, group: &str, ways: &[Way], network: Option<&Network>) -> Front {
    let mut ports: Vec<&str> = ways.iter().map(|way| way.port.as_str()).collect();
    ports.sort_unstable();
    ports.dedup();
    let (mut reach, mut why) = scheme(balancer, network);
    let guarded: Option<Vec<&str>> = ways.iter().map(|way| way.guard.as_deref()).collect();
    if let (Reach::Internet, Some(guards)) = (reach, guarded) {
        (reach, why) = (Reach::Restricted, guards.first().copied().map(str::to_owned));
    }
    let name = balancer.scheme().map_or("scheme not told", LoadBalancerSchemeEnum::as_str);
    let evidence = [Some(name.to_owned()), Some(listed(&ports)), target_group(group), why];
    Front {
        balancer: balancer.load_balancer_name().unwrap_or_default().to_owned(),
        reach,
        evidence: evidence
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// The name in the ARN of a target group: `…:targetgroup/web/1234`.
fn target_group(arn: &str) -> Option<String> {
    let name = arn.split_once(":targetgroup/")?.1.split('/').next()?;
    Some(format!("target group {name}"))
}

/// From where a load balancer can be reached at all.
fn scheme(balancer: &LoadBalancer, network: Option<&Network>) -> (Reach, Option<String>) {
    match balancer.scheme() {
        Some(LoadBalancerSchemeEnum::Internal) => return (Reach::Internal, None),
        Some(LoadBalancerSchemeEnum::InternetFacing) => {}
        _ => return (Reach::Unknown, None),
    }
    let groups = balancer.security_groups();
    if groups.is_empty() {
        // Network load balancers may have none; then everyone gets through to the targets.
        let plain = balancer.r#type() == Some(&LoadBalancerTypeEnum::Network);
        return (Reach::Internet, plain.then(|| "without security groups".to_owned()));
    }
    match network {
        Some(network) => {
            let (reach, why) = network.admits(groups);
            (reach, Some(why))
        }
        None => (Reach::Internet, Some("its security groups were not read".to_owned())),
    }
}

/// The target groups that a listener leads to, each with the way there.
fn ways_of(heard: &Heard) -> Vec<(String, Way)> {
    let listener = &heard.listener;
    let protocol = listener.protocol().map_or("", |protocol| protocol.as_str());
    let port = listener.port().map(|port| port.to_string()).unwrap_or_default();
    let port = format!("{protocol} {port}").trim().to_owned();
    let verified = listener.mutual_authentication().and_then(|mutual| mutual.mode()) == Some("verify");
    let certificate = verified.then(|| "callers need a client certificate".to_owned());
    let mut ways = Vec::new();
    let mut lead = |actions: &[Action], guard: Option<String>| {
        let guard = certificate.clone().or_else(|| signs_in(actions)).or(guard);
        for group in targets(actions) {
            ways.push((group, Way { port: port.clone(), guard: guard.clone() }));
        }
    };
    if heard.rules.is_empty() {
        lead(listener.default_actions(), None);
    }
    for rule in &heard.rules {
        lead(rule.actions(), sources(rule));
    }
    ways
}

/// Target groups of forward actions.
fn targets(actions: &[Action]) -> Vec<String> {
    let mut groups: Vec<String> = actions
        .iter()
        .flat_map(|action| {
            let weighted = action.forward_config().map(|forward| forward.target_groups()).unwrap_or_default();
            let weighted = weighted.iter().filter(|group| group.weight() != Some(0));
            let weighted = weighted.filter_map(|group| group.target_group_arn());
            action.target_group_arn().into_iter().chain(weighted)
        })
        .map(str::to_owned)
        .collect();
    groups.sort();
    groups.dedup();
    groups
}

/// Whether a caller must sign in before anything else happens.
fn signs_in(actions: &[Action]) -> Option<String> {
    let with = actions.iter().find_map(|action| match action.r#type() {
        Some(ActionTypeEnum::AuthenticateOidc) => Some("OpenID Connect"),
        Some(ActionTypeEnum::AuthenticateCognito) => Some("Cognito"),
        Some(ActionTypeEnum::JwtValidation) => Some("a token"),
        _ => None,
    })?;
    Some(format!("callers sign in with {with} first"))
}

/// The sources a rule is limited to, unless everybody is among them.
fn sources(rule: &Rule) -> Option<String> {
    let config = rule.conditions().iter().find_map(|condition| condition.source_ip_config())?;
    let networks: Vec<&str> = config.values().iter().map(String::as_str).collect();
    let limited = !networks.is_empty() && !networks.iter().any(|network| is_everybody(network));
    limited.then(|| format!("its rule lets in {} only", listed(&networks)))
}
