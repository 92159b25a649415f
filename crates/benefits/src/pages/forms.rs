//! A page with one form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use web::form::{Errors, Fields};
use web::{Ctx, PageError, Toast};

use super::words;
use crate::Error;

/// How a field is shown.
pub(super) enum Kind {
    Line(&'static str),
    Area,
    Choice(Vec<(String, String)>),
    Hidden,
}

/// One field.
pub(super) struct Input {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub help: String,
    pub kind: Kind,
}

impl Input {
    pub fn new(name: &'static str, label: String, kind: Kind) -> Self {
        Self { name, label, value: String::new(), help: String::new(), kind }
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

#[derive(Template)]
#[template(path = "benefits/form.html")]
pub(super) struct Ask<'a> {
    pub ctx: &'a Ctx,
    pub title: String,
    /// What stands above: the member's head.
    pub above: String,
    pub intro: String,
    pub action: String,
    pub inputs: Vec<Input>,
    pub errors: Errors,
    pub button: String,
    pub back: String,
}

impl Ask<'_> {
    /// The page: 422 with what was typed when it comes back with mistakes.
    pub fn page(mut self, fields: Option<&Fields>) -> Response {
        for input in &mut self.inputs {
            if let Some(fields) = fields.filter(|fields| fields.has(input.name)) {
                input.value = fields.get(input.name).to_owned();
            }
        }
        let wrong = !self.errors.is_empty();
        let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.ctx.page_with(status, &self)
    }
}

/// What a refused step says beside its fields; anything that is no mistake of the form goes on.
pub(super) fn mistakes(ctx: &Ctx, error: Error) -> Result<Errors, PageError> {
    let mut errors = Errors::none();
    match &error {
        Error::Invalid(field, _) => {
            let field = if *field == "designator" { "flight" } else { *field };
            errors.add(field, words::refusal(ctx, &error));
        }
        Error::Refused(_) => errors.add("", words::refusal(ctx, &error)),
        _ => return Err(error.into()),
    }
    Ok(errors)
}

/// Back to a page, with what was done or why not in the corner.
pub(super) fn told<T>(
    ctx: &Ctx,
    result: crate::Result<T>,
    to: &str,
    good: &str,
) -> Result<Response, PageError> {
    let said = match result {
        Ok(_) => Toast::good(ctx.t(good)),
        Err(error @ (Error::Refused(_) | Error::Invalid(..))) => {
            Toast::bad(words::refusal(ctx, &error))
        }
        Err(other) => return Err(other.into()),
    };
    Ok(ctx.see(to).toast(said).into_response())
}
