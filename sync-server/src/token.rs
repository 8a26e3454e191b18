//! Device tokens: base64url of the county's id and 256 random bits. The county keeps the hash alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saddlebag_records::id::CountyId;

use crate::outside::Outside;

/// BLAKE3 of a token's text. 256 random bits need no slow hash.
pub(crate) type TokenHash = [u8; 32];

/// A new token of the county.
pub(crate) fn draw(county: CountyId, outside: &dyn Outside) -> String {
    URL_SAFE_NO_PAD.encode([&county.0[..], &outside.random::<32>()].concat())
}

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> TokenHash {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// The county that a token names, if it is one.
pub(crate) fn county_of(token: &str) -> Option<CountyId> {
    // 48 bytes are 64 characters: anything else is not worth decoding.
    let bytes = (token.len() == 64)
        .then(|| URL_SAFE_NO_PAD.decode(token).ok())
        .flatten()?;
    CountyId::from_slice(bytes.get(..16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::System;

    #[test]
    fn a_token_names_its_county() {
        let county = CountyId([7; 16]);
        let token = draw(county, &System);
        assert_eq!(county_of(&token), Some(county));
        assert_ne!(token, draw(county, &System));
        for bad in [
            "",
            &token[1..],
            &format!("{token}A"),
            &token.replace(&token[..1], "!"),
        ] {
            assert_eq!(county_of(bad), None);
        }
    }
}
