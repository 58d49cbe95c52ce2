//! The words of stored states: parts of the hazard, reach, gap, criticality. One table each, the same on every page. Refuses
//! codes: what a page says is what a person would.

use domain::workload::{ContainerSecurity, Isolation};
use store::images::RepositorySettings;

/// A part of the hazard: its name, its colour role, and whether it stands for what nobody knows.
pub(crate) fn hazard(part: &str) -> (&'static str, &'static str, bool) {
    match part {
        "known" => ("Known vulnerabilities", "accent", false),
        "config" => ("Configuration and secrets", "slate", false),
        "kernel" | "shared_kernel" => ("Shared kernel", "sand", false),
        "runtime" => ("Runtime evidence", "bad", false),
        "gap" => ("Unseen", "unknown", true),
        _ => ("Other", "low", false),
    }
}

/// From where something can be reached.
pub(crate) fn reach(word: &str) -> &'static str {
    match word {
        "internet" => "internet",
        "restricted" => "allow-list",
        "internal" => "inside the cluster",
        "isolated" => "isolated",
        _ => "not known",
    }
}

/// The tone of a reach.
pub(crate) fn reach_tone(word: &str) -> &'static str {
    match word {
        "internet" => "bad",
        "restricted" => "warn",
        "internal" => "",
        "isolated" => "good",
        _ => "unknown",
    }
}

/// A stage of the gap: its words, tone and meaning.
pub(crate) fn gap(word: &str) -> (&'static str, &'static str, &'static str) {
    match word {
        "in-order" => ("in order", "good", "Known, scanned, current, sanctioned, nothing overdue"),
        "overdue" => ("overdue", "bad", "A finding with a fix is past its deadline"),
        "unsanctioned" => ("unsanctioned", "warn", "Its image is not from an approved place"),
        "stale" => ("stale scan", "warn", "Scanned too long ago"),
        "unassessed" => ("not scanned", "unknown", "Its image was never scanned"),
        "not_running" => ("not running", "", "No container of it runs now"),
        _ => ("unknown", "unknown", "Its image is not in the inventory, or nobody owns it"),
    }
}

/// How what runs differs from what its registry holds, with tone and meaning; nothing where it does not.
pub(crate) fn drift(word: &str) -> Option<(&'static str, &'static str, &'static str)> {
    match word {
        "mixed" => Some(("several digests", "warn", "Its copies run different images under one tag")),
        "moved" => {
            Some(("tag has moved", "warn", "The tag leads to another image now: a restart may run that one"))
        }
        "unlisted" => Some((
            "not in its registry",
            "warn",
            "Its repository does not list the digest that runs: it may be gone",
        )),
        _ => None,
    }
}

/// How much depends on it.
pub(crate) fn criticality(word: Option<&str>) -> (&'static str, &'static str) {
    match word {
        Some("critical") => ("business critical", "accent"),
        Some("standard") => ("standard", ""),
        Some("low") => ("not production", ""),
        _ => ("not stated, taken as standard", "unknown"),
    }
}

/// What a pod shares with its node, one phrase each.
pub(crate) fn isolation(isolation: &Isolation) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |holds: bool, phrase: &str| {
        if holds {
            words.push(phrase.to_owned());
        }
    };
    add(isolation.host_network, "shares the node's network");
    add(isolation.host_pid, "sees the node's processes");
    add(isolation.host_ipc, "shares the node's inter-process communication");
    add(isolation.user_namespace, "has its own user namespace");
    if let Some(class) = &isolation.runtime_class {
        words.push(format!("runs under {class}"));
    }
    match (&isolation.service_account, isolation.token_mounted) {
        (Some(account), Some(false)) => words.push(format!("service account {account}, token not mounted")),
        (Some(account), _) => words.push(format!("service account {account}, token mounted")),
        (None, Some(false)) => words.push("no service account token".to_owned()),
        (None, _) => {}
    }
    words
}

