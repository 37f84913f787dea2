//! Matters: names become positions, and what does not hold together is refused with its place.

use super::error::{Place, Report};
use super::file::{Definition, Entry, Reason};
use super::matter_file::{
    ActRow, AgreesRow, Amount, BandRow, CheckRow, FieldRow, GoRow, HandRow, MatterBody, ModeRow,
    MoveRow, PostRow, StepRow, WhenRow, WithinRow, Word, Words,
};
use super::spot::Spanned;
use super::{NumberInfo, posts};
use crate::office::acts::{self, Stands};
use crate::office::definition::{
    Acting, Band, Booked, Branch, Check, Computed, Field, FieldKind, Hand, How, Length, Matter,
    Moving, NumberPart, Office, Opens, PlaceOf, Posting, Source, Span, Step, Stock, Target, When,
    Where, Within,
};
use crate::office::{rules, value};
use ledger::chart::{AccountKind, Title, Unit};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What else the rulebook has.
pub(super) struct Known<'a> {
    pub numbers: &'a BTreeMap<String, NumberInfo>,
    pub kinds: &'a [AccountKind],
    pub units: &'a [Unit],
    pub base_unit: &'a Unit,
    /// Posts, places, stock, denominations and retention, built before the matters.
    pub office: &'a Office,
    /// Codes of all matters.
    pub codes: &'a BTreeSet<String>,
}

/// All matters of the files.
pub(super) fn build(
    files: &[&Definition],
    known: &Known<'_>,
    report: &mut Report,
) -> BTreeMap<String, Arc<Matter>> {
    let mut matters = BTreeMap::new();
    for file in files {
        let Entry::Matter(body) = &file.body else { continue };
        let mut reader = Reader { file, body, known, report, fields: Vec::new() };
        let matter = reader.matter();
        matters.insert(matter.code.clone(), Arc::new(matter));
    }
    matters
}

/// Codes of all matters in the files.
pub(super) fn codes(files: &[&Definition]) -> BTreeSet<String> {
    let matters = files.iter().filter(|file| matches!(file.body, Entry::Matter(_)));
    matters.map(|file| file.header.code.get_ref().clone()).collect()
}

/// Reads one matter.
struct Reader<'a, 'r, 'f> {
    file: &'a Definition,
    body: &'a MatterBody,
    known: &'a Known<'a>,
    report: &'r mut Report<'f>,
    fields: Vec<Field>,
}

