//! Lists on both engines: every order, both directions, nulls, filters, cursors.
#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::NaiveDate;
use proptest::prelude::*;
use store::{Col, Migration, SqlBuilder, Tx, Value, sql};
use uuid::Uuid;

use super::query::{Asked, ListQuery, Place};
use super::spec::{BuiltIn, Column, ListSpec, Slot};
use super::sql::{self as lists, Today};
use super::{Node, Picked};
use crate::form::Fields;

const TABLE: Migration = Migration {
    name: "20260101_000000_list_test",
    text: "CREATE TABLE flyer (id UUID PRIMARY KEY, name TEXT NOT NULL, km BIGINT, share DOUBLE PRECISION,
           tier TEXT NOT NULL, gone BOOLEAN NOT NULL, joined DATE, seen TIMESTAMPTZ);
           CREATE TABLE flyer_tag (flyer UUID NOT NULL, name TEXT NOT NULL);",
};

const LIST: ListSpec = ListSpec {
    key: "flyers",
    title: "t",
    select: "p.id, p.name",
    from: "flyer p",
    base: "p.gone = FALSE",
    id: "p.id",
    columns: &[
        Column::text("name", "n", "p.name").sortable().not_null().slot(Slot::Lead),
        Column::number("km", "k", "p.km").sortable(),
        Column::decimal("share", "s", "p.share").sortable(),
        Column::choice("tier", "t", "p.tier", &[("gold", "g"), ("silver", "s")]).not_null(),
        Column::bool("gone", "g", "p.gone").not_null(),
        Column::date("joined", "j", "p.joined").sortable(),
        Column::time("seen", "e", "p.seen").sortable(),
        Column::text("tag", "t", "t.name")
            .only_filter()
            .exists("EXISTS (SELECT 1 FROM flyer_tag t WHERE t.flyer = p.id AND {})"),
    ],
    sort: "-km",
    views: &[BuiltIn { key: "all", label: "a", query: "" }],
    search: None,
    count_cap: 1000,
    covering: None,
};

#[derive(sqlx::FromRow)]
struct Flyer {
    id: Uuid,
    name: String,
}

fn today() -> Today {
    Today { date: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), zone: chrono_tz::Asia::Shanghai }
}

/// 25 flyers; every fifth has no kilometres, many share a value.
async fn fill(tx: &mut Tx) {
    let columns = [
        Col::uuid("id"),
        Col::text("name"),
        Col::i64("km"),
        Col::f64("share"),
        Col::text("tier"),
        Col::bool("gone"),
        Col::date("joined"),
        Col::time("seen"),
    ];
    let rows = (0..25_i64).map(|n| {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
            - chrono::Days::new(n.unsigned_abs() * 10);
        vec![
            Value::from(Uuid::from_u128(u128::from(n.unsigned_abs()) * 7919 % 1009)),
            Value::from(format!("Name {:02} 100%_\\", n % 10)),
            Value::Int((n % 5 != 0).then_some(n / 3 * 1000)),
            Value::Float((n % 4 != 0).then_some(f64::from(i32::try_from(n).unwrap()) / 8.0)),
            Value::from(if n % 2 == 0 { "gold" } else { "silver" }),
            Value::from(n == 24),
            Value::Date((n % 6 != 0).then_some(day)),
            Value::Time((n % 7 != 0).then_some(day.and_hms_opt(20, 0, 0).unwrap().and_utc())),
        ]
    });
    tx.bulk("flyer", &columns, rows.collect(), "").await.unwrap();
    tx.exec(
        sql("INSERT INTO flyer_tag (flyer, name) SELECT id, 'VIP' FROM flyer WHERE tier = $1")
            .bind("gold"),
    )
    .await
    .unwrap();
}

fn parse(text: &str) -> ListQuery {
    ListQuery::parse(text, &LIST).unwrap().0
}

async fn walk(tx: &mut Tx, query: &ListQuery) -> (Vec<Uuid>, Vec<Uuid>) {
    let (mut there, mut back) = (Vec::new(), Vec::new());
    let mut query = query.clone();
    loop {
        let page = lists::fetch::<Flyer>(tx, &LIST, &query, None, today()).await.unwrap();
        there.extend(page.rows.iter().map(|row| row.id));
        match page.rows.last().filter(|_| page.more_after) {
            Some(last) => query.place = Place::After(last.id),
            None => break,
        }
    }
    let Some(last) = there.last() else { return (there, back) };
    query.place = Place::Before(*last);
    back.push(*last);
    loop {
        let page = lists::fetch::<Flyer>(tx, &LIST, &query, None, today()).await.unwrap();
        back.extend(page.rows.iter().rev().map(|row| row.id));
        match page.rows.first().filter(|_| page.more_before) {
            Some(first) => query.place = Place::Before(first.id),
            None => break,
        }
    }
    back.reverse();
    (there, back)
}

