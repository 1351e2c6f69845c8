#include "sync/ledger/migrations.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "schemas/base/check.hpp"
#include "schemas/base/embedded.hpp"

namespace gatehouse {
std::span<const EmbeddedFile> migrations();  // generated, see cmake/embed.cmake
}

namespace gatehouse::ledger {

namespace {

struct Script {
    std::uint32_t number = 0;
    std::string_view sql;
};

std::vector<Script> scripts() {
    std::vector<Script> found;
    for (const auto& file : migrations()) {
        const auto name = file.path.substr(file.path.rfind('/') + 1);
        Script script{0, file.bytes};
        std::from_chars(name.data(), name.data() + name.size(), script.number);
        check(script.number > 0, "a migration's file name begins with its number");
        found.push_back(script);
    }
    std::ranges::sort(found, {}, &Script::number);
    return found;
}

Result<std::uint32_t> schema_of(Database& database) {
    auto row = database.prepare("PRAGMA user_version");
    const auto there = row.step();
    if (!there) return there.error();
    return static_cast<std::uint32_t>(row.number(0));
}

}  // namespace

std::uint32_t latest_schema() { return scripts().back().number; }

Result<void> migrate(Database& database) {
    const auto now = schema_of(database);
    if (!now) return now.error();
    if (*now > latest_schema())
        return fail(ErrorCode::schema_newer, "the database has schema " + std::to_string(*now) +
                                                 ", this release knows " + std::to_string(latest_schema()));
    if (*now == latest_schema()) return {};
    std::string all = "BEGIN IMMEDIATE;";
    for (const auto& script : scripts())
        if (script.number > *now) all += script.sql;
    all += ";PRAGMA user_version=" + std::to_string(latest_schema()) + ";COMMIT;";
    if (const auto done = database.execute(all); !done) {
        if (database.in_transaction()) static_cast<void>(database.execute("ROLLBACK"));
        return done.error();
    }
    return {};
}

}  // namespace gatehouse::ledger
