//! Modules as records of the vulnerabilities that they name. Refuses to take every module for an exploit: others, such
//! as scanners, only make the vulnerability known. Modules that name no CVE are counted in a warning.

use super::wire::Modules;
use crate::exploits::Catalogue;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// All modules as one feed.
pub(super) fn modules(modules: &Modules<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut catalogue = Catalogue::default();
    for (number, (_, module)) in modules.0.iter().enumerate() {
        let at = format!("[{number}]");
        let Some(module) = module else {
            warnings.push(at, "a module of which nothing is said was left out");
            continue;
        };
        let mut named = module.references.iter().filter_map(|text| Catalogue::id(text)).peekable();
        if named.peek().is_none() {
            warnings.push(at, "a module that names no CVE was left out");
        }
        for id in named {
            if &*module.kind == "exploit" {
                catalogue.exploit(id, time::parse(&module.disclosure_date), None);
            } else {
                catalogue.record(id);
            }
        }
    }
    if modules.0.is_empty() {
        warnings.push("", "the list holds no modules");
    }
    Parsed {
        observations: catalogue.build("metasploit"),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}
