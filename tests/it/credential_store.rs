//! The credential store with a real Secret Service.

use std::time::{Duration, Instant};

use playcookie::base::secret::Secret;
use playcookie::credentials::backend::{Backend, CredentialKey, Error};

use crate::harness::session::{lock, on_a_bus, on_no_bus, secrets, silent_store, with_a_keyring};
use crate::harness::wait_until;

/// Longer than an answer takes and shorter than the store's timeout.
const AT_ONCE: Duration = Duration::from_millis(1_500);

fn key(origin: &str) -> CredentialKey {
    CredentialKey {
        game: "ttr",
        origin: origin.to_owned(),
        username: "alice@example.com".to_owned(),
        kind: "password",
    }
}

async fn open() -> Backend {
    Backend::open(false)
        .await
        .unwrap_or_else(|error| panic!("it does not open: {error}"))
}

/// Asserts that opening fails with this error, with and without prompts. Returns how long it takes.
async fn assert_open_fails(expected: Error) -> Duration {
    let start = Instant::now();
    for interactive in [false, true] {
        assert_eq!(
            Backend::open(interactive).await.err(),
            Some(expected.clone())
        );
    }
    start.elapsed() / 2
}

#[test]
fn a_secret_is_stored_replaced_and_removed() {
    with_a_keyring(
        "credential_store::a_secret_is_stored_replaced_and_removed",
        async |session| {
            let _keyring = session.unlocked();
            let (store, key) = (open().await, key("https://a.example"));
            assert_eq!(store.get(&key).await, Ok(None));
            for secret in ["hunter2", "pässwörd ", ""] {
                assert_eq!(store.set(&key, &Secret::new(secret)).await, Ok(()));
                assert_eq!(store.get(&key).await, Ok(Some(Secret::new(secret))));
                // Another connection finds the entry too.
                assert_eq!(open().await.get(&key).await, Ok(Some(Secret::new(secret))));
            }
            assert_eq!(store.remove(&key).await, Ok(true));
            assert_eq!(store.remove(&key).await, Ok(false));
            assert_eq!(store.get(&key).await, Ok(None));
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn an_entry_has_a_readable_label() {
    with_a_keyring(
        "credential_store::an_entry_has_a_readable_label",
        async |session| {
            let _keyring = session.unlocked();
            let (store, key) = (open().await, key("https://a.example"));
            for secret in ["first", "second"] {
                assert_eq!(store.set(&key, &Secret::new(secret)).await, Ok(()));
            }
            let secrets = secrets();
            let found = secrets
                .search_items([("service", "playcookie")].into())
                .expect("entries");
            let labels: Vec<_> = found
                .unlocked
                .iter()
                .map(|item| item.get_label().expect("a label"))
                .collect();
            assert_eq!(
                labels,
                ["playcookie: password of alice@example.com (ttr, https://a.example)"]
            );
        },
    );
}

#[test]
fn another_origin_or_account_or_part_is_another_entry() {
    with_a_keyring(
        "credential_store::another_origin_or_account_or_part_is_another_entry",
        async |session| {
            let _keyring = session.unlocked();
            let (store, usual) = (open().await, key("https://a.example"));
            let others = [
                key("https://b.example"),
                key("http://a.example"),
                CredentialKey {
                    username: "bob".to_owned(),
                    ..usual.clone()
                },
                CredentialKey {
                    kind: "token",
                    ..usual.clone()
                },
                CredentialKey {
                    game: "ttcc",
                    ..usual.clone()
                },
            ];
            assert_eq!(store.set(&usual, &Secret::new("usual")).await, Ok(()));
            for other in &others {
                assert_eq!(store.get(other).await, Ok(None));
                assert_eq!(store.remove(other).await, Ok(false));
                assert_eq!(store.set(other, &Secret::new("other")).await, Ok(()));
            }
            assert_eq!(store.get(&usual).await, Ok(Some(Secret::new("usual"))));
            assert_eq!(store.remove(&usual).await, Ok(true));
            for other in &others {
                assert_eq!(store.get(other).await, Ok(Some(Secret::new("other"))));
            }
        },
    );
}

#[test]
fn a_secret_has_at_most_2560_bytes() {
    with_a_keyring(
        "credential_store::a_secret_has_at_most_2560_bytes",
        async |session| {
            let _keyring = session.unlocked();
            let (store, key) = (open().await, key("https://a.example"));
            let longest = Secret::new("x".repeat(2_560));
            assert_eq!(store.set(&key, &longest).await, Ok(()));
            assert_eq!(
                store.set(&key, &Secret::new("x".repeat(2_561))).await,
                Err(Error::TooLong)
            );
            assert_eq!(store.get(&key).await, Ok(Some(longest)));
        },
    );
}

#[test]
fn a_locked_keyring_is_reported_at_once_without_a_prompt() {
    with_a_keyring(
        "credential_store::a_locked_keyring_is_reported_at_once_without_a_prompt",
        async |session| {
            let keyring = session.unlocked();
            let (store, there, new) = (
                open().await,
                key("https://a.example"),
                key("https://b.example"),
            );
            let secret = Secret::new("hunter2");
            assert_eq!(store.set(&there, &secret).await, Ok(()));

            lock();
            assert!(assert_open_fails(Error::Locked).await < AT_ONCE);
            let start = Instant::now();
            // The store was opened before it was locked.
            assert_eq!(store.get(&there).await, Err(Error::Locked));
            for key in [&there, &new] {
                assert_eq!(store.set(key, &secret).await, Err(Error::Locked));
                assert_eq!(store.remove(key).await, Err(Error::Locked));
            }
            assert!(start.elapsed() < AT_ONCE);

            drop(keyring);
            let keyring = session.locked();
            assert!(assert_open_fails(Error::Locked).await < AT_ONCE);
            assert!(!session.has_prompted());

            // Check that a prompt would have been detected.
            let secrets = secrets();
            let collection = secrets.get_default_collection().expect("a collection");
            assert!(collection.unlock().is_err());
            wait_until("the prompt is detected", || session.has_prompted());

            drop(keyring);
            let _keyring = session.unlocked();
            assert_eq!(open().await.get(&there).await, Ok(Some(secret)));
        },
    );
}

#[test]
fn a_keyring_without_a_password_is_opened_without_a_prompt() {
    with_a_keyring(
        "credential_store::a_keyring_without_a_password_is_opened_without_a_prompt",
        async |session| {
            let _keyring = session.without_a_password();
            let (store, key) = (open().await, key("https://a.example"));
            assert_eq!(store.set(&key, &Secret::new("hunter2")).await, Ok(()));
            lock();
            assert_eq!(
                open().await.get(&key).await,
                Ok(Some(Secret::new("hunter2")))
            );
            lock();
            assert_eq!(store.set(&key, &Secret::new("again")).await, Ok(()));
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn a_service_without_a_collection_is_no_store() {
    with_a_keyring(
        "credential_store::a_service_without_a_collection_is_no_store",
        async |session| {
            let _keyring = session.locked();
            assert!(assert_open_fails(Error::Missing).await < AT_ONCE);
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn a_service_that_exits_is_reported() {
    with_a_keyring(
        "credential_store::a_service_that_exits_is_reported",
        async |session| {
            let keyring = session.unlocked();
            let (store, key) = (open().await, key("https://a.example"));
            drop(keyring);
            assert_eq!(store.get(&key).await, Err(Error::Missing));
            assert_eq!(
                store.set(&key, &Secret::new("hunter2")).await,
                Err(Error::Missing)
            );
        },
    );
}

#[test]
fn a_bus_without_a_service_has_no_store() {
    on_a_bus(
        "credential_store::a_bus_without_a_service_has_no_store",
        async |_session| {
            assert!(assert_open_fails(Error::Missing).await < AT_ONCE);
        },
    );
}

#[test]
fn a_service_that_never_answers_times_out() {
    on_a_bus(
        "credential_store::a_service_that_never_answers_times_out",
        async |_session| {
            let _service = silent_store();
            let waited = assert_open_fails(Error::Timeout).await;
            // The bus times out after two seconds, the program after three.
            assert!(waited > AT_ONCE && waited < 3 * AT_ONCE, "{waited:?}");
        },
    );
}

#[test]
fn without_a_bus_there_is_no_store_and_none_is_started() {
    on_no_bus(
        "credential_store::without_a_bus_there_is_no_store_and_none_is_started",
        async |session| {
            assert!(assert_open_fails(Error::Missing).await < AT_ONCE);
            assert!(!session.has_launched());
        },
    );
}
