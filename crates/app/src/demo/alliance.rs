//! A partner of the programme with a file that has rejected rows, and claims of the member whose
//! way into the portal is shown: one of each outcome.

use access::Actor;
use chrono::{Days, NaiveDate};
use flights::CouponInput;
use flights::messages::Arrival;
use kernel::names::PersonName;
use loyalty::MemberId;
use loyalty::ledger::Shortfall;
use partners::agreements::{Kind, NewPartner, NewPrice, NewRate, PartnerId, Per};
use partners::claims::{Asked, Channel, ClaimId};
use store::sql;
use uuid::Uuid;

use super::club::CODE;
use crate::{App, Error};

/// Members named in the partner's file.
const NAMED: i64 = 12;

struct Somebody {
    id: MemberId,
    number: String,
    name: PersonName,
}

/// Makes the partner, has its file posted, and claims flights. Again changes nothing.
pub(super) async fn fill(app: &App) -> Result<(), Error> {
    let actor = Actor::system("demo");
    if !app.partners().partners(&actor).await?.is_empty() {
        return Ok(());
    }
    let today = app.clock().now().date_naive();
    let people = people(app).await?;
    let partner = agree(app, &actor).await?;
    let text = file(&people, today);
    let sent = app.partners().receive_file(&actor, partner, "HARBOUR-B0001.csv", text.as_bytes());
    let file = sent.await?.into_inner();
    app.partners().post_file(file.id).await?;
    let Some(shown) = app.portal().shown().await? else { return Ok(()) };
    let member = app.loyalty().member_by_no(&actor, CODE, &shown.number).await?;
    let named = people.into_iter().find(|one| one.id == member.id);
    claim(app, &actor, member.id, named, today).await
}

