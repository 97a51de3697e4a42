use super::*;

fn key(game: &'static str, kind: &'static str, username: &str, origin: &str) -> CredentialKey {
    CredentialKey {
        game,
        origin: origin.to_owned(),
        username: username.to_owned(),
        kind,
    }
}

#[test]
fn an_entry_name_contains_all_fields_of_its_key() {
    let key = key(
        "ttr",
        "password",
        "alice@example.com",
        "https://www.example.com",
    );
    assert_eq!(
        key.entry(),
        "ttr|password|alice@example.com|https://www.example.com"
    );
    assert_eq!(
        key.label(),
        "playcookie: password of alice@example.com (ttr, https://www.example.com)"
    );
}

#[test]
fn no_two_keys_have_the_same_entry_name() {
    let keys = [
        key("ttr", "password", "a", "b"),
        key("ttr", "password", "a|b", ""),
        key("ttr", "password", "a%7cb", ""),
        key("ttr", "password", "a", "|b"),
        key("ttr", "password", "A", "b"),
        key("ttr", "password", "ä", "b"),
        key("ttr", "password", "a\u{308}", "b"),
        key("ttr", "password", "a\0", "b"),
        key("ttr", "token", "a", "b"),
        key("ttcc", "password", "a", "b"),
        key("ttr", "password", "a", "b:8080"),
    ];
    let mut entries: Vec<_> = keys.iter().map(|key| key.entry().to_lowercase()).collect();
    entries.sort();
    entries.dedup();
    assert_eq!(entries.len(), keys.len());
}

#[test]
fn an_entry_is_printable_and_so_is_its_label() {
    let odd = key("ttr", "password", "a\0\u{1b}[31mb\u{202e}ü", "https://x/\n");
    assert_eq!(
        odd.entry(),
        "ttr|password|a%00%1b[31mb%e2%80%ae%c3%bc|https://x/%0a"
    );
    assert_eq!(odd.label(), "playcookie: password of abü (ttr, https://x/)");
}

#[test]
fn a_length_is_in_the_encoding_of_the_store() {
    assert_eq!((length("aü€🍪", false), length("aü€🍪", true)), (10, 10));
    assert_eq!((length("aaaa", false), length("aaaa", true)), (4, 8));
    assert_eq!(length("", true), 0);
}

#[test]
fn the_timeout_is_longer_only_where_the_store_shows_a_dialog() {
    let dialog = if cfg!(target_os = "macos") { 60 } else { 3 };
    assert_eq!(timeout(true), Duration::from_secs(dialog));
    assert_eq!(timeout(false), Duration::from_secs(3));
}

#[test]
fn every_error_has_status_78_and_a_hint() {
    for error in [
        Error::Missing,
        Error::Locked,
        Error::Timeout,
        Error::TooLong,
        Error::Failed("it is full".to_owned()),
    ] {
        let failure = Failure::from(error);
        assert_eq!(
            (failure.reason, failure.reason.status()),
            (Reason::SecretStore, 78)
        );
        for option in ["--no-save", "--password-command"] {
            assert!(failure.hint.contains(option), "{}", failure.hint);
        }
    }
    let full = Failure::from(Error::Failed("it is full".to_owned()));
    assert_eq!(full.message, "the secret store failed: it is full");
    assert_eq!(
        Failure::from(Error::TooLong).message,
        "the secret is too long for a secret store: more than 2560 bytes"
    );
}

#[tokio::test]
async fn a_slow_store_times_out_and_a_panic_is_a_failure() {
    let (release, hold) = std::sync::mpsc::channel::<()>();
    let slow = call(Duration::from_millis(20), move || {
        // Ends with the test.
        let _ = hold.recv();
        Ok(())
    });
    assert_eq!(slow.await, Err(Error::Timeout));
    drop(release);
    let failed = call(TIMEOUT, || -> Result<(), Error> {
        panic!("as a library may")
    });
    assert!(matches!(failed.await, Err(Error::Failed(_))));
}

/// The code that the Keychain and the Credential Manager share, with a store in memory.
#[cfg(not(any(target_os = "macos", windows)))]
mod memory {
    use keyring_core::Error as KeyringError;

    use super::*;
    use crate::credentials::backend::keyring::KeyringStore;

    #[test]
    fn a_secret_is_stored_replaced_and_removed() {
        let store = KeyringStore::open(false).expect("a store");
        let (here, there) = (
            key("ttr", "password", "alice", "https://a.example"),
            key("ttr", "password", "alice", "https://b.example"),
        );
        assert_eq!(store.get(&here), Ok(None));
        for secret in ["first", "second"] {
            assert_eq!(store.set(&here, &Secret::new(secret)), Ok(()));
            assert_eq!(store.get(&here), Ok(Some(Secret::new(secret))));
        }
        assert_eq!(store.get(&there), Ok(None));
        assert_eq!(
            (store.remove(&there), store.remove(&here)),
            (Ok(false), Ok(true))
        );
        assert_eq!(
            (store.remove(&here), store.get(&here)),
            (Ok(false), Ok(None))
        );
    }

    #[test]
    fn each_error_has_its_own_variant_and_contains_no_secret() {
        let cause = |text: &str| text.to_owned().into();
        let secret = || b"hunter2\xff".to_vec();
        let no_text = Error::Failed("the stored value is not text".to_owned());
        for (error, expected) in [
            (
                KeyringError::NoStorageAccess(cause("no logon session")),
                Error::Missing,
            ),
            (
                KeyringError::PlatformFailure(cause("missing")),
                Error::Missing,
            ),
            (
                KeyringError::PlatformFailure(cause("locked")),
                Error::Locked,
            ),
            (
                KeyringError::NoStorageAccess(cause("locked")),
                Error::Locked,
            ),
            (
                KeyringError::TooLong("secret".to_owned(), 2_560),
                Error::TooLong,
            ),
            (KeyringError::BadEncoding(secret()), no_text.clone()),
            (KeyringError::BadDataFormat(secret(), cause("odd")), no_text),
            (
                KeyringError::PlatformFailure(cause("\u{1b}[2Jfull\n")),
                Error::Failed("Platform failure: full".to_owned()),
            ),
        ] {
            assert_eq!(Error::from(error), expected);
        }
    }
}
