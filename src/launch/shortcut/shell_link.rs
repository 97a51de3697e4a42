//! The `.lnk` files of Windows.
//!
//! ```text
//! header        76 bytes
//! list of items u16 size, items, u16 0
//!   item        u16 size, content: the computer, the drive, then each folder and the program
//! texts         u16 length, UTF-16: description, working directory, arguments
//! end           u32 0
//! ```

use super::{Shortcut, unusable};
use crate::base::failure::Failure;

/// The extension of the files.
pub(super) const EXTENSION: &str = "lnk";
/// What the description of a file of this program has around its target.
const MARKS: [&str; 2] = ["playcookie shortcut <", ">"];

/// The size of the header and the class of shell links.
const SIGNATURE: [u8; 20] = [
    0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46,
];
/// Which parts there are: the list of items, the description, the directory, the arguments, all of it in UTF-16.
const FLAGS: u32 = 0x01 | 0x04 | 0x10 | 0x20 | 0x80;
/// The item of the computer, which is the root of all drives.
const COMPUTER: [u8; 18] = [
    0x1f, 0x50, 0xe0, 0x4f, 0xd0, 0x20, 0xea, 0x3a, 0x69, 0x10, 0xa2, 0xd8, 0x08, 0, 0x2b, 0x30,
    0x30, 0x9d,
];
/// The attributes of a folder and of a file, and the kinds of their items.
const FOLDER: (u16, u8) = (0x10, 0x31);
const FILE: (u16, u8) = (0x20, 0x32);

/// Returns the name of a shortcut's file.
pub(super) fn file_name(shortcut: &Shortcut) -> String {
    format!("{}.{EXTENSION}", shortcut.file_title())
}

/// Returns the content of a shortcut's file.
///
/// # Errors
/// [`Reason::Usage`](crate::base::failure::Reason::Usage) when the program is not on a drive, or its path is too long.
pub(super) fn content(shortcut: &Shortcut) -> Result<Vec<u8>, Failure> {
    let program = &shortcut.program;
    let [start, end] = MARKS;
    let description = format!("{start}{}{end}", shortcut.target);
    let (folder, _) = program.rsplit_once('\\').unwrap_or_default();
    let arguments: Vec<_> = shortcut.arguments.iter().map(|word| quoted(word)).collect();
    let items = items(program).ok_or_else(|| unusable(program, "missing drive letter"))?;
    let mut content = SIGNATURE.to_vec();
    content.extend(FLAGS.to_le_bytes());
    // Attributes, three times, size and index of the icon: unknown or none.
    content.extend([0; 4 + 3 * 8 + 4 + 4]);
    // Shows the window as usual; there is no key.
    content.extend([1, 0, 0, 0, 0, 0]);
    content.extend([0; 10]);
    let parts = sized(&items, 0).and_then(|items| {
        let texts = [&description, folder, &arguments.join(" ")];
        let texts = texts.map(text).into_iter().collect::<Option<Vec<_>>>()?;
        Some([items, texts.concat()].concat())
    });
    content.extend(parts.ok_or_else(|| unusable(program, "length"))?);
    content.extend([0; 4]);
    Ok(content)
}

/// Returns the target that a file of this program names.
pub(super) fn target(content: &[u8]) -> Option<String> {
    let [start, end] = MARKS;
    let signed = content.starts_with(&SIGNATURE);
    let mark = utf16(start);
    let mut places = content.windows(mark.len());
    let place = places.position(|window| signed && window == mark)?;
    let rest = content.get(place + mark.len()..)?;
    let units = rest.chunks_exact(2);
    let units = units.map(|unit| {
        u16::from_le_bytes([
            unit.first().copied().unwrap_or(0),
            unit.last().copied().unwrap_or(0),
        ])
    });
    let text: String = char::decode_utf16(units)
        .map_while(Result::ok)
        .take(200)
        .collect();
    let (target, _) = text.split_once(end)?;
    Some(target.to_owned())
}

/// Returns the items of an absolute path, `None` if it is not on a drive.
fn items(path: &str) -> Option<Vec<u8>> {
    let (drive, rest) = path.split_at_checked(3)?;
    let [letter, b':', b'\\'] = drive.as_bytes() else {
        return None;
    };
    let mut items = sized(&COMPUTER, 2)?;
    let mut drive = vec![0x2f, letter.to_ascii_uppercase(), b':', b'\\'];
    drive.resize(23, 0);
    items.extend(sized(&drive, 2)?);
    let mut names = rest.split('\\').peekable();
    while let Some(name) = names.next() {
        let kind = if names.peek().is_some() { FOLDER } else { FILE };
        items.extend(sized(&item(name, kind)?, 2)?);
    }
    items.extend([0, 0]);
    Some(items)
}

