//! The `customer` row and its way to and from [`Customer`].

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use store::{Col, Sql, SqlBuilder, Tx, Value};
use uuid::Uuid;

use crate::search::native_key;

use crate::model::{
    Customer, CustomerId, Gender, Lifecycle, NO_DAY, Profile, Published, Tier, ValueGroup,
    birthday, known_day,
};

/// The columns of [`Row`], in one place.
pub(crate) const COLUMNS: &str = "customer.id, customer.version, customer.created_at, \
    customer.changed_at, customer.trashed_at, customer.merged_into, customer.name_native, customer.surname, \
    customer.given, customer.gender, customer.birth_date, customer.city, customer.province, \
    customer.country, customer.language, customer.owner, customer.member_no, customer.tier, \
    customer.joined_on, customer.cancelled_on, customer.last_flight_on, customer.last_route, \
    customer.flights, customer.km, customer.coefficient, customer.value_group, \
    customer.value_score, customer.lifecycle, customer.observed_on";

/// One row of `customer` without its search keys.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub trashed_at: Option<DateTime<Utc>>,
    pub merged_into: Option<Uuid>,
    pub name_native: String,
    pub surname: String,
    pub given: String,
    pub gender: String,
    pub birth_date: Option<NaiveDate>,
    pub city: String,
    pub province: String,
    pub country: String,
    pub language: String,
    pub owner: String,
    pub member_no: String,
    pub tier: String,
    pub joined_on: NaiveDate,
    pub cancelled_on: Option<NaiveDate>,
    pub last_flight_on: NaiveDate,
    pub last_route: String,
    pub flights: i64,
    pub km: i64,
    pub coefficient: f64,
    pub value_group: String,
    pub value_score: f64,
    pub lifecycle: String,
    pub observed_on: Option<NaiveDate>,
}

/// The name as its three columns hold it.
pub(crate) fn name_of(native: String, surname: String, given: String) -> PersonName {
    PersonName { native: Some(native).filter(|native| !native.is_empty()), surname, given }
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        let observed = row.observed_on.is_some();
        let group = ValueGroup::read(&row.value_group);
        Self {
            id: row.id.into(),
            version: row.version,
            created_at: row.created_at,
            changed_at: row.changed_at,
            trashed_at: row.trashed_at,
            merged_into: row.merged_into.map(CustomerId::from),
            profile: Profile {
                name: name_of(row.name_native, row.surname, row.given),
                gender: Gender::read(&row.gender),
                birth_date: row.birth_date,
                city: row.city,
                province: row.province,
                country: row.country,
                language: row.language,
                owner_id: row.owner.parse().ok(),
                member_no: row.member_no,
                tier: Tier::read(&row.tier),
                joined_on: known_day(row.joined_on),
                cancelled_on: row.cancelled_on,
            },
            published: Published {
                last_flight_on: known_day(row.last_flight_on),
                last_route: row.last_route,
                flights: row.flights,
                km: row.km,
                coefficient: observed.then_some(row.coefficient).filter(|c| *c > 0.0),
                value_score: group.map(|_| row.value_score),
                value_group: group,
                lifecycle: Lifecycle::read(&row.lifecycle),
                observed_on: row.observed_on,
            },
        }
    }
}

/// The owner as its column holds it: text, so that lists can filter by it like any other choice.
pub(crate) fn owner_text(owner: Option<Uuid>) -> String {
    owner.map(|id| id.to_string()).unwrap_or_default()
}

/// The columns written when a customer is made: profile and search keys.
pub(crate) const WRITTEN: &[Col] = &[
    Col::uuid("id"),
    Col::i64("version"),
    Col::time("created_at"),
    Col::time("changed_at"),
    Col::text("name_native"),
    Col::text("surname"),
    Col::text("given"),
    Col::text("native_key"),
    Col::text("surname_key"),
    Col::text("full_key"),
    Col::text("given_first_key"),
    Col::text("initials"),
    Col::text("gender"),
    Col::date("birth_date"),
    Col::i64("birthday"),
    Col::text("city"),
    Col::text("province"),
    Col::text("country"),
    Col::text("language"),
    Col::text("owner"),
    Col::text("member_no"),
    Col::text("tier"),
    Col::date("joined_on"),
    Col::date("cancelled_on"),
];

/// Sets every written column from `input`; the caller adds the condition.
pub(crate) const REWRITE: &str = "UPDATE customer SET version = input.version, \
    changed_at = input.changed_at, name_native = input.name_native, surname = input.surname, \
    given = input.given, native_key = input.native_key, surname_key = input.surname_key, \
    full_key = input.full_key, given_first_key = input.given_first_key, \
    initials = input.initials, gender = input.gender, birth_date = input.birth_date, \
    birthday = input.birthday, city = input.city, province = input.province, \
    country = input.country, language = input.language, owner = input.owner, \
    member_no = input.member_no, tier = input.tier, joined_on = input.joined_on, \
    cancelled_on = input.cancelled_on FROM input WHERE customer.id = input.id";

