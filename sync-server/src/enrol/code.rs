use std::fmt;

use crate::outside::Outside;

/// Crockford's base 32: no I, L, O or U, so that a code read aloud or from a bad print is still told apart.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS: usize = 12;

/// A one-time enrolment code: 60 random bits, shown as `XXXX-XXXX-XXXX`.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode([u8; CHARACTERS]);

impl EnrolCode {
    /// A new code.
    pub fn draw(outside: &dyn Outside) -> Self {
        let random: [u8; CHARACTERS] = outside.random();
        Self(random.map(|byte| digit(byte % 32)))
    }

    /// The code that somebody typed: dashes and spaces are passed over, O is 0, I and L are 1.
    pub fn parse(text: &str) -> Option<Self> {
        // Nobody types more than this, and nobody else needs us to read it.
        if text.len() > 64 {
            return None;
        }
        let typed = text
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            });
        let code: Vec<u8> = typed.map(u8::try_from).collect::<Result<_, _>>().ok()?;
        let code: [u8; CHARACTERS] = code.try_into().ok()?;
        code.iter().all(|c| ALPHABET.contains(c)).then_some(Self(code))
    }

    /// What is kept of it. With 60 random bits and 15 minutes a slow hash would add nothing.
    pub fn hash(&self) -> [u8; 32] {
        blake3::derive_key("saddlebag enrolment code v1", &self.0)
    }
}

fn digit(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')
}

impl fmt::Display for EnrolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, part) in self.0.chunks(4).enumerate() {
            let dash = if n == 0 { "" } else { "-" };
            write!(f, "{dash}{}", String::from_utf8_lossy(part))?;
        }
        Ok(())
    }
}

/// Never the code: it lets anybody in who reads it within its 15 minutes.
impl fmt::Debug for EnrolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::System;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = EnrolCode::parse("0123-45JK-1XYZ").unwrap();
        for typed in ["012345JK1XYZ", "o123 45jk lxyz", "O123-45JK-IXYZ"] {
            assert_eq!(EnrolCode::parse(typed).unwrap(), code);
        }
        assert_eq!(code.to_string(), "0123-45JK-1XYZ");
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in [
            "",
            "0123-45JK-1XY",
            "0123-45JK-1XYZ0",
            "0123-45JU-1XYZ",
            "０123-45JK-1XYZ",
        ] {
            assert!(EnrolCode::parse(text).is_none(), "{text}");
        }
        assert!(EnrolCode::parse(&"-".repeat(1000)).is_none());
    }

    #[test]
    fn drawn_codes_use_the_whole_alphabet_and_hide_from_debug() {
        let codes: String = (0..200).map(|_| EnrolCode::draw(&System).to_string()).collect();
        assert!(ALPHABET.iter().all(|c| codes.contains(char::from(*c))));
        let code = EnrolCode::draw(&System);
        assert_eq!(EnrolCode::parse(&code.to_string()).unwrap().hash(), code.hash());
        assert!(!format!("{code:?}").contains(&code.to_string()));
    }
}
