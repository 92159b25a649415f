//! What several pages show of a run: group cards, the radar, moves.

use stats::{Lifecycle, Migration};
use web::Ctx;
use web::chart::{Chart, Flow, GROUPS, Node, Row, Spoke};

use crate::group;
use crate::run::compare::{GONE, NEW, in_page_order};
use crate::run::{Group, Report};

/// Letters of the features, as in text keys.
pub const LETTERS: [&str; 5] = ["l", "r", "f", "m", "c"];

/// A group as a card.
#[derive(Debug)]
pub struct Card {
    pub kind: &'static str,
    pub name: String,
    pub words: String,
    pub advice: String,
    pub members: String,
    pub change: Option<String>,
    pub member_share: String,
    pub revenue_share: String,
    pub member_width: String,
    pub revenue_width: String,
    pub bar_label: String,
    pub outline: String,
    pub href: String,
    pub see: String,
}

/// The kind of a group's word; groups of an unknown kind are drawn as general.
pub fn kind_of(name: &str) -> &'static str {
    group::parse_name(name).map_or("general", |name| group::code(name.kind))
}

/// A group's name in the reader's language.
pub fn name_of(ctx: &Ctx, word: &str) -> String {
    let kind = ctx.t(&format!("customers-group-{}", kind_of(word)));
    match group::parse_name(word) {
        Some(name) if name.number > 0 => format!("{kind} {}", name.number),
        _ => kind,
    }
}

/// The list of the customers in a group.
pub fn customers_in(word: &str) -> String {
    format!("/customers?f=group:in:{}", kind_of(word))
}

/// The cards of a run's groups, in the order of every page.
pub fn cards(ctx: &Ctx, report: &Report) -> Vec<Card> {
    let widest = report
        .groups
        .iter()
        .flat_map(|group| [group.member_share, group.revenue_share])
        .fold(0.01, f64::max);
    in_page_order(report).iter().map(|&at| card(ctx, report, &report.groups[at], widest)).collect()
}

fn card(ctx: &Ctx, report: &Report, group: &Group, widest: f64) -> Card {
    let kind = kind_of(&group.name);
    let width = |share: f64| format!("{:.1}%", share / widest * 100.0);
    let members = ctx.num(group.members);
    let (member_share, revenue_share) = (ctx.pct(group.member_share), ctx.pct(group.revenue_share));
    let at_risk = group.lifecycle.get(&Lifecycle::AtRisk).copied().unwrap_or(0);
    let advice = if kind == "keep" && at_risk > 0 {
        ctx.t1("value-advice-keep-at-risk", "n", ctx.num(at_risk))
    } else {
        ctx.t(&format!("value-advice-{kind}"))
    };
    let change = group.members_before.map(|before| {
        let (arrow, by) = if group.members >= before {
            ("↑", group.members - before)
        } else {
            ("↓", before - group.members)
        };
        format!("{arrow} {}", ctx.num(by))
    });
    let [members_arg, revenue_arg] = [member_share.clone(), revenue_share.clone()];
    Card {
        kind,
        name: name_of(ctx, &group.name),
        words: words(ctx, report, group),
        advice,
        change,
        member_width: width(group.member_share),
        revenue_width: width(group.revenue_share),
        bar_label: ctx.t2("value-shares", "members", members_arg, "revenue", revenue_arg),
        member_share,
        revenue_share,
        outline: outline(group.centre),
        href: customers_in(&group.name),
        see: ctx.t1("value-see-members", "n", members.clone()),
        members,
    }
}

