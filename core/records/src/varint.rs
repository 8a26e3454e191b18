//! Integers in as few bytes as they need: unsigned LEB128, signed ones zigzag first.

/// A column that ends before its last value, or whose integers are not written the shortest way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a column is cut short or malformed")]
pub struct Truncated;

/// Appends values to a column.
#[derive(Clone, Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Appends an unsigned integer.
    pub fn uint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    /// Appends a signed integer.
    pub fn int(&mut self, n: i64) {
        self.uint(((n << 1) ^ (n >> 63)) as u64);
    }

    /// Appends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends a length and that many bytes.
    pub fn bytes_with_length(&mut self, bytes: &[u8]) {
        self.uint(bytes.len() as u64);
        self.raw(bytes);
    }
}

/// Reads a column from its start.
#[derive(Clone, Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// From the start of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is not yet read.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Whether all is read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Truncated> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Truncated> {
        let (byte, rest) = self.0.split_first().ok_or(Truncated)?;
        self.0 = rest;
        Ok(*byte)
    }

    /// The next unsigned integer.
    pub fn uint(&mut self) -> Result<u64, Truncated> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // Ten bytes hold 70 bits, and a last byte of zero would be a second way to write the same.
            if (shift == 63 && bits > 1) || (shift > 0 && byte == 0) {
                return Err(Truncated);
            }
            n |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(Truncated)
    }

    /// The next signed integer.
    pub fn int(&mut self) -> Result<i64, Truncated> {
        let n = self.uint()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// A length and that many bytes.
    pub fn bytes_with_length(&mut self) -> Result<&'a [u8], Truncated> {
        let length = usize::try_from(self.uint()?).map_err(|_| Truncated)?;
        self.take(length)
    }
}
