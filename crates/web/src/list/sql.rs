//! From a view to SQL, for both engines. Column expressions are program text, values are bound.
//!
//! Pages are found by keyset: the cursor is the id of a row, and the value it is sorted by is looked
//! up, so no personal value stands in a link and inserting rows in between repeats or loses none.

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use store::{Row, Sql, SqlBuilder, Tx, Value};
use uuid::Uuid;

use super::filter::{Condition, Join, Node, Op};
use super::query::{ListQuery, Place};
use super::spec::{Column, Kind, ListSpec};

/// The day it is, and where.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    /// Today.
    pub date: NaiveDate,
    /// Where days begin.
    pub zone: chrono_tz::Tz,
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Rows<R> {
    /// The rows in the order asked for.
    pub rows: Vec<R>,
    /// There are rows before these.
    pub more_before: bool,
    /// There are rows after these.
    pub more_after: bool,
}

/// `WHERE …` of a view: what always holds, the page's own scope, the filter, the search.
#[must_use]
pub fn conditions(
    spec: &ListSpec,
    query: &ListQuery,
    scope: Option<&SqlBuilder>,
    today: Today,
) -> SqlBuilder {
    let mut out = SqlBuilder::new("1 = 1");
    if !spec.base.is_empty() {
        out.push(" AND (").push(spec.base).push(")");
    }
    if let Some(scope) = scope {
        out.push(" AND (").append(scope.clone()).push(")");
    }
    if let Some(filter) = &query.filter {
        out.push(" AND ");
        tree(&mut out, spec, filter, today);
    }
    if let (Some(search), false) = (spec.search, query.search.is_empty()) {
        out.push(" AND (");
        let mut own = SqlBuilder::default();
        search(&query.search, &mut own);
        out.append(own).push(")");
    }
    out
}

fn tree(out: &mut SqlBuilder, spec: &ListSpec, node: &Node, today: Today) {
    match node {
        Node::One(condition) => match spec.column(&condition.key) {
            Some(column) => one(out, column, condition, today),
            None => {
                out.push("1 = 0");
            }
        },
        Node::Group(join, parts) => {
            out.push("(");
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    out.push(if *join == Join::And { " AND " } else { " OR " });
                }
                tree(out, spec, part, today);
            }
            out.push(")");
        }
    }
}

/// One condition. A negative one also holds where there is nothing (`NULL`, no such row).
fn one(out: &mut SqlBuilder, column: &Column, condition: &Condition, today: Today) {
    let negative = match condition.op {
        Op::Not => Some(Op::Is),
        Op::Out => Some(Op::In),
        Op::Empty => Some(Op::Filled),
        _ => None,
    };
    let op = negative.unwrap_or(condition.op);
    let mut inner = SqlBuilder::default();
    compare(&mut inner, column, op, &condition.values, today);
    if negative.is_some() {
        out.push("NOT COALESCE((");
    } else {
        out.push("(");
    }
    match column.exists.and_then(|wrap| wrap.split_once("{}")) {
        Some((before, after)) => out.push(before).append(inner).push(after),
        None => out.append(inner),
    };
    out.push(if negative.is_some() { "), FALSE)" } else { ")" });
}

fn compare(out: &mut SqlBuilder, column: &Column, op: Op, values: &[String], today: Today) {
    let x = column.sql;
    let first = values.first().map_or("", String::as_str);
    match op {
        Op::Filled if column.kind == Kind::Text => {
            out.push(x).push(" IS NOT NULL AND ").push(x).push(" <> ''");
        }
        Op::Filled => {
            out.push(x).push(" IS NOT NULL");
        }
        Op::Yes => {
            out.push(x).push(" = TRUE");
        }
        Op::No => {
            out.push(x).push(" = FALSE");
        }
        _ => match column.kind {
            Kind::Text => text(out, column, op, values),
            Kind::Choice | Kind::Bool => {
                out.push(x).push(" IN ").bind_list(values.iter().map(String::as_str));
            }
            Kind::Number => number(out, x, op, values, |v| Value::Int(v.parse().ok())),
            Kind::Decimal => number(out, x, op, values, |v| Value::Float(v.parse().ok())),
            Kind::Date => {
                let (from, to) = days(op, first, values.get(1), today);
                range(out, x, from.map(Value::from), to.map(Value::from));
            }
            Kind::Time => {
                let (from, to) = days(op, first, values.get(1), today);
                let at = |day: NaiveDate| Value::from(begin(day, today.zone));
                range(out, x, from.map(at), to.map(at));
            }
        },
    }
}

