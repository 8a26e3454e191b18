//! What the tests of plans share.

use std::collections::BTreeMap;

use saddlebag_records::id::{ActorId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::schema::{Field, FieldType, PlanSchema, ScalarType};
use saddlebag_records::plan::{
    ChangeHash, Edited, GuardRefusal, Item, ItemId, PlanEdit, PlanValue, PlanView, TrialOutcome, Verdict,
    edit, trial,
};
use saddlebag_records::position::Position;
use sha2::{Digest, Sha256};

/// Somebody's copy of one plan.
#[derive(Clone)]
pub(crate) struct Copy {
    pub(crate) kind: RecordKind,
    pub(crate) actor: ActorId,
    pub(crate) snapshot: Option<Vec<u8>>,
    pub(crate) view: PlanView,
    /// Its own changes.
    pub(crate) written: Vec<Vec<u8>>,
}

impl Copy {
    pub(crate) fn new(kind: RecordKind, actor: u8) -> Self {
        let actor = ActorId([actor; 16]);
        Self {
            kind,
            actor,
            snapshot: None,
            view: PlanView::empty(kind),
            written: Vec::new(),
        }
    }

    pub(crate) fn edit(&mut self, edits: &[PlanEdit]) -> Option<Edited> {
        let edited = edit(self.kind, self.snapshot.as_deref(), self.actor, edits).unwrap()?;
        self.snapshot = Some(edited.snapshot.clone());
        self.view = edited.view.clone();
        self.written.push(edited.change.clone());
        Some(edited)
    }

    pub(crate) fn pull(&mut self, changes: &[Vec<u8>]) -> Vec<Verdict> {
        let outcome = self.trial(Sender::County, changes);
        self.snapshot = Some(outcome.snapshot);
        self.view = outcome.view;
        outcome.verdicts
    }

    pub(crate) fn trial(&self, sender: Sender<'_>, changes: &[Vec<u8>]) -> TrialOutcome {
        let changes: Vec<_> = changes.iter().map(Vec::as_slice).collect();
        trial(self.kind, self.snapshot.as_deref(), sender, &changes).unwrap()
    }

    /// The verdict on one change that its own actor sends.
    pub(crate) fn verdict(&self, change: &[u8]) -> Verdict {
        let actors = [self.actor];
        self.trial(Sender::Device(&actors), &[change.to_vec()])
            .verdicts
            .remove(0)
    }
}

pub(crate) fn text(text: &str) -> PlanValue {
    PlanValue::Text(text.to_owned())
}

/// A value of this type that differs with `n`. Generated.
pub(crate) fn scalar(holds: &ScalarType, n: u8) -> PlanValue {
    match holds {
        ScalarType::Text(most) => text(&format!("示例 {n}").chars().take(*most).collect::<String>()),
        ScalarType::Texts(_) => PlanValue::Texts(vec![format!("a{n}"), format!("b{n}")]),
        ScalarType::Bool => PlanValue::Bool(n.is_multiple_of(2)),
        ScalarType::TimeMs => PlanValue::Integer(1_795_000_000_000 + i64::from(n) * 3_600_000),
        ScalarType::Uint | ScalarType::Fen | ScalarType::Tenths | ScalarType::Code(_) => {
            PlanValue::Integer(i64::from(n))
        }
        ScalarType::Record(_) => PlanValue::Record(RecordId([n; 16])),
        ScalarType::Person => PlanValue::Person(PersonId([n; 16])),
        ScalarType::Position => PlanValue::Position(Position {
            lat_e7: 480_000_000 + i32::from(n),
            lon_e7: 860_000_000,
        }),
        ScalarType::Photo => PlanValue::Photo([n; 32]),
    }
}

/// Edits that fill the field with something that differs with `n`.
pub(crate) fn fill(field: &Field, n: u8) -> Vec<PlanEdit> {
    let name = field.name.clone();
    match &field.holds {
        FieldType::Scalar(holds) => vec![PlanEdit::Set {
            field: name,
            value: scalar(holds, n),
        }],
        FieldType::Note => vec![PlanEdit::ReplaceNote {
            field: name,
            text: format!("桥东，第 {n} 家"),
        }],
        FieldType::List(holds) => {
            let add = |n| PlanEdit::Add {
                field: name.clone(),
                value: scalar(holds, n),
            };
            vec![add(n), add(n.wrapping_add(1))]
        }
        FieldType::Map(holds) => {
            vec![PlanEdit::SetEntry {
                field: name,
                key: "zh-Hans".into(),
                value: scalar(holds, n),
            }]
        }
        FieldType::Items(fields) => {
            let values = fields.iter().filter_map(|field| match &field.holds {
                FieldType::Scalar(holds) => Some((field.name.clone(), scalar(holds, n))),
                _ => None,
            });
            let item = Item {
                id: ItemId([n; 8]),
                values: values.collect::<BTreeMap<_, _>>(),
            };
            vec![PlanEdit::AddItem {
                field: name,
                item: item.id,
                values: item.values,
            }]
        }
    }
}

/// Edits that fill every field of the kind.
pub(crate) fn fill_all(kind: RecordKind, n: u8) -> Vec<PlanEdit> {
    PlanSchema::of(kind)
        .unwrap()
        .fields
        .iter()
        .flat_map(|field| fill(field, n))
        .collect()
}

/// The parts of a plain change chunk, to be put together wrongly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forged {
    pub(crate) chunk_type: u8,
    pub(crate) deps: Vec<[u8; 32]>,
    pub(crate) actor: Vec<u8>,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) time: i8,
    pub(crate) message: Vec<u8>,
    pub(crate) others: Vec<Vec<u8>>,
    pub(crate) columns: Vec<(u64, Vec<u8>)>,
    pub(crate) extra: Vec<u8>,
}

