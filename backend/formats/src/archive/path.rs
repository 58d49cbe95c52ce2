//! Paths of files in archives, as names for people. Refuses paths that would lead out of a folder, were they followed:
//! whoever writes such a path means harm.

/// The longest path taken, in bytes.
const LONGEST: usize = 1024;

/// A relative path with `/` between its parts and without `.`.
pub(super) fn checked(raw: &[u8]) -> Result<String, &'static str> {
    if raw.len() > LONGEST {
        return Err("its path is too long; it was left out");
    }
    let text = String::from_utf8_lossy(raw).replace('\\', "/");
    if text.chars().any(char::is_control) {
        return Err("its path has control characters; it was left out");
    }
    if text.starts_with('/') || is_drive(&text) {
        return Err("its path is absolute; it was left out");
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return Err("its path leads out of the archive; it was left out");
    }
    if parts.is_empty() {
        return Err("it has no path; it was left out");
    }
    Ok(parts.join("/"))
}

/// Whether it is a file that an operating system keeps for itself, as in a directory.
pub(super) fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

/// What an archive is that holds such a file, where it is no archive of reports.
pub(super) fn tells(path: &str) -> Option<&'static str> {
    match path {
        "[Content_Types].xml" => Some("an office document"),
        "META-INF/MANIFEST.MF" => Some("a Java archive"),
        _ if path.starts_with("blobs/sha256/") || path.ends_with("/layer.tar") => Some("a container image"),
        _ => None,
    }
}

fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}
