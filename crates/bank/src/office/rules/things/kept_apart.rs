//! SEAL-001 印押证分管: seals, ciphers and blanks have three keepers.
//!
//! Why: with all three in one hand, one person can make a draft that the bank must pay.
//! Source: handbook 0.3, 4.2 (BLANK, SEALS)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use custody::Serial;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "SEAL-001",
    args: &["thing", "keeper"],
    optional: &[],
    zh: "印押证分管",
    en: "seals, ciphers and blanks have three keepers",
    judge,
};

/// Families of stock that no two of may have one keeper, and the posts that keep them.
const APART: [(&str, &[&str]); 3] = [
    ("seal", &["seal_keeper"]),
    ("cipher", &["cipher_keeper"]),
    ("blank", &["voucher_keeper", "vault_keeper"]),
];

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let keeper = case.text("keeper");
    case.things("thing")?.iter().try_for_each(|thing| apart(case, thing, &keeper))
}

fn apart(case: &Case<'_>, thing: &Serial, keeper: &str) -> Result<(), Refusal> {
    let own = family(case, &thing.kind);
    if !APART.iter().any(|(family, _)| Some(*family) == own) {
        return Ok(());
    }
    let field = case.field("keeper");
    for (other, posts) in APART.iter().filter(|(other, _)| Some(*other) != own) {
        if let Some(post) = posts.iter().find(|post| holds(case, keeper, post)) {
            let title = &case.doing.office.posts[*post].title;
            let (zh, en) = (format!("任{}", title.zh), format!("is {}", title.en));
            return Err(refusal::kept_apart(field, keeper, (&zh, &en), &thing.to_string()));
        }
        if let Some(held) = kept(case, other, keeper) {
            let (zh, en) = (format!("已保管 {held}"), format!("has `{held}`"));
            return Err(refusal::kept_apart(field, keeper, (&zh, &en), &thing.to_string()));
        }
    }
    Ok(())
}

fn family<'a>(case: &'a Case<'_>, kind: &str) -> Option<&'a str> {
    case.doing.office.stocks.get(kind).and_then(|stock| stock.family.as_deref())
}

/// Whether somebody holds a post today, wherever; a post that the rulebook has not keeps nothing.
fn holds(case: &Case<'_>, keeper: &str, post: &str) -> bool {
    let known = case.doing.office.posts.contains_key(post);
    let mut places = case.doing.people.places_of(keeper, post, case.book.today);
    known && places.next().is_some()
}

/// A thing of a family that somebody keeps and that is still in use.
fn kept(case: &Case<'_>, of: &str, keeper: &str) -> Option<Serial> {
    let kinds = case.doing.office.stocks.keys().filter(|kind| family(case, kind) == Some(of));
    let mut things = kinds.flat_map(|kind| case.state.custody.things(kind));
    let held = things.find(|(_, attributes)| {
        attributes.get("keeper").is_some_and(|one| one == keeper)
            && attributes.get("state").is_none_or(|state| state != "stopped")
    });
    held.map(|(thing, _)| thing)
}
