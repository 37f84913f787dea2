//! 权限矩阵: post × matter × step, and what each may do beside matters: as rows, and as text, so
//! that a change of rights is seen in review.

use crate::office::access::{Function, Reach};
use crate::office::definition::{Hand, Matter, Where};
use crate::office::told;
use crate::rulebook::Rulebook;
use std::collections::BTreeMap;
use std::fmt::Write;

/// As the matrix names who holds no post but is named by a field of the matter.
pub const NAMED: &str = "(whom a field names)";

/// One hand that a post may put to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// Code of the post, or [`NAMED`].
    pub post: String,
    pub matter: String,
    pub step: String,
    /// As what; none: only once the time of the step is over.
    pub role: Option<String>,
    /// Where the post is held: `own`, `head`, `of from`.
    pub at: String,
    pub count: u16,
    /// Code of the number that bounds the amount.
    pub up_to: Option<String>,
    pub when: Option<String>,
}

/// What a post may do beside matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionRight {
    pub post: String,
    pub function: Function,
    pub at: Reach,
}

/// Every hand of every step, by matter.
pub fn rights(rulebook: &Rulebook) -> Vec<Right> {
    let mut rights = Vec::new();
    for matter in rulebook.office.matters.values() {
        for step in &matter.steps {
            for hand in &step.hands {
                rights.extend(of_hand(matter, &step.name, hand));
            }
            rights.extend(step.escalate.as_ref().map(|post| Right {
                post: post.clone(),
                matter: matter.code.clone(),
                step: step.name.clone(),
                role: None,
                at: "own or above".to_owned(),
                count: 1,
                up_to: None,
                when: None,
            }));
        }
    }
    rights
}

fn of_hand<'a>(
    matter: &'a Matter,
    step: &'a str,
    hand: &'a Hand,
) -> impl Iterator<Item = Right> + use<'a> {
    hand.bands.iter().map(move |band| Right {
        post: band.post.as_deref().unwrap_or(NAMED).to_owned(),
        matter: matter.code.clone(),
        step: step.to_owned(),
        role: Some(format!("{:?}", hand.role).to_lowercase()),
        at: match &band.at {
            Where::Field(_) => format!("of {}", told::at(matter, &band.at)),
            at => told::at(matter, at),
        },
        count: hand.count,
        up_to: band.up_to.clone(),
        when: hand.when.as_ref().map(|when| told::when(matter, when)),
    })
}

/// Every function of every post, by function.
pub fn functions(rulebook: &Rulebook) -> Vec<FunctionRight> {
    let of = rulebook.office.access.iter().flat_map(|(function, access)| {
        let right = |post: &String| FunctionRight {
            post: post.clone(),
            function: *function,
            at: access.at,
        };
        access.posts.iter().map(right)
    });
    of.collect()
}

impl Right {
    fn line(&self) -> String {
        let Self { matter, step, role, at, count, up_to, when, .. } = self;
        let Some(role) = role else {
            return format!("✔ {matter} {step} once time is over, at {at}");
        };
        let mut line = format!("✔ {matter} {step} as {role} at {at}");
        if *count > 1 {
            let _ = write!(line, " ×{count}");
        }
        if let Some(bound) = up_to {
            let _ = write!(line, " up to {bound}");
        }
        if let Some(when) = when {
            let _ = write!(line, " when {when}");
        }
        line
    }
}

/// The matrix, by post; under each, what it may do where.
pub fn text(rulebook: &Rulebook) -> String {
    let office = &rulebook.office;
    let mut rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for post in office.posts.keys() {
        rows.entry(post).or_default();
    }
    let (rights, functions) = (rights(rulebook), functions(rulebook));
    for right in &rights {
        rows.entry(&right.post).or_default().push(right.line());
    }
    for right in &functions {
        let at = match right.at {
            Reach::Own => "at own and below",
            Reach::Head => "everywhere, held at head",
            Reach::Any => "everywhere",
        };
        let line = format!("✔ {} {at}", right.function.code());
        rows.entry(&right.post).or_default().push(line);
    }
    let mut out = String::from(
        "# Post × matter × step: who may put which hand to what; then functions (岗位权限矩阵).\n\
         # Written by the tests from the rulebook; a change of rights is seen here.\n",
    );
    for (post, lines) in rows {
        let title = office.posts.get(post).map_or("", |post| post.title.zh.as_str());
        let _ = write!(out, "\n{post} {title}\n");
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
        for apart in office.apart.iter().filter(|apart| apart.posts.iter().any(|p| p == post)) {
            let others: Vec<&str> =
                apart.posts.iter().map(String::as_str).filter(|other| *other != post).collect();
            let _ = writeln!(out, "  ✘ {}", others.join(", "));
        }
    }
    out
}
