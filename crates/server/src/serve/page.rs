//! The workplace: what `ui/` was built to, carried inside the program. A program that was built
//! without it says how to build it, and serves the interface all the same.

use super::api::not_found;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What Vite wrote. While it is missing the folder counts as empty.
#[derive(RustEmbed)]
#[folder = "../../ui/dist/page"]
#[allow_missing = true]
struct Built;

const INDEX: &str = "index.html";

/// Names under this folder carry a digest of what they hold, so they never change.
const FOR_EVER: &str = "assets/";

/// Addresses of the interface and of monitors: what is not there is no page.
const NO_PAGES: [&str; 4] = ["api/", "health", "ready", "metrics"];

const UNBUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">\
    <title>票号 Piaohao</title><body><h1>票号 Piaohao</h1>\
    <p>本程序未包含操作界面：请运行 <code>make ui</code> 后重新编译。\
    接口说明见 <a href=\"/api/docs\">/api/docs</a>。</p>\
    <p lang=\"en\">This program was built without its pages: run <code>make ui</code>, then build \
    it again. The interface is described at <a href=\"/api/docs\">/api/docs</a>.</p></body></html>";

/// Answers every address that nothing else does.
pub async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || NO_PAGES.iter().any(|no| path.starts_with(no)) {
        return not_found().into_response();
    }
    if let Some(file) = Built::get(path) {
        return answer(path, file, request.headers());
    }
    // The pages find their own way from any address, numbers of accounts with points in them too; a
    // file that is missing is missing.
    if path.starts_with(FOR_EVER) || media(path) != ANYTHING {
        return not_found().into_response();
    }
    match Built::get(INDEX) {
        Some(file) => answer(INDEX, file, request.headers()),
        None => plain(UNBUILT),
    }
}

fn plain(text: &'static str) -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, html)], text).into_response()
}

fn answer(path: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let digest = ledger::hex(&file.metadata.sha256_hash()[..16]);
    let etag = HeaderValue::try_from(format!("\"{digest}\"")).expect("a digest is plain ASCII");
    let keep = match path.starts_with(FOR_EVER) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag);
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(file.data).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media(path)));
    response
}

const ANYTHING: &str = "application/octet-stream";

fn media(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "map" => "application/json",
        "woff2" => "font/woff2",
        _ => ANYTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(path: &str) -> Response {
        serve(Request::get(path).body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn any_address_is_a_page_but_those_of_the_interface() {
        for page in ["/", "/matters/7", "/accounts/6217", "/accounts/0101.CNY.1001-02.01"] {
            let response = get(page).await;
            assert_eq!(response.status(), 200, "{page}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        }
        for none in
            ["/api/v1/nothing", "/api/nothing", "/assets/gone.js", "/favicon.ico", "/robots.txt"]
        {
            assert_eq!(get(none).await.status(), 404, "{none}");
        }
        let post = Request::post("/matters").body(Body::empty()).unwrap();
        assert_eq!(serve(post).await.status(), 404);
    }

    #[test]
    fn a_file_is_kept_as_long_as_its_name_says() {
        let file = || EmbeddedFile {
            data: b"x".to_vec().into(),
            metadata: rust_embed::Metadata::__rust_embed_new([7; 32], None, None),
        };
        let asset = answer("assets/shell-1a2b.js", file(), &HeaderMap::new());
        assert!(asset.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let index = answer(INDEX, file(), &HeaderMap::new());
        assert_eq!(index.headers()[header::CACHE_CONTROL], "no-cache");
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, index.headers()[header::ETAG].clone());
        assert_eq!(answer(INDEX, file(), &asked).status(), 304);
    }
}
