//! The audit trail (审计日志): facts of the journal, looked through from the newest, and the proof
//! that the chain of blocks is whole. To look is noted too.

mod happening;
mod search;

use super::Problems;
use crate::messages;
use crate::serve::app::{self, App};
use crate::serve::extract::Asked;
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::{Function, Scope};
use happening::About;
use history::hash_block;
use ledger::{Day, Refusal};
use search::{Cursor, Found, Search};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use store::{Store, StoreError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const PAGE: usize = 50;
const PAGE_MAX: usize = 200;

/// Blocks whose chain is proved in one call, how much of them is read at once, and for how long.
const CHAIN: u64 = 1_000;
const CHAIN_MAX: u64 = 100_000;
const CHAIN_BYTES: usize = 8 << 20;
const CHAIN_TIME: Duration = Duration::from_secs(10);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(kinds)).routes(routes!(chain))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// From a business day (`2026-01-05`), or from an instant in microseconds since 1970-01-01 UTC
    #[serde(default)]
    pub from: String,
    /// Until a business day, it included, or until an instant
    #[serde(default)]
    pub until: String,
    /// Number of who did it
    #[serde(default)]
    pub operator: String,
    /// Name of a fact, of an event of the office, or of a note: `read`, `acted`, `hold_placed`
    #[serde(default)]
    pub kind: String,
    /// An account, an operator, an institution, a place, a parameter, the id of a matter
    #[serde(default)]
    pub about: String,
    /// Any text within the fact, letter by letter
    #[serde(default)]
    pub q: String,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: String,
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A fact of the journal.
#[derive(Serialize, ToSchema)]
pub struct AuditRow {
    /// Block, and where in it
    pub seq: u64,
    pub position: usize,
    /// When its block was made: microseconds since 1970-01-01 UTC
    pub at: i64,
    pub business_date: String,
    pub kind: String,
    pub zh: String,
    pub en: String,
    pub who: Vec<String>,
    pub about: String,
    /// Code of the institution where it belongs, if it belongs to one
    pub institution: Option<String>,
    /// As the journal has it
    #[schema(value_type = Object)]
    pub fact: serde_json::Value,
    /// Whether long lists and texts of the fact were cut
    pub cut: bool,
}

#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    /// Ask with it for the next page. A page may be short of rows, or have none, and yet not be
    /// the last: the search goes on from here
    pub cursor: Option<String>,
}

/// A business day, or an instant.
fn time(text: &str, field: &str) -> Result<(Option<Day>, Option<i64>), Refusal> {
    if text.is_empty() {
        return Ok((None, None));
    }
    if let Ok(day) = text.parse() {
        return Ok((Some(day), None));
    }
    let micros = text.parse().map_err(|_| crate::refusal::value_wrong(field, text))?;
    Ok((None, Some(micros)))
}

fn cursor(text: &str) -> Result<Option<Cursor>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let parts = text.split_once('.');
    let read = parts.and_then(|(seq, position)| {
        Some(Cursor { seq: seq.parse().ok()?, position: position.parse().ok()? })
    });
    read.map(Some).ok_or_else(|| crate::refusal::value_wrong("cursor", text))
}

/// All the ways in which the journal may name a thing.
fn names(state: &Bank, about: &str) -> Vec<About> {
    if about.is_empty() {
        return Vec::new();
    }
    let account = state.book.accounts.by_number(about).map(About::Account);
    let institution = state.book.institution_by_code(about).map(About::Institution);
    let matter = about.parse().ok().map(About::Matter);
    let others = [account, institution, matter].into_iter().flatten();
    [About::Text(about.to_owned())].into_iter().chain(others).collect()
}

fn row(state: &Bank, found: Found) -> AuditRow {
    let Found { at, micros, day, happening } = found;
    let plain = (happening.kind.as_str(), happening.kind.as_str());
    let (zh, en) = messages::happening(&happening.kind).unwrap_or(plain);
    let institution = happening.institution(state);
    let institution = institution.and_then(|id| state.book.institutions.get(id.index()));
    let (zh, en, about) = (zh.to_owned(), en.to_owned(), happening.about(state));
    let (kind, who) = (happening.kind.clone(), happening.who.clone());
    let institution = institution.map(|one| one.code.clone());
    let (fact, cut) = happening.shown();
    AuditRow {
        seq: at.seq,
        position: at.position,
        at: micros,
        business_date: day.to_string(),
        kind,
        zh,
        en,
        who,
        about,
        institution,
        fact,
        cut,
    }
}

