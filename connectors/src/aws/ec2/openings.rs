//! What security groups let in, and what that makes of a public address. Refuses to call a group that was not
//! read closed.

use std::collections::BTreeMap;
use std::net::IpAddr;

use domain::exposure::Reach;

/// Networks wider than this are taken for everybody: `0.0.0.0/1` and its like.
const EVERYBODY_BITS: u8 = 7;
/// Sources told in one line of evidence.
const SHOWN: usize = 3;

/// Network interfaces of a region by id, and security groups by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Network {
    /// Interfaces.
    pub(in crate::aws) interfaces: BTreeMap<String, Interface>,
    /// Groups; one that is missing was not read.
    pub(in crate::aws) groups: BTreeMap<String, Group>,
}

/// A network interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Interface {
    /// Its id.
    pub(in crate::aws) id: String,
    /// Its address on the internet, if it has one.
    pub(in crate::aws) public_address: Option<String>,
    /// Its security groups.
    pub(in crate::aws) groups: Vec<String>,
    /// The machine it belongs to, if it belongs to one.
    pub(in crate::aws) instance: Option<String>,
}

/// A security group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Group {
    /// Its id.
    pub(in crate::aws) id: String,
    /// What it lets in.
    pub(in crate::aws) ingress: Vec<Rule>,
}

/// A rule that lets something in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::aws) struct Rule {
    /// `tcp`, `udp`, a number, or `-1` for all.
    pub(in crate::aws) protocol: String,
    /// First and last port, where the protocol has ports.
    pub(in crate::aws) ports: Option<(i64, i64)>,
    /// Networks.
    pub(in crate::aws) networks: Vec<String>,
    /// Lists of networks that are kept elsewhere.
    pub(in crate::aws) prefix_lists: Vec<String>,
    /// Other security groups.
    pub(in crate::aws) groups: Vec<String>,
}

impl Network {
    /// From where something with a public address and these groups can be reached, and why.
    pub(in crate::aws) fn admits(&self, groups: &[String]) -> (Reach, String) {
        let known: Vec<&Group> = groups.iter().filter_map(|id| self.groups.get(id)).collect();
        if known.len() < groups.len() || groups.is_empty() {
            return (Reach::Internet, "its security groups were not read".to_owned());
        }
        let rules: Vec<&Rule> = known.iter().flat_map(|group| &group.ingress).collect();
        let sources = |pick: fn(&Rule) -> &Vec<String>| -> Vec<&str> {
            let mut found: Vec<&str> = rules.iter().flat_map(|rule| pick(rule)).map(String::as_str).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let networks = sources(|rule| &rule.networks);
        if let Some(open) =
            rules.iter().find(|rule| rule.networks.iter().any(|network| is_everybody(network)))
        {
            return (Reach::Internet, format!("security group lets anyone in{}", ports(open)));
        }
        let lists = sources(|rule| &rule.prefix_lists);
        if !lists.is_empty() {
            let lists = listed(&lists);
            return (
                Reach::Unknown,
                format!("security group lets in prefix list {lists}, which was not read"),
            );
        }
        let public: Vec<&str> = networks.iter().copied().filter(|network| !is_private(network)).collect();
        if !public.is_empty() {
            return (Reach::Restricted, format!("security group lets in {} only", listed(&public)));
        }
        let others = sources(|rule| &rule.groups);
        let inside: Vec<&str> = networks.into_iter().chain(others).collect();
        if inside.is_empty() {
            return (Reach::Isolated, "security group lets nothing in".to_owned());
        }
        (Reach::Internal, format!("security group lets in {} only", listed(&inside)))
    }

    /// From where a machine's public address can be reached: the widest of its interfaces; nothing where it
    /// has no public address.
    pub(in crate::aws) fn instance(&self, instance: &str) -> Option<(Reach, String)> {
        let own =
            self.interfaces.values().filter(|interface| interface.instance.as_deref() == Some(instance));
        own.filter_map(|interface| self.public(interface)).min_by_key(|(reach, _)| *reach)
    }

    /// From where an interface can be reached by its public address, if it has one.
    pub(in crate::aws) fn public(&self, interface: &Interface) -> Option<(Reach, String)> {
        let address = interface.public_address.as_deref()?;
        let (reach, why) = self.admits(&interface.groups);
        Some((reach, format!("public address {address}, {why}")))
    }
}

/// The first few of a list, with a count of the rest.
pub(in crate::aws) fn listed(list: &[&str]) -> String {
    let shown = list.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if list.len() > SHOWN { format!("{shown} and {} more", list.len() - SHOWN) } else { shown }
}

/// Whether a network is everybody, or so wide that it may as well be.
pub(in crate::aws) fn is_everybody(network: &str) -> bool {
    let Some((address, bits)) = network.trim().split_once('/') else { return false };
    let global = address.parse::<IpAddr>().is_ok_and(|address| !is_private_address(address));
    let wide = bits.parse::<u8>().is_ok_and(|bits| bits <= EVERYBODY_BITS);
    wide && (global || bits == "0")
}

fn is_private(network: &str) -> bool {
    let address = network.trim().split_once('/').map_or(network, |(address, _)| address);
    address.parse().is_ok_and(is_private_address)
}

/// Addresses that the internet does not carry.
fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            let shared = first == 100 && (64..128).contains(&second);
            four.is_private() || four.is_loopback() || four.is_link_local() || shared
        }
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local(),
    }
}

