//! `scid whoami`, `settings`, `token`, `token import` and `logout`, which use the stored tokens.

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::games::scid::NAME;
use crate::games::scid::catalog::AndroidGame;
use crate::games::scid::jwt::{Claims, TokenError};
use crate::games::scid::reply;
use crate::games::scid::tokens::{TokenKind, Tokens};
use crate::scid::client::ScidClient;
use crate::scid::output::{TokenClaim, TokenClaims, Whoami, print};
use crate::scid::stored::{self, StoredLogin};
use crate::terminal::Terminal;

/// What to do about missing tokens.
const HINT: &str = "log in with `playcookie scid login EMAIL --game GAME`, or import tokens";

/// Returns the login that was named, or the only one, and its tokens.
pub(super) async fn load(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
) -> Result<(StoredLogin, Tokens), Failure> {
    let login = login(client, game).await?;
    match client.stored_tokens(&login).await? {
        Some(tokens) => Ok((login, tokens)),
        None => Err(no_tokens(&login.email, login.game)),
    }
}

/// Returns the login that was named, or the only one whose tokens are stored.
async fn login(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
) -> Result<StoredLogin, Failure> {
    let logins = client.stored_logins(game).await?;
    only(client, game, &logins)
}

/// Returns the only one of some logins, and goes on with its address.
fn only(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
    logins: &[StoredLogin],
) -> Result<StoredLogin, Failure> {
    let login = match (logins, &client.subject.username) {
        ([only], _) => only.clone(),
        ([], Some(email)) => return Err(no_tokens(email, game)),
        ([], None) => {
            let what = format!("no tokens{} are stored", for_game(game));
            return Err(no_address(&what, HINT));
        }
        (several, _) => return Err(ambiguous(several)),
    };
    client.set_email(&login.email);
    Ok(login)
}

/// Several logins match, of one address or of several.
fn ambiguous(logins: &[StoredLogin]) -> Failure {
    let mut emails: Vec<_> = logins.iter().map(|login| clean(&login.email)).collect();
    emails.dedup();
    if let [email] = emails.as_slice() {
        let games = logins.iter().filter_map(|login| login.game);
        let games: Vec<_> = games.map(|game| game.code).collect();
        return Failure::usage(
            format!("tokens of {email} for several games are stored, and no game was named"),
            format!("name one of them with --game: {}", games.join(", ")),
        );
    }
    let hint = format!("name one of them: {}", emails.join(", "));
    no_address("tokens of several addresses are stored", &hint)
}

fn no_address(what: &str, hint: &str) -> Failure {
    let message = format!("{what}, and no address was named");
    Failure::new(Reason::InputNeeded, message, hint)
}

pub(super) fn no_tokens(email: &str, game: Option<&AndroidGame>) -> Failure {
    let message = format!("no tokens of {}{} are stored", clean(email), for_game(game));
    Failure::new(Reason::SignedOut, message, HINT)
}

/// ` for Clash Royale`, where a game is named.
fn for_game(game: Option<&AndroidGame>) -> String {
    let name = game.map(|game| format!(" for {}", game.name));
    name.unwrap_or_default()
}

pub(super) async fn whoami(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
) -> Result<(), Failure> {
    let (login, tokens) = load(client, game).await?;
    print(&client.context.terminal, &Whoami::new(&login, &tokens))
}

pub(super) async fn claims(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
) -> Result<(), Failure> {
    let (_, tokens) = load(client, game).await?;
    let claims = TokenKind::ALL.into_iter().filter_map(|part| {
        let token = tokens.get(part)?;
        Some(TokenClaim {
            name: part.name(),
            characters: token.reveal().len(),
            claims: Claims::decode(token).ok(),
        })
    });
    let claims = TokenClaims {
        email: client.email(),
        verified: false,
        tokens: claims.collect(),
    };
    print(&client.context.terminal, &claims)
}