/// Members who fly most, the shown one among them.
async fn people(app: &App) -> Result<Vec<Somebody>, Error> {
    let shown = app.portal().shown().await?.map(|it| it.number).unwrap_or_default();
    let mut tx = app.db().read().await?;
    let found: Vec<Uuid> = tx
        .values(
            sql("SELECT m.id FROM loyalty_member m JOIN customer c ON c.id = m.customer_id
                 WHERE m.programme = $1 AND m.state = 'open'
                 ORDER BY CASE WHEN m.member_no = $2 THEN 0 ELSE 1 END, c.flights DESC, m.id
                 LIMIT $3")
            .bind(CODE)
            .bind(shown)
            .bind(NAMED),
        )
        .await?;
    let named = app.loyalty().named(&mut tx, found.iter().copied().map(MemberId::from)).await?;
    let somebody = |id: &Uuid| {
        let one = named.get(&MemberId::from(*id))?;
        Some(Somebody { id: one.id, number: one.member_no.clone(), name: one.name.clone() })
    };
    Ok(found.iter().filter_map(somebody).collect())
}

async fn agree(app: &App, actor: &Actor) -> Result<PartnerId, Error> {
    let new = NewPartner {
        code: "HARBOUR".to_owned(),
        programme: CODE.to_owned(),
        name_en: "Harbour Hotels".to_owned(),
        name_zh: "港湾酒店".to_owned(),
        kinds: vec![Kind::Hotel, Kind::Retail],
        currency: "CNY".to_owned(),
        mailbox: "miles@harbour.example".to_owned(),
        window_days: 180,
        shortfall: Shortfall::Owe,
    };
    let partners = app.partners();
    let id = PartnerId::new(app.clock().now());
    let id = partners.add_partner(actor, id, new).await?.into_inner().id;
    let valid_from = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    for (kind, per, milli) in [(Kind::Hotel, Per::Amount, 1_000), (Kind::Retail, Per::Amount, 100)]
    {
        let rate = NewRate { kind, valid_from, per, milli, most: 20_000 };
        partners.add_rate(actor, id, rate).await?;
    }
    let price = NewPrice { valid_from, sell_minor: 9_000, buy_minor: 6_000 };
    partners.add_price(actor, id, price).await?;
    Ok(id)
}

/// The partner's file: most rows are right; some are not, each in its way.
fn file(people: &[Somebody], today: NaiveDate) -> String {
    let mut rows: Vec<(String, i64, i64)> = Vec::new();
    for (at, one) in (0_u32..).zip(people) {
        let day = today.checked_sub_days(Days::new(3 + u64::from(at))).unwrap_or(today);
        let (surname, given) = (&one.name.surname, &one.name.given);
        let miles = 388 + 120 * i64::from(at);
        // A wrong rate, a wrong name, an unknown number, a row sent twice.
        let (base, surname, number) = match at {
            3 => (miles + 10, surname.as_str(), one.number.as_str()),
            5 => (miles, "OTHERNAME", one.number.as_str()),
            7 => (miles, surname.as_str(), "600000000"),
            _ => (miles, surname.as_str(), one.number.as_str()),
        };
        let reference = if at == 9 { "S-10008".to_owned() } else { format!("S-1{at:04}") };
        let row = format!(
            "accrue,hotel,{reference},{number},{surname},{given},{day},{miles}.00,CNY,{base},0{}",
            ",".repeat(8)
        );
        rows.push((row, base, 0));
    }
    let made = today.pred_opt().unwrap_or(today);
    let mut text = format!("H,1,HARBOUR,B0001,{made},{CODE}\n");
    for (at, (row, ..)) in rows.iter().enumerate() {
        text.push_str(&format!("R,{},{row}\n", at + 1));
    }
    let base: i64 = rows.iter().map(|row| row.1).sum();
    text.push_str(&format!("T,{},{base},0\n", rows.len()));
    text
}

/// One claim that is credited, one that waits, one too late, one for a person.
async fn claim(
    app: &App,
    actor: &Actor,
    member: MemberId,
    named: Option<Somebody>,
    today: NaiveDate,
) -> Result<(), Error> {
    let Some(one) = named else { return Ok(()) };
    let ago = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    for (ticket, days) in [("7812026110001", 12), ("7812026110002", 15)] {
        coupon(app, &one.name, ticket, ago(days)).await?;
    }
    let asked = |days: u64, ticket: &str| Asked {
        flight: "QJ1419".to_owned(),
        date: ago(days).to_string(),
        origin: "TFU".to_owned(),
        destination: "HGH".to_owned(),
        ticket: ticket.to_owned(),
        ..Asked::default()
    };
    for (days, ticket) in [(400, ""), (15, ""), (2, ""), (12, "7812026110001")] {
        let id = ClaimId::new(app.clock().now());
        let asked = asked(days, ticket);
        let _ = app.partners().claim(actor, id, member, Channel::Member, &asked).await?;
    }
    Ok(())
}

/// A flight of somebody's that was sold without the member number.
async fn coupon(app: &App, name: &PersonName, ticket: &str, day: NaiveDate) -> Result<(), Error> {
    let now = app.clock().now();
    let coupon = CouponInput {
        line: 1,
        ticket_number: ticket.to_owned(),
        coupon: 1,
        status: "flown".to_owned(),
        marketing_carrier: "QJ".to_owned(),
        flight_number: "1419".to_owned(),
        flight_date: Some(day),
        origin: "TFU".to_owned(),
        destination: "HGH".to_owned(),
        booking_class: "Y".to_owned(),
        fare_minor: Some(120_000),
        currency: "CNY".to_owned(),
        record_locator: format!("N{}", ticket.get(8..).unwrap_or_default()),
        surname: name.surname.to_uppercase(),
        given: name.given.to_uppercase(),
        flown_on: Some(day),
        ..CouponInput::default()
    };
    let message = kernel::ids::v7(now);
    let arrival = Arrival { message, received_at: now, said_at: now, partial: false };
    let mut tx = app.db().begin().await?;
    let _ = app.flights().absorb_coupons(&mut tx, arrival, vec![coupon]).await?;
    tx.commit().await?;
    Ok(())
}