/// What sets the group apart, in words made from its centre; and, where one of them brings much more
/// than one of the largest group, how much.
fn words(ctx: &Ctx, report: &Report, group: &Group) -> String {
    let mut traits: Vec<(f64, String)> = Vec::new();
    for (letter, z) in LETTERS.into_iter().zip(group.centre) {
        if z.abs() >= 0.45 {
            let side = if z > 0.0 { "high" } else { "low" };
            traits.push((z.abs(), ctx.t(&format!("value-trait-{letter}-{side}"))));
        }
    }
    traits.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut traits: Vec<String> = traits.into_iter().take(3).map(|(_, words)| words).collect();
    if traits.is_empty() {
        traits.push(ctx.t("value-trait-average"));
    }
    let sentence = ctx.t1("value-words", "traits", traits.join(&ctx.t("value-and")));
    let each = |group: &Group| group.revenue_share / group.member_share.max(f64::MIN_POSITIVE);
    let largest = report.groups.first().filter(|largest| largest.name != group.name);
    match largest.map(|largest| (largest, each(group) / each(largest).max(f64::MIN_POSITIVE))) {
        Some((largest, times)) if times >= 2.0 && times.is_finite() => {
            let other = name_of(ctx, &largest.name);
            let worth = ctx.t2("value-words-worth", "n", ctx.dec(times, 1), "group", other);
            format!("{sentence}{worth}")
        }
        _ => sentence,
    }
}

/// The corners of a small radar: L at the top, then R, F, M, C against the clock; R outward is recent.
fn outline(centre: [f64; 5]) -> String {
    let corner = |(at, z): (usize, f64)| {
        let z = if at == 1 { -z } else { z };
        let radius = 26.0 * ((z + 2.0) / 4.8).clamp(0.02, 1.0);
        let angle = std::f64::consts::FRAC_PI_2 + at as f64 * std::f64::consts::TAU / 5.0;
        format!("{:.1},{:.1}", 30.0 + radius * angle.cos(), 30.0 - radius * angle.sin())
    };
    centre.into_iter().enumerate().map(corner).collect::<Vec<_>>().join(" ")
}

/// The radar of a run's centres.
pub fn radar(ctx: &Ctx, report: &Report) -> Chart {
    let order = in_page_order(report);
    let outward = |centre: [f64; 5]| {
        let [l, r, f, m, c] = centre;
        vec![l, -r, f, m, c].into_iter().map(|z| (z * 100.0).round() / 100.0).collect::<Vec<_>>()
    };
    let spokes: Vec<Spoke> = order
        .iter()
        .map(|&at| {
            let group = &report.groups[at];
            let label = match group.name.as_str() {
                "keep" => Some((2, "left")),
                "develop" => Some((4, "bottom")),
                "winback" => Some((0, "right")),
                _ => None,
            };
            Spoke {
                key: kind_of(&group.name).to_owned(),
                name: name_of(ctx, &group.name),
                values: outward(group.centre),
                label,
            }
        })
        .collect();
    let axes: Vec<(String, String)> = LETTERS
        .iter()
        .map(|letter| (ctx.t(&format!("value-axis-{letter}")), letter.to_uppercase()))
        .collect();
    let most = spokes.iter().flat_map(|s| s.values.iter().copied()).fold(2.8, f64::max);
    let least = spokes.iter().flat_map(|s| s.values.iter().copied()).fold(-2.0, f64::min);
    let (option, narrow) = web::chart::radar(&axes, &spokes, least, most);
    let headers = std::iter::once(ctx.t("value-group")).chain(axes.into_iter().map(|a| a.0));
    let rows = spokes.iter().zip(&order).map(|(spoke, &at)| {
        let numbers = spoke.values.iter().map(|z| ctx.dec(*z, 2));
        let cells = std::iter::once(spoke.name.clone()).chain(numbers).collect();
        Row::linked(cells, customers_in(&report.groups[at].name))
    });
    Chart::new("radar", ctx.t1("value-radar-label", "k", report.k), option)
        .narrow(narrow)
        .size("l")
        .table(headers.collect(), rows.collect())
}

