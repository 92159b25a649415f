//! Charts: an ECharts option built here, drawn by `<jb-chart>`, always with its table of data.
//!
//! The option is plain JSON. Colours are written `"var(--v-keep)"` or
//! `"mix(--v-keep,--bg,0.25)"`; a data item may have `href` (the mark becomes a link) and `tip`
//! (its tooltip). See `assets/src/chart.ts` for the few other words.

use serde_json::{Value, json};

/// A value group's key, colour variable and symbol: fixed, in this order.
pub const GROUPS: [(&str, &str, &str); 5] = [
    ("keep", "var(--v-keep)", "rect"),
    ("develop", "var(--v-develop)", "triangle"),
    ("winback", "var(--v-winback)", "diamond"),
    ("general", "var(--v-general)", "circle"),
    ("low", "var(--v-low)", "emptyCircle"),
];

/// A chart with its table.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Unique on the page.
    pub id: String,
    /// What it shows, in one sentence (read aloud, and above the table).
    pub label: String,
    /// Short words above the drawing; may be empty.
    pub caption: String,
    /// Height: `s` 128, `m` 200, empty 260, `l` 356, `xl` 460 px.
    pub size: &'static str,
    /// Unit in tooltips.
    pub unit: String,
    /// The ECharts option.
    pub option: Value,
    /// Changes to the option in a narrow place.
    pub narrow: Option<Value>,
    /// Headings of the table.
    pub headers: Vec<String>,
    /// Rows of the table; the first cell names the row. A row may lead somewhere.
    pub rows: Vec<Row>,
}

/// One row of a chart's table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Cells as they are read.
    pub cells: Vec<String>,
    /// Where the row's mark leads.
    pub href: Option<String>,
}

impl Row {
    /// A row without a link.
    #[must_use]
    pub fn new(cells: Vec<String>) -> Self {
        Self { cells, href: None }
    }

    /// A row whose mark leads to `href`.
    #[must_use]
    pub fn linked(cells: Vec<String>, href: impl Into<String>) -> Self {
        Self { cells, href: Some(href.into()) }
    }
}

impl Chart {
    /// A chart of any option.
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>, option: Value) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            caption: String::new(),
            size: "",
            unit: String::new(),
            option,
            narrow: None,
            headers: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Short words above the drawing.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = caption.into();
        self
    }

    /// Height class.
    #[must_use]
    pub fn size(mut self, size: &'static str) -> Self {
        self.size = size;
        self
    }

    /// Unit in tooltips.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Changes for places under 340 px.
    #[must_use]
    pub fn narrow(mut self, option: Value) -> Self {
        self.narrow = Some(option);
        self
    }

    /// The table of data.
    #[must_use]
    pub fn table(mut self, headers: Vec<String>, rows: Vec<Row>) -> Self {
        self.headers = headers;
        self.rows = rows;
        self
    }

    /// The JSON for the element, safe inside a script element.
    #[must_use]
    pub fn json(&self) -> askama::filters::Safe<String> {
        let mut spec = json!({ "option": self.option, "unit": self.unit });
        if let Some(narrow) = &self.narrow {
            spec["narrow"] = narrow.clone();
        }
        askama::filters::Safe(script_json(&spec))
    }
}

