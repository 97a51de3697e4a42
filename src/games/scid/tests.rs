//! The requests of both interfaces, and the texts.

use super::*;

const BOTH: [Interface; 2] = [Interface::Current, Interface::Documented];

fn pin() -> Pin {
    "012345".parse().expect("a PIN")
}

fn tokens() -> Tokens {
    Tokens::new(Secret::new("the-scid"), Secret::new("the-scid-token"), None).expect("tokens")
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
fn the_interfaces_have_the_same_calls_below_different_roots() {
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
fn the_current_interface_is_the_default() {
    assert_eq!(Service::default(), Service::new(Interface::Current));
}

#[test]
fn every_request_has_a_form() {
    for request in BOTH.map(Service::new).map(all).iter().flatten() {
        let content_type = request.body().map(|(content_type, _)| content_type);
        assert_eq!(
            content_type,
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
fn validate_and_confirm_send_the_same_pin_with_leading_zeros() {
    let [_, validate, confirm, ..] = all(Service::default());
    let fields = vec![
        ("email", Secret::new("me@example.com")),
        ("pin", Secret::new("012345")),
    ];
    assert_eq!((&validate.fields, &confirm.fields), (&fields, &fields));
    assert_eq!((validate.headers, confirm.headers), (vec![], vec![]));
}

#[test]
fn an_authorized_request_has_one_token_in_the_header_and_one_in_the_form() {
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
fn advertising_is_switched_off_with_false() {
    let request = Service::default().set_marketing(&tokens(), false);
    assert_eq!(
        request.fields.last(),
        Some(&("accept_marketing", Secret::new("false")))
    );
}

#[test]
fn the_debug_output_of_requests_contains_no_values() {
    let shown = format!("{:?}", all(Service::default()));
    for secret in ["012345", "the-scid", "me@example.com"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn no_text_says_that_a_code_was_sent() {
    for text in [UNSIGNED_NOTICE, REQUESTED, PIN_WARNING] {
        assert!(
            !text.contains("code sent") && !text.contains("was sent"),
            "{text}"
        );
    }
    assert_eq!(REQUESTED, "code requested");
}

#[test]
fn the_notice_has_the_required_terms() {
    for term in [
        "affiliated",
        "endorsed",
        "sponsored",
        "specifically approved",
    ] {
        assert!(NOTICE.contains(term), "{term}");
    }
}
