//! Names of what was collected, as Microsoft's own clients give them. Refuses to judge.

use std::collections::BTreeSet;

use tests::asked::Collected;

/// Names of workloads of some kinds; one that came twice fails.
#[track_caller]
pub(crate) fn workloads(collected: &Collected, kinds: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for one in collected.workloads().into_iter().filter(|one| kinds.contains(&one.kind.as_str())) {
        let key = format!("{} {} {}", one.account.as_ref().unwrap().id, one.namespace, one.name);
        assert!(names.insert(key), "{} came twice", one.name);
    }
    names
}

/// How many clusters of a kind there are.
pub(crate) fn clusters(collected: &Collected, kind: &str) -> usize {
    collected.clusters().values().filter(|cluster| cluster.kind == kind).count()
}
