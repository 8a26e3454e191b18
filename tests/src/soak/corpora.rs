//! The committed corpora of the fuzz targets: sound inputs for each, from which a fuzzer goes on, and whatever was found
//! once to fail.

use std::path::PathBuf;

use anyhow::Result;
use minicbor::Encode;
use saddlebag_protocol::{EnrolRequest, Push, SyncRequest, to_frame};
use saddlebag_records::fact::{Batch, pack};
use saddlebag_records::id::RecordId;
use saddlebag_records::plan::wire::{self, WireChange};

use super::mutations::samples;
use super::targets::{contents, plans};
use crate::workspace;

/// The folder of all corpora, with one below it for each target.
pub fn folder() -> PathBuf {
    workspace::root().join("tests/fuzz/corpus")
}

/// Sound inputs: the target, a name, and the bytes.
///
/// # Errors
/// Where there are more plans than a byte can name.
pub fn sound() -> Result<Vec<(&'static str, String, Vec<u8>)>> {
    let mut all = Vec::new();
    let facts = samples::facts();
    for fact in facts.iter().step_by(12) {
        all.push(("fact", format!("{}", fact.kind), fact.encode()));
    }
    let batch = |many: usize| Batch {
        facts: facts.iter().take(many).cloned().collect(),
        side: Vec::new(),
    };
    let changes: Vec<WireChange> = plans()
        .iter()
        .zip(1..)
        .map(|(plan, n)| WireChange {
            record: RecordId([n; 16]),
            kind: plan.kind,
            bytes: plan.next.clone(),
        })
        .collect();
    for many in [1, 4, 20] {
        all.push(("packed_facts", format!("{many}-facts"), pack(&batch(many))));
    }
    all.push(("packed_changes", "one-of-each".to_owned(), wire::pack(&changes)));
    all.push((
        "packed_changes",
        "one".to_owned(),
        wire::pack(changes.get(..1).unwrap_or_default()),
    ));
    for (at, plan) in plans().iter().enumerate() {
        let which = u8::try_from(at << 1)?;
        for target in ["plan_guard", "phone_guard"] {
            let name = plan.kind.name();
            let inside = [&[which], contents(&plan.next)].concat();
            all.push((target, format!("{name}-contents"), inside));
            all.push((
                target,
                format!("{name}-chunk"),
                [&[which | 1], &plan.next[..]].concat(),
            ));
        }
    }
    let request = SyncRequest {
        push: Some(Push {
            nonce: [7; 8],
            facts: Some(pack(&batch(3)).into()),
            chain: Some([1; 8].into()),
            changes: Some(wire::pack(&changes).into()),
            signature: [9; 64],
        }),
        keys: Some(1),
        ..SyncRequest::default()
    };
    all.push(("request", "push".to_owned(), bytes(&request)));
    all.push(("request", "push-in-a-frame".to_owned(), to_frame(&request, 3)));
    all.push((
        "request",
        "nothing-new".to_owned(),
        bytes(&SyncRequest::default()),
    ));
    let enrol = EnrolRequest {
        code: "7K3M9QXT2BVA".into(),
        county: Some([3; 16].into()),
        public_key: [4; 32],
        actor: [5; 16],
        app: "corpus".into(),
        capabilities: None,
    };
    all.push(("request", "enrolment".to_owned(), bytes(&enrol)));
    Ok(all)
}

fn bytes<T: Encode<()>>(message: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = minicbor::encode(message, &mut bytes);
    bytes
}

/// Writes the sound inputs into their folders. What a fuzzer found stays.
///
/// # Errors
/// As of the disk.
pub fn write() -> Result<()> {
    for (target, name, bytes) in sound()? {
        let folder = folder().join(target);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
