//! `piaohao rulebook show`: one matter, file, number or rule, as a banker asks for it.

use crate::cli::Lang;
use crate::fault::Exit;
use crate::messages::{self, Label};
use crate::output::Output;
use bank::office::definition::{Band, Hand, Length, Matter, Mode, Span, Step, Target};
use bank::office::{rules, told};
use bank::rulebook::schema::arguments;
use bank::rulebook::{FileInfo, Rulebook};
use ledger::chart::Title;
use serde_json::{Value, json};

pub fn run(rulebook: &Rulebook, code: &str, out: &Output) -> anyhow::Result<Exit> {
    let told = match (rulebook.office.matters.get(code), rules::find(code)) {
        (Some(matter), _) => Told { rulebook, out }.matter(matter),
        (_, Some(rule)) => {
            let args = arguments(rule.args, rule.optional);
            let title = Title { zh: rule.zh.to_owned(), en: rule.en.to_owned() };
            let lines = vec![line(messages::ARGUMENTS, args.clone())];
            (lines, json!({ "code": code, "title": title, "args": args }), title)
        }
        _ => match file_of(rulebook, code) {
            Some(info) => Told { rulebook, out }.file(info, code),
            None => {
                let what = messages::CODE_OF_RULEBOOK;
                return Err(ledger::refusal::unknown_code("code", what, code).into());
            }
        },
    };
    let (lines, value, title) = told;
    if out.json {
        out.document(&value)?;
        return Ok(Exit::OK);
    }
    out.put(&format!("{code} {}\n", pick(out, &title)))?;
    out.fields(&lines)?;
    Ok(Exit::OK)
}

/// The file whose own code it is, or one that has a row of that code.
fn file_of<'a>(rulebook: &'a Rulebook, code: &str) -> Option<&'a FileInfo> {
    let own = rulebook.infos.iter().find(|info| info.code == code);
    own.or_else(|| rulebook.infos.iter().find(|info| info.codes.iter().any(|one| one == code)))
}

type Line = (Label, String);

/// Lines for people, the same for programs, and what the thing is called.
type Answer = (Vec<Line>, Value, Title);

fn line(label: Label, text: impl Into<String>) -> Line {
    (label, text.into())
}

fn pick<'a>(out: &Output, title: &'a Title) -> &'a str {
    match out.lang() {
        Lang::Zh => &title.zh,
        Lang::En => &title.en,
    }
}

struct Told<'a> {
    rulebook: &'a Rulebook,
    out: &'a Output,
}

