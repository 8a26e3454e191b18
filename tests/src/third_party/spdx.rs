//! SPDX licence expressions, as far as crates and npm packages write them.

use std::collections::BTreeSet;

use anyhow::{bail, ensure};

/// Whether somebody who takes only the licences in `allowed` may take what is under `expression`.
///
/// `A WITH B` is one licence of its own name. `AND` binds closer than `OR`; `/`, as older crates write
/// it, is `OR`.
///
/// # Errors
/// When `expression` is none.
pub(super) fn permits(expression: &str, allowed: &BTreeSet<String>) -> anyhow::Result<bool> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    let permitted = reader.any_of()?;
    ensure!(reader.words.is_empty(), "`{expression}` goes on after its end");
    Ok(permitted)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl Reader<'_> {
    fn any_of(&mut self) -> anyhow::Result<bool> {
        let mut permitted = self.all_of()?;
        while self.take("OR") {
            permitted |= self.all_of()?;
        }
        Ok(permitted)
    }

    fn all_of(&mut self) -> anyhow::Result<bool> {
        let mut permitted = self.one()?;
        while self.take("AND") {
            permitted &= self.one()?;
        }
        Ok(permitted)
    }

    fn one(&mut self) -> anyhow::Result<bool> {
        if self.take("(") {
            let permitted = self.any_of()?;
            ensure!(self.take(")"), "a bracket stays open");
            return Ok(permitted);
        }
        let mut licence = self.next()?.to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Ok(self.allowed.contains(&licence))
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words {
            [first, rest @ ..] if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn next(&mut self) -> anyhow::Result<&str> {
        match self.words {
            [first, rest @ ..] if !["AND", "OR", "WITH", "(", ")"].contains(first) => {
                self.words = rest;
                Ok(first)
            }
            _ => bail!("a licence's name is missing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permitted(expression: &str) -> bool {
        let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]
            .map(str::to_owned)
            .into();
        permits(expression, &allowed).unwrap()
    }

    #[test]
    fn either_side_of_an_or_suffices() {
        assert!(permitted("GPL-3.0 OR MIT"));
        assert!(permitted("MIT/GPL-3.0"));
        assert!(!permitted("GPL-3.0 OR LGPL-2.1"));
    }

    #[test]
    fn both_sides_of_an_and_are_needed() {
        assert!(permitted("ISC AND (GPL-3.0 OR MIT)"));
        assert!(!permitted("ISC AND GPL-3.0"));
        assert!(permitted("GPL-3.0 AND ISC OR MIT"));
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert!(permitted("Apache-2.0 WITH LLVM-exception"));
        assert!(!permitted("Apache-2.0"));
        assert!(!permitted("MIT WITH LLVM-exception"));
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for text in ["", "MIT OR", "(MIT", "MIT ISC", "OR MIT", "MIT WITH"] {
            assert!(permits(text, &BTreeSet::new()).is_err(), "{text}");
        }
    }
}
