use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;

use serde_json::json;
use tokio::sync::oneshot;

use super::*;
use crate::admin::cli::{CountyVerb, Verb};
use crate::admin::{AdminError, Answer, Done, Request, code};

fn request(why: &str) -> Request {
    let verb = Verb::County(CountyVerb::List);
    Request {
        county: None,
        by: None,
        why: Some(why.to_owned()),
        second: None,
        verb,
    }
}

fn echo(request: Request) -> Answer {
    match request.why.as_deref() {
        Some("fail") => Err(AdminError::new(code::NO_PERSON, "C99")),
        Some("much") => Done::whole("x".repeat(70 * 1024 * 1024)),
        why => Done::whole(json!({ "why": why })),
    }
}

/// Runs `client` on a thread of its own beside a server.
async fn beside_a_server(client: impl FnOnce(&Path) + Send + 'static) {
    let folder = tempfile::tempdir().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let socket = AdminSocket::bind(folder.path()).unwrap();
    let serving = tokio::spawn(socket.serve(echo, async { drop(stopped.await) }));
    let folder = tokio::task::spawn_blocking(move || {
        client(folder.path());
        folder
    });
    let folder = folder.await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(ask(folder.path(), &request("late")).is_none());
    assert!(!path_in(folder.path()).exists());
}

#[tokio::test]
async fn a_question_is_answered_and_the_socket_is_the_owners_alone() {
    beside_a_server(|folder| {
        let mode = std::fs::metadata(path_in(folder)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let answer = ask(folder, &request("因为")).unwrap().unwrap();
        assert_eq!(
            answer,
            Done {
                told: r#"{"why":"因为"}"#.to_owned(),
                in_part: false
            }
        );
        assert_eq!(
            ask(folder, &request("fail")).unwrap().unwrap_err().code,
            "no_such_person"
        );
        assert_eq!(
            ask(folder, &request("much")).unwrap().unwrap_err().code,
            "too_large"
        );
    })
    .await;
}

#[tokio::test]
async fn one_that_takes_long_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (stop, stopped) = oneshot::channel::<()>();
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let answer = move |request: Request| {
        if request.why.as_deref() == Some("long") {
            let _ = held.lock().unwrap().recv();
        }
        echo(request)
    };
    let socket = AdminSocket::bind(&path).unwrap();
    let serving = tokio::spawn(socket.serve(answer, async { drop(stopped.await) }));
    let asking = path.clone();
    let long = tokio::task::spawn_blocking(move || ask(&asking, &request("long")));
    let short = tokio::task::spawn_blocking(move || ask(&path, &request("short")));
    assert!(short.await.unwrap().unwrap().is_ok());
    assert!(!long.is_finished());
    let_go.send(()).unwrap();
    assert!(long.await.unwrap().unwrap().is_ok());
    stop.send(()).unwrap();
    serving.await.unwrap();
}

#[tokio::test]
async fn what_is_no_question_harms_nobody() {
    beside_a_server(|folder| {
        let send = |bytes: &[u8]| {
            let mut stream = UnixStream::connect(path_in(folder)).unwrap();
            stream.write_all(bytes).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            frame::read::<Answer>(&mut stream)
        };
        assert!(send(b"").is_err());
        assert!(send(b"\0\0\0\x07{}").is_err());
        assert_eq!(send(b"\0\0\0\x02{}").unwrap().unwrap_err().code, "other_version");
        assert_eq!(send(&[0xff; 64]).unwrap().unwrap_err().code, "other_version");
        assert!(ask(folder, &request("still there")).unwrap().is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_socket_of_a_killed_server_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    // Its listener goes without its file.
    drop(std::os::unix::net::UnixListener::bind(path_in(folder.path())).unwrap());
    assert!(path_in(folder.path()).exists());
    assert!(ask(folder.path(), &request("nobody")).is_none());
    AdminSocket::bind(folder.path()).unwrap();
}
