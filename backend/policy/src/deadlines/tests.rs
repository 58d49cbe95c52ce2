//! The shipped tables case by case, and what a wrong table is told.

use super::*;

fn facts(kev: bool, exposed: bool, automatable: bool, total: bool) -> Facts {
    Facts {
        kev,
        exposed,
        automatable: Some(automatable),
        total_impact: Some(total),
        severity: Severity::Unknown,
    }
}

#[test]
fn bod_26_04_row_by_row() {
    let table = Deadlines::built_in(DEFAULT).unwrap();
    let (no, yes) = (false, true);
    // KEV, exposed, automatable; days for partial and for total impact; triage for total impact.
    let expected = [
        (no, no, no, 180, 180, no),
        (no, yes, no, 60, 14, no),
        (no, no, yes, 60, 60, no),
        (no, yes, yes, 14, 3, no),
        (yes, no, no, 14, 14, no),
        (yes, yes, no, 14, 3, yes),
        (yes, no, yes, 14, 3, yes),
        (yes, yes, yes, 3, 3, yes),
    ];
    for (kev, exposed, automatable, partial, total, triage) in expected {
        let case = format!("{kev} {exposed} {automatable}");
        let due = table.due(&facts(kev, exposed, automatable, false));
        assert_eq!((due.days, due.triage), (Some(partial), false), "{case} partial");
        assert_eq!(due.next_upgrade, partial == 180, "{case}");
        let due = table.due(&facts(kev, exposed, automatable, true));
        assert_eq!((due.days, due.triage), (Some(total), triage), "{case} total");
        assert_eq!(due.next_upgrade, total == 180, "{case}");
    }
    let due = table.due(&facts(true, true, false, true));
    assert_eq!(due.row, "in KEV, publicly exposed, not automatable, total impact");
}

#[test]
fn what_nobody_said_counts_as_the_worse() {
    let table = Deadlines::built_in(DEFAULT).unwrap();
    let unknown = Facts { automatable: None, total_impact: None, ..facts(false, true, false, false) };
    assert_eq!(table.due(&unknown), table.due(&facts(false, true, true, true)));
    assert!(is_publicly_exposed(Reach::Unknown) && !is_publicly_exposed(Reach::Restricted));
}

#[test]
fn impact_comes_from_ssvc_then_from_cvss() {
    let total = domain::cvss::read("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    let partial = domain::cvss::read("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:L");
    assert_eq!(is_total_impact(Some(false), total.as_ref()), Some(false));
    assert_eq!(is_total_impact(None, total.as_ref()), Some(true));
    assert_eq!(is_total_impact(None, partial.as_ref()), Some(false));
    assert_eq!(is_total_impact(None, None), None);
}

#[test]
fn the_severity_matrix_is_a_matrix() {
    let table = Deadlines::built_in("severity").unwrap();
    let days =
        |severity, exposed, kev| table.due(&Facts { severity, ..facts(kev, exposed, true, true) }).days;
    let row =
        |severity| [days(severity, true, false), days(severity, false, false), days(severity, true, true)];
    assert_eq!(row(Severity::Critical), [Some(7), Some(30), Some(3)]);
    assert_eq!(row(Severity::Low), [Some(180), None, Some(3)]);
    assert_eq!(row(Severity::Unknown), row(Severity::High));
}

#[test]
fn every_shipped_table_loads_under_its_name() {
    for (name, toml) in BUILT_IN {
        let table = Deadlines::load(toml).unwrap();
        assert_eq!((table.name(), table.title().is_empty()), (name, false));
    }
    let bod = Deadlines::built_in(DEFAULT).unwrap();
    assert!(bod.source().is_some_and(|source| source.starts_with("https://")));
    assert_eq!(
        Deadlines::built_in("bod-22-01").unwrap_err().to_string(),
        "there is no deadline table `bod-22-01`: give one of cisa-bod-26-04, severity, or the path of a file"
    );
}

#[test]
fn every_problem_is_told_at_once() {
    let text = r#"
        name = "mine"
        titel = "My table"
        next_upgrade_days = 0
        [unknown]
        automatable = "yes"
        [[row]]
        name = "in KEV"
        kev = true
        days = 3
        next_upgrade = true
        [[row]]
        name = "critical in KEV"
        kev = true
        severity = "critical"
        days = 1
        [[row]]
        name = "in KEV"
        kev = false
        exposed = 1
        severity = "awful"
        [[row]]
        name = "never"
        kev = false
    "#;
    let Err(Error::Table { problems }) = Deadlines::load(text) else { panic!("refused") };
    assert_eq!(
        problems,
        [
            "`titel` is not known (known: name, title, source, next_upgrade_days, unknown, row)",
            "`title` is missing",
            "`next_upgrade_days` must be a whole number of days from 1 to 3650",
            "[unknown] `automatable` must be true or false",
            "[unknown] `total_impact` is missing",
            "row 1: either `days` or `next_upgrade`, not both",
            "row 3: `exposed` must be true or false",
            "row 3: `severity` must be one of critical, high, medium, low, unknown",
            "row 3: the name `in KEV` is taken by an earlier row",
            "the row `critical in KEV` is never reached: earlier rows decide all its cases",
            "the row `never` is never reached: earlier rows decide all its cases",
        ]
    );
}

#[test]
fn a_case_without_a_row_is_a_problem() {
    let text = "name='a'\ntitle='b'\nnext_upgrade_days=9\n[unknown]\nautomatable=true\ntotal_impact=true\n\
                [[row]]\nname='x'\nkev=true\ndays=1\n[[row]]\nname='y'\nseverity='low'";
    let Err(Error::Table { problems }) = Deadlines::load(text) else { panic!("refused") };
    assert_eq!(problems.len(), 4);
    assert_eq!(
        problems[0],
        "no row decides kev = false, exposed = false, automatable = false, total_impact = false, severity = \"critical\""
    );
    assert_eq!(problems[3], "no row decides 29 further cases");
}

#[test]
fn broken_toml_is_told_with_its_line() {
    let error = Deadlines::load("name = \"x\"\ntitle = \n").unwrap_err();
    assert!(matches!(&error, Error::Syntax { line: 2, .. }), "{error}");
}

#[test]
fn cases_stand_at_their_index() {
    for (index, case) in Case::all().enumerate() {
        assert_eq!(case.index(), index);
    }
    assert_eq!(Case::all().count(), 80);
}
