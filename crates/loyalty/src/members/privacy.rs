//! Everything we hold about a member, and erasing the person. The books stay: they are accounts of a
//! number that leads to nobody.

use access::{Actor, Details};
use chrono::{DateTime, Utc};
use customers::{CustomerId, Export};
use serde_json::{Value, json};
use store::{Tx, sql};
use uuid::Uuid;

use super::by;
use crate::ledger::AccountState;
use crate::{Loyalty, MemberId, Result, events, permissions};

/// Tables that hold a person, by the column that says which: what forgetting empties of the person.
/// Rows of `loyalty_member`, tiers, limits and merges stay without anybody they lead to.
pub const PERSONAL_TABLES: &[(&str, &str)] = &[
    ("loyalty_member", "id"),
    ("loyalty_card", "member_id"),
    ("loyalty_nominee", "member_id"),
    ("loyalty_pool", "member_id"),
    ("loyalty_merge", "from_id"),
    ("loyalty_tier", "member_id"),
    ("loyalty_tier_now", "member_id"),
    ("loyalty_proposal", "member_id"),
    ("loyalty_deed", "member_id"),
    ("loyalty_device", "member_id"),
    ("loyalty_review", "member_id"),
    ("loyalty_accrual", "member_id"),
    ("loyalty_activity", "member_id"),
    ("loyalty_promotion_use", "member_id"),
    ("loyalty_clawback", "member_id"),
    ("loyalty_evaluation", "member_id"),
    ("loyalty_fact", "member_id"),
    ("loyalty_registration", "member_id"),
];

impl Loyalty {
    /// Everything this domain holds about a customer, in clear, for the person.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn export(&self, actor: &Actor, customer: CustomerId) -> Result<Export> {
        actor.may(permissions::PRIVACY)?;
        let mut tx = self.db().begin().await?;
        let mut all = Vec::new();
        for member in by(&mut tx, "customer_id", customer.uuid()).await? {
            let mut accounts = Vec::new();
            for account in self.ledger().accounts_of(&mut tx, member.id).await? {
                let lines = self.ledger().statement(&mut tx, account.id, None, i64::MAX).await?;
                let lines: Vec<Value> = lines
                    .iter()
                    .map(|line| {
                        json!({"at": line.transfer.effective_at, "code": line.transfer.code,
                            "change": line.change, "balance": line.balance,
                            "reference": line.transfer.reference,
                            "explanation": line.transfer.explanation})
                    })
                    .collect();
                accounts.push(json!({"unit": account.book.unit, "balance": account.balance,
                    "lines": lines}));
            }
            let tiers: Vec<(String, String, DateTime<Utc>)> = tx
                .all(
                    sql("SELECT tier, reason, recorded_at FROM loyalty_tier
                         WHERE member_id = $1 ORDER BY recorded_at, id")
                    .bind(member.id.uuid()),
                )
                .await?;
            let promotions: Vec<(String, DateTime<Utc>, String)> = tx
                .all(
                    sql("SELECT promotion, registered_at, kind FROM loyalty_registration
                         WHERE member_id = $1 ORDER BY registered_at, promotion")
                    .bind(member.id.uuid()),
                )
                .await?;
            all.push(json!({
                "programme": member.programme, "member_no": member.member_no,
                "kind": member.kind, "state": member.state, "guardian": member.guardian,
                "adult_on": member.adult_on, "enrolled_at": member.enrolled_at,
                "accounts": accounts, "tiers": tiers, "promotions": promotions,
                "nominees": self.nominees_in_clear(&mut tx, member.id).await?,
                "rows": rows(&mut tx, member.id).await?,
            }));
        }
        let target = access::Target::new(CustomerId::KIND, customer);
        let details = Details::new();
        self.access().record(&mut tx, actor, "loyalty.exported", &target, details).await?;
        tx.commit().await?;
        Ok(Export(json!({"memberships": all})))
    }

    /// Erases the person from its memberships. Again changes nothing. Called when customers forgets.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, customer: CustomerId) -> Result<u64> {
        let mut tx = self.db().begin().await?;
        let members = by(&mut tx, "customer_id", customer.uuid()).await?;
        for member in &members {
            self.put_state(&mut tx, member.id, AccountState::Frozen).await?;
            // The number stays taken and leads to nobody: it is not given to another person.
            for statement in [
                "UPDATE loyalty_member SET customer_id = NULL, record_id = NULL, adult_on = NULL,
                    guardian_id = NULL, forgotten_at = $2, member_no = 'forgotten-' || CAST($3 AS TEXT)
                 WHERE id = $1",
                "UPDATE loyalty_proposal SET note = '', decided_note = '' WHERE member_id = $1
                   AND $2 IS NOT NULL AND $3 IS NOT NULL",
                "DELETE FROM loyalty_nominee WHERE member_id = $1
                   AND $2 IS NOT NULL AND $3 IS NOT NULL",
                "DELETE FROM loyalty_device WHERE member_id = $1
                   AND $2 IS NOT NULL AND $3 IS NOT NULL",
                "DELETE FROM loyalty_card WHERE member_id = $1
                   AND $2 IS NOT NULL AND $3 IS NOT NULL",
                "DELETE FROM loyalty_fact WHERE member_id = $1
                   AND $2 IS NOT NULL AND $3 IS NOT NULL",
                "DELETE FROM loyalty_registration WHERE member_id = $1
                   AND $2 IS NOT NULL AND $3 IS NOT NULL",
                "UPDATE loyalty_pool SET left_at = COALESCE(left_at, $2)
                 WHERE member_id = $1 AND $3 IS NOT NULL",
            ] {
                tx.exec(
                    sql(statement)
                        .bind(member.id.uuid())
                        .bind(self.now())
                        .bind(member.id.to_string()),
                )
                .await?;
            }
            let actor = Actor::system("loyalty");
            let data = json!({});
            events::about(&mut tx, events::FORGOTTEN, member.id, self.now(), &actor, data).await?;
        }
        tx.commit().await?;
        Ok(u64::try_from(members.len()).unwrap_or(u64::MAX))
    }
}

/// How many rows of each other kind there are about a member.
async fn rows(tx: &mut Tx, member: MemberId) -> Result<Value> {
    let id: Uuid = member.uuid();
    let mut counts = serde_json::Map::new();
    for (table, statement) in [
        ("cards", "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_card WHERE member_id = $1"),
        ("devices", "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_device WHERE member_id = $1"),
        ("deeds", "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_deed WHERE member_id = $1"),
        ("reviews", "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_review WHERE member_id = $1"),
        ("pools", "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_pool WHERE member_id = $1"),
        ("proposals", "SELECT CAST(COUNT(*) AS BIGINT) FROM loyalty_proposal WHERE member_id = $1"),
    ] {
        let count: i64 = tx.value(sql(statement).bind(id)).await?;
        counts.insert(table.to_owned(), count.into());
    }
    Ok(Value::Object(counts))
}
