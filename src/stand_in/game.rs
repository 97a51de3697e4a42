//! The stand-in game: shows the game's variables, and sends the play cookie to the game server.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::base::sanitize::clean;
use crate::base::secret::{MASK, Secret};
use crate::games::Game;

/// The first argument that makes this program the stand-in game. It is not a documented command.
pub const STAND_IN_GAME: &str = "stand-in-game";
/// The time limit for the game server.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The result of the stand-in game.
#[derive(Debug)]
pub struct GameResult {
    /// The output, without the play cookie.
    pub lines: String,
    /// The exit status: 0 when the game server accepted the play cookie.
    pub status: i32,
}

/// Runs the stand-in for `game`; `find` returns the value of a variable.
pub fn play(
    game: &Game,
    arguments: &[OsString],
    find: impl Fn(&str) -> Option<String>,
) -> GameResult {
    let mut lines = format!("The stand-in game for {} received:\n", game.name);
    let cookie = find(game.cookie_variable).map(Secret::new);
    for name in game.variables {
        let _ = match (find(name), &cookie) {
            (None, _) => Ok(()),
            (Some(_), Some(cookie)) if *name == game.cookie_variable => {
                writeln!(
                    lines,
                    "  {name}={MASK} ({} characters)",
                    cookie.reveal().chars().count()
                )
            }
            (Some(value), _) => writeln!(lines, "  {name}={}", clean(&value)),
        };
    }
    for argument in arguments {
        let _ = writeln!(lines, "  argument {}", clean(&argument.to_string_lossy()));
    }
    match log_in(
        game,
        &find(game.gameserver_variable).unwrap_or_default(),
        cookie.as_ref(),
    ) {
        Ok(player) => {
            let _ = writeln!(
                lines,
                "The game server accepted the play cookie of {player}. The stand-in game ends here."
            );
            GameResult { lines, status: 0 }
        }
        Err(why) => {
            let _ = writeln!(lines, "The game server refused the play cookie: {why}.");
            GameResult { lines, status: 1 }
        }
    }
}

/// Sends the play cookie to the game server on this computer, and returns the player's name.
fn log_in(game: &Game, gameserver: &str, cookie: Option<&Secret>) -> Result<String, String> {
    let address: SocketAddr = gameserver
        .parse()
        .map_err(|_| "the address of the game server is not an IP address with a port")?;
    if !address.ip().is_loopback() {
        return Err("the game server is not on this computer".to_owned());
    }
    let cookie = cookie.map(Secret::reveal).unwrap_or_default();
    let answer = http_message(address, game.id, cookie).map_err(|error| error.to_string())?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or("the game server sent no response")?;
    let answer: serde_json::Value =
        serde_json::from_str(body).map_err(|_| "the response was not JSON")?;
    let text = |key| {
        answer
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(clean)
    };
    if head.contains(" 200 ") {
        text("welcome")
    } else {
        None
    }
    .ok_or_else(|| text("error").unwrap_or_else(|| "no reason was given".to_owned()))
}

fn http_message(address: SocketAddr, game: &str, cookie: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, TIMEOUT)?;
    connection.set_read_timeout(Some(TIMEOUT))?;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("cookie", cookie)
        .finish();
    let length = body.len();
    write!(
        connection,
        "POST /gameserver/{game} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    connection.take(64 * 1024).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::GAME;

    fn result(server: Option<&str>, cookie: Option<&str>) -> GameResult {
        play(&GAME, &["-x".into()], |name| {
            let value = if name == GAME.gameserver_variable {
                server
            } else {
                cookie
            };
            value.map(ToOwned::to_owned)
        })
    }

    #[test]
    fn the_play_cookie_is_masked() {
        let lines = result(Some("127.0.0.1:1"), Some("deadbeef")).lines;
        assert!(
            !lines.contains("deadbeef") && lines.contains("TTR_PLAYCOOKIE=••• (8 characters)"),
            "{lines}"
        );
    }

    #[test]
    fn a_game_without_its_variables_is_refused() {
        for server in [
            None,
            Some("gameserver.example.com"),
            Some("10.0.0.1:80"),
            Some("127.0.0.1:1"),
        ] {
            assert_eq!(result(server, None).status, 1, "{server:?}");
        }
    }
}
