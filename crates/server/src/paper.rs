//! Reports as files. PDF needs a font with Chinese characters, which comes from the machine and is
//! never a part of the program.

use crate::home::Home;
use crate::refusal;
use history::render::pdf::{Font, Paper};
use history::render::{Format, RenderError, render};
use history::table::{Lang, Table};
use ledger::Refusal;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Names a font file, above what `piaohao.toml` says.
const VARIABLE: &str = "PIAOHAO_FONT";

/// Where Linux distributions put a font for Chinese: Debian's fonts-noto-cjk, then others.
const USUAL: [&str; 4] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
];

/// Makes files of tables; the font is read when the first page needs it.
pub struct Press {
    named: Option<PathBuf>,
    font: OnceLock<Font>,
}

impl Press {
    pub fn of(home: &Home) -> Self {
        let configured = home.config.serve.as_ref().and_then(|serve| serve.font.clone());
        Self::with(std::env::var_os(VARIABLE), configured.map(|path| home.folder.join(path)))
    }

    fn with(variable: Option<OsString>, configured: Option<PathBuf>) -> Self {
        let variable = variable.filter(|path| !path.is_empty()).map(PathBuf::from);
        Self { named: variable.or(configured), font: OnceLock::new() }
    }

    /// A table as a file; `printed` says when and by whom.
    pub fn file(
        &self,
        table: &Table,
        format: Format,
        lang: Lang,
        printed: &str,
    ) -> Result<Vec<u8>, Refusal> {
        let paper = match format {
            Format::Pdf => Some(Paper { font: self.font()?, printed }),
            _ => None,
        };
        let unfit = |error: RenderError| refusal::table_unfit(format.name(), &error.reason);
        render(table, format, lang, paper.as_ref()).map_err(unfit)
    }

    fn font(&self) -> Result<&Font, Refusal> {
        if let Some(font) = self.font.get() {
            return Ok(font);
        }
        let font = self.read()?;
        // Another page may have read it meanwhile.
        Ok(self.font.get_or_init(|| font))
    }

    fn read(&self) -> Result<Font, Refusal> {
        let usual = || USUAL.map(PathBuf::from).to_vec();
        for path in self.named.clone().map_or_else(usual, |path| vec![path]) {
            let shown = path.display().to_string();
            match std::fs::read(&path) {
                Ok(bytes) => {
                    return Font::read(bytes)
                        .map_err(|error| refusal::font_unfit(&shown, &error.to_string()));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(refusal::font_unfit(&shown, &error.to_string())),
            }
        }
        let named = self.named.as_ref().map(|path| path.display().to_string());
        Err(refusal::font_missing(named.as_deref().unwrap_or(USUAL[0])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use history::table::Label;

    #[test]
    fn pages_need_a_font_and_other_files_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::new(Label::of("表", "Table"), Vec::new());
        let made = |press: &Press, format| press.file(&table, format, Lang::Zh, "");
        let none = Press::with(None, Some(folder.path().join("none.ttc")));
        assert_eq!(made(&none, Format::Pdf).unwrap_err().code, "FontMissing");
        assert!(made(&none, Format::Xlsx).unwrap().starts_with(b"PK"));
        let odd = folder.path().join("odd.ttc");
        std::fs::write(&odd, "no font").unwrap();
        let odd = Press::with(Some(odd.into_os_string()), Some("none.ttc".into()));
        assert_eq!(made(&odd, Format::Pdf).unwrap_err().code, "FontUnfit", "the variable wins");
        let usual = Press::with(Some(OsString::new()), None);
        assert!(made(&usual, Format::Pdf).unwrap().starts_with(b"%PDF"));
    }
}
