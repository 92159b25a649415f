//! Forms. [`Form`] reads a body only after the session's token and the origin have been checked;
//! [`Errors`] carries what is wrong back to the fields.

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use kernel::Kind;
use serde::de::DeserializeOwned;

use crate::error::{Failure, PageError};
use crate::{Web, cookies, csrf, url};

/// A posted form as a type of the page's own: `Form(form): Form<EditForm>`. Repeated fields
/// become `Vec`, empty optional ones `None`. Needs a session.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

/// A posted form as names and values, for forms whose fields are not known beforehand.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// First value of `name`; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(its, _)| its == name).map_or("", |(_, value)| value)
    }

    /// All values of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(its, _)| its == name).map(|(_, value)| value.as_str())
    }

    /// Whether `name` was sent at all (a ticked box).
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(its, _)| its == name)
    }
}

/// The checked body, and the pairs in it. Strangers' forms (signing in) have no token yet: for
/// them the origin alone decides.
async fn checked(
    request: Request,
    web: &Web,
    cookie: Option<&str>,
) -> Result<(Bytes, Fields), Response> {
    let fail = |failure: Failure| failure.into_response();
    csrf::same_site(request.headers()).map_err(fail)?;
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let is_form = text(CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let session = text(COOKIE.as_str())
        .zip(cookie)
        .and_then(|(jar, cookie)| cookies::get(&jar, cookie).map(str::to_owned));
    let header = text(csrf::HEADER);
    let body = Bytes::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
    let fields = if is_form {
        Fields(url::pairs(&String::from_utf8_lossy(&body)))
    } else {
        Fields::default()
    };
    if cookie.is_some() {
        let Some(session) = session else {
            return Err(fail(Failure::new(Kind::Unauthenticated, "signed-out")));
        };
        let field = Some(fields.get(csrf::FIELD)).filter(|value| !value.is_empty());
        csrf::check(web, &session, field.or(header.as_deref())).map_err(fail)?;
    }
    Ok((body, fields))
}

/// A posted form of somebody whose session is in `cookie`, once its origin and its form token
/// ([`token_of`]) are right: for people who are not staff.
///
/// # Errors
/// The refusal, to be answered.
pub async fn posted_in(request: Request, web: &Web, cookie: &str) -> Result<Fields, Response> {
    checked(request, web, Some(cookie)).await.map(|(_, fields)| fields)
}

/// The form token of a session: the field `csrf` of its forms.
#[must_use]
pub fn token_of(web: &Web, session: &str) -> String {
    csrf::token(web, session)
}

impl<S, T> FromRequest<S> for Form<T>
where
    Web: FromRef<S>,
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (body, _) = checked(request, &Web::from_ref(state), Some(cookies::SESSION)).await?;
        parse(&body).map_err(IntoResponse::into_response)
    }
}

impl<S> FromRequest<S> for Fields
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        posted_in(request, &Web::from_ref(state), cookies::SESSION).await
    }
}

/// A form of someone who is not signed in: the origin alone is checked.
#[derive(Clone, Debug)]
pub struct StrangerForm<T>(pub T);

impl<S, T> FromRequest<S> for StrangerForm<T>
where
    Web: FromRef<S>,
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (body, _) = checked(request, &Web::from_ref(state), None).await?;
        parse(&body).map(|Form(form)| Self(form)).map_err(IntoResponse::into_response)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<Form<T>, PageError> {
    serde_html_form::from_bytes(body).map(Form).map_err(|_| PageError::new(Kind::Invalid, "form"))
}

/// What is wrong with a form, by field name. Sentences are in the reader's language.
#[derive(Clone, Debug, Default)]
pub struct Errors(Vec<(String, String)>);

impl Errors {
    /// Nothing wrong yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a sentence to a field; the empty name is the form as a whole.
    pub fn add(&mut self, field: &str, sentence: String) {
        self.0.push((field.to_owned(), sentence));
    }

    /// Whether all is well.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many things are wrong.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first sentence for a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(its, _)| its == field).map(|(_, sentence)| sentence.as_str())
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }
}

/// For bodies that are no simple forms (multipart, parts of an upload, JSON): the session is there
/// and the request comes from a page of ours. A token in the header is checked at once; a multipart
/// form hands its `csrf` field to [`Guard::check`] before anything is done.
#[derive(Clone, Debug)]
pub struct Guard {
    web: Web,
    session: String,
    checked: bool,
}

impl Guard {
    /// Checks the token of a multipart form's field.
    ///
    /// # Errors
    /// When it is not the session's.
    pub fn check(&self, token: &str) -> Result<(), PageError> {
        csrf::check(&self.web, &self.session, Some(token)).map_err(PageError)
    }

    /// For requests whose token comes in the header only (scripts).
    ///
    /// # Errors
    /// When there was none.
    pub fn header(&self) -> Result<(), PageError> {
        if self.checked { Ok(()) } else { Err(PageError::new(Kind::Forbidden, "csrf")) }
    }
}

impl<S> FromRequestParts<S> for Guard
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let web = Web::from_ref(state);
        let fail = |failure: Failure| failure.into_response();
        csrf::same_site(&parts.headers).map_err(fail)?;
        let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
        let session = text(COOKIE.as_str())
            .and_then(|jar| cookies::get(jar, cookies::SESSION))
            .ok_or_else(|| fail(Failure::new(Kind::Unauthenticated, "signed-out")))?
            .to_owned();
        let token = text(csrf::HEADER);
        if token.is_some() {
            csrf::check(&web, &session, token).map_err(fail)?;
        }
        Ok(Self { web, session, checked: token.is_some() })
    }
}
