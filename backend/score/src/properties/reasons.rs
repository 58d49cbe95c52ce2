//! Reasons add up exactly to what they explain.

use proptest::prelude::*;

use super::estates::{CONSTANTS, config, estate, finding};
use crate::explain::{self, Tenths, Waterfall};
use crate::finding::Factors;
use crate::hazard::Nano;
use crate::ledger::{Cause, in_sequence, reconcile};

/// Start plus points is the score, and each running total is where the steps so far lead.
fn adds_up(waterfall: &Waterfall, score: f64) -> Result<(), TestCaseError> {
    let mut total = waterfall.start.0;
    for step in &waterfall.steps {
        total += step.points.0;
        prop_assert_eq!(total, step.total.0);
    }
    prop_assert_eq!(total, waterfall.score.0);
    prop_assert_eq!(waterfall.score, Tenths::of(score));
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn scorecards(finding in finding(), criticality in 0.0..=3.0) {
        for reach in domain::exposure::Reach::ALL {
            let factors = finding.finding().factors(reach, &CONSTANTS);
            let card = explain::finding(&factors, criticality, &CONSTANTS);
            adds_up(&card, factors.score(criticality, &CONSTANTS))?;
            prop_assert!(card.steps.iter().all(|step| step.points.0 <= 0));
        }
    }

    #[test]
    fn waterfalls(facts in estate()) {
        let estate = facts.estate(&CONSTANTS).unwrap();
        for (workload, score) in facts.workloads.values().zip(estate.scores()) {
            let findings = workload.images.iter().flat_map(|id| &facts.images[id].findings);
            let factors = findings.map(|finding| finding.finding().factors(workload.reach, &CONSTANTS));
            let worst = factors.max_by(|one, other| one.product().total_cmp(&other.product()));
            let with = explain::workload(worst.as_ref(), &score.parts, workload.criticality, &CONSTANTS);
            adds_up(&with, score.score)?;
            let without = explain::workload(None, &score.parts, workload.criticality, &CONSTANTS);
            adds_up(&without, score.score)?;
            prop_assert!(without.steps.iter().all(|step| step.points.0 >= 0));
        }
    }

    #[test]
    fn shares(hazards in proptest::collection::vec(0..=i64::MAX, 0..50)) {
        let hazards: Vec<Nano> = hazards.into_iter().map(Nano).collect();
        let shares = explain::shares(&hazards);
        prop_assert_eq!(shares.len(), hazards.len());
        let whole = if hazards.iter().any(|hazard| hazard.0 > 0) { 10_000 } else { 0 };
        prop_assert_eq!(shares.iter().map(|share| u32::from(share.0)).sum::<u32>(), whole);
    }

    #[test]
    fn points_if_fixed(total in 0..10_000_000_000_i64, unit in 0..10_000_000_000_i64) {
        let points = explain::points_if_fixed(Nano(total), Nano(unit), 1.0, &CONSTANTS);
        prop_assert!((0..=1000).contains(&points.0));
        let factors = Factors { threat: Nano(total).probability(), reach: 1.0, in_use: 1.0, impact: 1.0 };
        let all = explain::points_if_fixed(Nano(total), Nano(total), 1.0, &CONSTANTS);
        prop_assert_eq!(all, Tenths::of(factors.score(1.0, &CONSTANTS)));
    }

    #[test]
    fn ledgers(
        before in 0..1_000_000_000_i64,
        after in 0..1_000_000_000_i64,
        steps in proptest::collection::vec(
            (proptest::sample::select(Cause::ALL.to_vec()), -1_000_000_000..1_000_000_000_i64), 0..6),
    ) {
        let sum: i64 = reconcile(before, after, &steps).iter().map(|entry| entry.micro).sum();
        prop_assert_eq!(sum, after - before);
        let sum: i64 = in_sequence(before, &steps).iter().map(|entry| entry.micro).sum();
        prop_assert_eq!(sum, steps.last().map_or(0, |(_, last)| last - before));
    }
}
