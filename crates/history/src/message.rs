//! One Arrow record batch as an encapsulated IPC message, written and read without copies.
//!
//! `arrow-ipc` writes any schema; a journal block has four fixed ones, is written thousands of
//! times a second and is read when a bank recovers, so here the buffers are laid out first and
//! then filled in place. The bytes are the standard format: `FFFFFFFF`, the length of the
//! metadata, the metadata (a flatbuffer), the body, all padded to 8 bytes.

use arrow_ipc::{
    Buffer, FieldNode, Message, MessageArgs, MessageHeader, MetadataVersion, RecordBatch,
    RecordBatchArgs, root_as_message,
};
use flatbuffers::FlatBufferBuilder;
use std::ops::Range;

const CONTINUATION: [u8; 4] = [0xff; 4];
const PREFIX: usize = 8;
/// Far above any block: the metadata of the widest section is below 2 KiB.
const METADATA_MAX: usize = 64 * 1024;

/// The columns of a batch to be written: what each buffer will hold, in the order of the schema.
pub(crate) struct Layout {
    rows: usize,
    nodes: Vec<FieldNode>,
    /// Ranges in the body, each beginning at a multiple of 8.
    buffers: Vec<Range<usize>>,
    end: usize,
}

impl Layout {
    pub(crate) fn new(rows: usize) -> Self {
        let (nodes, buffers) = (Vec::with_capacity(16), Vec::with_capacity(40));
        Self { rows, nodes, buffers, end: 0 }
    }

    /// A column without nulls whose values take `width` bytes each; returns its data buffer.
    pub(crate) fn fixed(&mut self, width: usize) -> usize {
        self.node(0);
        self.buffer(0);
        self.buffer(self.rows * width)
    }

    /// A column with `nulls` nulls; returns its validity buffer (empty if there are none) and
    /// its data buffer.
    pub(crate) fn nullable(&mut self, width: usize, nulls: usize) -> (usize, usize) {
        self.node(nulls);
        let validity = self.buffer(if nulls == 0 { 0 } else { self.rows.div_ceil(8) });
        (validity, self.buffer(self.rows * width))
    }

    /// A text column without nulls of `bytes` in all; returns its offsets and its data buffer.
    pub(crate) fn text(&mut self, bytes: usize) -> (usize, usize) {
        self.node(0);
        self.buffer(0);
        (self.buffer((self.rows + 1) * 4), self.buffer(bytes))
    }

    /// Appends the message with a body of zeros, which the caller then fills.
    pub(crate) fn begin<'a>(&'a self, out: &'a mut Vec<u8>) -> Body<'a> {
        let metadata = self.metadata();
        let padded = metadata.len().next_multiple_of(8);
        out.extend_from_slice(&CONTINUATION);
        let length = i32::try_from(padded).expect("metadata of a fixed schema is below 2 KiB");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&metadata);
        let start = out.len() + padded - metadata.len();
        out.resize(start + self.end, 0);
        Body { bytes: &mut out[start..], buffers: &self.buffers }
    }

    fn node(&mut self, nulls: usize) {
        self.nodes.push(FieldNode::new(self.rows as i64, nulls as i64));
    }

    fn buffer(&mut self, length: usize) -> usize {
        self.buffers.push(self.end..self.end + length);
        self.end = (self.end + length).next_multiple_of(8);
        self.buffers.len() - 1
    }

    fn metadata(&self) -> Vec<u8> {
        let mut builder = FlatBufferBuilder::with_capacity(1536);
        let buffers: Vec<Buffer> = self
            .buffers
            .iter()
            .map(|range| Buffer::new(range.start as i64, range.len() as i64))
            .collect();
        let buffers = builder.create_vector(&buffers);
        let nodes = builder.create_vector(&self.nodes);
        let args = RecordBatchArgs {
            length: self.rows as i64,
            nodes: Some(nodes),
            buffers: Some(buffers),
            compression: None,
            variadicBufferCounts: None,
        };
        let batch = RecordBatch::create(&mut builder, &args);
        let args = MessageArgs {
            version: MetadataVersion::V5,
            header_type: MessageHeader::RecordBatch,
            header: Some(batch.as_union_value()),
            bodyLength: self.end as i64,
            custom_metadata: None,
        };
        let message = Message::create(&mut builder, &args);
        builder.finish(message, None);
        builder.finished_data().to_vec()
    }
}

