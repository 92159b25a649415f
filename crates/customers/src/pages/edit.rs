//! The form for a new customer and for editing one. A conflict keeps every word typed and says who
//! changed what meanwhile.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::names::PersonName;
use serde::Deserialize;
use web::form::{Errors, Form};
use web::{Ctx, PageResult, Toast};

use super::{Rooms, extras, words};
use crate::timeline::field_key;
use crate::{
    ChangedBy, Customer, CustomerId, DocumentKind, Draft, Error, FieldError, Gender, Set, Tier,
    Whole, permissions,
};

/// What the form sends. Contacts are masked on the page, so an empty field leaves them.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditForm {
    version: i64,
    native: String,
    surname: String,
    given: String,
    gender: String,
    birth_date: String,
    city: String,
    province: String,
    country: String,
    language: String,
    owner: String,
    member_no: String,
    tier: String,
    joined_on: String,
    cancelled_on: String,
    phone: String,
    email: String,
    document_kind: String,
    document: String,
    remove: Vec<String>,
}

impl EditForm {
    fn of(customer: &Customer) -> Self {
        let profile = &customer.profile;
        let day = |day: Option<chrono::NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
        Self {
            version: customer.version,
            native: profile.name.native.clone().unwrap_or_default(),
            surname: profile.name.surname.clone(),
            given: profile.name.given.clone(),
            gender: profile.gender.map_or("", Gender::as_str).to_owned(),
            birth_date: day(profile.birth_date),
            city: profile.city.clone(),
            province: profile.province.clone(),
            country: profile.country.clone(),
            language: profile.language.clone(),
            owner: profile.owner_id.map(|id| id.to_string()).unwrap_or_default(),
            member_no: profile.member_no.clone(),
            tier: profile.tier.map_or("", Tier::as_str).to_owned(),
            joined_on: day(profile.joined_on),
            cancelled_on: day(profile.cancelled_on),
            ..Self::default()
        }
    }

    fn name(&self) -> PersonName {
        let (native, surname, given) = (self.native.trim(), self.surname.trim(), self.given.trim());
        if native.is_empty() {
            PersonName::from_latin(surname, given)
        } else if surname.is_empty() && given.is_empty() {
            PersonName::from_native(native)
        } else {
            PersonName::from_both(native, surname, given)
        }
    }

    /// The draft, and the dates that are none.
    fn draft(&self) -> (Draft, Vec<FieldError>) {
        let mut wrong = Vec::new();
        let mut day = |field, text: &str| {
            let text = text.trim();
            if text.is_empty() {
                return Set::To(None);
            }
            match text.parse() {
                Ok(day) => Set::To(Some(day)),
                Err(_) => {
                    wrong.push(FieldError { field, code: "field-date" });
                    Set::Keep
                }
            }
        };
        let birth_date = day("birth_date", &self.birth_date);
        let joined_on = day("joined_on", &self.joined_on);
        let cancelled_on = day("cancelled_on", &self.cancelled_on);
        let contact = |field: &str, text: &str| match text.trim() {
            "" if self.remove.iter().any(|its| its == field) => {
                Set::To(kernel::Personal::new(String::new()))
            }
            "" => Set::Keep,
            text => Set::To(kernel::Personal::new(text.to_owned())),
        };
        let document = match contact("document", &self.document) {
            Set::To(number) => {
                let kind = DocumentKind::read(&self.document_kind).unwrap_or(DocumentKind::Other);
                Set::To(Some((kind, number)))
            }
            Set::Keep => Set::Keep,
        };
        let draft = Draft {
            name: Set::To(self.name()),
            gender: Set::To(Gender::read(&self.gender)),
            birth_date,
            city: Set::To(self.city.clone()),
            province: Set::To(self.province.clone()),
            country: Set::To(self.country.clone()),
            language: Set::To(self.language.clone()),
            owner_id: Set::To(self.owner.parse().ok()),
            member_no: Set::To(self.member_no.clone()),
            tier: Set::To(Tier::read(&self.tier)),
            joined_on,
            cancelled_on,
            phone: contact("phone", &self.phone),
            email: contact("email", &self.email),
            document,
        };
        (draft, wrong)
    }
}

