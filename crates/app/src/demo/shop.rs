//! What members of the demo redeem: a few things on the shelf, tickets and vouchers in every state.

use access::Actor;
use awards::catalogue::{Form, Settings};
use awards::wish::Flight;
use awards::{Ask, Confirm, Error as Failed, Redemption, Wish};
use chrono::{Days, NaiveTime};
use loyalty::MemberId;
use store::sql;
use uuid::Uuid;

use super::club::CODE;
use crate::{App, Error};

/// Members who redeem something.
const MEMBERS: i64 = 12;
/// Their miles are at least so many.
const MILES: i64 = 25_000;
const LOUNGE: &str = "lounge-pass";

/// Sets up the catalogue and redeems, unless that was done.
pub(super) async fn fill(app: &App) -> Result<(), Error> {
    let (awards, actor) = (app.awards(), Actor::system("demo"));
    if !awards.items(&actor).await?.is_empty() {
        return Ok(());
    }
    for (sku, form, limited) in [
        (LOUNGE, Form::Voucher, true),
        ("card-reissue-base", Form::Service, false),
        ("card-reissue-silver", Form::Service, false),
    ] {
        let settings = Settings {
            form,
            partner: String::new(),
            scope: if form == Form::Voucher { "lounge".to_owned() } else { String::new() },
            voucher_days: 180,
            is_transferable: true,
            is_offered: true,
            last_day: None,
            is_limited: limited,
        };
        awards.set_item(&actor, (CODE, sku), &settings).await?;
    }
    let id = kernel::ids::v7(app.clock().now());
    awards.stock_item(&actor, (CODE, LOUNGE), id, 60).await?;
    for (place, member) in members(app).await?.into_iter().enumerate() {
        match one(app, &actor, member, place).await {
            // Too few miles, or a frozen account: the next one.
            Ok(()) | Err(Failed::Refused(_) | Failed::NoPrice(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// The member who is shown on the portal's sign-in page, then those with the most miles.
async fn members(app: &App) -> Result<Vec<MemberId>, Error> {
    let shown = app.portal().shown().await?;
    let mut tx = app.db().read().await?;
    let mut ids: Vec<Uuid> = Vec::new();
    if let Some(shown) = shown {
        ids = tx
            .values(
                sql("SELECT id FROM loyalty_member WHERE programme = $1 AND member_no = $2")
                    .bind(&shown.programme)
                    .bind(&shown.number),
            )
            .await?;
    }
    let rich: Vec<Uuid> = tx
        .values(
            sql("SELECT owner_id FROM ledger_account
                 WHERE programme = $1 AND unit = 'miles' AND owner_id IS NOT NULL AND balance >= $2
                 ORDER BY balance DESC, id LIMIT $3")
            .bind(CODE)
            .bind(MILES)
            .bind(MEMBERS),
        )
        .await?;
    ids.extend(rich);
    Ok(ids.into_iter().map(Into::into).collect())
}

async fn one(app: &App, actor: &Actor, member: MemberId, place: usize) -> awards::Result<()> {
    let awards = app.awards();
    let wish = if place.is_multiple_of(2) {
        Wish::Item { sku: LOUNGE.to_owned(), quantity: 1 + i64::from(place == 0) }
    } else {
        Wish::Ticket { flight: flight(awards, place), fare_minor: None }
    };
    let made = redeem(awards, actor, member, wish).await?;
    let said = Confirm {
        reference: if place.is_multiple_of(2) {
            String::new()
        } else {
            format!("479-24{place:08}")
        },
        payment: format!("POS-{:04}", 1_200 + place),
    };
    match place % 6 {
        3 => {}
        5 => drop(awards.cancel(actor, made.id).await?),
        _ => drop(awards.confirm(actor, made.id, &said).await?),
    }
    if place == 7 {
        let terms = awards.terms(actor, made.id).await?;
        drop(awards.redeposit(actor, made.id, (terms.fee_miles, terms.fee_minor)).await?);
    }
    Ok(())
}

fn flight(awards: &awards::Awards, place: usize) -> Flight {
    let (origin, destination) = match place % 3 {
        0 => ("PVG", "PEK"),
        1 => ("SZX", "PEK"),
        _ => ("CAN", "CTU"),
    };
    let ahead = 10 + u64::try_from(place).unwrap_or_default();
    let today = awards.today();
    Flight {
        day: today.checked_add_days(Days::new(ahead)).unwrap_or(today),
        departs: NaiveTime::from_hms_opt(9, 30, 0),
        origin: origin.to_owned(),
        destination: destination.to_owned(),
        carrier: "JB".to_owned(),
        cabin: "economy".to_owned(),
        nominee: None,
    }
}

async fn redeem(
    awards: &awards::Awards,
    actor: &Actor,
    member: MemberId,
    wish: Wish,
) -> awards::Result<Redemption> {
    let quote = awards.quote(actor, member, wish, None).await?;
    let offer = quote.offers.iter().find(|offer| offer.missing == 0);
    let offer = offer.ok_or(Failed::Refused("awards-insufficient"))?;
    let id = kernel::ids::v7(quote.valid_until).into();
    let token = offer.token.clone();
    let ask = Ask { id, member, token, confirm: false, device: None };
    Ok(awards.redeem(actor, &ask).await?.into_inner())
}
