//! The baseline: the least that a login or `districts` needs, with one request written by hand.

use std::process::Command;

use serde_json::Value;

use crate::request::{common_headers, exchange, get};
use crate::setup::{DISTRICTS, form};

/// The first argument of the baseline. The port of the server and, for a login, the game follow.
pub(crate) const ARGUMENT: &str = "baseline";

/// Logs in with the password on standard input, starts the game and waits for it.
pub(crate) fn log_in_and_start(port: &str, game: &str) {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .expect("a password");
    let form = form(password.trim_end());
    let request = format!(
        "POST /api/login?format=json HTTP/1.1\r\n{}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        common_headers(port),
        form.len()
    );
    let answer: Value = serde_json::from_slice(&exchange(port, &request)).expect("JSON");
    let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
    let status = Command::new(game)
        .env("TTR_GAMESERVER", text("gameserver"))
        .env("TTR_PLAYCOOKIE", text("cookie"))
        .status()
        .expect("the game starts");
    assert!(status.success(), "{status}");
}

/// Requests the districts and prints the answer.
pub(crate) fn districts(port: &str) {
    get(port, DISTRICTS);
}
