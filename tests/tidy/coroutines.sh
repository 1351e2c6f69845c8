#!/usr/bin/env bash
# GCC 12 destroys lambdas, aggregates and braced temporaries inside a co_await expression twice. clang-query finds them
# in every file that has a co_await. Usage: coroutines.sh BUILD_DIR
set -euo pipefail
build=$1
if ! command -v clang-query-19 >/dev/null; then
    echo "SKIPPED: clang-query-19 is not installed (Debian package clang-tools-19)"
    exit 77
fi
matcher='match expr(coawaitExpr(hasDescendant(expr(anyOf(lambdaExpr(), cxxBindTemporaryExpr(has(initListExpr())), cxxStdInitializerListExpr())))), isExpansionInMainFile())'
mapfile -t files < <(git grep -l 'co_await' -- '*.cpp' ':!tests/tidy')
[ ${#files[@]} -gt 0 ] || { echo "git lists no file here: the check needs the clone, and git"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 "$(dirname "$0")/clang_database.py" "$build" "$work" --apart
ask() { clang-query-19 -p "$work" -c 'set bind-root true' -c "$matcher" "$@" 2>&1; }

# The guard must bite: a file with the mistake is found.
cat >"$work/bites.cpp" <<'CPP'
#include <coroutine>
#include <functional>
#include <string>
struct Task {
    struct promise_type {
        Task get_return_object() { return {}; }
        std::suspend_never initial_suspend() { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };
    bool await_ready() { return true; }
    void await_suspend(std::coroutine_handle<>) {}
    void await_resume() {}
};
Task work(std::function<void()> f);
Task caller(std::string text) { co_await work([text] {}); }
CPP
if ! clang-query-19 -c "$matcher" "$work/bites.cpp" -- -std=c++20 2>/dev/null | grep -q '^1 match'; then
    echo "the guard does not find a lambda inside a co_await"
    exit 1
fi

status=0
for file in "${files[@]}"; do
    out=$(ask "$file")
    if ! grep -q '^0 matches' <<<"$out"; then
        echo "$file:"
        echo "$out"
        status=1
    fi
done
bindings=$(git grep -nE 'auto(&&|&)? \[[^]]*\] *= *co_await' -- '*.cpp' '*.hpp' || true)
if [ -n "$bindings" ]; then
    echo "$bindings: no structured binding straight on a co_await"
    status=1
fi
[ "$status" -eq 0 ] && echo "${#files[@]} files with co_await, none with a temporary that GCC 12 destroys twice"
exit "$status"
