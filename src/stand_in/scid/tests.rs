//! Requests of this program's own protocol.

use super::*;
use crate::base::secret::Secret;
use crate::games::Interface;
use crate::games::scid::catalog::find;
use crate::games::scid::pin::Pin;
use crate::games::scid::reply::{
    read_code_request, read_identity, read_links, read_settings, read_tokens, rehearsal_pin,
};
use crate::games::scid::tokens::Tokens;
use crate::games::scid::{REQUESTED, Service};
use crate::protocol::{Error, Method, Refusal, Reply, Request, ServerCode, ServerMessage};

const ME: &str = "me@example.com";

fn received(request: &Request) -> ServerRequest {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let (content_type, body) = request.body().expect("a body");
    let header = request
        .headers
        .iter()
        .find(|(name, _)| *name == "authorization");
    ServerRequest {
        method: method.to_owned(),
        path: request.path.to_owned(),
        content_type: content_type.to_owned(),
        user_agent: "playcookie/0 (+https://example.com)".to_owned(),
        authorization: header
            .map(|(_, value)| value.reveal().to_owned())
            .unwrap_or_default(),
        fields: form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect(),
        ..ServerRequest::default()
    }
}

fn ask(server: &mut Scid, request: &Request, seconds: u64) -> Reply {
    assert!(server.serves(request.path), "{}", request.path);
    let answer = server.answer(&received(request), Duration::from_secs(seconds));
    Reply::new(answer.status, answer.body)
}

/// Requests a PIN and returns it.
fn request_pin(server: &mut Scid, service: Service, seconds: u64) -> Pin {
    let request = service.request_code(ME, find("cr").expect("a game"), "en");
    let reply = ask(server, &request, seconds);
    assert_eq!(read_code_request(&reply), Ok(()), "{REQUESTED}");
    let pin = rehearsal_pin(&reply).expect("a PIN in the reply");
    pin.parse().expect("six digits")
}

fn other_than(pin: &Pin) -> Pin {
    let digits = pin.secret().reveal();
    let (first, rest) = digits.split_at(1);
    let first = if first == "0" { "1" } else { "0" };
    [first, rest].concat().parse().expect("six digits")
}

fn log_in(server: &mut Scid, service: Service) -> Tokens {
    let pin = request_pin(server, service, 0);
    read_tokens(&ask(server, &service.confirm(ME, &pin), 1)).expect("tokens")
}

fn refused(why: Refusal, words: &str) -> Error {
    let message = ServerMessage::new(Some(words));
    let code = Some(words).filter(|word| !word.is_empty());
    Error::Refused(
        why,
        match code {
            Some(word) => message.with_code(ServerCode::Word(word.to_owned()), None),
            None => message,
        },
    )
}

fn incorrect<T>() -> Result<T, Error> {
    Err(refused(Refusal::Code, "incorrect_pin"))
}

fn scid() -> Scid {
    Scid::new(Scenario::default())
}

#[test]
fn a_login_succeeds_with_both_interfaces() {
    for interface in [Interface::Current, Interface::Documented] {
        let (mut server, service) = (scid(), Service::new(interface));
        let pin = request_pin(&mut server, service, 0);
        let identity = read_identity(&ask(&mut server, &service.validate(ME, &pin), 1));
        let identity = identity.expect("an identity");
        let player = identity.system.expect("a player");
        assert_eq!(identity.email.as_deref(), Some(ME));
        assert_eq!((player.level, player.points), (Some(5), Some(820)));
        let tokens = read_tokens(&ask(&mut server, &service.confirm(ME, &pin), 2)).expect("tokens");
        let links = read_links(&ask(&mut server, &service.links(&tokens), 3)).expect("links");
        assert_eq!(links.system.as_deref(), Some("Clash Royale"));
        assert_eq!(server.violations(), Vec::<String>::new());
    }
}

#[test]
fn the_tokens_have_the_claims_of_real_ones() {
    let tokens = log_in(&mut scid(), Service::default());
    let claims = tokens.claims().expect("claims");
    assert_eq!(claims.game.as_deref(), Some("scroll"));
    assert_eq!(claims.env.as_deref(), Some("prod"));
    assert_eq!(claims.player(), tokens.pid());
    assert_eq!(
        tokens.pid().map(|pid| pid.tag().to_string()).as_deref(),
        Some("#8PRLVC0J")
    );
    assert!(claims.scid.is_some() && claims.issued_at.is_some());
    assert_ne!(tokens.scid(), tokens.scid_token());
}

#[test]
fn a_pin_can_be_validated_often_and_confirmed_once() {
    let (mut server, service) = (scid(), Service::default());
    let pin = request_pin(&mut server, service, 0);
    for _ in 0..5 {
        assert!(read_identity(&ask(&mut server, &service.validate(ME, &pin), 1)).is_ok());
    }
    assert!(read_tokens(&ask(&mut server, &service.confirm(ME, &pin), 2)).is_ok());
    let again = read_tokens(&ask(&mut server, &service.confirm(ME, &pin), 3));
    assert_eq!(again, incorrect());
}

#[test]
fn a_fourth_try_after_three_wrong_ones_is_a_violation() {
    let (mut server, service) = (scid(), Service::default());
    let pin = request_pin(&mut server, service, 0);
    let wrong = service.validate(ME, &other_than(&pin));
    for _ in 0..3 {
        assert_eq!(read_identity(&ask(&mut server, &wrong, 1)), incorrect());
    }
    assert!(server.violations().is_empty());
    assert!(read_identity(&ask(&mut server, &service.validate(ME, &pin), 2)).is_err());
    assert_eq!(server.violations().len(), 1);
}

