//! Customers as JSON.

use axum::Json;
use axum::http::header::ETAG;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::names::PersonName;
use kernel::{Lang, Personal};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Problem;

use crate::{
    Contact, Customer, CustomerId, Document, DocumentKind, Draft, Gender, Published, Set, Tier,
    Whole,
};

/// A name in both scripts.
#[derive(Serialize, ToSchema)]
pub(super) struct NameOut {
    /// Chinese characters as written, surname first.
    native: Option<String>,
    /// Latin.
    surname: String,
    /// Latin.
    given: String,
    /// As readers of the request's language expect it.
    display: String,
}

impl NameOut {
    pub fn of(name: &PersonName, lang: Lang) -> Self {
        Self {
            native: name.native.clone(),
            surname: name.surname.clone(),
            given: name.given.clone(),
            display: name.display(lang),
        }
    }
}

/// A customer. Contacts and documents are masked.
#[derive(Serialize, ToSchema)]
pub(super) struct CustomerOut {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    /// Send it back as `If-Match` when editing.
    version: i64,
    name: NameOut,
    gender: Option<Gender>,
    birth_date: Option<NaiveDate>,
    city: String,
    province: String,
    country: String,
    language: String,
    owner_id: Option<Uuid>,
    member_no: Option<String>,
    tier: Option<Tier>,
    joined_on: Option<NaiveDate>,
    cancelled_on: Option<NaiveDate>,
    published: Published,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<Vec<Contact>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<Document>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    trashed_at: Option<DateTime<Utc>>,
}

impl CustomerOut {
    pub fn brief(customer: &Customer, lang: Lang) -> Self {
        let profile = &customer.profile;
        Self {
            id: customer.id,
            version: customer.version,
            name: NameOut::of(&profile.name, lang),
            gender: profile.gender,
            birth_date: profile.birth_date,
            city: profile.city.clone(),
            province: profile.province.clone(),
            country: profile.country.clone(),
            language: profile.language.clone(),
            owner_id: profile.owner_id,
            member_no: Some(profile.member_no.clone()).filter(|number| !number.is_empty()),
            tier: profile.tier,
            joined_on: profile.joined_on,
            cancelled_on: profile.cancelled_on,
            published: customer.published.clone(),
            contacts: None,
            documents: None,
            tags: None,
            created_at: customer.created_at,
            changed_at: customer.changed_at,
            trashed_at: customer.trashed_at,
        }
    }

    pub fn whole(whole: Whole, lang: Lang) -> Self {
        Self {
            contacts: Some(whole.contacts),
            documents: Some(whole.documents),
            tags: Some(whole.tags),
            ..Self::brief(&whole.customer, lang)
        }
    }
}

/// The whole customer with its version as `ETag`.
pub(super) fn answer(status: StatusCode, whole: Whole, lang: Lang) -> Response {
    let version = whole.customer.version;
    let mut answer = (status, Json(CustomerOut::whole(whole, lang))).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        answer.headers_mut().insert(ETAG, tag);
    }
    answer
}

/// A name as given; Latin letters are derived from Chinese characters when left out.
#[derive(Deserialize, ToSchema)]
pub(super) struct NameIn {
    #[serde(default)]
    native: Option<String>,
    #[serde(default)]
    surname: Option<String>,
    #[serde(default)]
    given: Option<String>,
}

impl NameIn {
    fn name(self) -> PersonName {
        let surname = self.surname.unwrap_or_default();
        let given = self.given.unwrap_or_default();
        match self.native.filter(|native| !native.trim().is_empty()) {
            Some(native) if surname.is_empty() && given.is_empty() => {
                PersonName::from_native(&native)
            }
            Some(native) => PersonName::from_both(&native, &surname, &given),
            None => PersonName::from_latin(&surname, &given),
        }
    }
}

/// An identity document as given.
#[derive(Deserialize, ToSchema)]
pub(super) struct DocumentIn {
    kind: DocumentKind,
    #[schema(value_type = String)]
    number: Personal<String>,
}

/// Fields to set. A field left out stays, `null` empties it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerIn {
    /// The version the edit is based on, unless `If-Match` says it.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NameIn>)]
    name: Option<Option<NameIn>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Gender>)]
    gender: Option<Option<Gender>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    birth_date: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    city: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    province: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    country: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    language: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    member_no: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Tier>)]
    tier: Option<Option<Tier>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    joined_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    cancelled_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<Personal<String>>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<Personal<String>>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DocumentIn>)]
    document: Option<Option<DocumentIn>>,
}

/// Tells "left out" (`None`) from `null` (`Some(None)`).
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn set<T>(field: Option<Option<T>>) -> Set<Option<T>> {
    field.map_or(Set::Keep, Set::To)
}

fn text(field: Option<Option<String>>) -> Set<String> {
    field.map_or(Set::Keep, |text| Set::To(text.unwrap_or_default()))
}

fn personal(field: Option<Option<Personal<String>>>) -> Set<Personal<String>> {
    field.map_or(Set::Keep, |text| Set::To(text.unwrap_or_default()))
}

impl CustomerIn {
    pub fn draft(self) -> Draft {
        Draft {
            name: match self.name {
                None => Set::Keep,
                Some(name) => Set::To(name.map(NameIn::name).unwrap_or_default()),
            },
            gender: set(self.gender),
            birth_date: set(self.birth_date),
            city: text(self.city),
            province: text(self.province),
            country: text(self.country),
            language: text(self.language),
            owner_id: set(self.owner_id),
            member_no: text(self.member_no),
            tier: set(self.tier),
            joined_on: set(self.joined_on),
            cancelled_on: set(self.cancelled_on),
            phone: personal(self.phone),
            email: personal(self.email),
            document: match self.document {
                None => Set::Keep,
                Some(document) => {
                    Set::To(document.map(|document| (document.kind, document.number)))
                }
            },
        }
    }
}

/// The version an edit is based on.
pub(super) fn version(headers: &HeaderMap, in_body: Option<i64>) -> Result<i64, Problem> {
    headers
        .get("if-match")
        .and_then(|tag| tag.to_str().ok())
        .and_then(|tag| tag.trim().trim_start_matches("W/").trim_matches('"').parse().ok())
        .or(in_body)
        .ok_or_else(|| Problem::new(kernel::Kind::Invalid, "customers-precondition"))
}