impl Forged {
    /// The parts of a sound change.
    pub(crate) fn take_apart(change: &[u8]) -> Self {
        let mut at = 9;
        let _length = uint(change, &mut at);
        let mut forged = Self {
            chunk_type: change[8],
            ..Self::default()
        };
        let bytes = |at: &mut usize, count: u64| {
            *at += count as usize;
            change[*at - count as usize..*at].to_vec()
        };
        for _ in 0..uint(change, &mut at) {
            forged.deps.push(bytes(&mut at, 32).try_into().unwrap());
        }
        let length = uint(change, &mut at);
        forged.actor = bytes(&mut at, length);
        (forged.seq, forged.start_op) = (uint(change, &mut at), uint(change, &mut at));
        forged.time = uint(change, &mut at) as i8;
        let length = uint(change, &mut at);
        forged.message = bytes(&mut at, length);
        for _ in 0..uint(change, &mut at) {
            let length = uint(change, &mut at);
            forged.others.push(bytes(&mut at, length));
        }
        let columns = uint(change, &mut at);
        let lengths: Vec<_> = (0..columns)
            .map(|_| (uint(change, &mut at), uint(change, &mut at)))
            .collect();
        forged.columns = lengths
            .into_iter()
            .map(|(spec, length)| (spec, bytes(&mut at, length)))
            .collect();
        forged.extra = change[at..].to_vec();
        forged
    }

    pub(crate) fn column(&mut self, specification: u64) -> &mut Vec<u8> {
        if !self.columns.iter().any(|(spec, _)| *spec == specification) {
            self.columns.push((specification, Vec::new()));
            self.columns.sort_by_key(|(spec, _)| *spec);
        }
        &mut self
            .columns
            .iter_mut()
            .find(|(spec, _)| *spec == specification)
            .unwrap()
            .1
    }

    pub(crate) fn put_together(&self) -> Vec<u8> {
        let mut out = Vec::new();
        write_uint(&mut out, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| out.extend(dep));
        write_bytes(&mut out, &self.actor);
        write_uint(&mut out, self.seq);
        write_uint(&mut out, self.start_op);
        out.push(self.time as u8 & 0x7f);
        write_bytes(&mut out, &self.message);
        write_uint(&mut out, self.others.len() as u64);
        self.others.iter().for_each(|other| write_bytes(&mut out, other));
        write_uint(&mut out, self.columns.len() as u64);
        for (specification, data) in &self.columns {
            write_uint(&mut out, *specification);
            write_uint(&mut out, data.len() as u64);
        }
        self.columns.iter().for_each(|(_, data)| out.extend(data));
        out.extend(&self.extra);
        frame(self.chunk_type, &out)
    }
}

/// A chunk with a right length and checksum around these contents.
pub(crate) fn frame(chunk_type: u8, contents: &[u8]) -> Vec<u8> {
    let mut hashed = vec![chunk_type];
    write_uint(&mut hashed, contents.len() as u64);
    hashed.extend(contents);
    let hash = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], &hashed].concat()
}

pub(crate) fn hash_of(change: &[u8]) -> ChangeHash {
    ChangeHash(Sha256::digest(&change[8..]).into())
}

pub(crate) fn uint(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
        shift += 7;
    }
}

pub(crate) fn write_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_uint(out, bytes.len() as u64);
    out.extend(bytes);
}

#[track_caller]
pub(crate) fn assert_refused(verdict: &Verdict, refusal: GuardRefusal) {
    assert_eq!(*verdict, Verdict::Refused(refusal));
}
