//! What kinds of matter there are, as forms are drawn from them.

use crate::serve::app::App;
use crate::serve::extract::Named;
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::office::definition::{
    Field, FieldKind, Hand, Length, Matter, Mode, Source, Span, Step, Target, Where,
};
use bank::office::refusal as no;
use ledger::chart::Title;
use serde::Serialize;
use utoipa::ToSchema;

/// 中英文名称 / A name in both languages
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TitleView {
    pub zh: String,
    pub en: String,
}

impl From<&Title> for TitleView {
    fn from(title: &Title) -> Self {
        Self { zh: title.zh.clone(), en: title.en.clone() }
    }
}

#[derive(Serialize, ToSchema)]
pub struct KindHead {
    pub code: String,
    pub title: TitleView,
    /// The file of the rulebook; its folder is the area
    pub file: String,
    /// Posts that may take its first step
    pub openers: Vec<String>,
    /// Whether the caller holds one of them
    pub may_open: bool,
    /// Whether a post of the caller has a hand in any step
    pub takes_part: bool,
}

#[derive(Serialize, ToSchema)]
pub struct KindView {
    #[serde(flatten)]
    pub head: KindHead,
    pub why: TitleView,
    pub source: String,
    pub serves: Vec<String>,
    /// Class of retention
    pub keep: String,
    /// Why one person may do all of it
    pub alone: Option<TitleView>,
    pub fields: Vec<FieldView>,
    pub steps: Vec<StepView>,
    pub ends: Vec<EndView>,
}

#[derive(Serialize, ToSchema)]
pub struct FieldView {
    pub name: String,
    pub title: TitleView,
    pub help: TitleView,
    /// `text`, `money`, `serials`, …
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    pub kind: &'static str,
    pub optional: bool,
    /// Computed by the bank, never sent
    pub computed: bool,
    /// The step that asks for it
    pub filled_at: Option<String>,
    pub min: Option<String>,
    pub max: Option<String>,
    /// A value, or `@today`, `@operator`, …
    pub default: Option<String>,
    /// Of an enum
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceView>,
    /// Kinds of place, of stock or of matter that it takes; none: any
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// Of money
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Of rows
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub columns: Vec<FieldView>,
}

#[derive(Serialize, ToSchema)]
pub struct ChoiceView {
    pub code: String,
    pub title: TitleView,
}

