//! The language in which a request wants its sentences: Chinese, unless it asks for English.

use axum::http::{HeaderMap, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

tokio::task_local! {
    static LANG: Lang;
}

/// The language of the request at hand.
pub fn current() -> Lang {
    LANG.try_with(|lang| *lang).unwrap_or(Lang::Zh)
}

/// Lets everything that answers the request know its language.
pub async fn within<T>(lang: Lang, answer: impl Future<Output = T>) -> T {
    LANG.scope(lang, answer).await
}

/// English if it stands before Chinese in `Accept-Language`.
pub fn of(headers: &HeaderMap) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first =
        asked.into_iter().flat_map(|asked| asked.split(',')).map(str::trim).find_map(|one| {
            let tongue = one.get(..2)?.to_ascii_lowercase();
            match tongue.as_str() {
                "zh" => Some(Lang::Zh),
                "en" => Some(Lang::En),
                _ => None,
            }
        });
    first.unwrap_or(Lang::Zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_asked_for() {
        let lang = |asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            of(&headers)
        };
        assert_eq!(lang("en-GB,zh;q=0.5"), Lang::En);
        assert_eq!(lang("zh-CN,en;q=0.5"), Lang::Zh);
        assert_eq!(lang("fr"), Lang::Zh);
        assert_eq!(of(&HeaderMap::new()), Lang::Zh);
    }
}
