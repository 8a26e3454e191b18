use saddlebag_records::id::FactId;
use saddlebag_sync_server::store::{
    HeldItem, Item, NewFact, NewSide, Seq, SideAt, SideKey, SideRow, SideTaken, What,
};

use crate::given::{COURIER, County, DEVICE, OFFICE, fact, held, push, record, refused, seqs, side};

fn key(n: u64, name: u8, ordinal: u8) -> SideKey {
    SideKey {
        fact: FactId::new(DEVICE, n),
        name,
        ordinal,
    }
}

fn row(seq: u64, key: SideKey, value: &[u8]) -> SideRow {
    SideRow {
        seq: Seq(seq),
        record: record(1),
        key,
        value: value.to_vec(),
    }
}

/// A fact with a position and two photos, granted to the courier.
fn with_sides(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER]);
    let second = NewSide {
        ordinal: 1,
        ..side(6, b"photo b")
    };
    let fact = NewFact {
        sides: vec![side(6, b"photo a"), second, side(1, b"here")],
        ..fact(1, record(1))
    };
    county.does(move |tx| tx.append_facts(&push(vec![fact])));
}

pub(crate) fn side_values_come_with_their_fact(county: &County) {
    with_sides(county);
    let sides = [
        row(2, key(1, 1, 0), b"here"),
        row(2, key(1, 6, 0), b"photo a"),
        row(2, key(1, 6, 1), b"photo b"),
    ];
    assert_eq!(seqs(county, &[COURIER]), [1, 2]);
    county.sees(|tx| {
        assert_eq!(tx.sides(record(1))?, sides);
        let page = tx.log_page(&[COURIER], Seq(1), 10)?;
        let fact = tx.fact(FactId::new(DEVICE, 1))?.unwrap();
        let item = Item::Fact(fact, sides.to_vec());
        assert_eq!(tx.item(&page[0])?, Some(item.clone()));
        assert_eq!(tx.items(record(1), Seq::START, Seq(9), 9)?, [(Seq(2), item)]);
        Ok(())
    });
}

pub(crate) fn a_later_side_value_has_a_row_of_its_own(county: &County) {
    with_sides(county);
    county.grants(record(1), &[COURIER, OFFICE]);
    let later = county.does(|tx| tx.append_side(FactId::new(DEVICE, 1), DEVICE, &side(3, b"hash")));
    assert_eq!(later, SideTaken::Appended(Seq(4)));
    county.sees(|tx| {
        let page = tx.log_page(&[OFFICE], Seq::START, 10)?;
        assert_eq!(
            page.iter().map(|row| (row.seq.0, row.what)).collect::<Vec<_>>(),
            [(3, What::Grant), (4, What::Side)]
        );
        let side = row(4, key(1, 3, 0), b"hash");
        assert_eq!(tx.item(&page[1])?, Some(Item::Side(side.clone())));
        let items = tx.items(record(1), Seq::START, Seq(9), 9)?;
        assert!(matches!(&items[0], (Seq(2), Item::Fact(_, sides)) if sides.len() == 3));
        assert_eq!(items[1], (Seq(4), Item::Side(side)));
        assert_eq!(tx.record(record(1))?.unwrap().version, Seq(4));
        Ok(())
    });
}

pub(crate) fn a_side_value_is_written_once(county: &County) {
    with_sides(county);
    let append = |n, name, value: &'static [u8]| {
        county.does(move |tx| tx.append_side(FactId::new(DEVICE, n), DEVICE, &side(name, value)))
    };
    assert_eq!(append(1, 1, b"here"), SideTaken::Known);
    assert_eq!(append(1, 1, b"there"), SideTaken::Differs);
    assert_eq!(append(2, 1, b"here"), SideTaken::NoFact);
    county.does(|tx| tx.append_facts(&push(vec![refused(fact(2, record(1)))])));
    assert_eq!(append(2, 1, b"here"), SideTaken::NoFact);
    assert_eq!(county.sees(|tx| tx.sides(record(1))).len(), 3);
    let twice = NewFact {
        sides: vec![side(1, b"a"), side(1, b"b")],
        ..fact(3, record(1))
    };
    let twice = county.tries(move |tx| tx.append_facts(&push(vec![twice])));
    assert_eq!(twice.unwrap_err().code(), "store_conflict");
}

