//! Settings as a form sends them. Refuses files and the network.

use domain::source::Values;

use super::*;

fn values(told: &[(&str, &[&str])]) -> Values {
    told.iter()
        .map(|(name, lines)| ((*name).to_owned(), lines.iter().map(|line| (*line).to_owned()).collect()))
        .collect()
}

#[test]
fn without_settings_it_is_the_usual_cluster() {
    let config = Config::read(&values(&[])).unwrap();
    assert_eq!((config.contexts, config.kubeconfig, config.namespaces.len()), (Contexts::Usual, None, 0));
    assert_eq!(Config::read(&values(&[("contexts", &["*"])])).unwrap().contexts, Contexts::Every);
    let listed =
        Config::read(&values(&[("contexts", &["a", "b", "a"]), ("names", &["a -> prod (x)"])])).unwrap();
    assert_eq!(listed.contexts, Contexts::Listed(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(listed.names.get("a").map(String::as_str), Some("prod (x)"));
}

#[test]
fn every_contradiction_is_told_at_once() {
    let told = values(&[("contexts", &["*", "a"]), ("names", &["a -> x", "b -> x"])]);
    let problems = Config::read(&told).unwrap_err();
    let words: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(words, ["is either `*` or a list: leave one of them", "`x` is said of `a` and `b`"]);
}

#[test]
fn what_is_no_name_is_refused() {
    for text in ["", "-a", "a-", "A", "a/b", &"a".repeat(64)] {
        assert!(namespace(text).is_err(), "{text}");
    }
    assert!(namespace("kube-system").is_ok() && name_rule("a -> b").is_ok() && path("/etc/kube").is_ok());
    for text in ["a", "-> b", "a ->"] {
        assert!(name_rule(text).is_err(), "{text}");
    }
    assert!(path("kube").is_err() && context("a\nb").is_err());
}

#[test]
fn clusters_come_from_a_cloud_or_from_a_kubeconfig() {
    let config = Config::read(&values(&[("clusters_of", &["aws"]), ("regions", &["eu-west-1"])])).unwrap();
    assert!(config.cloud.is_some() && config.contexts == Contexts::Usual);
    let told = values(&[("clusters_of", &["aws"]), ("contexts", &["a"]), ("names", &["a -> b"])]);
    let problems = Config::read(&told).unwrap_err();
    let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["contexts", "names"]);
    let names: std::collections::BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
    assert_eq!(names.len(), FIELDS.len(), "a name stands once");
}

#[test]
fn clusters_are_followed_but_those_of_a_cloud_where_nobody_says_otherwise() {
    let follows = |told: &[(&str, &[&str])]| Config::read(&values(told)).unwrap().follow;
    assert!(follows(&[]) && follows(&[("contexts", &["*"])]));
    assert!(!follows(&[("follow", &["false"])]));
    let of_cloud: (&str, &[&str]) = ("clusters_of", &["aws"]);
    assert!(!follows(&[of_cloud]) && follows(&[of_cloud, ("follow", &["true"])]));
    let every = |told| Config::read(&values(told)).unwrap().follow_at_most_every.as_secs();
    assert_eq!((every(&[]), every(&[("follow_at_most_every", &["300"])])), (30, 300));
}
