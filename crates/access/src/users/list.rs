use std::collections::BTreeMap;

use kernel::{Page, Uuid};
use store::{SqlBuilder, sql};

use super::model::{User, UserFilter, UserState, fold_email};
use super::store::{self as users, UserRow};
use crate::paging::{self, Turn};
use crate::permissions::USERS_READ;
use crate::{Access, Actor, Permission, Result, Role, UserId};

impl Access {
    /// Staff users in the order of their names.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`USERS_READ`]; a cursor of another list.
    pub async fn users(&self, actor: &Actor, filter: &UserFilter) -> Result<Page<User>> {
        actor.may(USERS_READ)?;
        let turn = Turn::of(filter.after.as_deref(), filter.before.as_deref())?;
        let limit = paging::limit(filter.limit);
        let statement = list(filter, &turn, limit)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<UserRow> = tx.all(statement.build()).await?;
        Ok(turn.page(rows, limit, |row| row.id.to_string().into()).map(UserRow::user))
    }

    /// One user, if there is one.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`USERS_READ`], except for oneself.
    pub async fn user(&self, actor: &Actor, id: UserId) -> Result<Option<User>> {
        if actor.id != id.uuid() {
            actor.may(USERS_READ)?;
        }
        let mut tx = self.db().read().await?;
        Ok(users::by_id(&mut tx, id).await?.map(UserRow::user))
    }

    /// The user who signs in with this e-mail address, if there is one.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`USERS_READ`].
    pub async fn user_by_email(&self, actor: &Actor, email: &str) -> Result<Option<User>> {
        actor.may(USERS_READ)?;
        let mut tx = self.db().read().await?;
        Ok(users::by_email(&mut tx, &fold_email(email)).await?.map(UserRow::user))
    }

    /// Names of colleagues, to show who did something. Unknown identities are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>> {
        let mut names = BTreeMap::new();
        let mut tx = self.db().read().await?;
        for some in ids.chunks(500) {
            let mut statement = SqlBuilder::new("SELECT id, name FROM access_user WHERE id IN ");
            statement.bind_list(some.iter().copied());
            let rows: Vec<(Uuid, String)> = tx.all(statement.build()).await?;
            names.extend(rows);
        }
        Ok(names)
    }

    /// Everybody who can come in and holds `permission`: to tell those whom something concerns.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holders(&self, permission: Permission) -> Result<Vec<Uuid>> {
        let mut tx = self.db().read().await?;
        let rows: Vec<(Uuid, sqlx::types::Json<Vec<Role>>)> = tx
            .all(sql("SELECT id, roles FROM access_user WHERE disabled_at IS NULL ORDER BY id"))
            .await?;
        let holds = |roles: &[Role]| self.policy().grants(roles, None).hold(permission.as_str());
        Ok(rows.into_iter().filter(|(_, roles)| holds(&roles.0)).map(|(id, _)| id).collect())
    }

    /// Everybody who can come in, by name: to choose an owner or an assignee.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn colleagues(&self) -> Result<Vec<(UserId, String)>> {
        let mut tx = self.db().read().await?;
        let rows: Vec<(Uuid, String)> = tx
            .all(sql(
                "SELECT id, name FROM access_user WHERE disabled_at IS NULL ORDER BY name, id",
            ))
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (id.into(), name)).collect())
    }
}

fn list(filter: &UserFilter, turn: &Turn, limit: u32) -> Result<SqlBuilder> {
    let mut list = SqlBuilder::new("SELECT * FROM access_user WHERE 1 = 1");
    let search = filter.search.trim();
    if !search.is_empty() {
        let pattern = format!("%{}%", escape(search));
        list.push(" AND (lower(name) LIKE lower(").bind(pattern.clone()).push(") ESCAPE '!'");
        list.push(" OR lower(email) LIKE lower(").bind(pattern).push(") ESCAPE '!')");
    }
    if let Some(role) = filter.role {
        list.push(" AND lower(CAST(roles AS TEXT)) LIKE lower(")
            .bind(users::holding(role))
            .push(")");
    }
    list.push(match filter.state {
        None => "",
        Some(UserState::Disabled) => " AND disabled_at IS NOT NULL",
        Some(UserState::Invited) => " AND disabled_at IS NULL AND last_sign_in_at IS NULL",
        Some(UserState::Active) => " AND disabled_at IS NULL AND last_sign_in_at IS NOT NULL",
    });
    if let Turn::After(place) | Turn::Before(place) = turn {
        let id: Uuid =
            place.as_str().and_then(|id| id.parse().ok()).ok_or(kernel::page::BadCursor)?;
        // Names stay out of addresses: the link holds the identity only.
        list.push(if turn.is_back() { " AND (name, id) < (" } else { " AND (name, id) > (" });
        list.push("(SELECT name FROM access_user WHERE id = ").bind(id);
        list.push("), ").bind(id).push(")");
    }
    list.push(if turn.is_back() { " ORDER BY name DESC, id DESC" } else { " ORDER BY name, id" });
    list.push(" LIMIT ").bind(limit + 1);
    Ok(list)
}

/// What a pattern means literally.
fn escape(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
