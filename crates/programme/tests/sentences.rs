//! What members read: whole sentences, held word by word.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use chrono::NaiveDate;
use kernel::{Currency, Lang, Period};
use programme::accrual::{Coupon, Fact, Member};
use programme::document::{Cabin, Market, Rank};
use programme::entitlement::{Because, Flight, Used};
use programme::qualify::{Activity, Outlook, Scratch, Standing, Trip};
use programme::{
    Amounts, BookingClass, Carrier, Engine, Percent, Programme, Station, examples, say,
};

fn engine(text: &str) -> Engine {
    Engine::new(Programme::from_toml(text).unwrap()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn fact() -> Fact {
    Fact {
        flight_date: day("2026-04-10"),
        flight_no: "1419".into(),
        origin: Station::parse("TFU").unwrap(),
        destination: Station::parse("HGH").unwrap(),
        market: Market::between("TFU", "HGH").unwrap(),
        marketing: Carrier::parse("JB").unwrap(),
        operating: Carrier::parse("JB").unwrap(),
        booking_class: BookingClass::parse("K").unwrap(),
        flown_class: None,
        involuntary: false,
        cabin: Some(Cabin::Economy),
        tpm_miles: Some(1_050),
        great_circle_km: Some(1_690),
        fare_minor: Some(89_050),
        surcharge_minor: 0,
        currency: Currency::CNY,
        ticket: Default::default(),
        status: Default::default(),
        coupon: Some(Coupon { ticket: "0001234567890".into(), number: 1 }),
        booked_on: None,
        seat: true,
        claimed_on: None,
        credited_elsewhere: false,
    }
}

fn member(tier: u8) -> Member {
    Member {
        number: "6218045737".into(),
        tier: Rank(tier),
        birth_date: None,
        joined_on: day("2020-01-01"),
        first_flight: false,
        registered: vec![],
        used: vec![],
    }
}

#[test]
fn a_posting_explains_itself() {
    let engine = engine(examples::BRIDGE_KM);
    let accrued = engine.accrue(&fact(), &member(1));
    assert_eq!(accrued.key, "coupon:0001234567890/1");
    assert_eq!(
        say::accrued(engine.programme(), &accrued, Lang::En),
        [
            "Flown and sold by JB: the table of JB holds [jb].",
            "Class K, economy: 25% of the distance and 0.25 qualifying segments [dom-lak].",
            "Distance 1,050 miles (ticketed point mileage) = 1,690 km.",
            "Award: 1,690 × 25% = 423 km.",
            "The award is raised to the minimum: 423 → 500 km [min-back].",
            "Silver bonus: 25% of the award, 500 × 25% = 125 km [bonus-silver].",
            "Counts for tiers: 500 km of qualifying distance, 0.25 qualifying segments, CNY 890.50 \
             of qualifying spend and 500 km towards a lifetime.",
            "Chengdu–Hangzhou bonus: 500 km [tfu-hgh].",
        ]
    );
    assert_eq!(
        say::accrued(engine.programme(), &accrued, Lang::ZhCn),
        [
            "JB 销售并承运：适用 JB 的累积表〔jb〕。",
            "K 舱（经济舱）：按航距的 25% 累积，计 0.25 个定级航段〔dom-lak〕。",
            "航距 1,050 英里（客票点里程 TPM）= 1,690 公里。",
            "累积：1,690 × 25% = 423 公里。",
            "累积额不足最低标准，按最低标准计：423 → 500 公里〔min-back〕。",
            "银卡奖励：累积里程的 25%，500 × 25% = 125 公里〔bonus-silver〕。",
            "计入定级：500 公里定级里程、0.25 个定级航段、CNY 890.50 定级消费和 500 公里终身里程。",
            "“成都—杭州航线奖励”：500 公里〔tfu-hgh〕。",
        ]
    );
}

#[test]
fn a_refusal_explains_itself() {
    let engine = engine(examples::BRIDGE_KM);
    let mut fact = fact();
    fact.coupon = None;
    fact.claimed_on = Some(day("2026-10-11"));
    let accrued = engine.accrue(&fact, &member(0));
    assert_eq!(accrued.key, "flight:6218045737/JB1419/2026-04-10/TFU-HGH");
    let said = |lang| say::accrued(engine.programme(), &accrued, lang);
    assert_eq!(said(Lang::En), ["Nothing earned: it could be claimed until 10 Oct 2026."]);
    assert_eq!(said(Lang::ZhCn), ["未累积：补登截止于 2026年10月10日。"]);
}

#[test]
fn the_coach_and_decisions_speak() {
    let engine = engine(examples::BRIDGE_KM);
    let p = engine.programme();
    let mut standing = Standing::new(day("2020-01-01"));
    (standing.tier, standing.valid_to) = (Rank(2), Some(day("2026-06-30")));
    let flown = Amounts { distance: 64_000, segments: 3_050, ..Amounts::ZERO };
    let activity = [Activity::new(day("2025-09-01"), flown)];
    let trip = |label: &str, distance, segments, cost| Trip {
        label: label.into(),
        amounts: Amounts { distance, segments, ..Amounts::ZERO },
        cost_minor: Some(cost),
    };
    let trips = [trip("TFU–HGH return", 3_400, 200, 240_000), trip("TFU–SIN", 3_200, 100, 90_000)];
    let today = day("2026-03-01");
    let outlook =
        Outlook { standing: &standing, activity: &activity, booked: &[], trips: &trips, today };
    let advice = engine.advise(&outlook).unwrap();
    assert_eq!(advice.predicted, Rank(1));
    assert_eq!(
        say::advice(p, &advice, &trips, Lang::En),
        [
            "To keep Gold: 5.5 qualifying segments, or 6,000 km of qualifying distance more, flown \
             by 31 May 2026 and in the account by 30 Jun 2026.",
            "Enough would be 2 × TFU–SIN (about CNY 1,800); or 1 × TFU–HGH return + 1 × TFU–SIN \
             (about CNY 3,300); or 2 × TFU–HGH return (about CNY 4,800).",
            "Without further flights: Gold not renewed; Silver from 1 Jul 2026 until 30 Jun 2027: \
             64,000 km of qualifying distance and 30.5 qualifying segments from 1 Jun 2025 to 31 \
             May 2026 [renew-gold-2026].",
        ]
    );
    assert_eq!(
        say::advice(p, &advice, &trips, Lang::ZhCn)[0],
        "保住金卡还需 5.5 个定级航段；或 6,000 公里定级里程，须于 2026年5月31日 前（含）乘机、2026年6月30日 \
         前（含）入账。"
    );
    let booked = [Activity::new(day("2026-05-31"), trips[0].amounts.times(2))];
    let advice = engine.advise(&Outlook { booked: &booked, ..outlook }).unwrap();
    assert_eq!((advice.predicted, advice.stages.len()), (Rank(2), 0));
    let said = say::advice(p, &advice, &trips, Lang::En);
    assert_eq!(said, ["With what is booked you have enough for Gold."]);
}

#[test]
fn the_cliff_has_stages() {
    let engine = engine(examples::BRIDGE_KM);
    let standing = Standing::new(day("2020-01-01"));
    let km = |on: &str, distance| Activity::new(day(on), Amounts { distance, ..Amounts::ZERO });
    let activity = [km("2025-04-10", 20_000), km("2025-08-20", 15_000)];
    let today = day("2026-03-01");
    let advice = engine
        .advise(&Outlook {
            standing: &standing,
            activity: &activity,
            booked: &[],
            trips: &[],
            today,
        })
        .unwrap();
    let missing: Vec<(Option<NaiveDate>, i64)> = advice
        .stages
        .iter()
        .map(|stage| (stage.until, stage.missing.iter().map(|m| m.distance).max().unwrap()))
        .collect();
    // 40,000 − 35,000; without the first flight 40,000 − 15,000; without both 40,000.
    assert_eq!(
        missing,
        [(Some(day("2026-04-09")), 5_000), (Some(day("2026-08-19")), 25_000), (None, 40_000)]
    );
    let graph: Vec<(NaiveDate, i64)> =
        advice.graph.iter().map(|point| (point.on, point.have.distance)).collect();
    assert_eq!(
        graph,
        [
            (day("2025-03-01"), 0),
            (day("2025-04-10"), 20_000),
            (day("2025-08-20"), 35_000),
            (day("2026-03-01"), 35_000),
            (day("2026-04-10"), 15_000),
            (day("2026-08-20"), 0),
        ]
    );
}

#[test]
fn challenges_are_won_within_their_days() {
    let engine = engine(examples::BRIDGE_KM);
    let start = day("2026-01-01");
    let on =
        |text: &str| vec![Activity::new(day(text), Amounts { distance: 20_000, ..Amounts::ZERO })];
    // 90 days from 1 January, that day counted, end on 31 March.
    let of = |activity: &[Activity], today: &str| {
        engine.challenge("challenge-gold", start, activity, day(today)).unwrap()
    };
    let won = of(&on("2026-03-31"), "2026-05-01");
    assert_eq!(won.won_on, Some(day("2026-03-31")));
    assert_eq!(won.grant.unwrap().valid_to, Some(day("2027-02-28")));
    let lost = of(&on("2026-04-01"), "2026-05-01");
    assert_eq!((lost.won_on, lost.grant), (None, None));
    let held = of(&[], "2026-03-31").grant.unwrap();
    assert_eq!((held.tier, held.valid_to), (Rank(2), Some(day("2026-03-31"))));
    assert!(engine.challenge("none", start, &[], start).is_none());
}

#[test]
fn entitlements_say_why() {
    let engine = engine(examples::BRIDGE_KM);
    let mut standing = Standing::new(day("2020-01-01"));
    (standing.tier, standing.since) = (Rank(3), day("2026-01-01"));
    let jb = Carrier::parse("JB").unwrap();
    let departs = "2026-04-10T08:00:00Z".parse().unwrap();
    let flight = Flight {
        day: day("2026-04-10"),
        departs,
        marketing: jb,
        operating: jb,
        market: Market::Domestic,
        cabin: Cabin::Business,
    };
    let used = |benefit: &str, on: &str, count| Used {
        benefit: benefit.into(),
        on: day(on),
        this_flight: false,
        count,
    };
    let used = [used("limousine", "2026-01-05", 3), used("limousine", "2025-12-31", 4)];
    let ask = |now: &str, flight: &Flight, used: &[Used], chosen: &[programme::Id]| {
        let all = engine.entitlements(&standing, flight, now.parse().unwrap(), used, chosen);
        move |benefit: &str| all.iter().find(|one| one.benefit == *benefit).unwrap().clone()
    };
    let early = ask("2026-04-08T08:00:00Z", &flight, &used, &[]);
    assert!(early("seat-held").granted, "48 hours before is not too late");
    assert_eq!(early("limousine").remaining, Some(1), "last year's are not counted");
    assert_eq!(early("upgrade-voucher").because, Because::NotChosen);
    assert_eq!(early("baggage-20").because, Because::TierLacks);
    assert_eq!(early("guaranteed-seat").because, Because::OtherCabin);
    assert_eq!(early("lounge").companions, 1);
    let late = ask("2026-04-08T08:00:01Z", &flight, &used, &["upgrade-voucher".into()]);
    assert_eq!(late("seat-held").because, Because::TooLate);
    assert_eq!(late("upgrade-voucher").because, Because::Chosen);
    let zj = Carrier::parse("ZJ").unwrap();
    let partner = Flight { operating: zj, marketing: zj, ..flight };
    let all = [used[0].clone(), used[0].clone()];
    let there = ask("2026-04-01T08:00:00Z", &partner, &all, &[]);
    assert_eq!(there("limousine").because, Because::OtherAirline);
    let there = ask("2026-04-01T08:00:00Z", &flight, &all, &[]);
    assert_eq!(
        (there("limousine").because, there("limousine").remaining),
        (Because::UsedUp, Some(0))
    );
    let spend = |minor| {
        let amounts = Amounts { spend: minor, ..Amounts::ZERO };
        let activity = [Activity::new(day("2026-02-01"), amounts)];
        engine.milestones(&standing, &activity, day("2026-03-01"))[0].reached
    };
    assert!(spend(30_000_000) && !spend(29_999_999));
}

/// The time machine's question: the same activity under changed rules.
#[test]
fn a_draft_decides_otherwise() {
    let mut draft = Programme::from_toml(examples::BRIDGE_KM).unwrap();
    let today = engine(examples::BRIDGE_KM);
    for row in &mut draft.accrual.classes {
        if row.id == "dom-lak" {
            row.factor = Percent(5_000);
        }
    }
    draft.version += 1;
    let draft = Engine::new(draft).unwrap();
    let earned = |engine: &Engine| engine.accrue(&fact(), &member(0));
    assert_eq!(earned(&today).amounts().distance, 500);
    assert_eq!(earned(&draft).amounts().distance, 845);
    assert_eq!(earned(&draft).version, earned(&today).version + 1);
    let tier = |engine: &Engine| {
        let one = Activity::new(day("2026-04-10"), earned(engine).amounts());
        let activity = vec![one; 48];
        let (mut standing, mut decisions) = (Standing::new(day("2020-01-01")), Vec::new());
        let span = Period { from: day("2026-04-01"), to: day("2026-04-30") };
        engine.evaluate(&mut standing, &activity, span, &mut Scratch::default(), &mut decisions);
        standing.tier
    };
    // 48 × 500 = 24,000 km and 12 segments; 48 × 845 = 40,560 km.
    assert_eq!((tier(&today), tier(&draft)), (Rank(0), Rank(1)));
}