#[derive(Template)]
#[template(path = "customers/edit.html")]
struct Edit<'a> {
    ctx: &'a Ctx,
    form: &'a EditForm,
    errors: &'a Errors,
    whole: Option<&'a Whole>,
    conflict: Option<String>,
    genders: Vec<(String, String)>,
    tiers: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    countries: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    owners: Vec<(String, String)>,
}

impl Edit<'_> {
    fn masked(&self, field: &str) -> String {
        let Some(whole) = self.whole else { return String::new() };
        let masks: Vec<&str> = match field {
            "document" => whole.documents.iter().map(|d| d.masked.as_str()).collect(),
            kind => whole
                .contacts
                .iter()
                .filter(|contact| contact.kind.as_str() == kind)
                .map(|contact| contact.masked.as_str())
                .collect(),
        };
        if masks.is_empty() {
            return String::new();
        }
        self.ctx.t1("customers-edit-has", "masked", masks.join(", "))
    }

    fn has(&self, field: &str) -> bool {
        !self.masked(field).is_empty()
    }

    fn back(&self) -> String {
        self.whole
            .map_or("/customers".to_owned(), |whole| format!("/customers/{}", whole.customer.id))
    }
}

fn options<T: Copy>(
    ctx: &Ctx,
    prefix: &str,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), ctx.t("customers-not-known"))];
    options.extend(
        all.iter().map(|it| (word(*it).to_owned(), ctx.t(&format!("{prefix}-{}", word(*it))))),
    );
    options
}

/// Every country; and what the profile says, when that is none of them.
fn countries(ctx: &Ctx, chosen: &str) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), ctx.t("customers-not-known"))];
    let all = kernel::countries::all(ctx.lang).iter();
    options.extend(all.map(|it| (it.code.to_owned(), it.name(ctx.lang).to_owned())));
    if !options.iter().any(|(code, _)| code == chosen) {
        options.push((chosen.to_owned(), chosen.to_owned()));
    }
    options
}

async fn render(
    ctx: &Ctx,
    rooms: &Rooms,
    form: &EditForm,
    errors: &Errors,
    whole: Option<&Whole>,
    conflict: Option<String>,
) -> PageResult {
    let mut owners = vec![(String::new(), ctx.t("customers-nobody"))];
    owners.extend(rooms.customers.possible_owners().await?);
    let mut languages = vec![(String::new(), ctx.t("customers-not-known"))];
    for code in ["zh-CN", "en", "ja", "ko", "fr", "de", "ru", "es"] {
        languages.push((code.to_owned(), ctx.t(&format!("customers-language-{code}"))));
    }
    if !form.language.is_empty() && !languages.iter().any(|(code, _)| *code == form.language) {
        languages.push((form.language.clone(), form.language.clone()));
    }
    let page = Edit {
        ctx,
        genders: options(ctx, "customers-gender", Gender::ALL, Gender::as_str),
        tiers: options(ctx, "customers-tier", Tier::ALL, Tier::as_str),
        kinds: options(ctx, "customers-document", DocumentKind::ALL, DocumentKind::as_str)
            .split_off(1),
        languages,
        countries: countries(ctx, &form.country),
        owners,
        form,
        errors,
        whole,
        conflict,
    };
    let well = errors.is_empty() && page.conflict.is_none();
    let status = match (well, &page.conflict) {
        (true, _) => StatusCode::OK,
        (_, Some(_)) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(ctx.page_with(status, &page))
}

/// `GET /customers/new`
pub(super) async fn new(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::EDIT)?;
    render(&ctx, &rooms, &EditForm::default(), &Errors::none(), None, None).await
}

