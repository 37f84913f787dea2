//! How often one caller may ask. Whose session or token this node knows is counted by it, so that
//! many behind one address do not stand in each other's way; everybody else by address, so that
//! guessing at sessions is not free.

use super::app::App;
use super::config::Limits;
use super::problem::Problem;
use super::refusal;
use super::sign_in::{Credential, credential};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Between two looks for callers who have been quiet, in requests: so many of them, and those of
/// the last seconds, are remembered at most.
const SWEPT_EVERY: u64 = 1 << 16;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    /// A session or a token, by the name under which it is kept.
    Known(String),
}

/// Buckets of one size, a bucket for each caller.
struct Buckets<C: Clock + Clone> {
    buckets: RateLimiter<Who, DashMapStateStore<Who>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    asked: AtomicU64,
}

impl<C: Clock + Clone> Buckets<C> {
    /// None: as often as they like.
    fn of(each_second: u32, burst: u32, clock: C) -> Option<Self> {
        let each_second = NonZeroU32::new(each_second)?;
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(each_second).allow_burst(burst);
        let buckets = RateLimiter::dashmap_with_clock(quota, clock.clone());
        Some(Self { buckets, clock, asked: AtomicU64::new(0) })
    }

    /// Takes a request out of a bucket; answers how long to wait if there is none left in it.
    fn take(&self, who: &Who) -> Result<(), Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEPT_EVERY == SWEPT_EVERY - 1 {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
        }
        let taken = self.buckets.check_key(who);
        taken.map_err(|full| full.wait_time_from(self.clock.now()))
    }
}

pub struct Rate {
    people: Option<Buckets<DefaultClock>>,
    systems: Option<Buckets<DefaultClock>>,
}

impl Rate {
    pub fn new(limits: &Limits) -> Self {
        let buckets = |rate| Buckets::of(rate, limits.burst, DefaultClock::default());
        Self { people: buckets(limits.rate), systems: buckets(limits.token_rate) }
    }

    /// Refuses a caller who asks too often. Nothing is looked up in the store for it.
    pub fn check(&self, app: &App, parts: &axum::http::request::Parts) -> Result<(), Problem> {
        let address = |parts| Who::Address(household(super::sign_in::address(parts)));
        let (buckets, who) = match credential(&parts.headers) {
            Some(Credential::Token(text)) => match app.tokens.known(text) {
                Some(name) => (&self.systems, Who::Known(name)),
                None => (&self.people, address(parts)),
            },
            Some(Credential::Session(cookie)) if self.people.is_some() => {
                let known = app.sessions.known(cookie);
                (&self.people, known.map_or_else(|| address(parts), Who::Known))
            }
            _ => (&self.people, address(parts)),
        };
        let Some(buckets) = buckets else { return Ok(()) };
        buckets.take(&who).map_err(|wait| {
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            Problem::from(refusal::too_many_requests()).after(seconds)
        })
    }
}

/// Whoever has one address of IPv6 has 2⁶⁴ of them.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn somebody(number: u32) -> Who {
        Who::Address(IpAddr::V4(number.into()))
    }

    #[test]
    fn a_bucket_empties_and_fills_again_and_is_nobody_elses() {
        let clock = FakeRelativeClock::default();
        let buckets = Buckets::of(2, 3, clock.clone()).unwrap();
        let known = Who::Known("session".to_owned());
        for _ in 0..3 {
            assert_eq!(buckets.take(&known), Ok(()));
        }
        assert_eq!(buckets.take(&known), Err(Duration::from_millis(500)));
        assert_eq!(buckets.take(&somebody(1)), Ok(()));
        clock.advance(Duration::from_millis(500));
        assert_eq!(buckets.take(&known), Ok(()));
        assert!(buckets.take(&known).is_err());
    }

    #[test]
    fn who_has_been_quiet_is_forgotten() {
        let clock = FakeRelativeClock::default();
        let buckets = Buckets::of(1_000, 10, clock.clone()).unwrap();
        for number in 0..4 * u32::try_from(SWEPT_EVERY).unwrap() {
            assert_eq!(buckets.take(&somebody(number)), Ok(()));
            clock.advance(Duration::from_millis(1));
        }
        let most = usize::try_from(SWEPT_EVERY).unwrap() + 10;
        assert!(buckets.buckets.len() <= most, "{} are remembered", buckets.buckets.len());
    }

    #[test]
    fn nothing_each_second_is_no_limit() {
        assert!(Buckets::of(0, 10, DefaultClock::default()).is_none());
    }

    #[test]
    fn neighbours_of_ipv6_are_one_household() {
        let address = |text: &str| household(text.parse().unwrap());
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert_ne!(address("10.0.0.1"), address("10.0.0.2"));
    }
}