impl Reader<'_, '_, '_> {
    fn at<T>(&self, spot: &Spanned<T>) -> Place {
        self.file.at(spot)
    }

    fn wrong(&mut self, spot: &Word, zh: &str, en: &str) {
        let place = self.at(spot);
        let text = spot.get_ref();
        self.report.add(place, "WrongValue", format!("{text}：{zh}"), format!("`{text}`: {en}"));
    }

    fn unknown(&mut self, spot: &Word, what: (&str, &str)) {
        let place = self.at(spot);
        self.report.unknown(place, what, spot.get_ref());
    }

    fn matter(&mut self) -> Matter {
        let body = self.body;
        let header = &self.file.header;
        let number = self.number(&body.number);
        if !self.known.office.retention.contains_key(body.keep.get_ref()) {
            self.unknown(&body.keep, ("保管期限类别", "retention class"));
        }
        self.read_fields();
        let ends = self.ends();
        let names: Vec<String> =
            body.step.iter().map(|step| step.get_ref().name.get_ref().clone()).collect();
        let mut steps = Vec::with_capacity(body.step.len());
        for (at, row) in body.step.iter().enumerate() {
            let is_end = ends.iter().any(|(name, _)| *name == names[at]);
            if names[..at].contains(&names[at]) || is_end || is_reserved_end(&names[at]) {
                self.report.duplicate(self.file.at(&row.get_ref().name), &names[at]);
            }
            let step = self.step(row.get_ref(), at, &names, &ends);
            steps.push(step);
        }
        if steps.is_empty() {
            self.report.add(
                self.file.at(&header.code),
                "WrongValue",
                "事项至少有一个步骤",
                "a matter has at least one step",
            );
        }
        let opens = self.opens();
        let alone = body.alone.as_ref().map(|alone| {
            let alone = alone.get_ref();
            self.report.reason(self.file, &alone.because, "because");
            self.report.not_empty(self.file.at(&alone.source), alone.source.get_ref(), "source");
            alone.because.title()
        });
        Matter {
            code: header.code.get_ref().clone(),
            title: header.title.clone(),
            file: self.file.path.clone(),
            number,
            keep: body.keep.get_ref().clone(),
            alone,
            opens,
            fields: std::mem::take(&mut self.fields),
            steps,
            ends,
        }
    }

    fn number(&mut self, word: &Word) -> Vec<NumberPart> {
        let mut parts = Vec::new();
        let mut rest = word.get_ref().as_str();
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(NumberPart::Text(rest[..open].to_owned()));
            }
            let Some(close) = rest[open..].find('}') else {
                self.wrong(word, "大括号没有闭合", "a brace is left open");
                break;
            };
            match &rest[open + 1..open + close] {
                "date" => parts.push(NumberPart::Date),
                "year" => parts.push(NumberPart::Year),
                "institution" => parts.push(NumberPart::Institution),
                other => match other.strip_prefix("seq:").and_then(|wide| wide.parse().ok()) {
                    Some(wide @ 1..=12) => parts.push(NumberPart::Sequence(wide)),
                    _ => {
                        let zh = "可用 {date}、{year}、{institution}、{seq:位数}";
                        let en = "use {date}, {year}, {institution}, {seq:digits}";
                        self.wrong(word, zh, en);
                    }
                },
            }
            rest = &rest[open + close + 1..];
        }
        if !rest.is_empty() {
            parts.push(NumberPart::Text(rest.to_owned()));
        }
        let sequences = parts.iter().filter(|part| matches!(part, NumberPart::Sequence(_)));
        if sequences.count() != 1 {
            self.wrong(word, "须有且只有一个 {seq:位数}", "has exactly one {seq:digits}");
        }
        parts
    }

    fn ends(&mut self) -> Vec<(String, Title)> {
        let done = Title { zh: "办结".to_owned(), en: "Done".to_owned() };
        let mut ends = vec![("done".to_owned(), done)];
        for row in &self.body.end {
            self.report.title(self.file.at(&row.name), &row.title);
            let name = row.name.get_ref();
            if ends.iter().any(|(known, _)| known == name) || is_reserved_end(name) {
                self.report.duplicate(self.file.at(&row.name), name);
            }
            ends.push((name.clone(), row.title.clone()));
        }
        ends
    }

    fn opens(&mut self) -> Option<Opens> {
        let row = self.body.opens.as_ref()?.get_ref();
        let known = self.known.office.places.contains_key(row.place.get_ref());
        if !known {
            self.unknown(&row.place, ("场所种类", "kind of place"));
        }
        let field = self.field(&row.field)?;
        let takes = match &self.fields[field].kind {
            FieldKind::Place(kinds) => kinds.is_empty() || kinds.contains(row.place.get_ref()),
            _ => false,
        };
        if known && (!takes || self.fields[field].filled_at != Some(0)) {
            let zh = "应为首个步骤填写的该类场所要素";
            self.wrong(&row.field, zh, "is no field of such a place in the first step");
        }
        Some(Opens { every: row.every, on: row.on, place: row.place.get_ref().clone(), field })
    }

    // Fields.

    fn read_fields(&mut self) {
        let body = self.body;
        // As they are written: a table of TOML has no order of its own.
        let mut rows: Vec<(&Word, &Spanned<FieldRow>)> = body.fields.iter().collect();
        rows.sort_by_key(|(name, _)| name.span().start);
        for (name, row) in &rows {
            let field = self.read_field(name, row.get_ref());
            self.fields.push(field);
        }
        for (at, (_, row)) in rows.iter().enumerate() {
            self.fields[at].computed = self.computed(at, row.get_ref());
            self.fields[at].default = self.default(at, row.get_ref());
        }
        for (at, row) in body.step.iter().enumerate() {
            for word in &row.get_ref().fill {
                let Some(field) = self.field(word) else { continue };
                if self.fields[field].computed.is_some() || self.fields[field].filled_at.is_some() {
                    let zh = "由系统计算，或已在另一步骤填写";
                    self.wrong(word, zh, "is computed, or given in another step");
                }
                self.fields[field].filled_at = Some(at);
            }
        }
        for field in &mut self.fields {
            if field.filled_at.is_none() && field.computed.is_none() {
                field.filled_at = Some(0);
            }
        }
    }

    fn read_field(&mut self, name: &Word, row: &FieldRow) -> Field {
        let place = self.at(name);
        self.report.title(place, &row.title);
        let text = name.get_ref();
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !plain || text.is_empty() {
            self.wrong(name, "要素名用小写字母、数字和下划线", "a name is of a-z, 0-9 and _");
        }
        if is_word(text) || self.known.kinds.iter().any(|kind| *kind.code == **text) {
            self.wrong(name, "与系统用词或账户种类同名", "is a word of the engine or a kind");
        }
        let kind = self.field_kind(row);
        self.check_keys(name, row);
        let bound = |reader: &mut Self, word: &Option<Spanned<Amount>>| {
            let word = word.as_ref()?;
            let text = word.get_ref().text();
            let parsed = text.parse::<Decimal>().ok();
            if parsed.is_none() {
                let (zh, en) = (format!("{text} 不是数值"), format!("`{text}` is no number"));
                reader.report.add(reader.file.at(word), "WrongValue", zh, en);
            }
            parsed
        };
        Field {
            name: text.clone(),
            title: row.title.clone(),
            help: row.help.clone().unwrap_or_default(),
            kind,
            optional: row.optional,
            filled_at: None,
            computed: None,
            min: bound(self, &row.min),
            max: bound(self, &row.max),
            default: None,
        }
    }

    /// A key that a type has no use for would be passed over, and somebody thinks that it works.
    fn check_keys(&mut self, name: &Word, row: &FieldRow) {
        let kind = row.kind.get_ref().as_str();
        let bounded = ["integer", "decimal", "money", "text", "document", "party", "operators"];
        let words =
            [&row.sum_of, &row.count_of, &row.booked_at, &row.entry_amount, &row.number_now];
        let computed = words.into_iter().flatten().count()
            + usize::from(row.agrees.is_some())
            + usize::from(row.keep_until.is_some());
        let odd = [
            ("choices", !row.choices.is_empty() && kind != "enum"),
            ("of", !row.of.is_empty() && !["place", "serials", "thing", "matter"].contains(&kind)),
            ("columns", !row.columns.is_empty() && kind != "rows"),
            ("unit", row.unit.is_some() && kind != "money"),
            ("price", row.price.is_some() && row.sum_of.is_none()),
            ("only", !row.only.is_empty() && row.sum_of.is_none() && row.count_of.is_none()),
            ("min, max", (row.min.is_some() || row.max.is_some()) && !bounded.contains(&kind)),
            ("sum_of …", computed > 1),
            ("default", row.default.is_some() && computed > 0),
        ];
        for (keys, _) in odd.into_iter().filter(|(_, odd)| *odd) {
            let place = self.at(name);
            let zh = format!("{kind} 要素不能这样使用 {keys}");
            let en = format!("a field of type {kind} has no such use for {keys}");
            self.report.add(place, "Contradiction", zh, en);
        }
    }

    fn field_kind(&mut self, row: &FieldRow) -> FieldKind {
        let of: Vec<String> = row.of.iter().map(|word| word.get_ref().clone()).collect();
        match row.kind.get_ref().as_str() {
            "text" => FieldKind::Text,
            "integer" => FieldKind::Integer,
            "decimal" => FieldKind::Decimal,
            "money" => self.money(row),
            "date" => FieldKind::Date,
            "time" => FieldKind::Time,
            "enum" => self.choices(row),
            "institution" => FieldKind::Institution,
            "operator" => FieldKind::Operator,
            "operators" => FieldKind::Operators,
            "account" => FieldKind::Account,
            "account_kind" => FieldKind::AccountKind,
            "document" => FieldKind::Document,
            "party" => FieldKind::Party,
            "place" => {
                let known = |office: &Office, code: &str| office.places.contains_key(code);
                self.check_of(row, ("场所种类", "kind of place"), known);
                FieldKind::Place(of)
            }
            "serials" | "thing" => {
                let of = self.stocks(row);
                let thing = row.kind.get_ref() == "thing";
                if thing { FieldKind::Thing(of) } else { FieldKind::Serials(of) }
            }
            "stock" => FieldKind::Stock,
            "note_counts" => FieldKind::Notes,
            "rows" => self.columns(row),
            "attachment" => FieldKind::Attachment,
            "matter" => {
                for word in &row.of {
                    if !self.known.codes.contains(word.get_ref()) {
                        self.unknown(word, ("事项", "matter"));
                    }
                }
                FieldKind::Matter(of)
            }
            "post" => FieldKind::Post,
            "number" => FieldKind::Number,
            _ => {
                let names: Vec<&str> = FIELD_TYPES.iter().map(|(name, ..)| *name).collect();
                let names = names.join(", ");
                self.wrong(
                    &row.kind,
                    &format!("要素类型可用：{names}"),
                    &format!("is one of {names}"),
                );
                FieldKind::Text
            }
        }
    }

    fn check_of(&mut self, row: &FieldRow, what: (&str, &str), known: fn(&Office, &str) -> bool) {
        for word in &row.of {
            if !known(self.known.office, word.get_ref()) {
                self.unknown(word, what);
            }
        }
    }

    /// Kinds of stock: each by its code, or all of a family.
    fn stocks(&mut self, row: &FieldRow) -> Vec<String> {
        let stocks = &self.known.office.stocks;
        let mut codes = Vec::new();
        for word in &row.of {
            let name = word.get_ref();
            let of = |(code, stock): (&String, &Stock)| {
                (code == name || stock.family.as_ref() == Some(name)).then(|| code.clone())
            };
            let before = codes.len();
            codes.extend(stocks.iter().filter_map(of));
            if codes.len() == before {
                self.unknown(word, ("编号物品种类", "kind of numbered stock"));
            }
        }
        codes
    }

    fn money(&mut self, row: &FieldRow) -> FieldKind {
        let base = self.known.base_unit;
        let Some(word) = &row.unit else {
            return FieldKind::Money(base.digits, base.code.to_string());
        };
        let unit = self.known.units.iter().find(|unit| *unit.code == **word.get_ref());
        match unit {
            Some(unit) => FieldKind::Money(unit.digits, unit.code.to_string()),
            None => {
                self.unknown(word, ("币种", "unit"));
                FieldKind::Money(base.digits, base.code.to_string())
            }
        }
    }

    fn choices(&mut self, row: &FieldRow) -> FieldKind {
        let mut choices: Vec<(String, Title)> = Vec::new();
        for choice in &row.choices {
            let title = super::file::title(&choice.zh, &choice.en);
            self.report.title(self.file.at(&choice.code), &title);
            let code = choice.code.get_ref().clone();
            if choices.iter().any(|(known, _)| *known == code) {
                self.report.duplicate(self.file.at(&choice.code), &code);
            }
            choices.push((code, title));
        }
        if choices.is_empty() {
            self.wrong(&row.kind, "缺少 choices", "has no `choices`");
        }
        FieldKind::Choice(choices)
    }

    fn columns(&mut self, row: &FieldRow) -> FieldKind {
        let mut rows: Vec<(&Word, &Spanned<FieldRow>)> = row.columns.iter().collect();
        rows.sort_by_key(|(name, _)| name.span().start);
        if rows.is_empty() {
            self.wrong(&row.kind, "缺少 columns", "has no `columns`");
        }
        let mut columns = Vec::with_capacity(rows.len());
        for (name, row) in rows {
            let column = self.read_field(name, row.get_ref());
            if matches!(column.kind, FieldKind::Rows(_)) {
                self.wrong(name, "明细中不能再有明细", "rows hold no rows");
            }
            columns.push(column);
        }
        FieldKind::Rows(columns)
    }

    fn computed(&mut self, own: usize, row: &FieldRow) -> Option<Computed> {
        if let Some(word) = &row.count_of {
            let at = self.field(word)?;
            let counts = matches!(
                self.fields[at].kind,
                FieldKind::Serials(_) | FieldKind::Notes | FieldKind::Rows(_)
            );
            if !counts || self.fields[own].kind != FieldKind::Integer {
                let zh = "count_of 为整数要素，数号段、券别或明细";
                self.wrong(word, zh, "`count_of` makes an integer of serials, notes or rows");
            }
            if let FieldKind::Rows(columns) = &self.fields[at].kind {
                let columns = columns.clone();
                if let Some(only) = self.only(row, &columns) {
                    return Some(Computed::RowsAt { rows: at, only });
                }
            }
            return Some(Computed::Pieces(at));
        }
        if row.entry_amount.is_some() || row.number_now.is_some() {
            return self.looked_up(own, row);
        }
        if let Some(word) = &row.booked_at {
            let at = self.field(word)?;
            let money = matches!(self.fields[own].kind, FieldKind::Money(..));
            if !money || !matches!(self.fields[at].kind, FieldKind::Place(_)) {
                self.wrong(
                    word,
                    "booked_at 为金额要素，取场所",
                    "`booked_at` makes money of a place",
                );
            }
            return Some(Computed::Booked(at));
        }
        if let Some(agrees) = &row.agrees {
            return self.agrees(own, agrees.get_ref());
        }
        if let Some(keep) = &row.keep_until {
            let keep = keep.get_ref();
            let (class, ends) = (self.field(&keep.class)?, self.field(&keep.ends)?);
            self.check_classes(&keep.class, class);
            if self.fields[own].kind != FieldKind::Text || self.fields[ends].kind != FieldKind::Date
            {
                let zh = "keep_until 为文字要素，取日期";
                self.wrong(&keep.ends, zh, "`keep_until` makes a text of a date");
            }
            return Some(Computed::Keep { class, ends });
        }
        self.sum_of(own, row)
    }

    fn agrees(&mut self, own: usize, row: &AgreesRow) -> Option<Computed> {
        let (place, counted) = (self.field(&row.place)?, self.field(&row.counted)?);
        let fields = &self.fields;
        let of_place = matches!(fields[place].kind, FieldKind::Place(_));
        let of_count = matches!(fields[counted].kind, FieldKind::Notes | FieldKind::Serials(_));
        let yes_or_no = match &fields[own].kind {
            FieldKind::Choice(choices) => ["yes", "no"]
                .iter()
                .all(|word| choices.len() == 2 && choices.iter().any(|(code, _)| code == word)),
            _ => false,
        };
        if !of_place || !of_count || !yes_or_no {
            let zh = "agrees 为 yes、no 两项的 enum，取场所与清点的券别或号段";
            let en = "`agrees` makes an enum of yes and no of a place and its notes or serials";
            self.wrong(&row.place, zh, en);
        }
        Some(Computed::Agrees { place, counted })
    }

    fn sum_of(&mut self, own: usize, row: &FieldRow) -> Option<Computed> {
        let word = row.sum_of.as_ref()?;
        let (name, column) = match word.get_ref().split_once('.') {
            Some((name, column)) => (name, Some(column.to_owned())),
            None => (word.get_ref().as_str(), None),
        };
        let Some(at) = self.fields.iter().position(|field| field.name == name) else {
            self.unknown(word, ("要素", "field"));
            return None;
        };
        let same = |columns: &[Field], name: &str| {
            let column = columns.iter().find(|one| one.name == name);
            column.is_some_and(|column| column.kind == self.fields[own].kind)
        };
        let money = matches!(self.fields[own].kind, FieldKind::Money(..));
        match (&self.fields[at].kind, column) {
            (FieldKind::Serials(of), None) if money && row.price.is_some() => {
                let of = of.clone();
                self.priced(row.price.as_ref()?, &of).map(|list| Computed::Priced(at, list))
            }
            (FieldKind::Notes | FieldKind::Serials(_), None) if money => Some(Computed::Face(at)),
            (FieldKind::Rows(columns), Some(column)) if same(columns, &column) => {
                let columns = columns.clone();
                let only = self.only(row, &columns);
                Some(Computed::Column { rows: at, column, only })
            }
            _ => {
                let zh = "sum_of 合计券别、号段，或明细中同类型的一列（rows.amount）";
                let en = "`sum_of` adds notes, serials or a column of its own type as rows.amount";
                self.wrong(word, zh, en);
                None
            }
        }
    }

    /// 价目: every kind that may be sold has its price.
    fn priced(&mut self, list: &Word, of: &[String]) -> Option<String> {
        let name = list.get_ref();
        let code = |kind: &String| format!("{name}.{kind}");
        let unpriced =
            of.iter().map(code).find(|code| !self.known.numbers.contains_key(code.as_str()));
        if let Some(code) = unpriced {
            self.report.unknown(self.file.at(list), ("参数", "number"), &code);
            return None;
        }
        if of.is_empty() {
            self.wrong(list, "号段须写明种类 of", "the serials name no kinds in `of`");
        }
        Some(name.clone())
    }

    /// What is looked up in the books: an entry, a parameter.
    fn looked_up(&mut self, own: usize, row: &FieldRow) -> Option<Computed> {
        if let Some(word) = &row.entry_amount {
            let at = self.field(word)?;
            if !self.corrects(word.get_ref()) {
                let zh = "entry_amount 取本事项 correct 所更正的凭证";
                self.wrong(word, zh, "`entry_amount` is of the entry that the matter corrects");
            }
            return Some(Computed::EntryAmount(at));
        }
        let word = row.number_now.as_ref()?;
        let at = self.field(word)?;
        if self.fields[at].kind != FieldKind::Number || self.fields[own].kind != FieldKind::Text {
            let zh = "number_now 为文字要素，取参数要素的现值";
            self.wrong(word, zh, "`number_now` makes a text of a number's code");
        }
        Some(Computed::Number(at))
    }

    /// Whether a step corrects the entry in this field, which is loaded for it.
    fn corrects(&self, field: &str) -> bool {
        let acts = self.body.step.iter().flat_map(|step| &step.get_ref().act);
        let mut corrects = acts.filter(|act| act.get_ref().verb.get_ref() == "correct");
        corrects.any(|act| {
            let mut args = act.get_ref().args.iter();
            args.any(|(name, word)| name.get_ref() == "entry" && word.get_ref() == field)
        })
    }

    /// The other column that rows are chosen by, and the value at which it stands.
    fn only(&mut self, row: &FieldRow, columns: &[Field]) -> Option<(String, String)> {
        let (name, is) = row.only.iter().next()?;
        let column = columns.iter().find(|one| one.name == *name.get_ref());
        let choices = column.and_then(|one| match &one.kind {
            FieldKind::Choice(choices) => Some(choices),
            _ => None,
        });
        let known = choices.is_some_and(|all| all.iter().any(|(code, _)| code == is.get_ref()));
        if !known || row.only.len() > 1 {
            self.wrong(name, "only 按一列的取值挑选明细", "`only` names one column and its choice");
        }
        Some((name.get_ref().clone(), is.get_ref().clone()))
    }

    /// Choices of a retention class are classes that there are.
    fn check_classes(&mut self, word: &Word, field: usize) {
        if let FieldKind::Choice(choices) = &self.fields[field].kind {
            let known = &self.known.office.retention;
            if choices.iter().all(|(code, _)| known.contains_key(code)) {
                return;
            }
        }
        self.unknown(word, ("以保管期限类别为取值的要素", "field of retention classes"));
    }

    fn default(&mut self, own: usize, row: &FieldRow) -> Option<Source> {
        let word = row.default.as_ref()?;
        let source = self.source(word);
        if let Source::Literal(text) = &source
            && !text.starts_with('@')
        {
            let (field, sent) = (&self.fields[own], serde_json::Value::from(text.as_str()));
            let read = value::read(field, &field.name, &sent, self.known.office);
            if let Err(refusal) = read {
                self.wrong(word, &refusal.zh, &refusal.en);
            }
        }
        Some(source)
    }

    fn field(&mut self, word: &Word) -> Option<usize> {
        let found = self.fields.iter().position(|field| field.name == *word.get_ref());
        if found.is_none() {
            self.unknown(word, ("要素", "field"));
        }
        found
    }

    fn source(&mut self, word: &Word) -> Source {
        let text = word.get_ref();
        if let Some(at) = self.fields.iter().position(|field| field.name == *text) {
            return Source::Field(at);
        }
        match text.as_str() {
            "@today" => Source::Today,
            "@operator" => Source::Operator,
            "@institution" => Source::Institution,
            "@number" => Source::Number,
            "@box" => Source::OwnBox,
            other => {
                if other.starts_with('@') {
                    let zh = "可用 @today、@operator、@institution、@number、@box";
                    self.wrong(word, zh, "use @today, @operator, @institution, @number, @box");
                }
                Source::Literal(other.to_owned())
            }
        }
    }

    fn args(&mut self, words: &Words) -> BTreeMap<String, Source> {
        words.iter().map(|(name, word)| (name.get_ref().clone(), self.source(word))).collect()
    }

    fn when(&mut self, row: Option<&Spanned<WhenRow>>) -> Option<When> {
        let row = row?.get_ref();
        let field = self.field(&row.field)?;
        if let FieldKind::Choice(choices) = &self.fields[field].kind {
            let known: Vec<String> = choices.iter().map(|(code, _)| code.clone()).collect();
            for word in &row.is {
                if !known.contains(word.get_ref()) {
                    self.unknown(word, ("取值", "choice"));
                }
            }
        }
        let bound = |reader: &mut Self, amount: &Spanned<Amount>| {
            let text = amount.get_ref().text();
            if text.parse::<Decimal>().is_err() && !reader.known.numbers.contains_key(&text) {
                reader.report.unknown(reader.file.at(amount), ("参数", "number"), &text);
            }
            text
        };
        let bounded = row.at_least.is_some() || row.below.is_some();
        if bounded && row.is.is_empty() && !is_amount(&self.fields[field].kind) {
            let zh = "at_least、below 只用于整数、数值、金额要素";
            self.wrong(&row.field, zh, "only an integer, a decimal or money has bounds");
        }
        let Some(test) = row.test(|amount| bound(self, amount)) else {
            let zh = "条件须写 is、at_least 或 below 之一";
            self.wrong(&row.field, zh, "a condition has one of is, at_least, below");
            return None;
        };
        Some(When { field, test })
    }

    // Steps.

    fn step(
        &mut self,
        row: &StepRow,
        at: usize,
        names: &[String],
        ends: &[(String, Title)],
    ) -> Step {
        self.report.title(self.file.at(&row.name), &row.title);
        let fill = (0..self.fields.len()).filter(|field| self.fields[*field].filled_at == Some(at));
        let fill = fill.collect();
        let hands: Vec<Hand> = row.hands.iter().map(|hand| self.hand(hand)).collect();
        if hands.is_empty() {
            self.wrong(&row.name, "步骤没有办理人", "the step has no hands");
        }
        let votes = row.votes.as_ref().map(|votes| *votes.get_ref());
        let people: u16 = hands.iter().map(|hand| hand.count).sum();
        let in_range = votes.is_some_and(|votes| votes > 0 && (votes <= people));
        if (row.mode == ModeRow::Vote) != votes.is_some() || votes.is_some() && !in_range {
            self.wrong(&row.name, "表决须写 votes，且不多于人数", "a vote says how many `votes`");
        }
        if row.mode == ModeRow::Any && hands.iter().any(|hand| hand.count > 1) {
            self.wrong(&row.name, "或签一人即可，不写 count", "in mode any one hand is enough");
        }
        if let Some(post) = &row.escalate {
            self.post(post);
            if row.within.is_none() {
                self.wrong(post, "escalate 须与 within 同写", "`escalate` needs `within`");
            }
        }
        let step = Step {
            name: row.name.get_ref().clone(),
            title: row.title.clone(),
            fill,
            hands,
            mode: row.mode,
            votes: votes.unwrap_or(0),
            within: row.within.as_ref().and_then(|within| self.within(within)),
            escalate: row.escalate.as_ref().map(|post| post.get_ref().clone()),
            checks: row.check.iter().filter_map(|check| self.check(check.get_ref())).collect(),
            moves: row.moves.iter().filter_map(|moving| self.moving(moving.get_ref())).collect(),
            posts: row.post.iter().filter_map(|post| self.posting(post.get_ref())).collect(),
            acts: row.act.iter().filter_map(|act| self.act(act.get_ref())).collect(),
            go: row.go.iter().filter_map(|go| self.go(go.get_ref(), names, ends)).collect(),
        };
        self.check_alone(row, &step);
        step
    }

    /// A verb that the books may refuse has its step to itself.
    fn check_alone(&mut self, row: &StepRow, step: &Step) {
        let alone =
            |act: &Acting| acts::find(&act.verb).is_some_and(|verb| verb.alone == Stands::Alone);
        let others = step.acts.len() + step.moves.len() + step.posts.len() > 1;
        if others && step.acts.iter().any(alone) {
            let zh = "此步骤的动作须单独成步";
            self.wrong(&row.name, zh, "what this step does needs a step of its own");
        }
    }

    fn post(&mut self, word: &Word) {
        if !self.known.office.posts.contains_key(word.get_ref()) {
            self.unknown(word, ("岗位", "post"));
        }
    }

    fn number_code(&mut self, word: &Word) -> String {
        if !self.known.numbers.contains_key(word.get_ref()) {
            self.unknown(word, ("参数", "number"));
        }
        word.get_ref().clone()
    }

    fn hand(&mut self, spanned: &Spanned<HandRow>) -> Hand {
        let row = spanned.get_ref();
        let at = self.place_of_hand(row.at.as_ref());
        let who = row.who.as_ref().and_then(|word| self.field(word));
        if let Some(field) = who
            && !matches!(self.fields[field].kind, FieldKind::Operator | FieldKind::Operators)
        {
            let word = row.who.as_ref().expect("looked up above");
            self.wrong(word, "应为柜员要素", "is no field of an operator");
        }
        let by_amount = row.by_amount.as_ref().and_then(|word| self.amount(word));
        let mut bands: Vec<Band> = row.bands.iter().map(|band| self.band(band, &at)).collect();
        if let Some(post) = &row.post {
            self.post(post);
            bands.push(Band { up_to: None, post: Some(post.get_ref().clone()), at });
        } else if bands.is_empty() {
            bands.push(Band { up_to: None, post: None, at });
        }
        let place = self.at(spanned);
        let named = row.post.is_some() || who.is_some() || !row.bands.is_empty();
        let banded = row.by_amount.is_some() != row.bands.is_empty();
        if !named || !banded || row.post.is_some() && !row.bands.is_empty() || row.count == 0 {
            let zh = "办理人须写 post、who，或 by_amount 与 bands";
            let en = "a hand has a `post`, `who`, or `by_amount` with `bands`";
            self.report.add(place, "HandIncomplete", zh, en);
        }
        if who.is_some() && row.count > 1 {
            let zh = "由要素指定的办理人不写 count；人数由要素的 min 规定";
            let en = "whom a field names are as many as it names: its `min` says how many at least";
            self.report.add(place, "HandIncomplete", zh, en);
        }
        self.check_bands(&row.bands);
        if let Some(why) = &row.may_repeat {
            self.report.reason(self.file, why, "may_repeat");
        }
        Hand {
            role: row.role,
            bands,
            by_amount,
            who,
            count: row.count,
            may_repeat: row.may_repeat.as_ref().map(Reason::title),
            when: self.when(row.when.as_ref()),
        }
    }

    /// The last band, and no other, has no bound: every amount has somebody, every band its use.
    fn check_bands(&mut self, rows: &[BandRow]) {
        for (at, row) in rows.iter().enumerate() {
            if row.up_to.is_none() != (at + 1 == rows.len()) {
                let zh = "末档不写 up_to，其余各档要写";
                self.wrong(&row.post, zh, "the last band, and no other, has no `up_to`");
            }
        }
    }

    fn amount(&mut self, word: &Word) -> Option<usize> {
        let field = self.field(word)?;
        if !is_amount(&self.fields[field].kind) {
            self.wrong(word, "应为金额或数量要素", "is no field of an amount");
        }
        Some(field)
    }

    fn band(&mut self, row: &BandRow, at: &Where) -> Band {
        self.post(&row.post);
        let up_to = row.up_to.as_ref().map(|word| self.number_code(word));
        let at = match &row.at {
            Some(word) => self.place_of_hand(Some(word)),
            None => at.clone(),
        };
        Band { up_to, post: Some(row.post.get_ref().clone()), at }
    }

    fn place_of_hand(&mut self, word: Option<&Word>) -> Where {
        let Some(word) = word else { return Where::Own };
        match word.get_ref().as_str() {
            "own" => Where::Own,
            "above" => Where::Above,
            "head" => Where::Head,
            _ => match self.field(word) {
                Some(field) => {
                    let placed = matches!(
                        self.fields[field].kind,
                        FieldKind::Place(_)
                            | FieldKind::Institution
                            | FieldKind::Operator
                            | FieldKind::Account
                    );
                    if !placed {
                        let zh = "应为场所、机构、柜员或账户要素";
                        self.wrong(word, zh, "is no place, institution, operator or account");
                    }
                    Where::Field(field)
                }
                None => Where::Own,
            },
        }
    }

    fn within(&mut self, row: &Spanned<WithinRow>) -> Option<Within> {
        let place = self.at(row);
        let row = row.get_ref();
        let spans = [
            (Span::Minutes, &row.minutes),
            (Span::WorkingHours, &row.working_hours),
            (Span::WorkingDays, &row.working_days),
            (Span::Days, &row.days),
        ];
        let mut given = spans.into_iter().filter_map(|(span, word)| Some((span, word.as_ref()?)));
        let (first, second) = (given.next(), given.next());
        let (Some((span, word)), None) = (first, second) else {
            let zh = "within 须写 minutes、working_hours、working_days 或 days 之一";
            let en = "`within` has one of minutes, working_hours, working_days, days";
            self.report.add(place, "WrongValue", zh, en);
            return None;
        };
        let text = word.get_ref().text();
        let length = match text.parse() {
            Ok(length) => Length::Fixed(length),
            Err(_) => {
                if !self.known.numbers.contains_key(&text) {
                    self.report.unknown(self.file.at(word), ("参数", "number"), &text);
                }
                Length::Number(text)
            }
        };
        for code in ["office.work_from", "office.work_until", "office.clock_ahead"] {
            if !self.known.numbers.contains_key(code) {
                self.report.unknown(place, ("参数", "number"), code);
            }
        }
        Some(Within { span, length })
    }

    fn check(&mut self, row: &CheckRow) -> Option<Check> {
        let Some(rule) = rules::find(row.rule.get_ref()) else {
            self.unknown(&row.rule, ("判断", "rule"));
            return None;
        };
        self.check_args(&row.rule, &row.args, (rule.args, rule.optional));
        let args = self.args(&row.args);
        Some(Check { rule: rule.code.to_owned(), args, when: self.when(row.when.as_ref()) })
    }

    fn check_args(&mut self, of: &Word, args: &Words, (must, may): (&[&str], &[&str])) {
        for name in must {
            if !args.keys().any(|given| given.get_ref() == name) {
                let (zh, en) =
                    (format!("缺少参数 {name}"), format!("argument `{name}` is missing"));
                self.wrong(of, &zh, &en);
            }
        }
        for given in args.keys() {
            let name = given.get_ref().as_str();
            if !must.contains(&name) && !may.contains(&name) && !may.contains(&"*") {
                let names = must.iter().chain(may).copied().collect::<Vec<_>>().join(", ");
                self.wrong(given, &format!("可用参数：{names}"), &format!("takes {names}"));
            }
        }
    }

    fn act(&mut self, row: &ActRow) -> Option<Acting> {
        let Some(verb) = acts::find(row.verb.get_ref()) else {
            let names = acts::VERBS.iter().map(|verb| verb.name).collect::<Vec<_>>().join(", ");
            self.wrong(&row.verb, &format!("可用动作：{names}"), &format!("is one of {names}"));
            return None;
        };
        self.check_args(&row.verb, &row.args, (verb.args, verb.optional));
        if verb.name == "open_matter"
            && let Some((_, code)) = row.args.iter().find(|(name, _)| name.get_ref() == "code")
            && !self.known.codes.contains(code.get_ref())
        {
            self.unknown(code, ("事项", "matter"));
        }
        let args = self.args(&row.args);
        Some(Acting { verb: verb.name.to_owned(), args, when: self.when(row.when.as_ref()) })
    }

    fn go(&mut self, row: &GoRow, names: &[String], ends: &[(String, Title)]) -> Option<Branch> {
        let name = row.to.get_ref();
        let step = names.iter().position(|one| one == name).map(Target::Step);
        let target = step.or_else(|| ends.iter().position(|(one, _)| one == name).map(Target::End));
        let Some(to) = target else {
            self.unknown(&row.to, ("步骤或结局", "step or end"));
            return None;
        };
        Some(Branch { to, when: self.when(row.when.as_ref()) })
    }

    // Moves and postings.

    fn moving(&mut self, row: &MoveRow) -> Option<Moving> {
        let what = self.field(&row.what)?;
        let kind = self.fields[what].kind.clone();
        let movable =
            matches!(kind, FieldKind::Notes | FieldKind::Serials(_) | FieldKind::Thing(_));
        if !movable {
            self.wrong(&row.what, "不是券别、号段或物品", "is no notes, serials or thing");
        }
        let fits = match (row.into.is_some(), row.void, row.set.is_empty()) {
            (true, _, _) => kind == FieldKind::Notes,
            (_, true, _) => matches!(kind, FieldKind::Serials(_) | FieldKind::Thing(_)),
            (_, _, false) => matches!(kind, FieldKind::Serials(_) | FieldKind::Thing(_)),
            _ => true,
        };
        if movable && !fits {
            let zh = "into 用于券别，void 和 set 用于号段和物品";
            let en = "`into` is for notes, `void` and `set` for serials and things";
            self.wrong(&row.what, zh, en);
        }
        let from = row.from.as_ref().map(|word| self.place(word));
        let to = row.to.as_ref().map(|word| self.place(word));
        let how = match (from, to, row.into, row.void, row.set.is_empty()) {
            (Some(from), Some(to), None, false, true) => {
                let against = row.against.as_ref().and_then(|word| self.booked(word, None));
                let clears = row.clears.as_ref().and_then(|word| self.field(word));
                How::Pass { from, to, in_order: row.in_order, against, clears }
            }
            (Some(at), None, Some(into), false, true) => How::Sort { at, into },
            (Some(at), None, None, true, true) => How::Void { at },
            (None, None, None, false, false) => How::Mark { set: self.args(&row.set) },
            _ => {
                let zh = "应为 from+to、from+into、from+void 或 set 之一";
                self.wrong(&row.what, zh, "has from+to, from+into, from+void or set");
                return None;
            }
        };
        Some(Moving { what, how, when: self.when(row.when.as_ref()) })
    }

    fn place(&mut self, word: &Word) -> PlaceOf {
        match word.get_ref().as_str() {
            "transit" => PlaceOf::Transit,
            "outside" => PlaceOf::Outside,
            "destroyed" => PlaceOf::Destroyed,
            "used" => PlaceOf::Used,
            "lost" => PlaceOf::Lost,
            other => {
                let (name, customer) = match other.strip_prefix("customer:") {
                    Some(name) => (name, true),
                    None => (other, false),
                };
                let field = self.fields.iter().position(|field| field.name == name);
                let Some(field) = field else {
                    self.unknown(word, ("场所要素", "field of a place"));
                    return PlaceOf::Outside;
                };
                let fits = matches!(
                    (&self.fields[field].kind, customer),
                    (FieldKind::Place(_), false) | (FieldKind::Account, true)
                );
                if !fits {
                    self.wrong(word, "不是场所要素", "is no field of a place");
                }
                if customer { PlaceOf::Customer(field) } else { PlaceOf::Field(field) }
            }
        }
    }

    fn booked(&mut self, word: &Word, at: Option<&Word>) -> Option<Booked> {
        let text = word.get_ref();
        if let Some(field) = self.fields.iter().position(|field| field.name == *text) {
            if self.fields[field].kind != FieldKind::Account {
                self.wrong(word, "不是账户要素", "is no field of an account");
            }
            return Some(Booked::Field(field));
        }
        let at = self.place_of_hand(at);
        if !self.known.kinds.iter().any(|kind| *kind.code == **text && kind.internal) {
            self.unknown(word, ("账户要素或内部账户种类", "field or kind of the bank's account"));
            return None;
        }
        Some(Booked::Kind(text.clone(), at))
    }

    fn posting(&mut self, row: &PostRow) -> Option<Posting> {
        let amount = self.field(&row.amount)?;
        if !matches!(self.fields[amount].kind, FieldKind::Money(..)) {
            self.wrong(&row.amount, "不是金额要素", "is no field of money");
        }
        let debit = row.debit.as_ref().and_then(|one| self.booked(one, row.debit_at.as_ref()));
        let credit = row.credit.as_ref().and_then(|one| self.booked(one, row.credit_at.as_ref()));
        if row.debit.is_none() && row.credit.is_none() {
            self.wrong(&row.amount, "分录缺少借方和贷方", "has neither debit nor credit");
        }
        let clears = row.clears.as_ref().and_then(|word| self.field(word));
        let pieces = row.pieces.as_ref().and_then(|word| self.field(word));
        if let (Some(at), Some(word)) = (pieces, &row.pieces)
            && self.fields[at].kind != FieldKind::Integer
        {
            self.wrong(word, "应为整数要素", "is no field of an integer");
        }
        let when = self.when(row.when.as_ref());
        Some(Posting { debit, credit, amount, clears, pieces, when })
    }
}

