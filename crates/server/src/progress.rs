//! A bar for long work, drawn on standard error and only where somebody can see it.

use crate::output::Output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
const STEPS: &str = "{msg} {wide_bar} {pos}/{len} {per_sec} {eta}";
const UNKNOWN: &str = "{spinner} {msg} {bytes} {bytes_per_sec} {elapsed}";

/// How far a file has been read; its length is unknown for a pipe.
pub fn bytes(out: &Output, what: &str, length: Option<u64>) -> ProgressBar {
    let style = if length.is_some() { BYTES } else { UNKNOWN };
    bar(out, what, length, style)
}

/// How many of so many steps are done.
pub fn steps(out: &Output, what: &str, count: u64) -> ProgressBar {
    bar(out, what, Some(count), STEPS)
}

fn bar(out: &Output, what: &str, length: Option<u64>, style: &str) -> ProgressBar {
    if !out.draws() {
        return ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template(style).expect("the templates above are sound");
    ProgressBar::new(length.unwrap_or(0)).with_style(style).with_message(what.to_owned())
}
