//! Names of environment variables that say of themselves that they hold a secret. Refuses to look at values.

/// Endings of the names of variables that hold a secret where they hold anything.
const SECRET_NAMES: [&str; 7] =
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "SECRET_KEY", "PRIVATE_KEY"];

/// A variable with a value that everybody can read who may describe it, for people; nothing where its name does
/// not say that it is a secret.
pub(crate) fn in_plain_text(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    SECRET_NAMES.iter().any(|ending| upper.ends_with(ending)).then(|| format!("{name} (in plain text)"))
}

#[cfg(test)]
mod tests {
    use super::in_plain_text;

    #[test]
    fn a_name_tells_its_purpose_by_its_end() {
        assert_eq!(in_plain_text("db_password").as_deref(), Some("db_password (in plain text)"));
        assert_eq!(in_plain_text("PASSWORD_FILE"), None);
    }
}
