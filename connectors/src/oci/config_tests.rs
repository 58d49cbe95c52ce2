//! What a source over a registry may be told. Refuses nothing that a registry allows.

use std::collections::BTreeMap;

use domain::source::Values;

use super::{Wanted, base, host_of, open, pattern, registry};

fn told(settings: &[(&str, &[&str])]) -> Values {
    let lines = |told: &[&str]| told.iter().map(|one| (*one).to_owned()).collect();
    settings.iter().map(|(name, values)| ((*name).to_owned(), lines(values))).collect()
}

#[test]
fn repositories_are_named_or_begin_so() {
    let wanted = |some: &[&str], not: &[&str]| {
        Wanted::read(&told(&[("repositories", some), ("leave_out_repositories", not)]))
    };
    let all = wanted(&[], &["shop/old", "tmp/*"]);
    assert!(all.takes("shop/api") && !all.takes("shop/old") && !all.takes("tmp/x") && all.named().is_none());
    let some = wanted(&["shop/*", "team/api"], &[]);
    assert!(
        some.takes("shop/web") && some.takes("team/api") && !some.takes("team/web") && some.named().is_none()
    );
    let named = wanted(&["team/api", "team/web"], &["team/web"]);
    assert_eq!(named.named(), Some(vec!["team/api".to_owned()]));
    assert_eq!(named.exact().collect::<Vec<_>>(), ["team/api"]);
    assert_eq!(some.exact().collect::<Vec<_>>(), ["team/api"]);
    assert_eq!(some.owners(), Some(vec!["shop".to_owned(), "team".to_owned()]));
    assert_eq!((all.owners(), wanted(&["team/api", "sh*"], &[]).owners()), (None, None));
}

#[test]
fn owners_are_told_and_entered_where_something_of_theirs_is_wanted() {
    let wanted = |some: &[&str], not: &[&str]| {
        Wanted::read(&told(&[("repositories", some), ("leave_out_repositories", not)]))
    };
    assert_eq!(wanted(&["shop/web", "team/*", "shop/api"], &[]).owners().unwrap(), ["shop", "team"]);
    assert_eq!(wanted(&["shop*"], &[]).owners(), None);
    assert_eq!(wanted(&[], &["shop/*"]).owners(), None);
    let left = wanted(&[], &["closed/*", "shop/old", "tmp*"]);
    assert!(
        left.enters("shop") && !left.enters("closed") && !left.enters("tmp-2") && left.enters("closed-2")
    );
    let some = wanted(&["shop/web", "te*"], &[]);
    assert!(some.enters("shop") && some.enters("team") && !some.enters("sho") && !some.enters("library"));
}

#[test]
fn names_and_addresses_are_checked() {
    for right in
        ["registry.example.com", "registry.example.com:5000", "http://127.0.0.1:5000", "https://a.b/prefix"]
    {
        assert_eq!(registry(right), Ok(()), "{right}");
    }
    for odd in ["", "https://", "user@host", "a b", "ftp://host", "https://host?x"] {
        assert!(registry(odd).is_err(), "{odd}");
    }
    for right in ["team/api", "team/*", "*", "a.b_c-d/e"] {
        assert_eq!(pattern(right), Ok(()), "{right}");
    }
    for odd in ["", "Team/api", "a//b", "/a", "a/../b", "te*am", "a b"] {
        assert!(pattern(odd).is_err(), "{odd}");
    }
}

#[test]
fn a_registry_is_called_by_its_host() {
    let called = |text: &str| host_of(&base(&told(&[("registry", &[text])]), "registry", "").unwrap());
    assert_eq!(called("registry.example.com:5000"), "registry.example.com:5000");
    assert_eq!(called("https://registry.example.com/"), "registry.example.com");
    assert_eq!(called("http://127.0.0.1:5000"), "127.0.0.1:5000");
}

#[test]
fn a_password_needs_a_name_and_authorities_a_file() {
    let refused = |settings: &[(&str, &[&str])]| {
        let opened = open(&told(settings), "a.b", "https://a.b".parse().unwrap(), &[]);
        let problems = opened.err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.field, problem.message)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(refused(&[("user", &["u"])])["password"], "is needed with a user");
    assert_eq!(refused(&[("password", &["p"])])["user"], "is needed with a password");
    assert!(refused(&[("authorities", &["/nowhere/ca.pem"])])["authorities"].contains("cannot be read"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, "no certificate").unwrap();
    let path = file.to_str().unwrap();
    assert!(refused(&[("authorities", &[path])])["authorities"].contains("holds no certificates"));
    assert!(refused(&[]).is_empty());
}
