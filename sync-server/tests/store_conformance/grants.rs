use saddlebag_records::access::{Audience, Cause, Grant};
use saddlebag_records::id::RecordId;
use saddlebag_sync_server::store::{GrantDiff, NewFact, Seq, StoreError, What};

use crate::given::{COURIER, County, OFFICE, STATION, fact, grant, push, record, seqs, side};

fn replace(county: &County, id: RecordId, wanted: &[Grant]) -> GrantDiff {
    let wanted = wanted.to_vec();
    county.does(move |tx| tx.replace_grants(id, &wanted))
}

pub(crate) fn an_audience_is_told_what_became_visible_and_what_is_no_longer(county: &County) {
    county.with(&[record(1)]);
    let first = replace(
        county,
        record(1),
        &[grant(COURIER, Cause::Assigned), grant(OFFICE, Cause::Office)],
    );
    assert_eq!(first.appeared, Some((Seq(1), vec![OFFICE, COURIER])));
    assert_eq!((first.vanished, first.changed), (None, None));
    let second = replace(
        county,
        record(1),
        &[grant(STATION, Cause::Station), grant(OFFICE, Cause::Office)],
    );
    assert_eq!(second.appeared, Some((Seq(2), vec![STATION])));
    assert_eq!(second.vanished, Some((Seq(3), vec![COURIER])));
    assert_eq!(seqs(county, &[COURIER]), [1, 3]);
    assert_eq!(seqs(county, &[STATION]), [2]);
    assert_eq!(seqs(county, &[OFFICE]), [1]);
    county.sees(|tx| {
        let whats: Vec<_> = tx
            .log_page(&[COURIER], Seq::START, 9)?
            .iter()
            .map(|row| row.what)
            .collect();
        assert_eq!(whats, [What::Grant, What::Removal]);
        let grants: Vec<_> = tx
            .grants(record(1))?
            .iter()
            .map(|row| (row.grant, row.since))
            .collect();
        assert_eq!(
            grants,
            [
                (grant(OFFICE, Cause::Office), Seq(1)),
                (grant(STATION, Cause::Station), Seq(2))
            ]
        );
        assert!(tx.sees(&[COURIER, STATION], record(1))?);
        assert!(!tx.sees(&[COURIER], record(1))?);
        assert!(!tx.sees(&[], record(1))?);
        Ok(())
    });
    assert_eq!(
        replace(county, record(1), &[]).vanished,
        Some((Seq(4), vec![OFFICE, STATION]))
    );
    let nowhere = county.tries(|tx| tx.replace_grants(record(9), &[]));
    assert_eq!(nowhere, Err(StoreError::Conflict("record")));
}

pub(crate) fn whoever_sees_a_record_can_be_told_to_take_it_once_more(county: &County) {
    county.with(&[record(1)]);
    let both = [grant(COURIER, Cause::Assigned), grant(COURIER, Cause::Held)];
    replace(county, record(1), &both);
    county.does(|tx| tx.grant_anew(record(1)));
    assert_eq!(seqs(county, &[COURIER]), [1, 2, 3]);
    county.sees(|tx| {
        let rows = tx.log_page(&[COURIER], Seq(1), 9)?;
        let whats: Vec<_> = rows.iter().map(|row| row.what).collect();
        assert_eq!(whats, [What::Removal, What::Grant]);
        let since: Vec<_> = tx.grants(record(1))?.iter().map(|row| row.since).collect();
        assert_eq!(since, [Seq(3), Seq(3)]);
        Ok(())
    });
    replace(county, record(1), &[]);
    county.does(|tx| tx.grant_anew(record(1)));
    assert_eq!(seqs(county, &[COURIER]), [1, 2, 3, 4], "nobody sees it");
}

pub(crate) fn another_cause_is_no_news(county: &County) {
    county.with(&[record(1)]);
    replace(county, record(1), &[grant(COURIER, Cause::Assigned)]);
    let both = [grant(COURIER, Cause::Assigned), grant(COURIER, Cause::Held)];
    assert_eq!(replace(county, record(1), &both), GrantDiff::default());
    let ending = Grant {
        until_ms: Some(5),
        ..grant(COURIER, Cause::Held)
    };
    assert_eq!(replace(county, record(1), &[ending]), GrantDiff::default());
    let rows = county.sees(|tx| tx.grants(record(1)));
    assert_eq!(
        rows.iter().map(|row| (row.grant, row.since)).collect::<Vec<_>>(),
        [(ending, Seq(1))]
    );
    assert_eq!(seqs(county, &[COURIER]), [1]);
}

