//! What a registry asks for before it opens, as its `WWW-Authenticate` says it (RFC 9110, section 11.6.1). Refuses
//! schemes that are neither `Basic` nor `Bearer`, and a `Bearer` that does not say where tokens are had.

/// A way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A name and a password with every call.
    Basic,
    /// A token, for one scope at a time.
    Bearer {
        /// Where tokens are had.
        realm: String,
        /// For whom they are.
        service: Option<String>,
        /// Whether a token was brought and reaches too little.
        insufficient: bool,
    },
}

impl Challenge {
    /// The first way in of a header that is known here; tokens before passwords.
    pub(crate) fn read(header: &str) -> Option<Self> {
        let offered: Vec<Self> =
            split(header).into_iter().filter_map(|(scheme, told)| of(&scheme, &told)).collect();
        let token = offered.iter().find(|one| matches!(one, Self::Bearer { .. }));
        token.or(offered.first()).cloned()
    }
}

fn of(scheme: &str, told: &[(String, String)]) -> Option<Challenge> {
    let value = |name: &str| told.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    match scheme {
        "basic" => Some(Challenge::Basic),
        "bearer" => Some(Challenge::Bearer {
            realm: value("realm").filter(|realm| !realm.is_empty())?,
            service: value("service"),
            insufficient: value("error").is_some_and(|error| error == "insufficient_scope"),
        }),
        _ => None,
    }
}

/// Schemes, in lower case, each with its parameters. A word that no `=` follows begins another scheme.
fn split(header: &str) -> Vec<(String, Vec<(String, String)>)> {
    let (mut schemes, mut rest) = (Vec::<(String, Vec<(String, String)>)>::new(), header);
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        if end == 0 {
            return schemes;
        }
        let (word, after) = rest.split_at(end);
        let word = word.to_ascii_lowercase();
        match after.trim_start().strip_prefix('=') {
            Some(after) => {
                let (value, after) = quoted(after.trim_start());
                if let Some((_, told)) = schemes.last_mut() {
                    told.push((word, value));
                }
                rest = after;
            }
            None => {
                schemes.push((word, Vec::new()));
                rest = after;
            }
        }
    }
}

/// A value, in quotes or not, and what follows it.
fn quoted(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (at, letter) in inner.char_indices() {
        match letter {
            '"' if !escaped => return (value, &inner[at + 1..]),
            '\\' if !escaped => escaped = true,
            _ => {
                value.push(letter);
                escaped = false;
            }
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    fn bearer(realm: &str, service: Option<&str>, insufficient: bool) -> Option<Challenge> {
        Some(Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned), insufficient })
    }

    #[test]
    fn what_registries_say() {
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull""#;
        assert_eq!(
            Challenge::read(hub),
            bearer("https://auth.docker.io/token", Some("registry.docker.io"), false)
        );
        let short = r#"Bearer realm="https://a/t", error="insufficient_scope""#;
        assert_eq!(Challenge::read(short), bearer("https://a/t", None, true));
        assert_eq!(
            Challenge::read(r#"Basic realm="Registry, \"ours\"", Bearer realm=https://a/t"#),
            bearer("https://a/t", None, false)
        );
        assert_eq!(Challenge::read("BASIC"), Some(Challenge::Basic));
    }

    #[test]
    fn what_is_no_way_in() {
        for odd in [
            "",
            "Negotiate",
            "Bearer",
            r#"Bearer realm="""#,
            r#"Bearer realm="unclosed"#,
            "= , ==",
            "Digest a=b",
            "é=\"\\",
        ] {
            let read = Challenge::read(odd);
            assert!(read.is_none() || read == bearer("unclosed", None, false), "{odd}: {read:?}");
        }
    }
}
