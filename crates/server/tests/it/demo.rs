//! The demonstration, cut short.

use crate::program::Place;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_first_days_of_the_demonstration_prove_every_balance() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/amlsim/20K_cycle200");
    let data = data.display().to_string();
    let place = Place::empty();
    let flags = ["--json", "demo", "--data", &data, "--days", "3"];
    let told: Value = serde_json::from_str(&place.run(&flags).ok().out).unwrap();
    assert_eq!(told["differences"], 0);
    assert_eq!(told["verify_differences"], 0);
    assert_eq!(told["accounts"], 20_000);
    assert_eq!(told["days"], 3);
    place.run(&flags).ends(1);
    std::fs::remove_file(place.home().join("made-by-demo")).unwrap();
    let ran = place.run(&["demo", "--data", &data, "--days", "1", "--again"]).ends(1);
    ran.refuses("HomeNotOurs", None);
}
