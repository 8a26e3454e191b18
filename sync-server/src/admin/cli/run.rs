use std::io::Write;
use std::process::ExitCode;

use super::{Admin, BackupVerb, How, RestoreVerb, Verb, told};
use crate::admin::{AdminError, Answer, Done, Request, answer, backups, code, sentence, socket};
use crate::county::{Counties, CountyError, DataFolder, Elsewhere};
use crate::outside::system_or_shifted;

/// A part of what was asked was refused.
const IN_PART: u8 = 3;

/// Carries out what the command line asks for, and tells what came of it: 0 for all of it, 1 for nothing, 3 for a part.
pub fn run(admin: &Admin) -> ExitCode {
    let answered = match &admin.verb {
        // Without a county that is open.
        Verb::Backup(BackupVerb {
            verify: Some(file),
            key: Some(key),
            ..
        }) => backups::verify(file, key),
        Verb::Restore(verb) => restore(&admin.how, verb),
        verb => {
            let request = Request::new(&admin.how, verb.clone());
            socket::ask(&admin.how.data, &request).unwrap_or_else(|| in_the_folder(&admin.how, request))
        }
    };
    match answered {
        Ok(Done { told: json, in_part }) => {
            tell(&if admin.how.json {
                json + "\n"
            } else {
                told::text(&admin.verb, &json)
            });
            if in_part {
                ExitCode::from(IN_PART)
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(error) => {
            if admin.how.json {
                let error = serde_json::json!({
                    "code": &error.code,
                    "about": &error.about,
                    "says": sentence(&error.code),
                });
                tell(&format!("{}\n", serde_json::json!({ "error": error })));
            } else {
                tell_failure(&error);
            }
            ExitCode::FAILURE
        }
    }
}

/// Writes to standard output. Whoever reads no further, such as `head`, is no failure of the verb.
fn tell(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Tells on standard error why nothing was done: the code, what it is about, and what it says.
pub fn tell_failure(error: &AdminError) {
    let says = sentence(&error.code).map_or_else(String::new, |says| format!("\n  {says}"));
    eprintln!("saddlebag-sync-server: {error}{says}");
}

/// Where no server has the folder, under the same lock as a server.
fn in_the_folder(how: &How, request: Request) -> Answer {
    let creates = matches!(
        request.verb,
        Verb::County(super::CountyVerb::Create { .. }) | Verb::Tls(super::TlsVerb::Create)
    );
    if !creates && !how.data.join("counties").is_dir() {
        return Err(AdminError::new(code::NO_COUNTY, how.data.display()));
    }
    let folder = DataFolder::take(&how.data).map_err(|error| match error {
        // It has the folder, and no socket yet or none any more.
        CountyError::Locked => AdminError::new(code::NOT_ANSWERING, how.data.display()),
        error => AdminError::new(error.code(), format!("{}: {error}", how.data.display())),
    })?;
    let outside = system_or_shifted(how.clock_offset_file.clone());
    let counties = Counties::open_with(folder, how.elsewhere(), &outside)?;
    answer(&counties, &outside, request)
}

/// In the folder, which no server may have meanwhile.
fn restore(how: &How, verb: &RestoreVerb) -> Answer {
    let folder = DataFolder::take(&how.data)
        .map_err(|error| AdminError::new(error.code(), format!("{}: {error}", how.data.display())))?;
    let outside = system_or_shifted(how.clock_offset_file.clone());
    backups::restore(&folder, &how.elsewhere(), verb, outside)
}

impl How {
    /// What lies outside the folder.
    fn elsewhere(&self) -> Elsewhere {
        Elsewhere {
            journal_copy: self.journal_copy.clone(),
            backups: self.backup_dir.clone(),
        }
    }
}
