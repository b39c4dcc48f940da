//! Joins fetch, queue, matcher and store for the machine.
//!
//! *What is due is asked; what is read is kept and queued; what is queued is
//! scanned; what is flagged is kept for good.* One task asks the sources that
//! are due, a bounded number at a time; one task settles what is queued, batch
//! by batch, each batch with one durable append; one looks again, days later, at
//! the pages of findings. Nothing is acknowledged
//! before it is synced, and every step may be repeated: a crash between two
//! steps repeats the second and changes nothing.

mod ask;
pub mod recheck;
mod settle;
mod stop;

use std::sync::Arc;

use tokio::sync::{Notify, watch};

pub use ask::Poll;
pub use stop::{Stop, Stopper};

use crate::fetch::{Gate, Source};
use crate::matcher::Matcher;
use crate::model::Clock;
use crate::queue::Queue;
use crate::store::Store;

/// How many sources are asked at a time; one that is slow holds one place.
const ASKED_AT_ONCE: usize = 8;

/// What became of one poll or one batch; shown by the demo as it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A source was asked.
    Asked {
        /// The source.
        source: String,
        /// What came of it.
        poll: Poll,
    },
    /// Posts were settled.
    Settled {
        /// How many.
        posts: usize,
        /// How many of them were flagged.
        flagged: usize,
        /// How many compliance events were recognised.
        compliance: usize,
    },
    /// The store cannot be written; work waits.
    Paused {
        /// What ails it.
        reason: String,
    },
}

/// The machine's half of Netra.
pub struct Pipeline {
    /// The sources, as the configuration lists them.
    pub sources: Vec<Arc<dyn Source>>,
    /// The one door to the network.
    pub gate: Arc<Gate>,
    /// Holds what waits to be matched.
    pub queue: Arc<Queue>,
    /// Keeps captures and findings.
    pub store: Arc<Store>,
    /// The matcher now in force; a new one takes effect at the next batch.
    pub matcher: watch::Receiver<Arc<Matcher>>,
    /// Tells the time.
    pub clock: Clock,
    /// When the pages of findings are looked at again.
    pub recheck: recheck::Settings,
    /// Is told what happens.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

/// When a run ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Only when told to stop.
    Stopped,
    /// When every source was asked so many times and the queue is empty.
    Rounds(u32),
}

impl Pipeline {
    /// Runs until told to stop or, for [`Until::Rounds`], until there is
    /// nothing left to do. What is on loan is finished first.
    pub async fn run(self, until: Until, stop: Stop) {
        let pipeline = Arc::new(self);
        let queued = Arc::new(Notify::new());
        let (asking_done, asked_all) = watch::channel(false);
        let settling = {
            let (pipeline, queued, stop) = (pipeline.clone(), queued.clone(), stop.clone());
            tokio::spawn(async move { pipeline.settle(&queued, asked_all, stop).await })
        };
        match until {
            Until::Stopped => {
                let rechecking = tokio::spawn(pipeline.clone().recheck_as_due(stop.clone()));
                pipeline.ask_as_due(&queued, stop).await;
                if let Err(error) = rechecking.await {
                    tracing::error!(%error, "the re-checking task ended badly");
                }
            }
            Until::Rounds(rounds) => {
                for _ in 0..rounds {
                    pipeline.ask_each_once(&queued, stop.clone()).await;
                }
                pipeline.recheck_due(&stop).await;
            }
        }
        asking_done.send_replace(true);
        queued.notify_one();
        if let Err(error) = settling.await {
            tracing::error!(%error, "the settling task ended badly; what was on loan returns at the next start");
        }
    }

    fn tell(&self, progress: Progress) {
        (self.progress)(progress);
    }
}
