use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;

use super::cells::{Cell, u32_at};
use super::forms::table_of;
use super::pages::Pages;
use super::record::Row;
use crate::error::Result;

/// What a look through a damaged database came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Pages that are not what was written.
    pub(crate) unreadable: u32,
    /// The version of the database; 0 where that cannot be read.
    pub(crate) version: u32,
}

/// Under this name the names of all facts are given: author, counter and record, from an index of their table.
pub(crate) const NAMES_OF_FACTS: &str = "names of facts";

/// What a tree is of. Its pages are those of no other.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tree {
    Rows(String),
    /// An index, or a table that is made of others.
    Other,
}

/// Where the file's header tells the version of what is in it.
const VERSION: usize = 60;

impl Pages {
    /// How many pages are damaged, and the version of the database.
    pub(crate) fn look(&mut self) -> Result<Looked> {
        let mut looked = Looked::default();
        for number in 1..=self.count() {
            match self.page(number)? {
                Some(page) if number == 1 => {
                    looked.version = u32_at(&page, VERSION).unwrap_or(0);
                }
                Some(_) => {}
                None => looked.unreadable += 1,
            }
        }
        Ok(looked)
    }

    /// Gives every row that can be read, with the name of its table: first those to which a tree leads, then those of
    /// pages that no tree leads to any more, as far as their form tells what they are. The tables that are whole.
    pub(crate) fn rows(&mut self, mut give: impl FnMut(&str, Row) -> Result<()>) -> Result<BTreeSet<String>> {
        let (roots, mut reached) = self.roots()?;
        let mut whole = BTreeSet::new();
        for (root, tree) in roots {
            let is_whole = self.walk(
                root,
                &mut reached,
                &mut |pages, cell| match (&tree, pages.row(cell)?) {
                    (Tree::Rows(table), Some(row)) => give(table, row),
                    _ => Ok(()),
                },
            )?;
            if let Tree::Rows(table) = tree
                && is_whole
            {
                whole.insert(table);
            }
        }
        for number in 2..=self.count() {
            if reached.contains(&number) {
                continue;
            }
            for cell in self.tree_page(number)?.into_iter().flat_map(|page| page.cells) {
                if let Some(row) = self.row(cell)?
                    && let Some(table) = table_of(&row)
                {
                    give(table, row)?;
                }
            }
        }
        Ok(whole)
    }

    /// Where each tree begins and what it is of; and the pages that say so.
    fn roots(&mut self) -> Result<(BTreeMap<u32, Tree>, BTreeSet<u32>)> {
        let (mut roots, mut reached) = (BTreeMap::new(), BTreeSet::new());
        self.walk(1, &mut reached, &mut |pages, cell| {
            if let Some(row) = pages.row(cell)?
                && let [
                    Value::Text(kind),
                    Value::Text(name),
                    Value::Text(of),
                    Value::Integer(root),
                    ..,
                ] = row.values.as_slice()
                && let Ok(root) = u32::try_from(*root)
                && root > 1
            {
                let tree = match (kind.as_str(), of.as_str()) {
                    ("table", _) => Tree::Rows(name.clone()),
                    ("index", "facts") => Tree::Rows(NAMES_OF_FACTS.to_owned()),
                    _ => Tree::Other,
                };
                roots.insert(root, tree);
            }
            Ok(())
        })?;
        Ok((roots, reached))
    }

    /// Every row of a tree, as far as its pages can be read. Whether all could.
    fn walk(
        &mut self,
        root: u32,
        reached: &mut BTreeSet<u32>,
        give: &mut impl FnMut(&mut Self, Cell) -> Result<()>,
    ) -> Result<bool> {
        let (mut waiting, mut is_whole) = (vec![root], true);
        while let Some(number) = waiting.pop() {
            if !reached.insert(number) {
                continue;
            }
            match self.tree_page(number)? {
                Some(page) => {
                    waiting.extend(page.below);
                    page.cells.into_iter().try_for_each(|cell| give(self, cell))?;
                }
                None => is_whole = false,
            }
        }
        Ok(is_whole)
    }
}
