//! The requests of both interfaces, and what the texts may say.

use super::*;

const BOTH: [Interface; 2] = [Interface::Current, Interface::Documented];

fn pin() -> Pin {
    "012345".parse().expect("a PIN")
}

fn tokens() -> Tokens {
    Tokens::from_parts(Secret::new("the-scid"), Secret::new("the-scid-token"), None)
        .expect("tokens")
}

fn all(service: Service) -> [Request; 6] {
    let game = catalog::find("hd").expect("a game");
    [
        service.request_code("me@example.com", game, "en"),
        service.validate("me@example.com", &pin()),
        service.confirm("me@example.com", &pin()),
        service.links(&tokens()),
        service.settings(&tokens()),
        service.set_marketing(&tokens(), true),
    ]
}

#[test]
fn the_two_interfaces_are_two_roots_with_the_same_calls_below() {
    let url =
        |service: Service| all(service).map(|request| [service.origin(), request.path].concat());
    let below = |root: &str| {
        [
            "login",
            "login.validate",
            "login.confirm",
            "links.get",
            "settings.get",
            "settings.set",
        ]
        .map(|call| format!("{root}/account/{call}"))
    };
    let [current, documented] = BOTH.map(|interface| url(Service::new(interface)));
    assert_eq!(current, below("https://id.supercell.com/api/ingame"));
    assert_eq!(documented, below("https://ingame.id.supercell.com/api"));
}

#[test]
fn the_document_is_not_the_default() {
    assert_eq!(Service::default(), Service::new(Interface::Current));
}

#[test]
fn every_request_is_a_form_that_is_posted() {
    for request in BOTH.map(Service::new).map(all).iter().flatten() {
        let kind = request.body().map(|(kind, _)| kind);
        assert_eq!(
            kind,
            Some("application/x-www-form-urlencoded"),
            "{}",
            request.path
        );
    }
}

#[test]
fn a_pin_is_requested_for_an_address_and_a_game_in_a_language() {
    let [request, ..] = all(Service::default());
    let (_, body) = request.body().expect("a body");
    assert_eq!(*body, "email=me%40example.com&game=soil&env=prod&lang=en");
    assert_eq!(request.headers, Fields::new());
}

#[test]
fn validating_and_confirming_send_the_same_pin_with_its_zeros() {
    let [_, validate, confirm, ..] = all(Service::default());
    let fields = vec![
        ("email", Secret::new("me@example.com")),
        ("pin", Secret::new("012345")),
    ];
    assert_eq!((&validate.fields, &confirm.fields), (&fields, &fields));
    assert_eq!((validate.headers, confirm.headers), (vec![], vec![]));
}

#[test]
fn who_is_signed_in_shows_one_token_in_the_header_and_the_other_in_the_form() {
    let [_, _, _, links, settings, set] = all(Service::default());
    let bearer = vec![("authorization", Secret::new("Bearer the-scid"))];
    let token = ("scid_token", Secret::new("the-scid-token"));
    assert_eq!(
        (&links.headers, &links.fields),
        (&bearer, &vec![token.clone()])
    );
    assert_eq!(
        (&settings.headers, &settings.fields),
        (&bearer, &vec![token.clone()])
    );
    let accept = ("accept_marketing", Secret::new("true"));
    assert_eq!((&set.headers, set.fields), (&bearer, vec![token, accept]));
}

#[test]
fn advertising_is_switched_off_in_so_many_letters() {
    let request = Service::default().set_marketing(&tokens(), false);
    assert_eq!(
        request.fields.last(),
        Some(&("accept_marketing", Secret::new("false")))
    );
}

#[test]
fn a_request_may_be_logged_whole() {
    let shown = format!("{:?}", all(Service::default()));
    for secret in ["012345", "the-scid", "me@example.com"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_code_is_requested_and_never_said_to_be_sent() {
    for text in [UNSIGNED, REQUESTED, PIN_WARNING] {
        assert!(
            !text.contains("code sent") && !text.contains("was sent"),
            "{text}"
        );
    }
    assert_eq!(REQUESTED, "code requested");
}

#[test]
fn the_notice_denies_all_four_ties() {
    for tie in [
        "affiliated",
        "endorsed",
        "sponsored",
        "specifically approved",
    ] {
        assert!(NOTICE.contains(tie), "{tie}");
    }
}
