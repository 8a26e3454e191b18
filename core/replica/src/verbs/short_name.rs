//! What a thing on a shopping list is called in the fact that it was bought: a list has room for more than a fact.

use rusqlite::Connection;
use saddlebag_records::fact::{FieldType, field, fields, kinds};
use saddlebag_records::plan::{Item, PlanValue};
use unicode_segmentation::UnicodeSegmentation;

use crate::act::NewFact;
use crate::error::Result;
use crate::store::plans;

/// Cuts the name of what was bought to what a fact holds, where it is as the list has it: the item's id tells the rest.
/// What somebody typed stays as it is.
pub(super) fn named_shortly(connection: &Connection, fact: NewFact) -> Result<NewFact> {
    let most = match fields().iter().find(|known| known.key == field::NAME) {
        Some(known) => match known.holds {
            FieldType::Text(most) => most,
            _ => return Ok(fact),
        },
        None => return Ok(fact),
    };
    let (Some(item), Some(name)) = (fact.body.bytes(field::ITEM), fact.body.text(field::NAME)) else {
        return Ok(fact);
    };
    if fact.kind != kinds::errand::BOUGHT || name.chars().count() <= most {
        return Ok(fact);
    }
    let plan = plans::view(connection, fact.record)?;
    let listed = plan.as_ref().and_then(|plan| {
        let mut items = plan.items("shopping").iter();
        items.find(|listed| listed.id.0.as_slice() == item)
    });
    if !listed.is_some_and(|listed| is_said_by(listed, name)) {
        return Ok(fact);
    }
    let short = cut(name, most).to_owned();
    Ok(NewFact {
        body: fact.body.with(field::NAME, short),
        ..fact
    })
}

/// Whether the list calls it so, or what does instead.
fn is_said_by(item: &Item, name: &str) -> bool {
    let is_it = |text: &String| text.trim() == name.trim();
    item.values.values().any(|value| match value {
        PlanValue::Text(text) => is_it(text),
        PlanValue::Texts(texts) => texts.iter().any(is_it),
        _ => false,
    })
}

/// As many whole grapheme clusters as this many code points hold.
fn cut(text: &str, most: usize) -> &str {
    let mut points = 0;
    let mut end = 0;
    for cluster in text.graphemes(true) {
        points += cluster.chars().count();
        if points > most {
            break;
        }
        end += cluster.len();
    }
    text.get(..end).unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_cut_whole_or_not_at_all() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("ab cd", 3), "ab");
        // A family of four is one cluster of seven code points.
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
        assert_eq!(cut(&format!("ab{family}"), 8), "ab");
        assert_eq!(cut(&format!("ab{family}"), 9), format!("ab{family}"));
    }
}
