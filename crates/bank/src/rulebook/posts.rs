//! Posts and their rights beside matters, places, stock, denominations and retention: what matters
//! refer to.

use super::NumberInfo;
use super::error::Report;
use super::file::{Definition, Entry, title};
use super::matter_file::{
    AccessRow, ApartRow, DenominationRow, PlaceRow, PostOfRow, RetentionRow, StockRow, Word,
};
use super::spot::Spanned;
use crate::office::access::{Access, Function};
use crate::office::definition::{Apart, Denomination, Office, PlaceKind, Post, Retention, Stock};
use ledger::chart::{AccountKind, Class, Subject};
use ledger::money;
use std::collections::BTreeMap;

/// What these refer to themselves.
pub(super) struct Known<'a> {
    pub numbers: &'a BTreeMap<String, NumberInfo>,
    pub kinds: &'a [AccountKind],
    pub subjects: &'a [Subject],
    /// Digits of the base currency.
    pub digits: u8,
}

struct Reader<'a, 'r, 'f> {
    known: &'a Known<'a>,
    report: &'r mut Report<'f>,
    office: Office,
}

/// Everything but matters.
pub(super) fn build(files: &[&Definition], known: &Known<'_>, report: &mut Report) -> Office {
    let mut reader = Reader { known, report, office: Office::default() };
    for file in files {
        match &file.body {
            Entry::Posts(body) => body.post.iter().for_each(|row| reader.post(file, row)),
            Entry::Places(body) => body.place.iter().for_each(|row| reader.place(file, row)),
            Entry::Stock(body) => body.stock.iter().for_each(|row| reader.stock(file, row)),
            Entry::Denominations(body) => {
                body.denomination.iter().for_each(|row| reader.denomination(file, row));
            }
            Entry::Retention(body) => {
                body.class.iter().for_each(|row| reader.retention(file, row));
            }
            _ => {}
        }
    }
    // Keepers, pairs and rights name posts that any file may have.
    for file in files {
        match &file.body {
            Entry::Posts(body) => body.apart.iter().for_each(|row| reader.apart(file, row)),
            Entry::Access(body) => body.access.iter().for_each(|row| reader.access(file, row)),
            Entry::Places(body) => {
                let keepers = body.place.iter().filter_map(|row| row.keeper.as_ref());
                keepers.for_each(|keeper| reader.known_post(file, keeper));
                let families = body.place.iter().flat_map(|row| row.stock.keys());
                families.for_each(|family| reader.known_family(file, family));
            }
            _ => {}
        }
    }
    reader.office
}

