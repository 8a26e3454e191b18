//! What the screens can ask for, by area. Each command is one delegating call.

pub(crate) mod acts;
pub(crate) mod clerk;
pub(crate) mod device;
pub(crate) mod lists;
pub(crate) mod money;
pub(crate) mod records;
pub(crate) mod route;
pub(crate) mod syncing;

use tauri::State;

use crate::shell::Shell;

/// The shell, as a command is handed it.
pub(crate) type Shared<'a> = State<'a, Shell>;
