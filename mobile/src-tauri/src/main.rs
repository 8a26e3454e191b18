//! The Saddlebag app.

fn main() -> tauri::Result<()> {
    saddlebag_app::run()
}
