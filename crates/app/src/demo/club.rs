//! The airline's frequent-flyer programme: opened by two people, joined by everybody with a number,
//! credited with everything flown.

use access::{Actor, UserId};
use chrono::NaiveDate;
use loyalty::liability::Valuation;
use loyalty::programmes::Draft;
use programme::examples;
use store::sql;
use uuid::Uuid;

use super::{Phase, Watch};
use crate::{App, Error};

/// Its code.
pub(super) const CODE: &str = "bridge-km";
/// Of the miles that come, how many the demo's finance expects to run out: hundredths of a percent.
const ASSUMED: i64 = 1_500;
/// The first day of its rules.
const FROM: (i32, u32, u32) = (2013, 1, 8);

/// Opens the programme, unless rules hold already: written by the demo, approved by `approver`.
pub(super) async fn open(app: &App, approver: &Actor) -> Result<(), Error> {
    let loyalty = app.loyalty();
    let today = app.clock().now().date_naive();
    if loyalty.programme_on(CODE, today).await.is_ok() {
        return Ok(());
    }
    let author = Actor::system("demo");
    let valid_from = NaiveDate::from_ymd_opt(FROM.0, FROM.1, FROM.2).unwrap_or_default();
    let draft = Draft { text: examples::BRIDGE_KM.to_owned(), valid_from, note: String::new() };
    let drafted = loyalty.draft_programme(&author, draft).await?;
    let _ = loyalty.propose_programme(&author, drafted.id).await?;
    let _ = loyalty.decide_programme(approver, drafted.id, true, "").await?;
    Ok(())
}

/// Makes members of the customers and credits what they flew.
pub(super) async fn fill(app: &App, watch: &Watch) -> Result<(), Error> {
    let (mut looked, mut after) = (0, String::new());
    while let Some((done, last)) = app.loyalty().adopt_page(CODE, &after).await? {
        (looked, after) = (looked + done.looked, last);
        watch(Phase::Join(looked));
    }
    let earning = crate::earning::earning(app.loyalty(), app.flights());
    let tell = |done, all| watch(Phase::Earn(done, all));
    earning.run_all(tell).await?;
    show_member(app).await
}

/// Reads the books once, so that what the programme owes is seen before the first night; finance
/// assumes a share that runs out.
pub(super) async fn report(app: &App, approver: &Actor) -> Result<(), Error> {
    let loyalty = app.loyalty();
    if loyalty.liability_report(approver, CODE, None).await?.is_some() {
        return Ok(());
    }
    let said = loyalty.valuation(approver, CODE).await?;
    let said = Valuation { assumed_share: Some(ASSUMED), ..said };
    loyalty.set_valuation(approver, CODE, &said).await?;
    loyalty.report_all(None).await?;
    Ok(())
}

/// One member's way into the portal is shown on its sign-in page: somebody who flies a lot and may
/// still fall a tier.
async fn show_member(app: &App) -> Result<(), Error> {
    if app.portal().shown().await?.is_some() {
        return Ok(());
    }
    let mut tx = app.db().read().await?;
    let found: Option<Uuid> = tx
        .value_maybe(
            sql("SELECT m.id FROM loyalty_member m
                 JOIN loyalty_tier_now n ON n.member_id = m.id
                 JOIN customer c ON c.id = m.customer_id
                 WHERE m.programme = $1 AND n.rank = 2 AND m.state = 'open'
                 ORDER BY c.flights DESC, m.id LIMIT 1")
            .bind(CODE),
        )
        .await?;
    drop(tx);
    if let Some(member) = found {
        portal::demo_member(app.portal(), member.into(), super::PASSWORD).await?;
    }
    Ok(())
}

/// A person as approver, whoever is signed in.
pub(super) async fn person(app: &App, id: Uuid) -> Result<Actor, Error> {
    let system = Actor::system("demo");
    let user = app.access().user(&system, UserId::from(id)).await?;
    let user = user.ok_or_else(|| Error::Step("approver".to_owned()))?;
    Ok(Actor::staff(id, user.name.reveal(), &user.roles, app.access().policy()))
}

/// The account of the demo that approves.
///
/// # Errors
/// When there is none, and when the database fails.
pub async fn approver(app: &App) -> Result<Actor, Error> {
    let system = Actor::system("demo");
    let user = app.access().user_by_email(&system, "manager@example.com").await?;
    let user = user.ok_or_else(|| Error::Step("approver".to_owned()))?;
    person(app, user.id.uuid()).await
}
