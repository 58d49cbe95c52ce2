//! Whether facts can be true: ranges, and ids that exist. Refuses to stop at the first problem.

use domain::exposure::Reach;

use super::wire::{Facts, ImageInput, WorkloadInput};

/// The most that a weight of criticality can be; beyond it is a slip.
const HIGHEST_CRITICALITY: f64 = 1000.0;

/// Every problem, each naming its place; none when the facts can be scored.
pub(super) fn problems(facts: &Facts) -> Vec<String> {
    let mut check = Check { facts, problems: Vec::new() };
    for (id, image) in &facts.images {
        check.image(&format!("images.{id}"), image);
    }
    for (id, workload) in &facts.workloads {
        check.workload(&format!("workloads.{id}"), workload);
    }
    for (id, node) in &facts.nodes {
        check.probability(&format!("nodes.{id}.kernel"), node.kernel);
    }
    for reach in Reach::ALL {
        check.probability(&format!("priors.{}", reach.as_str()), facts.priors.at(reach));
    }
    let baseline = facts.baseline;
    check.unless(baseline.is_finite() && baseline > 0.0, || {
        format!("baseline is {baseline}, but must be above 0")
    });
    check.problems
}

struct Check<'a> {
    facts: &'a Facts,
    problems: Vec<String>,
}

impl Check<'_> {
    fn unless(&mut self, good: bool, problem: impl FnOnce() -> String) {
        if !good {
            self.problems.push(problem());
        }
    }

    fn probability(&mut self, place: &str, value: f64) {
        self.unless((0.0..=1.0).contains(&value), || format!("{place} is {value}, but must be from 0 to 1"));
    }

    fn image(&mut self, place: &str, image: &ImageInput) {
        if let Some(days) = image.scan_age_days {
            self.unless(days >= 0.0, || format!("{place}.scan_age_days is {days}, but must not be negative"));
        }
        for (index, finding) in image.findings.iter().enumerate() {
            let place = format!("{place}.findings[{index}]");
            for (name, value) in
                [("epss", finding.epss), ("cold", finding.cold), ("impact", Some(finding.impact))]
            {
                value.into_iter().for_each(|value| self.probability(&format!("{place}.{name}"), value));
            }
        }
    }

    fn workload(&mut self, place: &str, workload: &WorkloadInput) {
        let facts = self.facts;
        for (index, id) in workload.images.iter().enumerate() {
            self.unless(facts.images.contains_key(id), || {
                format!("{place}.images[{index}] is \"{id}\", but images has no such id")
            });
        }
        for (index, id) in workload.nodes.iter().enumerate() {
            self.unless(facts.nodes.contains_key(id), || {
                format!("{place}.nodes[{index}] is \"{id}\", but nodes has no such id")
            });
        }
        for (name, hazard) in
            [("config_hazard", workload.config_hazard), ("alert_hazard", workload.alert_hazard)]
        {
            self.unless(hazard >= 0, || format!("{place}.{name} is {hazard}, but must not be negative"));
        }
        for (index, term) in workload.escape.iter().enumerate() {
            self.probability(&format!("{place}.escape[{index}]"), *term);
        }
        self.probability(&format!("{place}.sandbox"), workload.sandbox);
        let criticality = workload.criticality;
        self.unless((0.0..=HIGHEST_CRITICALITY).contains(&criticality), || {
            format!("{place}.criticality is {criticality}, but must be from 0 to {HIGHEST_CRITICALITY}")
        });
    }
}
