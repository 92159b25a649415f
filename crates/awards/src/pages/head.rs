//! Whose redemptions a page is about.

use std::sync::Arc;

use loyalty::MemberId;
use programme::{Engine, Programme, Rank};
use web::{Ctx, PageError};

use crate::Rooms;

/// Who, and by which rules.
pub(super) struct Head {
    pub member: MemberId,
    pub title: String,
    pub number: String,
    pub engine: Option<Arc<Engine>>,
    pub rank: Rank,
}

impl Head {
    pub async fn of(ctx: &Ctx, rooms: &Rooms, id: MemberId) -> Result<Self, PageError> {
        let loyalty = rooms.awards.loyalty();
        let member = loyalty.member(&ctx.actor, id).await?;
        let mut tx = ctx.web.db.read().await?;
        let engine = loyalty.rulebook(&mut tx).await?.remove(&member.programme);
        let tier = loyalty.tier_on(&mut tx, id, rooms.awards.today()).await?;
        let named = loyalty.named(&mut tx, [id]).await?.remove(&id);
        let rank = tier.zip(engine.as_deref());
        let rank = rank.and_then(|(tier, engine)| engine.programme().rank(&tier.tier));
        let forgotten = member.forgotten_at.is_some();
        let number =
            if forgotten { String::new() } else { kernel::member_no::grouped(&member.member_no) };
        let name = named.map(|named| ctx.name(&named.name)).filter(|it| !it.trim().is_empty());
        let title = name
            .unwrap_or_else(|| if forgotten { ctx.t("awards-forgotten") } else { number.clone() });
        Ok(Self { member: id, title, number, engine, rank: rank.unwrap_or_default() })
    }

    pub fn rules(&self) -> Option<&Programme> {
        self.engine.as_deref().map(Engine::programme)
    }

    pub fn href(&self) -> String {
        format!("/members/{}", self.member)
    }
}
