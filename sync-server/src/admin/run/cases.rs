use saddlebag_records::codes::CodeList;
use saddlebag_records::kind::RecordKind;
use serde_json::json;

use super::{Desk, code, text};
use crate::admin::cases::{self, Step, Triage};
use crate::admin::cli::{CaseVerb, TipVerb};
use crate::admin::{AdminError, Answer, Done, find, forgetting, tips, value};

impl Desk<'_> {
    pub(super) fn tip(&self, verb: &TipVerb) -> Answer {
        let by = self.by()?;
        let bad = |what: &str, why: &str| AdminError::new(code::BAD_VALUE, format!("{what}: {why}"));
        match verb {
            TipVerb::List { all } => Done::whole(tips::list(self.county, &by, *all)?),
            TipVerb::Answer { tip, answer, case } => {
                let answer = text("answer", answer, 1000)?;
                let tip = tips::answer(self.county, &by, tip, &answer, case.as_deref())?;
                Done::whole(json!({ "tip": tip }))
            }
            TipVerb::Reject { tip, reason } => {
                let code = value::code(reason, "reject_reason").map_err(|why| bad("reason", why))?;
                if !destroys(code) {
                    return Err(bad("reason", "answer it"));
                }
                let tip = forgetting::about_a_person(self.county, &by, tip)?;
                Done::whole(json!({ "tip": tip }))
            }
        }
    }

    pub(super) fn case(&self, verb: &CaseVerb) -> Answer {
        let by = self.by()?;
        let county = self.county;
        let bad = |what: &str, why: &str| AdminError::new(code::BAD_VALUE, format!("{what}: {why}"));
        let step = |case: &str, step| {
            let case = cases::step(county, by.id, case, step)?;
            Done::whole(json!({ "case": case }))
        };
        let short =
            |what: &str, word: &Option<String>| word.as_deref().map(|word| text(what, word, 200)).transpose();
        match verb {
            CaseVerb::List { all } => Done::whole(cases::list(county, &by, *all)?),
            CaseVerb::New {
                tip,
                kind,
                tier,
                place,
                text: words,
                answer,
            } => {
                let answer = answer
                    .as_deref()
                    .map(|answer| text("answer", answer, 1000))
                    .transpose()?;
                let triage = Triage {
                    tip: tip.as_deref(),
                    kind: kind.as_deref(),
                    tier,
                    place: place.as_deref(),
                    text: words.as_deref(),
                    answer: answer.as_deref(),
                };
                Done::whole(json!({ "case": cases::new(county, &by, triage)? }))
            }
            CaseVerb::Assign { case, body, due } => {
                let due_ms = due
                    .as_deref()
                    .map(value::time_ms)
                    .transpose()
                    .map_err(|why| bad("due", why))?;
                step(
                    case,
                    Step::Assigned {
                        body: &text("body", body, 60)?,
                        due_ms,
                    },
                )
            }
            CaseVerb::Handled { case, answer } => step(
                case,
                Step::Handled {
                    answer: &text("answer", answer, 1000)?,
                },
            ),
            CaseVerb::Followup {
                case,
                satisfied,
                text,
            } => {
                let text = short("text", text)?;
                step(
                    case,
                    Step::FollowedUp {
                        satisfied: *satisfied,
                        text: text.as_deref(),
                    },
                )
            }
            CaseVerb::Unsatisfied { case } => step(case, Step::EnteredUnsatisfied),
            CaseVerb::Reopen { case, text } => {
                let text = short("text", text)?;
                step(
                    case,
                    Step::Reopened {
                        text: text.as_deref(),
                    },
                )
            }
            CaseVerb::Close { case } => step(case, Step::Closed),
            CaseVerb::Reject { case, reason } => {
                let reason = value::code(reason, "reject_reason").map_err(|why| bad("reason", why))?;
                if destroys(reason) {
                    let case = forgetting::case_about_a_person(county, &by, case)?;
                    return Done::whole(json!({ "case": case }));
                }
                step(case, Step::Rejected { reason })
            }
            CaseVerb::Merge { case, into } => {
                let into = county
                    .store()
                    .read_blocking(|tx| find::of_kind(county, tx, RecordKind::Case, into))?;
                step(case, Step::Merged { into: into.id })
            }
        }
    }
}

/// Whether what is rejected for this reason is destroyed everywhere.
fn destroys(reason: u16) -> bool {
    let reasons = CodeList::get("reject_reason").and_then(|reasons| reasons.entry(reason));
    reasons.is_some_and(|reason| reason.is("destroys"))
}
