use std::path::Path;
use std::sync::Arc;

use super::*;

/// A certificate and its key in two files.
fn write(folder: &Path, certificate_of: &rcgen::KeyPair, key: &rcgen::KeyPair) -> TlsSource {
    let params = rcgen::CertificateParams::new(vec!["sync.example".to_owned()]).unwrap();
    let (certificate_file, key_file) = (folder.join("cert.pem"), folder.join("key.pem"));
    let pem = params.self_signed(certificate_of).unwrap().pem();
    // As tools that renew certificates do it: another file under the same name.
    std::fs::write(folder.join("new"), pem).unwrap();
    std::fs::rename(folder.join("new"), &certificate_file).unwrap();
    std::fs::write(folder.join("new"), key.serialize_pem()).unwrap();
    std::fs::rename(folder.join("new"), &key_file).unwrap();
    TlsSource::Files {
        certificate: certificate_file,
        key: key_file,
    }
}

#[test]
fn a_certificate_that_changed_is_taken_up_once_it_has_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (
        rcgen::KeyPair::generate().unwrap(),
        rcgen::KeyPair::generate().unwrap(),
    );
    let tls = ServerTls::open(write(folder.path(), &one, &one)).unwrap();
    let first = tls.config();
    assert!(Arc::ptr_eq(&first, &tls.config()), "read once");
    assert_eq!(tls.keys(), None, "phones go by the certificate");
    write(folder.path(), &other, &one);
    assert!(
        Arc::ptr_eq(&first, &tls.config()),
        "another certificate than the key is for: what was goes on"
    );
    write(folder.path(), &other, &other);
    assert!(!Arc::ptr_eq(&first, &tls.config()));
    std::fs::remove_file(folder.path().join("key.pem")).unwrap();
    let second = tls.config();
    tls.reload();
    assert!(Arc::ptr_eq(&second, &tls.config()));
    let without = ServerTls::open(TlsSource::Files {
        certificate: folder.path().join("cert.pem"),
        key: folder.path().join("key.pem"),
    });
    assert_eq!(without.err().unwrap().code(), "tls_unfit");
}

#[test]
fn the_next_key_is_told_before_it_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let told = |keys: &PinnedKeys| keys.server_keys().unwrap();
    let failed = |made: Result<PinnedKeys, TlsError>| made.err().unwrap().code();
    assert_eq!(failed(PinnedKeys::rotate(folder.path(), 9_000)), "tls_no_keys");
    let first = told(&PinnedKeys::create(folder.path(), 9_000).unwrap());
    assert_eq!(failed(PinnedKeys::create(folder.path(), 9_000)), "tls_keys_there");
    let tls = ServerTls::open(TlsSource::Pinned(folder.path().to_owned())).unwrap();
    assert_eq!(tls.keys(), Some(first.clone()));
    // A clock that was set back makes nothing older.
    let second = told(&PinnedKeys::rotate(folder.path(), 5_000).unwrap());
    assert_eq!(second.keys[0], first.keys[1]);
    assert!(!first.keys.contains(&second.keys[1]));
    assert_eq!((first.since_s, second.since_s), (9, 10));
    assert_eq!(tls.keys(), Some(second));
}

#[test]
fn its_owner_alone_can_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    PinnedKeys::create(folder.path(), 0).unwrap();
    let file = PinnedKeys::file(folder.path());
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
