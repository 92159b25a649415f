//! Two batches of new members at a time.
//!
//! PostgreSQL writes one connection's rows on one core, and half of an import is its work. So while
//! one batch is being written and committed, the next is written over a second connection, and
//! committed after it: the point reached always has everything before it. It cannot see what the
//! batch before it is about to commit, and so is good only if all its members are new; the
//! database's unique keys refuse it otherwise. Then, and after any other failure, the two are given
//! up and the rest of the file goes one batch at a time.

use std::collections::VecDeque;

use customers::Turn;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::apply::{People, Ready};
use super::model::Import;
use super::run::{Writing, Written, begin};
use crate::{Error, Result};

/// Batches under way, each on a connection of its own. More only wait for the two cores.
const ABREAST: usize = 2;

/// How far it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abreast {
    /// To the end of the file.
    Done,
    /// To a batch that has to be written alone; the import stands before it.
    Crossed,
}

struct UnderWay {
    batch: JoinHandle<Result<Written>>,
    /// Tells it that the batch before it is committed.
    turn: Option<oneshot::Sender<()>>,
}

pub(super) async fn write(
    writing: &mut Writing<'_>,
    import: &mut Import,
    mut batches: mpsc::Receiver<Result<Ready>>,
) -> Result<Abreast> {
    let mut under_way = VecDeque::new();
    let ended = pump(writing, import, &mut batches, &mut under_way).await;
    // Whatever is left is rolled back before somebody writes the same rows again.
    for UnderWay { batch, turn } in under_way {
        drop(turn);
        drop(batch.await);
    }
    ended
}

async fn pump(
    writing: &mut Writing<'_>,
    import: &mut Import,
    batches: &mut mpsc::Receiver<Result<Ready>>,
    under_way: &mut VecDeque<UnderWay>,
) -> Result<Abreast> {
    let (mut open, mut unreadable) = (true, None);
    loop {
        while open && under_way.len() < ABREAST {
            match batches.recv().await {
                Some(Err(error)) => (open, unreadable) = (false, Some(error)),
                Some(Ok(batch)) => {
                    let turn = if under_way.is_empty() { None } else { Some(Turn::later()) };
                    under_way.push_back(start(writing, batch, turn));
                }
                None => open = false,
            }
        }
        // What was read before the file turned out broken is kept.
        let Some(first) = under_way.pop_front() else {
            return unreadable.map_or(Ok(Abreast::Done), Err);
        };
        match first.batch.await {
            Ok(Ok(written)) if all_new(&written) => writing.end(import, written).await?,
            Ok(Err(Error::Lost)) => return Err(Error::Lost),
            _ => return Ok(Abreast::Crossed),
        }
        if let Some(turn) = under_way.front_mut().and_then(|next| next.turn.take()) {
            // Nobody there to hear it: the batch has failed, and says so when it is awaited.
            let _ = turn.send(());
        }
    }
}

fn start(
    writing: &Writing<'_>,
    batch: Ready,
    turn: Option<(oneshot::Sender<()>, Turn)>,
) -> UnderWay {
    let (feeds, target) = (writing.feeds.clone(), writing.target.clone());
    let runner = writing.runner;
    let (turn, mut waits) = turn.map_or((None, Turn::now()), |(turn, waits)| (Some(turn), waits));
    let batch = tokio::spawn(async move {
        // Rows of members look nobody up.
        begin(&feeds, &target, runner, (&mut People::default(), &mut waits), batch).await
    });
    UnderWay { batch, turn }
}

/// Nobody of the batch was there before it.
fn all_new(written: &Written) -> bool {
    written.counts.updated + written.counts.unchanged + written.counts.skipped == 0
}
