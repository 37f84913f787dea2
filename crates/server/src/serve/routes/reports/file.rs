//! A table as it is sent: to be shown, or as a file with a name that people recognise. What a
//! person takes out of the bank is noted in the audit trail first.

use crate::serve::app::App;
use crate::serve::desk::{Place, Waiting};
use crate::serve::extract::escaped;
use crate::serve::lang;
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use bank::Command;
use bank::office::trail::{Kind, Note};
use history::render::Format;
use history::table::{Lang, Table};
use ledger::Refusal;

/// The formats as a query spells them.
const KNOWN: &str = "json, xlsx, csv, pdf, text";

/// What a table is sent as.
pub struct Asked {
    pub format: Format,
    /// What it is called in the audit trail: the name of the report.
    pub about: String,
    /// What of the bank it shows, for the name of the file.
    pub of: Vec<String>,
    /// By whom and when it was made.
    pub printed: String,
}

pub fn format(text: &str) -> Result<Format, Refusal> {
    match text {
        "" => Ok(Format::Json),
        name => Format::from_name(name)
            .ok_or_else(|| bank::office::refusal::not_a_choice("format", name, KNOWN)),
    }
}

fn tongue() -> Lang {
    match lang::current() {
        lang::Lang::Zh => Lang::Zh,
        lang::Lang::En => Lang::En,
    }
}

/// Whether it leaves the bank as a file, rather than being shown.
fn leaves(format: Format) -> bool {
    matches!(format, Format::Xlsx | Format::Csv | Format::Pdf)
}

/// Sends a table; the place at the desk is kept until the file is made.
pub async fn send(
    app: &App,
    caller: &Caller,
    table: Table,
    asked: Asked,
    (waiting, place): (Waiting, Place),
) -> Result<Response, Problem> {
    let Asked { format, about, of, printed } = asked;
    let (press, tongue) = (app.desk.press.clone(), tongue());
    let mut name = table.title.text(tongue).replace([' ', '/', '\\', ':', '"'], "_");
    of.iter().for_each(|part| name.extend(["_", part]));
    let name = format!("{name}.{}", format.extension());
    let work = move || {
        place.stop.go_on()?;
        let made = press.file(&table, format, tongue, &printed);
        drop(place);
        made
    };
    let made = unblocked(work).await??;
    drop(waiting);
    let kind = (header::CONTENT_TYPE, format.content_type().to_owned());
    // The books go on: an answer of now is none of later.
    let fresh = (header::CACHE_CONTROL, "no-store".to_owned());
    if !leaves(format) {
        return Ok(([kind, fresh], made).into_response());
    }
    if caller.session.is_some() {
        note(app, caller, &about, &name).await?;
    }
    let plain = format!("{about}.{}", format.extension());
    let named = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", escaped(&name));
    let named = (header::CONTENT_DISPOSITION, named);
    Ok(([kind, fresh, named], made).into_response())
}

/// Nothing leaves without its note.
async fn note(app: &App, caller: &Caller, about: &str, name: &str) -> Result<(), Problem> {
    let note = Note {
        at: app.now(),
        operator: caller.operator.clone(),
        kind: Kind::Exported,
        about: about.to_owned(),
        from: caller.address.to_string(),
        note: name.to_owned(),
    };
    app.node.ask(|_| Ok(()), Command::Note(vec![note])).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_formats_are_known() {
        assert_eq!(escaped("总账_0001.pdf"), "%E6%80%BB%E8%B4%A6_0001.pdf");
        assert_eq!(escaped("a\r\n\"b"), "a%0D%0A%22b");
        assert_eq!(format("").unwrap(), Format::Json);
        assert_eq!(format("doc").unwrap_err().code, "NotAChoice");
        let outside = Format::ALL.into_iter().filter(|format| leaves(*format));
        assert_eq!(outside.count(), 3);
    }
}
