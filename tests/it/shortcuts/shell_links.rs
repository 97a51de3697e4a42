//! The Start menu of Windows: the fields of a link, read as Microsoft's MS-SHLLINK has them.

use std::fs;

use crate::harness::Home;
use crate::harness::accounts::account;

/// The size of the header and the class of links.
const MAGIC: [u8; 20] = [
    0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46,
];

/// Takes bytes from the start.
fn take<'b>(bytes: &mut &'b [u8], length: usize) -> &'b [u8] {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken
}

fn number(bytes: &mut &[u8]) -> usize {
    let taken = take(bytes, 2);
    usize::from(u16::from_le_bytes([taken[0], taken[1]]))
}

/// Returns the text in UTF-16, up to its end or up to a zero.
fn text(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2);
    let units = units.map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    let units: Vec<_> = units.take_while(|unit| *unit != 0).collect();
    String::from_utf16(&units).expect("UTF-16")
}

/// Returns the path in the items of the target: the drive, each folder and the file.
fn target(mut items: &[u8]) -> String {
    let (mut root, mut names) = (String::new(), Vec::new());
    loop {
        let size = number(&mut items);
        if size == 0 {
            assert!(items.is_empty());
            return root + &names.join("\\");
        }
        let item = take(&mut items, size - 2);
        match item[0] & 0x70 {
            // The computer.
            0x10 => {}
            0x20 => {
                let drive = item[1..].split(|byte| *byte == 0).next();
                root = String::from_utf8_lossy(drive.expect("a drive")).into_owned();
            }
            _ => {
                // The last two bytes say where, counted from the size, the part with the whole name starts.
                let part = u16::from_le_bytes([item[size - 4], item[size - 3]]);
                let part = &item[usize::from(part) - 2..];
                assert_eq!(part[4..8], [0x04, 0, 0xef, 0xbe]);
                names.push(text(&part[20..]));
            }
        }
    }
}

#[test]
fn a_link_in_the_start_menu_names_this_program_and_the_account() {
    let home = Home::new();
    home.configure(account("alice", "ttr", "alice-u", ""));
    let shortcut = |words: &[&str]| {
        let words = [&["shortcut"], words].concat();
        home.program(&words).run().exits(0).stdout
    };
    shortcut(&["add", "alice"]);
    let menu = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs";
    let file = home
        .path()
        .join(menu)
        .join("Toontown Rewritten (alice).lnk");
    let link = fs::read(&file).expect("a link");

    let mut rest = &link[..];
    assert_eq!(take(&mut rest, 20), MAGIC);
    // A list of items, a description, a directory, arguments; in UTF-16.
    assert_eq!(take(&mut rest, 4), [0xb5, 0, 0, 0]);
    take(&mut rest, 76 - 24);
    let size = number(&mut rest);
    let target = target(take(&mut rest, size));
    let texts: [String; 3] = std::array::from_fn(|_| {
        let length = number(&mut rest);
        text(take(&mut rest, 2 * length))
    });
    assert_eq!(rest, [0; 4]);
    // Wine has another drive than the path that the compiler knows.
    let without_drive = |path: &str| {
        let path = path.replace('/', "\\");
        path.split_once(':')
            .map_or_else(|| path.clone(), |(_, below)| below.to_owned())
    };
    let program = without_drive(env!("CARGO_BIN_EXE_playcookie"));
    let (folder, _) = program.rsplit_once('\\').expect("a folder");
    assert_eq!(without_drive(&target), program);
    assert_eq!(texts[0], "playcookie shortcut <alice>");
    assert_eq!(without_drive(&texts[1]), folder);
    assert_eq!(texts[2], "play alice");

    assert!(shortcut(&["list"]).contains("alice  menu   "));
    shortcut(&["remove", "alice"]);
    assert!(!file.exists());
}
