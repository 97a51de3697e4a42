//! Tokens of the program's source files, for the layering test.

use std::collections::BTreeMap;
use std::fs;
use std::mem::take;
use std::path::Path;

/// The files below `src/`, each with its tokens.
pub(crate) type Tree = BTreeMap<String, Vec<String>>;

/// Returns the words, paths and signs of a file without its comments and tests. A `use` of `a::{b, c::D}` becomes the paths
/// `a::b` and `a::c::D`.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let text = text.replace('\r', "").replace("//!", "// ");
    // Remove the semicolons of array types, which end no declaration.
    let text = text.replace("; ", " ");
    let tests = text.find("\nmod tests");
    let (mut tokens, mut word, mut groups) = (Vec::new(), String::new(), Vec::<String>::new());
    for line in text[..tests.unwrap_or(text.len())].lines() {
        let code = line.split("// ").next().unwrap_or_default();
        for character in code.chars().chain(['\n']) {
            if character.is_alphanumeric() || "_:".contains(character) {
                word.push(character);
                continue;
            }
            let path = groups.last().cloned().unwrap_or_default() + &take(&mut word);
            match character {
                '{' if path.ends_with("::") => groups.push(path.clone()),
                '{' => groups.push(String::new()),
                '}' => drop(groups.pop()),
                _ => {}
            }
            tokens.extend([path, character.to_string()]);
        }
    }
    tokens.retain(|token| !token.trim().is_empty() && !token.ends_with("::"));
    tokens
}

/// Reads all Rust files of `src/` except test files and `lib.rs`, which only declares modules.
pub(crate) fn source() -> Tree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut tree, mut folders) = (Tree::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let file = path.strip_prefix(&root).expect("a path below the root");
            let file = file.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs")
                && file != "lib.rs"
                && !file.ends_with("/tests.rs")
            {
                let text = fs::read_to_string(path).expect("a source file");
                tree.insert(file, tokens(&text));
            }
        }
    }
    tree
}
