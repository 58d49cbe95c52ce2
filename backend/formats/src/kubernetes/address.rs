//! Whether an address leads to the internet. Refuses to resolve names: a host name counts as public
//! unless its form says otherwise.

use std::net::{IpAddr, Ipv4Addr};

/// Whether a load balancer's address, an IP or a host name, is out of reach from the internet.
pub(super) fn is_private(address: &str) -> bool {
    match address.parse::<IpAddr>() {
        Ok(ip) => is_private_ip(ip),
        // AWS prefixes the names of its internal load balancers.
        Err(_) => {
            address == "localhost"
                || address.starts_with("internal-")
                || [".local", ".internal", ".svc"].iter().any(|end| address.ends_with(end))
        }
    }
}

/// Whether a text is an IP address on the internet.
pub(super) fn is_public_ip(address: &str) -> bool {
    address.parse().is_ok_and(|ip| !is_private_ip(ip))
}

fn is_private_ip(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or_else(
            || ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
            is_private_v4,
        ),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    let carrier_grade = first == 100 && (64..128).contains(&second);
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || carrier_grade
}

/// Whether a range of source addresses lets everybody in.
pub(super) fn is_everybody(range: &str) -> bool {
    matches!(range.trim(), "0.0.0.0/0" | "::/0" | "0::/0")
}