/// Returns the content of the item of a folder or file: its name in ASCII, and an extension with the whole name.
fn item(name: &str, (attributes, kind): (u16, u8)) -> Option<Vec<u8>> {
    let mut item = vec![kind, 0];
    // Size and time of the file: unknown.
    item.extend([0; 8]);
    item.extend(attributes.to_le_bytes());
    let ascii = |character: char| u8::try_from(character).ok().filter(u8::is_ascii);
    item.extend(
        name.chars()
            .map(|character| ascii(character).unwrap_or(b'_')),
    );
    item.push(0);
    if item.len() % 2 == 1 {
        item.push(0);
    }
    let mut extension = vec![3, 0, 0x04, 0, 0xef, 0xbe];
    // The times of the file, where the name starts, and a part that is not used.
    extension.extend([0; 8]);
    extension.extend([0x14, 0, 0, 0]);
    extension.extend(utf16(name));
    extension.extend([0, 0]);
    // The offset includes the size of the item.
    let offset = u16::try_from(item.len() + 2).ok()?;
    extension.extend(offset.to_le_bytes());
    item.extend(sized(&extension, 2)?);
    Some(item)
}

/// Returns bytes after their size, which includes `more` bytes.
fn sized(bytes: &[u8], more: usize) -> Option<Vec<u8>> {
    let size = u16::try_from(bytes.len() + more).ok()?;
    Some([&size.to_le_bytes(), bytes].concat())
}

/// Returns a text after its length.
fn text(text: &str) -> Option<Vec<u8>> {
    let text = utf16(text);
    let length = u16::try_from(text.len() / 2).ok()?;
    Some([&length.to_le_bytes(), &*text].concat())
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Quotes an argument. No path on Windows contains a quote.
pub(super) fn quoted(argument: &str) -> String {
    if argument.contains(' ') {
        format!("\"{argument}\"")
    } else {
        argument.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::GameId;

    fn shortcut(program: &str) -> Shortcut {
        let arguments = ["--config", "C:\\a b\\c.toml", "play", "alice"];
        Shortcut {
            target: "alice".to_owned(),
            game_id: Some(GameId::Ttcc),
            program: program.to_owned(),
            arguments: arguments.map(ToOwned::to_owned).into(),
            needs_terminal: true,
        }
    }

    #[test]
    fn a_link_has_the_parts_of_its_format_in_their_order() {
        let link = content(&shortcut("C:\\Prögs\\playcookie.exe")).expect("a link");
        let texts = [
            "playcookie shortcut <alice>",
            "C:\\Prögs",
            "--config \"C:\\a b\\c.toml\" play alice",
        ];
        let texts: Vec<u8> = texts
            .iter()
            .flat_map(|part| text(part).expect("a text"))
            .collect();
        let size = usize::from(u16::from_le_bytes([link[76], link[77]]));
        let items = &link[78..78 + size];
        assert_eq!(link[78 + size..], [texts, vec![0; 4]].concat());
        assert!(link.starts_with(&SIGNATURE) && items.ends_with(&[0, 0]));
        let mut rest = items;
        let mut sizes = Vec::new();
        while let [low, high, ..] = *rest
            && low != 0
        {
            let size = usize::from(u16::from_le_bytes([low, high]));
            sizes.push(size);
            rest = &rest[size..];
        }
        // The last two: 14 bytes, the name with its end, 20 bytes, the name in UTF-16 with its end, 2 bytes.
        assert_eq!(sizes, [20, 25, 14 + 6 + 20 + 12 + 2, 14 + 16 + 20 + 30 + 2]);
        assert_eq!(target(&link).as_deref(), Some("alice"));
        let name = file_name(&shortcut("C:\\p.exe"));
        assert_eq!(name, "Toontown Corporate Clash (alice).lnk");
    }

    #[test]
    fn a_program_without_a_drive_or_with_a_long_path_is_refused() {
        for program in ["\\\\server\\share\\playcookie.exe", "playcookie.exe", ""] {
            let failure = content(&shortcut(program)).expect_err("a refusal");
            assert!(failure.message.contains("drive"), "{failure}");
        }
        let program = format!("C:\\{}", "long\\".repeat(9000));
        assert!(content(&shortcut(&program)).is_err());
    }

    #[test]
    fn only_a_link_of_this_program_has_a_target() {
        let link = content(&shortcut("C:\\p.exe")).expect("a link");
        for length in 0..link.len() {
            let _ = target(&link[..length]);
        }
        assert_eq!(target(&link[1..]), None);
        assert_eq!(target(b""), None);
    }
}
