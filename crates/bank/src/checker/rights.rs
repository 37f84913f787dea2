//! 权限矩阵: post × matter × step, and what each may do beside matters, as text, so that a change
//! of rights is seen in review.

use crate::office::access::Reach;
use crate::office::definition::{Hand, Matter, Where};
use crate::office::told;
use crate::rulebook::Rulebook;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The matrix, by post; under each, what it may do where.
pub fn text(rulebook: &Rulebook) -> String {
    let office = &rulebook.office;
    let mut rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for post in office.posts.keys() {
        rows.entry(post).or_default();
    }
    for matter in office.matters.values() {
        for step in &matter.steps {
            for hand in &step.hands {
                for (post, said) in said(matter, &step.name, hand) {
                    rows.entry(post).or_default().push(said);
                }
            }
            if let Some(post) = &step.escalate {
                let said =
                    format!("✔ {} {} once time is over, at own or above", matter.code, step.name);
                rows.entry(post).or_default().push(said);
            }
        }
    }
    for (function, access) in &office.access {
        let at = match access.at {
            Reach::Own => "at own and below",
            Reach::Head => "everywhere, held at head",
            Reach::Any => "everywhere",
        };
        for post in &access.posts {
            rows.entry(post).or_default().push(format!("✔ {} {at}", function.code()));
        }
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

fn said<'a>(matter: &'a Matter, step: &str, hand: &'a Hand) -> Vec<(&'a str, String)> {
    let role = format!("{:?}", hand.role).to_lowercase();
    let mut said = Vec::new();
    for band in &hand.bands {
        let at = match &band.at {
            Where::Field(_) => format!("of {}", told::at(matter, &band.at)),
            at => told::at(matter, at),
        };
        let mut line = format!("✔ {} {step} as {role} at {at}", matter.code);
        if hand.count > 1 {
            let _ = write!(line, " ×{}", hand.count);
        }
        if let Some(bound) = &band.up_to {
            let _ = write!(line, " up to {bound}");
        }
        if let Some(when) = &hand.when {
            let _ = write!(line, " when {}", told::when(matter, when));
        }
        let post = band.post.as_deref().unwrap_or("(whom a field names)");
        said.push((post, line));
    }
    said
}
