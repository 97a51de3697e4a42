"""archive.py FOLDER OUT TIME: packs FOLDER into OUT as .tar.gz, or as .zip when it is for Windows, the same bytes each time.

Python instead of tar and zip because those of Linux, macOS and Windows take different options.
"""

import gzip
import os
import sys
import tarfile
import time
import zipfile

folder, out, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
names = sorted(
    os.path.join(base, name).replace(os.sep, "/")
    for base, _, files in os.walk(folder)
    for name in files
)


def is_program(name):
    return os.path.basename(name) in ("playcookie", "playcookie.exe")


if "-windows-" in folder:
    target = os.path.join(out, folder + ".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, time.gmtime(seconds)[:6])
            entry.create_system = 3  # Unix: only there does a zip file hold permissions.
            entry.external_attr = (0o100755 if is_program(name) else 0o100644) << 16
            with open(name, "rb") as file:
                archive.writestr(entry, file.read(), zipfile.ZIP_DEFLATED, 9)
else:
    target = os.path.join(out, folder + ".tar.gz")
    with open(target, "wb") as packed:
        with gzip.GzipFile("", "wb", 9, packed, mtime=seconds) as stream:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
                for name in names:
                    entry = tarfile.TarInfo(name)
                    entry.size = os.path.getsize(name)
                    entry.mtime = seconds
                    entry.mode = 0o755 if is_program(name) else 0o644
                    with open(name, "rb") as file:
                        archive.addfile(entry, file)
print(target)
