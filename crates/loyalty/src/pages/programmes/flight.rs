//! A flight tried out: what it earns by the rules in force and by this version, side by side.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{Months, NaiveDate};
use kernel::Money;
use programme::accrual::{Accrued, Fact, Member, Registered};
use programme::document::{Cabin, Market, Rank};
use programme::{BookingClass, Carrier, Engine, Measure, Programme, Station, say};
use web::form::{Errors, Fields};
use web::{Ctx, PageResult};

use super::show::Head;
use super::version;
use crate::{Error, Rooms};

const CABINS: [(&str, Cabin); 4] = [
    ("economy", Cabin::Economy),
    ("premium", Cabin::Premium),
    ("business", Cabin::Business),
    ("first", Cabin::First),
];

#[derive(Template)]
#[template(path = "loyalty/programmes/flight.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    head: Head,
    asked: Fields,
    tiers: Vec<(String, String)>,
    cabins: Vec<(String, String)>,
    sides: Vec<Side>,
    answer: String,
}

struct Side {
    title: String,
    miles: String,
    qualifying: String,
    /// The arithmetic, one step a line.
    steps: Vec<String>,
    refused: bool,
}

/// What is asked, with something to begin with.
fn begin(ctx: &Ctx, programme: &Programme) -> Fields {
    let carrier = programme.accrual.carriers.iter().flat_map(|row| row.carriers.first()).next();
    let class = programme.accrual.classes.iter().find(|row| {
        row.factor.0 >= 10_000 && row.cabin.is_none_or(|cabin| cabin == Cabin::Economy)
    });
    let class = class.and_then(|row| row.classes.first());
    let text = |it: Option<String>| it.unwrap_or_default();
    let pairs = [
        ("tier", String::new()),
        ("from", "PEK".to_owned()),
        ("to", "CAN".to_owned()),
        ("carrier", text(carrier.map(ToString::to_string))),
        ("class", text(class.map(ToString::to_string))),
        ("cabin", "economy".to_owned()),
        ("fare", "1200".to_owned()),
        ("day", ctx.today().to_string()),
    ];
    Fields(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

fn fact(ctx: &Ctx, asked: &Fields, programme: &Programme, errors: &mut Errors) -> Option<Fact> {
    let upper = |name: &str| asked.get(name).trim().to_ascii_uppercase();
    let (from, to) = (upper("from"), upper("to"));
    let mut wrong = |name: &str, key: &str| errors.add(name, ctx.t(key));
    let origin = Station::parse(&from).ok();
    let destination = Station::parse(&to).ok();
    let market = Market::between(&from, &to);
    for (name, airport) in [("from", &from), ("to", &to)] {
        if kernel::airports::find(airport).is_none() {
            wrong(name, "programme-flight-airport");
        }
    }
    let carrier = Carrier::parse(&upper("carrier")).ok();
    if carrier.is_none() {
        wrong("carrier", "programme-flight-carrier");
    }
    let class = BookingClass::parse(&upper("class")).ok();
    if class.is_none() {
        wrong("class", "programme-flight-class");
    }
    let day = asked.get("day").trim().parse::<NaiveDate>().ok();
    if day.is_none() {
        wrong("day", "programme-day-wrong");
    }
    let fare = asked.get("fare").trim();
    let fare_minor = Money::parse(fare, programme.currency).map(|money| money.minor);
    if fare_minor.is_none() && !fare.is_empty() {
        wrong("fare", "programme-flight-fare");
    }
    let km = kernel::airports::distance_km(&from, &to).map(|km| km.0);
    Some(Fact {
        flight_date: day?,
        flight_no: String::new(),
        origin: origin?,
        destination: destination?,
        market: market?,
        marketing: carrier?,
        operating: carrier?,
        booking_class: class?,
        flown_class: None,
        involuntary: false,
        cabin: CABINS.iter().find(|(name, _)| *name == asked.get("cabin")).map(|(_, it)| *it),
        tpm_miles: None,
        great_circle_km: km,
        fare_minor,
        surcharge_minor: 0,
        currency: programme.currency,
        ticket: Default::default(),
        status: Default::default(),
        coupon: None,
        booked_on: None,
        seat: true,
        claimed_on: None,
        credited_elsewhere: false,
    })
}

/// What an adult who has long been a member earns; registered for every promotion or for none.
fn ask(engine: &Engine, fact: &Fact, asked: &Fields) -> Accrued {
    let tier = asked.get("tier");
    let rows = engine.programme().accrual.promotions.iter().filter(|_| asked.has("registered"));
    let registered = rows.map(|row| Registered { row: row.id.clone(), on: fact.flight_date });
    let member = Member {
        number: String::new(),
        tier: engine.programme().rank(tier).unwrap_or(Rank(0)),
        birth_date: None,
        joined_on: fact.flight_date.checked_sub_months(Months::new(60)).unwrap_or(fact.flight_date),
        first_flight: false,
        registered: registered.collect(),
        used: Vec::new(),
    };
    engine.accrue(fact, &member)
}

fn side(ctx: &Ctx, title: String, engine: &Engine, accrued: &Accrued) -> Side {
    let amounts = accrued.amounts();
    let segments = ctx.dec(f64::from(i32::try_from(amounts.segments).unwrap_or(0)) / 100.0, 2);
    let qualifying = ctx.t2(
        "programme-flight-qualifying",
        "distance",
        ctx.num(amounts.distance),
        "segments",
        segments,
    );
    Side {
        title,
        miles: ctx.num(accrued.total(Measure::Redeemable)),
        qualifying,
        steps: say::accrued(engine.programme(), accrued, ctx.lang),
        refused: accrued.refused.is_some(),
    }
}

pub async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((code, id)): Path<(String, String)>,
) -> PageResult {
    let (version, text) = version(&ctx, &rooms, (&code, &id)).await?;
    let programme = Programme::from_toml(&text).map_err(Error::from)?;
    let query = Fields(web::url::pairs(&ctx.query));
    let asked = if query.has("day") { query } else { begin(&ctx, &programme) };
    let mut errors = Errors::none();
    let (mut sides, mut answer) = (Vec::new(), String::new());
    let fact = fact(&ctx, &asked, &programme, &mut errors);
    if let Some(fact) = fact.filter(|_| errors.is_empty()) {
        let force = rooms.loyalty.programme_on(&code, fact.flight_date).await;
        let mut miles = Vec::new();
        if let Ok(engine) = force {
            let number = engine.programme().version;
            let accrued = ask(&engine, &fact, &asked);
            miles.push(accrued.total(Measure::Redeemable));
            let title = ctx.t1("programme-flight-force", "n", number);
            sides.push(side(&ctx, title, &engine, &accrued));
        }
        match Engine::new(programme.clone()) {
            Ok(engine) => {
                let accrued = ask(&engine, &fact, &asked);
                miles.push(accrued.total(Measure::Redeemable));
                let title = ctx.t1("programme-flight-this", "n", version.version);
                sides.push(side(&ctx, title, &engine, &accrued));
            }
            Err(_) => errors.add("", ctx.t("programme-flight-errors")),
        }
        if let [before, after] = miles[..] {
            answer = match after - before {
                0 => ctx.t("programme-flight-same"),
                n if n > 0 => ctx.t1("programme-flight-more", "n", ctx.num(n)),
                n => ctx.t1("programme-flight-less", "n", ctx.num(-n)),
            };
        }
    }
    let tier =
        |it: &programme::document::Tier| (it.code.to_string(), it.name.get(ctx.lang).to_owned());
    let cabin =
        |(code, _): (&str, Cabin)| (code.to_owned(), ctx.t(&format!("programme-word-{code}")));
    let page = Page {
        head: Head::new(&ctx, &rooms, &version, &text, "flight").await?,
        tiers: programme.tiers.iter().map(tier).collect(),
        cabins: CABINS.map(cabin).to_vec(),
        errors: &errors,
        asked,
        sides,
        answer,
        ctx: &ctx,
    };
    let right = errors.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}
