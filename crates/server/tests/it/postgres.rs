//! The same books on PostgreSQL, whose address the environment brings.

use crate::program::{LI, Place, WANG, line, transfer};
use store::testing::Cluster;

#[test]
fn a_day_is_lived_and_verified_on_postgres() {
    let database = Cluster::shared().database().unwrap();
    let place = Place::open_on(database.url());
    let config = std::fs::read_to_string(place.home().join("piaohao.toml")).unwrap();
    assert!(config.contains("store = \"env:DB\"") && !config.contains("postgres"), "{config}");
    let file = place.write("e.ndjson", line(&transfer("1", WANG, LI, "10.00")));
    place.run(&["post", &file]).ok();
    let (_, again) = place.json(&["post", &file]);
    assert_eq!(again[0]["again"], true);
    place.run(&["day", "close"]).ok();
    place.run(&["day", "open"]).ok();
    assert_eq!(place.balance(LI), "10.00");
    let page = place.run(&["statement", LI, "--from", "2026-01-05"]).ok();
    assert!(page.out.contains("10.00"), "{page:?}");
    place.run(&["verify"]).ok();
}
