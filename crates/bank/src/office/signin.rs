//! 登录规则: how long a password is, when it wears out, when a session ends. Dated numbers of the
//! rulebook (`org/signin.toml`), read as whole numbers; and the judge of a new password. Hashing,
//! counting and clocks are the service's.

use super::refusal;
use crate::state::State;
use ledger::Refusal;

/// The longest password, in bytes: what is hashed must have an end.
const PASSWORD_BYTES_MAX: usize = 256;

/// The rules of signing in that hold today; where a rulebook says nothing, [`Policy::USUAL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Characters that a password has at least.
    pub password_least: u32,
    /// How many of the four classes it has: a-z, A-Z, 0-9, everything else.
    pub password_classes: u32,
    /// Days after which it must be changed; 0: never.
    pub password_days: u32,
    /// How many earlier ones may not come again.
    pub password_history: u32,
    /// Failures in a row that lock out.
    pub failures_max: u32,
    /// Minutes until a lock-out ends by itself; 0: the operator is locked, and a matter unlocks.
    pub lockout_minutes: u32,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
    /// Minutes for which the second person of a step of two (双人) stays signed in.
    pub second_minutes: u32,
    /// Hours for which a one-time password opens the door.
    pub once_hours: u32,
    /// Days for which the token of a system holds.
    pub token_days: u32,
    /// Whether a password alone does not open the door.
    pub second_factor: bool,
}

impl Policy {
    /// What the shipped rulebook says, for one that says nothing.
    pub const USUAL: Self = Self {
        password_least: 10,
        password_classes: 3,
        password_days: 90,
        password_history: 5,
        failures_max: 5,
        lockout_minutes: 0,
        idle_minutes: 15,
        session_hours: 10,
        second_minutes: 5,
        once_hours: 24,
        token_days: 180,
        second_factor: false,
    };

    /// The rules of the business day.
    pub fn of(state: &State) -> Self {
        let (book, usual) = (&state.book, Self::USUAL);
        let number = |code: &str, otherwise: u32| {
            let value = book.chart.numbers.on(code, book.today);
            value.map_or(otherwise, |value| u32::try_from(value).unwrap_or(u32::MAX))
        };
        // A nought here would keep everybody out.
        let some = |code: &str, otherwise: u32| number(code, otherwise).max(1);
        Self {
            password_least: some("signin.password_least", usual.password_least),
            password_classes: number("signin.password_classes", usual.password_classes).min(4),
            password_days: number("signin.password_days", usual.password_days),
            password_history: number("signin.password_history", usual.password_history),
            failures_max: some("signin.failures_max", usual.failures_max),
            lockout_minutes: number("signin.lockout_minutes", usual.lockout_minutes),
            idle_minutes: some("signin.idle_minutes", usual.idle_minutes),
            session_hours: some("signin.session_hours", usual.session_hours),
            second_minutes: some("signin.second_minutes", usual.second_minutes),
            once_hours: some("signin.once_hours", usual.once_hours),
            token_days: some("signin.token_days", usual.token_days),
            second_factor: number("signin.second_factor", u32::from(usual.second_factor)) > 0,
        }
    }

    /// Judges a password that an operator chose. Which came before is for who keeps them to say.
    pub fn check(&self, password: &str, operator: &str) -> Result<(), Refusal> {
        if password.len() > PASSWORD_BYTES_MAX {
            return Err(ledger::refusal::too_long("password", PASSWORD_BYTES_MAX));
        }
        if password.chars().count() < self.password_least as usize {
            return Err(refusal::password_short(self.password_least));
        }
        if classes(password) < self.password_classes {
            return Err(refusal::password_plain(self.password_classes));
        }
        let folded = password.to_lowercase();
        if !operator.is_empty() && folded.contains(&operator.to_lowercase()) {
            return Err(refusal::password_has_operator());
        }
        if is_common(&folded) {
            return Err(refusal::password_common());
        }
        Ok(())
    }
}

/// How many of the four classes of characters a password has.
fn classes(password: &str) -> u32 {
    let has = |class: fn(char) -> bool| u32::from(password.chars().any(class));
    has(|c| c.is_ascii_lowercase())
        + has(|c| c.is_ascii_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_ascii_alphanumeric())
}

/// What is left of the commonest passwords without their digits and signs, which people put
/// around them to satisfy a rule: `Admin@123456`, `P@ssw0rd2026`.
const COMMON_WORDS: &[&str] = &[
    "a",
    "aa",
    "aaa",
    "abc",
    "abcd",
    "abcdef",
    "admin",
    "administrator",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "bank",
    "changeme",
    "china",
    "hello",
    "huawei",
    "iloveyou",
    "letmein",
    "login",
    "mima",
    "pass",
    "password",
    "pwd",
    "qaz",
    "qazwsx",
    "qazwsxedc",
    "qwe",
    "qweasd",
    "qweasdzxc",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "root",
    "secret",
    "system",
    "test",
    "user",
    "welcome",
    "woaini",
    "yinhang",
    "zxcvbn",
    "zxcvbnm",
];

/// The commonest of digits alone, each with whatever signs around it.
const COMMON_DIGITS: &[&str] = &[
    "0123456789",
    "123123",
    "123321",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "147258369",
    "5201314",
    "654321",
    "987654321",
];

/// Whether a password in small letters is one of the commonest.
fn is_common(folded: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let plain = letters(folded);
    if plain.is_empty() {
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        let same = digits.bytes().all(|digit| digits.as_bytes().first() == Some(&digit));
        return same || COMMON_DIGITS.contains(&digits.as_str());
    }
    // Signs between letters that people write for letters.
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let meant = core.replace('@', "a").replace('0', "o").replace(['$', '5'], "s");
    let meant = letters(&meant.replace(['1', '!'], "i"));
    [plain, meant].iter().any(|word| COMMON_WORDS.contains(&word.as_str()))
}
