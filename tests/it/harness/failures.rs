//! Failing logins, run with `--json` and with `-vv`.

use serde_json::Value;

use super::{Home, Reaction, RunOutput, Scripted};

/// Values that no failure may print. The answers in tests consist of these.
pub(crate) const SECRETS: [&str; 5] = [PASSWORD, CODE, "rt-5ec7e7", "qt-5ec7e7", "ck-5ec7e7"];
/// The password of [`Home::ttr`].
pub(crate) const PASSWORD: &str = "hunter2-pw";
/// The code of [`WITH_CODE`].
pub(crate) const CODE: &str = "739154";
/// The options that answer the first request for a code.
pub(crate) const WITH_CODE: [&str; 2] = ["--code", CODE];

/// The server asks for a code.
pub(crate) const PARTIAL: &str =
    r#"{"success":"partial","banner":"Please enter a token.","responseToken":"rt-5ec7e7"}"#;
/// The login is in the queue.
pub(crate) const DELAYED: &str =
    r#"{"success":"delayed","eta":"0","position":"1","queueToken":"qt-5ec7e7"}"#;
/// The login succeeded.
pub(crate) const GRANTED: &str =
    r#"{"success":"true","gameserver":"gs.example","cookie":"ck-5ec7e7"}"#;

/// Returns one reaction with status 200 and JSON for each body.
pub(crate) fn answers<const N: usize>(bodies: [&str; N]) -> Vec<Reaction> {
    bodies.iter().map(Reaction::json).collect()
}

/// An exit status, and the `reason` of its `error` event.
pub(crate) type Exit = (i32, &'static str);

/// Asserts that `ttr login` against a server with these reactions fails with `exit` and with `words` in its error or
/// its hint, sends as many requests as there are reactions and prints no secret.
#[track_caller]
pub(crate) fn login_fails(reactions: &[Reaction], more: &[&str], exit: Exit, words: &str) {
    verb_fails("login", reactions, more, exit, words);
}

/// Asserts the same of any verb.
#[track_caller]
pub(crate) fn verb_fails(
    verb: &str,
    reactions: &[Reaction],
    more: &[&str],
    exit: Exit,
    words: &str,
) {
    for option in ["--json", "-vv"] {
        let (home, server) = (Home::new(), Scripted::new(reactions.iter().cloned()));
        let program = home.ttr(verb, &server.root(), &[option]).args(more);
        let ended = program.run().fails_as(exit, words);
        if option == "--json" {
            assert_eq!(ended.reason_for("alice"), exit.1);
        }
        server.finish();
    }
}

impl RunOutput {
    /// Asserts the status, `words` in the error or its hint, and that no secret was printed.
    #[track_caller]
    pub(crate) fn fails_as(self, (status, _): Exit, words: &str) -> Self {
        let ended = self.exits(status).hides(&SECRETS).prints_plain_text();
        let (error, hint) = ended.error_and_hint();
        assert!(
            error.contains(words) || hint.contains(words),
            "{words:?} is not there: {ended:#?}"
        );
        ended
    }

    /// Returns the reason of the `error` event. Asserts that the event names this username of Toontown Rewritten and has
    /// the printed error and hint.
    #[track_caller]
    pub(crate) fn reason_for(&self, username: &str) -> String {
        let event = self.error_event();
        let (error, hint) = self.error_and_hint();
        assert_eq!(event["game"], "ttr", "{self:#?}");
        assert_eq!(event["account"], Value::Null, "{self:#?}");
        assert_eq!(event["username"], username, "{self:#?}");
        self.matches_event(&event, &error, &hint)
    }

    /// Returns the reason of the `error` event. Asserts that the event names no account and has the printed error and hint.
    #[track_caller]
    pub(crate) fn reason_without_account(&self) -> String {
        let event = self.error_event();
        let (error, hint) = self.error_and_hint();
        assert_eq!(event["username"], Value::Null, "{self:#?}");
        self.matches_event(&event, &error, &hint)
    }

    #[track_caller]
    fn matches_event(&self, event: &Value, error: &str, hint: &str) -> String {
        assert_eq!(event["message"], error, "{self:#?}");
        let event_hint = event["hint"].as_str().expect("a hint");
        match hint.strip_suffix("For more information, try '--help'.") {
            // Of clap's message, the event has the first tip only.
            Some(rest) => match rest.split("tip: ").nth(1) {
                Some(tip) => {
                    let tip = tip.split("Usage: ").next().unwrap_or_default();
                    assert_eq!(event_hint, tip.trim(), "{self:#?}");
                }
                None => assert!(event_hint.starts_with("see `playcookie"), "{self:#?}"),
            },
            None => assert_eq!(event_hint, hint, "{self:#?}"),
        }
        assert_eq!(event["exit"].as_i64(), self.status.code().map(i64::from));
        event["reason"].as_str().expect("a reason").to_owned()
    }
}