/// What a container may do: phrase, and whether it weakens isolation.
pub(crate) fn privileges(security: &ContainerSecurity) -> Vec<(String, bool)> {
    let mut words: Vec<(String, bool)> = Vec::new();
    let mut add = |holds: bool, phrase: &str, weak: bool| {
        if holds {
            words.push((phrase.to_owned(), weak));
        }
    };
    add(security.privileged, "privileged", true);
    add(security.run_as_user == Some(0), "runs as root", true);
    add(security.run_as_non_root == Some(true), "must not run as root", false);
    add(security.allow_privilege_escalation == Some(true), "may gain privileges", true);
    add(security.allow_privilege_escalation == Some(false), "cannot gain privileges", false);
    add(security.read_only_root == Some(true), "read-only root", false);
    for (list, head, weak) in
        [(&security.capabilities_added, "adds", true), (&security.capabilities_dropped, "drops", false)]
    {
        if !list.is_empty() {
            words.push((format!("{head} {}", list.join(", ")), weak));
        }
    }
    match security.seccomp.as_deref() {
        Some("Unconfined") => words.push(("no seccomp profile".to_owned(), true)),
        Some(profile) => words.push((format!("seccomp {profile}"), false)),
        None => {}
    }
    if !security.host_paths.is_empty() {
        words.push((format!("writes to the node's {}", security.host_paths.join(", ")), true));
    }
    if !security.secret_variables.is_empty() {
        words.push((format!("secrets in its variables {}", security.secret_variables.join(", ")), true));
    }
    if !security.host_ports.is_empty() {
        let ports: Vec<String> = security.host_ports.iter().map(ToString::to_string).collect();
        words.push((format!("opens node port {}", ports.join(", ")), true));
    }
    match security.log_driver.as_deref() {
        Some("none") => words.push(("its logs are taken nowhere".to_owned(), true)),
        Some(driver) => words.push((format!("logs to {driver}"), false)),
        None => {}
    }
    words
}

/// How a repository is set up: phrase, and whether it weakens trust in what is pulled from it. What was not
/// told is left out.
pub(crate) fn repository(settings: &RepositorySettings) -> Vec<(String, bool)> {
    let mut words: Vec<(String, bool)> = Vec::new();
    let mut tell = |told: Option<bool>, yes: (&str, bool), no: (&str, bool)| {
        if let Some(told) = told {
            let (phrase, weak) = if told { yes } else { no };
            words.push((phrase.to_owned(), weak));
        }
    };
    tell(settings.public, ("anyone may pull", true), ("pulled after signing in", false));
    tell(settings.tags_immutable, ("tags stay where they are", false), ("tags can be moved", true));
    tell(settings.scan_on_push, ("scanned when pushed", false), ("not scanned when pushed", true));
    if let Some(scanning) = &settings.scanning {
        words.push((format!("scanning {scanning}"), false));
    }
    if let Some(encryption) = &settings.encryption {
        words.push((format!("encrypted with {encryption}"), false));
    }
    words
}

/// A VEX status in words.
pub(crate) fn vex(status: &str) -> &'static str {
    match status {
        "not_affected" => "not affected",
        "affected" => "affected",
        "fixed" => "fixed",
        _ => "under investigation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_tells_what_it_was_told() {
        assert!(repository(&RepositorySettings::default()).is_empty());
        let settings = RepositorySettings {
            public: Some(false),
            tags_immutable: Some(false),
            encryption: Some("KMS".to_owned()),
            scan_on_push: Some(true),
            scanning: Some("BASIC, SCAN_ON_PUSH".to_owned()),
        };
        let told: Vec<_> =
            repository(&settings).into_iter().map(|(phrase, weak)| format!("{phrase} {weak}")).collect();
        assert_eq!(
            told,
            [
                "pulled after signing in false",
                "tags can be moved true",
                "scanned when pushed false",
                "scanning BASIC, SCAN_ON_PUSH false",
                "encrypted with KMS false"
            ]
        );
    }

    #[test]
    fn privileges_tell_what_weakens() {
        let security = ContainerSecurity {
            privileged: true,
            read_only_root: Some(true),
            capabilities_added: vec!["SYS_ADMIN".to_owned()],
            host_ports: vec![8080],
            secret_variables: vec!["DB_PASSWORD".to_owned()],
            log_driver: Some("none".to_owned()),
            ..ContainerSecurity::default()
        };
        let told: Vec<_> =
            privileges(&security).into_iter().map(|(phrase, weak)| format!("{phrase} {weak}")).collect();
        assert_eq!(
            told,
            [
                "privileged true",
                "read-only root false",
                "adds SYS_ADMIN true",
                "secrets in its variables DB_PASSWORD true",
                "opens node port 8080 true",
                "its logs are taken nowhere true"
            ]
        );
        let kept =
            ContainerSecurity { log_driver: Some("awslogs".to_owned()), ..ContainerSecurity::default() };
        assert_eq!(privileges(&kept), [("logs to awslogs".to_owned(), false)]);
        assert!(privileges(&ContainerSecurity::default()).is_empty());
    }
}
