use super::*;

fn key(game: &'static str, part: &'static str, account: &str, origin: &str) -> CredentialKey {
    CredentialKey {
        game,
        origin: origin.to_owned(),
        account: account.to_owned(),
        part,
    }
}

#[test]
fn an_entry_is_named_by_all_that_it_is_for() {
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
fn no_two_keys_have_one_entry() {
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
fn a_length_is_what_the_store_counts() {
    assert_eq!((length("aü€🍪", false), length("aü€🍪", true)), (10, 10));
    assert_eq!((length("aaaa", false), length("aaaa", true)), (4, 8));
    assert_eq!(length("", true), 0);
}

#[test]
fn a_person_is_waited_for_only_where_there_is_a_dialog() {
    let dialog = if cfg!(target_os = "macos") { 60 } else { 3 };
    assert_eq!(limit(true), Duration::from_secs(dialog));
    assert_eq!(limit(false), Duration::from_secs(3));
}

#[test]
fn every_error_ends_with_78_and_says_what_to_do() {
    for error in [
        Error::Missing,
        Error::Locked,
        Error::Silent,
        Error::TooLong,
        Error::Failed("it is full".to_owned()),
    ] {
        let failure = Failure::from(error);
        assert_eq!(
            (failure.reason, failure.reason.status()),
            (Reason::SecretStore, 78)
        );
        for way_out in ["--no-save", "--password-command"] {
            assert!(failure.hint.contains(way_out), "{}", failure.hint);
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
async fn a_store_that_takes_too_long_is_silent_and_one_that_panics_has_failed() {
    let (release, hold) = std::sync::mpsc::channel::<()>();
    let limit = Duration::from_millis(20);
    let silent = in_time(limit, move || {
        // Ends when the test does.
        let _ = hold.recv();
        Ok(())
    });
    assert_eq!(silent.await, Err(Error::Silent));
    drop(release);
    let failed = in_time(LIMIT, || -> Result<(), Error> {
        panic!("as a library may")
    });
    assert!(matches!(failed.await, Err(Error::Failed(_))));
}

/// What the Keychain and the Credential Manager share, with a store that is neither.
#[cfg(not(any(target_os = "macos", windows)))]
mod entries_in_memory {
    use keyring_core::Error as Theirs;

    use super::*;
    use crate::credentials::backend::entries::Store;

    #[test]
    fn a_secret_is_kept_replaced_and_forgotten() {
        let store = Store::open(false).expect("a store");
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
    fn errors_are_told_apart_and_hold_no_secret() {
        let cause = |text: &str| text.to_owned().into();
        let secret = || b"hunter2\xff".to_vec();
        let no_text = Error::Failed("what is stored is not text".to_owned());
        for (theirs, ours) in [
            (
                Theirs::NoStorageAccess(cause("no logon session")),
                Error::Missing,
            ),
            (Theirs::PlatformFailure(cause("missing")), Error::Missing),
            (Theirs::PlatformFailure(cause("locked")), Error::Locked),
            (Theirs::NoStorageAccess(cause("locked")), Error::Locked),
            (Theirs::TooLong("secret".to_owned(), 2_560), Error::TooLong),
            (Theirs::BadEncoding(secret()), no_text.clone()),
            (Theirs::BadDataFormat(secret(), cause("odd")), no_text),
            (
                Theirs::PlatformFailure(cause("\u{1b}[2Jfull\n")),
                Error::Failed("Platform failure: full".to_owned()),
            ),
        ] {
            assert_eq!(Error::from(theirs), ours);
        }
    }
}
