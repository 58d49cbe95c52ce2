//! Takes uploads into the store part by part, from the form and from the API alike. What accompanies a
//! document is read here: a file name for people, an image, a cluster, a moment, the name of a mapping.
//!
//! Refuses to look into the bytes, to hold a whole document in memory, and to trust a file name.

use actix_multipart::{Field, Multipart};
use actix_web::web::Bytes;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use domain::document::Provenance;
use domain::mapping::ColumnMapping;
use domain::reference::ImageReference;
use domain::scope::Viewer;
use futures_util::{Stream, StreamExt};
use store::documents::{Received, Upload};
use store::mappings;

use crate::State;
use crate::error::Error;
use crate::filters;

/// The longest file name kept, in characters.
const LONGEST_NAME: usize = 200;
/// The longest text taken in a field that is not a file, in bytes.
const LONGEST_FIELD: usize = 4096;

/// What a sender may say about the documents beside their bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accompanying {
    /// The image they speak of.
    pub(crate) image: Option<ImageReference>,
    /// The cluster they speak of.
    pub(crate) cluster: Option<String>,
    /// The moment they speak for.
    pub(crate) as_of: Option<DateTime<Utc>>,
    /// The name of the saved mapping of their columns.
    pub(crate) mapping: Option<String>,
}

impl Accompanying {
    /// Reads one named field; an empty one says nothing. Returns whether the name is known.
    pub(crate) fn read(&mut self, name: &str, value: &str, now: DateTime<Utc>) -> Result<bool, Error> {
        let value = value.trim();
        match name {
            "image" | "cluster" | "as_of" | "mapping" if value.is_empty() => {}
            "image" => self.image = Some(image_reference(value)?),
            "cluster" => self.cluster = Some(cluster(value)?),
            "as_of" => self.as_of = Some(moment(value, now)?),
            "mapping" => self.mapping = Some(value.to_owned()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What their columns mean, if a mapping is named; one that was never saved is refused.
    pub(crate) async fn columns(
        &self,
        state: &State,
        viewer: &Viewer,
    ) -> Result<Option<ColumnMapping>, Error> {
        let Some(name) = &self.mapping else { return Ok(None) };
        match mappings::find(&state.store, viewer, name).await? {
            Some(saved) => Ok(Some(saved.mapping)),
            None => Err(Error::Invalid(format!(
                "No mapping is saved as `{}`; the page of a document with such columns saves one.",
                name.chars().take(60).collect::<String>()
            ))),
        }
    }

    /// With the name of one document, what the store keeps beside it.
    pub(crate) fn provenance(&self, name: &str, now: DateTime<Utc>) -> Provenance {
        Provenance {
            name: file_name(name),
            source: "upload".to_owned(),
            image: self.image.clone(),
            cluster: self.cluster.clone(),
            as_of: self.as_of.unwrap_or(now),
        }
    }
}

/// Takes one document in. A part that fails leaves nothing of it behind.
pub(crate) async fn take<S, E>(
    state: &State,
    provenance: &Provenance,
    mapping: Option<&ColumnMapping>,
    mut parts: S,
) -> Result<Received, Error>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let limit = state.settings.upload_limit as u64;
    let mut upload = Upload::begin(&state.store, provenance, state.now()).mapped(mapping);
    let refusal = loop {
        match parts.next().await {
            None => return Ok(upload.finish(state.now()).await?),
            Some(Err(_)) => break Error::Unreadable(format!("`{}` ended early and", provenance.name)),
            Some(Ok(part)) if upload.size() + part.len() as u64 > limit => {
                drain(&mut parts, limit).await;
                break Error::TooLarge(format!("{} a document", filters::size(limit as f64)));
            }
            Some(Ok(part)) => {
                if let Err(error) = upload.write(&part).await {
                    break error.into();
                }
            }
        }
    };
    upload.abandon().await?;
    Err(refusal)
}

/// Reads on without keeping, so that the sender gets to hear the answer; stops after as much again.
async fn drain<S, E>(parts: &mut S, mut patience: u64)
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    while let Some(Ok(part)) = parts.next().await {
        let Some(left) = patience.checked_sub(part.len() as u64) else { return };
        patience = left;
    }
}

/// The parts of a multipart body: texts are read whole, files are handed out to be taken.
pub(crate) enum Part {
    /// A text field.
    Text(String, String),
    /// A file with its name.
    File(String, Box<Field>),
}

/// The next part of a body, if there is one.
pub(crate) async fn next_part(body: &mut Multipart) -> Result<Option<Part>, Error> {
    let Some(field) = body.next().await else { return Ok(None) };
    let field = field.map_err(|_| Error::Unreadable("The form".to_owned()))?;
    let name = field.name().unwrap_or_default().to_owned();
    let file = field.content_disposition().and_then(|header| header.get_filename()).map(str::to_owned);
    match file {
        // Browsers write these three for what would end the header.
        Some(file) => {
            let file = file.replace("%22", "\"").replace("%0D", "").replace("%0A", "");
            Ok(Some(Part::File(file, Box::new(field))))
        }
        None => Ok(Some(Part::Text(name, text(field).await?))),
    }
}

async fn text(mut field: Field) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(part) = field.next().await {
        let part = part.map_err(|_| Error::Unreadable("The form".to_owned()))?;
        if bytes.len() + part.len() > LONGEST_FIELD {
            return Err(Error::TooLarge(format!("{LONGEST_FIELD} bytes a field")));
        }
        bytes.extend_from_slice(&part);
    }
    String::from_utf8(bytes).map_err(|_| Error::Unreadable("The form".to_owned()))
}

