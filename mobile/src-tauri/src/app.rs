use saddlebag_replica::surroundings::Surroundings;
use tauri::Manager;

use crate::bindings::bindings;
use crate::events::{tell_of_changes, tell_of_the_lock};
use crate::shell::Shell;

/// Name and version of the app, as the county sees them.
pub(crate) const APP: &str = concat!("saddlebag-app ", env!("CARGO_PKG_VERSION"));

/// The app's folder within the one where the person's programs keep their data.
const FOLDER: &str = "saddlebag";

/// Opens the window, and returns when it is closed.
///
/// # Errors
///
/// Where there is no screen or no webview.
pub fn run() -> tauri::Result<()> {
    let bindings = bindings();
    tauri::Builder::default()
        // The screens have no links: without this, its script would catch every click on one.
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .invoke_handler(bindings.invoke_handler())
        .setup(move |app| {
            bindings.mount_events(app);
            let dir = app.path().data_dir()?.join(FOLDER);
            let window = app.handle().clone();
            let shell = Shell::new(dir, Surroundings::of_this_machine(), move |replica| {
                tell_of_changes(window.clone(), replica);
            });
            tell_of_the_lock(app.handle().clone(), shell.clone());
            app.manage(shell.clone());
            // The store opens while the webview starts; `start` waits for it, and says what it came to.
            std::thread::spawn(move || shell.open());
            Ok(())
        })
        .run(tauri::generate_context!())
}
