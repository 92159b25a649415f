//! The API's side of the floor: who is calling, and the page that documents and tries it.

use std::collections::BTreeMap;

use access::Actor;
use askama::Template;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use axum::http::request::Parts as RequestParts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use kernel::{Kind, Lang};
use serde_json::Value;

use crate::error::{Failure, PageResult, Problem};
use crate::{Ctx, Look, Web, cookies, csrf};

/// Who calls the API: a program with `Authorization: Bearer jb_…`, or a signed-in person (then
/// calls that change something need the session's token in `x-csrf-token`).
#[derive(Clone, Debug)]
pub struct ApiActor {
    /// Who.
    pub actor: Actor,
    /// Language of sentences in the answer.
    pub lang: Lang,
    /// The house.
    pub web: Web,
}

impl<S> FromRequestParts<S> for ApiActor
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, Response> {
        let web = Web::from_ref(state);
        Self::of(&web, parts).await.map_err(IntoResponse::into_response)
    }
}

impl ApiActor {
    async fn of(web: &Web, parts: &RequestParts) -> Result<Self, Problem> {
        let lang = Look::of(web, parts).lang;
        let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
        if let Some(key) = text(AUTHORIZATION.as_str()) {
            let key = key.strip_prefix("Bearer ").unwrap_or_default().trim();
            let actor = web.access.by_api_key(key).await?;
            return Ok(Self { actor, lang, web: web.clone() });
        }
        let stranger = || Problem(Failure::new(Kind::Unauthenticated, "signed-out"));
        let jar = text(COOKIE.as_str()).unwrap_or_default();
        let token = cookies::get(jar, cookies::SESSION).ok_or_else(stranger)?;
        let found = web.access.by_session(token).await?.ok_or_else(stranger)?;
        if !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            csrf::same_site(&parts.headers).map_err(Problem)?;
            csrf::check(web, token, text(csrf::HEADER)).map_err(Problem)?;
        }
        Ok(Self { actor: found.actor, lang, web: web.clone() })
    }
}

/// The document and the page `/api` with try-it, from the collected OpenAPI document.
pub fn pages(web: &Web, document: &utoipa::openapi::OpenApi) -> Router {
    let json = serde_json::to_value(document).unwrap_or_default();
    Router::new()
        .route("/api", get(page))
        .route("/api/v1/openapi.json", get(raw))
        .layer(Extension(std::sync::Arc::new(json)))
        .with_state(web.clone())
}

type Document = Extension<std::sync::Arc<Value>>;

async fn raw(Extension(json): Document) -> Response {
    ([(CONTENT_TYPE, "application/json")], json.to_string()).into_response()
}

async fn page(ctx: Ctx, Extension(json): Document) -> PageResult {
    let version = json["info"]["version"].as_str().unwrap_or_default().to_owned();
    let tags = tags(&ctx, &json);
    Ok(ctx.page(&ApiPage { ctx: &ctx, version, tags }))
}

#[derive(Template)]
#[template(path = "web/api.html")]
struct ApiPage<'a> {
    ctx: &'a Ctx,
    version: String,
    tags: Vec<Tag>,
}

struct Tag {
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    verb: String,
    path: String,
    summary: String,
    description: String,
    params: Vec<Param>,
    body: Option<String>,
    curl: String,
    answers: Vec<(String, String)>,
}

struct Param {
    name: String,
    place: String,
    required: bool,
    description: String,
}

const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn tags(ctx: &Ctx, json: &Value) -> Vec<Tag> {
    let mut tags: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    let paths = json["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for verb in VERBS {
            let Some(operation) = item.get(verb) else { continue };
            let name =
                operation["tags"][0].as_str().map_or_else(|| ctx.t("api-other"), str::to_owned);
            tags.entry(name).or_default().push(describe(json, path, verb, operation));
        }
    }
    let word = |name: String| {
        let key = format!("api-tag-{name}");
        if ctx.has(&key) { ctx.t(&key) } else { name }
    };
    tags.into_iter().map(|(name, operations)| Tag { name: word(name), operations }).collect()
}

fn describe(json: &Value, path: &str, verb: &str, operation: &Value) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or_default().replace('`', "");
    let params = operation["parameters"].as_array().into_iter().flatten().map(|param| Param {
        name: text(&param["name"]),
        place: text(&param["in"]),
        required: param["required"].as_bool().unwrap_or(false),
        description: text(&param["description"]),
    });
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = schema.is_object().then(|| {
        let sample = sample(json, schema, 0);
        serde_json::to_string_pretty(&sample).unwrap_or_default()
    });
    let answers = operation["responses"].as_object().into_iter().flatten();
    let verb = verb.to_uppercase();
    let data =
        if body.is_some() { " -H 'Content-Type: application/json' -d @body.json" } else { "" };
    let id = text(&operation["operationId"]);
    Operation {
        id: if id.is_empty() {
            format!("{verb}-{}", path.replace(['/', '{', '}'], "-"))
        } else {
            id
        },
        curl: format!(
            "curl -X {verb} -H \"Authorization: Bearer $JETBRIDGE_KEY\"{data} \"$JETBRIDGE{path}\""
        ),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        params: params.collect(),
        answers: answers.map(|(status, it)| (status.clone(), text(&it["description"]))).collect(),
        body,
        verb,
    }
}

/// A value of the schema's shape, to begin with in the try-it form.
fn sample(json: &Value, schema: &Value, depth: usize) -> Value {
    if depth > 6 {
        return Value::Null;
    }
    if let Some(name) =
        schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/components/schemas/"))
    {
        return sample(json, &json["components"]["schemas"][name], depth + 1);
    }
    for given in ["example", "default", "const"] {
        if !schema[given].is_null() {
            return schema[given].clone();
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) =
            schema[choice].as_array().and_then(|all| all.iter().find(|s| s["type"] != "null"))
        {
            return sample(json, first, depth + 1);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match kind {
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields
                .map(|(name, field)| (name.clone(), sample(json, field, depth + 1)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        "array" => vec![sample(json, &schema["items"], depth + 1)].into(),
        "integer" | "number" => 0.into(),
        "boolean" => false.into(),
        _ => match schema["format"].as_str() {
            Some("date") => "2026-10-31".into(),
            Some("date-time") => "2026-10-31T08:00:00Z".into(),
            Some("uuid") => "00000000-0000-0000-0000-000000000000".into(),
            _ => "".into(),
        },
    }
}
