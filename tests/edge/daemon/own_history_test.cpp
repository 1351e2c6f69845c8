// A node whose data directory was put back or copied, and a peer that knows what it wrote elsewhere.
#include <doctest/doctest.h>

#include <future>

#include "tests/edge/daemon/test_venue.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::test;
using boost::json::array;
using boost::json::object;

namespace {

void sell(Browser& browser, int first, int count) {
    for (int i = first; i < first + count; ++i) {
        const HttpAnswer sale =
            browser.post("/api/v1/sales", {{"id", "c" + std::to_string(i)},
                                           {"window", "window-1"},
                                           {"lines", array{object{{"product", "adult"}, {"quantity", 1}}}},
                                           {"tenders", array{object{{"kind", "cash"}, {"amount_minor", 8000}}}}});
        REQUIRE_MESSAGE(sale.status == 201, boost::json::serialize(sale.body));
    }
}

// A booth that opened a shift, and an image of its disk as it stood then.
struct TwoHistories {
    TwoHistories() {
        booth.peers.listen = "127.0.0.1:0";
        {
            const auto node = TestVenue::start(booth);
            Browser browser{node->api_address()};
            browser.login("li", "1234");
            const object shift{{"id", "s1"}, {"window", "window-1"}, {"float_minor", 10000}};
            REQUIRE(browser.post("/api/v1/shifts", shift).status == 201);
            node->stop();
        }
        std::filesystem::copy(booth.data_dir, image(), std::filesystem::copy_options::recursive);
    }
    [[nodiscard]] std::filesystem::path image() const { return folder.path() / "image"; }

    // The booth goes on, and the gate copies what it writes.
    void original_sells(int count) {
        const auto node = TestVenue::start(booth);
        Browser browser{node->api_address()};
        browser.login("li", "1234");
        sell(browser, 1, count);
        gate.peers.dialled = {node->peer_address()};
        const auto peer = TestVenue::start(gate);
        Browser reader{peer->api_address()};
        reader.login("li", "1234");
        REQUIRE(eventually([&] { return head_at(reader) == head_at(browser); }));
        node->stop();
    }
    void put_image_back() {
        std::filesystem::remove_all(booth.data_dir);
        std::filesystem::copy(image(), booth.data_dir, std::filesystem::copy_options::recursive);
    }
    // The image sells with nobody in reach; then the gate dials it. Why it ended.
    edge::NodeEnd image_sells(int count) {
        put_image_back();
        std::promise<edge::NodeEnd> told;
        auto ended = told.get_future();
        auto node = edge::Node::start(booth, [&](const edge::NodeEnd& end) { told.set_value(end); });
        REQUIRE(node);
        Browser browser{(*node)->api_address()};
        browser.login("li", "1234");
        sell(browser, 100, count);
        gate.peers.dialled = {(*node)->peer_address()};
        const auto peer = TestVenue::start(gate);
        REQUIRE(ended.wait_for(std::chrono::seconds{10}) == std::future_status::ready);
        return ended.get();
    }
    static std::int64_t head_at(Browser& browser) {
        const HttpAnswer heads = browser.get("/api/v1/journals");
        for (const auto& journal : heads.body.at("journals").as_array())
            if (journal.at("node").as_int64() == 1) return journal.at("head").as_int64();
        return 0;
    }

    Folder folder;
    TestVenue venue;
    edge::Settings booth = venue.add_node("booth");
    edge::Settings gate = venue.add_node("gate");
};

}  // namespace

TEST_CASE("a node that wrote further than the other history ends too, and is told to keep what exists only here") {
    TwoHistories booth;
    booth.original_sells(2);
    const auto end = booth.image_sells(12);
    CHECK(end.exit == 65);
    CHECK_MESSAGE(end.why.find("under this node's name") != std::string::npos, end.why);
    CHECK_MESSAGE(end.why.find("export") != std::string::npos, end.why);
}

TEST_CASE("a node that sold before it heard that it was put back is not told that nothing was appended") {
    TwoHistories booth;
    booth.original_sells(12);
    const auto end = booth.image_sells(2);
    CHECK(end.exit == 65);
    CHECK_MESSAGE(end.why.find("only here") != std::string::npos, end.why);
    CHECK_MESSAGE(end.why.find("othing was appended") == std::string::npos, end.why);
}
