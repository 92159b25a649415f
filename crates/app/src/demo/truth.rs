//! What the simulator knows about each member, put where a value run looks for it: every page of a
//! model can then show how well it did.

use std::path::Path;
use std::sync::Arc;

use lake::arrow::array::{ArrayRef, FixedSizeBinaryBuilder, StringBuilder};
use lake::arrow::datatypes::{DataType, Field, Schema};
use lake::arrow::record_batch::RecordBatch;
use lake::{ParquetOptions, ParquetOut};

use crate::{App, Error};

/// Members looked up at a time.
const CHUNK: usize = 5_000;

/// Writes `truth.parquet` into the lake from the simulator's `truth.csv`.
pub(super) async fn note(app: &App, csv: &Path) -> Result<(), Error> {
    let text = tokio::fs::read_to_string(csv).await.map_err(Error::Folder)?;
    let known: Vec<(String, String)> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some((cells.next()?.to_owned(), cells.next()?.to_owned()))
        })
        .collect();
    let schema = Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::FixedSizeBinary(16), false),
        Field::new("archetype", DataType::Utf8, false),
    ]));
    let path = app.lake().dir().join("truth.parquet");
    let mut out = ParquetOut::create(&path, schema.clone(), ParquetOptions::default())?;
    for chunk in known.chunks(CHUNK) {
        let numbers: Vec<String> = chunk.iter().map(|(number, _)| number.clone()).collect();
        let mut tx = app.db().read().await?;
        let ids = app.customers().ids_by_member_no(&mut tx, &numbers).await?;
        drop(tx);
        let mut customers = FixedSizeBinaryBuilder::new(16);
        let mut archetypes = StringBuilder::new();
        for (number, archetype) in chunk {
            if let Some(id) = ids.get(number) {
                customers.append_value(id.uuid().as_bytes()).map_err(odd)?;
                archetypes.append_value(archetype);
            }
        }
        let columns: Vec<ArrayRef> =
            vec![Arc::new(customers.finish()), Arc::new(archetypes.finish())];
        out.write(&RecordBatch::try_new(schema.clone(), columns).map_err(odd)?)?;
    }
    out.finish()?;
    Ok(())
}

/// Columns of one length and width: a failure is a fault of the program.
#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn odd(error: lake::arrow::error::ArrowError) -> Error {
    Error::Step(error.to_string())
}