/// JSON that cannot end the script element it stands in.
#[must_use]
pub fn script_json(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A point of a bar or line chart.
#[derive(Clone, Debug)]
pub struct Point {
    /// Name on the axis.
    pub name: String,
    /// Height.
    pub value: f64,
    /// Where a click leads.
    pub href: Option<String>,
}

fn item(point: &Point) -> Value {
    let mut item = json!({ "value": point.value, "name": point.name });
    if let Some(href) = &point.href {
        item["href"] = href.clone().into();
    }
    item
}

/// Upright bars with a zero baseline in the accent colour.
#[must_use]
pub fn bars(points: &[Point], format_axis: &str) -> Value {
    json!({
        "grid": { "left": 44, "right": 8, "top": 12, "bottom": 24 },
        "tooltip": { "trigger": "item" },
        "xAxis": { "type": "category", "data": points.iter().map(|p| p.name.clone()).collect::<Vec<_>>() },
        "yAxis": { "type": "value", "min": 0, "splitNumber": 3, "axisLabel": { "formatter": format_axis } },
        "series": [{ "type": "bar", "data": points.iter().map(item).collect::<Vec<_>>(),
            "itemStyle": { "color": "var(--accent-solid)" } }],
    })
}

/// A line with a zero baseline; the last value is written beside it.
#[must_use]
pub fn line(points: &[Point], last_label: &str) -> Value {
    json!({
        "grid": { "left": 44, "right": 84, "top": 12, "bottom": 24 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "boundaryGap": false,
            "data": points.iter().map(|p| p.name.clone()).collect::<Vec<_>>() },
        "yAxis": { "type": "value", "min": 0, "splitNumber": 3 },
        "series": [{ "type": "line", "symbol": "none", "data": points.iter().map(item).collect::<Vec<_>>(),
            "areaStyle": { "opacity": 0.08 }, "lineStyle": { "color": "var(--accent-solid)" },
            "itemStyle": { "color": "var(--accent-solid)" },
            "endLabel": { "show": true, "formatter": last_label, "color": "var(--accent-text)",
                "fontWeight": 600, "fontSize": 11 } }],
    })
}

/// Share of the whole (0–100) that the first x % bring: a Pareto curve. `marks` are written on it.
#[must_use]
pub fn pareto(
    curve: &[(f64, f64)],
    x_name: &str,
    y_name: &str,
    marks: &[(f64, f64, String)],
) -> Value {
    let points: Vec<Value> = curve.iter().map(|(x, y)| json!([x, y])).collect();
    let marks: Vec<Value> = marks
        .iter()
        .map(|(x, y, text)| json!({ "coord": [x, y], "value": text, "name": text }))
        .collect();
    json!({
        "grid": { "left": 44, "right": 16, "top": 24, "bottom": 40 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "value", "min": 0, "max": 100, "interval": 20, "name": x_name, "nameLocation": "middle",
            "nameGap": 26, "splitLine": { "show": false }, "axisLabel": { "formatter": "{value} %" } },
        "yAxis": { "type": "value", "min": 0, "max": 100, "name": y_name, "interval": 25,
            "nameTextStyle": { "align": "left" }, "axisLabel": { "formatter": "{value} %" } },
        "series": [{ "type": "line", "symbol": "none", "data": points, "name": y_name,
            "areaStyle": { "opacity": 0.08 }, "lineStyle": { "color": "var(--accent-solid)" },
            "itemStyle": { "color": "var(--accent-solid)" },
            "markPoint": { "symbol": "circle", "symbolSize": 8, "data": marks,
                "itemStyle": { "color": "var(--accent-solid)" },
                "label": { "position": "right", "color": "var(--accent-text)", "fontWeight": 600, "fontSize": 11 } } }],
    })
}

/// Box plots on their side, one row per value group: 5, 25, 50, 75, 95 % of each, in the order
/// given (top to bottom), each with its tooltip. `axis` is the end of the axis and its step.
#[must_use]
pub fn boxes(rows: &[(&str, [f64; 5], String)], axis: (f64, f64)) -> Value {
    let colour = |key: &str| {
        GROUPS.iter().find(|(its, ..)| *its == key).map_or("var(--v-general)", |(_, c, _)| c)
    };
    let bare = |key: &str| colour(key).trim_start_matches("var(").trim_end_matches(')').to_owned();
    let data: Vec<Value> = rows
        .iter()
        .rev()
        .map(|(key, quantiles, tip)| {
            json!({ "value": quantiles, "tip": tip, "itemStyle": {
                "color": format!("mix({},--bg,0.25)", bare(key)), "borderColor": colour(key), "borderWidth": 1.5 } })
        })
        .collect();
    let names: Vec<&str> = rows.iter().rev().map(|(key, ..)| *key).collect();
    json!({
        "grid": { "left": 0, "right": 8, "top": 4, "bottom": 22 },
        "tooltip": { "trigger": "item" },
        "yAxis": { "type": "category", "data": names, "axisLabel": { "show": false }, "axisLine": { "show": false } },
        "xAxis": { "type": "value", "min": 0, "max": axis.0, "interval": axis.1,
            "axisLabel": { "hideOverlap": true, "alignMinLabel": "left", "alignMaxLabel": "right" } },
        "series": [{ "type": "boxplot", "boxWidth": [10, 12], "data": data }],
    })
}

/// A value group on a radar.
#[derive(Clone, Debug)]
pub struct Spoke {
    /// Group key (`keep`, …).
    pub key: String,
    /// Its name.
    pub name: String,
    /// One value per axis.
    pub values: Vec<f64>,
    /// Axis at which the name is written, and on which side (`left`, `right`, `bottom`, `top`).
    pub label: Option<(usize, &'static str)>,
}

/// Centres of groups on a radar. `axes` are (long, short) names.
#[must_use]
pub fn radar(axes: &[(String, String)], groups: &[Spoke], min: f64, max: f64) -> (Value, Value) {
    let indicator = |names: Vec<&String>| -> Vec<Value> {
        names.into_iter().map(|n| json!({ "name": n, "min": min, "max": max })).collect()
    };
    let data: Vec<Value> = groups.iter().rev().map(spoke).collect();
    let option = json!({
        "radar": { "indicator": indicator(axes.iter().map(|(long, _)| long).collect()), "radius": "60%",
            "center": ["50%", "53%"], "splitNumber": 4, "axisNameGap": 8 },
        "tooltip": { "trigger": "item" },
        "series": [{ "type": "radar", "data": data }],
    });
    let narrow = json!({ "radar": { "radius": "62%",
        "indicator": indicator(axes.iter().map(|(_, short)| short).collect()) } });
    (option, narrow)
}

/// Names beside a lower corner stand clear of the name of the axis, which is written there too.
fn offset(axis: usize, side: &str) -> [i8; 2] {
    match (axis, side) {
        (2 | 3, "left" | "right") => [0, -14],
        (4, "bottom") => [20, 2],
        _ => [0, 0],
    }
}

fn spoke(group: &Spoke) -> Value {
    let known = GROUPS.iter().find(|(key, ..)| *key == group.key);
    let (colour, symbol) = known.map_or(("var(--v-general)", "circle"), |(_, c, s)| (*c, *s));
    let keep = group.key == "keep";
    let mut item = json!({
        "name": group.name, "value": group.values, "symbol": symbol, "symbolSize": if keep { 7 } else { 6 },
        "lineStyle": { "width": if keep { 2.5 } else { 1.5 }, "color": colour,
            "type": if group.key == "low" { "dashed" } else { "solid" } },
        "itemStyle": { "color": colour },
    });
    if symbol == "emptyCircle" {
        // Hollow on either theme: filled with the page's own colour.
        item["symbol"] = "circle".into();
        item["itemStyle"] =
            json!({ "color": "var(--bg)", "borderColor": colour, "borderWidth": 2 });
    }
    if keep {
        item["areaStyle"] = json!({ "opacity": 0.1, "color": colour });
    }
    if let Some((axis, side)) = group.label {
        item["label"] = json!({ "show": true, "color": colour, "fontWeight": 600, "fontSize": 12,
            "distance": 6, "position": side, "offset": offset(axis, side), "formatter": format!("@at:{axis}:{}", group.name) });
    }
    item
}

/// One side of a flow chart: name (unique), words beside it, colour (`var(--…)`), left side or not.
#[derive(Clone, Debug)]
pub struct Node {
    /// Unique name.
    pub name: String,
    /// Words beside the bar; in a narrow place the short ones.
    pub label: String,
    /// Words in a narrow place.
    pub short: String,
    /// Colour.
    pub colour: &'static str,
    /// On the left.
    pub left: bool,
}

/// What flows from one node to another.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Node on the left.
    pub from: String,
    /// Node on the right.
    pub to: String,
    /// How many.
    pub value: i64,
    /// Tooltip.
    pub tip: String,
    /// Where a click leads.
    pub href: Option<String>,
    /// Stays where it was: drawn in grey.
    pub same: bool,
}

/// A Sankey chart of moves between two moments, with its narrow form.
#[must_use]
pub fn sankey(nodes: &[Node], flows: &[Flow]) -> (Value, Value) {
    let data = |short: bool| -> Vec<Value> {
        let side = |node: &Node| if node.left { ("right", 0) } else { ("left", 1) };
        let make = |node: &Node| {
            let (position, depth) = side(node);
            let words = if short { &node.short } else { &node.label };
            json!({ "name": node.name, "depth": depth, "tip": node.label,
                "itemStyle": { "color": node.colour },
                "label": { "position": position, "formatter": words } })
        };
        nodes.iter().map(make).collect()
    };
    let colour_of = |name: &str| {
        nodes.iter().find(|n| n.name == name).map_or("var(--line-strong)", |n| n.colour)
    };
    let links: Vec<Value> = flows
        .iter()
        .map(|flow| {
            let colour = if flow.same { "var(--line-strong)" } else { colour_of(&flow.from) };
            let mut link = json!({ "source": flow.from, "target": flow.to, "value": flow.value, "tip": flow.tip,
                "lineStyle": { "color": colour, "opacity": if flow.same { 0.35 } else { 0.5 } } });
            if let Some(href) = &flow.href {
                link["href"] = href.clone().into();
            }
            link
        })
        .collect();
    let series = |short: bool| {
        json!([{ "type": "sankey", "left": 0, "right": 0, "top": 4, "bottom": 4, "nodeWidth": 10, "nodeGap": 12,
            "layoutIterations": 0, "draggable": false, "data": data(short), "links": links,
            "label": { "color": "var(--text)", "fontSize": 12 }, "lineStyle": { "curveness": 0.5 },
            "emphasis": { "focus": "adjacency" }, "itemStyle": { "borderWidth": 0 } }])
    };
    (
        json!({ "tooltip": { "trigger": "item" }, "series": series(false) }),
        json!({ "series": series(true) }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_leave_its_script_element() {
        let text = script_json(&json!({ "a": "</script><b>" }));
        assert!(!text.contains('<'));
        assert!(text.contains("\\u003c/script>"));
    }

    #[test]
    fn groups_keep_their_colours() {
        let option = boxes(&[("keep", [1.0, 2.0, 3.0, 4.0, 5.0], String::new())], (10.0, 5.0));
        let style = &option["series"][0]["data"][0]["itemStyle"];
        assert_eq!(style["color"], "mix(--v-keep,--bg,0.25)");
        assert_eq!(style["borderColor"], "var(--v-keep)");
    }
}