/// Shows the settings, after changing the one about marketing when a value is given.
pub(super) async fn settings(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
    marketing: Option<bool>,
) -> Result<(), Failure> {
    let (_, tokens) = load(client, game).await?;
    let request = match marketing {
        None => client.service.settings(&tokens),
        Some(accept) => client.service.set_marketing(&tokens, accept),
    };
    let reply = client.send(request).await?;
    let settings = client.read(reply::read_settings(&reply))?;
    let terminal = &client.context.terminal;
    print(terminal, &settings)?;
    match (marketing, settings.marketing) {
        (Some(set), Some(answered)) if set != answered => Err(Failure::new(
            Reason::ServerError,
            format!("{NAME} did not change the setting of {}", client.email()),
            "try again later, or change it in the game",
        )),
        (Some(_), None) => {
            terminal.warn(&format!("{NAME} does not say whether the setting changed"));
            Ok(())
        }
        _ => Ok(()),
    }
}

pub(super) async fn logout(
    client: &mut ScidClient<'_>,
    game: Option<&'static AndroidGame>,
) -> Result<(), Failure> {
    let terminal = &client.context.terminal;
    let logins = client.stored_logins(game).await?;
    if logins.is_empty() {
        let of = client.subject.username.as_deref();
        let of = of.map_or_else(String::new, |email| format!(" of {}", clean(email)));
        terminal.say(format_args!("no tokens{of}{} are stored", for_game(game)));
        return Ok(());
    }
    let login = only(client, game, &logins)?;
    stored::remove(client.context, &login).await?;
    let (email, game) = (clean(&login.email), for_game(login.game));
    terminal.say(format_args!("tokens removed: {email}{game}"));
    Ok(())
}

/// Stores tokens from standard input, and prints the claims in them.
pub(super) async fn import(
    client: &ScidClient<'_>,
    game: Option<&'static AndroidGame>,
) -> Result<(), Failure> {
    let Some(email) = &client.subject.username else {
        return Err(no_address(
            "tokens are to be stored",
            "name it: `scid token import EMAIL`",
        ));
    };
    let terminal = &client.context.terminal;
    client.context.credentials.open().await?;
    let scid = ask_token(terminal, TokenKind::Scid).await?;
    let scid_token = ask_token(terminal, TokenKind::ScidToken).await?;
    let game = game_of([&scid, &scid_token], game)?;
    let tokens = Tokens::new(scid, scid_token, bind_token(terminal).await).map_err(no_token)?;
    let login = StoredLogin::new(&client.origin, email, Some(game));
    stored::store(client.context, &login, &tokens).await?;
    print(terminal, &Whoami::new(&login, &tokens))
}

/// Returns the game that the claims of tokens name, or else the one that was typed.
fn game_of(
    tokens: [&Secret; 2],
    mut game: Option<&'static AndroidGame>,
) -> Result<&'static AndroidGame, Failure> {
    for token in tokens {
        let claims = Claims::decode(token).map_err(no_token)?;
        match (claims.game.as_deref(), game) {
            (Some(code), Some(game)) if code != game.code => {
                let message = format!("a token is for {code} and not for {}", game.name);
                return Err(Failure::usage(message, "import the tokens of one game"));
            }
            (_, None) => game = claims.android_game(),
            _ => {}
        }
    }
    game.ok_or_else(|| {
        Failure::usage(
            "the tokens name no known game",
            "name it with --game GAME; `playcookie scid games` lists them",
        )
    })
}

fn no_token(error: TokenError) -> Failure {
    Failure::usage(
        format!("the input is not a token: {error}"),
        "each token is one line of three parts with dots between them",
    )
}

/// Returns one token from standard input, hidden on a terminal.
async fn ask_token(terminal: &Terminal, part: TokenKind) -> Result<Secret, Failure> {
    let prompt = format!("{}: ", part.name());
    let answer = terminal.secret_line(&prompt, false).await;
    let hint =
        "give scid, scidToken and, if there is one, bindToken, each on a line of standard input";
    answer.map_err(|why| why.failure(part.name(), "standard input", hint))
}

/// Returns the third token, if standard input holds one; few accounts have it.
async fn bind_token(terminal: &Terminal) -> Option<Secret> {
    if terminal.reads_from_terminal() {
        return None;
    }
    let token = terminal.secret_line("", false).await.ok();
    token.filter(|token| !token.is_empty())
}
