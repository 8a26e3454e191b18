#!/usr/bin/env bash
# Brings what a fresh Debian 12 with Rust 1.95 and Node 20 lacks: what building the server needs, with "app" also what
# building the app needs, with "test" also what the tests need, with "bench" also the peers that are measured beside, and
# with "screenshots" what makes pictures small. Where nothing is missing it does nothing, so every command runs it first.
set -euo pipefail
cd "$(dirname "$0")/.."

# A C compiler for the bundled SQLCipher, zstd and TLS, and the libcrypto that SQLCipher encrypts with.
packages=(build-essential pkg-config libssl-dev)
for_the_app=(libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev libxdo-dev fonts-noto-cjk fonts-noto-core)
# A webview that is driven on a screen that nobody sees, the key store that the app may find, and what records the writes
# of a process whose power is cut.
for_tests=(webkit2gtk-driver xvfb xauth dbus gnome-keyring strace)
case ${1:-build} in
    app) packages+=("${for_the_app[@]}") ;;
    test | bench) packages+=("${for_the_app[@]}" "${for_tests[@]}") ;;
    screenshots) packages+=("${for_the_app[@]}" "${for_tests[@]}" pngquant) ;;
esac

install_packages() {
    local missing=() as_root=()
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "Missing Debian packages, and no leave to install them. As root:" >&2
            echo "    apt-get install ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo -n)
    fi
    echo "Installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}" >&2
}

require() {
    local tool=$1 wanted=$2 found=$3
    if [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" != "$wanted" ]; then
        echo "$tool $wanted or newer is needed, found ${found:-none}" >&2
        exit 1
    fi
}

# npm leaves its lock file's copy behind, last of all. Not `npm ci`: it refuses a lock file without the packages for
# other platforms, and not all of those that Paraglide's tools name are published. What is locked stays as locked.
install_node_packages() {
    local folder=$1
    [ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ] && return
    require Node 20 "$(node --version 2>/dev/null | tr -d v)"
    npm install --no-save --prefix $folder --no-audit --no-fund --loglevel=error >&2
}

if command -v dpkg-query >/dev/null; then
    install_packages
else
    echo "Not a Debian: a C compiler, pkg-config and the headers of OpenSSL 3 must be there already." >&2
fi
require Rust 1.95 "$(rustc --version 2>/dev/null | cut -d' ' -f2)"

if [ "${1:-build}" != build ]; then
    install_node_packages mobile
fi
case ${1:-build} in
    test | bench)
        # The licences of crates for other platforms are read too.
        cargo fetch --locked --quiet
        install_node_packages tests/node-client
        ;;
esac
if [ "${1:-build}" = bench ]; then
    install_node_packages tests/peers
fi
