#!/bin/sh
# Runs tests side by side and adds up what they say.
#
#   tests/run.sh TEST...
#
# A TEST is a program that speaks TAP with --tap, or a Python script that speaks TAP. Each one's
# output is kept beside the build as $BUILD/tap/NAME.tap. A script that cannot run here exits with
# 77 and says why; a check that one of them leaves out has SKIP and the reason in its line. Each
# test gets a line with its checks and seconds. The last line is "N passed, N failed[, N skipped]";
# exit status 1 if any failed.
set -u
BUILD=${BUILD:-build}
PYTHON=${PYTHON:-python3}
export BUILD PYTHON
export G_SLICE=always-malloc # so that the address sanitizer sees every allocation
export UBSAN_OPTIONS=print_stacktrace=1

run_one() {
    test=$1
    tap=$BUILD/tap/$(echo "$test" | sed "s,^$BUILD/,,; s,/,-,g").tap
    began=$(date +%s)
    case $test in
    *.py) "$PYTHON" "$test" >"$tap" 2>&1 ;;
    *) "$test" --tap >"$tap" 2>&1 ;;
    esac
    status=$?
    seconds=$(($(date +%s) - began))
    passed=$(grep -c '^ok ' "$tap")
    failed=$(grep -c '^not ok ' "$tap")
    # one that died or stopped half-way has failed even if no line of its says so
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ] && [ "$failed" -eq 0 ]; then
        failed=1
        echo "not ok - $test ended with status $status" >>"$tap"
    fi
    skipped=0
    [ "$status" -eq 77 ] && skipped=1
    if [ "$status" -ne 77 ] && [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
        echo "not ok - $test ran no check" >>"$tap"
    fi
    echo "$passed $failed $skipped" >"$tap.count"
    if [ "$failed" -gt 0 ]; then
        echo "FAILED $test ($passed passed, $failed failed, $seconds s); $tap ends:"
        grep -n '^not ok ' "$tap" | head -n 20
        tail -n 25 "$tap"
    elif [ "$skipped" -gt 0 ]; then
        grep -h 'SKIP' "$tap"
    else
        echo "passed $test ($passed, $seconds s)"
        grep -h '^ok .*# SKIP' "$tap"
    fi
}

if [ "${1:-}" = --one ]; then
    run_one "$2"
    exit 0
fi

rm -rf "$BUILD/tap"
mkdir -p "$BUILD/tap" "$BUILD/locale"
# A locale with decimal commas, whatever this machine has; without localedef or its sources the
# test that needs it looks for one of the machine's.
if localedef --no-archive -i de_DE -f UTF-8 "$BUILD/locale/de_DE.UTF-8" >/dev/null 2>&1; then
    TEST_LOCALES=$BUILD/locale
    export TEST_LOCALES
fi
printf '%s\n' "$@" | xargs -P "$(nproc 2>/dev/null || echo 2)" -I{} sh "$0" --one {}
cat "$BUILD"/tap/*.count | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        printf "%d passed, %d failed", passed, failed
        if (skipped > 0) printf ", %d skipped", skipped
        printf "\n"
        exit failed > 0 || passed == 0
    }'