#[tokio::test]
async fn pages_join_without_gap_or_repeat_in_both_directions() {
    store::testing::both(&[&[TABLE]], async |db| {
        let mut tx = db.begin().await.unwrap();
        fill(&mut tx).await;
        for sort in
            ["name", "-name", "km", "-km", "share", "-share", "joined", "-joined", "seen", "-seen"]
        {
            let query = parse(&format!("sort={sort}&n=4"));
            let (there, back) = walk(&mut tx, &query).await;
            let mut unique = there.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!((there.len(), unique.len()), (24, 24), "{sort}");
            assert_eq!(there, back, "{sort} backwards");
        }
    })
    .await;
}

#[tokio::test]
async fn rows_without_a_value_come_last_either_way() {
    store::testing::both(&[&[TABLE]], async |db| {
        let mut tx = db.begin().await.unwrap();
        fill(&mut tx).await;
        for sort in ["km", "-km"] {
            let query = parse(&format!("sort={sort}&n=200"));
            let page = lists::fetch::<Flyer>(&mut tx, &LIST, &query, None, today()).await.unwrap();
            let ids: Vec<Uuid> = page.rows.iter().map(|row| row.id).collect();
            let mut nothing = SqlBuilder::new("SELECT id FROM flyer WHERE km IS NULL AND id IN ");
            nothing.bind_list(ids[ids.len() - 5..].iter().copied());
            assert_eq!(tx.values::<Uuid>(nothing.build()).await.unwrap().len(), 5, "{sort}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_operator_counts_the_same_on_both_engines() {
    let cases = [
        ("", 24),
        ("tier:in:gold", 12),
        ("tier:out:gold", 12),
        ("km:gte:3000", 12),
        ("km:not:0", 22),
        ("km:between:1000|2000", 5),
        ("km:empty", 5),
        ("km:filled", 19),
        ("name:has:100!%", 24),
        ("name:has:%", 24),
        ("name:has:_x", 0),
        ("name:starts:name 0", 24),
        ("name:is:NAME 01 100%_\\", 3),
        ("joined:last:30", 3),
        ("joined:older:200", 3),
        ("joined:empty", 4),
        ("seen:is:2026-11-13", 1),
        ("tag:is:vip", 12),
        ("tag:empty", 12),
        ("tag:not:vip", 12),
        ("gone:no", 24),
        ("gone:yes", 0),
        ("(tier:in:gold,km:gte:6000);joined:filled", 11),
        ("share:gt:2.5", 3),
    ];
    store::testing::both(&[&[TABLE]], async |db| {
        let mut tx = db.begin().await.unwrap();
        fill(&mut tx).await;
        for (text, expected) in cases {
            let filter = Node::parse(text, &LIST).unwrap();
            let query = ListQuery { filter, ..ListQuery::usual(&LIST) };
            let count = lists::count(&mut tx, &LIST, &query, None, today(), None).await.unwrap();
            assert_eq!(count, expected, "{text} on {}", store::testing::name_of(&db));
        }
    })
    .await;
}

#[tokio::test]
async fn a_selection_counts_only_what_the_list_may_show() {
    store::testing::both(&[&[TABLE]], async |db| {
        let mut tx = db.begin().await.unwrap();
        fill(&mut tx).await;
        let all: Vec<Uuid> = tx.values(sql("SELECT id FROM flyer")).await.unwrap();
        let ids = Picked::Ids(all);
        assert_eq!(
            ids.count(&mut tx, &LIST, None, today()).await.unwrap(),
            24,
            "the trashed one is left out"
        );
        let mut scope = SqlBuilder::new("p.tier = ");
        scope.bind("gold");
        let query = Picked::Query("f=km:filled".to_owned());
        let count = query.count(&mut tx, &LIST, Some(&scope), today()).await.unwrap();
        assert_eq!(count, 9);
    })
    .await;
}

#[tokio::test]
async fn a_jump_begins_where_the_column_reaches_it() {
    store::testing::both(&[&[TABLE]], async |db| {
        let mut tx = db.begin().await.unwrap();
        fill(&mut tx).await;
        let cases = [
            ("sort=-km&from=3000", 14),
            ("sort=km&from=3000", 17),
            ("sort=km&from=many", 24),
            ("sort=name&from=Name%2008", 4),
            ("sort=-name&from=Name%2001", 6),
            ("sort=-joined&from=2026-09-01", 17),
        ];
        for (text, expected) in cases {
            let query = parse(&format!("{text}&n=200"));
            let page = lists::fetch::<Flyer>(&mut tx, &LIST, &query, None, today()).await.unwrap();
            assert_eq!(page.rows.len(), expected, "{text} on {}", store::testing::name_of(&db));
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_somebody_made_up_leads_to_the_beginning() {
    store::testing::both(&[&[TABLE]], async |db| {
        let mut tx = db.begin().await.unwrap();
        fill(&mut tx).await;
        let first =
            lists::fetch::<Flyer>(&mut tx, &LIST, &parse("n=3"), None, today()).await.unwrap();
        for made_up in
            ["after=00000000-0000-0000-0000-0000000fffff", "after=1%27%20OR%201=1", "before=x"]
        {
            let query = parse(&format!("n=3&{made_up}"));
            let page = lists::fetch::<Flyer>(&mut tx, &LIST, &query, None, today()).await.unwrap();
            assert_eq!(page.rows[0].id, first.rows[0].id);
            assert_eq!(page.rows[0].name, first.rows[0].name);
        }
    })
    .await;
}

#[test]
fn a_condition_is_added_changed_joined_and_taken_away() {
    let apply = |query: ListQuery, form: &str| {
        query.apply(&Fields(crate::url::pairs(form)), &LIST).unwrap()
    };
    let (query, asked) = apply(ListQuery::usual(&LIST), "set=new.km&op=gte&v=100&v=7");
    assert_eq!(asked, Asked::Changed);
    let (query, _) = apply(query, "set=new.tier&op=in&v=gold&v=silver");
    assert_eq!(query.filter.as_ref().unwrap().to_text(), "km:gte:100;tier:in:gold|silver");
    let (query, _) = apply(query, "set=new.joined@1&op=last&days=30");
    assert_eq!(
        query.filter.as_ref().unwrap().to_text(),
        "km:gte:100;(tier:in:gold|silver,joined:last:30)"
    );
    let (query, _) = apply(query, "set=1.0&op=out&v=gold");
    assert_eq!(
        query.filter.as_ref().unwrap().to_text(),
        "km:gte:100;(tier:out:gold,joined:last:30)"
    );
    let left = query.filter.clone().unwrap().without(&[1, 1]).unwrap();
    assert_eq!(left.to_text(), "km:gte:100;tier:out:gold");
    assert!(left.without(&[0]).unwrap().without(&[]).is_none());
    let (_, asked) = apply(query, "set=0&op=gte&v=many");
    assert!(matches!(asked, Asked::Wrong(_)));
}

#[test]
fn links_say_the_whole_view_and_nothing_that_is_usual() {
    let query = parse("f=km:gte:10&sort=name&col=km&col=name&n=20&view=all");
    let link = query.link(&LIST, Place::First, &[]);
    assert_eq!(link, "f=km:gte:10&sort=name&cols=km,name&n=20&view=all");
    assert_eq!(parse(&link).saved_text(&LIST), query.saved_text(&LIST));
    assert_eq!(ListQuery::usual(&LIST).link(&LIST, Place::First, &[]), "");
}

#[test]
fn hostile_filters_are_refused_with_a_place() {
    for text in [
        "km",
        "km:gte",
        "km:gte:1,tier:in:gold;gone:no",
        "(km:gte:1",
        "km:gte:1)",
        "x:is:1",
        "km:has:1",
        "km:gte:1;",
        "km:gte:9999999999999999999",
        "joined:is:2026-02-30",
        "tier:in:lead",
        "km:gte:!",
    ] {
        assert!(Node::parse(text, &LIST).is_err(), "{text}");
    }
    let deep = format!("{}km:gte:1{}", "(".repeat(50), ")".repeat(50));
    assert!(Node::parse(&deep, &LIST).is_err());
    let long = vec!["km:gte:1"; 500].join(";");
    assert!(Node::parse(&long, &LIST).is_err());
}

fn node() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        "[ -~周é]{1,12}".prop_map(|v| {
            let mut out = "name:is:".to_owned();
            for c in v.chars() {
                if "!;,()|:".contains(c) {
                    out.push('!');
                }
                out.push(c);
            }
            out
        }),
        any::<i64>().prop_map(|n| format!("km:gte:{n}")),
        Just("km:empty".to_owned()),
    ];
    one.prop_recursive(3, 16, 4, |inner| {
        (prop::collection::vec(inner, 2..4), any::<bool>())
            .prop_map(|(parts, and)| format!("({})", parts.join(if and { ";" } else { "," })))
    })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_but_never_more(text in ".{0,200}") {
        let _read = Node::parse(&text, &LIST);
        let _query = ListQuery::parse(&text, &LIST);
    }

    #[test]
    fn what_is_written_is_read_back(text in node()) {
        if let Ok(Some(tree)) = Node::parse(&text, &LIST) {
            let again = Node::parse(&tree.to_text(), &LIST).unwrap().unwrap();
            prop_assert_eq!(&again, &tree);
        }
    }
}
