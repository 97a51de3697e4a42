//! The data of the stand-in server: tokens, and a player with the sample values of the protocol document.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::token;

/// The player's id and tag.
pub(super) const PID: &str = "14-961148";
const TAG: &str = "#8PRLVC0J";
/// When the account was created, and when its settings are changed.
pub(super) const CREATED: &str = "2022-03-21T16:02:35.560Z";
pub(super) const CHANGED: &str = "2022-04-20T16:02:35.560Z";
/// The creation time in seconds since 1970.
const ISSUED: u64 = 1_647_878_555;

/// Returns a token with the claims and the shape of a real one, but without a valid signature.
pub(super) fn jwt(game: &str) -> String {
    let claims = json!({
        "game": game,
        "pid": PID,
        "env": "prod",
        "iat": ISSUED,
        "scid": token(),
    });
    let header = json!({ "alg": "none", "typ": "JWT" });
    let [header, claims] =
        [header, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
    format!("{header}.{claims}.{}", BASE64URL_NOPAD.encode(b"rehearsal"))
}

/// Returns the profile of the player in a game; `key` is the name of the field for the game.
pub(super) fn profile(key: &str, game: &str) -> Value {
    json!({ key: game, "account": TAG, "username": "OJ", "progress": [5, "820"] })
}

/// Returns five games, of which the given one and Hay Day are linked.
pub(super) fn links(game: &str) -> Value {
    let name = match game {
        "soil" => "Hay Day",
        "magic" => "Clash of Clans",
        "reef" => "Boom Beach",
        "laser" => "Brawl Stars",
        "squad" => "Squad Busters",
        _ => "Clash Royale",
    };
    let other = if name == "Hay Day" {
        "Unknown"
    } else {
        "Hay Day"
    };
    let links = [name, "Unknown", other, "Unknown", "Unknown"];
    json!({
        "attributionId": "835dd13bb5b846279b0d30c9bf41746d",
        "system": name,
        "links": links.map(|system| json!({ "system": system })),
    })
}

/// Returns the settings.
pub(super) fn settings(marketing: bool, changed: &str) -> Value {
    let consent = |id: &str, name: &str| json!({ "scope_id": id, "scope_localized_name": name, "scope_consent": marketing });
    json!({
        "created": CREATED,
        "lang": "en",
        "email_marketing_permission": marketing,
        "email_marketing_timestamp": changed,
        "marketing_scope_consents": [
            consent("clashroyale", "Clash Royale"),
            consent("hayday", "Hay Day"),
            consent("supercell", "Supercell News"),
        ],
    })
}
