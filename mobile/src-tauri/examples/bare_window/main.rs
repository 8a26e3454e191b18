//! An empty window that paints one line: what Tauri and the webview cost without Saddlebag. The benchmarks measure the
//! app beside it.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("examples/bare_window/tauri.conf.json"))
}
