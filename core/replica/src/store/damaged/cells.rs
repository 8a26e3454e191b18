use super::cipher::USABLE;
use super::record::varint;

/// A page of a tree: what it leads to, and the rows that lie in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TreePage {
    /// Whether it is of a table with row numbers. Else it is of an index, or of a table without them.
    pub(super) is_numbered: bool,
    /// The pages below it.
    pub(super) below: Vec<u32>,
    /// Its rows.
    pub(super) cells: Vec<Cell>,
}

/// A row in a page. What is long goes on in other pages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) rowid: Option<i64>,
    /// All its bytes, were they here.
    pub(super) length: usize,
    /// Those that are.
    pub(super) here: Vec<u8>,
    /// The page where it goes on.
    pub(super) goes_on: Option<u32>,
}

const INTERIOR_INDEX: u8 = 2;
const INTERIOR_TABLE: u8 = 5;
const LEAF_INDEX: u8 = 10;
const LEAF_TABLE: u8 = 13;

/// The first page begins with the file's own header.
const FILE_HEADER: usize = 100;

/// What this page holds; none where it is no page of a tree.
pub(super) fn tree_page(number: u32, page: &[u8]) -> Option<TreePage> {
    let header = page.get(if number == 1 { FILE_HEADER } else { 0 }..)?;
    let kind = *header.first()?;
    let is_interior = matches!(kind, INTERIOR_INDEX | INTERIOR_TABLE);
    if !is_interior && !matches!(kind, LEAF_INDEX | LEAF_TABLE) {
        return None;
    }
    let mut read = TreePage {
        is_numbered: matches!(kind, INTERIOR_TABLE | LEAF_TABLE),
        ..TreePage::default()
    };
    let count = usize::from(u16_at(header, 3)?);
    let pointers = header.get(if is_interior { 12 } else { 8 }..)?;
    for at in (0..count).map(|cell| u16_at(pointers, cell * 2)) {
        let mut cell = page.get(usize::from(at?)..)?;
        if is_interior {
            read.below.push(u32_at(cell, 0)?);
            cell = cell.get(4..)?;
        }
        // In a numbered table the pages above the rows hold numbers alone.
        if kind != INTERIOR_TABLE {
            read.cells.push(row(cell, read.is_numbered)?);
        }
    }
    if is_interior {
        read.below.push(u32_at(header, 8)?);
    }
    Some(read)
}

fn row(cell: &[u8], is_numbered: bool) -> Option<Cell> {
    let (length, mut at) = varint(cell)?;
    let length = usize::try_from(length).ok()?;
    let mut rowid = None;
    if is_numbered {
        let (number, bytes) = varint(cell.get(at..)?)?;
        rowid = Some(number.cast_signed());
        at += bytes;
    }
    let here = local(length, is_numbered);
    let goes_on = (here < length).then(|| u32_at(cell, at + here)).flatten();
    Some(Cell {
        rowid,
        length,
        here: cell.get(at..at.checked_add(here)?)?.to_vec(),
        goes_on,
    })
}

/// How much of a row of this length lies in the page itself: the rule of SQLite's file format.
fn local(length: usize, is_numbered: bool) -> usize {
    let most = if is_numbered {
        USABLE - 35
    } else {
        (USABLE - 12) * 64 / 255 - 23
    };
    if length <= most {
        return length;
    }
    let least = (USABLE - 12) * 32 / 255 - 23;
    let fitting = least + (length - least) % (USABLE - 4);
    if fitting <= most { fitting } else { least }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}
