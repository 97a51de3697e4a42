//! Binary `KeyValues`, the format of Steam's `shortcuts.vdf`.
//!
//! ```text
//! map     00 key 00 item… 08
//! text    01 key 00 text 00
//! number  02 key 00, four bytes with the lowest first; also 03, 04 and 06; 07 and 0a have eight bytes
//! ```
//!
//! What is read and written again is the same byte for byte. Nothing is nested in memory: the value of a map is its bytes.

const MAP: u8 = 0;
const TEXT: u8 = 1;
const NUMBER: u8 = 2;
const END: u8 = 8;

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VdfItem {
    kind: u8,
    key: Vec<u8>,
    /// The bytes after the key and its end, up to and including the end of the value.
    value: Vec<u8>,
}

/// Reads items up to the end of their map. Returns them and what follows; `None` when the bytes are cut or have an unknown
/// kind of item.
pub fn read(bytes: &[u8]) -> Option<(Vec<VdfItem>, &[u8])> {
    let (mut items, mut rest) = (Vec::new(), bytes);
    loop {
        let (&kind, after) = rest.split_first()?;
        if kind == END {
            return Some((items, after));
        }
        let (key, after) = split_text(after)?;
        let (value, after) = after.split_at_checked(value_length(kind, after)?)?;
        items.push(VdfItem {
            kind,
            key: key.to_vec(),
            value: value.to_vec(),
        });
        rest = after;
    }
}

/// Returns the bytes of items and of the end of their map.
pub fn write(items: &[VdfItem]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        bytes.push(item.kind);
        bytes.extend(&item.key);
        bytes.push(0);
        bytes.extend(&item.value);
    }
    bytes.push(END);
    bytes
}

/// Returns the first item with this key, ignoring case.
pub fn find<'i>(items: &'i [VdfItem], key: &str) -> Option<&'i VdfItem> {
    items.iter().find(|item| item.has_key(key))
}

/// Replaces the item with the key of `new`, or appends it.
pub fn set(items: &mut Vec<VdfItem>, new: VdfItem) {
    let mut old = items.iter_mut();
    match old.find(|item| item.key.eq_ignore_ascii_case(&new.key)) {
        // The key stays as it was written.
        Some(old) => (old.kind, old.value) = (new.kind, new.value),
        None => items.push(new),
    }
}

impl VdfItem {
    /// Creates a map.
    pub fn map(key: &str, items: &[Self]) -> Self {
        Self::new(MAP, key, write(items))
    }

    /// Creates a text, which ends at its first NUL.
    pub fn text(key: &str, text: &str) -> Self {
        let text = text.split('\0').next().unwrap_or_default();
        Self::new(TEXT, key, [text.as_bytes(), &[0]].concat())
    }

    /// Creates a number.
    pub fn number(key: &str, number: u32) -> Self {
        Self::new(NUMBER, key, number.to_le_bytes().to_vec())
    }

    fn new(kind: u8, key: &str, value: Vec<u8>) -> Self {
        Self {
            kind,
            key: key.as_bytes().to_vec(),
            value,
        }
    }

    /// Returns the items of a map; `None` for another kind.
    pub fn items(&self) -> Option<Vec<Self>> {
        let (items, _) = read(&self.value).filter(|_| self.kind == MAP)?;
        Some(items)
    }

    /// Returns a text; `None` for another kind, and for one that is not UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        let (text, _) = split_text(&self.value).filter(|_| self.kind == TEXT)?;
        std::str::from_utf8(text).ok()
    }

    /// Whether the item has this key, ignoring case.
    pub fn has_key(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key.as_bytes())
    }

    /// Returns the number that the key is.
    pub fn index(&self) -> Option<u32> {
        std::str::from_utf8(&self.key).ok()?.parse().ok()
    }

    /// Changes the key to a number.
    pub fn set_index(&mut self, index: usize) {
        self.key = index.to_string().into_bytes();
    }

    /// Changes the value to a map.
    pub fn set_items(&mut self, items: &[Self]) {
        (self.kind, self.value) = (MAP, write(items));
    }
}

/// Splits a text from what follows its end.
fn split_text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

/// Returns the length of a value that begins with `bytes`. Maps are counted and not entered, so that no depth is too deep.
fn value_length(kind: u8, bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut rest) = (0_usize, bytes);
    let mut kind = kind;
    loop {
        rest = match kind {
            MAP => {
                depth += 1;
                rest
            }
            TEXT => split_text(rest)?.1,
            NUMBER | 3 | 4 | 6 => rest.get(4..)?,
            7 | 0x0a => rest.get(8..)?,
            END => {
                depth = depth.checked_sub(1)?;
                rest
            }
            _ => return None,
        };
        if depth == 0 {
            return Some(bytes.len() - rest.len());
        }
        let (&next, after) = rest.split_first()?;
        kind = next;
        rest = if next == END {
            after
        } else {
            split_text(after)?.1
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_and_written_as_they_are() {
        let inner = [VdfItem::text("a", "\u{e9}"), VdfItem::number("N", 8)];
        let mut bytes = write(&[VdfItem::map("m", &inner)]);
        assert_eq!(bytes, b"\x00m\0\x01a\0\xc3\xa9\0\x02N\0\x08\0\0\0\x08\x08");
        bytes.extend(b"\x07rest");
        let (items, rest) = read(&bytes).expect("items");
        assert_eq!((items.len(), rest), (1, &b"\x07rest"[..]));
        let read_inner = find(&items, "M").and_then(VdfItem::items);
        assert_eq!(read_inner.as_deref(), Some(&inner[..]));
        assert_eq!(find(&inner, "A").and_then(VdfItem::as_text), Some("\u{e9}"));
    }

    #[test]
    fn every_kind_of_value_is_kept() {
        let bytes =
            b"\x03f\x00abcd\x04p\x00abcd\x06c\x00abcd\x07u\x00abcdefgh\x0ai\x00abcdefgh\x08";
        let (items, _) = read(bytes).expect("items");
        assert_eq!(items.len(), 5);
        assert_eq!(write(&items), bytes);
        assert_eq!(read(b"\x05w\0\0\0\x08"), None, "an unknown kind");
    }

    #[test]
    fn a_map_may_be_nested_very_deeply() {
        let deep = [b"\0k\0".repeat(100_000), b"\x08".repeat(100_001)].concat();
        let (items, rest) = read(&deep).expect("items");
        assert_eq!((write(&items), rest.len()), (deep.clone(), 0));
        assert_eq!(read(&deep[..deep.len() - 1]), None);
    }
}
