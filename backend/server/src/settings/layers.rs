//! Lays the sources of settings over one another and checks the result. Refuses to stop at the first
//! problem: all are collected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use config::{Config, File, FileFormat, Value, ValueKind};
use pipeline::sync::{SyncSettings, Vault};
use secrecy::SecretString;

use super::definition::{DEFINITIONS, Definition, Show, without_password};
use super::sources::{self, FileSource};
use super::{LogFormat, RuntimeSettings, Settings, signatures};

/// The embedded defaults.
const DEFAULTS: &str = include_str!("../../../../config/default.toml");
/// What variables begin with.
const PREFIX: &str = "PLIMSOLL_";
/// Variables with the prefix that are not settings.
const NOT_SETTINGS: [&str; 3] = ["PLIMSOLL_CONFIG", "PLIMSOLL_CORPUS", "PLIMSOLL_PUSH_TOKEN"];

/// Where settings come from besides the defaults.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// A settings file.
    pub(crate) file: Option<PathBuf>,
    /// The environment.
    pub(crate) variables: BTreeMap<String, String>,
    /// Flags as `section.key` and value.
    pub(crate) flags: Vec<(&'static str, String)>,
}

/// One thing wrong with the settings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

type Layered = BTreeMap<String, (Value, String)>;

/// The settings, or everything that is wrong with them.
pub(crate) fn load(sources: &Sources) -> Result<Settings, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut layered = Layered::new();
    match toml_layer(File::from_str(DEFAULTS, FileFormat::Toml)) {
        Ok(values) => overlay(&mut layered, values, "default"),
        Err(message) => problems.push(Problem(format!("embedded defaults: {message}"))),
    }
    if let Some(path) = &sources.file {
        match read_file(path) {
            Ok(values) => overlay(&mut layered, values, &path.display().to_string()),
            Err(message) => problems.push(Problem(format!("settings file {}: {message}", path.display()))),
        }
    }
    for (name, value) in variable_layer(&sources.variables) {
        let origin = format!("{PREFIX}{}", name.replace('.', "_").to_uppercase());
        overlay(&mut layered, BTreeMap::from([(name, Value::from(value))]), &origin);
    }
    for (key, value) in &sources.flags {
        overlay(
            &mut layered,
            BTreeMap::from([((*key).to_owned(), Value::from(value.clone()))]),
            "command line",
        );
    }
    let sources = take_sources(&mut layered, &mut problems);
    check_names(&layered, &mut problems);
    check_values(&layered, &mut problems);
    if problems.is_empty() { build(&layered, sources) } else { Err(problems) }
}

/// The sources of the file, which are no setting of their own.
fn take_sources(layered: &mut Layered, problems: &mut Vec<Problem>) -> Vec<FileSource> {
    let Some((value, origin)) = layered.remove("sources") else { return Vec::new() };
    let mut found = Vec::new();
    let sources = sources::read(&value, connectors::CONNECTORS, &mut found);
    problems.extend(found.into_iter().map(|problem| Problem(format!("{problem} ({origin})"))));
    sources
}

fn read_file(path: &Path) -> Result<BTreeMap<String, Value>, String> {
    if !path.is_file() {
        return Err("there is no such file".to_owned());
    }
    toml_layer(File::from(path).format(FileFormat::Toml))
}

fn toml_layer<T>(source: T) -> Result<BTreeMap<String, Value>, String>
where
    T: config::Source + Send + Sync + 'static,
{
    let built = Config::builder().add_source(source).build().map_err(|error| error.to_string())?;
    let mut flat = BTreeMap::new();
    for (section, value) in built.cache.into_table().map_err(|error| error.to_string())? {
        match value.kind {
            ValueKind::Table(table) => {
                flat.extend(table.into_iter().map(|(key, value)| (format!("{section}.{key}"), value)));
            }
            _ => {
                flat.insert(section, value);
            }
        }
    }
    Ok(flat)
}

/// `PLIMSOLL_DATABASE_URL` is `database.url`: the first word is the section.
fn variable_layer(variables: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    variables
        .iter()
        .filter(|(name, _)| !NOT_SETTINGS.contains(&name.as_str()) && !name.starts_with("PLIMSOLL_TEST_"))
        .filter_map(|(name, value)| name.strip_prefix(PREFIX).map(|rest| (rest, value)))
        .map(|(rest, value)| (rest.to_lowercase().replacen('_', ".", 1), value.clone()))
        .collect()
}

fn overlay(layered: &mut Layered, values: BTreeMap<String, Value>, origin: &str) {
    for (key, value) in values {
        layered.insert(key, (value, origin.to_owned()));
    }
}

fn check_names(layered: &Layered, problems: &mut Vec<Problem>) {
    for (key, (_, origin)) in layered {
        if !DEFINITIONS.iter().any(|definition| definition.key == key) {
            problems.push(Problem(format!(
                "`{key}` ({origin}) is not a setting: `plimsoll check --show` lists the names"
            )));
        }
    }
}

