//! The secret store against a real Secret Service. Each test has a session bus of its own.

use std::time::{Duration, Instant};

use playcookie::base::secret::Secret;
use playcookie::credentials::backend::{Backend, CredentialKey, Error};

use crate::harness::session::{black_hole, lock, on_a_bus, on_no_bus, secrets, with_a_keyring};
use crate::harness::until;

/// Longer than an answer takes and shorter than the timeout.
const PROMPTLY: Duration = Duration::from_millis(1_500);

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

/// Asserts that opening fails with this error, interactive or not. Returns how long one attempt takes.
async fn fails_to_open(expected: Error) -> Duration {
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
        "credential_backend::a_secret_is_stored_replaced_and_removed",
        async |session| {
            let _keyring = session.unlocked();
            let (backend, key) = (open().await, key("https://a.example"));
            assert_eq!(backend.get(&key).await, Ok(None));
            for secret in ["hunter2", "pässwörd ", ""] {
                assert_eq!(backend.set(&key, &Secret::new(secret)).await, Ok(()));
                assert_eq!(backend.get(&key).await, Ok(Some(Secret::new(secret))));
                // A new connection finds it too.
                assert_eq!(open().await.get(&key).await, Ok(Some(Secret::new(secret))));
            }
            assert_eq!(backend.remove(&key).await, Ok(true));
            assert_eq!(backend.remove(&key).await, Ok(false));
            assert_eq!(backend.get(&key).await, Ok(None));
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn a_keyring_program_shows_one_entry_with_a_readable_label() {
    with_a_keyring(
        "credential_backend::a_keyring_program_shows_one_entry_with_a_readable_label",
        async |session| {
            let _keyring = session.unlocked();
            let (backend, key) = (open().await, key("https://a.example"));
            for secret in ["first", "second"] {
                assert_eq!(backend.set(&key, &Secret::new(secret)).await, Ok(()));
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
fn another_origin_username_kind_or_game_is_another_entry() {
    with_a_keyring(
        "credential_backend::another_origin_username_kind_or_game_is_another_entry",
        async |session| {
            let _keyring = session.unlocked();
            let (backend, usual) = (open().await, key("https://a.example"));
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
            assert_eq!(backend.set(&usual, &Secret::new("usual")).await, Ok(()));
            for other in &others {
                assert_eq!(backend.get(other).await, Ok(None));
                assert_eq!(backend.remove(other).await, Ok(false));
                assert_eq!(backend.set(other, &Secret::new("other")).await, Ok(()));
            }
            assert_eq!(backend.get(&usual).await, Ok(Some(Secret::new("usual"))));
            assert_eq!(backend.remove(&usual).await, Ok(true));
            for other in &others {
                assert_eq!(backend.get(other).await, Ok(Some(Secret::new("other"))));
            }
        },
    );
}

#[test]
fn a_secret_may_have_2560_bytes_and_no_more() {
    with_a_keyring(
        "credential_backend::a_secret_may_have_2560_bytes_and_no_more",
        async |session| {
            let _keyring = session.unlocked();
            let (backend, key) = (open().await, key("https://a.example"));
            let longest = Secret::new("x".repeat(2_560));
            assert_eq!(backend.set(&key, &longest).await, Ok(()));
            assert_eq!(
                backend.set(&key, &Secret::new("x".repeat(2_561))).await,
                Err(Error::TooLong)
            );
            assert_eq!(backend.get(&key).await, Ok(Some(longest)));
        },
    );
}

#[test]
fn a_locked_keyring_is_reported_promptly_and_without_a_prompt() {
    with_a_keyring(
        "credential_backend::a_locked_keyring_is_reported_promptly_and_without_a_prompt",
        async |session| {
            let keyring = session.unlocked();
            let (backend, there, new) = (
                open().await,
                key("https://a.example"),
                key("https://b.example"),
            );
            let secret = Secret::new("hunter2");
            assert_eq!(backend.set(&there, &secret).await, Ok(()));

            lock();
            assert!(fails_to_open(Error::Locked).await < PROMPTLY);
            let start = Instant::now();
            // The backend was opened before the keyring was locked.
            assert_eq!(backend.get(&there).await, Err(Error::Locked));
            for key in [&there, &new] {
                assert_eq!(backend.set(key, &secret).await, Err(Error::Locked));
                assert_eq!(backend.remove(key).await, Err(Error::Locked));
            }
            assert!(start.elapsed() < PROMPTLY);

            drop(keyring);
            let keyring = session.locked();
            assert!(fails_to_open(Error::Locked).await < PROMPTLY);
            assert!(!session.has_prompted());

            // Control: the session notices a prompt when there is one.
            let secrets = secrets();
            let collection = secrets.get_default_collection().expect("a collection");
            assert!(collection.unlock().is_err());
            until("the prompt is noticed", || session.has_prompted());

            drop(keyring);
            let _keyring = session.unlocked();
            assert_eq!(open().await.get(&there).await, Ok(Some(secret)));
        },
    );
}

#[test]
fn a_keyring_without_a_password_is_opened_without_a_prompt() {
    with_a_keyring(
        "credential_backend::a_keyring_without_a_password_is_opened_without_a_prompt",
        async |session| {
            let _keyring = session.without_a_password();
            let (backend, key) = (open().await, key("https://a.example"));
            assert_eq!(backend.set(&key, &Secret::new("hunter2")).await, Ok(()));
            lock();
            assert_eq!(
                open().await.get(&key).await,
                Ok(Some(Secret::new("hunter2")))
            );
            lock();
            assert_eq!(backend.set(&key, &Secret::new("again")).await, Ok(()));
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn a_service_without_a_keyring_is_no_store() {
    with_a_keyring(
        "credential_backend::a_service_without_a_keyring_is_no_store",
        async |session| {
            let _keyring = session.locked();
            assert!(fails_to_open(Error::Missing).await < PROMPTLY);
            assert!(!session.has_prompted());
        },
    );
}

#[test]
fn a_service_that_ends_is_missing() {
    with_a_keyring(
        "credential_backend::a_service_that_ends_is_missing",
        async |session| {
            let keyring = session.unlocked();
            let (backend, key) = (open().await, key("https://a.example"));
            drop(keyring);
            assert_eq!(backend.get(&key).await, Err(Error::Missing));
            assert_eq!(
                backend.set(&key, &Secret::new("hunter2")).await,
                Err(Error::Missing)
            );
        },
    );
}

#[test]
fn a_bus_without_a_service_has_no_store() {
    on_a_bus(
        "credential_backend::a_bus_without_a_service_has_no_store",
        async |_session| {
            assert!(fails_to_open(Error::Missing).await < PROMPTLY);
        },
    );
}

#[test]
fn a_service_that_never_answers_times_out() {
    on_a_bus(
        "credential_backend::a_service_that_never_answers_times_out",
        async |_session| {
            let _black_hole = black_hole();
            let waited = fails_to_open(Error::Timeout).await;
            // The bus gives up after two seconds, the backend after three.
            assert!(waited > PROMPTLY && waited < 3 * PROMPTLY, "{waited:?}");
        },
    );
}

#[test]
fn without_a_bus_there_is_no_store_and_no_bus_is_started() {
    on_no_bus(
        "credential_backend::without_a_bus_there_is_no_store_and_no_bus_is_started",
        async |session| {
            assert!(fails_to_open(Error::Missing).await < PROMPTLY);
            assert!(!session.has_launched());
        },
    );
}
