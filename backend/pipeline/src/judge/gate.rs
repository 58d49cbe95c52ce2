//! What network policies let in to the pods of a workload. Pods that none selects let everything in; those that some
//! select let in what any rule of any of them does.
//!
//! Refuses to narrow where it is in doubt: a policy that may or may not select the pods shuts nothing, but its rules
//! count; a port that cannot be resolved is open; addresses that cannot be read are those of everybody. Whether the
//! cluster's network enforces policies is not known: what is told is what they say.

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::exposure::{Landing, Reach};
use domain::network_policy::{Peer, Ports, Rule, selects};
use domain::port::{ContainerPort, Port, Target};
use store::facts::{PolicyFact, WorkloadFact};

/// Addresses of no internet.
const PRIVATE: [(IpAddr, u32); 9] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(100, 64, 0, 0)), 10),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
];
/// Bits that a block of the internet has in common at least, of either version: wider ones are nobody's own.
const OWNED: (u32, u32) = (8, 16);
/// Names that are told of a longer list.
const TOLD: usize = 3;

/// The policies that shut a workload's pods off, and what is let in past them.
pub(super) struct Gate<'a> {
    /// Those that select its pods for certain; never none.
    shut_by: Vec<&'a PolicyFact>,
    /// Rules of these, and of those that may select them.
    rules: Vec<(&'a PolicyFact, &'a Rule)>,
    /// Where its containers say they listen.
    ports: Vec<&'a ContainerPort>,
}

/// What is let in of what comes by a route.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Admitted {
    /// From where it can still be reached.
    pub(super) reach: Reach,
    /// Which policies admit whom; absent where it is everybody.
    pub(super) words: Option<String>,
}

impl<'a> Gate<'a> {
    /// What shuts a workload off, of the policies of its namespace; nothing where none surely does. Policies do not
    /// hold for pods that share the network of their nodes.
    pub(super) fn of(workload: &'a WorkloadFact, policies: &[&'a PolicyFact]) -> Option<Self> {
        if workload.isolation.host_network {
            return None;
        }
        let (mut shut_by, mut rules) = (Vec::new(), Vec::new());
        for policy in policies.iter().copied() {
            let selected = selects(&policy.selector, &workload.labels);
            if selected == Some(true) {
                shut_by.push(policy);
            }
            if selected != Some(false) {
                rules.extend(policy.rules.iter().map(|rule| (policy, rule)));
            }
        }
        let ports = workload.containers.iter().flat_map(|container| &container.security.ports).collect();
        (!shut_by.is_empty()).then_some(Self { shut_by, rules, ports })
    }

    /// Whether anybody is let in at the ports that a route leads to.
    pub(super) fn is_open(&self, landing: &Landing) -> bool {
        self.rules.iter().any(|(_, rule)| self.opens(rule, &landing.targets))
    }

    /// What is let in of a route, from where it can be reached, at the ports that it leads to; nothing where no rule is
    /// about any of them.
    pub(super) fn admitted(&self, route: Reach, landing: &Landing) -> Option<Admitted> {
        let open: Vec<&(&PolicyFact, &Rule)> =
            self.rules.iter().filter(|(_, rule)| self.opens(rule, &landing.targets)).collect();
        let stated = open.iter().map(|(_, rule)| from(rule, true)).min()?;
        let seen = open.iter().map(|(_, rule)| from(rule, landing.keeps_source)).min()?;
        let reach = route.max(seen);
        let words = (stated != Reach::Internet).then(|| {
            let whom: Vec<&str> = open.iter().flat_map(|(_, rule)| &rule.from).map(called).collect();
            let doubt = if reach < stated { ", but nodes may stand between it and its callers" } else { "" };
            format!("{} {} only{doubt}", said(open.iter().map(|(policy, _)| *policy)), listed(&whom))
        });
        Some(Admitted { reach, words })
    }

    /// That nobody is let in at all, where that is so.
    pub(super) fn shuts(&self) -> Option<String> {
        self.rules.is_empty().then(|| format!("{} nobody", said(self.shut_by.iter().copied())))
    }

    fn opens(&self, rule: &Rule, targets: &[Target]) -> bool {
        let covered = |target: &Target| rule.ports.iter().any(|ports| self.covers(ports, target));
        rule.ports.is_empty() || targets.is_empty() || targets.iter().any(covered)
    }

    fn covers(&self, opened: &Ports, target: &Target) -> bool {
        if opened.protocol != target.protocol {
            return false;
        }
        let Some(first) = &opened.first else { return true };
        let led = self.numbers(&target.port, &target.protocol);
        if *first == target.port || led.is_empty() {
            return true;
        }
        match first {
            Port::Number(first) => {
                let range = *first..=opened.last.unwrap_or(*first);
                led.iter().any(|number| range.contains(number))
            }
            // A name that no container has opens nothing, if it is known what names they have.
            Port::Name(_) => {
                let named = self.numbers(first, &opened.protocol);
                self.ports.is_empty() || led.iter().any(|number| named.contains(number))
            }
        }
    }

    /// The numbers of a port; none where no container is known to give it that name.
    fn numbers(&self, port: &Port, protocol: &str) -> Vec<u16> {
        match port {
            Port::Number(number) => vec![*number],
            Port::Name(name) => {
                let named =
                    |port: &&&ContainerPort| port.protocol == protocol && port.name.as_ref() == Some(name);
                self.ports.iter().filter(named).map(|port| port.number).collect()
            }
        }
    }
}