#[derive(Serialize, ToSchema)]
pub struct StepView {
    pub name: String,
    pub title: TitleView,
    /// Names of fields to be given before or in this step
    pub fill: Vec<String>,
    /// `all`, `sequence`, `any` or `vote`
    pub mode: &'static str,
    pub votes: u16,
    pub hands: Vec<HandView>,
    pub within: Option<WithinView>,
    /// Post that may act too when it is late
    pub escalate: Option<String>,
    /// Codes of what is judged
    pub checks: Vec<String>,
    /// Whether things change hands, entries are posted
    pub moves: bool,
    pub posts: bool,
    /// Steps and ends that it may go to
    pub goes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct HandView {
    /// `maker`, `checker`, …
    #[serde(rename = "as")]
    #[schema(rename = "as")]
    pub role: String,
    pub role_zh: &'static str,
    pub count: u16,
    /// Posts by amount, the lowest first; none: who is named by `who`
    pub posts: Vec<BandView>,
    /// Field that names who
    pub who: Option<String>,
    /// Why who had a hand before may have this one too
    pub may_repeat: Option<TitleView>,
}

#[derive(Serialize, ToSchema)]
pub struct BandView {
    pub post: Option<String>,
    /// Code of the number up to which the post may
    pub up_to: Option<String>,
    /// `own`, `above`, `head`, or a field
    pub at: String,
}

#[derive(Serialize, ToSchema)]
pub struct WithinView {
    pub span: &'static str,
    /// A number, or the code of one
    pub length: String,
}

#[derive(Serialize, ToSchema)]
pub struct EndView {
    pub name: String,
    pub title: TitleView,
}

fn head(state: &bank::State, operator: &str, matter: &Matter) -> KindHead {
    let first = matter.steps.first();
    let bands = first.into_iter().flat_map(|step| &step.hands).flat_map(|hand| &hand.bands);
    let mut openers: Vec<String> = bands.filter_map(|band| band.post.clone()).collect();
    openers.sort();
    openers.dedup();
    let anybody = first.is_some_and(|step| step.hands.iter().any(|hand| hand.who.is_some()));
    let (people, today) = (&state.office.people, state.book.today);
    let holds = |post: &String| people.places_of(operator, post, today).next().is_some();
    let hands = matter.steps.iter().flat_map(|step| &step.hands);
    let mut posts = hands.flat_map(|hand| &hand.bands).filter_map(|band| band.post.as_ref());
    KindHead {
        code: matter.code.clone(),
        title: (&matter.title).into(),
        file: matter.file.clone(),
        may_open: anybody || openers.iter().any(holds),
        takes_part: posts.any(holds),
        openers,
    }
}

fn field(matter: Option<&Matter>, field: &Field) -> FieldView {
    let step = |at: usize| matter.and_then(|matter| matter.steps.get(at));
    let (mut digits, mut unit, mut of, mut choices) = (None, None, Vec::new(), Vec::new());
    let mut columns = Vec::new();
    match &field.kind {
        FieldKind::Money(fraction, of_unit) => {
            (digits, unit) = (Some(*fraction), Some(of_unit.clone()));
        }
        FieldKind::Choice(all) => {
            let choice = |(code, title): &(String, Title)| ChoiceView {
                code: code.clone(),
                title: title.into(),
            };
            choices = all.iter().map(choice).collect();
        }
        FieldKind::Place(kinds)
        | FieldKind::Serials(kinds)
        | FieldKind::Thing(kinds)
        | FieldKind::Matter(kinds) => of.clone_from(kinds),
        FieldKind::Rows(fields) => {
            columns = fields.iter().map(|one| self::field(None, one)).collect()
        }
        _ => {}
    }
    FieldView {
        name: field.name.clone(),
        title: (&field.title).into(),
        help: (&field.help).into(),
        kind: kind_word(&field.kind),
        optional: field.optional,
        computed: field.computed.is_some(),
        filled_at: field.filled_at.and_then(step).map(|step| step.name.clone()),
        min: field.min.map(|min| min.to_string()),
        max: field.max.map(|max| max.to_string()),
        default: field.default.as_ref().map(|source| source_word(matter, source)),
        choices,
        of,
        digits,
        unit,
        columns,
    }
}

/// As the rulebook's files name it.
fn kind_word(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Integer => "integer",
        FieldKind::Decimal => "decimal",
        FieldKind::Money(..) => "money",
        FieldKind::Date => "date",
        FieldKind::Time => "time",
        FieldKind::Choice(_) => "enum",
        FieldKind::Institution => "institution",
        FieldKind::Operator => "operator",
        FieldKind::Operators => "operators",
        FieldKind::Account => "account",
        FieldKind::AccountKind => "account_kind",
        FieldKind::Document => "document",
        FieldKind::Party => "party",
        FieldKind::Place(_) => "place",
        FieldKind::Serials(_) => "serials",
        FieldKind::Thing(_) => "thing",
        FieldKind::Stock => "stock",
        FieldKind::Notes => "note_counts",
        FieldKind::Rows(_) => "rows",
        FieldKind::Attachment => "attachment",
        FieldKind::Matter(_) => "matter",
        FieldKind::Post => "post",
        FieldKind::Number => "number",
    }
}

fn source_word(matter: Option<&Matter>, source: &Source) -> String {
    match source {
        Source::Field(at) => matter
            .and_then(|matter| matter.fields.get(*at))
            .map_or(String::new(), |field| field.name.clone()),
        Source::Literal(text) => text.clone(),
        Source::Today => "@today".to_owned(),
        Source::Operator => "@operator".to_owned(),
        Source::Institution => "@institution".to_owned(),
        Source::Number => "@number".to_owned(),
        Source::OwnBox => "@own_box".to_owned(),
    }
}

