//! Events that somebody wants to be told of.

use std::collections::BTreeMap;

use access::notices::NewNotice;
use customers::events::{Attached, TASK_CHANGED};
use feeds::events::{SILENT, Silent};
use store::jobs::{ENDED, Ended, Status};
use store::outbox::{Event, Handler};

use crate::App;

/// Who is told of what.
pub(crate) fn listeners(app: &App) -> Vec<Handler> {
    vec![
        Handler::new("notices.jobs", ENDED, app, tell_job),
        Handler::new("notices.tasks", TASK_CHANGED, app, tell_task),
        Handler::new("notices.sources", SILENT, app, tell_silence),
    ]
}

/// Sources that have fallen silent, to those who look after them.
async fn tell_silence(app: App, event: Event) -> access::Result<()> {
    let Ok(said) = serde_json::from_value::<Silent>(event.data) else { return Ok(()) };
    for user in app.access().holders(feeds::permissions::SOURCES).await? {
        let minutes = said.expected_minutes.to_string();
        let args = BTreeMap::from([
            ("source".to_owned(), said.name.clone()),
            ("minutes".to_owned(), minutes),
        ]);
        let (kind, href) = ("source-silent", "/feeds".to_owned());
        app.access().notify(NewNotice { user, source: event.id, kind, args, href }).await?;
    }
    Ok(())
}

/// Jobs that ended, to those who wait for them. Who stopped a job knows.
async fn tell_job(app: App, event: Event) -> access::Result<()> {
    let Ok(ended) = serde_json::from_value::<Ended>(event.data) else { return Ok(()) };
    let kind = match ended.status {
        Status::Done => "job-done",
        Status::Failed => "job-failed",
        Status::Cancelled | Status::Queued | Status::Running => return Ok(()),
    };
    let file = ended.file.unwrap_or_default();
    let about = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let args = BTreeMap::from([("job".to_owned(), ended.kind), ("about".to_owned(), about)]);
    let href = ended.href.unwrap_or_else(|| "/jobs".to_owned());
    app.access().notify(NewNotice { user: ended.owner, source: event.id, kind, args, href }).await
}

/// Tasks, to those who were given them by somebody else.
async fn tell_task(app: App, event: Event) -> access::Result<()> {
    let Ok(said) = serde_json::from_value::<Attached>(event.data) else { return Ok(()) };
    if said.what != "added" {
        return Ok(());
    }
    let mut tx = app.db().read().await?;
    let assignee = customers::tasks::assignee(&mut tx, said.id.into()).await?;
    drop(tx);
    let Some(user) = assignee.filter(|user| *user != said.actor) else { return Ok(()) };
    let by = app.access().names(&[said.actor]).await?.remove(&said.actor).unwrap_or_default();
    let args = BTreeMap::from([("by".to_owned(), by)]);
    let href = format!("/customers/{}#tasks", said.customer);
    let kind = "task-assigned";
    app.access().notify(NewNotice { user, source: event.id, kind, args, href }).await
}
