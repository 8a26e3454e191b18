use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use saddlebag_sync_server::county::{Counties, DataFolder};
use saddlebag_sync_server::http::{Patience, ServerState, serve};
use saddlebag_sync_server::outside::system_or_shifted;
use saddlebag_sync_server::tls::{PinnedKeys, ServerTls, TlsSource};
use tokio::sync::oneshot;

use crate::county::County;
use crate::phone::{Phone, runtime};

/// A server over TLS that waits so long for a handshake; then what `with` does at its address, and how long it took to
/// stop.
fn served(head: Duration, with: impl FnOnce(std::net::SocketAddr)) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let data = DataFolder::take(&folder.path().join("data")).unwrap();
    PinnedKeys::create(data.path(), 0).unwrap();
    let tls = ServerTls::open(TlsSource::Pinned(data.path().to_owned())).unwrap();
    let counties = Counties::open(data, &system_or_shifted(None)).unwrap();
    let patience = Patience {
        head,
        ..Patience::default()
    };
    let state = Arc::new(ServerState::new(counties, patience).with_tls(Some(Arc::new(tls))));
    let ((stop, stopped), (bound, told)) = (oneshot::channel::<()>(), std::sync::mpsc::channel());
    let serving = std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            bound.send(listener.local_addr().unwrap()).unwrap();
            let stopped = async { drop(stopped.await) };
            serve(listener, state, stopped).await;
        });
    });
    with(told.recv().unwrap());
    let began = Instant::now();
    drop(stop);
    serving.join().unwrap();
    began.elapsed()
}

#[test]
fn who_never_says_hello_is_let_go() {
    served(Duration::from_millis(50), |address| {
        let mut silent = TcpStream::connect(address).unwrap();
        silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        assert_eq!(silent.read(&mut [0; 1]).unwrap(), 0, "closed, without a word");
    });
}

#[test]
fn a_handshake_that_goes_on_does_not_keep_a_server_from_stopping() {
    let mut half_open = None;
    let took = served(Duration::from_secs(60), |address| {
        half_open = Some(TcpStream::connect(address).unwrap());
        // It is taken once another one behind it is.
        let mut other = saddlebag_tests::tls::any_server(TcpStream::connect(address).unwrap()).unwrap();
        let asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        std::io::Write::write_all(&mut other, asked).unwrap();
        let mut answer = String::new();
        let _ = other.read_to_string(&mut answer);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    });
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    let county = County::new();
    let refused = county.cannot_serve(&["--listen", "0.0.0.0:0"]);
    let says = String::from_utf8(refused.stderr).unwrap();
    assert!(says.contains("unencrypted"), "{says}");
    drop(county.serve(&["--listen", "0.0.0.0:0", "--insecure-http"]));
    let serving = county.serve(&[]);
    let phone = Phone::plain();
    phone.enrol(&county.qr(&serving.url())).unwrap();
    phone.sync().unwrap();
}

#[test]
fn a_server_with_pinned_keys_shows_no_other_certificate() {
    let county = County::new();
    let says = |words: &[&str]| String::from_utf8(county.cannot_serve(words).stderr).unwrap();
    assert!(says(&["--tls-pinned"]).contains("tls_no_keys"));
    assert!(says(&["--tls-cert", "none.pem", "--tls-key", "none.pem"]).contains("tls_unfit"));
    let told = county.admin(&["tls", "create"]).unwrap();
    assert_eq!(county.admin(&["tls", "create"]), Err("tls_keys_there".to_owned()));
    assert_eq!(county.admin(&["tls", "show"]).unwrap(), told);
    assert!(says(&["--tls-cert", "none.pem", "--tls-key", "none.pem"]).contains("tls_pinned_too"));
}
