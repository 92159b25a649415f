//! Forms about one member: their fields, their mistakes, and what is said afterwards.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Explain;
use web::form::{Errors, Fields};
use web::{Ctx, PageError, Toast};

use crate::Error;

/// One field.
pub(super) struct Input {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub help: String,
    pub kind: Kind,
}

/// How a field is shown.
pub(super) enum Kind {
    /// An input of this type.
    Line(&'static str),
    Area,
    Choice(Vec<(String, String)>),
    Tick,
    Hidden,
}

impl Input {
    pub fn new(name: &'static str, label: String, kind: Kind) -> Self {
        Self { name, label, value: String::new(), help: String::new(), kind }
    }

    pub fn hidden(name: &'static str, value: impl Into<String>) -> Self {
        Self::new(name, String::new(), Kind::Hidden).value(value)
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    #[must_use]
    pub fn help(mut self, help: String) -> Self {
        self.help = help;
        self
    }
}

/// A page with one form.
#[derive(Template)]
#[template(path = "loyalty/form.html")]
pub(super) struct Ask<'a> {
    pub ctx: &'a Ctx,
    pub title: String,
    /// Where it came from: words and address.
    pub crumbs: Vec<(String, String)>,
    pub intro: Vec<String>,
    pub action: String,
    pub inputs: Vec<Input>,
    pub errors: Errors,
    pub button: String,
    pub icon: &'static str,
    pub back: String,
}

impl Ask<'_> {
    /// The page: 422 when it comes back with mistakes.
    pub fn page(mut self, fields: Option<&Fields>) -> Response {
        if let Some(fields) = fields {
            for input in &mut self.inputs {
                if fields.has(input.name) {
                    input.value = fields.get(input.name).to_owned();
                }
            }
        }
        let wrong = !self.errors.is_empty();
        let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.ctx.page_with(status, &self)
    }
}

/// What a failed step says beside its fields; anything that is no mistake of the form goes on.
pub(super) fn mistakes(ctx: &Ctx, error: Error) -> Result<Errors, PageError> {
    let mut errors = Errors::none();
    match error {
        Error::Invalid(fields) => {
            for field in fields {
                errors.add(field.field, ctx.t(&format!("error-{}", field.code)));
            }
        }
        Error::Customers(customers::Error::Invalid(fields)) => {
            for field in fields {
                errors.add(field.field, ctx.t(&format!("error-{}", field.code)));
            }
        }
        Error::Refused(_) | Error::Ledger(_) => errors.add("", refusal(ctx, &error)),
        other => return Err(other.into()),
    }
    Ok(errors)
}

/// What happened and what to do, of a step that does not fit how things stand.
pub(super) fn refusal(ctx: &Ctx, error: &Error) -> String {
    let (what, hint) = match error {
        Error::Ledger(outcome) => {
            (ctx.t(&format!("ledger-outcome-{}", outcome.as_str())), "loyalty-ledger-refused")
        }
        error => (ctx.t(&format!("error-{}", error.code())), error.code()),
    };
    let hint = ctx.t(&format!("error-{hint}-hint"));
    if ctx.zh() { format!("{what}{hint}") } else { format!("{what} {hint}") }
}

/// Back to a page, with what was done or why not in the corner.
pub(super) fn told<T>(
    ctx: &Ctx,
    result: Result<T, Error>,
    to: &str,
    good: &str,
) -> Result<Response, PageError> {
    let said = match result {
        Ok(_) => Toast::good(ctx.t(good)),
        Err(error @ (Error::Refused(_) | Error::Ledger(_))) => Toast::bad(refusal(ctx, &error)),
        Err(Error::Invalid(fields)) => {
            let code = fields.first().map_or("loyalty-invalid", |field| field.code);
            Toast::bad(ctx.t(&format!("error-{code}")))
        }
        Err(other) => return Err(other.into()),
    };
    Ok(ctx.see(to).toast(said).into_response())
}
