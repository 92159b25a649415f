//! Two-factor sign-in: set up with an app, confirm with a code, keep recovery codes.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::Explain;
use serde::Deserialize;

use super::me;
use crate::error::PageResult;
use crate::flash::Toast;
use crate::form::{Errors, Form};
use crate::{Ctx, Web};

#[derive(Template)]
#[template(path = "web/two_factor.html")]
struct TwoFactorPage<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    qr: String,
    secret: String,
    codes: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    password: String,
}

/// `GET /me/two-factor`: a new secret; nothing is asked for at sign-in until it is confirmed.
pub(crate) async fn page(ctx: Ctx, State(web): State<Web>) -> PageResult {
    enrol(&ctx, &web, &Errors::none()).await
}

async fn enrol(ctx: &Ctx, web: &Web, errors: &Errors) -> PageResult {
    // After a wrong code the app still holds the secret it scanned.
    let kept = match errors.is_empty() {
        true => Ok(None),
        false => web.access.pending_two_factor(&ctx.actor).await,
    };
    let enrolment = match kept {
        Ok(None) => web.access.start_two_factor(&ctx.actor).await,
        Ok(Some(kept)) => Ok(kept),
        Err(error) => Err(error),
    };
    let enrolment = match enrolment {
        Ok(enrolment) => enrolment,
        Err(access::Error::FactorAlreadyOn) => return Ok(ctx.see("/me").into_response()),
        Err(error) => return Err(error.into()),
    };
    let (qr, secret) = (enrolment.qr_svg.reveal().clone(), enrolment.secret.reveal().clone());
    let page = TwoFactorPage { ctx, errors, qr, secret, codes: None };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

/// `POST /me/two-factor`: the first code of the app. A wrong one shows the same secret again.
pub(crate) async fn confirm(
    ctx: Ctx,
    State(web): State<Web>,
    Form(form): Form<CodeForm>,
) -> PageResult {
    match web.access.confirm_two_factor(&ctx.actor, &form.code).await {
        Ok(codes) => {
            let codes = codes.0.iter().map(|code| code.reveal().clone()).collect();
            let (qr, secret) = (String::new(), String::new());
            let errors = Errors::none();
            Ok(ctx.page(&TwoFactorPage {
                ctx: &ctx,
                errors: &errors,
                qr,
                secret,
                codes: Some(codes),
            }))
        }
        Err(error) => {
            tracing::debug!(code = error.code(), "two-factor was not confirmed");
            let errors = me::said(&ctx, error, |_| "code")?;
            enrol(&ctx, &web, &errors).await
        }
    }
}

/// `POST /me/two-factor/off`: with the password.
pub(crate) async fn off(
    ctx: Ctx,
    State(web): State<Web>,
    Form(form): Form<PasswordForm>,
) -> PageResult {
    match web.access.stop_two_factor(&ctx.actor, &form.password).await {
        Ok(()) => Ok(ctx.see("/me").toast(Toast::info(ctx.t("totp-done-off"))).into_response()),
        Err(error) => {
            let errors = me::said(&ctx, error, |_| "password")?;
            me::show(&ctx, &web, &errors).await
        }
    }
}
