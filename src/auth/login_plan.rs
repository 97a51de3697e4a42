//! A login with everything that can be known before anything is sent.

use std::rc::Rc;

use super::codes::Codes;
use super::log_in::{untrusting, usual_root};
use super::password::{Source, check_username};
use super::remember::Saving;
use super::target::Entrant;
use crate::base::failure::Failure;
use crate::cli::game::{Answers, Server, Who};
use crate::config::Account;
use crate::context::Context;
use crate::credentials::store::{Owner, Safe};
use crate::games::{Interface, Kept, Title};
use crate::http::{Client, Root};
use crate::protocol::driver::Patience;
use crate::update::game::at_login::AtLogin;

/// What was typed about logins and their server.
#[derive(Debug, Clone)]
pub(crate) struct Typed<'a> {
    pub(crate) who: &'a Who,
    pub(crate) answers: &'a Answers,
    pub(crate) server: &'a Server,
    /// Where to log in, when that is not for the options to say: a rehearsal, of which nothing is remembered.
    pub(crate) root: Option<Root>,
    /// Whether there is but one login, so that the environment's password and code are for it.
    pub(crate) alone: bool,
}

impl Typed<'_> {
    /// Whether an option says where the password comes from.
    pub(crate) fn gives_password(&self) -> bool {
        self.answers.password_stdin || self.answers.password_command.is_some()
    }
}

/// A login that may begin.
pub(crate) struct Prepared {
    pub(crate) entrant: Entrant,
    pub(crate) source: Source,
    /// Where a password comes from when a kept token is no longer good.
    pub(crate) instead: Option<Source>,
    pub(crate) codes: Codes,
    pub(crate) place: Place,
    pub(crate) saving: Saving,
    pub(crate) patience: Patience,
    /// Whether other runs are to know of it: not of a rehearsal.
    pub(crate) leaves_traces: bool,
    /// What to do with the files once the login tells where they are; nothing unless the caller says so.
    pub(crate) update: Option<AtLogin>,
}

/// Finds out where everything will come from.
///
/// # Errors
/// For whatever is known to be missing: nothing was asked and nothing was sent.
pub(crate) async fn prepare(
    context: &Context,
    safe: &Safe,
    typed: &Typed<'_>,
    entrant: Entrant,
) -> Result<Prepared, Failure> {
    let place = Place::of(context, &entrant, typed.root.clone())?;
    check_username(&entrant, &context.terminal)?;
    let keeper = Keeper {
        context,
        safe,
        kept: kept(&entrant, &place),
    };
    let given = Source::given(context, typed.answers, typed.alone)?;
    let (source, instead) = match given {
        Some(given) => (given, None),
        None => keeper.source(&entrant, &place).await?,
    };
    let mut codes = Codes::given(context, typed.answers, typed.alone)?;
    if !codes.has_first() {
        keeper.make_codes(&mut codes, &entrant, &place).await?;
    }
    codes.fall_back(&entrant);
    let saving = Saving::of(context, safe, typed, &entrant, &place, &source).await?;
    let patience = Patience {
        queue: typed.server.queue_timeout.map(|limit| limit.0),
        door: typed.server.wait_for_server.map(|limit| limit.0),
    };
    Ok(Prepared {
        entrant,
        source,
        instead,
        codes,
        place,
        saving,
        patience,
        leaves_traces: typed.root.is_none(),
        update: None,
    })
}

/// What is kept for one who logs in there; the documented interface of `ttcc` has no tokens.
fn kept(entrant: &Entrant, place: &Place) -> Vec<Kept> {
    let account = entrant.account.as_ref();
    let kept = account.map(|account| account.kept.clone());
    let usable = place.keepable(entrant.title);
    let mut kept = kept.unwrap_or_default();
    kept.retain(|kept| usable.contains(kept));
    kept
}

/// What is kept for one login.
struct Keeper<'a> {
    context: &'a Context,
    safe: &'a Safe,
    kept: Vec<Kept>,
}

