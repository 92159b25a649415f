//! Whose the names are under which people visit web pages.

use std::collections::HashMap;

use customers::CustomerId;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::keep::name_key;
use crate::sources::Kind;
use crate::{Feeds, Result};

impl Feeds {
    /// The customers whom these signed-in names (`userId` of the tracking API) are of, by name, at
    /// any web source. Names of nobody known are left out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn users_known(
        &self,
        tx: &mut Tx,
        users: &[String],
    ) -> Result<HashMap<String, CustomerId>> {
        let sources: Vec<(Uuid,)> = tx
            .all(sql("SELECT id FROM feed_source WHERE kind = $1").bind(Kind::Web.as_str()))
            .await?;
        let vault = self.access().vault();
        let mut user_of: HashMap<Vec<u8>, &String> = HashMap::new();
        for (source,) in sources {
            user_of.extend(users.iter().map(|user| (name_key(vault, source, "user", user), user)));
        }
        let rows: Vec<Vec<Value>> = user_of.keys().map(|key| vec![key.clone().into()]).collect();
        let found: Vec<(Vec<u8>, Uuid)> = tx
            .with_rows_all(
                &[Col::bytes("name_key")],
                rows,
                "SELECT k.name_key, k.customer_id
                 FROM input JOIN web_known k ON k.name_key = input.name_key",
            )
            .await?;
        let named = |(key, customer): (Vec<u8>, Uuid)| {
            Some(((*user_of.get(&key)?).clone(), CustomerId::from(customer)))
        };
        Ok(found.into_iter().filter_map(named).collect())
    }
}
