//! A font file, and the letters of it that a document uses.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId, Tag, name_id};

/// A character that a font for Chinese has.
const SAMPLE: char = '行';

/// A font that was read and found fit to print Chinese with.
pub struct Font {
    bytes: Vec<u8>,
    /// Which of the fonts of a collection (`.ttc`).
    index: u32,
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({} bytes, {})", self.bytes.len(), self.index)
    }
}

/// Why a file cannot be printed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontError {
    /// It is no OpenType or TrueType font.
    NoFont,
    /// It has no Chinese characters.
    NoChinese,
    /// Its outlines are of a kind that cannot be embedded: a variable font.
    Outlines,
}

impl fmt::Display for FontError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFont => "it is no OpenType or TrueType font",
            Self::NoChinese => "it has no Chinese characters",
            Self::Outlines => "its outlines cannot be embedded",
        })
    }
}

impl std::error::Error for FontError {}

impl Font {
    /// Reads a font, of a collection the one for simplified Chinese.
    ///
    /// # Errors
    ///
    /// If the file is no font, or none that pages can be printed with.
    pub fn read(bytes: Vec<u8>) -> Result<Self, FontError> {
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let simplified = (0..count).find(|index| {
            let name = Face::parse(&bytes, *index).ok().and_then(|face| family(&face));
            name.is_some_and(|name| name.ends_with(" SC") && !name.contains("Mono"))
        });
        let index = simplified.unwrap_or(0);
        let face = Face::parse(&bytes, index).map_err(|_| FontError::NoFont)?;
        if face.glyph_index(SAMPLE).is_none() {
            return Err(FontError::NoChinese);
        }
        if face.tables().glyf.is_none() && face.tables().cff.is_none() {
            return Err(FontError::Outlines);
        }
        Ok(Self { bytes, index })
    }
}

fn family(face: &Face<'_>) -> Option<String> {
    let names = face.names().into_iter();
    let mut families = names.filter(|name| name.name_id == name_id::FAMILY && name.is_unicode());
    families.find_map(|name| name.to_string().filter(|name| name.is_ascii()))
}

/// A letter as it is drawn: its number in the embedded font, and its width in thousandths of the
/// size of the type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    pub id: u16,
    pub advance: i32,
}

/// The letters of a font that a document uses, numbered as they come.
pub(super) struct Type<'a> {
    font: &'a Font,
    face: Face<'a>,
    numbers: GlyphRemapper,
    letters: HashMap<char, Letter>,
    /// By number in the embedded font: what it stands for, how wide it is.
    pub used: BTreeMap<u16, (char, i32)>,
}

/// What of a font a document holds.
pub(super) struct Embedded {
    /// Bare outlines (CFF), or a font of TrueType.
    pub outlines: Vec<u8>,
    pub is_cff: bool,
    pub name: String,
    /// In thousandths of the size of the type.
    pub ascent: i32,
    pub descent: i32,
    pub cap_height: i32,
    pub bounds: [i32; 4],
}

impl<'a> Type<'a> {
    pub fn of(font: &'a Font) -> Result<Self, FontError> {
        let face = Face::parse(&font.bytes, font.index).map_err(|_| FontError::NoFont)?;
        let numbers = GlyphRemapper::new();
        Ok(Self { font, face, numbers, letters: HashMap::new(), used: BTreeMap::new() })
    }

    /// The letter for a character; the font's box for what it does not have.
    pub fn letter(&mut self, character: char) -> Letter {
        // What moves a printing head is a space here.
        let character = if character.is_control() { ' ' } else { character };
        if let Some(known) = self.letters.get(&character) {
            return *known;
        }
        let glyph = self.face.glyph_index(character).unwrap_or(GlyphId(0));
        let width = self.face.glyph_hor_advance(glyph).unwrap_or(0);
        let letter =
            Letter { id: self.numbers.remap(glyph.0), advance: self.thousandths(i32::from(width)) };
        self.letters.insert(character, letter);
        self.used.entry(letter.id).or_insert((character, letter.advance));
        letter
    }

    /// How wide a text is, in thousandths of the size of the type.
    pub fn width(&mut self, text: &str) -> i32 {
        text.chars().map(|one| self.letter(one).advance).sum()
    }

    /// The part of the font that was used.
    pub fn embed(&self) -> Result<Embedded, String> {
        let subset = subsetter::subset(&self.font.bytes, self.font.index, &self.numbers);
        let subset = subset.map_err(|error| error.to_string())?;
        let raw = ttf_parser::RawFace::parse(&subset, 0).map_err(|error| error.to_string())?;
        let cff = raw.table(Tag::from_bytes(b"CFF ")).map(<[u8]>::to_vec);
        let face = &self.face;
        let names = face.names().into_iter();
        let mut names = names.filter(|name| name.name_id == name_id::POST_SCRIPT_NAME);
        let name = names.find_map(|name| name.to_string());
        let name = name.filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()));
        let bounds = face.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        let of = |units: i16| self.thousandths(i32::from(units));
        Ok(Embedded {
            is_cff: cff.is_some(),
            outlines: cff.unwrap_or(subset),
            name: name.unwrap_or_else(|| "Chinese".to_owned()),
            ascent: of(face.ascender()),
            descent: of(face.descender()),
            cap_height: of(face.capital_height().unwrap_or_else(|| face.ascender())),
            bounds: bounds.map(of),
        })
    }

    fn thousandths(&self, units: i32) -> i32 {
        units * 1_000 / i32::from(self.face.units_per_em().max(1))
    }
}