impl Keeper<'_> {
    /// What is kept, else what is left; with what is left beside a token.
    async fn source(
        &self,
        entrant: &Entrant,
        place: &Place,
    ) -> Result<(Source, Option<Source>), Failure> {
        let left = Source::left(self.context, entrant);
        for (kept, wrap) in [
            (Kept::Token, Source::Token as fn(_) -> _),
            (Kept::Password, Source::Known),
        ] {
            if !self.kept.contains(&kept) || Self::has_own_command(entrant, kept) {
                continue;
            }
            let owner = place.owner(entrant.title, entrant.username.as_deref());
            if let Some(secret) = self.safe.get(self.context, &owner, kept).await? {
                return Ok((wrap(secret), left.ok()));
            }
            let what = kept.words();
            let name = entrant.subject().label();
            self.context.terminal.warn(&format!(
                "the secret store no longer has the {what} of {name} for {}",
                place.origin
            ));
        }
        left.map(|left| (left, None))
    }

    /// Whether the account has a command in the place of a secret; a token is not in the place of one.
    fn has_own_command(entrant: &Entrant, kept: Kept) -> bool {
        let own = entrant.account.as_ref().map(|account| &account.options);
        let command = own.and_then(|own| match kept {
            Kept::Password => own.password_command.as_ref(),
            Kept::Totp => own.code_command.as_ref(),
            Kept::Token => None,
        });
        command.is_some_and(|command| !command.is_empty())
    }

    async fn make_codes(
        &self,
        codes: &mut Codes,
        entrant: &Entrant,
        place: &Place,
    ) -> Result<(), Failure> {
        if !self.kept.contains(&Kept::Totp) || Self::has_own_command(entrant, Kept::Totp) {
            return Ok(());
        }
        let owner = place.owner(entrant.title, entrant.username.as_deref());
        match self.safe.get(self.context, &owner, Kept::Totp).await? {
            Some(secret) => codes.make(&secret, &owner),
            None => Ok(()),
        }
    }
}

/// Where the secrets of one who logs in are sent.
pub(crate) fn origin(entrant: &Entrant) -> Result<String, Failure> {
    let api = entrant.options.api.clone().unwrap_or_default();
    Ok(root_of(entrant, api.interface, api.root)?.origin())
}

/// What was named, else what the game's interface names.
fn root_of(entrant: &Entrant, interface: Interface, named: Option<Root>) -> Result<Root, Failure> {
    let usual = entrant.title.game().api(interface).host;
    named.map_or_else(|| usual_root(usual), Ok)
}

/// Whose secrets those of a remembered account are.
pub(crate) fn owner_of(context: &Context, account: &Account) -> Result<Owner, Failure> {
    Ok(Owner {
        title: account.title,
        username: account.username.clone(),
        origin: origin(&Entrant::configured(context, account))?,
    })
}

/// Where a login goes.
pub(crate) struct Place {
    pub(crate) interface: Interface,
    pub(crate) origin: String,
    /// Host and port, when they are not the game's own.
    pub(crate) elsewhere: Option<String>,
    pub(crate) client: Rc<Client>,
}

impl Place {
    /// What was named, else what the game's interface names; with whatever a player should know about that.
    pub(crate) fn of(
        context: &Context,
        entrant: &Entrant,
        root: Option<Root>,
    ) -> Result<Self, Failure> {
        let api = entrant.options.api.clone().unwrap_or_default();
        let known = entrant.title.game().api(api.interface);
        let named = root.or(api.root);
        let elsewhere = named.as_ref().map(Root::authority);
        if let Some(warning) = known.warning.filter(|_| named.is_none()) {
            context.terminal.warn(warning);
        }
        let root = root_of(entrant, api.interface, named)?;
        let origin = root.origin();
        let client = Client::new(root, context.limits).map_err(|why| untrusting(&why))?;
        Ok(Self {
            interface: api.interface,
            origin,
            elsewhere,
            client: Rc::new(client),
        })
    }

    /// Whose secrets are kept for this place.
    pub(crate) fn owner(&self, title: Title, username: Option<&str>) -> Owner {
        Owner {
            title,
            username: username.unwrap_or_default().to_owned(),
            origin: self.origin.clone(),
        }
    }

    /// What may be kept of a login here.
    pub(crate) fn keepable(&self, title: Title) -> &'static [Kept] {
        title.game().api(self.interface).keeps
    }
}
