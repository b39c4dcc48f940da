//! `netra demo`: the whole way on invented data. No separate path: it is
//! `netra run` with a demo configuration, over a folder of its own, with an
//! invented internet on loopback to watch.

mod check;
mod folder;
mod server;
mod show;
mod site;
mod story;
mod world;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use jiff::{SignedDuration, Timestamp};

use self::check::Found;
use self::folder::Folder;
use self::server::Internet;
use self::world::World;
use super::failure::{Code, Failure};
use super::run::{Daemon, Plan, listen_to_signals, runtime};
use super::{Outcome, Result, house, say, system_clock};
use crate::model::Clock;
use crate::pipeline::{Stopper, Until};

/// When the check's clock starts.
const CHECK_START: Timestamp = Timestamp::constant(1_795_223_400, 0);

/// Rounds of a check: the second one meets what recovered and what has nothing new.
const CHECK_ROUNDS: u32 = 2;

/// Arguments of `netra demo`.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Keeps the folder; a kept one is gone on with
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Runs without a browser on a fixed clock, compares every stage with the labels, and ends
    #[arg(long)]
    check: bool,
}

impl Demo {
    pub(super) fn run(&self) -> Result {
        let world = World::load().map_err(|error| {
            Failure::new(Code::Internal, "cannot read the demo's fixtures").because(error)
        })?;
        let folder = Folder::open(self.keep.as_deref())?;
        runtime()?.block_on(async {
            if self.check { check(&world, &folder).await } else { show(&world, &folder).await }
        })
    }
}

/// A clock that starts at a fixed instant and goes on from there.
fn check_clock() -> Clock {
    let begun = Instant::now();
    Clock::new(move || {
        let passed = SignedDuration::try_from(begun.elapsed()).unwrap_or_default();
        CHECK_START.checked_add(passed).unwrap_or(CHECK_START)
    })
}

async fn internet(world: &World, folder: &Folder, clock: &Clock) -> Result<Internet> {
    let start = folder.started(clock.now())?;
    server::start(world, start, &folder.ports()?).await.map_err(|error| {
        Failure::new(Code::Unavailable, "cannot start the invented internet on loopback")
            .help("another demo may run on this folder")
            .because(error)
    })
}

async fn show(world: &World, folder: &Folder) -> Result {
    let clock = system_clock();
    let internet = internet(world, folder, &clock).await?;
    folder.lay(&internet)?;
    show::internet(&internet);
    let config = house::load(&folder.config())?;
    let people = story::people(&config, &clock)?;
    let show = Arc::new(show::Show::new(internet.bases.len()));
    let plan = Plan {
        until: Until::Stopped,
        asks: true,
        serves: true,
        demo: Some(people.clone()),
        progress: {
            let show = show.clone();
            Arc::new(move |progress| show.tell(&progress))
        },
    };
    let (stopper, stop) = Stopper::new();
    let daemon = Daemon::start(config, clock, plan).await?;
    tokio::spawn(listen_to_signals(stopper, daemon.reloader()));
    show.when_all_were_asked(show::welcome(daemon.address(), &people, folder));
    daemon.run(stop).await
}

async fn check(world: &World, folder: &Folder) -> Result {
    let clock = check_clock();
    let internet = internet(world, folder, &clock).await?;
    folder.lay(&internet)?;
    let config = house::load(&folder.config())?;
    let people = story::people(&config, &clock)?;
    let begun = Instant::now();
    let show = Arc::new(show::Show::new(internet.bases.len()));
    let plan = Plan {
        until: Until::Rounds(CHECK_ROUNDS),
        asks: true,
        serves: false,
        demo: Some(people),
        progress: {
            let show = show.clone();
            Arc::new(move |progress| show.tell(&progress))
        },
    };
    let (_stopper, stop) = Stopper::new();
    let daemon = Daemon::start(config.clone(), clock.clone(), plan).await?;
    let (store, queue) = (daemon.store(), daemon.queue());
    daemon.run(stop).await?;
    let found = Found::read(&store, world)?;
    let mut differences = found.differences(world)?;
    differences.extend(show.differences());
    differences.extend(check::queue(&queue)?);
    drop((store, queue));
    let seconds = begun.elapsed().as_secs_f64();
    say(format_args!(
        "{} posts settled, {} flagged, in {seconds:.1} s",
        found.settled(),
        found.flagged(),
    ));
    differences.extend(story::play(&config, &clock, found.settled(), found.flagged()).await?);
    for difference in &differences {
        say(format_args!("DIFFERENCE  {difference}"));
    }
    if differences.is_empty() {
        say("every stage agrees with the labels");
        return Ok(Outcome::Fine);
    }
    say(format_args!("{} differences", differences.len()));
    Ok(Outcome::NotFine)
}
