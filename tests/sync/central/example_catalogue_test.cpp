#include "sync/central/example_catalogue.hpp"

#include <doctest/doctest.h>

#include "schemas/json/catalogue_json.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::central;

TEST_CASE("the example catalogue is sound and has what the product promises") {
    const WallTime midnights[]{WallTime{1'800'000'000'000 - 1'800'000'000'000 % 60'000}};
    const auto catalogue = example_catalogue(midnights, "$argon2id$admin");
    const auto sound = check_catalogue(catalogue);
    CHECK_MESSAGE(sound, (sound ? "" : sound.error().detail));
    for (const auto* id : {"adult", "child", "family", "pair", "group", "card-10", "show"})
        CHECK(catalogue.product(ProductId{id}) != nullptr);
    CHECK(catalogue.product(ProductId{"card-10"})->entries == 10);
    CHECK(catalogue.product(ProductId{"group"})->persons == 0);
    CHECK(catalogue.sessions.size() == 2);
}
