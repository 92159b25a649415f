//! Reading for those who look after members: who is behind ids and numbers, merges, and the rules in
//! force.

use std::collections::HashMap;
use std::sync::Arc;

use access::Actor;
use chrono::{DateTime, Utc};
use customers::CustomerId;
use kernel::names::PersonName;
use programme::Engine;
use store::{Col, Tx, sql};
use uuid::Uuid;

use super::{Member, by};
use crate::{Loyalty, MemberId, Result, permissions};

/// A member as people tell it from others.
#[derive(Clone, Debug)]
pub struct Named {
    /// Identity.
    pub id: MemberId,
    /// Code of the programme.
    pub programme: String,
    /// Number with check digit.
    pub member_no: String,
    /// Who it is now; `None` when forgotten.
    pub customer: Option<CustomerId>,
    /// Of the customer; empty when forgotten.
    pub name: PersonName,
}

/// A merge of two members, standing or undone.
#[derive(Clone, Debug)]
pub struct Merge {
    /// Identity.
    pub id: Uuid,
    /// The member that was merged.
    pub from: MemberId,
    /// Into which.
    pub into: MemberId,
    /// When and by whom.
    pub done: (DateTime<Utc>, Uuid),
    /// When and by whom it was taken back.
    pub undone: Option<(DateTime<Utc>, Uuid)>,
}

type NamedRow = (Uuid, String, String, Option<Uuid>);
type MergeRow = (Uuid, Uuid, Uuid, DateTime<Utc>, Uuid, Option<DateTime<Utc>>, Option<Uuid>);

impl Loyalty {
    /// Numbers and names of members, by id; ids of nobody are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn named(
        &self,
        tx: &mut Tx,
        ids: impl IntoIterator<Item = MemberId>,
    ) -> Result<HashMap<MemberId, Named>> {
        let mut wanted: Vec<Uuid> = ids.into_iter().map(Uuid::from).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<NamedRow> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                wanted.into_iter().map(|id| vec![id.into()]).collect(),
                "SELECT m.id, m.programme, m.member_no, m.customer_id
                 FROM input JOIN loyalty_member m ON m.id = input.id",
            )
            .await?;
        let named = self.with_names(tx, rows).await?;
        Ok(named.into_iter().map(|one| (one.id, one)).collect())
    }

    async fn with_names(&self, tx: &mut Tx, rows: Vec<NamedRow>) -> Result<Vec<Named>> {
        let who: Vec<CustomerId> = rows.iter().filter_map(|row| row.3).map(Into::into).collect();
        let names = self.customers().names(tx, &who).await?;
        let named = rows.into_iter().map(|(id, programme, member_no, customer)| {
            let customer = customer.map(CustomerId::from);
            let name = customer.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
            Named { id: id.into(), programme, member_no, customer, name }
        });
        Ok(named.collect())
    }

    /// Members whose number begins with what was typed, blanks and hyphens aside.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn find_members(
        &self,
        actor: &Actor,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<Named>> {
        actor.may(permissions::READ)?;
        let plain = kernel::member_no::plain(typed);
        if plain.len() < 3 || !plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(Vec::new());
        }
        let mut tx = self.db().read().await?;
        let rows: Vec<NamedRow> = tx
            .all(
                sql("SELECT id, programme, member_no, customer_id FROM loyalty_member
                     WHERE member_no >= $1 AND member_no <= $2 AND forgotten_at IS NULL
                     ORDER BY member_no, id LIMIT $3")
                .bind(&plain)
                .bind(format!("{plain}ZZZZ"))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX)),
            )
            .await?;
        self.with_names(&mut tx, rows).await
    }

    /// Merges a member took part in, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn merges_of(&self, actor: &Actor, member: MemberId) -> Result<Vec<Merge>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<MergeRow> = tx
            .all(
                sql("SELECT id, from_id, into_id, at, actor_id, undone_at, undone_by
                     FROM loyalty_merge WHERE from_id = $1 OR into_id = $1
                     ORDER BY at DESC, id DESC")
                .bind(member.uuid()),
            )
            .await?;
        let merge = |(id, from, into, at, by, undone_at, undone_by): MergeRow| Merge {
            id,
            from: from.into(),
            into: into.into(),
            done: (at, by),
            undone: undone_at.zip(undone_by),
        };
        Ok(rows.into_iter().map(merge).collect())
    }

    /// Members a member is guardian of.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn wards(&self, actor: &Actor, member: MemberId) -> Result<Vec<Member>> {
        actor.may(permissions::READ)?;
        by(&mut self.db().read().await?, "guardian_id", member.uuid()).await
    }

    /// The rules of every programme with approved ones: those of today, else the first to come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rulebook(&self, tx: &mut Tx) -> Result<HashMap<String, Arc<Engine>>> {
        let codes: Vec<String> = tx
            .values(sql("SELECT DISTINCT programme FROM loyalty_programme
                         WHERE state = 'approved' ORDER BY programme"))
            .await?;
        let today = self.today();
        let mut book = HashMap::with_capacity(codes.len());
        for code in codes {
            let timeline = self.timeline(tx, &code).await?;
            let engine = timeline.on(today).or_else(|| timeline.engines().next());
            if let Some(engine) = engine.cloned() {
                book.insert(code, engine);
            }
        }
        Ok(book)
    }
}