/// One written row, with what its name is additionally found by.
pub(crate) struct Written {
    pub row: Vec<Value>,
    pub id: CustomerId,
    pub also: Vec<String>,
    pub surname_token: String,
    pub given_token: String,
}

/// A profile's values and search keys, not yet said to be anybody's: what of [`WRITTEN`] can be
/// worked out before the row has an id.
pub(crate) struct Unplaced(Written);

impl Unplaced {
    pub fn of(profile: &Profile) -> Self {
        let keys = profile.name.keys();
        let row = vec![
            Value::Uuid(None),
            Value::Int(None),
            Value::Time(None),
            Value::Time(None),
            profile.name.native.as_deref().unwrap_or_default().into(),
            profile.name.surname.as_str().into(),
            profile.name.given.as_str().into(),
            native_key(&keys.native).into(),
            keys.surname_key.as_str().into(),
            keys.full_key.into(),
            keys.given_first_key.into(),
            keys.initials.into(),
            profile.gender.map_or("", Gender::as_str).into(),
            profile.birth_date.into(),
            birthday(profile.birth_date).into(),
            profile.city.as_str().into(),
            profile.province.as_str().into(),
            profile.country.as_str().into(),
            profile.language.as_str().into(),
            owner_text(profile.owner_id).into(),
            profile.member_no.as_str().into(),
            profile.tier.map_or("", Tier::as_str).into(),
            profile.joined_on.unwrap_or(NO_DAY).into(),
            profile.cancelled_on.into(),
        ];
        Self(Written {
            row,
            id: CustomerId::from(Uuid::nil()),
            also: keys.also,
            surname_token: keys.surname_key,
            given_token: keys.given_key,
        })
    }

    /// The row of this customer.
    pub fn placed(
        self,
        id: CustomerId,
        version: i64,
        created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
    ) -> Written {
        let Self(mut written) = self;
        let place = [id.uuid().into(), version.into(), created_at.into(), changed_at.into()];
        for (column, value) in written.row.iter_mut().zip(place) {
            *column = value;
        }
        written.id = id;
        written
    }
}

/// The values of [`WRITTEN`] for a profile.
pub(crate) fn written(
    id: CustomerId,
    version: i64,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    profile: &Profile,
) -> Written {
    Unplaced::of(profile).placed(id, version, created_at, changed_at)
}

/// Writes new customers.
pub(crate) async fn insert(tx: &mut Tx, rows: Vec<Written>) -> store::Result<()> {
    let also = also_rows(&rows);
    let rows = rows.into_iter().map(|written| written.row).collect();
    tx.bulk("customer", WRITTEN, rows, "").await?;
    insert_also(tx, also).await
}

/// Rewrites the profiles of customers that are there.
pub(crate) async fn rewrite(tx: &mut Tx, rows: Vec<Written>) -> store::Result<()> {
    let ids = rows.iter().map(|written| vec![written.id.uuid().into()]).collect();
    tx.with_rows(
        &[Col::uuid("id")],
        ids,
        "DELETE FROM customer_also WHERE customer_id IN (SELECT id FROM input)",
    )
    .await?;
    insert_also(tx, also_rows(&rows)).await?;
    let rows = rows.into_iter().map(|written| written.row).collect();
    tx.with_rows(WRITTEN, rows, REWRITE).await?;
    Ok(())
}

fn also_rows(rows: &[Written]) -> Vec<Vec<Value>> {
    rows.iter()
        .flat_map(|written| {
            written.also.iter().map(|key| vec![key.into(), written.id.uuid().into()])
        })
        .collect()
}

async fn insert_also(tx: &mut Tx, also: Vec<Vec<Value>>) -> store::Result<()> {
    if also.is_empty() {
        return Ok(());
    }
    tx.bulk(
        "customer_also",
        &[Col::text("key"), Col::uuid("customer_id")],
        also,
        "ON CONFLICT (key, customer_id) DO NOTHING",
    )
    .await?;
    Ok(())
}

/// The statement for one customer, optionally locking the row where the engine can.
pub(crate) fn select_one(id: CustomerId) -> Sql {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM customer WHERE id = ").bind(id.uuid());
    query.build()
}

/// The customers with these ids, in no order.
pub(crate) async fn by_ids(
    tx: &mut Tx,
    ids: &[CustomerId],
) -> store::Result<HashMap<CustomerId, Customer>> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![id.uuid().into()]).collect();
    let found: Vec<Row> = tx
        .with_rows_all(
            &[Col::uuid("id")],
            rows,
            &format!("SELECT {COLUMNS} FROM customer JOIN input ON input.id = customer.id"),
        )
        .await?;
    Ok(found.into_iter().map(|row| (row.id.into(), Customer::from(row))).collect())
}
