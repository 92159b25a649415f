//! What this domain hears of others.

use std::sync::Arc;

use customers::events::{FORGOTTEN, LINKS_MOVED};
use kernel::Explain as _;
use store::outbox::Handler;

use crate::{Error, Feeds};

impl Feeds {
    /// Web events follow their people when records move, and go when somebody is erased.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let (moved, gone) = (self.clone(), self.clone());
        let code = |error: Error| error.code().to_owned();
        let links = Handler {
            name: "feeds.links",
            prefix: LINKS_MOVED,
            hear: Arc::new(move |event| {
                let feeds = moved.clone();
                Box::pin(async move { feeds.follow_links(&event.data).await.map_err(code) })
            }),
        };
        let forgotten = Handler {
            name: "feeds.forgotten",
            prefix: FORGOTTEN,
            hear: Arc::new(move |event| {
                let feeds = gone.clone();
                Box::pin(async move { feeds.forget(&event).await.map_err(code) })
            }),
        };
        vec![links, forgotten]
    }
}
