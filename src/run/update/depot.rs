//! What a game's makers publish, and where: asked before any file is.

use super::failure;
use crate::exit::{Failure, Reason};
use crate::game::{Interface, System, Title, tlopo, ttr};
use crate::http::{Client, Root};
use crate::login::Reply;
use crate::manifest::{Manifest, Mirror, Rules};
use crate::run::Context;
use crate::run::log_in::{untrusting, usual_root};
use crate::run::who::Entrant;
use crate::update::Site;

/// The most that a list of files may hold.
const LARGEST_LIST: usize = 32 << 20;

/// What a game's files should be, and where they are.
pub(super) struct Depot {
    pub(super) manifest: Manifest,
    pub(super) sites: Vec<Site>,
}

/// Where the lists and the files of a game are asked for.
pub(super) struct Hosts<'a> {
    context: &'a Context,
    title: Title,
    /// In place of every host, when the player named one.
    named: Option<Root>,
    interface: Interface,
}

impl<'a> Hosts<'a> {
    /// Those of one who updates.
    pub(super) fn of(context: &'a Context, entrant: &Entrant, root: Option<Root>) -> Self {
        let api = entrant.options.api.clone().unwrap_or_default();
        Self {
            context,
            title: entrant.title,
            named: root.or(api.root),
            interface: api.interface,
        }
    }

    /// What is published for this system; `path` is that of the list of files, when a login named one.
    ///
    /// # Errors
    /// When it cannot be asked for, is not understood, or names what no file may be called.
    pub(super) async fn depot(&self, path: Option<&str>) -> Result<Depot, Failure> {
        match self.title {
            Title::Ttr => self.toontown_rewritten(path).await,
            Title::Tlopo => self.pirates().await,
            Title::Ttcc => Err(self.misunderstood("names no download server")),
        }
    }

    async fn toontown_rewritten(&self, path: Option<&str>) -> Result<Depot, Failure> {
        let cdn = self.client(ttr::files::CDN)?;
        let www = self.client(ttr::GAME.api(self.interface).host)?;
        let path = path.unwrap_or(ttr::files::MANIFEST_PATH);
        let path = ttr::files::manifest_path(path).map_err(|error| self.refused(&error))?;
        let (list, mirrors) = tokio::join!(
            self.fetch(&cdn, &path),
            self.fetch(&www, ttr::files::MIRRORS_PATH),
        );
        let list = list?;
        let manifest = ttr::files::manifest(&list.body, System::HERE, Rules::HERE);
        let manifest = manifest.map_err(|error| self.refused(&error))?;
        // Without a list of mirrors there still is the one that everybody knows.
        let mirrors = mirrors.ok().and_then(|reply| ttr::files::mirrors(&reply).ok());
        let mut mirrors = mirrors.unwrap_or_default();
        mirrors.push(self.usual(ttr::files::MIRROR, ttr::files::MIRROR_PATH));
        let sites = self.sites(mirrors)?;
        Ok(Depot { manifest, sites })
    }

    async fn pirates(&self) -> Result<Depot, Failure> {
        let host = self.client(tlopo::files::HOST)?;
        let folder = tlopo::files::folder(System::HERE);
        let list = self.fetch(&host, &tlopo::files::manifest_path(System::HERE)).await?;
        let manifest = tlopo::files::manifest(&list.body, Rules::HERE);
        let manifest = manifest.map_err(|error| self.refused(&error))?;
        let sites = self.sites(vec![self.usual(tlopo::files::HOST, folder)])?;
        Ok(Depot { manifest, sites })
    }
}

impl Hosts<'_> {
    /// The way to a host, or to what was named in its place.
    fn client(&self, host: &str) -> Result<Client, Failure> {
        let root = self.named.clone().map_or_else(|| usual_root(host), Ok)?;
        Client::new(root, self.context.limits).map_err(|why| untrusting(&why))
    }

    /// The mirror that everybody knows, or its stand-in.
    fn usual(&self, host: &str, folder: &str) -> Mirror {
        let named = self.named.as_ref().map(ToString::to_string);
        let host = named.unwrap_or_else(|| host.to_owned());
        let folder = folder.trim_matches('/');
        Mirror {
            base: format!("{host}/{folder}/"),
            by_key: false,
        }
    }

    /// The ways to mirrors. Where a root was named, only what is on this machine, or at that root, is one: nothing is
    /// asked of the public ones then.
    fn sites(&self, mirrors: Vec<Mirror>) -> Result<Vec<Site>, Failure> {
        let mut sites: Vec<Site> = Vec::new();
        for mirror in mirrors {
            let Ok(root) = mirror.base.parse::<Root>() else {
                let terminal = &self.context.terminal;
                terminal.detail(1, || "a mirror that is no https URL is left out".to_owned());
                continue;
            };
            let is_known = sites.iter().any(|site| site.mirror == mirror);
            if is_known || !self.may_ask(&root) {
                continue;
            }
            let client = Client::new(root, self.context.limits);
            let client = client.map_err(|why| untrusting(&why))?;
            sites.push(Site { client, mirror });
        }
        Ok(sites)
    }

    fn may_ask(&self, root: &Root) -> bool {
        let Some(named) = &self.named else {
            return root.loopback().is_none();
        };
        match named.loopback() {
            Some(_) => root.loopback().is_some(),
            None => root.origin() == named.origin(),
        }
    }

    /// A list, whole.
    async fn fetch(&self, client: &Client, path: &str) -> Result<Reply, Failure> {
        let terminal = &self.context.terminal;
        terminal.detail(2, || format!("> GET {path}"));
        let reply = client.fetch(path, LARGEST_LIST).await;
        terminal.detail(1, || match &reply {
            Ok(reply) => format!("{path}: HTTP {}, {} bytes", reply.status, reply.body.len()),
            Err(error) => format!("{path}: {error}"),
        });
        let name = self.title.game().name;
        let what = format!("the list of files of {name}");
        let reply = reply.map_err(|error| failure::no_answer(&what, &error))?;
        match reply.status {
            200 => Ok(reply),
            _ => Err(failure::no_list(&what, &reply)),
        }
    }

    fn refused(&self, error: &crate::manifest::Error) -> Failure {
        failure::manifest(self.title.game().name, error)
    }
}
