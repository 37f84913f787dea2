//! The pages as PDF. The only file beside the workbooks with floats: PDF writes decimals, and they
//! are made here of whole thousandths of a point, for where things stand, never for what is said.

use super::font::{Embedded, Type};
use super::layout::{
    Band, FOOT, GAP, Layout, MARGIN, Page, RUNNING, SMALL, Strip, TITLE, TOP, scaled,
};
use crate::report::labels;
use crate::table::{Align, Cell, Lang, Style};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

const FONT: Name<'static> = Name(b"F");
/// Letters are numbered as the font numbers them.
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// Six letters before the name say that only a part of the font is embedded.
const SUBSET: &str = "PIAOHA+";

/// Thickness of the table's lines.
const LINE: i32 = 400;
/// How much wider the strokes of bold type are, in thousandths of its size.
const BOLD: i32 = 28;
/// How far below the middle of a line its letters stand, in thousandths of the size.
const BASE: i32 = 360;
/// Shades of the head and of totals: of 1,000 white.
const HEAD_SHADE: i32 = 905;
const TOTAL_SHADE: i32 = 955;
const WARNING_SHADE: [i32; 3] = [1_000, 965, 860];
const RED: [i32; 3] = [800, 0, 0];
const LEVEL: u8 = 6;

/// A length in thousandths as PDF writes it.
fn points(thousandths: i32) -> f32 {
    thousandths as f32 / 1_000.0
}

