#!/bin/sh
# Installs playcookie for this user: the program, its completions and its manual pages.
#
#   sh install.sh [VERSION]
#
# PLAYCOOKIE_URL   where the releases are    [https://github.com/playcookie/playcookie/releases]
# PREFIX           where to install them     [$HOME/.local]
#
# It needs no root, changes nothing outside of PREFIX, and installs nothing whose SHA-256 is not the published one.
set -eu

url=${PLAYCOOKIE_URL:-https://github.com/playcookie/playcookie/releases}
prefix=${PREFIX:-${HOME:?HOME is not set}/.local}
version=${1:-latest}

fail() {
  printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Downloads $1 to the file $2. A redirect to plain http is refused, unless the first address is one.
download() {
  case $1 in https:*) protocol='=https' ;; *) protocol='=http,https' ;; esac
  if has curl; then
    curl --fail --silent --show-error --location --proto "$protocol" --retry 2 --output "$2" "$1"
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    fail 'neither curl nor wget is installed' 'install one of them'
  fi
}

sum() {
  if has sha256sum; then sha256sum "$1"; elif has shasum; then shasum -a 256 "$1"; else
    fail 'neither sha256sum nor shasum is installed' 'install one of them'
  fi
}

case $(uname -m) in
  x86_64 | amd64) processor=x86_64 ;;
  aarch64 | arm64) processor=aarch64 ;;
  *) fail "there is no release for the processor $(uname -m)" 'build it from source with cargo' ;;
esac
case $(uname -s) in
  # The static program runs on every Linux, whatever its C library.
  Linux) target=$processor-unknown-linux-musl ;;
  Darwin) target=$processor-apple-darwin ;;
  *) fail "there is no release for $(uname -s)" 'build it from source with cargo' ;;
esac

case $version in
  latest) place=$url/latest/download ;;
  *) version=${version#v} place=$url/download/v${version#v} ;;
esac

temporary=$(mktemp -d) || fail 'no temporary directory can be made' 'check TMPDIR and the free space'
trap 'rm -rf "$temporary"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

download "$place/SHA256SUMS" "$temporary/SHA256SUMS" ||
  fail "the list of files cannot be downloaded from $place" 'check the connection and the version'
# The list names the archive, and so the version that "latest" is.
line=$(grep -E "^[0-9a-f]{64} [ *]playcookie-[0-9A-Za-z.+-]+-$target\.tar\.gz\$" "$temporary/SHA256SUMS") ||
  fail "the release has no archive for $target" 'build it from source with cargo'
[ "$(printf '%s\n' "$line" | wc -l)" -eq 1 ] ||
  fail "the release has several archives for $target" 'name a version: sh install.sh VERSION'
published=${line%% *}
archive=${line##*[ *]}
folder=${archive%.tar.gz}

download "$place/$archive" "$temporary/$archive" ||
  fail "$archive cannot be downloaded" 'check the connection and the free space, and run it again'
found=$(sum "$temporary/$archive")
[ "${found%% *}" = "$published" ] ||
  fail "$archive does not have the published SHA-256: nothing was installed" 'run it again; if that does not help, report it'
tar -xzf "$temporary/$archive" -C "$temporary" ||
  fail "$archive cannot be unpacked" 'check the free space, and run it again'

# Puts the file $1 at $2, with the mode $3. A running program is replaced, and a full disk leaves the old file.
place_file() {
  new=$2.new.$$
  if mkdir -p "$(dirname "$2")" && cp "$1" "$new" && chmod "$3" "$new" && mv -f "$new" "$2"; then
    return
  fi
  rm -f "$new"
  fail "$2 cannot be written" 'check its permissions and the free space, or set PREFIX'
}

from=$temporary/$folder
share=$prefix/share
"$from/playcookie" --version >/dev/null ||
  fail 'the program does not start on this machine: nothing was installed' 'build it from source with cargo'
# The program comes last: once it is there, everything is.
place_file "$from/completions/playcookie.bash" "$share/bash-completion/completions/playcookie" 644
place_file "$from/completions/_playcookie" "$share/zsh/site-functions/_playcookie" 644
place_file "$from/completions/playcookie.fish" "$share/fish/vendor_completions.d/playcookie.fish" 644
for page in "$from"/man/*.1; do
  place_file "$page" "$share/man/man1/${page##*/}" 644
done
place_file "$from/playcookie" "$prefix/bin/playcookie" 755

printf '%s is installed as %s\n' "$folder" "$prefix/bin/playcookie"
printf 'its completions (bash, zsh, fish) and manual pages are in %s\n' "$share"
case :$PATH: in
  *:"$prefix/bin":*) ;;
  *) printf 'hint: add %s to your PATH\n' "$prefix/bin" ;;
esac
printf 'try it: playcookie rehearse ttr\n'
