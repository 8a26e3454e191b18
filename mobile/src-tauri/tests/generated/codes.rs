//! Every stable code that can reach a screen.

use std::collections::BTreeSet;
use std::fs;

use saddlebag_app::Refusal;
use saddlebag_records::tip_text::TipTextRefusal;
use saddlebag_records::waybill::WaybillError;
use saddlebag_replica::{SyncError, UnreadablePicture};

/// The page on which a test of the server's holds every reason of a verdict.
const PROTOCOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sync-protocol.md");

pub(crate) fn of_errors() -> BTreeSet<String> {
    let of_the_shell = Refusal::OF_THE_SHELL.map(|refusal| refusal.0);
    let of_pictures = UnreadablePicture::CODES;
    let all = SyncError::codes()
        .iter()
        .copied()
        .chain(of_pictures)
        .chain(of_the_shell);
    all.map(str::to_owned).collect()
}

pub(crate) fn of_values() -> BTreeSet<String> {
    let of_waybills = [
        WaybillError::TooShort,
        WaybillError::TooLong,
        WaybillError::BadCharacter,
    ];
    let of_tips = [
        TipTextRefusal::TooLong,
        TipTextRefusal::IdentityNumber,
        TipTextRefusal::Plate,
        TipTextRefusal::PhoneNumber,
    ];
    let waybills = of_waybills.iter().map(|error| error.code());
    let all = waybills.chain(of_tips.iter().map(|refusal| refusal.code()));
    all.map(str::to_owned).collect()
}

/// Read from the table of reasons: `| `code`, `code` | held or refused | meaning |`. A row whose code ends in an
/// ellipsis says the rest of its codes in the meaning.
pub(crate) fn of_verdicts() -> BTreeSet<String> {
    let page = fs::read_to_string(PROTOCOL).unwrap();
    let (_, below) = page.split_once("| reason | of | meaning |").unwrap();
    let rows = below.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut codes = BTreeSet::from(["superseded".to_owned()]);
    for row in rows {
        let cells: Vec<_> = row.split(" | ").collect();
        let [reasons, _, meaning] = cells[..] else {
            unreachable!("a row of three cells: {row}");
        };
        for code in quoted(reasons) {
            match code.strip_suffix('…') {
                Some(beginning) => codes.extend(quoted(meaning).map(|rest| format!("{beginning}{rest}"))),
                None => {
                    codes.insert(code.to_owned());
                }
            }
        }
    }
    codes
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

pub(crate) fn typescript(name: &str, doc: &str, codes: BTreeSet<String>) -> String {
    let lines: String = codes.iter().map(|code| format!("  \"{code}\",\n")).collect();
    format!("/** {doc} */\nexport const {name} = [\n{lines}] as const;\n\n")
}