pub(crate) fn a_removed_side_value_never_comes_back(county: &County) {
    with_sides(county);
    assert_eq!(county.does(|tx| tx.remove_side(key(1, 6, 1))), Some(Seq(3)));
    assert_eq!(county.does(|tx| tx.remove_side(key(1, 6, 1))), None);
    let back = NewSide {
        ordinal: 1,
        ..side(6, b"photo b")
    };
    let back = county.does(move |tx| tx.append_side(FactId::new(DEVICE, 1), DEVICE, &back));
    assert_eq!(back, SideTaken::Removed);
    county.sees(|tx| {
        assert_eq!(tx.sides(record(1))?.len(), 2);
        let page = tx.log_page(&[COURIER], Seq(1), 10)?;
        assert!(matches!(tx.item(&page[0])?, Some(Item::Fact(_, sides)) if sides.len() == 2));
        assert_eq!(page[1].what, What::SideRemoved);
        assert_eq!(tx.item(&page[1])?, Some(Item::SideRemoved(key(1, 6, 1))));
        assert_eq!(tx.items(record(1), Seq::START, Seq(9), 9)?.len(), 1);
        Ok(())
    });
}

pub(crate) fn a_side_value_of_a_held_fact_is_held(county: &County) {
    county.with(&[record(1)]);
    let fact = held(NewFact {
        sides: vec![side(1, b"here")],
        ..fact(1, record(1))
    });
    county.does(move |tx| tx.append_facts(&push(vec![fact])));
    let append = |value: &'static [u8]| {
        county.does(move |tx| tx.append_side(FactId::new(DEVICE, 1), DEVICE, &side(4, value)))
    };
    assert_eq!(append(b""), SideTaken::Held);
    assert_eq!(append(b""), SideTaken::Known);
    assert_eq!(append(b"x"), SideTaken::Differs);
    county.sees(|tx| {
        assert_eq!(tx.sides(record(1))?, []);
        let held = tx.held_of(record(1))?;
        let items: Vec<_> = held
            .iter()
            .skip(1)
            .map(|held| (held.item, held.bytes.as_slice()))
            .collect();
        assert_eq!(
            items,
            [
                (HeldItem::Side(key(1, 1, 0)), &b"here"[..]),
                (HeldItem::Side(key(1, 4, 0)), &b""[..])
            ]
        );
        assert!(held.iter().all(|held| held.reason == "not_given"));
        Ok(())
    });
}

pub(crate) fn side_values_of_a_name_come_a_page_at_a_time_the_oldest_first(county: &County) {
    with_sides(county);
    let second = NewFact {
        sides: vec![side(6, b"photo c")],
        ..fact(2, record(1))
    };
    county.does(move |tx| tx.append_facts(&push(vec![second])));
    county.sees(|tx| {
        let all = tx.sides_named(6, (Seq::START, 0), 10)?;
        let at = |side: &SideAt| (side.seq, side.key.fact.n, side.key.ordinal);
        assert_eq!(
            all.iter().map(at).collect::<Vec<_>>(),
            [(Seq(2), 1, 0), (Seq(2), 1, 1), (Seq(3), 2, 0)]
        );
        assert!(
            all.iter()
                .all(|side| side.record == record(1) && side.key.name == 6)
        );
        let mut paged = Vec::new();
        let mut after = (Seq::START, 0);
        while let Some(side) = tx.sides_named(6, after, 1)?.pop() {
            after = (side.seq, side.key.ordinal);
            paged.push(side);
        }
        assert_eq!(paged, all);
        assert_eq!(tx.sides_named(2, (Seq::START, 0), 10)?, []);
        Ok(())
    });
}
