use chrono::{DateTime, Utc};
use kernel::page::BadCursor;
use kernel::{Page, Uuid};
use serde::Serialize;
use serde_json::Value;
use store::{SqlBuilder, Tx, sql};

use crate::paging::{self, Turn};
use crate::{Access, Actor, Result, permissions};

/// Which rows of the trail; all of them by default.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What this user did, in person or through a key.
    pub actor: Option<Uuid>,
    /// This action, or a whole domain's: `customers.*`.
    pub action: Option<String>,
    /// What was done to this kind of thing.
    pub target_kind: Option<String>,
    /// … and to this one.
    pub target_id: Option<String>,
    /// Not before this moment.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Where the page begins.
    pub after: Option<String>,
    /// Where the page ends.
    pub before: Option<String>,
    /// Rows on the page; 0 for the usual number.
    pub limit: u32,
}

/// A row of the trail, to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Entry {
    /// Number in the chain.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done; its text is `audit-<action with dashes for dots>`.
    pub action: String,
    /// `staff`, `api-key` or `system`.
    pub actor_kind: String,
    /// The user; nil for the system.
    pub actor_id: Uuid,
    /// The API key, if one was used.
    pub actor_key: Option<Uuid>,
    /// The user's name today, or the job's.
    pub actor_name: String,
    /// The kind of thing it was done to.
    pub target_kind: String,
    /// Which one.
    pub target_id: String,
    /// What else is known.
    #[sqlx(json)]
    pub details: Value,
}

impl Entry {
    /// Key of the action's text.
    #[must_use]
    pub fn action_key(&self) -> String {
        format!("audit-{}", self.action.replace('.', "-"))
    }

    /// Key of the text of the kind of actor.
    #[must_use]
    pub fn actor_kind_key(&self) -> String {
        format!("actor-kind-{}", self.actor_kind)
    }

    /// Key of the target kind's text.
    #[must_use]
    pub fn target_key(&self) -> String {
        format!("target-{}", self.target_kind)
    }
}

impl Access {
    /// The trail, newest first.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`permissions::AUDIT_READ`]; a cursor of another list.
    pub async fn audit_entries(&self, actor: &Actor, filter: &Filter) -> Result<Page<Entry>> {
        actor.may(permissions::AUDIT_READ)?;
        let turn = Turn::of(filter.after.as_deref(), filter.before.as_deref())?;
        let limit = paging::limit(filter.limit);
        let mut tx = self.db().read().await?;
        let rows = entries(&mut tx, filter, &turn, limit).await?;
        Ok(turn.page(rows, limit, |entry| entry.seq.into()))
    }

    /// The actions that stand in the trail, to choose from.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`permissions::AUDIT_READ`].
    pub async fn audit_actions(&self, actor: &Actor) -> Result<Vec<String>> {
        actor.may(permissions::AUDIT_READ)?;
        let mut tx = self.db().read().await?;
        actions(&mut tx).await
    }
}

async fn actions(tx: &mut Tx) -> Result<Vec<String>> {
    // Hops from one name to the next in the index instead of reading every row.
    let actions = tx
        .values(sql("WITH RECURSIVE name (action) AS (
                 SELECT MIN(action) FROM access_audit
                 UNION ALL
                 SELECT (SELECT MIN(a.action) FROM access_audit a WHERE a.action > name.action)
                 FROM name WHERE name.action IS NOT NULL)
             SELECT action FROM name WHERE action IS NOT NULL"))
        .await?;
    Ok(actions)
}

async fn entries(tx: &mut Tx, filter: &Filter, turn: &Turn, limit: u32) -> Result<Vec<Entry>> {
    let mut list = SqlBuilder::new(
        "SELECT a.seq, a.at, a.action, a.actor_kind, a.actor_id, a.actor_key,
             COALESCE(u.name, a.actor_name) AS actor_name, a.target_kind, a.target_id, a.details
         FROM access_audit a LEFT JOIN access_user u ON u.id = a.actor_id WHERE 1 = 1",
    );
    if let Some(actor) = filter.actor {
        list.push(" AND a.actor_id = ").bind(actor);
    }
    match filter.action.as_deref().map(|action| (action, action.strip_suffix('*'))) {
        Some((_, Some(domain))) => {
            // By name rather than by pattern, which no index of every collation can answer.
            let mut names = actions(tx).await?;
            names.retain(|name| name.starts_with(domain));
            list.push(" AND a.action IN ").bind_list(names);
        }
        Some((action, None)) => {
            list.push(" AND a.action = ").bind(action);
        }
        None => {}
    }
    if let Some(kind) = &filter.target_kind {
        list.push(" AND a.target_kind = ").bind(kind);
    }
    if let Some(id) = &filter.target_id {
        list.push(" AND a.target_id = ").bind(id);
    }
    if let Some(from) = filter.from {
        list.push(" AND a.at >= ").bind(from);
    }
    if let Some(to) = filter.to {
        list.push(" AND a.at < ").bind(to);
    }
    match turn {
        Turn::First => {}
        Turn::After(place) => {
            list.push(" AND a.seq < ").bind(number(place)?);
        }
        Turn::Before(place) => {
            list.push(" AND a.seq > ").bind(number(place)?);
        }
    }
    list.push(if turn.is_back() { " ORDER BY a.seq" } else { " ORDER BY a.seq DESC" });
    list.push(" LIMIT ").bind(limit + 1);
    Ok(tx.all(list.build()).await?)
}

fn number(place: &Value) -> Result<i64> {
    place.as_i64().ok_or_else(|| BadCursor.into())
}
