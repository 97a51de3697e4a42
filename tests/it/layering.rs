//! Checks the rules of the architecture on the text of the source files.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use crate::harness::source::{Tree, source, tokens};

/// The layers from the lowest to the highest, as prefixes of files. The last row with a prefix of a file is its layer.
const LAYERS: &str = "\
base/
games/ manifest/ protocol/ stand_in/ totp/
config/ credentials/ http/ launch/ state terminal/ update/
auth/ context.rs districts/ doctor/ endpoint failures/ run_error scid/ session/ status/ update/game/
cli/
commands/
main.rs";
/// The only files that may use the stand-in servers, which are beside the layers.
const REHEARSAL: &str = "cli/rehearse.rs commands/rehearse stand_in/";
/// Crates, parts of the standard library and keywords, and the only files that may use them.
const OWNERS: &str = "\
reqwest = http/
hyper = http/mod.rs stand_in/
hyper_util http_body_util net::TcpListener net::TcpStream = stand_in/
std::process tokio::process process_wrap = launch/ main.rs
std::fs = base/ commands/manual.rs http/trust.rs launch/ state terminal/echo.rs update/
cap_std cap_fs_ext = update/folder/
time::Instant time::SystemTime tokio::time thread::sleep = base/clock.rs
io::stdin io::stdout rpassword console = terminal/
io::stderr = launch/output.rs terminal/
keyring_core apple_native_keyring_store windows_native_keyring_store security_framework = credentials/
dbus dbus_secret_service = credentials/
clap clap_complete clap_mangen = cli/ commands/manual.rs commands/mod.rs
anyhow = commands/
toml_edit = config/
tokio::signal signal_hook = base/signals.rs
getrandom = base/random.rs
std::env = commands/mod.rs commands/rehearse credentials/ http/proxy.rs http/trust.rs launch/ main.rs terminal/
async await = auth/ base/ commands/ context.rs credentials/ districts/ doctor/ endpoint http/ launch/ protocol/driver/ run_error scid/ \
session/ stand_in/ state status/ terminal/ update/";
/// Folders with parallel parts for commands or games, in which types may have the same name.
const PARALLEL: &str = "cli/ games/ stand_in/";

/// Expected findings, and the files with the violation: path and text of each.
const BROKEN: &str = "\
layer: base/a.rs uses http/mod.rs = base/a.rs use crate::{http::{self, Get}, b}; | http/mod.rs
layer: update/a.rs uses update/game/mod.rs = update/a.rs super::game::b() | update/game/mod.rs
layer: auth/a.rs uses stand_in/mod.rs = auth/a.rs use crate::stand_in; | stand_in/mod.rs
layer: commands/a.rs uses commands/b/mod.rs = commands/a.rs super::b::c() | commands/b/mod.rs
circle: auth/a.rs uses auth/b.rs = auth/a.rs use super::b as c; | auth/b.rs use crate::auth::{a::A};
type: Plan is in = auth/a.rs pub(crate) struct Plan; | auth/b.rs enum Plan<T> {}
parameters: auth/a.rs:f has more = auth/a.rs fn f<T: Fn(u8)>(&self, a: A<B, C>, b: [B; 2], c: C, d: D, e: E, g: G) {}
result: auth/a.rs:f nests = auth/a.rs fn f(self) -> Result<  Result<A, B>, C> {}
result: auth/a.rs:f nests = auth/a.rs fn f() -> Result<Option<Signal>, A>;
owner: auth/a.rs uses std::fs = auth/a.rs use std::{fs, io};
owner: games/a.rs uses async = games/a.rs async fn f() {}";

/// Pairs of a file and a file that it uses.
type Uses<'t> = BTreeSet<(&'t str, &'t str)>;

#[test]
fn the_source_keeps_the_rules_of_the_architecture() {
    let tree = source();
    assert_eq!(findings(&tree), Vec::<String>::new());
    let owners = rows(OWNERS).map(|(_, owners)| owners);
    for prefix in LAYERS.lines().chain(owners).flat_map(|row| row.split(' ')) {
        let is_used = tree.keys().any(|file| file.starts_with(prefix));
        assert!(is_used, "no file begins with {prefix}");
    }
}

#[test]
fn violations_are_found() {
    for (finding, files) in rows(BROKEN) {
        let mut tree = Tree::new();
        for file in files.split(" | ") {
            let (file, text) = file.split_once(' ').unwrap_or((file, ""));
            tree.insert(file.to_owned(), tokens(text));
        }
        let found = findings(&tree).join("\n");
        assert!(found.contains(finding), "{finding}: {found}");
    }
}

fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.lines().filter_map(|row| row.split_once(" = "))
}

fn is_in(file: &str, prefixes: &str) -> bool {
    prefixes.split(' ').any(|prefix| file.starts_with(prefix))
}

fn findings(tree: &Tree) -> Vec<String> {
    let uses = uses(tree);
    let found = [layers(&uses), circles(&uses), types(tree)].concat();
    [found, functions(tree), owners(tree)].concat()
}

