use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;

use super::{frame, path_in};
use crate::admin::{AdminError, Answer, Request, code};

/// Asks the server that has the folder; none where no server listens there.
pub fn ask(folder: &Path, request: &Request) -> Option<Answer> {
    match UnixStream::connect(path_in(folder)) {
        Ok(mut server) => Some(exchange(&mut server, request)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => None,
            io::ErrorKind::PermissionDenied => Some(Err(AdminError::new(code::OTHER_USER, "admin.sock"))),
            _ => Some(Err(AdminError::new(code::NOT_ANSWERING, error))),
        },
    }
}

fn exchange(server: &mut UnixStream, request: &Request) -> Answer {
    frame::write(server, request).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => AdminError::new(code::TOO_LARGE, "question"),
        _ => AdminError::new(code::NOT_ANSWERING, error),
    })?;
    frame::read(server).unwrap_or_else(|error| match error.kind() {
        io::ErrorKind::InvalidData => Err(AdminError::new(code::OTHER_VERSION, "answer")),
        _ => Err(AdminError::new(code::NOT_ANSWERING, error)),
    })
}
