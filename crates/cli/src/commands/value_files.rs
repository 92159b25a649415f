//! `value run --segments FILE --members FILE --out FILE`: the same computation without a database.

use lake::{Lake, LakeConfig};
use serde_json::json;
use value::run::files::{self, Files};

use super::Ctx;
use super::value::{params, tables, watch};
use crate::args::ValueRun;
use crate::fail::{Fail, file as at_file};
use crate::output::Format;

pub(crate) async fn run(ctx: &Ctx, args: ValueRun) -> Result<(), Fail> {
    let params = params(&args);
    let (Some(segments), Some(members), Some(out)) = (args.segments, args.members, args.out) else {
        return Err(Fail::usage("--segments, --members and --out belong together."));
    };
    let id = kernel::ids::v7(ctx.clock.now());
    let scratch = std::env::temp_dir().join(format!("jetbridge-value-{id}"));
    std::fs::create_dir_all(&scratch).map_err(at_file(&scratch))?;
    let memory_limit = ctx.config.lake.memory_mib.max(64) * 1024 * 1024;
    let lake = Lake::open(&scratch, LakeConfig { memory_limit, ..LakeConfig::default() })?;
    let (watch, end) = watch();
    let done = files::run(&lake, &Files { segments, members, out }, &params, &watch).await;
    end();
    std::fs::remove_dir_all(&scratch).ok();
    let (report, seconds) = done?;
    let mut json = serde_json::to_value(&report)
        .map_err(|error| Fail::new(format!("The run could not be printed: {error}.")))?;
    json["seconds"] = json!(seconds);
    match ctx.output.format {
        Format::Json => ctx.output.json(&json),
        Format::Table | Format::Csv => tables(ctx, &json),
    }
    Ok(())
}