/// Whether a value of the kind can be held against a bound.
fn is_amount(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money(..))
}

/// Types of field, and what a value of each is.
pub const FIELD_TYPES: [(&str, &str, &str); 24] = [
    ("text", "文字", "text"),
    ("integer", "整数", "a whole number"),
    ("decimal", "数值", "a number"),
    ("money", "金额", "an amount; `unit` if not of the base currency"),
    ("date", "日期", "a day"),
    ("time", "时间", "a time of day"),
    ("enum", "选项", "one of `choices`"),
    ("institution", "机构", "an institution"),
    ("operator", "柜员", "an operator"),
    ("operators", "多名柜员", "operators; `min`, `max` how many"),
    ("account", "账户", "an account by its number"),
    ("account_kind", "内部账户种类", "a kind of account"),
    ("document", "业务单据号", "the number of a document"),
    ("party", "客户、供应商、机关", "a customer, a supplier, an authority"),
    ("place", "保管场所", "a place; `of` which kinds"),
    ("serials", "号段", "ranges of numbers; `of` which stock or families"),
    ("thing", "单件物品", "a single thing; `of` which stock or families"),
    ("stock", "编号物品种类", "a kind of numbered stock"),
    ("note_counts", "券别与张数", "notes by denomination"),
    ("rows", "明细", "rows with `columns`"),
    ("attachment", "附件", "files"),
    ("matter", "事项", "another matter; `of` which codes"),
    ("post", "岗位", "a post"),
    ("number", "参数", "a dated number by its code"),
];

/// Words that places, hands and entries use, so that no field may be called so.
fn is_word(name: &str) -> bool {
    let words =
        ["transit", "outside", "destroyed", "used", "lost", "own", "above", "head", "clock"];
    words.contains(&name)
}

fn is_reserved_end(name: &str) -> bool {
    ["refused", "withdrawn", "voided"].contains(&name) || posts::is_reserved(name)
}