/// From where a rule lets in. A node that stands between puts its own address, a private one, in the place of its
/// caller's.
fn from(rule: &Rule, keeps_source: bool) -> Reach {
    let widest = rule.from.iter().map(|peer| match peer {
        Peer::Everybody => Reach::Internet,
        Peer::Pods => Reach::Internal,
        Peer::Block(block) => match of_block(block) {
            Reach::Internal if !keeps_source => Reach::Internet,
            reach => reach,
        },
    });
    widest.min().unwrap_or(Reach::Internet)
}

/// From where a block of addresses is.
fn of_block(block: &str) -> Reach {
    let parts = block.trim().split_once('/');
    let parsed = parts
        .and_then(|(address, length)| Some((address.parse::<IpAddr>().ok()?, length.parse::<u32>().ok()?)));
    let Some((address, length)) = parsed else { return Reach::Internet };
    let (owned, longest) = match address {
        IpAddr::V4(_) => (OWNED.0, 32),
        IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => return Reach::Internet,
        IpAddr::V6(_) => (OWNED.1, 128),
    };
    let within = |(home, common): &(IpAddr, u32)| {
        let same = (bits(address) ^ bits(*home)).leading_zeros() >= *common;
        home.is_ipv4() == address.is_ipv4() && same && length >= *common
    };
    if length > longest {
        Reach::Internet
    } else if PRIVATE.iter().any(within) {
        Reach::Internal
    } else if length < owned {
        Reach::Internet
    } else {
        Reach::Restricted
    }
}

/// An address as bits, the first ones first.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    }
}

fn called(peer: &Peer) -> &str {
    match peer {
        Peer::Everybody => "everybody",
        Peer::Pods => "pods of the cluster",
        Peer::Block(block) => block,
    }
}

/// `NetworkPolicy shop/web admits`, of several with their number.
fn said<'p>(policies: impl Iterator<Item = &'p PolicyFact>) -> String {
    let mut names: Vec<String> =
        policies.map(|policy| format!("{}/{}", policy.namespace, policy.name)).collect();
    names.sort();
    names.dedup();
    let first = names.first().map(String::as_str).unwrap_or_default();
    match names.len() {
        0 | 1 => format!("NetworkPolicy {first} admits"),
        all => format!("NetworkPolicy {first} and {} more admit", all - 1),
    }
}

/// The first of a list, each once, with a count of the rest.
fn listed(list: &[&str]) -> String {
    let mut once: Vec<&str> = list.to_vec();
    once.sort_unstable();
    once.dedup();
    let shown = once.iter().take(TOLD).copied().collect::<Vec<_>>().join(", ");
    if once.len() > TOLD { format!("{shown} and {} more", once.len() - TOLD) } else { shown }
}
