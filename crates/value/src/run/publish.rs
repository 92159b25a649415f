//! Telling customers their standing, and the other domains that it was told.

use std::collections::{HashMap, HashSet};

use ::store::outbox::{self, Event};
use customers::{CustomerId, Standing};
use lake::{LakeError, ParquetIn, column};
use stats::Lifecycle;
use uuid::Uuid;

use super::model::{Phase, Report, RunStatus, Source, Watch, tell};
use super::rows::{self, Member};
use super::{result, store};
use crate::error::{Error, Result};
use crate::facts::segments;
use crate::{Value, events, group};

/// Customers told in one transaction: small enough that nobody waits long for the one writer.
const BATCH: usize = 20_000;

impl Value {
    /// Publishes a run: customers show its groups, scores and lifecycle states from now on. Safe to
    /// repeat after a crash: only what differs is written.
    pub(crate) async fn publish(&self, id: Uuid, watch: &Watch) -> Result<kernel::Outcome<u64>> {
        let mut tx = self.db().read().await?;
        let run = store::load(&mut tx, id).await?;
        drop(tx);
        match run.status {
            RunStatus::Published => return Ok(kernel::Outcome::AlreadyDone(0)),
            RunStatus::Ready => {}
            RunStatus::Running | RunStatus::Failed => return Err(Error::NotReady(id)),
        }
        let report = run.report()?;
        let routes = match report.source {
            Source::Segments => self.last_routes(report.window_from, report.observed_on).await?,
            _ => HashMap::new(),
        };
        if report.previous.is_none() {
            self.customers().before_first_standings(report.rows_valued).await?;
        }
        let told = self.tell_all(id, report, &routes, watch).await;
        self.customers().after_standings(report.rows_valued).await?;
        let told = told?;
        if let Some(previous) = report.previous {
            self.take_back(previous, id, report).await?;
        }
        let mut tx = self.db().begin().await?;
        let now = self.clock().now();
        if !store::publish(&mut tx, id, now).await? {
            return Ok(kernel::Outcome::AlreadyDone(told));
        }
        let event = events::RunPublished::of(id, report);
        let data = serde_json::to_value(&event).map_err(::store::Error::from)?;
        let subject = format!("value-run/{id}");
        outbox::say(&mut tx, &Event::new(events::RUN_PUBLISHED, subject, now, data)).await?;
        tx.commit().await?;
        self.forget_loaded();
        Ok(kernel::Outcome::Done(told))
    }

    async fn tell_all(
        &self,
        id: Uuid,
        report: &Report,
        routes: &HashMap<Uuid, String>,
        watch: &Watch,
    ) -> Result<u64> {
        let mut told = 0;
        let mut waiting = Vec::with_capacity(BATCH);
        let file = ParquetIn::open(result::path(&self.runs_dir()?, id))?.batch_rows(BATCH);
        for batch in file.batches()? {
            for member in rows::members(&batch?)? {
                waiting.push(standing(&member, report.observed_on, routes));
            }
            told += self.tell_customers(&mut waiting).await?;
            tell(watch, Phase::Publish, told, Some(report.rows_valued))?;
        }
        Ok(told)
    }

    async fn tell_customers(&self, waiting: &mut Vec<Standing>) -> Result<u64> {
        let told = waiting.len() as u64;
        let mut tx = self.db().begin().await?;
        self.customers().publish_standing(&mut tx, waiting).await?;
        tx.commit().await?;
        waiting.clear();
        Ok(told)
    }

    /// Customers of the run published before who are not in this one lose their group and score:
    /// they have no flight in the window any more, or were dropped in cleaning.
    async fn take_back(&self, previous: Uuid, id: Uuid, report: &Report) -> Result<()> {
        let runs = self.runs_dir()?;
        let (before, now) = (result::path(&runs, previous), result::path(&runs, id));
        if !before.exists() {
            return Ok(());
        }
        let (before, now) = (rows::labels(&before)?, rows::labels(&now)?);
        let dropped: HashSet<Uuid> = self.dropped_ids(id)?;
        let gone = before.customers.iter().filter(|c| now.customers.binary_search(c).is_err());
        let mut waiting: Vec<Standing> = gone
            .map(|customer| Standing {
                customer: CustomerId::from(*customer),
                last_flight_on: None,
                last_route: None,
                flights: 0,
                km: 0,
                coefficient: None,
                value_group: Some(""),
                value_score: Some(0.0),
                lifecycle: (!dropped.contains(customer)).then_some(Lifecycle::Lost.code()),
                observed_on: report.observed_on,
            })
            .collect();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            self.tell_customers(&mut waiting).await?;
            waiting = rest;
        }
        Ok(())
    }

    fn dropped_ids(&self, id: Uuid) -> Result<HashSet<Uuid>> {
        let path = result::dropped_path(&self.runs_dir()?, id);
        let mut dropped = HashSet::new();
        if path.exists() {
            for batch in ParquetIn::open(path)?.columns(&[result::KEY]).batches()? {
                let batch = batch?;
                let ids = column::uuids(&batch, result::KEY)?;
                dropped.extend((0..batch.num_rows()).map(|row| column::uuid(ids, row)));
            }
        }
        Ok(dropped)
    }

    /// The route each customer flew last.
    async fn last_routes(
        &self,
        from: chrono::NaiveDate,
        to: chrono::NaiveDate,
    ) -> Result<HashMap<Uuid, String>> {
        let mut routes = HashMap::new();
        let folder = self.lake().table_dir("segments")?;
        self.lake()
            .query(
                "SELECT customer_id, last_value(origin ORDER BY flight_date) AS origin,
                        last_value(destination ORDER BY flight_date) AS destination
                 FROM segments
                 WHERE flight_date >= $from AND flight_date <= $to AND outcome = 'flown'
                 GROUP BY customer_id",
            )
            .folder("segments", folder, segments::schema())
            .param("from", from)
            .param("to", to)
            .each(|batch| {
                use lake::arrow::array::Array;
                let ids = column::uuids(&batch, "customer_id")?;
                let origins = column::texts(&batch, "origin")?;
                let destinations = column::texts(&batch, "destination")?;
                for row in 0..ids.len() {
                    if origins.is_valid(row) && destinations.is_valid(row) {
                        let route = format!("{}-{}", origins.value(row), destinations.value(row));
                        routes.insert(column::uuid(ids, row), route);
                    }
                }
                Ok::<(), LakeError>(())
            })
            .await?;
        Ok(routes)
    }
}

fn standing(
    member: &Member,
    observed_on: chrono::NaiveDate,
    routes: &HashMap<Uuid, String>,
) -> Standing {
    let [.., flights, km, coefficient] = member.lrfmc;
    let kind = member.name.as_deref().and_then(group::parse_name).map(|name| name.kind);
    Standing {
        customer: CustomerId::from(member.customer),
        last_flight_on: member.last_flight_on,
        last_route: routes.get(&member.customer).cloned(),
        flights: flights as i64,
        km: km as i64,
        coefficient: coefficient.is_finite().then_some(coefficient),
        // Who is in no group loses an earlier one.
        value_group: Some(kind.map_or("", group::code)),
        value_score: Some(member.group.map_or(0.0, |_| f64::from(member.score) / 100.0)),
        lifecycle: member.lifecycle.map(Lifecycle::code),
        observed_on,
    }
}
