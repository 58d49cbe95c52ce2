//! Falco's alerts in our words. Refuses what Falco says of itself, and alerts of plugins that watch neither machines
//! nor clusters.

use domain::runtime::RuntimeEvent;
use domain::scan::Tool;
use domain::severity::Severity;

use super::wire::Alert;
use super::{evidence, place};
use crate::events::{Events, bare, techniques};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, severity as words, time};

/// Alerts as they are read.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    events: Events,
    entries: usize,
    pub(crate) warnings: Warnings,
}

impl Alerts {
    /// Takes an alert in.
    pub(crate) fn push(&mut self, alert: &Alert<'_>, at: &str) {
        let source = &*alert.source;
        if source == "internal" || alert.rule.starts_with("Falco internal") {
            self.warnings.push(at, "what Falco says of itself is no alert and was passed over");
            return;
        }
        self.entries += 1;
        if !source.is_empty() && source != "syscall" && !source.starts_with("k8s_audit") {
            let source = bounded(source, "source", &mut self.warnings);
            let message = format!(
                "an alert from {source} was set aside: it is about no container, and Plimsoll has no place for it yet"
            );
            self.warnings.skip(at, message);
            return;
        }
        if alert.rule.is_empty() {
            self.warnings.skip(at, "an alert without a rule was skipped");
            return;
        }
        let event = event(alert, &mut self.warnings);
        if let Some(path) = alert.field(&["proc.exepath"]).filter(|_| !event.foreign) {
            self.events.executed(&event, &path);
        }
        self.events.push(event);
    }

    /// Takes an event in that was read by other means.
    pub(crate) fn push_event(&mut self, event: RuntimeEvent) {
        self.entries += 1;
        self.events.push(event);
    }

    /// Counts a line that is no alert.
    pub(crate) fn pass_over(&mut self, at: String) {
        self.warnings.push(at, "a line that is no alert was passed over");
    }

    /// What the document says.
    pub(crate) fn build(self, version: Option<String>) -> Parsed {
        Parsed {
            tool: Some(Tool { version, ..tool() }),
            entries: self.entries,
            listed_components: 0,
            observations: self.events.build(),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

/// Falco.
pub(crate) fn tool() -> Tool {
    Tool { name: "falco".to_owned(), version: None }
}

/// The severity of a priority.
pub(crate) fn severity(priority: &str) -> Severity {
    words::from_word(priority)
}

fn event(alert: &Alert<'_>, warnings: &mut Warnings) -> RuntimeEvent {
    let at = time::parse(&alert.time);
    RuntimeEvent {
        id: alert.uuid.filled().map(|id| bounded(id, "uuid", warnings)),
        severity: severity(&alert.priority),
        severity_word: bounded(&alert.priority, "priority", warnings),
        title: evidence::title(alert),
        first_seen: at,
        last_seen: at,
        container: place::container(alert, warnings),
        place: place::of(alert, warnings),
        evidence: evidence::of(alert),
        techniques: techniques(alert.tags.iter().map(|tag| &**tag)),
        foreign: is_foreign(alert),
        ..bare(tool(), bounded(&alert.rule, "rule", warnings))
    }
}

/// Whether the program was written after the container began, or lies in memory.
fn is_foreign(alert: &Alert<'_>) -> bool {
    alert.output_fields.iter().any(|(name, value)| {
        ["proc.is_exe_upper_layer", "proc.is_exe_from_memfd"].contains(&&**name)
            && value.as_bool().unwrap_or(value == "true")
    })
}
