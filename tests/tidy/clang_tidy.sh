#!/usr/bin/env bash
# The list in .clang-tidy over the product's deciding code; with GATEHOUSE_TIDY_ALL=1 also over the shell, where a file
# that includes Asio takes 10 s.
# Usage: clang_tidy.sh BUILD_DIR
set -euo pipefail
build=$1
mapfile -t core < <(git ls-files -- 'schemas/*.cpp' 'drivers/link/*.cpp' 'drivers/scanner/*.cpp' 'drivers/turnstile/*.cpp' 'drivers/printer/*.cpp' \
    'drivers/catalog/*.cpp' 'sync/ledger/*.cpp' 'sync/replication/*.cpp' 'edge/ticketing/*.cpp' 'edge/admission/*.cpp' \
    'edge/station/*.cpp' 'edge/desk/*.cpp' 'edge/journal/*.cpp')
[ ${#core[@]} -gt 0 ] || { echo "git lists no file here: the check needs the clone, and git"; exit 1; }
shell=()
if [ -n "${GATEHOUSE_TIDY_ALL:-}" ]; then
    mapfile -t shell < <(git ls-files -- 'drivers/port/*.cpp' 'drivers/emulator/*.cpp' 'sync/link/*.cpp' 'sync/central/*.cpp' \
        'edge/config/*.cpp' 'edge/api/*.cpp' 'edge/daemon/*.cpp' 'edge/cli/*.cpp')
fi
# clang reads neither GCC's precompiled headers nor a few of its flags.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -E 's/-Winvalid-pch//g; s/-include [^ ]*cmake_pch\.hxx//g; s/-fsanitize=[a-z,]*//g' "$build/compile_commands.json" \
    >"$work/compile_commands.json"
status=0
printf '%s\n' "${core[@]}" "${shell[@]}" | sed '/^$/d' |
    xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet -p "$work" >"$work/out" 2>&1 || status=$?
grep -vE 'warnings? generated|Suppressed|Use -header-filter|^$' "$work/out" || true
[ "$status" -eq 0 ] || exit 1
echo "${#core[@]} core and ${#shell[@]} shell files tidy"
