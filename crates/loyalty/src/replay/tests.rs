#![allow(clippy::unwrap_used, reason = "tests")]
use std::collections::BTreeMap;

use access::Role;
use chrono::{Days, Duration};
use programme::Measure;
use programme::accrual::{Fact, Member};
use programme::document::Rank;
use programme::examples::BRIDGE_KM;
use programme::qualify::{Activity, Scratch, Standing};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use store::jobs::{Handlers, Status, Worker};
use web::testing::House;

use super::*;
use crate::MemberId;
use crate::accrual::FlownFact;
use crate::programmes::Draft;
use crate::testing::{actor, approve, both, flight, flyer, service};

/// Members.
const BASE: usize = 23;
/// Months of flights.
const MONTHS: u64 = 20;

/// Half the miles in business, and more to fly for silver.
fn harder() -> String {
    BRIDGE_KM
        .replace("version = 7\n", "version = 8\n")
        .replace("factor = \"300%\"", "factor = \"150%\"")
        .replace("factor = \"100%\"", "factor = \"120%\"")
        .replace("months_from_month_end = 36", "months_from_month_end = 6")
}

struct Base {
    loyalty: Loyalty,
    one: Actor,
    /// Facts of each with the day they were told.
    told: BTreeMap<MemberId, Vec<(NaiveDate, Fact)>>,
    joined: NaiveDate,
    before: VersionId,
    after: VersionId,
}

impl Base {
    async fn new(house: &House) -> Self {
        let loyalty = service(house).await;
        let before = approve(house, &loyalty, BRIDGE_KM, "2024-01-01".parse().unwrap()).await;
        let one = actor(house, Role::Loyalty).await;
        let mut told = BTreeMap::new();
        for at in 0..BASE {
            let name = format!("会员{at}");
            told.insert(flyer(&loyalty, &one, "bridge-km", &name).await, Vec::new());
        }
        let joined = loyalty.today();
        let mut base = Self { loyalty, one, told, joined, before, after: before };
        base.fly(house).await;
        let text = harder();
        let draft = Draft { text, valid_from: base.loyalty.today(), note: String::new() };
        base.after = base.loyalty.draft_programme(&base.one, draft).await.unwrap().id;
        base
    }

    /// Every thirty days what was flown in them is told; some fly seldom, some often.
    async fn fly(&mut self, house: &House) {
        let mut dice = ChaCha8Rng::seed_from_u64(7);
        let mut serial = 0_i64;
        for _ in 0..MONTHS {
            let begin = self.loyalty.today();
            house.clock.advance(Duration::days(30));
            let today = self.loyalty.today();
            let mut facts = Vec::new();
            for (at, (member, told)) in self.told.iter_mut().enumerate() {
                for _ in 0..dice.random_range(0..=at / 5) {
                    serial += 1;
                    let class = ["J", "Y", "M", "K", "X"][dice.random_range(0..5_usize)];
                    let on = begin + Days::new(dice.random_range(0..30));
                    let fact = flight(on, class, dice.random_range(800..6_000));
                    let key = format!("coupon:{serial}/1");
                    let (member, revision) = (Some(*member), 1);
                    facts.push(FlownFact { key, revision, member, fact: Some(fact.clone()) });
                    told.push((today, fact));
                }
            }
            self.loyalty.accrue(facts).await.unwrap();
            self.loyalty.evaluate_tiers().await.unwrap();
        }
    }

    fn asked(&self) -> Asked {
        let (from, to) = (self.joined + Days::new(200), self.loyalty.today());
        let span = Period { from, to };
        Asked { before: self.before, after: self.after, span, minor_per_thousand: 4_000 }
    }

    async fn run(&self, house: &House) -> Replay {
        let id = self.loyalty.start_replay(&self.one, &self.asked()).await.unwrap().into_inner();
        work(house, &self.loyalty).await;
        self.loyalty.replay(&self.one, id).await.unwrap().0
    }
}

async fn work(house: &House, loyalty: &Loyalty) {
    let mut handlers = Handlers::default();
    let service = loyalty.clone();
    handlers.add(REPLAY_JOB, move |job| {
        let service = service.clone();
        async move { service.run_replay(job).await }
    });
    Worker::new(loyalty.db().clone(), house.clock.clone(), handlers, 1).drain().await.unwrap();
}

