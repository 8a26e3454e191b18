use std::future::Future;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::{frame, path_in};
use crate::admin::{AdminError, Answer, Request, code};

/// How long a client may take to ask. Its answer may take as long as it needs.
const ASKING: Duration = Duration::from_secs(30);

/// Clients that are answered at once. Those beyond wait to be accepted.
const AT_ONCE: usize = 16;

/// The socket of a server that has the folder. It goes when this is dropped.
#[derive(Debug)]
pub struct AdminSocket {
    listener: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl AdminSocket {
    /// Opens the socket in a folder whose lock the caller holds: one that a killed server left there goes.
    ///
    /// # Errors
    /// Those of the disk; [`io::ErrorKind::InvalidInput`] for a path that is longer than a socket's may be (107 bytes
    /// on Linux).
    pub fn bind(folder: &Path) -> io::Result<Self> {
        let path = path_in(folder);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let owner = std::fs::metadata(&path)?.uid();
        Ok(Self {
            listener,
            path,
            owner,
        })
    }

    /// Answers until `shutdown`, then what was already asked. `answer` runs on a thread that may block.
    pub async fn serve(
        self,
        answer: impl Fn(Request) -> Answer + Send + Sync + 'static,
        shutdown: impl Future<Output = ()>,
    ) {
        let answer = Arc::new(answer);
        let mut asked = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = asked.join_next() => {}
                accepted = self.listener.accept(), if asked.len() < AT_ONCE => {
                    // What fails here is the client's, or passes: the next one is answered.
                    let Ok((client, _)) = accepted else { continue };
                    let (answer, owner) = (Arc::clone(&answer), self.owner);
                    asked.spawn_blocking(move || one(client, owner, &*answer));
                }
            }
        }
        while asked.join_next().await.is_some() {}
    }
}

impl Drop for AdminSocket {
    fn drop(&mut self) {
        // A socket that stays is taken for a killed server's.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn one(client: UnixStream, owner: u32, answer: &dyn Fn(Request) -> Answer) {
    let from_owner = client.peer_cred().is_ok_and(|peer| peer.uid() == owner);
    let Ok(mut client) = blocking(client) else { return };
    let answered = match frame::read::<Request>(&mut client) {
        _ if !from_owner => Err(AdminError::new(code::OTHER_USER, "admin.sock")),
        Ok(request) => answer(request),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(AdminError::new(code::OTHER_VERSION, "question"))
        }
        Err(_) => return,
    };
    if let Err(error) = frame::write(&mut client, &answered)
        && error.kind() == io::ErrorKind::FileTooLarge
    {
        let too_large: Answer = Err(AdminError::new(code::TOO_LARGE, "answer"));
        // Nobody to hear it: the client went away, the verb is done all the same.
        let _ = frame::write(&mut client, &too_large);
    }
}

fn blocking(client: UnixStream) -> io::Result<std::os::unix::net::UnixStream> {
    let client = client.into_std()?;
    client.set_nonblocking(false)?;
    client.set_read_timeout(Some(ASKING))?;
    Ok(client)
}
