//! Claim missing miles: a short form, the answer at once in plain words, and one's own claims.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use kernel::Outcome;
use partners::claims::{Asked, Channel, Claim, ClaimId, State as Stands};
use partners::pages::words as claimed;
use web::form::{Errors, Fields};
use web::{PageError, PageResult, Toast};

use super::Rooms;
use super::ctx::{MyCtx, Posted};
use super::words;
use crate::Portal;

/// Claims shown.
const MOST: i64 = 30;

struct View {
    flight: String,
    day: chrono::NaiveDate,
    state: String,
    tone: &'static str,
    icon: &'static str,
    told: String,
    newest: bool,
}

#[derive(Template)]
#[template(path = "portal/claims.html")]
struct Page<'a> {
    ctx: &'a MyCtx,
    key: String,
    asked: Asked,
    errors: Errors,
    claims: Vec<View>,
    /// More than a flight number was asked for or was wrong: the rest of the form is open.
    more: bool,
}

/// `GET /my/claims`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let page = show(&ctx, &rooms, Asked::default(), ClaimId::new(ctx.now), Errors::none()).await?;
    Ok(ctx.page(&page))
}

async fn show<'a>(
    ctx: &'a MyCtx,
    rooms: &Rooms,
    asked: Asked,
    key: ClaimId,
    errors: Errors,
) -> Result<Page<'a>, PageError> {
    let partners = &rooms.portal.parts().partners;
    let member = ctx.session.member.id;
    let own = partners.claims_of(&Portal::reader(), member, MOST).await?;
    let fields = Fields(web::url::pairs(&ctx.query));
    let newest: Option<ClaimId> = fields.get("claim").parse().ok();
    let claims = own.iter().map(|one| view(ctx, one, newest == Some(one.id))).collect();
    let more = ["class", "name", "boarding_pass"].iter().any(|name| errors.get(name).is_some())
        || !asked.boarding_pass.is_empty()
        || !asked.name.is_empty();
    Ok(Page { ctx, key: key.to_string(), asked, errors, claims, more })
}

fn view(ctx: &MyCtx, claim: &Claim, newest: bool) -> View {
    let (tone, icon) = claimed::tone(claim.state);
    let tone = if claim.state == Stands::Review { "info" } else { tone };
    View {
        flight: claimed::flight(&claim.about),
        day: claim.about.date,
        state: ctx.t(&format!("portal-claim-{}", claim.state.as_str())),
        tone,
        icon,
        told: claimed::verdict(ctx, "told", claim),
        newest,
    }
}

/// `POST /my/claims`: the form carries the claim's id, so that a second click finds the first.
pub(super) async fn make(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Posted(form): Posted,
) -> PageResult {
    let get = |name: &str| form.get(name).to_owned();
    let asked = Asked {
        flight: get("flight"),
        date: get("date"),
        origin: get("origin"),
        destination: get("destination"),
        ticket: get("ticket"),
        locator: get("locator"),
        class: get("class"),
        name: get("name"),
        boarding_pass: get("boarding_pass"),
    };
    let key = form.get("key").parse().unwrap_or_else(|_| ClaimId::new(ctx.now));
    let partners = &rooms.portal.parts().partners;
    let (actor, member) = (Portal::reader(), ctx.session.member.id);
    match partners.claim(&actor, key, member, Channel::Member, &asked).await {
        Ok(outcome) => {
            let repeat = matches!(outcome, Outcome::AlreadyDone(_));
            let claim = outcome.into_inner();
            let href = format!("/my/claims?claim={}#claim", claim.id);
            let said = repeat.then(|| Toast::info(ctx.t("claims-made-before")));
            let see = ctx.see(&href);
            Ok(match said {
                Some(said) => see.toast(said).into_response(),
                None => see.into_response(),
            })
        }
        Err(partners::Error::Invalid(fields)) => {
            let mut errors = Errors::none();
            for field in fields {
                errors.add(field.field, ctx.t(&format!("error-{}", field.code)));
            }
            Ok(ctx.wrong(&show(&ctx, &rooms, asked, key, errors).await?))
        }
        Err(error @ partners::Error::Refused(_)) => {
            let mut errors = Errors::none();
            errors.add("", words::error(&ctx, &error));
            Ok(ctx.wrong(&show(&ctx, &rooms, asked, key, errors).await?))
        }
        Err(other) => Err(other.into()),
    }
}
