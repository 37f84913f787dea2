//! Runs the program in a home of its own.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A home that is gone when the test is.
pub struct Place {
    folder: TempDir,
    /// What else the environment brings: the address of a store, the keys of an archive.
    environment: Vec<(&'static str, String)>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub const CASH: &str = "0000.CNY.1001-02.01";
pub const WANG: &str = "6217000000000000011";
pub const LI: &str = "6217000000000000029";

impl Place {
    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap(), environment: Vec::new() }
    }

    /// A bank with an open day, two customers, and 1,000.00 with the first.
    pub fn open() -> Self {
        Self::open_from("2026-01-05")
    }

    /// The same from another first day.
    pub fn open_from(day: &str) -> Self {
        Self::empty().opened(&["init", "--bank", "demo", "--title", "示范农商银行"], day)
    }

    /// The same on another store, whose address the environment brings.
    pub fn open_on(store: &str) -> Self {
        let place = Self { environment: vec![("DB", store.to_owned())], ..Self::empty() };
        let init = ["init", "--bank", "demo", "--title", "示范农商银行", "--store", "env:DB"];
        place.opened(&init, "2026-01-05")
    }

    /// The same with its closed days in an object store, from a month's last business day.
    pub fn open_in(archive: &str, environment: Vec<(&'static str, String)>) -> Self {
        let place = Self { environment, ..Self::empty() };
        let init = ["init", "--bank", "demo", "--title", "示范农商银行", "--archive", archive];
        place.opened(&init, "2026-01-30")
    }

    fn opened(self, init: &[&str], day: &str) -> Self {
        let place = self;
        place.run(init).ok();
        place.run(&["day", "open", day]).ok();
        for (number, name) in [(WANG, "王芳"), (LI, "李强")] {
            let kind = "personal_current";
            let flags = [
                "account",
                "open",
                number,
                "--name",
                name,
                "--kind",
                kind,
                "--institution",
                "0000",
            ];
            place.run(&flags).ok();
        }
        let file = place.write("opening.ndjson", line(&transfer("opening", CASH, WANG, "1000.00")));
        place.run(&["post", &file]).ok();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Writes a file beside the home and answers its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_at(&self.home(), arguments)
    }

    /// As [`Place::command`], with another home.
    pub fn command_at(&self, home: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_piaohao"));
        command.arg("--home").arg(home).args(arguments).current_dir(self.folder.path());
        for name in ["PIAOHAO_HOME", "PIAOHAO_LANG", "PIAOHAO_OPERATOR"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs with `--json` and reads every line of the answer.
    pub fn json(&self, arguments: &[&str]) -> (i32, Vec<Value>) {
        let ran = self.run(&[&["--json"], arguments].concat());
        let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{ran:?}"));
        (ran.code, ran.out.lines().map(line).collect())
    }

    /// Balance of an account as text, whatever its side.
    pub fn balance(&self, number: &str) -> String {
        self.account(number)["balance"].as_str().unwrap().to_owned()
    }

    pub fn account(&self, number: &str) -> Value {
        let (code, mut values) = self.json(&["account", "show", number]);
        assert_eq!(code, 0, "{values:?}");
        values.remove(0)
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        self.ends(0)
    }

    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Asserts that the refusal has this code, both languages and a line if one is given.
    #[track_caller]
    pub fn refuses(self, code: &str, line: Option<u64>) -> Self {
        assert!(self.err.contains(&format!("拒绝 {code}：")), "{self:?}");
        assert!(self.err.contains("refused: "), "{self:?}");
        if let Some(line) = line {
            assert!(self.err.contains(&format!("行 line: {line}")), "{self:?}");
        }
        self
    }
}

/// An entry that moves an amount from the credit of one account to another.
pub fn transfer(key: &str, debit: &str, credit: &str, amount: &str) -> Value {
    json!({
        "key": key, "institution": "0000", "maker": "zhang", "summary": "转账",
        "lines": [
            { "account": debit, "side": "debit", "amount": amount },
            { "account": credit, "side": "credit", "amount": amount },
        ],
    })
}

pub fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// The rejected lines of a file.
pub fn rejects(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
