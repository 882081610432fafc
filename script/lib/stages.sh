# Sourced by script/test: its stages, and the count of all tests that it ends with.
#
# A stage that cannot run (a failed build, say) counts as one failed test. However the script ends, end_stages prints the
# count as the last line and sets the exit code.

passed=0
failed=0
servers= # folder of the private database servers, when they run

begin_stages() {
    mkdir -p build
    exec 3>&1 # for the count: a stage's output may be on its way into a file when the script ends
    trap end_stages EXIT
    trap 'exit 130' INT TERM
}

end_stages() {
    local code=$?
    stop_servers
    [ "$code" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
    [ $((passed + failed)) -eq 0 ] && failed=1
    printf '%d passed, %d failed\n' "$passed" "$failed" >&3
    [ "$failed" -eq 0 ] && exit 0
    exit 1
}

tell() { printf '%s\n' "$*"; }

# add PASSED FAILED
add() {
    passed=$((passed + $1))
    failed=$((failed + $2))
}

# stage NAME COMMAND…: runs the command, with its output in a file that is shown when it fails.
stage() {
    local name=$1 log=build/stage.log began=$SECONDS
    shift
    if "$@" >"$log" 2>&1; then
        tell "$name: done ($((SECONDS - began)) s)"
    else
        tail -n 100 "$log"
        tell "$name: FAILED"
        add 0 1
        return 1
    fi
}

build_and_configure() {
    configure "$@" && ninja --quiet -C "$1"
}

# build_stage NAME FOLDER OPTION…
build_stage() {
    local name=$1
    shift
    stage "$name build" build_and_configure "$@"
}

# Private database servers for the tests that need them; stopped when the script ends.
start_servers() {
    servers=$(mktemp -d "${TMPDIR:-/tmp}/cuvee-test-XXXXXX")
    chmod 755 "$servers" # the servers' own user passes through
    tests/support/servers start "$servers" >"$servers/urls"
}

stop_servers() {
    [ -n "$servers" ] || return
    tests/support/servers stop "$servers"
    rm -rf "$servers"
    servers=
}

# Some kernels place memory where ThreadSanitizer cannot live with it, unless told not to.
without_random_addresses() {
    if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}

# tests NAME FOLDER ARGUMENT…: Meson's tests; single tests are counted, not programs.
tests() {
    local name=$1 folder=$2 began=$SECONDS counts
    shift 2
    rm -f "$folder"/meson-logs/testlog*.json # under a wrapper its name has the wrapper's
    CMOCKA_MESSAGE_OUTPUT=TAP ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 \
        UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1 \
        without_random_addresses meson test -C "$folder" --no-rebuild --timeout-multiplier 10 --print-errorlogs "$@" \
        >build/stage.log 2>&1
    local code=$?
    counts=$(python3 script/lib/count.py meson "$folder"/meson-logs/testlog*.json 2>/dev/null) || counts="0 1"
    [ "$code" -ne 0 ] && [ "${counts#* }" = 0 ] && counts="${counts% *} 1"
    [ "$code" -ne 0 ] && tail -n 200 build/stage.log
    tell "$name: ${counts% *} passed, ${counts#* } failed ($((SECONDS - began)) s)"
    add $counts
}

# The tests of the rooms alone.
units() {
    tests "$@" --no-suite check --no-suite install --no-suite browser --no-suite client
}

# script/check, one test per check.
checks() {
    local began=$SECONDS counts
    script/check >build/stage.log 2>&1
    local code=$?
    counts=$(python3 script/lib/count.py tap build/stage.log)
    [ "$code" -ne 0 ] && [ "${counts#* }" = 0 ] && counts="${counts% *} 1"
    [ "$code" -ne 0 ] && sed '$d' build/stage.log # its last line is a count of its own
    tell "checks: ${counts% *} passed, ${counts#* } failed ($((SECONDS - began)) s)"
    add $counts
}
