//! The bytes of a document as they were sent, streamed chunk by chunk. Refuses to let a browser show or
//! guess them: they are an attachment of no known type.

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::Bytes;
use domain::id::DocumentId;
use domain::scope::Viewer;
use futures_util::stream;
use store::documents;

use super::find;
use crate::State;
use crate::error::Error;

/// The bytes behind an id.
pub(crate) async fn download(state: &State, viewer: &Viewer, id: &str) -> Result<HttpResponse, Error> {
    let row = find(state, viewer, id).await?.row;
    let size = u64::try_from(row.size).unwrap_or_default();
    let at = Position { store: state.store.clone(), viewer: viewer.clone(), id: row.id, next: 0 };
    let chunks = stream::try_unfold(at, |mut at| async move {
        let chunk = documents::chunk(&at.store, &at.viewer, at.id, at.next).await.map_err(Error::from)?;
        at.next += 1;
        Ok::<_, Error>(chunk.map(|bytes| (Bytes::from(bytes), at)))
    });
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(ContentEncoding::Identity)
        .insert_header(attachment(&row.name))
        .body(SizedStream::new(size, Box::pin(chunks))))
}

struct Position {
    store: store::Store,
    viewer: Viewer,
    id: DocumentId,
    next: u32,
}

/// Names the file twice: plainly for old programs, whole for all others.
fn attachment(name: &str) -> ContentDisposition {
    let plain: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '/' | '%') { letter } else { '_' }
        })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    }
}
