//! Load balancers of many kinds before one target group. Refuses the network.

use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, Listener, LoadBalancer, LoadBalancerSchemeEnum,
    LoadBalancerTypeEnum, MutualAuthenticationAttributes, ProtocolEnum, Rule, RuleCondition,
    SourceIpConditionConfig, TargetGroupTuple,
};
use domain::exposure::Reach;

use super::{Heard, fronts};
use crate::aws::ec2::{Group, Network, Rule as Opening};

const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0000000000000001";

fn balancer(scheme: LoadBalancerSchemeEnum, groups: &[&str]) -> LoadBalancer {
    LoadBalancer::builder()
        .load_balancer_arn("arn:front")
        .load_balancer_name("front")
        .scheme(scheme)
        .r#type(LoadBalancerTypeEnum::Application)
        .set_security_groups(Some(groups.iter().map(|group| (*group).to_owned()).collect()))
        .build()
}

fn forward() -> Action {
    Action::builder().r#type(ActionTypeEnum::Forward).target_group_arn(GROUP).build()
}

fn listener(port: i32, actions: Vec<Action>) -> Heard {
    let listener = Listener::builder()
        .load_balancer_arn("arn:front")
        .protocol(ProtocolEnum::Https)
        .port(port)
        .set_default_actions(Some(actions))
        .build();
    Heard { listener, rules: Vec::new() }
}

fn open() -> Network {
    let rule = Opening {
        protocol: "tcp".to_owned(),
        ports: Some((443, 443)),
        networks: vec!["0.0.0.0/0".to_owned()],
        ..Opening::default()
    };
    let group = Group { id: "sg-1".to_owned(), ingress: vec![rule] };
    Network { groups: [(group.id.clone(), group)].into(), ..Network::default() }
}

fn check(balancer: LoadBalancer, heard: &[Heard], network: Option<&Network>, reach: Reach, evidence: &str) {
    let fronts = fronts(&[balancer], heard, network);
    let front = &fronts[GROUP][0];
    assert_eq!((front.balancer.as_str(), front.reach, front.evidence.as_str()), ("front", reach, evidence));
}

#[test]
fn the_scheme_decides() {
    let heard = [listener(443, vec![forward()]), listener(8443, vec![forward()])];
    check(
        balancer(LoadBalancerSchemeEnum::Internal, &["sg-1"]),
        &heard,
        Some(&open()),
        Reach::Internal,
        "internal, HTTPS 443, HTTPS 8443, target group web",
    );
    check(
        balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"]),
        &heard,
        Some(&open()),
        Reach::Internet,
        "internet-facing, HTTPS 443, HTTPS 8443, target group web, security group lets anyone in on tcp 443",
    );
    check(
        balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"]),
        &heard,
        None,
        Reach::Internet,
        "internet-facing, HTTPS 443, HTTPS 8443, target group web, its security groups were not read",
    );
}

#[test]
fn security_groups_restrict() {
    let mut network = open();
    network.groups.get_mut("sg-1").unwrap().ingress[0].networks = vec!["198.51.100.0/24".to_owned()];
    check(
        balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"]),
        &[listener(443, vec![forward()])],
        Some(&network),
        Reach::Restricted,
        "internet-facing, HTTPS 443, target group web, security group lets in 198.51.100.0/24 only",
    );
}

#[test]
fn a_network_load_balancer_without_groups_is_open() {
    let balancer = LoadBalancer::builder()
        .load_balancer_arn("arn:front")
        .load_balancer_name("front")
        .scheme(LoadBalancerSchemeEnum::InternetFacing)
        .r#type(LoadBalancerTypeEnum::Network)
        .build();
    let evidence = "internet-facing, HTTPS 443, target group web, without security groups";
    check(balancer, &[listener(443, vec![forward()])], Some(&open()), Reach::Internet, evidence);
}

#[test]
fn signing_in_first_restricts_unless_another_way_is_open() {
    let sign_in = Action::builder().r#type(ActionTypeEnum::AuthenticateOidc).build();
    let guarded = listener(443, vec![sign_in, forward()]);
    let front = || balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"]);
    check(
        front(),
        std::slice::from_ref(&guarded),
        Some(&open()),
        Reach::Restricted,
        "internet-facing, HTTPS 443, target group web, callers sign in with OpenID Connect first",
    );
    let both = [guarded, listener(80, vec![forward()])];
    let evidence =
        "internet-facing, HTTPS 443, HTTPS 80, target group web, security group lets anyone in on tcp 443";
    check(front(), &both, Some(&open()), Reach::Internet, evidence);
}

#[test]
fn client_certificates_restrict() {
    let mut heard = listener(443, vec![forward()]);
    heard.listener = Listener::builder()
        .load_balancer_arn("arn:front")
        .protocol(ProtocolEnum::Https)
        .port(443)
        .default_actions(forward())
        .mutual_authentication(MutualAuthenticationAttributes::builder().mode("verify").build())
        .build();
    check(
        balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"]),
        &[heard],
        Some(&open()),
        Reach::Restricted,
        "internet-facing, HTTPS 443, target group web, callers need a client certificate",
    );
}

#[test]
fn rules_lead_by_weight_and_source() {
    let weighted = |weight| {
        let group = TargetGroupTuple::builder().target_group_arn(GROUP).weight(weight).build();
        let config = ForwardActionConfig::builder().target_groups(group).build();
        Action::builder().r#type(ActionTypeEnum::Forward).forward_config(config).build()
    };
    let from = SourceIpConditionConfig::builder().values("198.51.100.0/24").build();
    let condition = RuleCondition::builder().field("source-ip").source_ip_config(from).build();
    let mut heard = listener(443, vec![]);
    heard.rules = vec![Rule::builder().conditions(condition).actions(weighted(1)).build()];
    check(
        balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"]),
        std::slice::from_ref(&heard),
        Some(&open()),
        Reach::Restricted,
        "internet-facing, HTTPS 443, target group web, its rule lets in 198.51.100.0/24 only",
    );
    heard.rules = vec![Rule::builder().actions(weighted(0)).build()];
    let fronts = fronts(&[balancer(LoadBalancerSchemeEnum::InternetFacing, &["sg-1"])], &[heard], None);
    assert!(fronts.is_empty());
}

#[test]
fn a_balancer_without_listeners_leads_nowhere() {
    assert!(fronts(&[balancer(LoadBalancerSchemeEnum::InternetFacing, &[])], &[], None).is_empty());
}
