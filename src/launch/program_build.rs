//! For which system and word size a program is built, as its first bytes tell.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::games::{Build, System};

/// Where the header for DOS names the offset of the header for Windows.
const OFFSET: u64 = 0x3c;

/// Returns the build of a program; `None` when it cannot be read or is of another format.
pub fn program_build(program: &Path) -> Option<Build> {
    let mut file = File::open(program).ok().filter(|_| program.is_file())?;
    let [m, z, a, b, class] = bytes(&mut file, 0).ok()?;
    let (system, is_64_bit) = match [m, z, a, b] {
        [b'M', b'Z', ..] => (System::Windows, windows_machine(&mut file)?),
        [0x7f, b'E', b'L', b'F'] => (System::Linux, class == 2),
        [0xcf, 0xfa, 0xed, 0xfe] => (System::MacOs, true),
        _ => return None,
    };
    Some(Build { system, is_64_bit })
}

/// Returns whether a program for Windows is for 64-bit processors.
fn windows_machine(file: &mut File) -> Option<bool> {
    let offset = u32::from_le_bytes(bytes(file, OFFSET).ok()?);
    let [p, e, zero, end, low, high] = bytes(file, offset.into()).ok()?;
    if [p, e, zero, end] != *b"PE\0\0" {
        return None;
    }
    match u16::from_le_bytes([low, high]) {
        0x014c => Some(false),
        0x8664 | 0xaa64 => Some(true),
        _ => None,
    }
}

fn bytes<const N: usize>(file: &mut File, at: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(machine: u16) -> Vec<u8> {
        let mut program = vec![0; 0x40];
        program.splice(..2, *b"MZ");
        program.splice(0x3c.., 0x40_u32.to_le_bytes());
        program.extend(b"PE\0\0");
        program.extend(machine.to_le_bytes());
        program
    }

    #[test]
    fn the_first_bytes_tell_the_system_and_the_word_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let build = |content: &[u8]| {
            let program = folder.path().join("program");
            std::fs::write(&program, content).expect("a file");
            let build = program_build(&program)?;
            Some((build.system, build.is_64_bit))
        };
        assert_eq!(build(&windows(0x014c)), Some((System::Windows, false)));
        assert_eq!(build(&windows(0x8664)), Some((System::Windows, true)));
        assert_eq!(build(b"\x7fELF\x02"), Some((System::Linux, true)));
        assert_eq!(build(b"\x7fELF\x01"), Some((System::Linux, false)));
        let mut far = windows(0x014c);
        far.splice(0x3c..0x40, [0xff; 4]);
        for other in [&b""[..], b"MZ", b"#!/bin/sh\n", &windows(1), &far] {
            assert_eq!(build(other), None);
        }
        assert!(program_build(folder.path()).is_none());
    }
}
