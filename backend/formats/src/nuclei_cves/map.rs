//! Templates as records of their vulnerabilities. A template sends what an attacker would: it counts as an exploit in
//! public. Refuses templates without a CVE id.

use super::wire::Template;
use crate::exploits::Catalogue;
use crate::untrusted::prose;
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// Where the templates are.
const HOME: &str = "https://github.com/projectdiscovery/nuclei-templates/blob/main/";

/// All templates as one feed.
pub(super) fn templates(templates: &[Template<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut catalogue = Catalogue::default();
    for (number, template) in templates.iter().enumerate() {
        let Some(id) = Catalogue::id(&template.id) else {
            warnings.push(format!("[{number}]"), "a template without a CVE id was left out");
            continue;
        };
        catalogue.exploit(id.clone(), None, link(&template.file_path));
        let record = catalogue.record(id);
        record.title = template.info.name.filled().map(prose);
        record.description = template.info.description.filled().map(prose);
        record.severity = severity::from_word(&template.info.severity);
    }
    Parsed {
        observations: catalogue.build("nuclei"),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

/// The page of a template, where its path is a plain one.
fn link(path: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    let known = path.len() <= 256 && path.ends_with(".yaml") && path.bytes().all(plain);
    (known && !path.contains("..")).then(|| format!("{HOME}{path}"))
}