fn check_values(layered: &Layered, problems: &mut Vec<Problem>) {
    for definition in DEFINITIONS {
        let Some((value, origin)) = layered.get(definition.key) else { continue };
        let shown = |text: &str| match definition.show {
            Show::Address => without_password(text),
            Show::Secret => "***".to_owned(),
            _ => text.to_owned(),
        };
        let texts = match (definition.show, texts(value)) {
            (Show::List, Some(texts)) => texts,
            (_, Some(texts)) if texts.len() == 1 => texts,
            _ => {
                problems.push(Problem(format!("`{}` ({origin}) must be a single value", definition.key)));
                continue;
            }
        };
        for text in texts {
            if let Err(expected) = (definition.check)(&text) {
                problems.push(Problem(format!(
                    "`{}` is `{}` ({origin}): {expected}",
                    definition.key,
                    shown(&text)
                )));
            }
        }
    }
}

/// The value as texts: a list's items, a comma-separated text's parts, or the one value.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    match &value.kind {
        ValueKind::Array(items) => items.iter().map(|item| item.clone().into_string().ok()).collect(),
        ValueKind::Table(_) => None,
        _ => value.clone().into_string().ok().map(|text| vec![text]),
    }
}

fn list(value: &Value) -> Vec<String> {
    texts(value)
        .unwrap_or_default()
        .iter()
        .flat_map(|text| text.split(','))
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Builds from values that [`check_values`] has passed; what still fails is a gap in the definitions.
fn build(layered: &Layered, sources: Vec<FileSource>) -> Result<Settings, Vec<Problem>> {
    let text = |key: &str| {
        layered.get(key).and_then(|(value, _)| value.clone().into_string().ok()).unwrap_or_default()
    };
    let number = |key: &str| text(key).parse::<u64>().unwrap_or_default();
    let small = |key: &str| u32::try_from(number(key)).unwrap_or(u32::MAX);
    let listen =
        text("server.listen").parse().map_err(|_| vec![Problem("`server.listen` is missing".into())])?;
    Ok(Settings {
        listen,
        max_upload_bytes: number("server.max_upload_bytes"),
        database_url: SecretString::from(text("database.url")),
        database_connections: small("database.connections"),
        max_document_bytes: number("ingest.max_document_bytes"),
        stale_after_days: small("exposure.stale_after_days"),
        sanctioned_registries: layered
            .get("exposure.sanctioned_registries")
            .map(|(value, _)| list(value))
            .unwrap_or_default(),
        deadlines: text("exposure.deadlines"),
        rejudge_minutes: small("exposure.rejudge_minutes"),
        trust: trust(layered)?,
        runtime: runtime(layered, &number),
        sync: SyncSettings {
            workers: usize::try_from(number("sync.workers")).unwrap_or(1),
            concurrency: usize::try_from(number("sync.concurrency")).unwrap_or(1),
            call_deadline: Duration::from_secs(number("sync.call_deadline_seconds")),
            scope_deadline: Duration::from_secs(60 * number("sync.scope_deadline_minutes")),
            suspect_percent: number("sync.suspect_percent"),
            jitter_percent: number("sync.jitter_percent"),
            max_document_bytes: number("ingest.max_document_bytes"),
            ..SyncSettings::default()
        },
        vault: vault(&text("sync.key"), &text("sync.key_file"))?,
        sources,
        log_format: if text("log.format") == "json" { LogFormat::Json } else { LogFormat::Text },
        log_level: text("log.level"),
        origins: DEFINITIONS.iter().filter_map(|definition| origin(layered, definition)).collect(),
    })
}

/// What is taken in and kept of runtime events.
fn runtime(layered: &Layered, number: &dyn Fn(&str) -> u64) -> RuntimeSettings {
    let small = |key: &str| u32::try_from(number(key)).unwrap_or(u32::MAX);
    RuntimeSettings {
        keep_days: small("runtime.keep_days"),
        remember_events: number("runtime.remember_events"),
        max_body_bytes: number("runtime.max_body_bytes"),
        max_waiting: number("runtime.max_waiting"),
        max_waiting_bytes: number("runtime.max_waiting_bytes"),
        silent_after_hours: small("runtime.silent_after_hours"),
        sensors: layered.get("runtime.sensors").map(|(value, _)| list(value)).unwrap_or_default(),
    }
}

/// Whose signatures count.
fn trust(layered: &Layered) -> Result<policy::trust::Trust, Vec<Problem>> {
    let told = |key: &str| layered.get(key).map(|(value, _)| list(value)).unwrap_or_default();
    signatures::read(told).map_err(|problems| problems.into_iter().map(Problem).collect())
}

/// The vault of the key, which a variable or a file holds.
fn vault(key: &str, file: &str) -> Result<Option<Arc<Vault>>, Vec<Problem>> {
    let told = |message: String| vec![Problem(message)];
    let key = match (key, file) {
        ("", "") => return Ok(None),
        ("", path) => std::fs::read_to_string(path)
            .map_err(|error| told(format!("`sync.key_file` is `{path}`, which cannot be read: {error}")))?,
        (key, _) => key.to_owned(),
    };
    Vault::new(&key)
        .map(|vault| Some(Arc::new(vault)))
        .map_err(|message| told(format!("`sync.key_file`: {message}")))
}

fn origin(layered: &Layered, definition: &Definition) -> Option<(&'static str, String, String)> {
    let (value, origin) = layered.get(definition.key)?;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let text = value.clone().into_string().unwrap_or_default();
    let shown = match definition.show {
        Show::Number => text,
        Show::Text => quoted(&text),
        Show::Address => quoted(&without_password(&text)),
        Show::Secret => quoted(if text.is_empty() { "" } else { "***" }),
        Show::List => {
            format!("[{}]", list(value).iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
        }
    };
    Some((definition.key, shown, origin.clone()))
}