impl Reader<'_, '_, '_> {
    fn number(&mut self, file: &Definition, word: Option<&Word>) -> Option<String> {
        let word = word?;
        if !self.known.numbers.contains_key(word.get_ref()) {
            self.report.unknown(file.at(word), ("参数", "number"), word.get_ref());
        }
        Some(word.get_ref().clone())
    }

    fn titled(&mut self, file: &Definition, code: &Word, (zh, en): (&str, &str)) {
        self.report.title(file.at(code), &title(zh, en));
        self.report.not_empty(file.at(code), code.get_ref(), "code");
    }

    fn known_post(&mut self, file: &Definition, word: &Word) {
        if !self.office.posts.contains_key(word.get_ref()) {
            self.report.unknown(file.at(word), ("岗位", "post"), word.get_ref());
        }
    }

    /// A family that no stock has would leave the stock meant in no book.
    fn known_family(&mut self, file: &Definition, word: &Word) {
        let mut stocks = self.office.stocks.values();
        if !stocks.any(|stock| stock.family.as_deref() == Some(word.get_ref())) {
            let what = ("编号物品类族", "family of numbered stock");
            self.report.unknown(file.at(word), what, word.get_ref());
        }
    }

    fn duplicate(&mut self, file: &Definition, code: &Word, known: bool) {
        if known {
            self.report.duplicate(file.at(code), code.get_ref());
        }
    }

    fn post(&mut self, file: &Definition, row: &PostOfRow) {
        self.titled(file, &row.code, (&row.zh, &row.en));
        let post = Post {
            title: title(&row.zh, &row.en),
            rotate_months: self.number(file, row.rotate_months.as_ref()),
            leave_days: self.number(file, row.leave_days.as_ref()),
        };
        let before = self.office.posts.insert(row.code.get_ref().clone(), post);
        self.duplicate(file, &row.code, before.is_some());
    }

    fn apart(&mut self, file: &Definition, row: &Spanned<ApartRow>) {
        let place = file.at(row);
        let row = row.get_ref();
        for (at, post) in row.posts.iter().enumerate() {
            self.known_post(file, post);
            // A post is not kept apart from itself: it would keep nobody from anything.
            let again = row.posts[..at].iter().any(|other| other.get_ref() == post.get_ref());
            self.duplicate(file, post, again);
        }
        self.report.reason(file, &row.why, "why");
        self.report.not_empty(file.at(&row.source), row.source.get_ref(), "source");
        if row.posts.len() < 2 {
            let (zh, en) = ("至少列两个岗位", "name two posts at least");
            self.report.add(place, "WrongValue", zh, en);
        }
        self.office.apart.push(Apart {
            posts: row.posts.iter().map(|post| post.get_ref().clone()).collect(),
            why: row.why.title(),
            source: row.source.get_ref().clone(),
        });
    }

    /// A right that names a post nobody can hold would look like one that somebody has.
    fn access(&mut self, file: &Definition, row: &AccessRow) {
        self.titled(file, &row.code, (&row.zh, &row.en));
        for (at, post) in row.posts.iter().enumerate() {
            let code = post.get_ref();
            if !self.office.posts.contains_key(code) {
                let allowed = self.office.posts.keys().cloned().collect();
                self.report.not_among(file.at(post), ("岗位", "post"), code, allowed);
            }
            let again = row.posts[..at].iter().any(|other| other.get_ref() == code);
            self.duplicate(file, post, again);
        }
        if row.posts.is_empty() {
            let zh = "至少列一个岗位；不写此行则无人可办";
            let en = "name one post at least; without the row it is nobody's";
            self.report.add(file.at(&row.code), "WrongValue", zh, en);
        }
        let code = row.code.get_ref();
        let Some(function) = Function::by_code(code) else {
            let allowed = Function::all().map(|one| one.code().to_owned()).collect();
            return self.report.not_among(file.at(&row.code), ("功能", "function"), code, allowed);
        };
        let access = Access {
            title: title(&row.zh, &row.en),
            posts: row.posts.iter().map(|post| post.get_ref().clone()).collect(),
            at: row.at,
        };
        let before = self.office.access.insert(function, access);
        self.duplicate(file, &row.code, before.is_some());
    }

    fn kind(&mut self, file: &Definition, word: &Word, class: fn(Class) -> bool) -> String {
        let kind = self.known.kinds.iter().find(|kind| *kind.code == **word.get_ref());
        let fits = kind.is_some_and(|kind| {
            kind.internal && class(self.known.subjects[kind.subject.index()].class)
        });
        if !fits {
            let what = ("内部账户种类", "kind of the bank's account of this nature");
            self.report.unknown(file.at(word), what, word.get_ref());
        }
        word.get_ref().clone()
    }

    fn place(&mut self, file: &Definition, row: &PlaceRow) {
        self.titled(file, &row.code, (&row.zh, &row.en));
        let cash = row.cash.as_ref();
        let cash = cash.map(|word| self.kind(file, word, |class| class == Class::Asset));
        let mut stock = BTreeMap::new();
        for (family, word) in &row.stock {
            let kind = self.kind(file, word, |class| class == Class::OffBalance);
            stock.insert(family.get_ref().clone(), kind);
        }
        let place = PlaceKind {
            title: title(&row.zh, &row.en),
            cash,
            stock,
            keeper: row.keeper.as_ref().map(|post| post.get_ref().clone()),
            limit: self.number(file, row.limit.as_ref()),
        };
        let before = self.office.places.insert(row.code.get_ref().clone(), place);
        self.duplicate(file, &row.code, before.is_some() || is_reserved(row.code.get_ref()));
    }

    fn face(&mut self, file: &Definition, word: &Word) -> i64 {
        money::parse(word.get_ref(), self.known.digits, "face").unwrap_or_else(|refusal| {
            self.report.add(file.at(word), "WrongValue", refusal.zh, refusal.en);
            0
        })
    }

    fn stock(&mut self, file: &Definition, row: &StockRow) {
        self.titled(file, &row.code, (&row.zh, &row.en));
        let code = row.code.get_ref();
        if !code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            let (zh, en) = ("编码用小写字母、数字和下划线", "a code is of a-z, 0-9 and _");
            self.report.add(file.at(&row.code), "WrongValue", zh, en);
        }
        if let Some(per) = row.per_book.as_ref().filter(|per| *per.get_ref() == 0) {
            let (zh, en) = ("至少一份", "is one at least");
            self.report.add(file.at(per), "WrongValue", zh, en);
        }
        let stock = Stock {
            title: title(&row.zh, &row.en),
            family: row.family.as_ref().map(|family| family.get_ref().clone()),
            face: row.face.as_ref().map(|face| self.face(file, face)),
            per_book: row.per_book.as_ref().map(|per| *per.get_ref()),
        };
        let before = self.office.stocks.insert(code.clone(), stock);
        self.duplicate(file, &row.code, before.is_some());
    }

    fn denomination(&mut self, file: &Definition, row: &DenominationRow) {
        self.titled(file, &row.code, (&row.zh, &row.en));
        if row.per_bundle == 0 {
            let (zh, en) = ("每把至少一张", "a bundle has one piece at least");
            self.report.add(file.at(&row.code), "WrongValue", zh, en);
        }
        let denomination = Denomination {
            title: title(&row.zh, &row.en),
            face: self.face(file, &row.face),
            kind: row.kind,
            per_bundle: row.per_bundle.max(1),
        };
        let code = row.code.get_ref().clone();
        let before = self.office.denominations.insert(code, denomination);
        self.duplicate(file, &row.code, before.is_some());
    }

    fn retention(&mut self, file: &Definition, row: &RetentionRow) {
        self.titled(file, &row.code, (&row.zh, &row.en));
        let retention = Retention {
            title: title(&row.zh, &row.en),
            years: self.number(file, row.years.as_ref()),
        };
        let before = self.office.retention.insert(row.code.get_ref().clone(), retention);
        self.duplicate(file, &row.code, before.is_some());
    }
}

/// Names of places that are no kind of the bank's own.
pub(super) fn is_reserved(name: &str) -> bool {
    ["customer", "outside", "used", "lost", "destroyed"].contains(&name)
}
