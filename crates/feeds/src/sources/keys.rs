//! Write keys of web sources. A key may be read in any page's source: it lets events in, nothing out.

use access::{Actor, Details, Target};
use kernel::Personal;
use sha2::{Digest, Sha256};
use store::{Tx, sql};
use uuid::Uuid;

use super::{Kind, store as rows};
use crate::{Error, Feeds, Result, permissions};

impl Feeds {
    /// A new write key for a web source; the one before ends at once. Shown this once.
    ///
    /// # Errors
    /// Denied; [`Error::NoSource`]; [`Error::SourceSetting`] for a source that is not of the web.
    pub async fn make_write_key(&self, actor: &Actor, name: &str) -> Result<Personal<String>> {
        actor.may(permissions::SOURCES)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let source = rows::load(&mut tx, name).await?;
        if source.kind != Kind::Web {
            return Err(Error::SourceSetting("web"));
        }
        // Over 200 bits of the operating system's randomness.
        let noise = [kernel::ids::v7(now), kernel::ids::v7(now), kernel::ids::v7(now)];
        let key = noise.iter().fold(Sha256::new(), |hash, id| hash.chain_update(id.as_bytes()));
        let key = format!("jbw_{}", hex::encode(key.finalize()));
        let hint = key.get(key.len().saturating_sub(4)..).unwrap_or_default();
        tx.exec(
            sql("UPDATE feed_source SET write_key = $2, write_key_hint = $3 WHERE id = $1")
                .bind(source.id)
                .bind(hash(&key))
                .bind(hint),
        )
        .await?;
        let target = Target::new("feed-source", source.id);
        self.access().record(&mut tx, actor, "feeds.source.key", &target, Details::new()).await?;
        tx.commit().await?;
        Ok(Personal::new(key))
    }
}

/// Keys are long and random: a plain hash is enough.
fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

/// The active source with that write key.
pub(crate) async fn of_write_key(tx: &mut Tx, key: &str) -> Result<Option<Uuid>> {
    let found = sql("SELECT id FROM feed_source WHERE write_key = $1 AND active = TRUE");
    Ok(tx.value_maybe(found.bind(hash(key))).await?)
}
