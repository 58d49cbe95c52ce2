//! The stages by example, and their arithmetic over random estates.

use proptest::prelude::*;

use super::*;

const NOW: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

fn days_ago(days: i64) -> Option<DateTime<Utc>> {
    Some(NOW - TimeDelta::days(days))
}

fn good() -> ContainerFacts<'static> {
    ContainerFacts {
        has_owner: true,
        has_place: true,
        matched_at: days_ago(1),
        repository: Some("ghcr.io/acme/api"),
        overdue: false,
    }
}

fn acme() -> Rules {
    Rules {
        sanctioned: vec!["ghcr.io/acme/".to_owned(), "registry.example.org".to_owned()],
        ..Rules::default()
    }
}

#[test]
fn falls_out_at_the_first_stage_it_fails() {
    let worst = ContainerFacts { overdue: true, ..ContainerFacts::default() };
    let check = |facts: ContainerFacts<'_>, expected: Stage| assert_eq!(acme().stage(&facts, NOW), expected);
    check(worst, Stage::Unknown);
    check(ContainerFacts { has_owner: true, ..worst }, Stage::Unknown);
    let known = ContainerFacts { has_owner: true, has_place: true, ..worst };
    check(known, Stage::Unassessed);
    check(ContainerFacts { matched_at: days_ago(8), ..known }, Stage::Stale);
    let current = ContainerFacts { matched_at: days_ago(7), ..known };
    check(current, Stage::Unsanctioned);
    check(ContainerFacts { repository: Some("ghcr.io/acme-evil/api"), ..current }, Stage::Unsanctioned);
    check(ContainerFacts { repository: Some("ghcr.io/acme/api"), ..current }, Stage::Overdue);
    check(ContainerFacts { repository: Some("registry.example.org/x"), ..good() }, Stage::InOrder);
    check(good(), Stage::InOrder);
}

#[test]
fn settings_move_the_window_and_turn_the_registry_check_off() {
    let old = ContainerFacts { matched_at: days_ago(20), ..good() };
    assert_eq!(acme().stage(&old, NOW), Stage::Stale);
    assert_eq!(Rules { window_days: 30, ..acme() }.stage(&old, NOW), Stage::InOrder);

    let foreign = ContainerFacts { repository: None, ..good() };
    assert!(!Rules::default().sanction_is_configured() && acme().sanction_is_configured());
    assert_eq!(Rules::default().stage(&foreign, NOW), Stage::InOrder);
    assert_eq!(acme().stage(&foreign, NOW), Stage::Unsanctioned);
}

#[test]
fn a_scan_from_the_future_is_current() {
    let skewed = ContainerFacts { matched_at: days_ago(-1), ..good() };
    assert_eq!(acme().stage(&skewed, NOW), Stage::InOrder);
}

#[test]
fn words_and_ranks_follow_the_order() {
    for (rank, stage) in Stage::ALL.into_iter().enumerate() {
        assert_eq!((stage.rank(), Stage::from_word(stage.as_str())), (rank, Some(stage)));
    }
    assert_eq!(Stage::from_word("fine"), None);
}

#[test]
fn nothing_seen_is_no_share() {
    assert_eq!((Tally::default().share(), Tally::default().weighted_share()), (None, None));
    let mut tally = Tally::default();
    tally.add(Stage::InOrder, 3, 1.0);
    tally.add(Stage::Stale, 1, 3.0);
    assert_eq!((tally.share(), tally.weighted_share()), (Some(0.25), Some(0.5)));
}

fn any_facts() -> impl Strategy<Value = ContainerFacts<'static>> {
    let repositories =
        prop::sample::select(vec![None, Some("ghcr.io/acme/api"), Some("docker.io/library/x")]);
    (any::<bool>(), any::<bool>(), prop::option::of(-3_i64..40), repositories, any::<bool>()).prop_map(
        |(has_owner, has_place, age, repository, overdue)| ContainerFacts {
            has_owner,
            has_place,
            matched_at: age.and_then(days_ago),
            repository,
            overdue,
        },
    )
}

proptest! {
    #[test]
    fn counts_add_up(estate in prop::collection::vec((any_facts(), 0_u64..50, 0.0_f64..4.0), 0..60)) {
        let mut tally = Tally::default();
        for (facts, instances, weight) in &estate {
            tally.add(acme().stage(facts, NOW), *instances, *weight);
        }
        let running: u64 = estate.iter().map(|(_, instances, _)| instances).sum();
        prop_assert_eq!(tally.total(), running);
        prop_assert_eq!(Stage::ALL.iter().map(|stage| tally.count(*stage)).sum::<u64>(), running);
        prop_assert_eq!(tally.gap() + tally.count(Stage::InOrder), running);
        prop_assert!(tally.share().into_iter().chain(tally.weighted_share()).all(|share| (0.0..=1.0).contains(&share)));
    }

    /// Mending what a container fails at never moves it to an earlier stage.
    #[test]
    fn mending_moves_forward(facts in any_facts(), window in 0_u32..40) {
        let rules = Rules { window_days: window, ..acme() };
        let before = rules.stage(&facts, NOW);
        let mended = match before {
            Stage::Unknown => ContainerFacts { has_owner: true, has_place: true, ..facts },
            Stage::Unassessed | Stage::Stale => ContainerFacts { matched_at: Some(NOW), ..facts },
            Stage::Unsanctioned => ContainerFacts { repository: Some("ghcr.io/acme/api"), ..facts },
            Stage::Overdue | Stage::InOrder => ContainerFacts { overdue: false, ..facts },
        };
        let after = rules.stage(&mended, NOW);
        prop_assert!(after > before || before == Stage::InOrder, "{before:?} to {after:?}");
    }

    /// A longer window and a missing check never put a container further back.
    #[test]
    fn looser_rules_never_widen_the_gap(facts in any_facts(), window in 0_u32..40, more in 0_u32..40) {
        let strict = Rules { window_days: window, ..acme() }.stage(&facts, NOW);
        let loose = Rules { window_days: window + more, sanctioned: Vec::new() }.stage(&facts, NOW);
        prop_assert!(loose >= strict, "{strict:?} to {loose:?}");
    }
}
