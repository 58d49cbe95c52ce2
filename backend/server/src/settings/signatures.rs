//! Whose signatures count, out of the settings: keys, authorities and logs in files or in place, and identities. Refuses
//! to stop at the first that cannot be read.

use policy::trust::{Given, Trust};

/// What a PEM text in place begins with.
const PEM: &str = "-----BEGIN ";
/// The largest file that can hold keys or certificates, in bytes.
const LARGEST: u64 = 256 << 10;

/// Reads what is told under each key, or says all that is wrong with it.
pub(super) fn read(told: impl Fn(&str) -> Vec<String>) -> Result<Trust, Vec<String>> {
    let mut problems = Vec::new();
    let mut texts = |key: &str| -> Vec<(String, String)> {
        let listed = told(key);
        let read = listed.iter().zip(1..).filter_map(|(item, place)| text(key, item, place, &mut problems));
        read.collect()
    };
    let given = Given {
        keys: texts("signatures.keys"),
        roots: texts("signatures.roots"),
        logs: texts("signatures.logs"),
        identities: told("signatures.identities"),
    };
    match Trust::new(&given) {
        Ok(trust) if problems.is_empty() => Ok(trust),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more.into_iter().map(|problem| format!("`signatures`: {problem}")));
            Err(problems)
        }
    }
}

/// A text with what people call it: its place in the list, or the name of its file.
fn text(key: &str, item: &str, place: usize, problems: &mut Vec<String>) -> Option<(String, String)> {
    if item.trim_start().starts_with(PEM) {
        return Some((format!("number {place}"), item.to_owned()));
    }
    let file = std::path::Path::new(item);
    let read = match file.metadata() {
        Ok(about) if about.len() > LARGEST => Err(format!("has more than {LARGEST} bytes")),
        Ok(_) => std::fs::read_to_string(file).map_err(|error| format!("cannot be read: {error}")),
        Err(error) => Err(format!("cannot be read: {error}")),
    };
    let name = file.file_name().map_or_else(|| item.to_owned(), |name| name.to_string_lossy().into_owned());
    match read {
        Ok(text) => Some((name, text)),
        Err(why) => {
            problems.push(format!("`{key}` names `{item}`, which {why}"));
            None
        }
    }
}