fn text(out: &mut SqlBuilder, column: &Column, op: Op, values: &[String]) {
    let x = column.sql;
    let plain = column.fold.is_none();
    let prepare =
        |value: &String| column.fold.map_or_else(|| value.to_lowercase(), |fold| fold(value));
    if plain {
        out.push("lower(").push(x).push(")");
    } else {
        out.push(x);
    }
    let first = values.first().map(prepare).unwrap_or_default();
    match op {
        Op::Has => out.push(" LIKE ").bind(format!("%{}%", like(&first))).push(" ESCAPE '\\'"),
        Op::Starts => out.push(" LIKE ").bind(format!("{}%", like(&first))).push(" ESCAPE '\\'"),
        _ => out.push(" IN ").bind_list(values.iter().map(prepare)),
    };
}

/// Text for `LIKE … ESCAPE '\'`.
fn like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn number(out: &mut SqlBuilder, x: &str, op: Op, values: &[String], value: fn(&str) -> Value) {
    let bound = |at: usize| value(values.get(at).map_or("", String::as_str));
    if op == Op::Between {
        out.push(x).push(" BETWEEN ").bind(bound(0)).push(" AND ").bind(bound(1));
        return;
    }
    let sign = match op {
        Op::Gt => " > ",
        Op::Gte => " >= ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        _ => " = ",
    };
    out.push(x).push(sign).bind(bound(0));
}

/// The days `[from, to)` a comparison means.
fn days(
    op: Op,
    first: &str,
    second: Option<&String>,
    today: Today,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let count = || Days::new(first.parse().unwrap_or(0));
    let day = first.parse::<NaiveDate>().ok();
    let after = |day: NaiveDate| day.checked_add_days(Days::new(1));
    match op {
        Op::Last => (today.date.checked_sub_days(count()), after(today.date)),
        Op::Older => (None, today.date.checked_sub_days(count())),
        Op::Next => (Some(today.date), today.date.checked_add_days(count())),
        Op::Gte => (day, None),
        Op::Gt => (day.and_then(after), None),
        Op::Lt => (None, day),
        Op::Lte => (None, day.and_then(after)),
        Op::Between => (day, second.and_then(|d| d.parse().ok()).and_then(after)),
        _ => (day, day.and_then(after)),
    }
}

fn range(out: &mut SqlBuilder, x: &str, from: Option<Value>, to: Option<Value>) {
    let both = from.is_some() && to.is_some();
    if from.is_none() && to.is_none() {
        out.push("1 = 0");
    }
    if let Some(from) = from {
        out.push(x).push(" >= ").bind(from);
    }
    if both {
        out.push(" AND ");
    }
    if let Some(to) = to {
        out.push(x).push(" < ").bind(to);
    }
}

