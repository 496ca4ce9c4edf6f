# Debian of any release in a folder of its own, for the commands that check Movio there. Sourced, root only.
# Mirror, proxy, name servers and certificates are the machine's own, read when it runs.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
chroots=${MOVIO_CHROOT_DIR:-$root/build/chroot}
test_data=$(realpath -m "${MOVIO_TEST_DATA:-$root/../shared}") # MOVIO_TEST_DATA

need_root() {
    if [ "$(id -u)" != 0 ]; then
        echo "$1: a chroot is made by root only: sudo make $1" >&2
        exit 1
    fi
}

# "URI suite" of every main archive that this machine installs Debian from.
archives() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v name="$1" '$3 == "main" && index($2, name) == 1 {print $1, $2}' | sort -u
}

# debootstrap_release RELEASE FOLDER: a minimal Debian with this machine's settings for reaching the network.
debootstrap_release() {
    local release=$1 folder=$2 own uri suite
    own=$(. /etc/os-release && echo "$VERSION_CODENAME")
    if [ ! -e "$folder/etc/apt/sources.list.d/movio.list" ]; then
        uri=$(archives "$own" | awk -v suite="$own" '$2 == suite {print $1; exit}')
        echo "chroot: making a minimal Debian $release in $folder"
        mkdir -p "$folder"
        debootstrap --variant=minbase "$release" "$folder" "$uri" >"$folder.log" 2>&1 ||
            { tail -n 20 "$folder.log" >&2; echo "chroot: debootstrap failed, see $folder.log" >&2; exit 1; }
        : >"$folder/etc/apt/sources.list"
        while read -r uri suite; do
            echo "deb $uri ${suite/#$own/$release} main"
        done < <(archives "$own") >"$folder/etc/apt/sources.list.d/movio.list"
    fi
    apt-config dump | grep -E '^Acquire::(http|https|Check-)' >"$folder/etc/apt/apt.conf.d/99machine" || true
    # No service starts in a chroot.
    printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
    chmod +x "$folder/usr/sbin/policy-rc.d"
    cp -L /etc/resolv.conf "$folder/etc/resolv.conf"
    cp -L /etc/hosts "$folder/etc/hosts"
    mkdir -p "$folder/usr/local/share/ca-certificates"
    cp -r /usr/local/share/ca-certificates/. "$folder/usr/local/share/ca-certificates/"
    if [ -r /etc/pip.conf ]; then cp /etc/pip.conf "$folder/etc/pip.conf"; fi
    if [ -r "$HOME/.npmrc" ]; then cp "$HOME/.npmrc" "$folder/root/.npmrc"; fi
}

# Environment that reaches into the chroot: how to reach the network, and this project's own settings.
kept_environment() {
    local names='https?_proxy|no_proxy|all_proxy|npm_config_[a-z_]*|pip_[a-z_]*'
    names="$names|[a-z_]*ca_certs|[a-z_]*ca_bundle|ssl_cert_[a-z]*|JOBS"
    env | grep -iE "^($names)=" || true
}

# in_chroot FOLDER COMMAND…: runs it with /proc, /dev and the test data there. The mounts end with the command.
in_chroot() {
    local folder=$1 kept
    shift
    mapfile -t kept < <(kept_environment)
    mkdir -p "$folder/test-data" "$folder/var/cache/apt/archives" "$chroots/packages/${folder##*/}"
    FOLDER=$folder DATA=$test_data PACKAGES=$chroots/packages/${folder##*/} \
        unshare --mount --propagation private bash -euc '
        mount -t proc proc "$FOLDER/proc"
        mount --rbind /sys "$FOLDER/sys"
        mount --rbind /dev "$FOLDER/dev"
        mount --bind "$PACKAGES" "$FOLDER/var/cache/apt/archives"
        if [ -d "$DATA" ]; then mount --bind "$DATA" "$FOLDER/test-data"; fi
        exec chroot "$FOLDER" /usr/bin/env -i "$@"
    ' bash PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb \
        MOVIO_TEST_DATA=/test-data "${kept[@]}" "$@"
}