/// One day after the other, one flight after the other: what a member holds at the end, what was
/// earned by flight in the span, and what of it is still valid.
struct Walked {
    tier: Rank,
    earned: Vec<(NaiveDate, i64)>,
    outstanding: i64,
}

fn walk(
    told: &[(NaiveDate, Fact)],
    joined: NaiveDate,
    rules: [&Engine; 2],
    span: Period,
) -> Walked {
    let born = "1980-05-01".parse().ok();
    let mut standing = Standing { birth_date: born, ..Standing::new(joined) };
    let (mut activity, mut earned, mut outstanding) = (Vec::new(), Vec::new(), 0);
    for on in joined.iter_days().take_while(|on| *on <= span.to) {
        let engine = rules[usize::from(on >= span.from)];
        let member = Member {
            number: String::new(),
            tier: standing.tier,
            birth_date: born,
            joined_on: joined,
            first_flight: false,
            registered: Vec::new(),
            used: Vec::new(),
        };
        for (posted, fact) in told.iter().filter(|(_, fact)| fact.flight_date == on) {
            let accrued = engine.accrue(fact, &member);
            activity.push(Activity { on, posted: *posted, amounts: accrued.amounts() });
            let miles = accrued.total(Measure::Redeemable);
            if on < span.from {
                continue;
            }
            earned.push((on, miles));
            let row = engine.programme().expiry_row(standing.tier, *posted).unwrap();
            let last = row.policy.last_day(*posted, None);
            outstanding += if last.is_none_or(|last| last > span.to) { miles } else { 0 };
        }
        let day = Period { from: on, to: on };
        let (mut room, mut found) = (Scratch::default(), Vec::new());
        engine.evaluate(&mut standing, &activity, day, &mut room, &mut found);
    }
    Walked { tier: standing.tier, earned, outstanding }
}

#[tokio::test]
async fn the_base_at_once_is_one_member_after_the_other() {
    both(async |house| {
        let base = Base::new(&house).await;
        let replay = base.run(&house).await;
        assert_eq!(replay.versions.map(|(_, number)| number), [7, 8]);
        let tally = replay.tally.unwrap();
        let engine = |text: &str| Engine::new(Programme::from_toml(text).unwrap()).unwrap();
        let (old, new) = (engine(BRIDGE_KM), engine(&harder()));
        let span = base.asked().span;
        let (mut issued, mut outstanding) = ([0; 2], [0; 2]);
        let mut months: BTreeMap<NaiveDate, [i64; 2]> = BTreeMap::new();
        let mut matrix = vec![vec![0_u64; 5]; 5];
        let mut losses = Vec::new();
        for (member, told) in &base.told {
            let walked = [&old, &new].map(|rules| walk(told, base.joined, [&old, rules], span));
            let mut miles = [0; 2];
            for (side, walked) in walked.iter().enumerate() {
                for (on, earned) in &walked.earned {
                    miles[side] += earned;
                    if *earned > 0 {
                        let month = kernel::dates::month_start(*on);
                        months.entry(month).or_default()[side] += earned;
                    }
                }
                issued[side] += miles[side];
                outstanding[side] += walked.outstanding;
            }
            let tiers = [walked[0].tier.0, walked[1].tier.0];
            matrix[usize::from(tiers[0])][usize::from(tiers[1])] += 1;
            let tiers_lost = i64::from(tiers[0]) - i64::from(tiers[1]);
            if tiers_lost > 0 || (tiers_lost == 0 && miles[1] < miles[0]) {
                losses.push(Minding { member: member.uuid(), tiers, tiers_lost, miles });
            }
        }
        losses.sort_by_key(|one| (-one.tiers_lost, one.miles[1] - one.miles[0], one.member));
        assert_eq!(tally.members, u64::try_from(BASE).unwrap());
        assert_eq!(tally.matrix, matrix);
        assert_eq!((tally.issued, tally.outstanding), (issued, outstanding));
        assert_eq!(tally.months, months);
        assert_eq!(tally.minding, losses);
        assert!(tally.moved[1] > 0 && tally.moved[1] < tally.members, "{tally:?}");
        assert!(tally.richer.iter().all(|n| *n > 0), "{tally:?}");
        assert!(tally.outstanding[1] < tally.issued[1], "some expired: {tally:?}");
        let named = base.loyalty.minding(&base.one, &replay_of(&base).await, true).await.unwrap();
        assert!(named.iter().all(|one| !one.number.is_empty() && one.name.is_some()));
    })
    .await;
}

