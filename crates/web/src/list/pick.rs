//! What a bulk action is meant for: ticked rows, or everything the view matches.

use serde::{Deserialize, Serialize};
use store::{SqlBuilder, Tx};
use uuid::Uuid;

use super::query::ListQuery;
use super::spec::ListSpec;
use super::sql::{self, Today};
use crate::error::PageError;
use crate::form::Fields;
use kernel::Kind;

/// Rows picked on a list page. Can be kept in a job's arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Picked {
    /// These.
    Ids(Vec<Uuid>),
    /// All that match this query of the list, whenever it is asked.
    Query(String),
}

impl Picked {
    /// From the fields of the selection bar (`id` repeated; or `all` and `query`).
    ///
    /// # Errors
    /// When nothing is picked.
    pub fn read(fields: &Fields) -> Result<Self, PageError> {
        if fields.has("all") {
            return Ok(Self::Query(fields.get("query").to_owned()));
        }
        let ids: Vec<Uuid> = fields.all("id").filter_map(|id| id.parse().ok()).collect();
        if ids.is_empty() {
            return Err(PageError::new(Kind::Invalid, "nothing-picked"));
        }
        Ok(Self::Ids(ids))
    }

    /// The same as fields, for a page that asks once more.
    #[must_use]
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Ids(ids) => ids.iter().map(|id| ("id", id.to_string())).collect(),
            Self::Query(query) => vec![("all", "1".to_owned()), ("query", query.clone())],
        }
    }

    /// `SELECT id …` of what is picked; also for ticked rows only those the scope allows.
    ///
    /// # Errors
    /// When the kept query cannot be read any more.
    pub fn sql(
        &self,
        spec: &ListSpec,
        scope: Option<&SqlBuilder>,
        today: Today,
    ) -> Result<SqlBuilder, PageError> {
        match self {
            Self::Query(text) => {
                let (query, _) = ListQuery::parse(text, spec)?;
                Ok(sql::ids(spec, &query, scope, today))
            }
            Self::Ids(ids) => {
                let mut out = sql::ids(spec, &ListQuery::usual(spec), scope, today);
                out.push(" AND ").push(spec.id).push(" IN ").bind_list(ids.iter().copied());
                Ok(out)
            }
        }
    }

    /// Exactly how many.
    ///
    /// # Errors
    /// When the database fails or the kept query cannot be read.
    pub async fn count(
        &self,
        tx: &mut Tx,
        spec: &ListSpec,
        scope: Option<&SqlBuilder>,
        today: Today,
    ) -> Result<i64, PageError> {
        let mut sql = SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM (");
        sql.append(self.sql(spec, scope, today)?).push(") AS picked");
        Ok(tx.value(sql.build()).await?)
    }
}
