//! The evidence of a pair as a waterfall: from the odds before anything was compared, bar by bar,
//! to the total; with the table of it.

use serde_json::{Value, json};
use web::Ctx;
use web::chart::{Chart, Row};

/// One comparison, in the reader's words.
pub(super) struct Bar {
    pub name: String,
    pub level: String,
    pub bits: f64,
}

/// What two records' comparison found.
pub(super) struct Told {
    pub bars: Vec<Bar>,
    pub total: f64,
    /// Why it is certain, impossible or only looked at; may be empty.
    pub verdict: String,
}

/// Reads the evidence kept with a link or a review. `None` where there is none.
pub(super) fn told(ctx: &Ctx, detail: &Value) -> Option<Told> {
    let evidence = detail.get("evidence")?;
    let number = |value: &Value, field: &str| value.get(field).and_then(Value::as_f64);
    let mut bars = vec![Bar {
        name: ctx.t("identity-prior"),
        level: ctx.t("identity-prior-level"),
        bits: number(evidence, "prior")?,
    }];
    for piece in evidence.get("pieces")?.as_array()? {
        let level = piece.get("level").and_then(Value::as_str).unwrap_or("missing");
        let code = piece.get("comparison").and_then(Value::as_str).unwrap_or_default();
        if level == "missing" {
            continue;
        }
        let bits = number(piece, "weight")? + number(piece, "adjustment")?;
        let name = word(ctx, "identity-compare-", code);
        bars.push(Bar { name, level: word(ctx, "identity-level-", level), bits });
    }
    Some(Told { bars, total: number(evidence, "total")?, verdict: verdict(ctx, detail, evidence) })
}

fn word(ctx: &Ctx, before: &str, code: &str) -> String {
    let key = format!("{before}{}", code.replace('_', "-"));
    if ctx.has(&key) { ctx.t(&key) } else { code.replace('_', " ") }
}

fn verdict(ctx: &Ctx, detail: &Value, evidence: &Value) -> String {
    for field in ["veto", "certain", "cap"] {
        if let Some(code) = evidence.get(field).and_then(Value::as_str) {
            return word(ctx, &format!("identity-{field}-"), code);
        }
    }
    match detail.get("rule").and_then(Value::as_str) {
        Some("booking") => ctx.t("identity-rule-booking"),
        _ => String::new(),
    }
}

impl Told {
    /// The waterfall and its table.
    pub fn chart(&self, ctx: &Ctx, id: &str) -> Chart {
        let mut data = Vec::new();
        let mut names = Vec::new();
        let mut so_far = 0.0;
        for bar in &self.bars {
            data.push(boxed(so_far, so_far + bar.bits, &tip(ctx, bar), false));
            names.push(bar.name.clone());
            so_far += bar.bits;
        }
        let total = Bar { name: ctx.t("identity-total"), level: String::new(), bits: self.total };
        data.push(boxed(0.0, self.total, &tip(ctx, &total), true));
        names.push(total.name);
        data.reverse();
        names.reverse();
        let option = json!({
            "grid": { "left": 108, "right": 16, "top": 4, "bottom": 22 },
            "tooltip": { "trigger": "item" },
            "yAxis": { "type": "category", "data": names, "axisTick": { "show": false } },
            "xAxis": { "type": "value", "splitNumber": 4 },
            "series": [{ "type": "boxplot", "boxWidth": [12, 14], "data": data }],
        });
        let rows = self
            .bars
            .iter()
            .map(|bar| Row::new(vec![bar.name.clone(), bar.level.clone(), signed(bar.bits)]))
            .chain([Row::new(vec![ctx.t("identity-total"), String::new(), signed(self.total)])])
            .collect();
        let headers = vec![
            ctx.t("identity-col-compare"),
            ctx.t("identity-col-level"),
            ctx.t("identity-col-bits"),
        ];
        Chart::new(id, ctx.t("identity-waterfall"), option)
            .caption(ctx.t("identity-waterfall-caption"))
            .size("l")
            .table(headers, rows)
    }
}

/// A bar from one place to another.
fn boxed(from: f64, to: f64, tip: &str, total: bool) -> Value {
    let (low, high) = (from.min(to), from.max(to));
    let colour = match (total, to >= from) {
        (true, _) => "--accent-solid",
        (_, true) => "--good",
        (_, false) => "--bad",
    };
    json!({ "value": [low, low, to, high, high], "tip": tip, "itemStyle": {
        "color": format!("mix({colour},--bg,0.25)"), "borderColor": format!("var({colour})") } })
}

fn tip(ctx: &Ctx, bar: &Bar) -> String {
    let bits = signed(bar.bits);
    if bar.level.is_empty() {
        return ctx.t2("identity-tip-total", "name", bar.name.clone(), "bits", bits);
    }
    ctx.t3("identity-tip", "name", bar.name.clone(), "level", bar.level.clone(), "bits", bits)
}

/// `+3.2`, `−1.0`.
pub(super) fn signed(bits: f64) -> String {
    if bits < 0.0 { format!("−{:.1}", -bits) } else { format!("+{bits:.1}") }
}