pub(crate) fn a_change_of_cause_is_told_where_side_values_hang_on_it(county: &County) {
    county.with(&[record(1)]);
    let closed = |cause| Grant {
        open: false,
        ..grant(COURIER, cause)
    };
    replace(
        county,
        record(1),
        &[grant(COURIER, Cause::Assigned), grant(OFFICE, Cause::Office)],
    );
    let with_phone = NewFact {
        sides: vec![side(2, b"139")],
        ..fact(1, record(1))
    };
    county.does(move |tx| tx.append_facts(&push(vec![with_phone])));
    let office = grant(OFFICE, Cause::Office);
    // Who has it in the bag sees nothing that its assignee did not see.
    let (assigned, held) = (grant(COURIER, Cause::Assigned), grant(COURIER, Cause::Held));
    let diff = replace(county, record(1), &[assigned, held, office]);
    assert_eq!(diff, GrantDiff::default());
    let diff = replace(county, record(1), &[closed(Cause::Assigned), office]);
    assert_eq!(
        diff,
        GrantDiff {
            changed: Some((Seq(3), vec![COURIER])),
            ..GrantDiff::default()
        }
    );
    let diff = replace(county, record(1), &[closed(Cause::EndedBy), office]);
    assert_eq!(diff.changed, Some((Seq(4), vec![COURIER])));
    let until = Grant {
        until_ms: Some(9),
        ..closed(Cause::EndedBy)
    };
    assert_eq!(replace(county, record(1), &[until, office]), GrantDiff::default());
    county.sees(|tx| {
        let row = tx.log_page(&[COURIER], Seq(3), 9)?[0];
        assert_eq!((row.what, tx.item(&row)?), (What::Sides, None));
        assert_eq!(tx.log_page(&[OFFICE], Seq(2), 9)?, []);
        Ok(())
    });
}

pub(crate) fn a_grant_named_twice_counts_once(county: &County) {
    county.with(&[record(1)]);
    let named = |until_ms, open| Grant {
        until_ms,
        open,
        ..grant(COURIER, Cause::Named)
    };
    let wanted = [named(Some(7), false), named(Some(9), false), named(Some(8), true)];
    replace(county, record(1), &wanted);
    let grants = || -> Vec<_> {
        county
            .sees(|tx| tx.grants(record(1)))
            .iter()
            .map(|row| row.grant)
            .collect()
    };
    assert_eq!(grants(), [named(Some(9), true)]);
    replace(county, record(1), &[named(None, true), named(Some(8), true)]);
    assert_eq!(grants(), [named(None, true)]);
}

pub(crate) fn what_is_granted_is_read_a_page_at_a_time(county: &County) {
    county.with(&[record(1), record(2), record(3), record(4)]);
    county.grants(record(3), &[COURIER]);
    county.grants(record(1), &[COURIER, OFFICE]);
    county.grants(record(2), &[OFFICE]);
    county.grants(record(4), &[STATION]);
    county.grants(record(3), &[COURIER, OFFICE]);
    let both = Grant {
        until_ms: Some(9),
        ..grant(COURIER, Cause::Held)
    };
    replace(
        county,
        record(1),
        &[
            grant(COURIER, Cause::Assigned),
            both,
            grant(OFFICE, Cause::Office),
        ],
    );
    county.sees(|tx| {
        let page = tx.granted_to(&[COURIER, OFFICE], Seq::START, 3)?;
        assert_eq!(
            page,
            [(Seq(1), record(3)), (Seq(2), record(1)), (Seq(3), record(2))]
        );
        let rest = tx.granted_to(&[COURIER, OFFICE], Seq(3), 3)?;
        assert_eq!(rest, [(Seq(5), record(3))]);
        assert_eq!(tx.granted_to(&[Audience::Everyone], Seq::START, 3)?, []);
        Ok(())
    });
}

pub(crate) fn grants_run_out(county: &County) {
    county.with(&[record(1), record(2), record(3), record(4)]);
    let until = |ms| Grant {
        until_ms: ms,
        ..grant(COURIER, Cause::Assigned)
    };
    for (id, ms) in [(3, Some(100)), (1, Some(200)), (2, Some(201)), (4, None)] {
        replace(
            county,
            record(id),
            &[
                until(ms),
                Grant {
                    until_ms: ms,
                    ..grant(OFFICE, Cause::Office)
                },
            ],
        );
    }
    assert_eq!(
        county.sees(|tx| tx.expired_grants(200, 9)),
        [record(1), record(3)]
    );
    assert_eq!(
        county.sees(|tx| tx.expired_grants(300, 2)),
        [record(1), record(2)]
    );
    assert_eq!(county.sees(|tx| tx.expired_grants(99, 9)), []);
    replace(county, record(3), &[]);
    assert_eq!(county.sees(|tx| tx.expired_grants(200, 9)), [record(1)]);
}

pub(crate) fn who_ever_saw_a_record_is_remembered(county: &County) {
    county.with(&[record(1), record(2)]);
    county.grants(record(1), &[COURIER]);
    county.grants(record(1), &[OFFICE]);
    county.sees(|tx| {
        assert!(tx.ever_saw(&[STATION, COURIER], record(1))?);
        assert!(tx.ever_saw(&[OFFICE], record(1))?);
        assert!(!tx.ever_saw(&[STATION], record(1))?);
        assert!(!tx.ever_saw(&[COURIER], record(2))?);
        Ok(())
    });
}
