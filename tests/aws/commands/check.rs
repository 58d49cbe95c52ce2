//! `plimsoll check --sources`: a table of what was tried, refusals with their remedy, and no database needed.

use tests::aws::Fault;

use super::world::world;
use crate::asked::THERE;

#[test]
fn every_permission_is_a_line_and_a_refused_one_says_what_to_do() {
    let Some(world) = world(2) else { return };
    world.run(&["migrate"]).expect(0);
    let granted = world.run(&["check", "--sources"]).expect(0);
    let lines: Vec<&str> = granted.out.lines().collect();
    assert_eq!(lines[0], "settings and database are in order");
    let heads: Vec<&str> = lines[1].split_whitespace().collect();
    assert_eq!(heads, ["source", "where", "permission", "outcome"]);
    assert!(lines[2..].iter().all(|line| line.starts_with("prod ") && line.ends_with("  granted")));
    let column = lines[1].find("permission").unwrap();
    assert!(lines[2..].iter().all(|line| line[column..].contains(':') && !line[..column].ends_with(':')));
    let account = &world.estate.accounts[1];
    world.cloud.fault(&Fault::deny().on("ecr", "DescribeImages").account(account).region(THERE));
    let denied = world.run(&["check", "--sources"]).expect(1);
    let refusal = format!(
        "`ecr:DescribeImages` was denied in {account} / {THERE} / ecr: allow `ecr:DescribeImages` in a policy of role \
         `PlimsollReader` of account {account}"
    );
    let refused: Vec<&str> = denied.out.lines().skip(2).filter(|line| !line.ends_with("  granted")).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains(&refusal), "{}", refused[0]);
    let told = world.run(&["check", "--sources", "--json"]).expect(1).lines();
    let refused: Vec<_> = told.iter().skip(1).filter(|line| !line["refusal"].is_null()).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (&refused[0]["source"], &refused[0]["permission"]),
        (&"prod".into(), &"ecr:DescribeImages".into())
    );

    // Where nothing but credentials are, there is no database: permissions are tried nevertheless.
    world.cloud.heal();
    let nowhere = "postgres://nobody@127.0.0.1:1/nothing";
    let checked = world.run(&["--database", nowhere, "check", "--sources"]).expect(1);
    assert!(checked.err.contains("problem: the database"), "{}", checked.err);
    assert_eq!(checked.out.lines().count(), lines.len() - 1, "{}", checked.out);
    assert!(checked.out.lines().skip(1).all(|line| line.ends_with("  granted")), "{}", checked.out);
}
