//! What this domain hears of others.

use customers::events::{FORGOTTEN, LINKS_MOVED};
use store::outbox::{Event, Handler};

use crate::Feeds;

impl Feeds {
    /// Web events follow their people when records move, and go when somebody is erased.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let follow =
            |feeds: Self, event: Event| async move { feeds.follow_links(&event.data).await };
        let forget = |feeds: Self, event: Event| async move { feeds.forget(&event).await };
        vec![
            Handler::new("feeds.links", LINKS_MOVED, self, follow),
            Handler::new("feeds.forgotten", FORGOTTEN, self, forget),
        ]
    }
}
