//! Members in the global search, by number.

use std::sync::Arc;

use web::{Ctx, Hit, PageError, SearchProvider};

use super::{href, words};
use crate::Loyalty;

/// Members whose number begins with what was typed.
#[must_use]
pub fn search_provider(loyalty: Loyalty) -> SearchProvider {
    struct Provide(Loyalty);
    impl Provide {
        async fn hits(&self, ctx: &Ctx, text: &str, limit: usize) -> Result<Vec<Hit>, PageError> {
            if ctx.actor.may(crate::permissions::READ).is_err() {
                return Ok(Vec::new());
            }
            let found = self.0.find_members(&ctx.actor, text, limit).await?;
            let hits = found.into_iter().map(|one| Hit {
                section: ctx.t("loyalty-list-title"),
                text: words::called(ctx, &one),
                href: href(one.id),
                icon: "award".to_owned(),
                hint: words::number(&one.member_no),
            });
            Ok(hits.collect())
        }
    }
    let provide = Arc::new(Provide(loyalty));
    // The closure's answer borrows from its arguments, so what it owns has to be shared first.
    Arc::new(move |ctx, text, limit| {
        let provide = provide.clone();
        Box::pin(async move { provide.hits(ctx, text, limit).await })
    })
}
