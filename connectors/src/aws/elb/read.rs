//! Load balancers of a region as they are asked for, each once. Refuses to read the listeners of a load
//! balancer that leads to nothing of interest.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{
    Listener, LoadBalancer, LoadBalancerTypeEnum, Rule, TargetGroup, TargetTypeEnum,
};

use super::{Front, Heard, fronts};
use crate::Failure;
use crate::aws::Ask;
use crate::aws::ec2::Network;
use crate::missing::Missing;

/// What was read of a region.
#[derive(Debug)]
pub(in crate::aws) struct Balancers {
    client: Client,
    groups: Vec<TargetGroup>,
    balancers: Vec<LoadBalancer>,
    /// By the ARN of the load balancer; nothing where its listeners or their rules could not be read.
    heard: BTreeMap<String, Option<Vec<Heard>>>,
}

impl Balancers {
    /// The load balancers and target groups of the region, without their listeners.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub(in crate::aws) async fn read(ask: &Ask<'_>) -> Result<Self, Failure> {
        const BALANCERS: &str = "elasticloadbalancing:DescribeLoadBalancers";
        const GROUPS: &str = "elasticloadbalancing:DescribeTargetGroups";
        let client = Client::new(&ask.sdk);
        let asked = &client;
        let balancers = ask.list(BALANCERS, |marker| async move {
            let page = || asked.describe_load_balancers().set_marker(marker.clone()).send();
            let page = ask.call(BALANCERS, page).await?;
            Ok((page.load_balancers.unwrap_or_default(), page.next_marker))
        });
        let balancers = balancers.await?;
        let groups = ask.list(GROUPS, |marker| async move {
            let page = || asked.describe_target_groups().set_marker(marker.clone()).send();
            let page = ask.call(GROUPS, page).await?;
            Ok((page.target_groups.unwrap_or_default(), page.next_marker))
        });
        let groups = groups.await?;
        Ok(Self { client, groups, balancers, heard: BTreeMap::new() })
    }

    /// The target groups that lead to functions, with the ARNs of the functions.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(in crate::aws) async fn functions(
        &self,
        ask: &Ask<'_>,
    ) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        const ACTION: &str = "elasticloadbalancing:DescribeTargetHealth";
        let mut functions = BTreeMap::<String, Vec<String>>::new();
        let leading = self.groups.iter().filter(|group| group.target_type() == Some(&TargetTypeEnum::Lambda));
        for group in leading.filter_map(TargetGroup::target_group_arn) {
            let call = || self.client.describe_target_health().target_group_arn(group).send();
            let health = ask.call(ACTION, call).await?;
            for target in health.target_health_descriptions.unwrap_or_default() {
                let Some(function) = target.target.and_then(|target| target.id) else { continue };
                functions.entry(function).or_default().push(group.to_owned());
            }
        }
        Ok(functions)
    }

    /// What stands before some target groups. A load balancer whose listeners cannot be read is noted, and
    /// from where it leads there is unknown.
    ///
    /// # Errors
    /// When the run was cancelled.
    pub(in crate::aws) async fn before(
        &mut self,
        ask: &Ask<'_>,
        groups: &BTreeSet<String>,
        network: Option<&Network>,
        missing: &mut Missing,
    ) -> Result<BTreeMap<String, Vec<Front>>, Failure> {
        let leads = |balancer: &LoadBalancer, group: &TargetGroup| {
            let arn = balancer.load_balancer_arn.as_ref();
            arn.is_some_and(|arn| group.load_balancer_arns().contains(arn))
        };
        let wanted: Vec<TargetGroup> = self
            .groups
            .iter()
            .filter(|group| group.target_group_arn.as_ref().is_some_and(|arn| groups.contains(arn)))
            .cloned()
            .collect();
        let asked: Vec<LoadBalancer> = self
            .balancers
            .iter()
            .filter(|balancer| wanted.iter().any(|group| leads(balancer, group)))
            .cloned()
            .collect();
        let (mut heard, mut deaf) = (Vec::new(), Vec::new());
        for balancer in &asked {
            let arn = balancer.load_balancer_arn().unwrap_or_default();
            if !self.heard.contains_key(arn) {
                let found = missing.without(self.listen(ask, balancer).await)?;
                self.heard.insert(arn.to_owned(), found);
            }
            match self.heard.get(arn) {
                Some(Some(found)) => heard.extend(found.iter().cloned()),
                _ => deaf.push(balancer),
            }
        }
        let mut found = fronts(&asked, &heard, network);
        for (balancer, group) in deaf.iter().flat_map(|deaf| wanted.iter().map(move |group| (deaf, group))) {
            if leads(balancer, group) {
                let arn = group.target_group_arn().unwrap_or_default().to_owned();
                found.entry(arn).or_default().push(Front::unread(balancer));
            }
        }
        Ok(found)
    }

    async fn listen(&self, ask: &Ask<'_>, balancer: &LoadBalancer) -> Result<Vec<Heard>, Failure> {
        const ACTION: &str = "elasticloadbalancing:DescribeListeners";
        let arn = balancer.load_balancer_arn().unwrap_or_default();
        let listeners = ask.list(ACTION, |marker| async move {
            let page =
                || self.client.describe_listeners().load_balancer_arn(arn).set_marker(marker.clone()).send();
            let page = ask.call(ACTION, page).await?;
            Ok((page.listeners.unwrap_or_default(), page.next_marker))
        });
        let mut heard = Vec::new();
        for listener in listeners.await? {
            // Only application load balancers have rules.
            let rules = match balancer.r#type() {
                Some(LoadBalancerTypeEnum::Application) => self.rules(ask, &listener).await?,
                _ => Vec::new(),
            };
            heard.push(Heard { listener, rules });
        }
        Ok(heard)
    }

    async fn rules(&self, ask: &Ask<'_>, listener: &Listener) -> Result<Vec<Rule>, Failure> {
        const ACTION: &str = "elasticloadbalancing:DescribeRules";
        let arn = listener.listener_arn().unwrap_or_default();
        let rules = ask.list(ACTION, |marker| async move {
            let page = || self.client.describe_rules().listener_arn(arn).set_marker(marker.clone()).send();
            let page = ask.call(ACTION, page).await?;
            Ok((page.rules.unwrap_or_default(), page.next_marker))
        });
        rules.await
    }
}
