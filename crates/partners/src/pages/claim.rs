//! `/claims/{id}`: the verdict, what was claimed beside what is known, and what to do next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use kernel::names::PersonName;
use loyalty::members::Named;
use uuid::Uuid;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::{refusal, words};
use crate::claims::{Candidate, Claim, ClaimId, Decision, Earned, Proof, REASONS, State as Stands};
use crate::names::{Fit, fit};
use crate::{Error, Rooms, permissions};

/// Passengers shown beside the claim.
const MOST: usize = 8;

/// A line of the comparison: what, as claimed, as known, whether they agree.
struct Beside {
    what: String,
    claimed: String,
    known: String,
    agrees: Option<bool>,
}

/// A passenger who may be meant.
struct Known {
    key: String,
    name: PersonName,
    href: String,
    lines: Vec<Beside>,
    earned: String,
    takes: bool,
}

struct Step {
    at: String,
    who: String,
    said: String,
}

#[derive(Template)]
#[template(path = "partners/claim.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    claim: &'a Claim,
    member: Option<&'a Named>,
    flight: String,
    tone: (&'static str, &'static str),
    state: String,
    verdict: String,
    told: String,
    next: String,
    known: Vec<Known>,
    others: usize,
    steps: Vec<Step>,
    reasons: Vec<(String, String)>,
    may: bool,
}

