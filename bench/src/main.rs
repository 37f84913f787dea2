//! Measures the books side by side with their limits: what the disk alone can do, in the same
//! run. `cargo run --release -p bench -- [--entries N] [--only NAME]` prints Markdown tables.

mod bulk;
mod machine;
mod setup;
mod single;
mod state;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let entries: usize = value("--entries").and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let only = value("--only");
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    println!("{}", machine::describe());
    if wanted("bulk") {
        bulk::run(entries);
    }
    if wanted("postgres") {
        bulk::postgres(entries);
    }
    if wanted("groups") {
        bulk::groups();
    }
    if wanted("single") {
        single::run();
    }
    if wanted("accounts") {
        state::accounts();
    }
    println!("load after: {}", machine::load());
}