/// `POST /customers/new`
pub(super) async fn create(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Form(form): Form<EditForm>,
) -> PageResult {
    let (draft, mut wrong) = form.draft();
    wrong.extend(draft.problems(ctx.today()));
    if !wrong.is_empty() {
        ctx.actor.may(permissions::EDIT)?;
        let errors = words::form_errors(&ctx, &wrong);
        return render(&ctx, &rooms, &form, &errors, None, None).await;
    }
    match rooms.customers.create(&ctx.actor, draft).await {
        Ok(customer) => Ok(ctx
            .see(&format!("/customers/{}", customer.id))
            .toast(Toast::good(ctx.t("customers-created")))
            .into_response()),
        Err(error) => {
            let errors = refused(&ctx, error)?;
            render(&ctx, &rooms, &form, &errors, None, None).await
        }
    }
}

/// `GET /customers/{id}/edit`
pub(super) async fn edit(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::EDIT)?;
    let id: CustomerId = extras::id(&id)?;
    let whole = rooms.customers.whole(&ctx.actor, id).await?;
    let form = EditForm::of(&whole.customer);
    render(&ctx, &rooms, &form, &Errors::none(), Some(&whole), None).await
}

/// `POST /customers/{id}/edit`
pub(super) async fn save(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Form(mut form): Form<EditForm>,
) -> PageResult {
    let id: CustomerId = extras::id(&id)?;
    let (draft, mut wrong) = form.draft();
    wrong.extend(draft.problems(ctx.today()));
    if !wrong.is_empty() {
        ctx.actor.may(permissions::EDIT)?;
        let errors = words::form_errors(&ctx, &wrong);
        let whole = rooms.customers.whole(&ctx.actor, id).await?;
        return render(&ctx, &rooms, &form, &errors, Some(&whole), None).await;
    }
    match rooms.customers.edit(&ctx.actor, id, form.version, draft).await {
        Ok(edited) => {
            let key = if edited.is_repeat() { "customers-unchanged" } else { "customers-saved" };
            let said = Toast::good(ctx.t(key));
            Ok(ctx.see(&format!("/customers/{id}")).toast(said).into_response())
        }
        Err(Error::Changed(by)) => {
            let whole = rooms.customers.whole(&ctx.actor, id).await?;
            // Saving once more then means: mine, knowing theirs.
            form.version = by.version;
            let sentence = conflict(&ctx, &by);
            render(&ctx, &rooms, &form, &Errors::none(), Some(&whole), Some(sentence)).await
        }
        Err(error) => {
            let errors = refused(&ctx, error)?;
            let whole = rooms.customers.whole(&ctx.actor, id).await?;
            render(&ctx, &rooms, &form, &errors, Some(&whole), None).await
        }
    }
}

/// "He Xiaoqing changed city and tier 2 minutes ago."
fn conflict(ctx: &Ctx, by: &ChangedBy) -> String {
    let fields: Vec<String> = by.fields.iter().map(|field| ctx.t(field_key(field))).collect();
    let who = match by.who.as_str() {
        "" | "system" => ctx.t("customers-somebody"),
        "import" => ctx.t("customers-an-import"),
        name => name.to_owned(),
    };
    let when = chrono::DateTime::parse_from_rfc3339(&by.at)
        .map_or(String::new(), |at| ctx.ago_text(at.with_timezone(&chrono::Utc)));
    let fields = fields.join(&ctx.t("customers-and"));
    ctx.t3("customers-conflict", "who", who, "fields", fields, "when", when)
}

/// Refusals that belong to a field; the rest is an error page.
fn refused(ctx: &Ctx, error: Error) -> Result<Errors, Error> {
    match error {
        Error::Invalid(problems) => Ok(words::form_errors(ctx, &problems)),
        Error::MemberNoTaken => {
            let mut errors = Errors::none();
            errors.add("member_no", ctx.t("error-customers-member-no-taken"));
            Ok(errors)
        }
        other => Err(other),
    }
}
