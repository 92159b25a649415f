//! One activity file: its totals, its rejected rows with the remedy, its acknowledgement.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use web::form::Fields;
use web::{Ctx, PageResult};

use crate::activity::{FileId, PartnerFile, RowOut, Status};
use crate::agreements::{Partner, PartnerId};
use crate::{Error, Rooms, permissions};

/// Rows on a page.
const PAGE: i64 = 50;

struct Line {
    row: i64,
    reference: String,
    member: String,
    href: Option<String>,
    miles: String,
    what: String,
    tone: &'static str,
    said: String,
    fix: String,
}

#[derive(Template)]
#[template(path = "partners/file.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    partner: &'a Partner,
    name: String,
    file: &'a PartnerFile,
    status: String,
    fault: Option<(String, String)>,
    totals: Vec<(String, String)>,
    rejects: Vec<(String, String)>,
    lines: Vec<Line>,
    nothing: String,
    acknowledgement: String,
    views: Vec<(String, String, bool)>,
    next: Option<String>,
    first: Option<String>,
    may_export: bool,
    under_way: bool,
}

/// `GET /partners/{id}/files/{file}?outcome=…&after=…`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, file)): Path<(String, String)>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let (id, file): (PartnerId, FileId) = (super::id(&id)?, super::id(&file)?);
    let partners = &rooms.partners;
    let partner = partners.partner(&ctx.actor, id).await?;
    let file = partners.file(&ctx.actor, file).await?;
    if file.partner != id {
        return Err(Error::NotFound("file").into());
    }
    let fields = Fields(web::url::pairs(&ctx.query));
    let asked = fields.get("outcome");
    let usual = if file.rejected > 0 { "rejected" } else { "all" };
    let shown = match asked {
        "posted" | "rejected" | "waiting" | "all" => asked,
        _ => usual,
    };
    let after: i64 = fields.get("after").parse().unwrap_or(0);
    let outcome = Some(shown).filter(|word| *word != "all");
    let mut rows = partners.rows(&ctx.actor, file.id, outcome, after, PAGE + 1).await?;
    let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let here = format!("/partners/{id}/files/{}", file.id);
    let last = rows.last().map_or(0, |row| row.row_no);
    let rejects = partners.rejects(&ctx.actor, file.id).await?;
    let show = Show {
        name: partner.name(ctx.lang).to_owned(),
        status: ctx.t(&format!("partners-status-{}", file.status.as_str())),
        fault: file.fault.as_ref().map(|fault| {
            let args = [
                ("line", fault.line.to_string()),
                ("said", fault.said.clone()),
                ("found", fault.found.clone()),
            ];
            let key = format!("partners-fault-{}", fault.code);
            (ctx.tv(&format!("{key}-at"), &args), ctx.t(&format!("{key}-fix")))
        }),
        totals: totals(&ctx, &file),
        rejects: rejects
            .into_iter()
            .map(|(code, n)| (ctx.t(&format!("partners-reject-{code}")), ctx.num(n)))
            .collect(),
        lines: rows.iter().map(|row| line(&ctx, row)).collect(),
        views: ["rejected", "posted", "waiting", "all"]
            .into_iter()
            .map(|word| {
                let text = ctx.t(&format!("partners-rows-{word}"));
                (format!("{here}?outcome={word}"), text, word == shown)
            })
            .collect(),
        next: more.then(|| format!("{here}?outcome={shown}&after={last}")),
        first: (after > 0).then(|| format!("{here}?outcome={shown}")),
        nothing: ctx.t(&format!("partners-rows-none-{shown}")),
        acknowledgement: format!("{here}/acknowledgement.csv"),
        may_export: file.status != Status::Posting && ctx.actor.may(permissions::EXPORT).is_ok(),
        under_way: file.status == Status::Posting,
        partner: &partner,
        file: &file,
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

fn totals(ctx: &Ctx, file: &PartnerFile) -> Vec<(String, String)> {
    [
        ("rows", file.rows_total),
        ("posted", file.posted),
        ("rejected", file.rejected),
        ("waiting", file.waiting),
        ("issued", file.issued),
        ("reversed", file.reversed),
        ("redeemed", file.redeemed),
    ]
    .into_iter()
    .filter(|(key, n)| *n > 0 || matches!(*key, "rows" | "posted" | "rejected"))
    .map(|(key, n)| (ctx.t(&format!("partners-total-{key}")), ctx.num(n)))
    .collect()
}

fn line(ctx: &Ctx, row: &RowOut) -> Line {
    let kind = match row.kind.as_str() {
        "" => String::new(),
        kind => ctx.t(&format!("partners-kind-{kind}")),
    };
    let action = match row.action.as_str() {
        "" => String::new(),
        action => ctx.t(&format!("partners-action-{action}")),
    };
    let expected = row.expected.map(|n| ctx.num(n)).unwrap_or_default();
    let (tone, said, fix) = match row.outcome.as_str() {
        "posted" => ("good", ctx.t("partners-row-posted"), String::new()),
        "waiting" => ("info", ctx.t("partners-row-waiting"), String::new()),
        _ => {
            let key = format!("partners-reject-{}", row.code);
            ("bad", ctx.t(&key), ctx.t1(&format!("{key}-fix"), "expected", expected))
        }
    };
    Line {
        row: row.row_no,
        reference: row.reference.clone(),
        member: kernel::member_no::grouped(&row.member_no),
        href: row.member_id.map(|id| format!("/members/{id}")),
        miles: ctx.num(row.miles),
        what: format!("{action} {kind}").trim().to_owned(),
        tone,
        said,
        fix,
    }
}

/// `GET /partners/{id}/files/{file}/acknowledgement.csv`
pub(super) async fn acknowledgement(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((_, file)): Path<(String, String)>,
) -> PageResult {
    let file: FileId = super::id(&file)?;
    let (file, text) = rooms.partners.acknowledgement(&ctx.actor, file).await?;
    let batch = if file.batch.is_empty() { "refused".to_owned() } else { file.batch };
    let name = format!("attachment; filename=\"acknowledgement-{batch}.csv\"");
    let head = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((head, text).into_response())
}