/// `GET /claims/{id}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::CLAIMS_READ)?;
    let id: ClaimId = super::id(&id)?;
    let (claim, history) = rooms.partners.claim_of(&ctx.actor, id).await?;
    let mut tx = ctx.web.db.read().await?;
    let named = rooms.partners.loyalty().named(&mut tx, [claim.by.member]).await?;
    drop(tx);
    let ground = match rooms.partners.evidence(&ctx.actor, &claim).await {
        Ok(ground) => Some(ground),
        Err(Error::Refused(_)) => None,
        Err(other) => return Err(other.into()),
    };
    let candidates = ground.map(|it| it.candidates).unwrap_or_default();
    let (near, others) = nearest(&claim, candidates);
    let people: Vec<Uuid> = history.iter().filter_map(|one| one.actor).collect();
    let names = rooms.partners.access().names(&people).await?;
    let steps = history.iter().map(|one| Step {
        at: ctx.at(one.at),
        who: one.actor.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        said: words::said(&ctx, "verdict", (one.state, one.verdict), &one.detail),
    });
    let open = matches!(claim.state, Stands::Waiting | Stands::Review);
    let show = Show {
        member: named.get(&claim.by.member),
        flight: words::flight(&claim.about),
        tone: words::tone(claim.state),
        state: ctx.t(&format!("claims-state-{}", claim.state.as_str())),
        verdict: words::verdict(&ctx, "verdict", &claim),
        told: words::verdict(&ctx, "told", &claim),
        next: ctx.t(&format!("claims-next-{}", claim.state.as_str())),
        known: near.iter().map(|one| known(&ctx, &claim, one)).collect(),
        others,
        steps: steps.collect(),
        reasons: REASONS
            .iter()
            .map(|code| ((*code).to_owned(), ctx.t(&format!("claims-reason-{code}"))))
            .collect(),
        may: open && ctx.actor.may(permissions::CLAIM_DECIDE).is_ok(),
        claim: &claim,
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

/// Those whose name or document fits, best first; and how many others are on the flight.
fn nearest(claim: &Claim, candidates: Vec<Candidate>) -> (Vec<Candidate>, usize) {
    let all = candidates.len();
    let mut near: Vec<Candidate> = candidates
        .into_iter()
        .filter(|one| {
            one.own
                || one.proof(&claim.about) == Proof::Document
                || fit(&claim.about.name, &one.name) != Fit::Not
                || one.key == claim.segment
        })
        .collect();
    near.sort_by_key(|one| {
        let proven = one.proof(&claim.about) == Proof::Document;
        (!one.own, !proven, std::cmp::Reverse(fit(&claim.about.name, &one.name)), one.key.clone())
    });
    near.truncate(MOST);
    let others = all - near.len();
    (near, others)
}

fn known(ctx: &Ctx, claim: &Claim, one: &Candidate) -> Known {
    let about = &claim.about;
    let segment = &one.segment;
    let text = |of: &Option<String>| of.clone().unwrap_or_default();
    let line = |key: &str, claimed: String, known: String, agrees: Option<bool>| Beside {
        what: ctx.t(&format!("claims-side-{key}")),
        claimed,
        known,
        agrees,
    };
    let equal = |claimed: &str, known: &str| {
        (!claimed.is_empty() && !known.is_empty()).then(|| claimed == known)
    };
    let route = format!("{}–{}", text(&segment.origin), text(&segment.destination));
    let asked = format!("{}–{}", about.origin, about.destination);
    let ticket = text(&segment.ticket_coupon);
    let names = fit(&about.name, &one.name);
    let (class, seat) = (text(&segment.booking_class), one.seat.clone());
    let lines = vec![
        line("name", ctx.name(&about.name), ctx.name(&one.name), Some(names != Fit::Not)),
        line("route", asked.clone(), route.clone(), equal(&asked, &route)),
        line(
            "ticket",
            about.ticket.clone(),
            ticket.clone(),
            (!about.ticket.is_empty() && !ticket.is_empty()).then(|| one.holds_ticket(about)),
        ),
        line(
            "locator",
            about.locator.clone(),
            one.locator.clone(),
            equal(&about.locator, &one.locator),
        ),
        line("class", about.class.clone(), class.clone(), equal(&about.class, &class)),
        line("seat", about.seat.clone(), seat.clone(), equal(&about.seat, &seat)),
        line(
            "outcome",
            String::new(),
            ctx.t(&format!("claims-outcome-{}", segment.outcome)),
            Some(one.flown()),
        ),
    ];
    let earned = match (&one.earned, &one.would) {
        (Earned::Miles(miles, _), _) if one.own => {
            ctx.t1("claims-side-credited", "miles", ctx.num(*miles))
        }
        (Earned::Miles(..), _) => ctx.t("claims-side-credited-other"),
        (_, Ok(miles)) => ctx.t1("claims-side-worth", "miles", ctx.num(*miles)),
        (_, Err(_)) => ctx.t("claims-side-nothing"),
    };
    Known {
        takes: one.flown()
            && (one.own || one.members == 0)
            && !matches!(one.earned, Earned::Miles(..)),
        key: one.key.clone(),
        name: one.name.clone(),
        href: format!("/customers/{}", one.customer),
        lines: lines
            .into_iter()
            .filter(|line| !line.claimed.is_empty() || !line.known.is_empty())
            .collect(),
        earned,
    }
}

/// `POST /claims/{id}`
pub(super) async fn decide(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: ClaimId = super::id(&id)?;
    let text = |name: &str| fields.get(name).to_owned();
    let decision = match fields.get("decision") {
        "accept" => Decision::Accept { segment: text("segment") },
        "refuse" => Decision::Refuse { reason: text("reason") },
        "again" => Decision::Again,
        _ => return Err(PageError::new(kernel::Kind::Invalid, "claims-decision")),
    };
    let said = match rooms.partners.decide_claim(&ctx.actor, id, &decision).await {
        Ok(done) => Toast::good(words::verdict(&ctx, "verdict", &done.into_inner())),
        Err(error @ (Error::Refused(_) | Error::Invalid(_))) => match &error {
            Error::Invalid(fields) => {
                let code = fields.first().map_or("partners-invalid", |field| field.code);
                Toast::bad(ctx.t(&format!("error-{code}")))
            }
            _ => Toast::bad(refusal(&ctx, &error)),
        },
        Err(other) => return Err(other.into()),
    };
    Ok(ctx.see(&format!("/claims/{id}")).toast(said).into_response())
}
