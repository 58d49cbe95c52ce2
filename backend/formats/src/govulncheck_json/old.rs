//! govulncheck's report before 1.0, in which versions stand apart from what is found. Refuses to name the
//! program: the report lists modules and does not say which is the main one.

use std::collections::HashMap;

use domain::scan::Target;

use super::map::{Gathered, Reach};
use super::wire::{Module, Old};
use crate::Parsed;
use crate::warnings::Warnings;

/// Maps a whole report.
pub(super) fn report(report: &Old<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut gathered = Gathered::new(None, Target::Unstated);
    let modules: HashMap<&str, &Module<'_>> =
        report.modules.iter().map(|module| (&*module.path, module)).collect();
    for (number, found) in report.vulns.iter().enumerate() {
        let stated = modules.get(&*found.mod_path).copied();
        let used = stated.map(|module| module.replace.as_deref().unwrap_or(module));
        let module = used.map_or(&*found.mod_path, |module| &*module.path);
        let version = used.map_or("", |module| &*module.version);
        let is_node = |text: &str| !matches!(text, "" | "0");
        let reach = match (is_node(&found.call_sink), is_node(&found.import_sink)) {
            (true, _) => Reach::Called,
            (false, true) => Reach::Imported,
            (false, false) => Reach::Required,
        };
        let (record, fix) = (found.osv.record(), found.osv.fix(&found.mod_path));
        gathered.add(
            (&found.osv.id, module, version),
            record,
            reach,
            fix,
            &format!("Vulns[{number}]"),
            &mut warnings,
        );
    }
    gathered.build(report.vulns.len(), warnings)
}
