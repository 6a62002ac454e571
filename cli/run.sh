#!/usr/bin/env bash
# The step of action.yml beside this file: fetches the program of this very
# release, checks it against the checksum written into action.yml, becomes it.
set -euo pipefail

fail() {
  printf '::error::%s\n' "$*"
  exit 1
}

# sum FILE prints its SHA-256: macOS has another command for it.
sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

[ -n "${ZIS_VERSION:-}" ] || fail "this checkout of the action is no release; use zisdeploy/zis-deploy/cli@v1, or the SHA of a release"
ending=tar.gz
case ${RUNNER_OS:-} in
  Linux) os=linux ;;
  macOS) os=darwin ;;
  Windows) os=windows ending=zip ;;
  *) fail "there is no zis for the system ${RUNNER_OS:-without a name}; it runs on Linux, macOS and Windows" ;;
esac
case ${RUNNER_ARCH:-} in
  X64) arch=amd64 ;;
  ARM64) arch=arm64 ;;
  *) fail "there is no zis for the processor ${RUNNER_ARCH:-without a name}; it runs on X64 and ARM64" ;;
esac

want=
for pair in $ZIS_CHECKSUMS; do
  case $pair in "${os}_$arch:"*) want=${pair#*:} ;; esac
done
[ -n "$want" ] || fail "release $ZIS_VERSION has no program for ${os}_$arch"

name=zis_${ZIS_VERSION#v}_${os}_$arch.$ending
# a mirror may serve it: what counts is the checksum
from=${ZIS_DOWNLOAD:-https://github.com/zisdeploy/zis-deploy/releases/download}/$ZIS_VERSION/$name
folder=${RUNNER_TEMP:?}/zis-$ZIS_VERSION
archive=$folder/$name
mkdir -p "$folder"
if ! [ -f "$archive" ] || [ "$(sum "$archive")" != "$want" ]; then
  curl --fail --location --silent --show-error --retry 3 --max-time 120 --output "$archive" "$from" ||
    fail "$from can't be fetched; nothing was run. Set ZIS_DOWNLOAD to a mirror if this runner has no way out"
fi
have=$(sum "$archive")
[ "$have" = "$want" ] || fail "$from has the SHA-256 $have, and this release's is $want: it was not run"
case $ending in
  zip) unzip -q -o "$archive" -d "$folder" ;;
  *) tar -xzf "$archive" -C "$folder" ;;
esac
exec "$folder/zis" action
