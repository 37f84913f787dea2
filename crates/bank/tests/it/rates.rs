//! Interest where the rulebook is not the shipped one: other bases, and rates that come late.

use crate::pages::rulebook_files;
use crate::runner::Runner;
use std::path::Path;

type Files = Vec<(String, String)>;

/// The shipped rulebook with words of one file replaced, each once.
fn files(file: &str, replaced: &[(&str, &str)]) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let mut files = rulebook_files(&root);
    replace(&mut files, file, replaced);
    files
}

fn replace(files: &mut Files, file: &str, replaced: &[(&str, &str)]) {
    let text = &mut files.iter_mut().find(|(path, _)| path == file).unwrap().1;
    for (from, to) in replaced {
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
}

const CORPORATE: &str = "gl/corporate_accounts.toml";
const RATES: &str = "gl/interest_current.toml";

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Pays `amount` to a corporate deposit on the first day and closes it on the last.
fn closed(runner: &mut Runner, amount: &str, first: &str, last: &str) -> String {
    runner.run(&format!("open {first}"));
    runner.run("account firm corporate_current 0101");
    runner.run("account heir temporary_deposit 0101");
    runner.run("internal cash_vault 0101");
    let lines = format!("  Dr 0101.CNY.1001-01.01 {amount}\n  Cr firm {amount}");
    runner.run(&format!("post 0101 CASHIN ana/ben \"in\"\n{lines}"));
    runner.run(&format!("pass {last}"));
    runner.run("close-account firm heir")
}

#[test]
fn days_of_a_leap_year_divide_by_366_and_those_before_it_by_365() {
    for change in ["piecewise", "whole_period"] {
        let basis = [("basis = \"360\"", "basis = \"actual\"")];
        let mut files = files(CORPORATE, &basis);
        replace(&mut files, CORPORATE, &[("\"piecewise\"", &format!("\"{change}\""))]);
        replace(&mut files, RATES, &[("\"0.20%\"", "\"3.65%\"")]);
        let mut runner = Runner::new(&files);
        let said = closed(&mut runner, "366000.00", "2023-12-22", "2024-01-11");
        assert!(words(&said).contains("firm 731.00"), "{change}: {said}");
    }
}

#[test]
fn a_rate_put_in_force_on_its_first_day_leaves_the_days_before_it() {
    let shipped = files(RATES, &[]);
    let mut runner = Runner::new(&shipped);
    closed(&mut runner, "3600000.00", "2025-03-24", "2025-03-25");
    runner.run("account late corporate_current 0101");
    runner.run("post 0101 PAY ana/ben \"in\"\n  Dr heir 3600000.00\n  Cr late 3600000.00");
    runner.run("pass 2025-04-24");
    let mut new = shipped;
    let value = "{ from = \"2025-04-24\", is = \"1%\", source = \"new\" },\n    ";
    let next = "{ from = \"2025-05-20\"";
    replace(&mut new, RATES, &[(next, &format!("{value}{next}"))]);
    runner.activate(&new).unwrap();
    runner.run("pass 2025-05-06");
    let said = runner.run("close-account late heir");
    // 30 days at 0.10% and 12 at 1%.
    assert!(words(&said).contains("late 1500.00"), "{said}");
}

#[test]
fn what_numbers_said_of_the_past_cannot_change() {
    let shipped = files(RATES, &[]);
    let mut runner = Runner::new(&shipped);
    let changed = files(RATES, &[("\"0.10%\"", "\"0.11%\"")]);
    runner.activate(&changed).unwrap();
    runner.activate(&shipped).unwrap();
    runner.run("open 2025-03-03");
    let refused = runner.activate(&changed).unwrap_err();
    assert_eq!(refused.code, "RulebookWrong");
    assert!(refused.en.contains("PastChanged"), "{refused}");
    // What begins today may change while today is open.
    let (next, today) = ("{ from = \"2025-05-20\"", "from = \"2025-03-03\", is = \"0.07%\"");
    let dated = format!("{{ {today}, source = \"a\" }},\n    {next}");
    let dated = [(next, dated.as_str())];
    let mut renamed = files(RATES, &dated);
    let dated = files(RATES, &dated);
    runner.activate(&dated).unwrap();
    runner.run("close");
    let refused = runner.activate(&shipped).unwrap_err();
    assert_eq!(refused.code, "RulebookWrong");
    let other = [("\"rate.deposit.current\"", "\"rate.overdraft\"")];
    replace(&mut renamed, CORPORATE, &other);
    assert!(runner.activate(&renamed).unwrap_err().en.contains("corporate_current"));
}
