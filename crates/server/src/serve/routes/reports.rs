//! Reports of the books and of the office, pages of accounts, and the files they go out as.

mod account;
mod books;
mod file;
mod office;
mod sheet;

use crate::serve::app::App;
use crate::serve::extract;
use bank::office::access::Scope;
use ledger::book::Book;
use ledger::entry::InstitutionId;
use ledger::{Day, Refusal};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(books::list))
        .routes(routes!(books::show))
        .routes(routes!(office::list))
        .routes(routes!(office::show))
        .routes(routes!(account::entries))
        .routes(routes!(account::statement))
}

/// What a part of the query says, if it says anything.
fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn day(text: &str, field: &str) -> Result<Option<Day>, Refusal> {
    extract::day_of(said(text).as_deref(), field)
}

/// Code of the institution whose books are shown: the one asked for, which the caller's function
/// must cover, or all that it covers; none: the whole bank.
fn institution(book: &Book, scope: &Scope, asked: Option<&str>) -> Result<Option<String>, Refusal> {
    if let Some(code) = asked {
        let found = book.institution_by_code(code).filter(|at| scope.covers(book, *at));
        let found = found.map(|_| Some(code.to_owned()));
        return found.ok_or_else(|| ledger::refusal::unknown_institution(code).at("institution"));
    }
    let Scope::Below(tops) = scope else { return Ok(None) };
    let above = |at: &InstitutionId| book.institution(*at).parent;
    // What lies below another of them is a part of that one.
    let own = tops.iter().filter(|at| !above(at).is_some_and(|above| scope.covers(book, above)));
    let codes: Vec<&str> = own.map(|at| book.institution(*at).code.as_str()).collect();
    match codes[..] {
        [one] => Ok(Some(one.to_owned())),
        _ => Err(crate::serve::refusal::say_institution(&codes.join(", "))),
    }
}
