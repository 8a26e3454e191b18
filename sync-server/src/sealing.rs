//! Sealing to the operator's key, in the format of the `age` program: a county seals, and only who has the private key
//! opens.

use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use age::secrecy::ExposeSecret;
use age::stream::{StreamReader, StreamWriter};
use age::x25519::{Identity, Recipient};
use age::{Decryptor, Encryptor};

/// How `age` writes a secret key and a public one, in bech32.
const SECRET: &str = "AGE-SECRET-KEY-";
const PUBLIC: &str = "age";
/// A key file is a few lines.
const LONGEST_FILE: u64 = 64 * 1024;

/// The public half of the operator's key.
#[derive(Clone, Debug)]
pub(crate) struct OperatorKey(Recipient);

impl OperatorKey {
    /// The half in these bytes, as X25519 has it; none for what `age` takes for no key.
    pub(crate) fn from_public(public: &[u8; 32]) -> Option<Self> {
        bech32_of(PUBLIC, public)?.parse().ok().map(Self)
    }

    /// Seals what is written, as it is written, in some 64 KiB of memory. [`StreamWriter::finish`] writes the end: what
    /// lacks it does not open.
    pub(crate) fn seal<W: Write>(&self, to: W) -> io::Result<StreamWriter<W>> {
        let recipients = std::iter::once(&self.0 as &dyn age::Recipient);
        Encryptor::with_recipients(recipients)
            .map_err(io::Error::other)?
            .wrap_output(to)
    }

    /// Seals some bytes.
    pub(crate) fn seal_bytes(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut sealed = self.seal(Vec::new())?;
        sealed.write_all(bytes)?;
        sealed.finish()
    }
}

/// The operator's key itself.
#[derive(Clone)]
pub(crate) struct OperatorSecret(Identity);

impl OperatorSecret {
    /// Reads a key file: one of `age`, or as a county's creation wrote it. [`io::ErrorKind::InvalidData`] for a file
    /// without a key.
    pub(crate) fn read(file: &Path) -> io::Result<Self> {
        let mut text = String::new();
        std::fs::File::open(file)?
            .take(LONGEST_FILE)
            .read_to_string(&mut text)?;
        let found = text.lines().map(str::trim).find_map(|line| line.parse().ok());
        found.map(Self).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Opens what was sealed, as it is read.
    pub(crate) fn open<R: Read>(&self, from: R) -> io::Result<StreamReader<BufReader<R>>> {
        let sealed = Decryptor::new_buffered(BufReader::new(from)).map_err(unsealable)?;
        sealed
            .decrypt(std::iter::once(&self.0 as &dyn age::Identity))
            .map_err(unsealable)
    }
}

fn unsealable(error: age::DecryptError) -> io::Error {
    match error {
        age::DecryptError::Io(error) => error,
        age::DecryptError::NoMatchingKeys => io::ErrorKind::PermissionDenied.into(),
        _ => io::ErrorKind::InvalidData.into(),
    }
}

/// A raw X25519 secret as a line that `age` takes.
pub(crate) fn line_of(secret: &[u8; 32]) -> Option<String> {
    let line = bech32_of(&SECRET.to_ascii_lowercase(), secret)?.to_ascii_uppercase();
    // As `age` itself would write it, or not at all.
    let read: Identity = line.parse().ok()?;
    (read.to_string().expose_secret() == line).then_some(line)
}

fn bech32_of(prefix: &str, bytes: &[u8; 32]) -> Option<String> {
    let prefix = bech32::Hrp::parse(prefix).ok()?;
    bech32::encode::<bech32::Bech32>(prefix, bytes).ok()
}

#[cfg(test)]
mod tests {
    use x25519_dalek::{PublicKey, StaticSecret};

    use super::*;

    fn written(text: &str) -> io::Result<OperatorSecret> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        OperatorSecret::read(file.path())
    }

    #[test]
    fn what_is_sealed_opens_under_the_one_key() {
        let secret = StaticSecret::from([7; 32]);
        let public = OperatorKey::from_public(PublicKey::from(&secret).as_bytes()).unwrap();
        let line = line_of(&secret.to_bytes()).unwrap();
        let sealed = public.seal_bytes("江沙棘".as_bytes()).unwrap();
        let key = written(&format!("# a key\n# secret 00\n{line}\n")).unwrap();
        let mut opened = String::new();
        key.open(&*sealed).unwrap().read_to_string(&mut opened).unwrap();
        assert_eq!(opened, "江沙棘");
        let other = written(&line_of(&[8; 32]).unwrap()).unwrap();
        let refused = other.open(&*sealed).map(drop).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        let cut = &sealed[..sealed.len() - 1];
        let mut rest = Vec::new();
        assert!(key.open(cut).unwrap().read_to_end(&mut rest).is_err());
        assert!(written("# a key\n").is_err());
    }

    /// Frozen: what is sealed today is opened by the key files of years ago.
    #[test]
    fn a_key_is_written_as_age_writes_it() {
        let line = line_of(&[7; 32]).unwrap();
        assert_eq!(line.len(), 74);
        assert!(line.starts_with("AGE-SECRET-KEY-1QURSWPC8QURSWPC8"), "{line}");
    }
}
