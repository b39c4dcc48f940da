//! The pace of one host: how soon it may be asked again.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Jitter, Quota, RateLimiter};

type Limiter<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The pace of one host: one permit per interval, and no burst, since what is
/// saved up by a quiet night would fall on the server in one moment.
pub(super) struct Pace<C: Clock = DefaultClock> {
    clock: C,
    /// The interval kept now; it grows to what robots.txt asks for.
    state: Mutex<(Duration, Limiter<C>)>,
}

impl Pace {
    /// A pace of this many requests per minute.
    pub(super) fn per_minute(requests: NonZeroU32) -> Self {
        Self::new(Duration::from_mins(1) / requests.get(), DefaultClock::default())
    }
}

impl<C: Clock + Clone> Pace<C> {
    fn new(interval: Duration, clock: C) -> Self {
        let limiter = limiter(interval, &clock);
        Self { clock, state: Mutex::new((interval, limiter)) }
    }

    /// Takes a permit, or says how long to wait before asking for one again.
    pub(super) fn permit(&self) -> Result<(), Duration> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1.check().map_err(|not_yet| not_yet.wait_time_from(self.clock.now()))
    }

    /// What is added to a wait, by chance: up to a tenth of the interval, so
    /// that two Netras that began together do not stay together.
    pub(super) fn jitter(&self) -> Jitter {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Jitter::up_to(state.0 / 10)
    }

    /// Keeps at least this interval from now on: robots.txt's `Crawl-delay`.
    pub(super) fn at_least(&self, interval: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if interval > state.0 {
            let limiter = limiter(interval, &self.clock);
            // The request just made counts for the new interval too.
            if limiter.check().is_ok() {
                *state = (interval, limiter);
            }
        }
    }
}

fn limiter<C: Clock + Clone>(interval: Duration, clock: &C) -> Limiter<C> {
    let interval = interval.max(Duration::from_nanos(1));
    let quota = Quota::with_period(interval).unwrap_or(Quota::per_second(NonZeroU32::MIN));
    RateLimiter::direct_with_clock(quota.allow_burst(NonZeroU32::MIN), clock.clone())
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn permits(pace: &Pace<FakeRelativeClock>, clock: &FakeRelativeClock, seconds: u32) -> usize {
        let tick = |_| {
            clock.advance(SECOND);
            usize::from(pace.permit().is_ok())
        };
        (0..seconds).map(tick).sum()
    }

    #[test]
    fn a_host_is_asked_once_per_interval() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::new(5 * SECOND, clock.clone());
        assert_eq!(pace.permit(), Ok(()));
        assert_eq!(pace.permit(), Err(5 * SECOND));
        assert_eq!(permits(&pace, &clock, 60), 12);
    }

    #[test]
    fn a_quiet_night_saves_up_nothing() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::new(5 * SECOND, clock.clone());
        clock.advance(3600 * SECOND);
        assert_eq!(pace.permit(), Ok(()));
        assert!(pace.permit().is_err());
    }

    #[test]
    fn a_crawl_delay_slows_down_and_never_speeds_up() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::new(5 * SECOND, clock.clone());
        pace.at_least(10 * SECOND);
        assert_eq!(permits(&pace, &clock, 60), 6);
        pace.at_least(SECOND);
        assert_eq!(permits(&pace, &clock, 60), 6);
    }
}