/// A file name for people: the last segment, without control and direction characters, not too long.
pub(crate) fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).find(|segment| !segment.trim().is_empty()).unwrap_or_default();
    let mut name: String = last.chars().filter(|letter| !is_invisible(*letter)).collect();
    name = name.trim().trim_start_matches("..").to_owned();
    if let Some((cut, _)) = name.char_indices().nth(LONGEST_NAME) {
        name.truncate(cut);
        name.push('…');
    }
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// Control characters and those that turn the direction of writing round or take no room.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The image reference somebody wrote.
pub(crate) fn image_reference(text: &str) -> Result<ImageReference, Error> {
    text.parse().map_err(|error: domain::reference::InvalidReference| Error::Invalid(format!("{error}.")))
}

fn cluster(text: &str) -> Result<String, Error> {
    if text.chars().count() > LONGEST_NAME || text.chars().any(is_invisible) {
        return Err(Error::Invalid(format!(
            "A cluster's name has at most {LONGEST_NAME} characters, none of them invisible."
        )));
    }
    Ok(text.to_owned())
}

/// A moment as the form or a program writes it. Without a zone it is UTC; it may not be yet to come.
fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    let local = |format| NaiveDateTime::parse_from_str(text, format).ok().map(|time| time.and_utc());
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|time| time.and_utc());
    let found = DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.with_timezone(&Utc))
        .or_else(|| local("%Y-%m-%dT%H:%M"))
        .or_else(|| local("%Y-%m-%dT%H:%M:%S"))
        .or_else(day);
    match found {
        Some(time) if time <= now + TimeDelta::days(1) => Ok(time),
        Some(_) => {
            Err(Error::Invalid(format!("`{text}` is yet to come; a document speaks for a moment that was.")))
        }
        None => Err(Error::Invalid(format!(
            "`{}` is not a moment. Write it as 2026-11-23T10:04:00Z or 2026-11-23.",
            text.chars().take(60).collect::<String>()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_for_people() {
        let long = "x".repeat(10_000);
        for (sent, expected) in [
            ("trivy.json", "trivy.json"),
            ("../../etc/passwd", "passwd"),
            ("C:\\scans\\api.json", "api.json"),
            ("/", "unnamed"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("a\r\nSet-Cookie: x.json", "aSet-Cookie: x.json"),
            ("gpj\u{202e}nosj.exe", "gpjnosj.exe"),
            ("<script>alert(1)<", "<script>alert(1)<"),
            ("naïve – 報告.json", "naïve – 報告.json"),
            (long.as_str(), format!("{}…", "x".repeat(200)).as_str()),
        ] {
            assert_eq!(file_name(sent), expected, "{sent:.40}");
        }
    }

    #[test]
    fn moments_are_read_and_bounded() {
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let read =
            |text: &str| moment(text, now).map(|time| time.to_rfc3339()).map_err(|error| error.to_string());
        assert_eq!(read("2026-11-22T09:30"), Ok("2026-11-22T09:30:00+00:00".to_owned()));
        assert_eq!(read("2026-11-22"), Ok("2026-11-22T00:00:00+00:00".to_owned()));
        assert_eq!(read("2026-11-22T10:00:00+01:00"), Ok("2026-11-22T09:00:00+00:00".to_owned()));
        assert!(read("2027-01-01").is_err_and(|sentence| sentence.contains("yet to come")));
        assert!(read("yesterday").is_err_and(|sentence| sentence.contains("not a moment")));
    }

    #[test]
    fn an_empty_field_says_nothing() {
        let now = Utc::now();
        let mut said = Accompanying::default();
        assert!(said.read("image", "  ", now).is_ok_and(|known| known));
        assert!(said.read("image", "nginx:1.27", now).is_ok_and(|known| known));
        assert!(said.read("colour", "red", now).is_ok_and(|known| !known));
        assert!(said.read("image", "./image.tar", now).is_err());
        assert_eq!(
            said.image.map(|image| image.to_string()).as_deref(),
            Some("docker.io/library/nginx:1.27")
        );
    }
}
