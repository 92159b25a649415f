//! `openapi`: the description of the HTTP interface, without a server.

use super::Ctx;
use crate::fail::Fail;

pub(crate) async fn run(ctx: Ctx) -> Result<(), Fail> {
    let document = serde_json::to_value(App::describe(&ctx).await?)
        .map_err(|error| Fail::new(format!("The document could not be written: {error}.")))?;
    ctx.output.json(&document);
    Ok(())
}

/// The services are built over an empty database in memory's stead: a folder that goes away.
struct App;

impl App {
    async fn describe(ctx: &Ctx) -> Result<impl serde::Serialize + use<>, Fail> {
        let id = kernel::ids::v7(ctx.clock.now());
        let folder = std::env::temp_dir().join(format!("jetbridge-openapi-{id}"));
        let config = app::config::Config::in_dir(&folder);
        let built = app::App::open(&config, ctx.clock.clone()).await;
        let document = built.map(|app| app.openapi());
        std::fs::remove_dir_all(&folder).ok();
        Ok(document?)
    }
}