/// The body of a message that is being filled.
pub(crate) struct Body<'a> {
    bytes: &'a mut [u8],
    buffers: &'a [Range<usize>],
}

impl Body<'_> {
    pub(crate) fn buffer(&mut self, at: usize) -> &mut [u8] {
        &mut self.bytes[self.buffers[at].clone()]
    }

    /// Fills a buffer of `N`-byte values.
    pub(crate) fn fill<const N: usize>(
        &mut self,
        at: usize,
        values: impl Iterator<Item = [u8; N]>,
    ) {
        let (cells, _) = self.buffer(at).as_chunks_mut::<N>();
        for (cell, value) in cells.iter_mut().zip(values) {
            *cell = value;
        }
    }

    /// Fills a validity bitmap, if the column has one.
    pub(crate) fn fill_bits(&mut self, at: usize, valid: impl Iterator<Item = bool>) {
        let bits = self.buffer(at);
        if bits.is_empty() {
            return;
        }
        for (row, _) in valid.enumerate().filter(|(_, valid)| *valid) {
            bits[row / 8] |= 1 << (row % 8);
        }
    }

    /// Fills the offsets and the data of a text column.
    pub(crate) fn fill_text<'t>(
        &mut self,
        (offsets, data): (usize, usize),
        texts: impl Iterator<Item = &'t str>,
    ) {
        let (offsets, data) = (self.buffers[offsets].clone(), self.buffers[data].clone());
        let (front, back) = self.bytes.split_at_mut(data.start);
        let (cells, _) = front[offsets].as_chunks_mut::<4>();
        let mut end = 0;
        for (cell, text) in cells[1..].iter_mut().zip(texts) {
            back[end..end + text.len()].copy_from_slice(text.as_bytes());
            end += text.len();
            *cell = u32::try_from(end).expect("a block's texts are below 2 GiB").to_le_bytes();
        }
    }
}

/// A record batch that is being read: its columns are taken in the order of the schema.
pub(crate) struct Columns<'a> {
    rows: usize,
    batch: RecordBatch<'a>,
    body: &'a [u8],
    node: usize,
    buffer: usize,
}

type Read<T> = Result<T, String>;
/// A validity bitmap (none: no nulls) and the values.
type Nullable<'a, const N: usize> = (Option<&'a [u8]>, &'a [[u8; N]]);

impl<'a> Columns<'a> {
    /// Opens a message that must fill `bytes` exactly and hold `rows` rows.
    pub(crate) fn open(bytes: &'a [u8], rows: usize) -> Read<Self> {
        let (prefix, rest) = bytes.split_first_chunk::<PREFIX>().ok_or("it has no prefix")?;
        if prefix[..4] != CONTINUATION {
            return Err("it does not begin with an Arrow continuation marker".into());
        }
        let length = u32::from_le_bytes([prefix[4], prefix[5], prefix[6], prefix[7]]) as usize;
        if length > METADATA_MAX || length > rest.len() || !length.is_multiple_of(8) {
            return Err(format!("its metadata cannot be {length} bytes long"));
        }
        let (metadata, body) = rest.split_at(length);
        let message = root_as_message(metadata)
            .map_err(|_| "its metadata is not a valid flatbuffer".to_owned())?;
        let batch = message.header_as_record_batch().ok_or("it is not a record batch")?;
        if message.bodyLength() != body.len() as i64 {
            return Err(format!(
                "its body is {} bytes long and should be {}",
                body.len(),
                message.bodyLength()
            ));
        }
        if batch.length() != rows as i64 {
            return Err(format!("it has {} rows and should have {rows}", batch.length()));
        }
        if batch.compression().is_some() {
            return Err("it is compressed".into());
        }
        Ok(Self { rows, batch, body, node: 0, buffer: 0 })
    }

