//! Closed days in an object store, whose keys the environment brings.

use crate::program::{LI, Place, WANG, line, transfer};
use crate::python::S3;

#[test]
fn a_day_is_sealed_read_and_verified_in_an_object_store() {
    let server = S3::start("bank");
    let environment = vec![
        ("AWS_ENDPOINT", server.endpoint()),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
    ];
    let place = Place::open_in("s3://bank/books", environment);
    let config = std::fs::read_to_string(place.home().join("piaohao.toml")).unwrap();
    assert!(config.contains("s3://bank/books") && !config.contains("test"), "{config}");
    let file = place.write("1.ndjson", line(&transfer("1", WANG, LI, "10.00")));
    place.run(&["post", &file]).ok();
    // This close merges the month too.
    place.run(&["day", "close"]).ok();
    place.run(&["day", "open"]).ok();
    let file = place.write("2.ndjson", line(&transfer("2", WANG, LI, "5.00")));
    place.run(&["post", &file]).ok();
    place.run(&["day", "close"]).ok();
    let page = place.run(&["statement", LI, "--from", "2026-01-30"]).ok();
    assert!(page.out.contains("10.00") && page.out.contains("15.00"), "{page:?}");
    place.run(&["verify"]).ok();
    assert!(!place.home().join("history").exists());
}
