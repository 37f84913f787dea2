//! What changes, told as it happens (server-sent events): how much waits for the caller, and where
//! the business day stands. Nothing is told that the caller could not ask for.

use super::Problems;
use crate::serve::app::App;
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use crate::serve::streams::Place;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use bank::State as Bank;
use bank::office::queue::{self, Queue};
use futures_util::{Stream, stream};
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How soon after another it is looked again, and how late at the latest.
const SOONEST: Duration = Duration::from_millis(500);
const LATEST: Duration = Duration::from_secs(15);

/// A token may have been revoked meanwhile: whoever holds one comes again.
const OF_A_TOKEN: Duration = Duration::from_secs(300);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(events))
}

/// Data of the event `queue`: what waits for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueueEvent {
    pub waiting: usize,
    pub late: usize,
}

/// Data of the event `day`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayEvent {
    pub business_date: String,
    /// `open`, `closing` or `closed`
    pub phase: String,
}

fn seen(state: &Bank, operator: &str, now: i64) -> (QueueEvent, DayEvent) {
    let mine = queue::list(state, operator, &Queue::Mine, now);
    let late = mine.iter().filter(|one| one.overdue).count();
    let day = DayEvent {
        business_date: state.book.today.to_string(),
        phase: state.book.phase.code().to_owned(),
    };
    (QueueEvent { waiting: mine.len(), late }, day)
}

/// One stream of events.
struct Going {
    app: App,
    caller: Caller,
    changed: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    began: Instant,
    /// When it was looked last; none: not yet.
    looked: Option<Instant>,
    queue: Option<QueueEvent>,
    day: Option<DayEvent>,
    /// Events that wait to go out.
    out: VecDeque<Event>,
    _place: Place,
}

impl Going {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.out.pop_front() {
                return Some((Ok(event), self));
            }
            self.wait().await?;
            if !self.may_go_on().await {
                return None;
            }
            self.look().await?;
        }
    }

    /// Waits until there may be news; none: the service stops.
    async fn wait(&mut self) -> Option<()> {
        let Some(looked) = self.looked else { return Some(()) };
        let news = async {
            let _ = tokio::time::timeout_at(looked + LATEST, self.changed.changed()).await;
            tokio::time::sleep_until(looked + SOONEST).await;
        };
        tokio::select! {
            () = news => Some(()),
            _ = self.stopping.wait_for(|stopping| *stopping) => None,
        }
    }

    /// Whether the session lasts and its screen is not locked. To listen is not to use it.
    async fn may_go_on(&self) -> bool {
        let Some(name) = &self.caller.session else { return self.began.elapsed() < OF_A_TOKEN };
        let session = self.app.sessions.named(&self.app.node, name).await;
        let policy = self.app.policy();
        session.is_ok_and(|session| !session.locked && session.ends(&policy) >= self.app.now())
    }

    async fn look(&mut self) -> Option<()> {
        self.changed.mark_unchanged();
        self.looked = Some(Instant::now());
        let (operator, now) = (self.caller.operator.clone(), self.app.now());
        let look = self.app.node.look(move |state| seen(state, &operator, now));
        let (queue, day) = look.await.ok()?;
        if self.queue.as_ref() != Some(&queue) {
            self.out.extend(event("queue", &queue));
            self.queue = Some(queue);
        }
        if self.day.as_ref() != Some(&day) {
            self.out.extend(event("day", &day));
            self.day = Some(day);
        }
        Some(())
    }
}

fn event(name: &str, data: &impl Serialize) -> Option<Event> {
    Event::default().event(name).json_data(data).ok()
}

/// 实时通知 / Events `queue` and `day`, each with JSON as its data, whenever they change
#[utoipa::path(
    get, path = "/events", tag = "events",
    responses(
        (status = 200, content_type = "text/event-stream", body = (QueueEvent, DayEvent),
            description = "`event: queue` and `event: day`; it ends with the session"),
        Problems,
    ),
    extensions(("x-function" = json!("anyone")))
)]
async fn events(
    State(app): State<App>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let place = app.streams.begin(&caller.operator)?;
    let going = Going {
        changed: app.changed.subscribe(),
        stopping: app.streams.stopping(),
        app,
        caller,
        began: Instant::now(),
        looked: None,
        queue: None,
        day: None,
        out: VecDeque::new(),
        _place: place,
    };
    let events = stream::unfold(going, Going::next);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