#[test]
fn a_second_request_within_a_minute_is_a_violation() {
    let (mut server, service) = (scid(), Service::default());
    let first = request_pin(&mut server, service, 0);
    let request = service.request_code(ME, find("cr").expect("a game"), "en");
    assert!(read_code_request(&ask(&mut server, &request, 59)).is_err());
    assert_eq!(
        server.violations(),
        ["request 2 for a PIN came within a minute of the last"]
    );
    let other = service.request_code("you@example.com", find("cr").expect("a game"), "en");
    assert!(read_code_request(&ask(&mut server, &other, 59)).is_ok());
    assert!(read_identity(&ask(&mut server, &service.validate(ME, &first), 59)).is_ok());
}

#[test]
fn only_the_latest_pin_is_valid_and_for_ten_minutes() {
    let (mut server, service) = (scid(), Service::default());
    let first = request_pin(&mut server, service, 0);
    let mut second = request_pin(&mut server, service, 60);
    if first == second {
        second = request_pin(&mut server, service, 120);
    }
    assert_eq!(
        read_identity(&ask(&mut server, &service.validate(ME, &first), 121)),
        incorrect()
    );
    assert!(read_identity(&ask(&mut server, &service.validate(ME, &second), 121)).is_ok());
    assert_eq!(
        read_identity(&ask(&mut server, &service.validate(ME, &second), 9999)),
        incorrect()
    );
}

#[test]
fn with_refuse_the_pin_belongs_to_no_account() {
    let mut server = Scid::new(Scenario {
        refuse: Some(LoginRefusal::Password),
        ..Scenario::default()
    });
    let service = Service::default();
    let pin = request_pin(&mut server, service, 0);
    let refusal = read_identity(&ask(&mut server, &service.validate(ME, &pin), 1));
    assert_eq!(refusal, Err(refused(Refusal::Account, "binding_not_found")));
    assert!(server.violations().is_empty());
}

#[test]
fn changed_settings_are_kept() {
    let (mut server, service) = (scid(), Service::default());
    let tokens = log_in(&mut server, service);
    let mut read = |request: Request| read_settings(&ask(&mut server, &request, 2));
    let before = read(service.settings(&tokens)).expect("settings");
    let changed = read(service.set_marketing(&tokens, true)).expect("settings");
    assert_eq!(
        (before.marketing, changed.marketing),
        (Some(false), Some(true))
    );
    assert_ne!(before.marketing_changed, changed.marketing_changed);
    assert_eq!(read(service.settings(&tokens)), Ok(changed));
}

#[test]
fn unknown_or_mixed_tokens_are_unauthorized() {
    let (mut server, service) = (scid(), Service::default());
    let good = log_in(&mut server, service);
    let tokens = |scid: &Secret, scid_token: &Secret| {
        Tokens::new(scid.clone(), scid_token.clone(), None).expect("tokens")
    };
    let foreign = Secret::new("a.b.c");
    for bad in [
        tokens(&foreign, good.scid_token()),
        tokens(good.scid(), &foreign),
        tokens(good.scid_token(), good.scid()),
    ] {
        for request in [
            service.links(&bad),
            service.settings(&bad),
            service.set_marketing(&bad, true),
        ] {
            let reply = ask(&mut server, &request, 2);
            assert_eq!(read_links(&reply), Err(refused(Refusal::SignedOut, "")));
        }
    }
    assert!(server.violations().is_empty());
}

fn set(request: &mut ServerRequest, field: &str, value: &str) {
    for (name, known) in &mut request.fields {
        if name == field {
            value.clone_into(known);
        }
    }
}

#[test]
fn undocumented_requests_are_violations() {
    let service = Service::default();
    let good = received(&service.request_code(ME, find("cr").expect("a game"), "en"));
    let with = |change: fn(&mut ServerRequest)| {
        let mut request = good.clone();
        change(&mut request);
        request
    };
    for bad in [
        with(|request| request.method = "GET".to_owned()),
        with(|request| request.query = "a=b".to_owned()),
        with(|request| request.content_type = "application/json".to_owned()),
        with(|request| request.user_agent = "Supercell".to_owned()),
        with(|request| request.fields.push(("more".to_owned(), "x".to_owned()))),
        with(|request| set(request, "game", "tetris")),
        with(|request| set(request, "env", "stage")),
        with(|request| set(request, "lang", "english")),
        with(|request| request.path = "/api/account/login.validate".to_owned()),
        with(|request| request.path = "/api/account/links.get".to_owned()),
        with(|request| request.path = "/api/account/settings.set".to_owned()),
    ] {
        let mut server = scid();
        assert_eq!(server.answer(&bad, Duration::ZERO).status, 400, "{bad:?}");
        assert_eq!(server.violations().len(), 1, "{bad:?}");
    }
}

#[test]
fn a_pin_without_a_request_is_a_violation() {
    let (mut server, service) = (scid(), Service::default());
    let pin: Pin = "123456".parse().expect("a PIN");
    assert!(read_identity(&ask(&mut server, &service.validate(ME, &pin), 0)).is_err());
    assert_eq!(server.violations().len(), 1);
}

#[test]
fn other_paths_are_not_served() {
    for path in [
        "/api/login",
        "/api/ingame/account/create",
        "/api/account/",
        "/account/login",
        "/api/ingame/login",
    ] {
        assert!(!scid().serves(path), "{path}");
    }
}
