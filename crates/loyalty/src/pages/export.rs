//! A statement as a file: the same lines by the list's way of streaming them.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use store::SqlBuilder;
use uuid::Uuid;
use web::list::{Cell, Column, List, ListRow, ListSpec};
use web::{Ctx, PageError, PageResult};

use super::head::Head;
use super::statement::Asked;
use super::words;
use crate::ledger::Account;
use crate::{Loyalty, permissions};

/// Lines of accounts of members: each transfer once for each side that is one's.
const LINES: ListSpec = ListSpec {
    key: "member-statement",
    title: "loyalty-tab-statement",
    select: "t.id, t.seq, t.kind, t.code, t.change, t.after, t.unit, t.effective_at, \
        t.recorded_at, t.reference, t.explanation",
    from: "(SELECT d.id, d.debit_id AS account_id, d.debit_seq AS seq, d.kind, d.code, \
            -d.amount AS change, d.debit_after AS after, a.unit, d.effective_at, d.recorded_at, \
            d.reference, d.explanation \
            FROM ledger_transfer d JOIN ledger_account a ON a.id = d.debit_id \
            WHERE d.debit_seq IS NOT NULL \
        UNION ALL SELECT c.id, c.credit_id, c.credit_seq, c.kind, c.code, c.amount, \
            c.credit_after, b.unit, c.effective_at, c.recorded_at, c.reference, c.explanation \
            FROM ledger_transfer c JOIN ledger_account b ON b.id = c.credit_id \
            WHERE c.credit_seq IS NOT NULL) t",
    base: "",
    id: "t.id",
    columns: &[
        Column::number("seq", "loyalty-col-seq", "t.seq").sortable().not_null(),
        Column::time("effective", "loyalty-col-effective", "t.effective_at").not_null(),
        Column::time("recorded", "loyalty-col-recorded", "t.recorded_at").not_null(),
        Column::text("what", "loyalty-col-what", "t.code").not_null(),
        Column::text("flight", "loyalty-col-flight", "t.reference").not_null().no_filter(),
        Column::number("change", "loyalty-col-change", "t.change").not_null(),
        Column::number("after", "loyalty-col-after", "t.after").not_null(),
        Column::text("reference", "loyalty-fact-reference", "t.reference").not_null(),
    ],
    sort: "-seq",
    views: &[],
    search: None,
    count_cap: 10_000,
    covering: None,
};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    seq: i64,
    kind: String,
    code: String,
    change: i64,
    after: i64,
    unit: String,
    effective_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    reference: String,
    explanation: Json<serde_json::Value>,
}

impl Row {
    /// In whole units: segments are kept in hundredths.
    fn amount(&self, n: i64) -> Cell {
        if self.unit != "qualifying-segments" {
            return Cell::Num(n);
        }
        #[expect(clippy::cast_precision_loss, reason = "segments are few")]
        let segments = n as f64 / 100.0;
        Cell::Dec(segments, 2)
    }
}

impl ListRow for Row {
    fn id(&self) -> Uuid {
        self.id
    }

    fn label(&self, ctx: &Ctx) -> String {
        ctx.num(self.seq)
    }

    fn cell(&self, key: &str, ctx: &Ctx) -> Cell {
        let flight = &self.explanation.0["flight"];
        let part = |name: &str| flight[name].as_str().unwrap_or_default();
        match key {
            "seq" => Cell::Num(self.seq),
            "effective" => Cell::Date(self.effective_at.with_timezone(&ctx.zone).date_naive()),
            "recorded" => Cell::Date(self.recorded_at.with_timezone(&ctx.zone).date_naive()),
            "what" => {
                let side = if self.change < 0 { "out" } else { "in" };
                let own = format!("loyalty-line-{}", self.code.replace('.', "-"));
                let reversed = self.kind == "reverse" && self.code != "accrual-correction";
                if ctx.has(&own) && !reversed {
                    Cell::Text(ctx.t(&own))
                } else {
                    Cell::Text(ctx.t(&format!("loyalty-line-{}-{side}", self.kind)))
                }
            }
            "flight" if flight.is_object() => {
                Cell::Text(format!("{} {}–{}", part("no"), part("from"), part("to")))
            }
            "flight" => match self.explanation.0["reason"].as_str() {
                Some(reason) => Cell::Text(words::code(ctx, "loyalty-reason-", reason)),
                None => Cell::Empty,
            },
            "change" => self.amount(self.change),
            "after" => self.amount(self.after),
            "reference" => Cell::Code(self.reference.clone()),
            _ => Cell::Empty,
        }
    }
}

/// Streams the account's lines, in the filters of the page.
pub(super) async fn serve(
    ctx: &Ctx,
    head: &Head,
    account: Option<&Account>,
    asked: &Asked,
    loyalty: &Loyalty,
) -> PageResult {
    let account = account.ok_or_else(PageError::not_found)?;
    let which = asked.which(loyalty);
    let mut scope = SqlBuilder::new("t.account_id = ");
    scope.bind(account.id.uuid());
    if let Some(at) = which.effective {
        scope.push(" AND t.effective_at <= ").bind(at);
    }
    if let Some(at) = which.known {
        scope.push(" AND t.recorded_at <= ").bind(at);
    }
    if let Some(sort) = which.sort {
        let side = |is_debit| sort.condition(is_debit).unwrap_or("1 = 0");
        scope.push(" AND ((t.change < 0 AND ").push(side(true));
        scope.push(") OR (t.change > 0 AND ").push(side(false)).push("))");
    }
    let title = ctx.t1("loyalty-statement-title", "name", head.title.as_str());
    List::new(&LINES)
        .scope(scope)
        .title(title)
        .crumb(ctx.t("loyalty-list-title"), "/members")
        .crumb(head.title.clone(), head.href())
        .export(permissions::EXPORT)
        .serve::<Row>(ctx)
        .await
}
