//! Which tags and repositories a rule of a project speaks of, by Harbor's patterns. Refuses a pattern with more
//! alternatives than people write.

use super::wire::{Rule, Scopes, Selector};

/// Alternatives of a pattern that are tried.
const ALTERNATIVES: usize = 1000;

/// Those of some rules that speak of a repository, by its name below the project.
pub(super) fn about<'r>(rules: &'r [Rule], repository: &'r str) -> impl Iterator<Item = &'r Rule> {
    rules.iter().filter(move |rule| !rule.disabled && has(&rule.scope_selectors, repository))
}

/// Whether tags of a repository cannot be moved: only if that holds for all of them.
pub(super) fn immutable(rules: &[Rule], repository: &str) -> bool {
    about(rules, repository).any(|rule| rule.tag_selectors.iter().all(is_every))
}

/// The tags that rules speak of, in words: `1.*`, `all but test-*`.
pub(super) fn tags(rule: &Rule) -> String {
    let words = rule.tag_selectors.iter().map(|selector| {
        let but = if is_excluding(selector) { "all but " } else { "" };
        format!("{but}{}", selector.pattern)
    });
    words.collect::<Vec<_>>().join(", ")
}

fn has(scopes: &Scopes, repository: &str) -> bool {
    scopes.repository.iter().all(|selector| fits(&selector.pattern, repository) != is_excluding(selector))
}

fn is_every(selector: &Selector) -> bool {
    !is_excluding(selector) && alternatives(&selector.pattern).iter().any(|one| one == "**" || one == "*")
}

fn is_excluding(selector: &Selector) -> bool {
    selector.decoration.to_ascii_lowercase().ends_with("excludes")
}

/// Whether a pattern such as `**`, `web-*` or `{web,api}` meets a name.
fn fits(pattern: &str, name: &str) -> bool {
    alternatives(pattern).iter().any(|one| meets(one.as_bytes(), name.as_bytes()))
}

/// A pattern without braces for each choice that its braces leave.
fn alternatives(pattern: &str) -> Vec<String> {
    let (mut open, mut found) = (vec![pattern.to_owned()], Vec::new());
    while let Some(one) = open.pop() {
        let braces = one
            .split_once('{')
            .and_then(|(before, rest)| rest.split_once('}').map(|(inside, after)| (before, inside, after)));
        match braces {
            Some((before, inside, after)) => {
                open.extend(inside.split(',').map(|word| format!("{before}{word}{after}")));
            }
            None => found.push(one),
        }
        if open.len() + found.len() > ALTERNATIVES {
            break;
        }
    }
    found
}

/// One pattern without braces: `*` stops at a slash, `**` does not.
fn meets(mut pattern: &[u8], name: &[u8]) -> bool {
    // How far into the name the pattern reaches so far: several ways may be open.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    while let Some((first, rest)) = pattern.split_first() {
        if *first == b'*' {
            let deep = rest.first() == Some(&b'*');
            pattern = if deep { &rest[1..] } else { rest };
            for (at, byte) in name.iter().enumerate() {
                reached[at + 1] |= reached[at] && (deep || *byte != b'/');
            }
        } else {
            pattern = rest;
            let fits = |byte: u8| byte == *first || (*first == b'?' && byte != b'/');
            for at in (0..name.len()).rev() {
                reached[at + 1] = reached[at] && fits(name[at]);
            }
            reached[0] = false;
        }
    }
    reached[name.len()]
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_meet_names_as_harbor_says() {
        for (pattern, name, meets) in [
            ("**", "team/api", true),
            ("*", "api", true),
            ("*", "team/api", false),
            ("web-*", "web-1", true),
            ("web-*", "web", false),
            ("{web,api}", "api", true),
            ("{web,api}-{a,b?}", "web-bx", true),
            ("{web,api}", "worker", false),
            ("team/**/api", "team/a/b/api", true),
            ("1.?", "1.0", true),
            ("", "api", false),
            ("{", "api", false),
        ] {
            assert_eq!(fits(pattern, name), meets, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_without_end_ends() {
        let pattern = "{a,b}".repeat(64);
        assert!(!fits(&pattern, "c"));
        assert!(!fits(&"*a".repeat(10_000), &"a".repeat(255)));
    }
}