/// The moment `day` begins in `zone`. Where clocks jump over midnight, the first moment there is.
fn begin(day: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    zone.from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// A page of rows: at most `query.rows`, in order, from the place asked for.
///
/// # Errors
/// When the database fails.
pub async fn fetch<R: Row>(
    tx: &mut Tx,
    spec: &ListSpec,
    query: &ListQuery,
    scope: Option<&SqlBuilder>,
    today: Today,
) -> store::Result<Rows<R>> {
    let place = existing(tx, spec, query.place).await?;
    let sql = page(tx, spec, query, place, scope, today).await?;
    let mut rows: Vec<R> = tx.all(sql).await?;
    let limit = usize::try_from(query.rows).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let backwards = matches!(place, Place::Before(_));
    if backwards {
        rows.reverse();
    }
    let (more_before, more_after) = match place {
        Place::First => (!query.from.is_empty(), more),
        Place::After(_) => (true, more),
        Place::Before(_) => (more, true),
    };
    Ok(Rows { rows, more_before, more_after })
}

/// A cursor whose row is gone leads to the beginning.
async fn existing(tx: &mut Tx, spec: &ListSpec, place: Place) -> store::Result<Place> {
    let (Place::After(id) | Place::Before(id)) = place else { return Ok(place) };
    let mut sql = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM ");
    sql.push(spec.from).push(" WHERE ").push(spec.id).push(" = ").bind(id);
    let found: i64 = tx.value(sql.build()).await?;
    Ok(if found > 0 { place } else { Place::First })
}

/// Whether the cursor's row has nothing in the sort column.
async fn is_null(tx: &mut Tx, spec: &ListSpec, column: &Column, id: Uuid) -> store::Result<bool> {
    if !column.nullable {
        return Ok(false);
    }
    let mut sql = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM ");
    sql.push(spec.from).push(" WHERE ").push(spec.id).push(" = ").bind(id);
    sql.push(" AND (").push(column.sql).push(") IS NULL");
    Ok(tx.value::<i64>(sql.build()).await? > 0)
}

async fn page(
    tx: &mut Tx,
    spec: &ListSpec,
    query: &ListQuery,
    place: Place,
    scope: Option<&SqlBuilder>,
    today: Today,
) -> store::Result<Sql> {
    let mut sql = SqlBuilder::new("SELECT ");
    sql.push(spec.select).push(" FROM ").push(spec.from).push(" WHERE ");
    sql.append(conditions(spec, query, scope, today));
    let Some(column) = spec.column(query.sort) else { return Ok(sql.build()) };
    let backwards = matches!(place, Place::Before(_));
    if let Place::After(id) | Place::Before(id) = place {
        let null = is_null(tx, spec, column, id).await?;
        sql.push(" AND ");
        beyond(&mut sql, spec, column, Cursor { id, desc: query.desc, backwards, null });
    }
    jump(&mut sql, column, query, today);
    order(&mut sql, spec, column, query.desc, backwards);
    sql.push(" LIMIT ").bind(query.rows + 1);
    Ok(sql.build())
}

/// Only from where the sorted column reaches what was asked for. What does not fit the column is
/// left aside: a jump never fails.
fn jump(sql: &mut SqlBuilder, column: &Column, query: &ListQuery, today: Today) {
    if query.from.is_empty() {
        return;
    }
    let fits = match column.kind {
        Kind::Number => query.from.parse::<i64>().is_ok(),
        Kind::Decimal => query.from.parse::<f64>().is_ok_and(f64::is_finite),
        Kind::Date | Kind::Time => query.from.parse::<NaiveDate>().is_ok(),
        Kind::Text => true,
        Kind::Choice | Kind::Bool => false,
    };
    if !fits {
        return;
    }
    sql.push(" AND (");
    if column.kind == Kind::Text {
        let text = column.fold.map_or_else(|| query.from.clone(), |fold| fold(&query.from));
        // Downwards, the letter itself and all that begins with it come first.
        let text = if query.desc { format!("{text}\u{ffff}") } else { text };
        sql.push(column.sql).push(if query.desc { " <= " } else { " >= " }).bind(text);
    } else {
        let op = if query.desc { Op::Lte } else { Op::Gte };
        compare(sql, column, op, std::slice::from_ref(&query.from), today);
    }
    if column.nullable {
        // They come last in either direction, so they still follow.
        sql.push(" OR ").push(column.sql).push(" IS NULL");
    }
    sql.push(")");
}

/// `ORDER BY`: the column, then the id in the same direction, so that one index serves both.
/// Rows without a value come last, or first when reading backwards.
fn order(sql: &mut SqlBuilder, spec: &ListSpec, column: &Column, desc: bool, backwards: bool) {
    let direction = if desc == backwards { " ASC" } else { " DESC" };
    sql.push(" ORDER BY ").push(column.sql).push(direction);
    if column.nullable {
        sql.push(if backwards { " NULLS FIRST" } else { " NULLS LAST" });
    }
    sql.push(", ").push(spec.id).push(direction);
}

/// Where the cursor stands, and which way is read.
#[derive(Clone, Copy)]
struct Cursor {
    id: Uuid,
    desc: bool,
    backwards: bool,
    /// Its row has nothing in the sort column.
    null: bool,
}

/// The rows beyond the cursor's, in the direction of reading.
fn beyond(sql: &mut SqlBuilder, spec: &ListSpec, column: &Column, cursor: Cursor) {
    let Cursor { id, desc, backwards, null } = cursor;
    let sign = if desc == backwards { " > " } else { " < " };
    let x = column.sql;
    if null {
        // The cursor stands among the rows without a value, which come last.
        sql.push("((").push(x).push(") IS NULL AND ").push(spec.id).push(sign).bind(id);
        if backwards {
            sql.push(" OR (").push(x).push(") IS NOT NULL");
        }
        sql.push(")");
        return;
    }
    sql.push("((").push(x).push(", ").push(spec.id).push(")").push(sign).push("((SELECT ").push(x);
    sql.push(" FROM ").push(spec.from).push(" WHERE ").push(spec.id).push(" = ").bind(id);
    sql.push("), ").bind(id).push(")");
    if column.nullable && !backwards {
        sql.push(" OR (").push(x).push(") IS NULL");
    }
    sql.push(")");
}

/// How many rows match; stops counting at `cap`.
///
/// # Errors
/// When the database fails.
pub async fn count(
    tx: &mut Tx,
    spec: &ListSpec,
    query: &ListQuery,
    scope: Option<&SqlBuilder>,
    today: Today,
    cap: Option<i64>,
) -> store::Result<i64> {
    if let (Tx::Sqlite(_), Some(cap), None, Some(from)) = (&*tx, cap, scope, covering(spec, query))
    {
        // The index may be away for a moment (a big import builds it anew): then as usual.
        let quick = counting(&ListSpec { from, ..*spec }, query, None, today, Some(cap));
        if let Ok(count) = tx.value(quick.build()).await {
            return Ok(count);
        }
    }
    tx.value(counting(spec, query, scope, today, cap).build()).await
}

fn covering(spec: &ListSpec, query: &ListQuery) -> Option<&'static str> {
    let covering = spec.covering.filter(|_| query.search.is_empty())?;
    query.filter.as_ref().filter(|filter| filter.asks_only(covering.columns))?;
    Some(covering.from)
}

