use super::*;

const ENTRIES: [Entry; 8] = [
    Entry::Epoch {
        epoch: *b"epoch001",
        at_ms: 1_790_000_000_000,
    },
    Entry::DeviceNumber {
        device: DeviceNumber(7),
    },
    Entry::Revoked {
        device: DeviceNumber(7),
    },
    Entry::Lost {
        device: DeviceNumber(7),
    },
    Entry::Forked {
        device: DeviceNumber(7),
    },
    Entry::Retiring {
        device: DeviceNumber(7),
    },
    Entry::Retired {
        device: DeviceNumber(7),
    },
    Entry::Tombstone {
        record: RecordId([9; 16]),
        reason: TombstoneReason::Person,
    },
];

fn written(folder: &Path) {
    let mut journal = Journal::create(folder, None).unwrap();
    journal.append(&ENTRIES[..2]).unwrap();
    journal.append(&ENTRIES[2..]).unwrap();
}

/// Frozen: a restore reads journals of every version that ever wrote one.
#[test]
fn lines_are_as_they_always_were() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let text = std::fs::read_to_string(folder.path().join("000001.log")).unwrap();
    let json: Vec<_> = text.lines().map(|line| &line[17..]).collect();
    assert_eq!(
        json,
        [
            r#"{"epoch":{"epoch":"65706f6368303031","at_ms":1790000000000}}"#,
            r#"{"device_number":{"device":7}}"#,
            r#"{"revoked":{"device":7}}"#,
            r#"{"lost":{"device":7}}"#,
            r#"{"forked":{"device":7}}"#,
            r#"{"retiring":{"device":7}}"#,
            r#"{"retired":{"device":7}}"#,
            r#"{"tombstone":{"record":"09090909-0909-0909-0909-090909090909","reason":"person"}}"#,
        ]
    );
    assert_eq!(&text[..16], line::hash(json[0].as_bytes()));
}

#[test]
fn a_torn_last_line_is_cut_off_and_written_over() {
    for torn in [
        "0",
        "0123456789abcdef ",
        "0123456789abcdef {\"device_number\":{\"device\":8}}\n",
    ] {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        let path = folder.path().join("000001.log");
        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(torn.as_bytes());
        std::fs::write(&path, text).unwrap();
        let (mut journal, entries) = Journal::open(folder.path(), None).unwrap();
        assert_eq!(entries, ENTRIES);
        journal.append(&ENTRIES[..1]).unwrap();
        assert_eq!(Journal::open(folder.path(), None).unwrap().1.len(), 9);
    }
}

#[test]
fn damage_before_the_last_line_is_told() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let path = folder.path().join("000001.log");
    let text = std::fs::read_to_string(&path).unwrap().replace(":7}", ":8}");
    std::fs::write(&path, text).unwrap();
    assert!(matches!(
        Journal::open(folder.path(), None),
        Err(CountyError::Damaged("journal"))
    ));
}

fn operator() -> (OperatorKey, OperatorSecret) {
    let secret = x25519_dalek::StaticSecret::from([7; 32]);
    let public = x25519_dalek::PublicKey::from(&secret);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), crate::sealing::line_of(&secret.to_bytes()).unwrap()).unwrap();
    (
        OperatorKey::from_public(public.as_bytes()).unwrap(),
        OperatorSecret::read(file.path()).unwrap(),
    )
}

fn act(at_ms: i64) -> Written {
    Written {
        at_ms,
        items: Vec::new(),
    }
}

fn sealed(folder: &Path, secret: &OperatorSecret) -> Result<Vec<i64>, CountyError> {
    let mut acts = Vec::new();
    read_sealed(folder, secret, 1, |written| {
        acts.push(written.at_ms);
        Ok(())
    })?;
    Ok(acts)
}

#[test]
fn what_is_sealed_is_cut_off_where_it_is_torn_and_told_where_it_is_damaged() {
    let (folder, (key, secret)) = (tempfile::tempdir().unwrap(), operator());
    let mut journal = Journal::create(folder.path(), None).unwrap();
    for at_ms in 1..=3 {
        journal.seal(&key, &act(at_ms)).unwrap();
    }
    drop(journal);
    let path = folder.path().join("000001.sealed");
    let whole = std::fs::read(&path).unwrap();
    for torn in [1, 11, 13, 100] {
        std::fs::write(&path, [&whole[..], &whole[..torn]].concat()).unwrap();
        assert_eq!(sealed(folder.path(), &secret).unwrap(), [1, 2, 3]);
        let (mut journal, _) = Journal::open(folder.path(), None).unwrap();
        journal.seal(&key, &act(4)).unwrap();
        assert_eq!(sealed(folder.path(), &secret).unwrap(), [1, 2, 3, 4]);
    }
    let mut damaged = whole.clone();
    damaged[40] ^= 1;
    std::fs::write(&path, damaged).unwrap();
    assert!(matches!(
        sealed(folder.path(), &secret),
        Err(CountyError::Damaged("journal"))
    ));
}

#[test]
fn a_journal_and_its_copy_mend_each_other_unless_they_tell_different_things() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    let mut journal = Journal::create(&one, Some(&other)).unwrap();
    journal.append(&ENTRIES[..2]).unwrap();
    journal.next_segment().unwrap();
    journal.append(&ENTRIES[2..]).unwrap();
    drop(journal);
    let file = |folder: &Path| folder.join("000002.log");
    let whole = std::fs::read(file(&one)).unwrap();
    assert_eq!(std::fs::read(file(&other)).unwrap(), whole);
    for torn in [&one, &other] {
        std::fs::write(file(torn), &whole[..whole.len() - 5]).unwrap();
        assert_eq!(Journal::open(&one, Some(&other)).unwrap().1, ENTRIES);
        assert_eq!(std::fs::read(file(torn)).unwrap(), whole);
    }
    std::fs::remove_file(file(&one)).unwrap();
    assert_eq!(Journal::open(&one, Some(&other)).unwrap().1, ENTRIES);
    std::fs::remove_dir_all(&other).unwrap();
    assert_eq!(Journal::open(&one, Some(&other)).unwrap().1, ENTRIES);
    assert_eq!(std::fs::read(file(&other)).unwrap(), whole);

    let (mut alone, _) = Journal::open(&one, None).unwrap();
    alone.append(&ENTRIES[..1]).unwrap();
    let (mut alone, _) = Journal::open(&other, None).unwrap();
    alone.append(&ENTRIES[1..2]).unwrap();
    assert!(matches!(
        Journal::open(&one, Some(&other)),
        Err(CountyError::Damaged("journal's copy"))
    ));
}

#[test]
fn a_segment_that_is_gone_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = |folder: &Path| {
        let opened = Journal::open(folder, None);
        matches!(opened, Err(CountyError::JournalMissing(_)))
    };
    assert!(missing(&folder.path().join("none")));
    written(folder.path());
    let (mut journal, _) = Journal::open(folder.path(), None).unwrap();
    journal.next_segment().unwrap();
    drop(journal);
    std::fs::remove_file(folder.path().join("000001.log")).unwrap();
    assert!(missing(folder.path()));
}
