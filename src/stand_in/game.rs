//! The stand-in game: shows the variables that it found, and goes to the game server with the play cookie.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::base::sanitize::clean;
use crate::base::secret::{MASK, Secret};
use crate::games::Game;

/// The first argument that makes this program the stand-in game. It is no command: nobody is to find it.
pub const STAND_IN_GAME: &str = "stand-in-game";
/// How long the game server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the stand-in game found and how it went.
#[derive(Debug)]
pub struct Played {
    /// Lines for people; the play cookie is not in them.
    pub lines: String,
    /// The exit status: 0 when the game server let the player in.
    pub status: i32,
}

/// Plays `game`; `find` looks a variable up.
pub fn play(game: &Game, arguments: &[OsString], find: impl Fn(&str) -> Option<String>) -> Played {
    let mut lines = format!("The stand-in for {} found:\n", game.name);
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
    match enter(
        game,
        &find(game.gameserver_variable).unwrap_or_default(),
        cookie.as_ref(),
    ) {
        Ok(player) => {
            let _ = writeln!(
                lines,
                "The game server let {player} in. The game ends here; that was the whole way."
            );
            Played { lines, status: 0 }
        }
        Err(why) => {
            let _ = writeln!(lines, "The game server did not let the player in: {why}.");
            Played { lines, status: 1 }
        }
    }
}

/// Shows the play cookie to the game server on this machine, and gives the player's name.
fn enter(game: &Game, gameserver: &str, cookie: Option<&Secret>) -> Result<String, String> {
    let address: SocketAddr = gameserver
        .parse()
        .map_err(|_| "its address is not one of a rehearsal")?;
    if !address.ip().is_loopback() {
        return Err("its address is not on this machine".to_owned());
    }
    let cookie = cookie.map(Secret::reveal).unwrap_or_default();
    let answer = exchange(address, game.id, cookie).map_err(|error| error.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("it answered nothing")?;
    let answer: serde_json::Value =
        serde_json::from_str(body).map_err(|_| "it did not answer in JSON")?;
    let word = |key| {
        answer
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(clean)
    };
    if head.contains(" 200 ") {
        word("welcome")
    } else {
        None
    }
    .ok_or_else(|| word("error").unwrap_or_else(|| "it did not say why".to_owned()))
}

fn exchange(address: SocketAddr, game: &str, cookie: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
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

    fn played(server: Option<&str>, cookie: Option<&str>) -> Played {
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
    fn the_play_cookie_is_not_shown() {
        let lines = played(Some("127.0.0.1:1"), Some("deadbeef")).lines;
        assert!(
            !lines.contains("deadbeef") && lines.contains("TTR_PLAYCOOKIE=••• (8 characters)"),
            "{lines}"
        );
    }

    #[test]
    fn a_game_without_its_variables_does_not_get_in() {
        for server in [
            None,
            Some("gameserver.example.com"),
            Some("10.0.0.1:80"),
            Some("127.0.0.1:1"),
        ] {
            assert_eq!(played(server, None).status, 1, "{server:?}");
        }
    }
}
