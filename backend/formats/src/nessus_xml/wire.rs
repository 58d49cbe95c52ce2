//! Elements of a report. Refuses to interpret; every text may be empty.

use crate::xml::Element;

/// Elements that are skipped with all they hold: settings, and texts for people.
pub(super) const SKIPPED: [&str; 5] = ["Policy", "description", "see_also", "solution", "synopsis"];

/// A host.
#[derive(Debug)]
pub(super) struct Host<'e> {
    pub name: &'e str,
    /// When the scan of it ended.
    pub end: &'e str,
    pub items: Vec<Item<'e>>,
}

/// What a plugin found.
#[derive(Debug)]
pub(super) struct Item<'e> {
    pub plugin: &'e str,
    pub name: &'e str,
    /// `0` to `4`.
    pub severity: &'e str,
    pub cves: Vec<&'e str>,
    pub exploit: &'e str,
    pub output: &'e str,
}

/// The hosts of all reports.
pub(super) fn hosts(root: &Element) -> Vec<Host<'_>> {
    let reports = root.children().iter().filter(|child| child.name == "Report");
    let hosts = reports.flat_map(Element::children).filter(|child| child.name == "ReportHost");
    hosts.map(host).collect()
}

fn host(element: &Element) -> Host<'_> {
    let mut tags = element.list("HostProperties", "tag");
    let end = tags.find(|tag| tag.attribute("name") == "HOST_END");
    let items = element.children().iter().filter(|child| child.name == "ReportItem");
    Host {
        name: element.attribute("name"),
        end: end.map(Element::own_text).unwrap_or_default(),
        items: items.map(item).collect(),
    }
}

fn item(element: &Element) -> Item<'_> {
    let cves = element.children().iter().filter(|child| child.name == "cve");
    Item {
        plugin: element.attribute("pluginID"),
        name: element.attribute("pluginName"),
        severity: element.attribute("severity"),
        cves: cves.map(Element::own_text).collect(),
        exploit: element.text_of("exploit_available"),
        output: element.text_of("plugin_output"),
    }
}
