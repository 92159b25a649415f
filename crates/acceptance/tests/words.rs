//! Words that are put together while the program runs, and so escape the house rules: each has a
//! text in both languages.

use std::sync::Arc;

use app::App;
use app::config::Config;
use kernel::{Lang, SystemClock};

#[tokio::test(flavor = "multi_thread")]
async fn every_permission_and_every_job_has_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::in_dir(folder.path().join("data"));
    let app = App::open(&config, Arc::new(SystemClock)).await.unwrap();
    let permissions = app
        .access()
        .policy()
        .matrix()
        .into_iter()
        .flat_map(|row| [format!("permission-domain-{}", row.domain), row.text_key]);
    let handlers = app.handlers();
    let jobs = handlers.kinds().map(|kind| format!("job-{}", kind.replace(['.', '_'], "-")));
    let texts = app::texts().unwrap();
    let wordless: Vec<_> = permissions
        .chain(jobs)
        .flat_map(|key| [Lang::En, Lang::ZhCn].map(|lang| (lang, key.clone())))
        .filter(|(lang, key)| !texts.has(*lang, key))
        .collect();
    assert!(wordless.is_empty(), "without words: {wordless:?}");
}
