//! What stands above every page of one member: who, which tier, in what state.

use std::sync::Arc;

use kernel::names::PersonName;
use programme::{Engine, Programme};
use web::list::Cell;
use web::{Ctx, PageError};

use super::{href, list, words};
use crate::members::{Member, Named};
use crate::{MemberId, Rooms};

/// The head, and what the pages under it share.
pub(super) struct Head {
    pub member: Member,
    pub named: Named,
    pub rules: Option<Arc<Engine>>,
    pub title: String,
    pub number: String,
    /// Colour, name, and until when.
    pub tier: (&'static str, String, String),
    /// Rendered; empty while nothing is out of the ordinary.
    pub state: String,
    /// The member it was merged into.
    pub into: Option<(String, String)>,
    pub guardian: Option<(String, String)>,
    pub tab: &'static str,
    /// Key and label of tabs of other domains.
    more: Vec<(&'static str, &'static str)>,
}

impl Head {
    pub async fn of(
        ctx: &Ctx,
        rooms: &Rooms,
        id: MemberId,
        tab: &'static str,
    ) -> Result<Self, PageError> {
        let loyalty = &rooms.loyalty;
        let member = loyalty.member(&ctx.actor, id).await?;
        let mut tx = ctx.web.db.read().await?;
        let rules = loyalty.rulebook(&mut tx).await?.remove(&member.programme);
        let row = loyalty.tier_on(&mut tx, id, loyalty.today()).await?;
        let others = [Some(id), member.merged_into, member.guardian];
        let mut named = loyalty.named(&mut tx, others.into_iter().flatten()).await?;
        drop(tx);
        let link = |id: Option<MemberId>| {
            let other = named.get(&id?)?;
            Some((href(other.id), words::called(ctx, other)))
        };
        let (into, guardian) = (link(member.merged_into), link(member.guardian));
        let named = named.remove(&id).ok_or_else(PageError::not_found)?;
        let forgotten = member.forgotten_at.is_some();
        let title = if forgotten { ctx.t("loyalty-forgotten") } else { words::called(ctx, &named) };
        let code = row.as_ref().map_or("", |row| row.tier.as_str());
        let name = words::tier_name(ctx, rules.as_deref().map(Engine::programme), code);
        let until = row.as_ref().filter(|row| row.rank > 0);
        let until = until.map_or_else(String::new, |row| {
            let never = row.valid_to >= crate::ledger::NEVER;
            let (key, day) =
                (if never { "loyalty-tier-life" } else { "loyalty-tier-until" }, row.valid_to);
            if never { ctx.t(key) } else { ctx.t1(key, "day", ctx.date(day)) }
        });
        let rank = row.as_ref().map_or(0, |row| row.rank);
        let mut states = Vec::new();
        if member.merged_into.is_some() {
            states.push(list::state(ctx, "merged"));
        }
        if member.state.as_str() != "open" && !forgotten {
            states.push(list::state(ctx, member.state.as_str()));
        }
        let child = member.kind == crate::members::MemberKind::Child;
        if child {
            states.push(Cell::Tag("", ctx.t("loyalty-kind-child")));
        }
        let state = states.iter().map(|cell| cell.html(ctx)).collect::<Vec<_>>().join(" ");
        Ok(Self {
            number: words::number(&member.member_no),
            tier: (words::tier_key(code, rank), name, until),
            title,
            member,
            named,
            rules,
            state,
            into,
            guardian,
            tab,
            more: rooms.more.iter().map(|panel| (panel.key, panel.title_key)).collect(),
        })
    }

    /// The rules of the member's programme.
    pub fn programme(&self) -> Option<&Programme> {
        self.rules.as_deref().map(Engine::programme)
    }

    pub fn programme_name(&self, ctx: &Ctx) -> String {
        let name = self.programme().map(|rules| rules.name.get(ctx.lang).to_owned());
        name.unwrap_or_else(|| self.member.programme.clone())
    }

    pub fn href(&self) -> String {
        href(self.member.id)
    }

    pub fn name(&self) -> &PersonName {
        &self.named.name
    }

    pub fn customer(&self) -> Option<String> {
        self.named.customer.map(|id| format!("/customers/{id}"))
    }

    /// Whether something can be done with it.
    pub fn acts(&self) -> bool {
        self.member.merged_into.is_none() && self.member.forgotten_at.is_none()
    }

    pub fn enrolled(&self, ctx: &Ctx) -> chrono::NaiveDate {
        self.member.enrolled_at.with_timezone(&ctx.zone).date_naive()
    }

    pub fn tabs(&self) -> Vec<(&'static str, &'static str, String)> {
        let page = self.href();
        let own = [
            ("account", "loyalty-tab-account", page.clone()),
            ("statement", "loyalty-tab-statement", format!("{page}/statement")),
            ("accruals", "loyalty-tab-accruals", format!("{page}/accruals")),
        ];
        let more = self.more.iter().map(|(key, label)| (*key, *label, format!("{page}/{key}")));
        own.into_iter().chain(more).collect()
    }

    pub fn is_at(&self, tab: &str) -> bool {
        self.tab == tab
    }

    /// A page under the member's.
    pub fn at(&self, place: &str) -> String {
        format!("{}{place}", self.href())
    }

    pub fn tab_key(&self) -> String {
        let more = self.more.iter().find(|(key, _)| *key == self.tab);
        more.map_or_else(|| format!("loyalty-tab-{}", self.tab), |(_, label)| (*label).to_owned())
    }
}