/// Rule 1: no file uses a higher layer, no command uses another, and only `rehearse` uses the stand-in servers.
fn layers(uses: &Uses<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (file, used) in uses {
        let is_beside = used.starts_with("stand_in/") && !is_in(file, REHEARSAL);
        let commands = command(file).zip(command(used));
        let is_other = commands.is_some_and(|(one, other)| one != other);
        if layer(used) > layer(file) || is_beside || is_other {
            found.push(format!("layer: {file} uses {used}"));
        }
    }
    found
}

fn layer(file: &str) -> usize {
    let rows = LAYERS.lines().enumerate().filter(|row| is_in(file, row.1));
    rows.last().unwrap_or_else(|| panic!("no layer: {file}")).0
}

fn command(file: &str) -> Option<&str> {
    let command = file.strip_prefix("commands/")?.split(['/', '.']).next();
    command.filter(|command| *command != "mod")
}

/// Rule 2: files do not use each other in a circle. A module and one inside it count as one module in two files.
fn circles(uses: &Uses<'_>) -> Vec<String> {
    let (mut left, mut before) = (uses.clone(), 0);
    left.retain(|(file, used)| {
        let [one, other] = [file, used].map(|file| module(file));
        !one.starts_with(&other) && !other.starts_with(&one)
    });
    while left.len() != before {
        before = left.len();
        let (naming, named): (BTreeSet<_>, BTreeSet<_>) = left.iter().copied().unzip();
        left.retain(|(file, used)| named.contains(file) && naming.contains(used));
    }
    let found = |(file, used)| format!("circle: {file} uses {used}");
    left.into_iter().map(found).collect()
}

/// Rule 3: no two types have the same name.
fn types(tree: &Tree) -> Vec<String> {
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, tokens) in tree.iter().filter(|(file, _)| !is_in(file, PARALLEL)) {
        for pair in tokens.windows(2).filter(|pair| pair[1] != "Error") {
            if ["struct", "enum", "trait"].contains(&&*pair[0]) {
                types.entry(&pair[1]).or_default().insert(file);
            }
        }
    }
    types.retain(|_, files| files.len() > 1);
    let found = |(name, files)| format!("type: {name} is in {files:?}");
    types.into_iter().map(found).collect()
}

/// Rule 4: no function has more than five parameters or returns a nested result.
fn functions(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (file, tokens) in tree {
        let functions = tokens.split(|token| token == "fn").skip(1);
        for function in functions.filter(|function| function[0] != "(") {
            let mut signs = function.iter().map(|token| &**token);
            let end = signs.position(|token| ["{", ";", "where"].contains(&token));
            let signature = function[..end.unwrap_or(0)].concat().replace("::", ".");
            let name = &function[0];
            let open = if function[1] == "<" { ">(" } else { "(" };
            let parameters = signature.split_once(open).unwrap_or_default().1;
            if parameters.matches(':').count() > 5 {
                found.push(format!("parameters: {file}:{name} has more than five"));
            }
            if signature.contains("Result<Result<") || signature.contains("Result<Option<Signal>") {
                found.push(format!("result: {file}:{name} nests results"));
            }
        }
    }
    found
}

/// Rule 5: crates, parts of the standard library and keywords are used by their owners only.
fn owners(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (file, tokens) in tree {
        let foreign = rows(OWNERS).filter(|(_, owners)| !is_in(file, owners));
        let foreign: Vec<_> = foreign.flat_map(|(names, _)| names.split(' ')).collect();
        for token in tokens {
            let is_path = token.contains("::") || token == "async" || token == "await";
            let is_named = |name: &&str| format!("::{token}::").contains(&format!("::{name}::"));
            if is_path && foreign.iter().any(is_named) {
                found.push(format!("owner: {file} uses {token}"));
            }
        }
    }
    found
}

/// Resolves paths that begin with `crate`, `self`, `super` or a child module.
fn uses(tree: &Tree) -> Uses<'_> {
    let mut uses = Uses::new();
    for (file, tokens) in tree {
        for path in tokens.iter().filter(|token| token.contains("::")) {
            let module = module(file);
            let mut at: Vec<_> = module.split_terminator('/').collect();
            for name in path.split("::") {
                match name {
                    "crate" => at.clear(),
                    "super" => drop(at.pop()),
                    "self" => {}
                    _ => at.push(name),
                }
            }
            uses.extend(home(tree, &at.join("/")).map(|used| (&**file, used)));
        }
    }
    uses.retain(|(file, used)| file != used);
    uses
}

/// Returns the file of the innermost module of a path.
fn home<'t>(tree: &'t Tree, path: &str) -> Option<&'t str> {
    let paths = iter::successors(Some(path), |path| Some(path.rsplit_once('/')?.0));
    let mut files = paths.flat_map(|path| [".rs", "/mod.rs"].map(|end| format!("{path}{end}")));
    Some(files.find_map(|file| tree.get_key_value(&file))?.0)
}

/// Returns the path of a file's module, such as `auth/effects/`.
fn module(file: &str) -> String {
    file.trim_end_matches("mod.rs").replace(".rs", "/")
}