fn hand(matter: &Matter, hand: &Hand) -> HandView {
    let name = |at: usize| matter.fields[at].name.clone();
    let bands = hand.bands.iter().map(|band| BandView {
        post: band.post.clone(),
        up_to: band.up_to.clone(),
        at: match &band.at {
            Where::Own => "own".to_owned(),
            Where::Above => "above".to_owned(),
            Where::Head => "head".to_owned(),
            Where::Field(at) => name(*at),
        },
    });
    let (role_zh, role) = crate::messages::role(hand.role);
    HandView {
        role: role.to_owned(),
        role_zh,
        count: hand.count,
        posts: bands.collect(),
        who: hand.who.map(name),
        may_repeat: hand.may_repeat.as_ref().map(Into::into),
    }
}

fn step(matter: &Matter, step: &Step) -> StepView {
    let goes = step.go.iter().map(|branch| match branch.to {
        Target::Step(at) => matter.steps[at].name.clone(),
        Target::End(at) => format!("[{}]", matter.ends[at].0),
    });
    StepView {
        name: step.name.clone(),
        title: (&step.title).into(),
        fill: step.fill.iter().map(|at| matter.fields[*at].name.clone()).collect(),
        mode: match step.mode {
            Mode::All => "all",
            Mode::Sequence => "sequence",
            Mode::Any => "any",
            Mode::Vote => "vote",
        },
        votes: step.votes,
        hands: step.hands.iter().map(|one| hand(matter, one)).collect(),
        within: step.within.as_ref().map(|within| WithinView {
            span: match within.span {
                Span::Minutes => "minutes",
                Span::WorkingHours => "working_hours",
                Span::WorkingDays => "working_days",
                Span::Days => "days",
            },
            length: match &within.length {
                Length::Fixed(length) => length.to_string(),
                Length::Number(code) => code.clone(),
            },
        }),
        escalate: step.escalate.clone(),
        checks: step.checks.iter().map(|check| check.rule.clone()).collect(),
        moves: !step.moves.is_empty(),
        posts: !step.posts.is_empty(),
        goes: goes.collect(),
    }
}

/// 事项种类一览 / Kinds of matter
#[utoipa::path(
    get, path = "/matter-kinds", tag = "matters",
    responses((status = 200, body = Vec<KindHead>), Problems),
    extensions(("x-function" = json!("anyone")))
)]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<KindHead>>, Problem> {
    let look = move |state: &bank::State| {
        let matters = state.rulebook.office.matters.values();
        matters.map(|matter| head(state, &caller.operator, matter)).collect()
    };
    Ok(Json(app.node.look(look).await?))
}

/// 事项定义 / What a kind of matter asks for, and its steps
#[utoipa::path(
    get, path = "/matter-kinds/{code}", tag = "matters", params(("code" = String, Path,)),
    responses((status = 200, body = KindView), Problems),
    extensions(("x-function" = json!("anyone")))
)]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named<String>,
) -> Result<Json<KindView>, Problem> {
    let look = move |state: &bank::State| {
        let matter = state.rulebook.office.matters.get(&code);
        let matter = matter.ok_or_else(|| no::unknown_matter_kind(&code))?;
        let file = state.rulebook.infos.iter().find(|file| file.code == code);
        let file = file.expect("a matter is read from a file");
        Ok::<_, ledger::Refusal>(KindView {
            head: head(state, &caller.operator, matter),
            why: (&file.why).into(),
            source: file.source.clone(),
            serves: file.serves.clone(),
            keep: matter.keep.clone(),
            alone: matter.alone.as_ref().map(Into::into),
            fields: matter.fields.iter().map(|one| field(Some(matter), one)).collect(),
            steps: matter.steps.iter().map(|one| step(matter, one)).collect(),
            ends: matter
                .ends
                .iter()
                .map(|(name, title)| EndView { name: name.clone(), title: title.into() })
                .collect(),
        })
    };
    Ok(Json(app.node.look(look).await??))
}