async fn replay_of(base: &Base) -> Replay {
    let mut all = base.loyalty.replays(&base.one, "bridge-km").await.unwrap();
    all.remove(0).0
}

#[tokio::test]
async fn one_that_was_killed_goes_on_and_a_second_click_is_the_same() {
    both(async |house| {
        let base = Base::new(&house).await;
        let begun = base.loyalty.start_replay(&base.one, &base.asked()).await.unwrap();
        let again = base.loyalty.start_replay(&base.one, &base.asked()).await.unwrap();
        assert!(!begun.is_repeat() && again.is_repeat());
        let id = begun.into_inner();
        assert_eq!(again.into_inner(), id);
        // As if eleven members had been looked at, with a thousand more that are not there.
        let eleventh = base.told.keys().nth(10).unwrap().uuid();
        let engine =
            |text: &str| Arc::new(Engine::new(Programme::from_toml(text).unwrap()).unwrap());
        let pair = Pair::new([engine(BRIDGE_KM), engine(&harder())], base.asked().span);
        let tally = Tally { members: 1_011, ..Tally::new(&pair) };
        let reached = json!(Reached { after: eleventh, tally });
        let mut tx = base.loyalty.db().begin().await.unwrap();
        let statement = "UPDATE job SET checkpoint = $2 WHERE id = $1";
        tx.exec(sql(statement).bind(id.uuid()).bind(reached)).await.unwrap();
        tx.commit().await.unwrap();
        work(&house, &base.loyalty).await;
        let (replay, job) = base.loyalty.replay(&base.one, id).await.unwrap();
        assert_eq!(job.unwrap().status, Status::Done);
        assert_eq!(replay.tally.unwrap().members, 1_000 + u64::try_from(BASE).unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_and_a_draft_that_changed_is_noticed() {
    both(async |house| {
        let base = Base::new(&house).await;
        let (loyalty, one) = (&base.loyalty, &base.one);
        let agent = actor(&house, Role::Agent).await;
        let denied = loyalty.start_replay(&agent, &base.asked()).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
        let asked = base.asked();
        let backwards = Period { from: asked.span.to, to: asked.span.from };
        let dear = Asked { minor_per_thousand: -1, ..asked.clone() };
        for wrong in [Asked { span: backwards, ..asked.clone() }, dear] {
            let refused = loyalty.start_replay(one, &wrong).await;
            assert!(matches!(refused, Err(Error::Invalid(_))));
        }
        let missing = Asked { after: VersionId::new(loyalty.now()), ..asked.clone() };
        let missing = loyalty.start_replay(one, &missing).await;
        assert!(matches!(missing, Err(Error::NotFound("version"))));
        let id = loyalty.start_replay(one, &asked).await.unwrap().into_inner();
        let text = harder().replace("factor = \"120%\"", "factor = \"130%\"");
        let draft = Draft { text, valid_from: loyalty.today(), note: String::new() };
        loyalty.draft_programme(one, draft).await.unwrap();
        work(&house, loyalty).await;
        let (replay, job) = loyalty.replay(one, id).await.unwrap();
        let failure = job.unwrap().failure.unwrap();
        assert_eq!((replay.tally, failure.code.as_str()), (None, "loyalty-replay-changed"));
        let id = loyalty.start_replay(one, &asked).await.unwrap().into_inner();
        assert!(loyalty.stop_replay(one, id).await.unwrap());
        assert!(!loyalty.stop_replay(one, id).await.unwrap(), "a second click");
        let (_, job) = loyalty.replay(one, id).await.unwrap();
        assert_eq!(job.unwrap().status, Status::Cancelled);
    })
    .await;
}
