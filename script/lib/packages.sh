# Sourced by the scripts: what the project needs from the system, and how it is installed.
#
#   install_packages build          what compiling and running the demo needs
#   install_packages build test     and what the tests need
#   install_packages build bench    and what bench/run needs; `long`: what script/test-long needs besides
#
# On a system with apt the missing packages are installed (with sudo when not root). On another one they are named and the
# script stops; CUVEE_SKIP_INSTALL=1 says that everything is there already and goes on.

packages_build="gcc libc6-dev meson ninja-build pkg-config python3 git ca-certificates libsqlite3-dev libjansson-dev
  libpcre2-dev libssl-dev libmicrohttpd-dev zlib1g-dev uthash-dev libpq-dev libmariadb-dev"
packages_check="python3 git clang-format clang-tidy universal-ctags"
packages_test="$packages_check g++ clang libclang-rt-dev libcmocka-dev locales chromium fonts-dejavu-core
  postgresql-15 mariadb-server-core mariadb-client-core"
packages_long="valgrind"
# What bench/run measures against, with the C extension and the event loop that make the Python peer fast.
packages_bench="wrk libulfius-dev libhoel-dev python3-fastapi python3-sqlalchemy python3-sqlalchemy-ext python3-uvicorn
  python3-uvloop python3-httptools python3-email-validator
  postgresql-15 mariadb-server-core mariadb-client-core"

say() { printf '%s\n' "$*" >&2; }

# The packages of the groups that were asked for, once each.
package_names() {
    local group variable
    for group in "$@"; do
        variable="packages_$group"
        printf '%s\n' ${!variable}
    done | sort -u
}

# Of the packages named as arguments, those that dpkg does not have installed.
missing_of() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
    printf '%s\n' "$@" | grep -vxF -e "$installed" || true
}

# Debian's Node.js and npm, unless a Node.js of any origin is there.
missing_node() {
    command -v node >/dev/null || printf 'nodejs\n'
    command -v npm >/dev/null && return
    if command -v node >/dev/null && ! debian_node; then
        say "There is a Node.js here ($(command -v node)) but no npm; please install the npm that belongs to it."
        return 1
    fi
    printf 'npm\n'
}

# Whether the installed Node.js is the one that Debian's npm package wants.
debian_node() {
    dpkg-query -S "$(readlink -f "$(command -v node)")" >/dev/null 2>&1 &&
        [[ $(dpkg-query -W -f '${Version}' nodejs 2>/dev/null) == *dfsg* ]]
}

# Node.js builds the docs pages; older ones than 18 cannot.
check_node() {
    local major
    major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
    [ "$major" -ge 18 ] || {
        say "Node.js 18 or newer is needed; $(command -v node) is $(node --version 2>&1)."
        return 1
    }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "This needs root, and there is no sudo. Please run as root: $*"
        return 1
    fi
}

install_packages() {
    local names missing node=
    local patience=(-o Acquire::Retries=5 -o DPkg::Lock::Timeout=600) # mirrors may stumble, and other programs install too
    names=$(package_names "$@")
    [ "${CUVEE_SKIP_INSTALL:-}" = 1 ] && return
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "This system has no apt. Please install what these Debian packages contain, and Node.js 18 or newer with npm:"
        say $names
        say "Then run this script again with CUVEE_SKIP_INSTALL=1."
        return 1
    fi
    case " $* " in *" build "*) node=$(missing_node) || return 1 ;; esac
    missing=$(missing_of $names)
    if [ -n "$missing$node" ]; then
        say "Installing:" $missing $node
        as_root apt-get update -qq "${patience[@]}"
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${patience[@]}" $missing $node >&2
    fi
    case " $* " in *" build "*) check_node ;; esac
}
