//! Logins that fail, seen as a script sees them and as a person who wants every detail.

use serde_json::Value;

use super::{Ended, Home, Reaction, Scripted};

/// Values that no failure may show. Answers in tests are made of these, so that one list is enough.
pub(crate) const SECRETS: [&str; 5] = [PASSWORD, CODE, "rt-5ec7e7", "qt-5ec7e7", "ck-5ec7e7"];
/// The password that [`Home::ttr`] gives.
pub(crate) const PASSWORD: &str = "hunter2-pw";
/// The code of [`WITH_CODE`].
pub(crate) const CODE: &str = "739154";
/// An answer to the first request for a code.
pub(crate) const WITH_CODE: [&str; 2] = ["--code", CODE];

/// A code is wanted.
pub(crate) const PARTIAL: &str =
    r#"{"success":"partial","banner":"Please enter a token.","responseToken":"rt-5ec7e7"}"#;
/// In line.
pub(crate) const DELAYED: &str =
    r#"{"success":"delayed","eta":"0","position":"1","queueToken":"qt-5ec7e7"}"#;
/// Let in.
pub(crate) const GRANTED: &str =
    r#"{"success":"true","gameserver":"gs.example","cookie":"ck-5ec7e7"}"#;

/// 200 with JSON, several in a row.
pub(crate) fn answers<const N: usize>(bodies: [&str; N]) -> Vec<Reaction> {
    bodies.iter().map(Reaction::json).collect()
}

/// A status, and the word that goes with it in the `error` event.
pub(crate) type Exit = (i32, &'static str);

/// `ttr login` against a server that reacts like this ends as `exit` says, with `words` in its error or its hint.
/// It sends as many requests as there are reactions and shows no secret.
#[track_caller]
pub(crate) fn login_fails(reactions: &[Reaction], more: &[&str], exit: Exit, words: &str) {
    verb_fails("login", reactions, more, exit, words);
}

/// The same for any verb.
#[track_caller]
pub(crate) fn verb_fails(
    verb: &str,
    reactions: &[Reaction],
    more: &[&str],
    exit: Exit,
    words: &str,
) {
    for manner in ["--json", "-vv"] {
        let (home, server) = (Home::new(), Scripted::new(reactions.iter().cloned()));
        let program = home.ttr(verb, &server.root(), &[manner]).args(more);
        let ended = program.run().fails_as(exit, words);
        if manner == "--json" {
            assert_eq!(ended.error_of("alice"), exit.1);
        }
        server.seen();
    }
}

impl Ended {
    /// It ended as `exit` says, told so with these words, and showed no secret.
    #[track_caller]
    pub(crate) fn fails_as(self, (status, _): Exit, words: &str) -> Self {
        let ended = self.exits(status).hides(&SECRETS).stays_plain();
        let (error, hint) = ended.told();
        assert!(
            error.contains(words) || hint.contains(words),
            "{words:?} is not there: {ended:#?}"
        );
        ended
    }

    /// The reason in the `error` event, which is about this player of Toontown Rewritten and says what people read.
    #[track_caller]
    pub(crate) fn error_of(&self, username: &str) -> String {
        let event = self.error_event();
        let (error, hint) = self.told();
        assert_eq!(event["game"], "ttr", "{self:#?}");
        assert_eq!(event["account"], Value::Null, "{self:#?}");
        assert_eq!(event["username"], username, "{self:#?}");
        self.matches_event(&event, &error, &hint)
    }

    /// The reason in the `error` event, which happened before it was known to whom.
    #[track_caller]
    pub(crate) fn error_of_nobody(&self) -> String {
        let event = self.error_event();
        let (error, hint) = self.told();
        assert_eq!(event["username"], Value::Null, "{self:#?}");
        self.matches_event(&event, &error, &hint)
    }

    #[track_caller]
    fn matches_event(&self, event: &Value, error: &str, hint: &str) -> String {
        assert_eq!(event["message"], error, "{self:#?}");
        assert_eq!(event["hint"], hint, "{self:#?}");
        assert_eq!(event["exit"].as_i64(), self.status.code().map(i64::from));
        event["reason"].as_str().expect("a reason").to_owned()
    }
}
