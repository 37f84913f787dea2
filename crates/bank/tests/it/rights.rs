//! 权限矩阵: `rights.txt` says who may put which hand to what, so that a change of rights is seen
//! in review. `UPDATE=1` writes it anew.

use crate::pages::{first_difference, rulebook_files};
use bank::checker::rights::text;
use bank::rulebook::Rulebook;
use std::path::Path;

#[test]
fn the_matrix_of_rights_is_what_the_rulebook_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let rulebook = Rulebook::parse(&rulebook_files(&root.join("rulebook"))).unwrap();
    let (path, now) = (root.join("rights.txt"), text(&rulebook));
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(path, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(path).unwrap();
    assert!(before == now, "rights.txt: {} (UPDATE=1)", first_difference(&before, &now));
}
