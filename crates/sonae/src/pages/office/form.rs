//! What a form of the office sent: read once, by the door, within bounds.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

use crate::pages::public::error::PageError;

/// The hidden field with the session's form token.
pub const TOKEN: &str = "csrf";
/// The most controls that are looked at: a bulk action marks up to a thousand cases.
const MOST_CONTROLS: usize = 1_500;
/// What is kept of a single value, in characters: a long note or a mail's text.
const LONGEST_VALUE: usize = 20_000;
/// The most files of one form.
const MOST_FILES: usize = 10;

/// The fields and files of a form; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Form(Arc<Sent>);

#[derive(Debug, Default)]
struct Sent {
    fields: Vec<(String, String)>,
    files: Vec<File>,
}

/// A file as it was sent. Its name is the sender's word and is shown at most.
#[derive(Debug)]
pub struct File {
    /// The control's name.
    pub control: String,
    pub name: String,
    pub content: Bytes,
}

impl Form {
    /// Reads the body, which is `application/x-www-form-urlencoded` or `multipart/form-data`.
    ///
    /// # Errors
    /// The status for a body that is too large, broke off, or is something else.
    pub async fn read(parts: &Parts, body: Body, largest: usize) -> Result<Form, StatusCode> {
        let kind = parts
            .headers
            .get(CONTENT_TYPE)
            .map_or(&b""[..], |kind| kind.as_bytes());
        let is_multipart = kind.starts_with(b"multipart/form-data");
        if !is_multipart && !kind.starts_with(b"application/x-www-form-urlencoded") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let body = to_bytes(body, largest).await;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let sent = match is_multipart {
            true => with_files(parts, body, largest).await?,
            false => Sent {
                fields: form_urlencoded::parse(&body)
                    .take(MOST_CONTROLS)
                    .map(|(name, value)| (name.into_owned(), cut(&value)))
                    .collect(),
                files: Vec::new(),
            },
        };
        Ok(Form(Arc::new(sent)))
    }

    /// The first value of a name; empty when it was not sent.
    pub fn first<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of a name, in the order of the page.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.fields.iter().filter(move |(key, _)| key == name);
        pairs.map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.fields.iter().any(|(key, _)| key == name)
    }

    /// Every name and value, in the order of the page.
    pub fn fields(&self) -> &[(String, String)] {
        &self.0.fields
    }

    /// The file chosen in a control; none when nothing was chosen.
    pub fn file(&self, control: &str) -> Option<&File> {
        let chosen = |file: &&File| file.control == control && !file.name.is_empty();
        self.0.files.iter().find(chosen)
    }

    /// Every file chosen in a control.
    pub fn files<'a>(&'a self, control: &'a str) -> impl Iterator<Item = &'a File> {
        let chosen = move |file: &&File| file.control == control && !file.name.is_empty();
        self.0.files.iter().filter(chosen)
    }
}

async fn with_files(parts: &Parts, body: Bytes, largest: usize) -> Result<Sent, StatusCode> {
    let mut request = Request::from_parts(parts.clone(), Body::from(body));
    // The body is in memory and bounded already; the extractor's own bound is lower.
    DefaultBodyLimit::max(largest).apply(&mut request);
    let multipart = Multipart::from_request(request, &()).await;
    let mut multipart = multipart.map_err(|_| StatusCode::BAD_REQUEST)?;
    let mut sent = Sent::default();
    while let Some(field) = (multipart.next_field().await).map_err(|error| error.status())? {
        let control = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let content = field.bytes().await.map_err(|error| error.status())?;
        match file {
            Some(name) if sent.files.len() < MOST_FILES => sent.files.push(File {
                control,
                name,
                content,
            }),
            None if sent.fields.len() < MOST_CONTROLS => {
                let value = cut(&String::from_utf8_lossy(&content));
                sent.fields.push((control, value));
            }
            _ => return Err(StatusCode::PAYLOAD_TOO_LARGE),
        }
    }
    Ok(sent)
}

fn cut(value: &str) -> String {
    value.chars().take(LONGEST_VALUE).collect()
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Form, PageError> {
        let found = parts.extensions.get::<Form>().cloned();
        found.ok_or_else(|| PageError::Internal("a form of the office past the door".into()))
    }
}
