//! Web activity on a customer's timeline.

use std::sync::Arc;

use customers::{Arg, Before, TimelineItem, TimelineSource, Tone, Words};

use super::keep::Seen;
use crate::Feeds;

impl Feeds {
    /// The source of web activity for the timeline.
    #[must_use]
    pub fn timeline(&self) -> TimelineSource {
        let feeds = self.clone();
        TimelineSource {
            key: "web",
            label_key: "feeds-timeline-web",
            icon: "globe",
            fetch: Arc::new(move |customer, before: Option<Before>, limit| {
                let feeds = feeds.clone();
                Box::pin(async move {
                    let before = before.map(|before| (before.at, before.id));
                    let seen = feeds.events_of(customer.uuid(), before, limit).await;
                    Ok(seen.map_err(customers::Error::Store)?.iter().map(item).collect())
                })
            }),
        }
    }
}

fn item(seen: &Seen) -> TimelineItem {
    let key = match seen.kind.as_str() {
        "track" => "feeds-tl-track",
        "page" => "feeds-tl-page",
        "screen" => "feeds-tl-screen",
        "group" => "feeds-tl-group",
        "alias" => "feeds-tl-alias",
        _ => "feeds-tl-identify",
    };
    let name = if seen.name.is_empty() { &seen.path } else { &seen.name };
    let path = (!seen.path.is_empty() && !seen.name.is_empty())
        .then(|| Words::Key("feeds-tl-path", vec![("path", Arg::Text(seen.path.clone()))]));
    TimelineItem {
        at: seen.occurred_at,
        id: seen.id,
        day_only: false,
        title: Words::Key(key, vec![("name", Arg::Text(name.clone()))]),
        detail: path,
        tag: None,
        tone: Tone::Neutral,
        href: None,
    }
}
