//! A matter told in the words of its own file: what its conditions ask, what it moves and posts.

use super::definition::{
    Acting, Booked, Check, FieldKind, How, Matter, Moving, NumberPart, PlaceOf, Posting, Source,
    Test, When, Where,
};
use super::value::class_word;
use std::collections::BTreeMap;

impl FieldKind {
    /// The type as a file writes it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Money(..) => "money",
            Self::Date => "date",
            Self::Time => "time",
            Self::Choice(_) => "enum",
            Self::Institution => "institution",
            Self::Operator => "operator",
            Self::Operators => "operators",
            Self::Account => "account",
            Self::AccountKind => "account_kind",
            Self::Document => "document",
            Self::Party => "party",
            Self::Place(_) => "place",
            Self::Serials(_) => "serials",
            Self::Thing(_) => "thing",
            Self::Stock => "stock",
            Self::Notes => "note_counts",
            Self::Rows(_) => "rows",
            Self::Attachment => "attachment",
            Self::Matter(_) => "matter",
            Self::Post => "post",
            Self::Number => "number",
        }
    }

    /// What it may be of: kinds, choices, columns.
    pub fn of(&self) -> Vec<String> {
        match self {
            Self::Choice(choices) => choices.iter().map(|(code, _)| code.clone()).collect(),
            Self::Place(of) | Self::Serials(of) | Self::Thing(of) | Self::Matter(of) => of.clone(),
            Self::Rows(columns) => columns.iter().map(|column| column.name.clone()).collect(),
            Self::Money(_, unit) => vec![unit.clone()],
            _ => Vec::new(),
        }
    }
}

/// "XJDB-{date}-{seq:5}".
pub fn number(matter: &Matter) -> String {
    let parts = matter.number.iter().map(|part| match part {
        NumberPart::Text(text) => text.clone(),
        NumberPart::Date => "{date}".to_owned(),
        NumberPart::Year => "{year}".to_owned(),
        NumberPart::Institution => "{institution}".to_owned(),
        NumberPart::Sequence(digits) => format!("{{seq:{digits}}}"),
    });
    parts.collect()
}

fn name(matter: &Matter, field: usize) -> String {
    matter.fields[field].name.clone()
}

/// "urgent=yes|no", "pieces≥5".
pub fn when(matter: &Matter, when: &When) -> String {
    let asked = match &when.test {
        Test::Is(is) => format!("={}", is.join("|")),
        Test::AtLeast(bound) => format!("≥{bound}"),
        Test::Below(bound) => format!("<{bound}"),
    };
    format!("{}{asked}", name(matter, when.field))
}

fn if_any(matter: &Matter, condition: Option<&When>) -> String {
    condition.map(|condition| format!(" [{}]", when(matter, condition))).unwrap_or_default()
}

/// "own", "above", "head", or a field.
pub fn at(matter: &Matter, at: &Where) -> String {
    match at {
        Where::Own => "own".to_owned(),
        Where::Above => "above".to_owned(),
        Where::Head => "head".to_owned(),
        Where::Field(field) => name(matter, *field),
    }
}

fn source(matter: &Matter, source: &Source) -> String {
    match source {
        Source::Field(field) => name(matter, *field),
        Source::Literal(text) => format!("\"{text}\""),
        Source::Today => "@today".to_owned(),
        Source::Operator => "@operator".to_owned(),
        Source::Institution => "@institution".to_owned(),
        Source::Number => "@number".to_owned(),
        Source::OwnBox => "@box".to_owned(),
    }
}

fn args(matter: &Matter, args: &BTreeMap<String, Source>) -> String {
    let args = args.iter().map(|(name, value)| format!("{name}={}", source(matter, value)));
    args.collect::<Vec<_>>().join(", ")
}

fn place(matter: &Matter, place: &PlaceOf) -> String {
    match place {
        PlaceOf::Field(field) => name(matter, *field),
        PlaceOf::Transit => "transit".to_owned(),
        PlaceOf::Outside => "outside".to_owned(),
        PlaceOf::Destroyed => "destroyed".to_owned(),
        PlaceOf::Used => "used".to_owned(),
        PlaceOf::Lost => "lost".to_owned(),
        PlaceOf::Customer(field) => format!("customer:{}", name(matter, *field)),
    }
}

fn booked(matter: &Matter, booked: &Booked) -> String {
    match booked {
        Booked::Field(field) => name(matter, *field),
        Booked::Kind(code, Where::Own) => code.clone(),
        Booked::Kind(code, place) => format!("{code}@{}", at(matter, place)),
    }
}

/// "notes: from → transit".
pub fn moving(matter: &Matter, moving: &Moving) -> String {
    let what = name(matter, moving.what);
    let how = match &moving.how {
        How::Pass { from, to, against, .. } => {
            let against = against.as_ref().map(|one| format!(" / {}", booked(matter, one)));
            let (from, to) = (place(matter, from), place(matter, to));
            format!("{from} → {to}{}", against.unwrap_or_default())
        }
        How::Sort { at, into } => format!("{} ⇒ {}", place(matter, at), class_word(*into)),
        How::Void { at } => format!("{} ⇒ void", place(matter, at)),
        How::Mark { set } => args(matter, set),
    };
    format!("{what}: {how}{}", if_any(matter, moving.when.as_ref()))
}

/// "Dr cash_surplus, Cr account: total".
pub fn posting(matter: &Matter, posting: &Posting) -> String {
    let side = |word: &str, one: &Option<Booked>| {
        one.as_ref().map(|one| format!("{word} {}", booked(matter, one)))
    };
    let sides = [side("Dr", &posting.debit), side("Cr", &posting.credit)];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    let condition = if_any(matter, posting.when.as_ref());
    format!("{}: {}{condition}", sides.join(", "), name(matter, posting.amount))
}

/// "open_place(kind=kind)".
pub fn acting(matter: &Matter, act: &Acting) -> String {
    let condition = if_any(matter, act.when.as_ref());
    format!("{}({}){condition}", act.verb, args(matter, &act.args))
}

/// "GEN-001(first=from, second=to)".
pub fn check(matter: &Matter, check: &Check) -> String {
    let condition = if_any(matter, check.when.as_ref());
    format!("{}({}){condition}", check.rule, args(matter, &check.args))
}
