//! `/benefits`: each programme's benefits of today, tiers across, benefits down.

use askama::Template;
use axum::extract::State;
use programme::Programme;
use programme::document::{BenefitRow, Row as _};
use programme::say;
use web::{Ctx, PageResult};

use super::Rooms;
use crate::permissions;

/// A benefit, and for each tier: yes, by choice, or no.
struct Line {
    name: String,
    terms: String,
    cells: Vec<&'static str>,
}

struct Table {
    id: String,
    name: String,
    note: String,
    tiers: Vec<String>,
    lines: Vec<Line>,
    /// Milestones: name, what it asks, and what can be chosen.
    steps: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "benefits/catalogue.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    tables: Vec<Table>,
}

fn cell(row: &BenefitRow, tier: &programme::Id) -> &'static str {
    match (row.tiers.contains(tier), row.by_choice) {
        (false, _) => "no",
        (true, true) => "choice",
        (true, false) => "yes",
    }
}

fn table(ctx: &Ctx, rules: &Programme) -> Table {
    let today = ctx.today();
    let rows: Vec<&BenefitRow> =
        rules.benefits.catalogue.iter().filter(|row| row.span().contains(today)).collect();
    let name = |id: &programme::Id| {
        let row = rows.iter().find(|row| row.id == *id);
        row.map_or_else(|| id.to_string(), |row| row.name.get(ctx.lang).to_owned())
    };
    let steps = rules.benefits.milestones.iter().filter(|row| row.span().contains(today));
    let comma = if ctx.zh() { "、" } else { ", " };
    let steps = steps.map(|row| {
        let names: Vec<String> = row.choices.iter().map(name).collect();
        let of = ctx.t1("benefits-choose-of", "n", row.choose);
        let gap = if ctx.zh() { "：" } else { " " };
        (row.name.get(ctx.lang).to_owned(), format!("{of}{gap}{}", names.join(comma)))
    });
    Table {
        id: rules.code.to_string(),
        name: rules.name.get(ctx.lang).to_owned(),
        note: ctx.t1("benefits-catalogue-note", "version", rules.version),
        tiers: rules.tiers.iter().map(|tier| tier.name.get(ctx.lang).to_owned()).collect(),
        steps: steps.collect(),
        lines: rows
            .iter()
            .map(|row| Line {
                name: row.name.get(ctx.lang).to_owned(),
                terms: say::benefit(row, ctx.lang),
                cells: rules.tiers.iter().map(|tier| cell(row, &tier.code)).collect(),
            })
            .collect(),
    }
}

/// `GET /benefits`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let mut tx = ctx.web.db.read().await?;
    let book = rooms.benefits.loyalty().rulebook(&mut tx).await?;
    let mut tables: Vec<Table> = book.values().map(|it| table(&ctx, it.programme())).collect();
    tables.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(ctx.page(&Show { ctx: &ctx, tables }))
}
