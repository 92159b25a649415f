//! Failures on their way to a reader. A handler returns `Result<_, PageError>` (pages) or
//! `Result<_, Problem>` (API) and uses `?` on any [`Explain`]. Neither knows the reader's language:
//! the layer in [`crate::refuse`] turns what they carry into a page in the shell or problem+json,
//! decides the status, and logs a fault of ours once.

use std::error::Error;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Explain, Kind};

/// What a failed response carries for the layer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub kind: Kind,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
    pub source: Option<Arc<dyn Error + Send + Sync>>,
}

/// The one place where a kind of error becomes a status.
#[must_use]
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Failure {
    pub(crate) fn new(kind: Kind, code: &'static str) -> Self {
        Self { kind, code, args: Vec::new(), source: None }
    }

    pub(crate) fn from_explain(error: impl Explain + Send + Sync + 'static) -> Self {
        let (kind, code, args) = (error.kind(), error.code(), error.args());
        Self { kind, code, args, source: Some(Arc::new(error)) }
    }

    pub(crate) fn into_response(self) -> Response {
        let mut answer = status(self.kind).into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

macro_rules! failure_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(pub(crate) Failure);

        impl $name {
            /// Nothing there: the text `error-not-found`.
            #[must_use]
            pub fn not_found() -> Self {
                Self(Failure::new(Kind::NotFound, "not-found"))
            }

            /// A refusal that has no error type of its own: texts `error-<code>` and
            /// `error-<code>-hint`.
            #[must_use]
            pub fn new(kind: Kind, code: &'static str) -> Self {
                Self(Failure::new(kind, code))
            }

            /// What kind of error it is.
            #[must_use]
            pub fn kind(&self) -> Kind {
                self.0.kind
            }
        }

        impl<E: Explain + Send + Sync + 'static> From<E> for $name {
            fn from(error: E) -> Self {
                Self(Failure::from_explain(error))
            }
        }

        impl IntoResponse for $name {
            fn into_response(self) -> Response {
                self.0.into_response()
            }
        }
    };
}

failure_type! {
    /// A page that could not be made. Becomes an error page in the shell.
    PageError
}
failure_type! {
    /// An API call that failed. Becomes problem+json (RFC 9457).
    Problem
}

/// What handlers of pages return.
pub type PageResult = Result<Response, PageError>;

/// A template that does not render, or a response that cannot be built: a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("a page could not be rendered")]
pub(crate) struct RenderError(#[source] pub askama::Error);

impl Explain for RenderError {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn code(&self) -> &'static str {
        "internal"
    }
}
