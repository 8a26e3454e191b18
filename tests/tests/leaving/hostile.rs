//! A server that answers whatever it likes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use saddlebag_protocol::{ErrorBody, ErrorCode, SyncAnswer, SyncRequest, from_frame, to_frame};

/// What it answers.
pub(crate) enum Reply {
    Answer(Box<SyncAnswer>),
    Refused(ErrorCode),
    /// This status and these bytes.
    Bytes(u16, Vec<u8>),
}

pub(crate) struct Hostile {
    pub(crate) url: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<u64>>,
}

impl Hostile {
    pub(crate) fn that(answers: impl Fn(&SyncRequest) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ended = Arc::new(AtomicBool::new(false));
        let end = ended.clone();
        let thread = std::thread::spawn(move || {
            let mut asked = 0;
            loop {
                let (stream, _) = listener.accept().unwrap();
                if end.load(Ordering::SeqCst) {
                    return asked;
                }
                answer(stream, &answers);
                asked += 1;
            }
        });
        Self {
            url,
            ended,
            thread: Some(thread),
        }
    }

    /// How often it was asked.
    pub(crate) fn asked(mut self) -> u64 {
        self.end().unwrap()
    }

    fn end(&mut self) -> Option<u64> {
        let thread = self.thread.take()?;
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        thread.join().ok()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.end();
    }
}

fn answer(stream: TcpStream, answers: &impl Fn(&SyncRequest) -> Reply) {
    let mut from = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    while from.read_line(&mut line).unwrap() > 2 {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut frame = vec![0; length];
    from.read_exact(&mut frame).unwrap();
    let (status, body) = match answers(&from_frame(&frame).unwrap()) {
        Reply::Answer(answer) => (200, to_frame(&*answer, 3)),
        Reply::Refused(code) => (code.status(), minicbor::to_vec(ErrorBody::from(code)).unwrap()),
        Reply::Bytes(status, bytes) => (status, bytes),
    };
    let head = format!(
        "HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut to = from.into_inner();
    to.write_all(head.as_bytes()).unwrap();
    to.write_all(&body).unwrap();
}
