//! What is worse never scores lower, what is better never higher, and harmless additions change nothing.

use domain::exposure::Reach;
use proptest::prelude::*;

use super::estates::{
    CONSTANTS, chosen, chosen_finding, config, estate, estate_and_choices, finding, never_lower, placed,
    score, workload,
};
use crate::factors::threat::Tier;
use crate::facts::{NodeInput, Vex, WorkloadInput};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_finding_more((before, [at, ..]) in estate_and_choices(), finding in finding()) {
        let mut after = before.clone();
        chosen(&mut after.images, &at).findings.push(finding);
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_finding_fixed((before, [at, which, _]) in estate_and_choices()) {
        let mut after = before.clone();
        let findings = &mut chosen(&mut after.images, &at).findings;
        prop_assume!(!findings.is_empty());
        findings.remove(which.index(findings.len()));
        never_lower(&after, &before)?;
    }

    #[test]
    fn a_finding_exploited((before, [which, ..]) in estate_and_choices()) {
        let mut after = before.clone();
        let Some(finding) = chosen_finding(&mut after, &which) else { return Ok(()) };
        finding.tier = Tier::Exploited;
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_finding_not_affected((before, [which, ..]) in estate_and_choices()) {
        let mut after = before.clone();
        let Some(finding) = chosen_finding(&mut after, &which) else { return Ok(()) };
        finding.vex = Some(Vex::NotAffected);
        never_lower(&after, &before)?;
    }

    #[test]
    fn a_second_scanner((before, [which, at, _]) in estate_and_choices(), less in 0.0..=1.0) {
        let mut after = before.clone();
        let Some(mut finding) = chosen_finding(&mut after, &which).cloned() else { return Ok(()) };
        finding.impact *= less;
        for image in after.images.values_mut().filter(|image| {
            image.findings.iter().any(|known| {
                (&known.unit, known.epss, known.vex) == (&finding.unit, finding.epss, finding.vex)
                    && (known.cold, known.tier, known.in_use) == (finding.cold, finding.tier, finding.in_use)
                    && known.attack_vector == finding.attack_vector
                    && known.impact >= finding.impact
            })
        }) {
            let place = at.index(image.findings.len() + 1);
            image.findings.insert(place, finding.clone());
        }
        prop_assert_ne!(&after, &before);
        prop_assert_eq!(score(&after), score(&before));
    }

    #[test]
    fn a_workload_on_the_internet((before, [at, ..]) in estate_and_choices()) {
        let mut after = before.clone();
        chosen(&mut after.workloads, &at).reach = Reach::Internet;
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_workload_privileged((before, [at, ..]) in estate_and_choices()) {
        let mut after = before.clone();
        chosen(&mut after.workloads, &at).escape.push(CONSTANTS.escape.privileged);
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_weaker_sandbox((before, [at, ..]) in estate_and_choices(), left in 0.0..=1.0) {
        let mut after = before.clone();
        let sandbox = &mut chosen(&mut after.workloads, &at).sandbox;
        *sandbox = sandbox.max(left);
        never_lower(&before, &after)?;
    }

    #[test]
    fn an_alert((before, [at, ..]) in estate_and_choices(), alert in 0..7_000_000_000_i64) {
        let mut after = before.clone();
        chosen(&mut after.workloads, &at).alert_hazard += alert;
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_misconfiguration((before, [at, ..]) in estate_and_choices(), check in 0..=i64::MAX) {
        let mut after = before.clone();
        let hazard = &mut chosen(&mut after.workloads, &at).config_hazard;
        *hazard = hazard.saturating_add(check);
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_higher_criticality((before, [at, ..]) in estate_and_choices(), criticality in 0.3..=3.0) {
        let mut after = before.clone();
        let weight = &mut chosen(&mut after.workloads, &at).criticality;
        *weight = weight.max(criticality);
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_worse_kernel((before, [at, ..]) in estate_and_choices(), kernel in 0.0..=1.0) {
        let mut after = before.clone();
        let node = chosen(&mut after.nodes, &at);
        node.kernel = node.kernel.max(kernel);
        never_lower(&before, &after)?;
    }

    #[test]
    fn one_node_more((before, [at, which, _]) in estate_and_choices()) {
        let mut after = before.clone();
        let node = after.nodes.keys().nth(which.index(after.nodes.len())).cloned().unwrap();
        chosen(&mut after.workloads, &at).nodes.push(node);
        never_lower(&before, &after)?;
    }

    #[test]
    fn an_ageing_scan((before, [at, ..]) in estate_and_choices(), days in 0.0..40.0) {
        let mut after = before.clone();
        let image = chosen(&mut after.images, &at);
        image.scan_age_days = image.scan_age_days.map(|age| age + days);
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_workload_more(before in estate(), more in workload()) {
        let mut after = before.clone();
        let more = placed(more, before.images.len(), before.nodes.len());
        after.workloads.insert("more".to_owned(), more);
        never_lower(&before, &after)?;
    }

    #[test]
    fn a_workload_retired((before, [at, ..]) in estate_and_choices()) {
        let mut after = before.clone();
        let id = after.workloads.keys().nth(at.index(after.workloads.len())).cloned().unwrap();
        after.workloads.remove(&id);
        never_lower(&after, &before)?;
    }

    #[test]
    fn a_clean_workload_on_its_own_node(before in estate(), kernel in 0.0..=1.0, escape in 0.0..=1.0) {
        let mut after = before.clone();
        after.nodes.insert("own".to_owned(), NodeInput { kernel });
        after.workloads.insert("clean".to_owned(), WorkloadInput {
            images: Vec::new(),
            reach: Reach::Internet,
            nodes: vec!["own".to_owned()],
            config_hazard: 0,
            alert_hazard: 0,
            escape: vec![escape],
            sandbox: 1.0,
            criticality: 3.0,
        });
        let (before, mut after) = (score(&before), score(&after));
        let clean = after.workloads.remove("clean").unwrap();
        prop_assert!(clean.total_hazard.0 == 0 && clean.score == 0.0);
        prop_assert_eq!(before, after);
    }
}