impl Told<'_> {
    fn head(&self, info: &FileInfo) -> Vec<Line> {
        vec![
            line(messages::WHY, pick(self.out, &info.why)),
            line(messages::SOURCE, info.source.clone()),
            line(messages::SERVES, info.serves.join(", ")),
            line(messages::FILE, info.path.clone()),
        ]
    }

    fn file(&self, info: &FileInfo, code: &str) -> Answer {
        let mut lines = self.head(info);
        let mut values = Vec::new();
        let mut title = info.title.clone();
        if let Some(number) = self.rulebook.numbers.get(code) {
            title.clone_from(&number.title);
            let all = self.rulebook.chart.numbers.by_code.get(code).into_iter().flatten();
            for value in all {
                let text = format!("{} {} ({})", value.from, value.is, value.source);
                lines.push(line(messages::VALUE, text));
                values.push(json!({
                    "from": value.from, "is": value.is.to_string(), "source": value.source,
                }));
            }
        } else {
            lines.push(line(messages::CODES, info.codes.join(", ")));
        }
        let value = json!({
            "code": code, "title": title, "file": info.path, "why": info.why,
            "source": info.source, "serves": info.serves, "codes": info.codes, "values": values,
        });
        (lines, value, title)
    }

    fn matter(&self, matter: &Matter) -> Answer {
        let info = self.rulebook.infos.iter().find(|info| info.path == matter.file);
        let mut lines = info.map(|info| self.head(info)).unwrap_or_default();
        lines.push(line(messages::PATTERN, told::number(matter)));
        let keep = self.rulebook.office.retention.get(&matter.keep);
        let keep = keep.map_or("", |keep| pick(self.out, &keep.title));
        lines.push(line(messages::KEEP, format!("{} {keep}", matter.keep)));
        lines.extend(matter.alone.iter().map(|why| line(messages::ALONE, pick(self.out, why))));
        for field in &matter.fields {
            let of = field.kind.of();
            let of = if of.is_empty() { String::new() } else { format!(" ({})", of.join(", ")) };
            let mark = match (field.computed.is_some(), field.optional) {
                (true, _) => "=",
                (_, true) => "?",
                _ => "",
            };
            let (title, kind) = (pick(self.out, &field.title), field.kind.word());
            lines.push(line(messages::FIELD, format!("{}{mark} {title}: {kind}{of}", field.name)));
        }
        for (at, step) in matter.steps.iter().enumerate() {
            self.step(matter, at, step, &mut lines);
        }
        let value = json!({
            "code": matter.code, "title": matter.title, "file": matter.file,
            "why": info.map(|info| &info.why), "source": info.map(|info| &info.source),
            "serves": info.map(|info| &info.serves), "number": told::number(matter),
            "keep": matter.keep, "alone": matter.alone,
            "fields": matter.fields.iter().map(|field| json!({
                "name": field.name, "title": field.title, "type": field.kind.word(),
                "of": field.kind.of(), "optional": field.optional,
                "computed": field.computed.is_some(),
            })).collect::<Vec<_>>(),
            "steps": matter.steps.iter().map(|step| self.step_json(matter, step))
                .collect::<Vec<_>>(),
        });
        (lines, value, matter.title.clone())
    }

    fn step(&self, matter: &Matter, at: usize, step: &Step, lines: &mut Vec<Line>) {
        let name = format!("{} {} {}", at + 1, step.name, pick(self.out, &step.title));
        let mode = self.out.label(messages::mode(step.mode));
        let votes =
            if step.mode == Mode::Vote { format!(" {}", step.votes) } else { String::new() };
        let mode = if mode.is_empty() { String::new() } else { format!(" ({mode}{votes})") };
        lines.push(line(messages::STEP, format!("{name}{mode}")));
        let fill: Vec<&str> =
            step.fill.iter().map(|field| matter.fields[*field].name.as_str()).collect();
        if !fill.is_empty() {
            lines.push(line(messages::FILL, fill.join(", ")));
        }
        for hand in &step.hands {
            lines.push((messages::role(hand.role), self.hand(matter, hand)));
        }
        if let Some((within, escalate)) = deadline(step) {
            let said = messages::deadline(&within, escalate.as_deref());
            lines.push(line(messages::DEADLINE, self.out.pick(&said)));
        }
        let all = |label: Label, lines: &mut Vec<Line>, texts: Vec<String>| {
            lines.extend(texts.into_iter().map(|text| (label, text)));
        };
        let Doing { checks, moves, posts, acts, go } = Doing::of(matter, step);
        all(messages::CHECKED, lines, checks);
        all(messages::MOVES, lines, moves);
        all(messages::POSTS, lines, posts);
        all(messages::ACTS, lines, acts);
        all(messages::GOES, lines, go);
    }

    fn hand(&self, matter: &Matter, hand: &Hand) -> String {
        let post = |band: &Band| {
            let post = band.post.as_deref().map(|code| {
                let known = self.rulebook.office.posts.get(code);
                let title = known.map_or("", |post| pick(self.out, &post.title));
                format!("{code} {title} ")
            });
            let bound = band.up_to.as_ref().map(|code| format!(" ≤ {code}"));
            let at = told::at(matter, &band.at);
            format!("{}@{at}{}", post.unwrap_or_default(), bound.unwrap_or_default())
        };
        let mut text = match hand.who {
            Some(field) => {
                let named = messages::named_by(&matter.fields[field].name);
                format!("{} ", self.out.pick(&named))
            }
            None => String::new(),
        };
        if hand.who.is_none() || hand.bands.iter().any(|band| band.post.is_some()) {
            text.push_str(&hand.bands.iter().map(post).collect::<Vec<_>>().join("; "));
        }
        if hand.count > 1 {
            text.push_str(&format!(" ×{}", hand.count));
        }
        if let Some(condition) = &hand.when {
            text.push_str(&format!(" [{}]", told::when(matter, condition)));
        }
        if let Some(why) = &hand.may_repeat {
            text.push_str(&format!(" ({})", self.out.pick(&messages::may_repeat(why))));
        }
        text.trim().to_owned()
    }

    fn step_json(&self, matter: &Matter, step: &Step) -> Value {
        let hands = step.hands.iter().map(|hand| {
            json!({
                "as": messages::role(hand.role).1, "count": hand.count,
                "who": hand.who.map(|field| &matter.fields[field].name),
                "posts": hand.bands.iter().map(|band| json!({
                    "post": band.post, "at": told::at(matter, &band.at), "up_to": band.up_to,
                })).collect::<Vec<_>>(),
                "when": hand.when.as_ref().map(|condition| told::when(matter, condition)),
                "may_repeat": hand.may_repeat,
            })
        });
        let Doing { checks, moves, posts, acts, go } = Doing::of(matter, step);
        let deadline = deadline(step);
        json!({
            "name": step.name, "title": step.title, "hands": hands.collect::<Vec<_>>(),
            "mode": messages::mode(step.mode).1, "votes": step.votes,
            "fill": step.fill.iter().map(|at| &matter.fields[*at].name).collect::<Vec<_>>(),
            "within": deadline.as_ref().map(|(within, _)| format!("{} {}", within.1, within.0.1)),
            "escalate": deadline.and_then(|(_, escalate)| escalate),
            "checks": checks, "moves": moves, "posts": posts, "acts": acts, "go": go,
        })
    }
}

/// What a step does, told.
struct Doing {
    checks: Vec<String>,
    moves: Vec<String>,
    posts: Vec<String>,
    acts: Vec<String>,
    go: Vec<String>,
}

impl Doing {
    fn of(matter: &Matter, step: &Step) -> Self {
        let go = step.go.iter().map(|branch| {
            let to = match branch.to {
                Target::Step(at) => matter.steps[at].name.clone(),
                Target::End(at) => format!("[{}]", matter.ends[at].0),
            };
            let when = branch.when.as_ref().map(|when| format!(" [{}]", told::when(matter, when)));
            format!("→ {to}{}", when.unwrap_or_default())
        });
        Self {
            checks: step.checks.iter().map(|one| told::check(matter, one)).collect(),
            moves: step.moves.iter().map(|one| told::moving(matter, one)).collect(),
            posts: step.posts.iter().map(|one| told::posting(matter, one)).collect(),
            acts: step.acts.iter().map(|one| told::acting(matter, one)).collect(),
            go: go.collect(),
        }
    }
}

/// The span with its length, and the post that may act once it is over.
fn deadline(step: &Step) -> Option<((Label, String), Option<String>)> {
    let within = step.within.as_ref()?;
    let length = match &within.length {
        Length::Fixed(length) => length.to_string(),
        Length::Number(code) => code.clone(),
    };
    let span = match within.span {
        Span::Minutes => messages::MINUTES,
        Span::WorkingHours => messages::WORKING_HOURS,
        Span::WorkingDays => messages::WORKING_DAYS,
        Span::Days => messages::DAYS,
    };
    Some(((span, length), step.escalate.clone()))
}
