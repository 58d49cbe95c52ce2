//! From where sites can be reached: their public name, and who is let in. Refuses to call a site restricted whose
//! rules were not told.

use domain::exposure::{Exposure, Landing, Reach};

use super::wire::{Config, Restriction, Site};
use crate::azure::place::{Place, group, selector};

/// The route to a site.
pub(super) fn route(place: &Place, site: &Site, config: Option<&Config>) -> Exposure {
    let (reach, evidence) = reach(site, config);
    Exposure {
        cluster: Some(place.product("web-apps", &site.location)),
        namespace: group(&site.id),
        kind: "Site".to_owned(),
        name: site.name.clone(),
        reach,
        selector: selector(site),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}

fn reach(site: &Site, config: Option<&Config>) -> (Reach, String) {
    let properties = &site.properties;
    let name = properties.default_host_name.as_deref().unwrap_or(&site.name);
    if properties.public_network_access.as_deref() == Some("Disabled") {
        return (Reach::Internal, format!("{name} only through private endpoints"));
    }
    let required = properties.client_cert_mode.as_deref() == Some("Required");
    if properties.client_cert_enabled == Some(true) && required {
        return (Reach::Restricted, format!("{name} with a client certificate"));
    }
    let Some(config) = config else {
        return (Reach::Unknown, format!("{name} for whom its rules let in, which were not told"));
    };
    let allows = |rule: &&Restriction| rule.action.eq_ignore_ascii_case("allow");
    let rules = &config.ip_security_restrictions;
    let all = |rule: &Restriction| matches!(rule.ip_address.as_str(), "Any" | "0.0.0.0/0" | "::/0");
    // Where rules let some in, nobody else comes in unless the default says so.
    let default = config.ip_security_restrictions_default_action.as_deref();
    let denies_others = default.map_or_else(
        || rules.iter().any(|rule| rule.action.eq_ignore_ascii_case("allow") && !all(rule)),
        |action| action.eq_ignore_ascii_case("deny"),
    );
    let open = rules.iter().filter(allows).any(all) || !denies_others;
    if open {
        return (Reach::Internet, format!("public site {name}"));
    }
    let let_in: Vec<&str> = rules.iter().filter(allows).map(whom).collect();
    if let_in.is_empty() {
        return (Reach::Isolated, format!("{name} lets nobody in"));
    }
    (Reach::Restricted, format!("{name} for {}", let_in.join(", ")))
}

fn whom(rule: &Restriction) -> &str {
    match (&rule.vnet_subnet_resource_id, rule.ip_address.as_str()) {
        (Some(_), _) => "a subnet",
        (None, "") => "somebody",
        (None, address) => address,
    }
}
