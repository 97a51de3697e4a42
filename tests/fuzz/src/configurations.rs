//! Parsing and editing any config.toml: nothing panics, and an edit of one account keeps every other byte.

use playcookie::config::document::ConfigurationDocument;
use toml_edit::DocumentMut;

pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(document) = ConfigurationDocument::parse(text) else {
        return;
    };
    assert_eq!(document.text(), text, "an unchanged document");
    let plain = text.trim_start_matches('\u{feff}');
    let plain: DocumentMut = plain.parse().expect("TOML");
    let Some(accounts) = plain.get("accounts").and_then(|it| it.as_table_like()) else {
        return;
    };
    for (name, account) in accounts.iter() {
        let has_log = account.get("log").is_some();
        let edited = edited(text, |document| {
            document.set_text(name, "log", Some("/play.log"));
        });
        if !has_log {
            assert_inserted(text, &edited);
            let removed = self::edited(&edited, |document| document.set_text(name, "log", None));
            assert_eq!(removed, text, "a set and removed option");
        }
        self::edited(text, |document| document.remove(name));
        if !text.contains("another-name") {
            self::edited(text, |document| document.rename(name, "another-name"));
        }
    }
}

/// Returns the text after an edit, which can be parsed.
fn edited(text: &str, edit: impl FnOnce(&mut ConfigurationDocument)) -> String {
    let mut document = ConfigurationDocument::parse(text).expect("a configuration");
    edit(&mut document);
    let edited = document.text();
    if let Err(error) = ConfigurationDocument::parse(&edited) {
        panic!("{error}: {text:?} became {edited:?}");
    }
    edited
}

/// Asserts that `after` is `before` with one insertion.
fn assert_inserted(before: &str, after: &str) {
    let pairs = before.bytes().zip(after.bytes());
    let start = pairs.take_while(|(old, new)| old == new).count();
    let end = &before.as_bytes()[start..];
    assert!(
        after.as_bytes()[start..].ends_with(end),
        "{before:?} became {after:?}"
    );
}