/// ` on tcp 80-443`; nothing where everything is let in.
fn ports(rule: &Rule) -> String {
    match (rule.protocol.as_str(), rule.ports) {
        ("-1" | "", _) => " on every port".to_owned(),
        (protocol, Some((from, to))) if from == to => format!(" on {protocol} {from}"),
        (protocol, Some((from, to))) => format!(" on {protocol} {from}-{to}"),
        (protocol, None) => format!(" by {protocol}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(rules: Vec<Rule>) -> Network {
        let group = Group { id: "sg-1".to_owned(), ingress: rules };
        let interface = Interface {
            id: "eni-1".to_owned(),
            public_address: Some("203.0.113.7".to_owned()),
            groups: vec!["sg-1".to_owned()],
            instance: Some("i-1".to_owned()),
        };
        Network {
            interfaces: [(interface.id.clone(), interface)].into(),
            groups: [(group.id.clone(), group)].into(),
        }
    }

    fn from(networks: &[&str]) -> Rule {
        let networks = networks.iter().map(|network| (*network).to_owned()).collect();
        Rule { protocol: "tcp".to_owned(), ports: Some((443, 443)), networks, ..Rule::default() }
    }

    fn check(rules: Vec<Rule>, reach: Reach, why: &str) {
        assert_eq!(network(rules).admits(&["sg-1".to_owned()]), (reach, why.to_owned()));
    }

    #[test]
    fn the_widest_rule_counts() {
        check(
            vec![from(&["10.0.0.0/8"]), from(&["0.0.0.0/0"])],
            Reach::Internet,
            "security group lets anyone in on tcp 443",
        );
        let all = Rule { protocol: "-1".to_owned(), networks: vec!["::/0".to_owned()], ..Rule::default() };
        check(vec![all], Reach::Internet, "security group lets anyone in on every port");
        check(vec![from(&["128.0.0.0/1"])], Reach::Internet, "security group lets anyone in on tcp 443");
    }

    #[test]
    fn an_allow_list_is_restricted_and_a_private_one_internal() {
        check(
            vec![from(&["198.51.100.0/24", "10.1.0.0/16"])],
            Reach::Restricted,
            "security group lets in 198.51.100.0/24 only",
        );
        let other = Rule { groups: vec!["sg-2".to_owned()], ..from(&["10.1.0.0/16", "fd00::/8"]) };
        check(vec![other], Reach::Internal, "security group lets in 10.1.0.0/16, fd00::/8, sg-2 only");
        check(vec![], Reach::Isolated, "security group lets nothing in");
    }

    #[test]
    fn what_was_not_read_is_not_closed() {
        let list = Rule { prefix_lists: vec!["pl-1".to_owned()], ..from(&[]) };
        check(vec![list], Reach::Unknown, "security group lets in prefix list pl-1, which was not read");
        let (reach, why) = network(vec![]).admits(&["sg-1".to_owned(), "sg-9".to_owned()]);
        assert_eq!((reach, why.as_str()), (Reach::Internet, "its security groups were not read"));
    }

    #[test]
    fn a_machine_is_as_open_as_its_widest_interface() {
        let mut network = network(vec![from(&["10.0.0.0/8"])]);
        assert_eq!(
            network.instance("i-1"),
            Some((
                Reach::Internal,
                "public address 203.0.113.7, security group lets in 10.0.0.0/8 only".to_owned()
            ))
        );
        let open = Group { id: "sg-2".to_owned(), ingress: vec![from(&["0.0.0.0/0"])] };
        let mut second = network.interfaces["eni-1"].clone();
        second.id = "eni-2".to_owned();
        second.groups = vec![open.id.clone()];
        network.groups.insert(open.id.clone(), open);
        network.interfaces.insert(second.id.clone(), second);
        assert_eq!(network.instance("i-1").map(|(reach, _)| reach), Some(Reach::Internet));
        assert_eq!(network.instance("i-2"), None);
    }
}
