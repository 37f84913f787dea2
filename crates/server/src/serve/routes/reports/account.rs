//! Lines and statements of one account (账户明细与对账单).

use super::sheet::SheetView;
use super::{books, day, file};
use crate::cli::Scope as Asked;
use crate::reports::{Posted, Report, Source, excerpt};
use crate::serve::app::{self, App};
use crate::serve::extract::{self, Asked as Query, Named, on_a_page};
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use bank::office::access::Function;
use history::report::Period;
use ledger::book::Book;
use ledger::entry::AccountId;
use ledger::money::plain;
use ledger::{Day, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct LinesQuery {
    /// First day; left out: since it was opened
    pub from: String,
    /// Last day; left out: the bank's day
    pub to: String,
    /// Where the page before ended
    pub cursor: String,
    pub limit: Option<usize>,
}

/// A line that was posted to an account
#[derive(Serialize, ToSchema)]
pub struct AccountLineView {
    pub day: String,
    pub entry: u64,
    /// Its place in the entry, from 0
    pub line: u16,
    pub summary: String,
    /// One of the two; red ones negative
    pub debit: Option<String>,
    pub credit: Option<String>,
    /// After this line, never negative
    pub balance: String,
    /// On which side the balance stands: `debit` or `credit`
    pub side: &'static str,
    /// The account on the other side, if there is just one
    pub counterparty: Option<PartyView>,
}

#[derive(Serialize, ToSchema)]
pub struct PartyView {
    pub number: String,
    pub name: String,
}

#[derive(Serialize, ToSchema)]
pub struct LinesPage {
    /// Newest first
    pub lines: Vec<AccountLineView>,
    /// Ask with it for the next page
    pub cursor: Option<String>,
}

type Place = (Day, u64, u16);

/// A cursor is the place of the last line that was shown: `2026-01-05.17.2`.
fn place(text: &str) -> Result<Option<Place>, Refusal> {
    extract::cursor(text, |text| {
        let mut parts = text.split('.');
        let day = parts.next()?.parse().ok()?;
        let (entry, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some((day, entry, line))
    })
}

/// What the lines of an account are read with.
struct Wanted {
    id: AccountId,
    digits: u8,
    period: Period,
    book: Book,
}

/// 账户明细 / Lines of an account, newest first
#[utoipa::path(
    get, path = "/accounts/{number}/entries", tag = "accounts",
    params(("number" = String, Path,), LinesQuery),
    responses((status = 200, body = LinesPage), Problems),
    extensions(("x-function" = json!("entries.read")))
)]
pub async fn entries(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named<String>,
    Query(query): Query<LinesQuery>,
) -> Result<Json<LinesPage>, Problem> {
    let (from, to) = (day(&query.from, "from")?, day(&query.to, "to")?);
    let before = place(&query.cursor)?;
    let limit = on_a_page(query.limit);
    let (waiting, held) = app.desk.place().await?;
    let read = number.clone();
    let look = app.look_as(&caller, Function::EntriesRead, move |state, scope| {
        let book = &state.book;
        let id = app::account(state, scope, &number)?;
        let to = to.unwrap_or(book.today).min(book.today);
        let from = from.unwrap_or(book.accounts.opened[id.index()]);
        if from > to {
            return Err(crate::refusal::value_wrong("from", &from.to_string()));
        }
        let digits = book.chart.unit(book.accounts.heads[id.index()].unit).digits;
        Ok(Wanted { id, digits, period: Period { from, to }, book: excerpt(book, false) })
    });
    let Wanted { id, digits, period, book } = look.await?;
    app.trail.read(&caller, &read, "entries")?;
    let home = app.node.home.clone();
    let work = move || -> anyhow::Result<Vec<(Posted, Option<AccountId>)>> {
        let mut source = Source::beside(home, book, String::new(), held.stop.clone())?;
        // One more than is shown tells whether there are more.
        let mut lines = source.newest(id, period, before, limit + 1)?.into_iter();
        let shown = lines.by_ref().take(limit).collect::<Vec<_>>().into_iter();
        let with = shown.map(|line| Ok((line.clone(), source.counterparty(id, line.entry)?)));
        let mut found = with.collect::<anyhow::Result<Vec<_>>>()?;
        found.extend(lines.map(|line| (line, None)));
        drop(held);
        Ok(found)
    };
    let found = unblocked(work).await??;
    drop(waiting);
    let look = app.node.look(move |state| page(&state.book, found, limit, digits));
    Ok(Json(look.await?))
}

fn page(
    book: &Book,
    found: Vec<(Posted, Option<AccountId>)>,
    limit: usize,
    digits: u8,
) -> LinesPage {
    let more = found.len() > limit;
    let last = found.get(limit - 1).filter(|_| more);
    let cursor = last.map(|(line, _)| {
        let (day, entry, line) = line.place();
        format!("{day}.{entry}.{line}")
    });
    let shown = found.into_iter().take(limit);
    let lines = shown.map(|(line, other)| view(book, &line, other, digits)).collect();
    LinesPage { lines, cursor }
}

fn view(book: &Book, line: &Posted, other: Option<AccountId>, digits: u8) -> AccountLineView {
    let signed = if line.flags.is_red() { -line.amount } else { line.amount };
    let amount = plain(i128::from(signed), digits);
    let credit = line.flags.is_credit();
    AccountLineView {
        day: line.day.to_string(),
        entry: line.entry.0,
        line: line.line,
        summary: line.summary.to_string(),
        debit: (!credit).then(|| amount.clone()),
        credit: credit.then_some(amount),
        balance: plain(i128::from(line.balance).abs(), digits),
        side: if line.balance > 0 { "debit" } else { "credit" },
        counterparty: other.map(|id| PartyView {
            number: book.accounts.number(id).to_owned(),
            name: book.accounts.name(id).to_owned(),
        }),
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    /// First day; left out: the first of the month
    pub from: String,
    /// Last day; left out: the bank's day
    pub to: String,
    /// `json` (default), `xlsx`, `csv`, `pdf` or `text`
    pub format: String,
}

/// 对账单 / The statement of an account, as a customer gets it
#[utoipa::path(
    get, path = "/accounts/{number}/statement", tag = "accounts",
    params(("number" = String, Path,), StatementQuery),
    responses(
        (status = 200, description = "the table, in the format asked for", content(
            (SheetView = "application/json"),
            (String = "text/plain"), (String = "text/csv"), (Vec<u8> = "application/pdf"),
        )),
        Problems
    ),
    extensions(("x-function" = json!("statements.read")))
)]
pub async fn statement(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named<String>,
    Query(query): Query<StatementQuery>,
) -> Result<Response, Problem> {
    let format = file::format(&query.format)?;
    let read = number.clone();
    let asked = Asked {
        account: Some(number),
        from: day(&query.from, "from")?,
        to: day(&query.to, "to")?,
        level: 1,
        ..Asked::default()
    };
    let report = Report::AccountLedger;
    let sent = books::send(&app, &caller, Function::StatementsRead, report, asked, format);
    let answer = app.desk.in_time(sent).await?;
    app.trail.read(&caller, &read, "statement")?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_place() {
        let here = (Day::new(2026, 1, 5), 17, 2);
        assert_eq!(place("2026-01-05.17.2").unwrap(), Some(here));
        assert_eq!(place("").unwrap(), None);
        for odd in ["17", "2026-01-05.17", "2026-01-05.17.2.3", "2026-01-05.x.2"] {
            assert_eq!(place(odd).unwrap_err().code, "CursorWrong", "{odd}");
        }
    }
}
