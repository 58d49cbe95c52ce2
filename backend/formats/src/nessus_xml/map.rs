//! Items in the words that all reports of Nessus share. Refuses numbers of severities that are none: they stay as they
//! are, and mean nothing.

use super::wire::Host;
use crate::Parsed;
use crate::error::clip;
use crate::nessus::{Item, Mapper};

/// Words for the numbers of severities.
const SEVERITIES: [(&str, &str); 5] =
    [("0", "None"), ("1", "Low"), ("2", "Medium"), ("3", "High"), ("4", "Critical")];

/// Maps all hosts.
pub(super) fn hosts(all: &[Host<'_>]) -> Parsed {
    let mut mapper = Mapper::new();
    for host in all {
        for (number, item) in host.items.iter().enumerate() {
            mapper.add(&Item {
                at: format!("{}/ReportItem[{}]", clip(host.name), number + 1),
                plugin: item.plugin,
                name: item.name,
                severity: word(item.severity),
                state: "",
                cves: item.cves.clone(),
                exploit: item.exploit,
                output: item.output,
                seen: host.end,
            });
        }
    }
    mapper.build()
}

fn word(number: &str) -> &str {
    SEVERITIES.iter().find(|(known, _)| *known == number).map_or(number, |(_, word)| *word)
}