fn counting(
    spec: &ListSpec,
    query: &ListQuery,
    scope: Option<&SqlBuilder>,
    today: Today,
    cap: Option<i64>,
) -> SqlBuilder {
    let mut sql = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM ");
    if let Some(cap) = cap {
        sql.push("(SELECT 1 AS one FROM ").push(spec.from).push(" WHERE ");
        sql.append(conditions(spec, query, scope, today));
        sql.push(" LIMIT ").bind(cap).push(") AS counted");
    } else {
        sql.push(spec.from).push(" WHERE ").append(conditions(spec, query, scope, today));
    }
    sql
}

/// `SELECT id FROM … WHERE …` of the whole view: for bulk actions (`INSERT … SELECT`, `IN (…)`).
#[must_use]
pub fn ids(
    spec: &ListSpec,
    query: &ListQuery,
    scope: Option<&SqlBuilder>,
    today: Today,
) -> SqlBuilder {
    let mut sql = SqlBuilder::new("SELECT ");
    sql.push(spec.id).push(" FROM ").push(spec.from).push(" WHERE ");
    sql.append(conditions(spec, query, scope, today));
    sql
}

/// All rows of the view in order: for files. `limit` keeps one part of a long read.
pub(crate) fn everything(
    spec: &ListSpec,
    query: &ListQuery,
    scope: Option<&SqlBuilder>,
    today: Today,
) -> Sql {
    let mut sql = SqlBuilder::new("SELECT ");
    sql.push(spec.select).push(" FROM ").push(spec.from).push(" WHERE ");
    sql.append(conditions(spec, query, scope, today));
    if let Some(column) = spec.column(query.sort) {
        order(&mut sql, spec, column, query.desc, false);
    }
    sql.build()
}