/// Two runs whose moves are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Moves<'a> {
    pub then: (uuid::Uuid, &'a Report),
    pub now: (uuid::Uuid, &'a Report),
    pub migration: &'a Migration,
}

impl Moves<'_> {
    fn href(&self, from: &str, to: &str) -> String {
        format!("/value/moved?then={}&now={}&from={from}&to={to}", self.then.0, self.now.0)
    }

    /// The Sankey chart of the moves.
    pub fn chart(&self, ctx: &Ctx) -> Chart {
        let (mut nodes, mut flows) = (Vec::new(), Vec::new());
        let (left, right) = (in_page_order(self.then.1), in_page_order(self.now.1));
        let (then, now) = (self.then.1, self.now.1);
        for &at in &left {
            nodes.push(node(ctx, &then.names[at], self.total_then(at), true));
        }
        for &at in &right {
            nodes.push(node(ctx, &now.names[at], self.total_now(at), false));
        }
        let mut add = |from: &str, to: &str, value: u64| {
            if value == 0 {
                return;
            }
            let tip = format!("{} → {}: {}", word(ctx, from), word(ctx, to), ctx.num(value));
            flows.push(Flow {
                from: format!("a-{from}"),
                to: format!("b-{to}"),
                value: i64::try_from(value).unwrap_or(i64::MAX),
                tip,
                href: (from != to).then(|| self.href(from, to)),
                same: from == to,
            });
        };
        for &from in &left {
            for &to in &right {
                add(&then.names[from], &now.names[to], self.migration.moved[from][to]);
            }
            add(&then.names[from], GONE, self.migration.left[from]);
        }
        for &to in &right {
            add(NEW, &now.names[to], self.migration.joined[to]);
        }
        for (name, left, total) in [
            (NEW, true, self.migration.joined.iter().sum::<u64>()),
            (GONE, false, self.migration.left.iter().sum::<u64>()),
        ] {
            if total > 0 {
                nodes.push(node(ctx, name, total, left));
            }
        }
        let (option, narrow) = web::chart::sankey(&nodes, &flows);
        let rows = flows.iter().filter(|flow| !flow.same).map(|flow| {
            let (from, to) = (word(ctx, &flow.from[2..]), word(ctx, &flow.to[2..]));
            let cells = vec![format!("{from} → {to}"), ctx.num(flow.value)];
            flow.href
                .clone()
                .map_or_else(|| Row::new(cells.clone()), |h| Row::linked(cells.clone(), h))
        });
        Chart::new("sankey", ctx.t("value-sankey-label"), option)
            .narrow(narrow)
            .size("l")
            .table(vec![ctx.t("value-move"), ctx.t("value-members")], rows.collect())
    }

    fn total_then(&self, at: usize) -> u64 {
        self.migration.moved[at].iter().sum::<u64>() + self.migration.left[at]
    }

    fn total_now(&self, at: usize) -> u64 {
        self.migration.moved.iter().map(|row| row[at]).sum::<u64>() + self.migration.joined[at]
    }

    /// The largest move between groups of different names: (from, to, members).
    pub fn largest(&self) -> Option<(&str, &str, u64)> {
        let pairs = self.then.1.names.iter().enumerate().flat_map(|(from, a)| {
            self.now
                .1
                .names
                .iter()
                .enumerate()
                .map(move |(to, b)| (a.as_str(), b.as_str(), self.migration.moved[from][to]))
        });
        pairs.filter(|(a, b, n)| a != b && *n > 0).max_by_key(|(.., n)| *n)
    }
}

/// A group's name, or the words for those in none.
pub fn word(ctx: &Ctx, name: &str) -> String {
    match name {
        NEW => ctx.t("value-first-counted"),
        GONE => ctx.t("value-not-counted"),
        name => name_of(ctx, name),
    }
}

fn node(ctx: &Ctx, name: &str, total: u64, left: bool) -> Node {
    let colour = match name {
        NEW | GONE => "var(--line-control)",
        name => {
            let kind = kind_of(name);
            GROUPS.iter().find(|(key, ..)| *key == kind).map_or("var(--v-general)", |(_, c, _)| c)
        }
    };
    let (short, words) = (ctx.num(total), word(ctx, name));
    let label = if left { format!("{words}  {short}") } else { format!("{short}  {words}") };
    let side = if left { "a" } else { "b" };
    Node { name: format!("{side}-{name}"), label, short, colour, left }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_of_the_mean_is_the_inner_pentagon_of_the_design() {
        let mean = "30.0,19.2 19.7,26.7 23.6,38.8 36.4,38.8 40.3,26.7";
        assert_eq!(outline([0.0; 5]), mean);
        let keep = outline([0.48, -0.80, 2.48, 2.42, 0.31]);
        assert!(keep.starts_with("30.0,16.6 15.6,25.3"), "{keep}");
    }
}