/// The whole file.
pub(super) fn document(layout: &Layout<'_>, letters: &mut Type<'_>) -> Result<Vec<u8>, String> {
    let mut pdf = Pdf::new();
    let mut next = Ref::new(1);
    let (catalog, tree, info, font) = (next.bump(), next.bump(), next.bump(), next.bump());
    let mut pages = Vec::with_capacity(layout.pages.len());
    for (at, page) in layout.pages.iter().enumerate() {
        let (sheet, content) = (next.bump(), next.bump());
        let drawn = Pen { layout, letters, content: Content::new() }.page(at, page);
        let drawn = miniz_oxide::deflate::compress_to_vec_zlib(&drawn, LEVEL);
        pdf.stream(content, &drawn).filter(Filter::FlateDecode);
        let mut written = pdf.page(sheet);
        let bounds = Rect::new(0.0, 0.0, points(layout.width), points(layout.height));
        written.media_box(bounds).parent(tree).contents(content);
        written.resources().fonts().pair(FONT, font);
        written.finish();
        pages.push(sheet);
    }
    let count = i32::try_from(pages.len()).map_err(|error| error.to_string())?;
    pdf.pages(tree).kids(pages).count(count);
    let mut root = pdf.catalog(catalog);
    root.pages(tree);
    root.lang(TextStr(match layout.lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(info).title(TextStr(layout.table.title.text(layout.lang)));
    embed(&mut pdf, &mut next, font, letters)?;
    Ok(pdf.finish())
}

/// Writes the part of the font that was used, and what its letters say to who copies text.
fn embed(pdf: &mut Pdf, next: &mut Ref, font: Ref, letters: &Type<'_>) -> Result<(), String> {
    let Embedded { outlines, is_cff, name, ascent, descent, cap_height, bounds } =
        letters.embed()?;
    let (descendant, descriptor) = (next.bump(), next.bump());
    let (file, unicode) = (next.bump(), next.bump());
    let name = format!("{SUBSET}{name}");
    let name = Name(name.as_bytes());
    let mut outer = pdf.type0_font(font);
    outer.base_font(name).encoding_predefined(Name(b"Identity-H"));
    outer.descendant_font(descendant).to_unicode(unicode);
    outer.finish();
    let mut inner = pdf.cid_font(descendant);
    inner.subtype(if is_cff { CidFontType::Type0 } else { CidFontType::Type2 });
    inner.base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
    inner.default_width(points(1_000_000));
    if !is_cff {
        inner.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = inner.widths();
    for (id, (_, advance)) in &letters.used {
        widths.consecutive(*id, [points(advance * 1_000)]);
    }
    widths.finish();
    inner.finish();
    let [left, low, right, high] = bounds.map(|edge| points(edge * 1_000));
    let mut described = pdf.font_descriptor(descriptor);
    described.name(name).flags(FontFlags::SYMBOLIC).bbox(Rect::new(left, low, right, high));
    described.italic_angle(0.0).ascent(points(ascent * 1_000));
    described.descent(points(descent * 1_000)).cap_height(points(cap_height * 1_000));
    described.stem_v(points(80_000));
    if is_cff {
        described.font_file3(file);
    } else {
        described.font_file2(file);
    }
    described.finish();
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(&outlines, LEVEL);
    let mut stream = pdf.stream(file, &packed);
    stream.filter(Filter::FlateDecode);
    if is_cff {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    } else {
        let length = i32::try_from(outlines.len()).map_err(|error| error.to_string())?;
        stream.pair(Name(b"Length1"), length);
    }
    stream.finish();
    let mut map = UnicodeCmap::new(Name(b"Piaohao"), IDENTITY);
    // The box that stands for what the font lacks says nothing.
    for (id, (character, _)) in letters.used.iter().filter(|(id, _)| **id != 0) {
        map.pair(*id, *character);
    }
    let map = map.finish();
    pdf.cmap(unicode, map.as_slice()).name(Name(b"Piaohao")).system_info(IDENTITY);
    Ok(())
}

/// How a text is drawn.
#[derive(Clone, Copy)]
struct Look {
    size: i32,
    bold: bool,
    red: bool,
}

impl Look {
    fn of(size: i32) -> Self {
        Self { size, bold: false, red: false }
    }

    fn bold(self, bold: bool) -> Self {
        Self { bold, ..self }
    }
}

/// Draws one page. Heights are counted from the top of the sheet, as one reads.
struct Pen<'a, 'b, 'c> {
    layout: &'a Layout<'b>,
    letters: &'a mut Type<'c>,
    content: Content,
}

impl Pen<'_, '_, '_> {
    fn page(mut self, at: usize, page: &Page) -> Vec<u8> {
        self.heading(at);
        let top = self.layout.table_top(at);
        let mut below = top;
        let only_notes = at > 0 && page.bands.is_empty();
        if !only_notes {
            below = self.table(top, page);
        }
        below += GAP;
        for note in &page.notes {
            self.text(note, MARGIN, below + SMALL.1 / 2, Look::of(SMALL.0));
            below += SMALL.1;
        }
        self.foot(at);
        self.content.finish().to_vec()
    }

    fn heading(&mut self, at: usize) {
        let layout = self.layout;
        let (size, height) = if at == 0 { TITLE } else { RUNNING };
        let title = layout.table.title.text(layout.lang);
        let room = layout.across();
        // A title longer than the sheet is set smaller.
        let width = scaled(self.letters.width(title), size).max(1);
        let size = if width > room {
            scaled(size, scaled(1_000, room) / (width / 1_000).max(1))
        } else {
            size
        };
        let width = scaled(self.letters.width(title), size);
        self.text(title, MARGIN + (room - width) / 2, TOP + height / 2, Look::of(size).bold(true));
        if at > 0 {
            return;
        }
        for (line, caption) in (0..).zip(&layout.captions) {
            let middle = TOP + height + line * SMALL.1 + SMALL.1 / 2;
            self.text(caption, MARGIN, middle, Look::of(SMALL.0));
        }
    }

    fn foot(&mut self, at: usize) {
        let layout = self.layout;
        let (here, all) = ((at + 1).to_string(), layout.pages.len().to_string());
        let pages = labels::PAGE_OF_PAGES.text(layout.lang).replace("&P", &here);
        let pages = pages.replace("&N", &all);
        let middle = layout.height - FOOT;
        let width = scaled(self.letters.width(&pages), SMALL.0);
        self.text(&layout.printed, MARGIN, middle, Look::of(SMALL.0));
        let right = layout.width - MARGIN - width;
        // In the middle, unless something stands at the left.
        let left = if layout.printed.is_empty() { (layout.width - width) / 2 } else { right };
        self.text(&pages, left, middle, Look::of(SMALL.0));
    }

    /// Draws the head and the rows; answers where they end.
    fn table(&mut self, top: i32, page: &Page) -> i32 {
        let layout = self.layout;
        let height = layout.head_height();
        self.shade(top, height, [HEAD_SHADE; 3]);
        for (strip, lines) in layout.strips.iter().zip(&layout.head) {
            let centred = Strip { align: Align::Centre, ..*strip };
            let inner = layout.row_height(lines.len());
            let look = Look::of(layout.size).bold(true);
            self.cell(lines, centred, top + (height - inner) / 2, look);
        }
        let mut edges = vec![top, top + height];
        let mut below = top + height;
        for band in &page.bands {
            below = self.band(*band, below);
            edges.push(below);
        }
        self.grid(&edges);
        below
    }

    fn band(&mut self, band: Band, top: i32) -> i32 {
        let layout = self.layout;
        let row = &layout.table.rows[band.row];
        let height = layout.row_height(band.lines);
        match row.style {
            Style::Normal => {}
            Style::Subtotal | Style::Total => self.shade(top, height, [TOTAL_SHADE; 3]),
            Style::Warning => self.shade(top, height, WARNING_SHADE),
        }
        let bold = matches!(row.style, Style::Subtotal | Style::Total);
        let cells = layout.cells(band.row);
        let broken = layout.broken(cells.iter().map(String::as_str), self.letters);
        for ((lines, strip), cell) in broken.iter().zip(&layout.strips).zip(&row.cells) {
            let shown: Vec<String> =
                lines.iter().skip(band.from).take(band.lines).cloned().collect();
            let red = matches!(cell, Cell::Amount { minor, .. } if *minor < 0);
            self.cell(&shown, *strip, top, Look { size: layout.size, bold, red });
        }
        top + height
    }

    fn cell(&mut self, lines: &[String], strip: Strip, top: i32, look: Look) {
        let layout = self.layout;
        let leading = layout.leading();
        let first = top + (layout.row_height(1) - leading) / 2 + leading / 2;
        for (at, line) in (0..).zip(lines) {
            let width = scaled(self.letters.width(line), look.size);
            let left = match strip.align {
                Align::Left => strip.left + layout.pad(),
                Align::Centre => strip.left + (strip.width - width) / 2,
                Align::Right => strip.left + strip.width - layout.pad() - width,
            };
            self.text(line, left, first + at * leading, look);
        }
    }

    /// A line of text whose middle is so far from the top.
    fn text(&mut self, text: &str, left: i32, middle: i32, look: Look) {
        if text.trim().is_empty() {
            return;
        }
        let mut bytes = Vec::with_capacity(2 * text.len());
        for character in text.chars() {
            bytes.extend(self.letters.letter(character).id.to_be_bytes());
        }
        let base = self.layout.height - middle - scaled(BASE, look.size);
        let [red, green, blue] = if look.red { RED } else { [0; 3] }.map(points);
        self.content.begin_text();
        self.content.set_font(FONT, points(look.size)).set_fill_rgb(red, green, blue);
        if look.bold {
            self.content.set_text_rendering_mode(TextRenderingMode::FillStroke);
            self.content.set_line_width(points(scaled(BOLD, look.size)));
            self.content.set_stroke_rgb(red, green, blue);
        } else {
            self.content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        self.content.next_line(points(left), points(base)).show(Str(&bytes)).end_text();
    }

    fn shade(&mut self, top: i32, height: i32, colour: [i32; 3]) {
        let [red, green, blue] = colour.map(points);
        let low = points(self.layout.height - top - height);
        let (left, across) = (points(MARGIN), points(self.layout.across()));
        self.content.set_fill_rgb(red, green, blue);
        self.content.rect(left, low, across, points(height)).fill_nonzero();
    }

    /// The lines between rows and columns, drawn over the shades.
    fn grid(&mut self, edges: &[i32]) {
        let layout = self.layout;
        let (left, right) = (MARGIN, MARGIN + layout.across());
        self.content.set_line_width(points(LINE)).set_stroke_gray(points(400));
        for edge in edges {
            let height = points(layout.height - edge);
            self.content.move_to(points(left), height).line_to(points(right), height);
        }
        let ends = edges.first().zip(edges.last());
        if let Some((top, bottom)) = ends {
            let (high, low) = (points(layout.height - top), points(layout.height - bottom));
            let sides = layout.strips.iter().map(|strip| strip.left).chain([right]);
            for side in sides {
                self.content.move_to(points(side), high).line_to(points(side), low);
            }
        }
        self.content.stroke();
    }
}
