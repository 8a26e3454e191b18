use std::fmt;
use std::str::FromStr;

use saddlebag_records::fact::MAX_FEN;
use saddlebag_records::id::{PersonId, RecordId};

/// A pass of cash as the giver shows it: which pass, from whom, how much.
///
/// 38 bytes (the pass, the giver, the sum in 4 bytes big-endian, and the first two of the BLAKE3 of all that) in
/// Crockford's base 32, in groups of five: digits and capitals alone, which a QR code packs most tightly, without I, L,
/// O and U.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashCode {
    /// The pass.
    pub record: RecordId,
    /// Who gave it.
    pub from: PersonId,
    /// How much, in fen.
    pub fen: u64,
}

/// A text that is no such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code for cash")]
pub struct NotACashCode;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES: usize = 38;
const DIGITS: usize = (BYTES * 8).div_ceil(BITS);
const BITS: usize = 5;
const GROUP: usize = 5;

fn check(bytes: &[u8]) -> [u8; 2] {
    let [a, b, ..] = *blake3::hash(bytes).as_bytes();
    [a, b]
}

/// The bits of these values, each `width` wide, the highest first.
fn bits(values: impl IntoIterator<Item = u8>, width: usize) -> Vec<bool> {
    let of = |value: u8| (0..width).rev().map(move |at| value >> at & 1 == 1);
    values.into_iter().flat_map(of).collect()
}

/// The value of these bits, the highest first.
fn value(bits: &[bool]) -> u8 {
    bits.iter().fold(0, |value, bit| value << 1 | u8::from(*bit))
}

impl fmt::Display for CashCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A sum above 4 bytes is none that a fact can move.
        let fen = u32::try_from(self.fen).unwrap_or(u32::MAX);
        let mut bytes = [&self.record.0[..], &self.from.0[..], &fen.to_be_bytes()[..]].concat();
        bytes.extend(check(&bytes));
        let mut bits = bits(bytes, 8);
        bits.resize(DIGITS * BITS, false);
        for (at, digit) in bits.chunks(BITS).enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            let digit = ALPHABET.get(usize::from(value(digit))).copied().unwrap_or(b'0');
            write!(f, "{}", char::from(digit))?;
        }
        Ok(())
    }
}

impl FromStr for CashCode {
    type Err = NotACashCode;

    /// Capitals or not, with spaces and dashes or without, O for 0 and I or L for 1.
    fn from_str(typed: &str) -> Result<Self, NotACashCode> {
        let mut digits = Vec::with_capacity(DIGITS);
        for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let digit = ALPHABET
                .iter()
                .position(|known| char::from(*known) == c)
                .ok_or(NotACashCode)?;
            digits.push(u8::try_from(digit).map_err(|_| NotACashCode)?);
            if digits.len() > DIGITS {
                return Err(NotACashCode);
            }
        }
        if digits.len() != DIGITS {
            return Err(NotACashCode);
        }
        let bits = bits(digits, BITS);
        let (bits, padding) = bits.split_at_checked(BYTES * 8).ok_or(NotACashCode)?;
        let bytes: Vec<u8> = bits.chunks(8).map(value).collect();
        let (said, sum) = bytes.split_at_checked(BYTES - 2).ok_or(NotACashCode)?;
        if check(said) != *sum || padding.contains(&true) {
            return Err(NotACashCode);
        }
        let (record, rest) = said.split_at_checked(16).ok_or(NotACashCode)?;
        let (from, fen) = rest.split_at_checked(16).ok_or(NotACashCode)?;
        let fen = u64::from(u32::from_be_bytes(fen.try_into().map_err(|_| NotACashCode)?));
        if fen > MAX_FEN {
            return Err(NotACashCode);
        }
        Ok(Self {
            record: RecordId::from_slice(record).map_err(|_| NotACashCode)?,
            from: PersonId::from_slice(from).map_err(|_| NotACashCode)?,
            fen,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODE: CashCode = CashCode {
        record: RecordId([1; 16]),
        from: PersonId([0xfe; 16]),
        fen: 123_450,
    };

    /// Frozen: the giver's app may be older than the taker's.
    #[test]
    fn a_code_keeps_its_form() {
        assert_eq!(
            CODE.to_string(),
            "040G2-08104-0G208-1040G-20810-7ZFXZ-QYZVZ-FXZQY-ZVZFX-ZQYZV-Z000F-27A9K-R"
        );
    }

    #[test]
    fn it_is_read_as_people_type_it() {
        let shown = CODE.to_string();
        assert_eq!(shown.to_lowercase().replace('-', " ").parse(), Ok(CODE));
        assert_eq!(shown.replace('0', "o").replace('1', "l").parse(), Ok(CODE));
        assert_eq!("".parse::<CashCode>(), Err(NotACashCode));
        assert_eq!(format!("{shown}0").parse::<CashCode>(), Err(NotACashCode));
        assert_eq!(
            CashCode {
                fen: MAX_FEN + 1,
                ..CODE
            }
            .to_string()
            .parse::<CashCode>(),
            Err(NotACashCode)
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_is_read(record: [u8; 16], from: [u8; 16], fen in 0..=MAX_FEN) {
            let code = CashCode { record: RecordId(record), from: PersonId(from), fen };
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn a_digit_typed_wrong_is_nearly_always_noticed(at in 0..DIGITS, digit in 0..32usize) {
            let plain: Vec<char> = CODE.to_string().chars().filter(|c| *c != '-').collect();
            let mut typed = plain.clone();
            typed[at] = char::from(ALPHABET[digit]);
            if typed != plain {
                let read = typed.into_iter().collect::<String>().parse::<CashCode>();
                prop_assert_eq!(read, Err(NotACashCode));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(typed in ".{0,80}") {
            let _ = typed.parse::<CashCode>();
        }
    }
}
