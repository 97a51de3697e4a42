//! Answering a login with arbitrary replies: nothing panics, a login ends, and what the game receives has no control
//! characters.
//!
//! The first byte of an input selects the protocol. The rest is the bodies of the replies, with zero bytes between them;
//! a body may begin with `!` and the digit of an HTTP status.

use std::time::Duration;

use playcookie::base::redactor::Redactor;
use playcookie::base::secret::Secret;
use playcookie::games::scid::reply;
use playcookie::games::tlopo::Tlopo;
use playcookie::games::ttcc::Ttcc;
use playcookie::games::ttr::Ttr;
use playcookie::games::{Credential, GameProtocol, Interface, LoginParameters};
use playcookie::protocol::{Error, Reply, ServerMessage, Step};

pub(crate) fn run(data: &[u8]) {
    let Some((kind, bodies)) = data.split_first() else {
        return;
    };
    let replies: Vec<Reply> = bodies.split(|byte| *byte == 0).map(reply_with).collect();
    match kind {
        b'0' => log_in::<Ttr>(&replies, Interface::Current, false),
        b'1' => log_in::<Ttcc>(&replies, Interface::Current, false),
        b'2' => log_in::<Ttcc>(&replies, Interface::Current, true),
        b'3' => log_in::<Ttcc>(&replies, Interface::Documented, false),
        b'4' => log_in::<Tlopo>(&replies, Interface::Current, false),
        b'5' => replies.iter().for_each(read_scid),
        _ => {}
    }
}

/// Makes a reply of a body.
fn reply_with(body: &[u8]) -> Reply {
    let (status, body) = match body {
        [b'!', digit @ b'1'..=b'5', rest @ ..] => (u16::from(digit - b'0') * 100 + 29, rest),
        _ => (200, body),
    };
    Reply::new(status, body).retry_after(Some(Duration::from_secs(7)))
}

fn log_in<P: GameProtocol>(replies: &[Reply], interface: Interface, has_token: bool) {
    let secret = Secret::new("hunter2");
    let protocol = P::new(LoginParameters {
        username: "alice".to_owned(),
        credential: if has_token {
            Credential::Token(secret)
        } else {
            Credential::Password(secret)
        },
        interface,
        fallback_gameserver: None,
        nonce: "0a1b2c3d".to_owned(),
        toon_slot: Some(0),
        wants_update: true,
    });
    let (_, mut sent) = protocol.begin();
    for reply in replies {
        if let Ok(status) = P::read_status(reply) {
            assert_plain(&status.message);
        }
        let mut step = match P::reply(sent, reply) {
            Ok(step) => step,
            Err(error) => return assert_error(&error),
        };
        if let Step::DeleteToken(question, asked) = step {
            step = Step::Ask(question, asked);
        }
        (_, sent) = match step {
            Step::Send(request, next) => (request, next),
            Step::Store(_, storing) => P::stored(storing),
            Step::Update(mirrors, updating) => {
                assert!(!mirrors.is_empty());
                P::updated(updating)
            }
            Step::Ask(question, asked) | Step::DeleteToken(question, asked) => {
                assert_plain(&question.message);
                P::answer(asked, Secret::new("123456"))
            }
            Step::Wait(queue, queued) => {
                assert!(!queue.pause.is_zero() && queue.pause < Duration::from_hours(1));
                P::poll(queued)
            }
            Step::Done(ticket) => {
                for (name, value) in ticket.variables {
                    assert!(!value.has_control_characters(), "{name}");
                }
                return;
            }
        };
    }
}

fn read_scid(reply: &Reply) {
    let outcomes = [
        reply::read_code_request(reply),
        reply::read_identity(reply).map(drop),
        reply::read_tokens(reply).map(drop),
        reply::read_links(reply).map(drop),
        reply::read_settings(reply).map(drop),
    ];
    for error in outcomes.into_iter().filter_map(Result::err) {
        assert_error(&error);
    }
}

fn assert_error(error: &Error) {
    match error {
        Error::Refused(_, message)
        | Error::Closed(message)
        | Error::ServerFailed { message, .. }
        | Error::TryLater { message, .. } => assert_plain(message),
        Error::NotUnderstood(what) | Error::UnknownRefusal(what, _) => {
            assert!(!what.contains(char::is_control), "{what:?}");
        }
    }
}

fn assert_plain(message: &ServerMessage) {
    let quoted = message.quote(&Redactor::default()).unwrap_or_default();
    assert!(!quoted.contains(char::is_control), "{quoted:?}");
    assert!(quoted.chars().count() <= 401, "{quoted:?}");
}
