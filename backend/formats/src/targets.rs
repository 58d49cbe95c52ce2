//! Gathers failed checks of what is no image into one scan for each target: a workload, a host, a cluster. Refuses to
//! close anything by it: such reports do not state what they leave out.

use std::collections::HashMap;

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

/// The scans so far, in the order in which their targets first appeared.
#[derive(Debug)]
pub(crate) struct Targets {
    tool: Tool,
    partial: &'static str,
    list: Vec<ScanBuilder>,
    known: HashMap<(String, String), usize>,
}

impl Targets {
    /// No scans yet by a tool; `partial` says why none of them will be whole.
    pub(crate) fn new(tool: &Tool, partial: &'static str) -> Self {
        Self { tool: tool.clone(), partial, list: Vec::new(), known: HashMap::new() }
    }

    /// The scan of a target, which was looked at; without a name nothing states of what it is.
    pub(crate) fn of(&mut self, kind: &str, name: &str) -> &mut ScanBuilder {
        let Self { tool, partial, list, known } = self;
        let (kind, name) = if name.is_empty() { ("", "") } else { (kind, name) };
        let index = *known.entry((kind.to_owned(), name.to_owned())).or_insert_with(|| {
            let target = match name {
                "" => Target::Unstated,
                _ => Target::Other { kind: kind.to_owned(), name: name.to_owned() },
            };
            let mut builder = ScanBuilder::new(tool.clone(), target);
            let scan = builder.scan_mut();
            scan.covers.insert(FindingClass::Misconfiguration);
            scan.partial = Some(String::from(*partial));
            list.push(builder);
            list.len() - 1
        });
        &mut list[index]
    }

    /// The finished scans.
    pub(crate) fn build(self) -> Vec<Observation> {
        self.list.into_iter().map(|scan| Observation::Scan(scan.build())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_one_scan() {
        let tool = Tool { name: "demo".to_owned(), version: None };
        let mut targets = Targets::new(&tool, "filtered");
        for (kind, name) in [("Pod", "shop/api"), ("host", ""), ("Pod", "shop/api"), ("", ""), ("Job", "a")] {
            targets.of(kind, name);
        }
        let found: Vec<Target> = targets
            .build()
            .into_iter()
            .map(|observation| match observation {
                Observation::Scan(scan) => scan.target,
                other => panic!("{other:?}"),
            })
            .collect();
        let other = |kind: &str, name: &str| Target::Other { kind: kind.to_owned(), name: name.to_owned() };
        assert_eq!(found, [other("Pod", "shop/api"), Target::Unstated, other("Job", "a")]);
    }
}