fn may_see(state: &Bank, scope: &Scope, found: &Found) -> bool {
    match scope {
        Scope::Everywhere => true,
        Scope::Below(_) => {
            let at = found.happening.institution(state);
            at.is_some_and(|at| scope.covers(&state.book, at))
        }
    }
}

/// What somebody looked for, as the trail keeps it.
fn said(asked: &AuditQuery) -> String {
    let parts = [
        ("from", &asked.from),
        ("until", &asked.until),
        ("operator", &asked.operator),
        ("kind", &asked.kind),
        ("about", &asked.about),
        ("q", &asked.q),
        ("cursor", &asked.cursor),
    ];
    let parts = parts.iter().filter(|(_, text)| !text.is_empty());
    parts.map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(" ")
}

/// 审计日志 / Facts of the journal, newest first: who did or read what
#[utoipa::path(
    get, path = "/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = AuditPage), Problems),
    extensions(("x-function" = json!("audit.read")))
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<AuditQuery>,
) -> Result<Json<AuditPage>, Problem> {
    let ((from_day, from), (until_day, until)) =
        (time(&asked.from, "from")?, time(&asked.until, "until")?);
    if !asked.kind.is_empty() && messages::happening(&asked.kind).is_none() {
        return Err(crate::refusal::value_wrong("kind", &asked.kind).into());
    }
    let (before, note) = (cursor(&asked.cursor)?, said(&asked));
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let about = asked.about.clone();
    let look = app.look_as(&caller, Function::AuditRead, move |state, scope| {
        Ok((names(state, &about), scope.clone()))
    });
    let (about, scope) = look.await?;
    app.trail.read(&caller, "audit", &note)?;
    let wanted = Search {
        days: (from_day, until_day),
        instants: (from, until),
        operator: asked.operator,
        kind: asked.kind,
        about,
        text: asked.q,
    };
    let walk = app
        .node
        .store(move |store, bank| Ok(search::search(store, bank, &wanted, (before, limit))));
    let page = walk.await??;
    let cursor = page.rest.map(|rest| format!("{}.{}", rest.seq, rest.position));
    let look = app.node.look(move |state| {
        let seen = page.found.into_iter().filter(|found| may_see(state, &scope, found));
        seen.map(|found| row(state, found)).collect::<Vec<_>>()
    });
    Ok(Json(AuditPage { rows: look.await?, cursor }))
}