    /// The values of a column without nulls.
    pub(crate) fn fixed<const N: usize>(&mut self) -> Read<&'a [[u8; N]]> {
        self.node_without_nulls()?;
        let length = self.rows.checked_mul(N).ok_or("it has too many rows")?;
        Ok(self.exactly(length)?.as_chunks::<N>().0)
    }

    /// A column that may have nulls.
    pub(crate) fn nullable<const N: usize>(&mut self) -> Read<Nullable<'a, N>> {
        let nulls = self.next_node()?;
        let length = if nulls == 0 { 0 } else { self.rows.div_ceil(8) };
        let bits = self.exactly(length)?;
        if nulls != 0 {
            let valid = (0..self.rows).filter(|row| bits[row / 8] >> (row % 8) & 1 == 1).count();
            if (self.rows - valid) as i64 != nulls {
                return Err("a column's null count does not fit its validity bitmap".into());
            }
        }
        let length = self.rows.checked_mul(N).ok_or("it has too many rows")?;
        Ok(((nulls != 0).then_some(bits), self.exactly(length)?.as_chunks::<N>().0))
    }

    /// A text column without nulls.
    pub(crate) fn text(&mut self) -> Read<Texts<'a>> {
        self.node_without_nulls()?;
        let length = self.rows.checked_add(1).and_then(|rows| rows.checked_mul(4));
        let offsets = self.exactly(length.ok_or("it has too many rows")?)?.as_chunks::<4>().0;
        let data = self.next_buffer()?;
        let data = std::str::from_utf8(data).map_err(|_| "a text is not UTF-8".to_owned())?;
        let first = u32::from_le_bytes(offsets[0]);
        let last = u32::from_le_bytes(offsets[self.rows]) as usize;
        if first != 0 || last != data.len() {
            return Err("the offsets of a text column do not span its data".into());
        }
        Ok(Texts { offsets, data })
    }

    /// Checks that no column is left.
    pub(crate) fn finish(self) -> Read<()> {
        let nodes = self.batch.nodes().map_or(0, |nodes| nodes.len());
        let buffers = self.batch.buffers().map_or(0, |buffers| buffers.len());
        if self.node == nodes && self.buffer == buffers {
            return Ok(());
        }
        Err("it has more columns than its schema".into())
    }

    fn node_without_nulls(&mut self) -> Read<()> {
        if self.next_node()? != 0 {
            return Err("a column that must not have nulls has some".into());
        }
        self.exactly(0).map(|_| ())
    }

    /// The null count of the next column.
    fn next_node(&mut self) -> Read<i64> {
        let nodes = self.batch.nodes().ok_or("it has no columns")?;
        if self.node >= nodes.len() {
            return Err("it has fewer columns than its schema".into());
        }
        let node = nodes.get(self.node);
        self.node += 1;
        if node.length() != self.rows as i64 {
            return Err("a column is longer or shorter than the batch".into());
        }
        Ok(node.null_count())
    }

    fn exactly(&mut self, length: usize) -> Read<&'a [u8]> {
        let bytes = self.next_buffer()?;
        if bytes.len() != length {
            return Err(format!("a buffer is {} bytes long, not {length}", bytes.len()));
        }
        Ok(bytes)
    }

    fn next_buffer(&mut self) -> Read<&'a [u8]> {
        let buffers = self.batch.buffers().ok_or("it has no buffers")?;
        if self.buffer >= buffers.len() {
            return Err("it has fewer buffers than its schema".into());
        }
        let buffer = buffers.get(self.buffer);
        self.buffer += 1;
        let range =
            usize::try_from(buffer.offset()).ok().zip(usize::try_from(buffer.length()).ok());
        range
            .and_then(|(start, length)| self.body.get(start..start.checked_add(length)?))
            .ok_or_else(|| "a buffer reaches beyond the body".to_owned())
    }
}

/// A text column.
pub(crate) struct Texts<'a> {
    offsets: &'a [[u8; 4]],
    data: &'a str,
}

impl<'a> Texts<'a> {
    /// One text; an error if its offsets are out of order or split a character.
    pub(crate) fn get(&self, row: usize) -> Read<&'a str> {
        let start = u32::from_le_bytes(self.offsets[row]) as usize;
        let end = u32::from_le_bytes(self.offsets[row + 1]) as usize;
        self.data.get(start..end).ok_or_else(|| "the offsets of a text are out of order".to_owned())
    }
}