/// What may happen, by the name that the journal gives it
#[derive(Serialize, ToSchema)]
pub struct HappeningView {
    pub kind: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// 事件种类 / Kinds of what the trail can be asked for
#[utoipa::path(
    get, path = "/audit/kinds", tag = "audit",
    responses((status = 200, body = Vec<HappeningView>), Problems),
    extensions(("x-function" = json!("audit.read")))
)]
async fn kinds(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<HappeningView>>, Problem> {
    app.look_as(&caller, Function::AuditRead, app::anywhere).await?;
    let view = |(kind, (zh, en))| HappeningView { kind, zh, en };
    Ok(Json(messages::happenings().map(view).collect()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChainQuery {
    /// First block; left out: 1
    #[serde(default)]
    pub from: Option<u64>,
    /// How many blocks
    #[serde(default)]
    pub limit: Option<u64>,
}

/// What was found when the chain of blocks was proved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainView {
    pub from: u64,
    /// The last block that was proved; one below `from`: none
    pub until: u64,
    /// The newest block
    pub tip: u64,
    pub sound: bool,
    /// The first block that is not what the chain says
    pub broken_at: Option<u64>,
    /// What is wrong with it: `missing`, `content` or `link`
    pub broken: Option<&'static str>,
    /// Hash of the last block that was proved
    pub hash: String,
    /// Ask with it as `from` to go on
    pub cursor: Option<u64>,
}

/// 校验日志链 / Proves the chain of blocks, piece by piece
#[utoipa::path(
    get, path = "/audit/chain", tag = "audit", params(ChainQuery),
    responses((status = 200, body = ChainView), Problems),
    extensions(("x-function" = json!("audit.read")))
)]
async fn chain(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<ChainQuery>,
) -> Result<Json<ChainView>, Problem> {
    let (from, limit) = (asked.from.unwrap_or(1), asked.limit.unwrap_or(CHAIN));
    if from == 0 {
        return Err(crate::refusal::value_wrong("from", "0").into());
    }
    app.look_as(&caller, Function::AuditRead, |_, _| Ok(())).await?;
    let limit = limit.clamp(1, CHAIN_MAX);
    let proof = app.node.store(move |store, bank| prove(store, bank, (from, limit)));
    Ok(Json(proof.await?))
}

fn prove(
    store: &mut dyn Store,
    bank: &str,
    (from, limit): (u64, u64),
) -> Result<ChainView, StoreError> {
    let began = Instant::now();
    let tip = store.tip(bank)?.map_or(0, |tip| tip.seq);
    let last = tip.min(from.saturating_add(limit - 1));
    // Whatever the first block of all says stands before it.
    let mut before = match from {
        1 => None,
        from => store.heads(bank, from - 1, 1)?.first().map(|head| head.hash),
    };
    let mut next = from;
    let mut broken = None;
    'chain: while next <= last && began.elapsed() < CHAIN_TIME {
        let blocks = match store.read(bank, next, CHAIN_BYTES) {
            Ok(blocks) if !blocks.is_empty() => blocks,
            Ok(_) => {
                broken = Some("missing");
                break;
            }
            // The store itself misses a block in this piece: one by one it is found.
            Err(StoreError::Corrupt { .. }) => match store.read(bank, next, 1) {
                Ok(blocks) => blocks,
                Err(StoreError::Corrupt { .. }) => {
                    broken = Some("missing");
                    break;
                }
                Err(error) => return Err(error),
            },
            Err(error) => return Err(error),
        };
        for block in blocks.iter().take_while(|block| block.seq <= last) {
            let wrong = wrong(block, next, before);
            if wrong.is_some() {
                broken = wrong;
                break 'chain;
            }
            (before, next) = (Some(block.hash), next + 1);
        }
    }
    let proved = next - 1;
    Ok(ChainView {
        from,
        until: proved,
        tip,
        sound: broken.is_none(),
        broken_at: broken.map(|_| next),
        broken,
        hash: before.map_or(String::new(), |hash| ledger::hex(&hash)),
        cursor: (broken.is_none() && next <= tip).then_some(next),
    })
}

fn wrong(block: &store::Block, seq: u64, before: Option<[u8; 32]>) -> Option<&'static str> {
    if block.seq != seq {
        return Some("missing");
    }
    if before.is_some_and(|before| block.prev_hash != before) {
        return Some("link");
    }
    (hash_block(&block.prev_hash, &block.payload) != block.hash).then_some("content")
}

#[cfg(test)]
mod tests {
    use super::*;
    use history::{Body, encode};
    use ledger::{Batch, EntryNo};
    use store::Block;
    use store::memory::MemoryStore;

    fn block(seq: u64, prev_hash: [u8; 32], at_micros: i64) -> Block {
        let body = Body {
            first_entry: EntryNo(1),
            at_micros,
            business_date: Day(0),
            batch: Batch::default(),
            facts: Vec::new(),
        };
        let mut payload = Vec::new();
        encode(&body, &mut payload);
        let hash = hash_block(&prev_hash, &payload);
        Block { seq, prev_hash, hash, first_entry: 1, business_date: 0, payload: payload.into() }
    }

    fn chain(changed: Option<u64>) -> MemoryStore {
        let (mut store, mut before) = (MemoryStore::default(), [0; 32]);
        for seq in 1..=5 {
            let mut next = block(seq, before, 1);
            if changed == Some(seq) {
                next.payload = block(seq, before, 2).payload;
            }
            store.append("b", &next).unwrap();
            before = next.hash;
        }
        store
    }

    #[test]
    fn a_changed_block_is_found_and_those_before_it_are_proved() {
        let view = prove(&mut chain(None), "b", (1, 100)).unwrap();
        assert!(view.sound && view.until == 5 && view.cursor.is_none(), "{view:?}");
        let view = prove(&mut chain(Some(3)), "b", (1, 100)).unwrap();
        assert_eq!((view.until, view.broken_at, view.broken), (2, Some(3), Some("content")));
        let view = prove(&mut chain(Some(3)), "b", (4, 100)).unwrap();
        assert!(view.sound, "what comes behind hangs together: {view:?}");
        let view = prove(&mut chain(None), "b", (9, 100)).unwrap();
        assert_eq!((view.sound, view.until, view.cursor), (true, 8, None));
    }
}
