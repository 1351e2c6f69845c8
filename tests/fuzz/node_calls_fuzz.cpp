// "METHOD TARGET\nBODY": any call of the node's interface is answered, with JSON or a problem that has a code, whatever
// its body is; and no input is answered as a fault of ours.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <deque>
#include <filesystem>
#include <string>

#include "edge/api/services.hpp"
#include "schemas/base/check.hpp"
#include "sync/link/http_exchange.hpp"
#include "sync/link/http_target.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::edge;

constexpr WallTime noon{1'795'233'600'000};

// A node whose desk refuses everything: what is tried here is what comes before and after it.
class RefusingNode {
public:
    RefusingNode() {
        services_.facts.name = NodeName{"booth"};
        services_.facts.windows = {WindowName{"window-1"}};
        services_.facts.kept_baskets = folder();
        services_.outlets.command = [](const Actor& /*actor*/, const Command& /*command*/, const std::string& /*pin*/,
                                       const std::function<void(Result<Reply>)>& answered) {
            answered(fail(ErrorCode::storage_unavailable, "nothing is recorded here"));
        };
        services_.outlets.desk_status = [](const std::function<void(DeskStatus)>& answered) { answered({}); };
        services_.outlets.read_failed = [](ledger::Fault) {};
        services_.outlets.now = [] { return noon; };
        services_.outlets.later = [this](std::function<void()> run) { later_.push_back(std::move(run)); };
    }

    sync::HttpResponse answer(const Route& route, std::vector<std::string> parts, sync::HttpRequest request) {
        const auto given = std::make_shared<sync::HttpAnswer>(std::make_shared<sync::Bell>(io_));
        route.handler(std::make_shared<ApiCall>(
            ApiCall{std::move(request), std::move(parts), Actor{OperatorName{"li"}},
                    sync::HttpRespond{std::make_shared<sync::HttpRespond::Shared>(given, 16, 1024)}, &services_}));
        for (; !later_.empty(); later_.pop_front()) later_.front()();
        services_.events.close_all();
        check(given->given, "every call is answered");
        return given->response;
    }

private:
    static std::filesystem::path folder() {
        auto path = std::filesystem::temp_directory_path() / ("gatehouse-calls-" + std::to_string(::getpid()));
        std::filesystem::create_directories(path);
        return path;
    }

    boost::asio::io_context io_;
    std::deque<std::function<void()>> later_;
    ApiServices services_{{}, {}, {}, {"run", 16}, {}, {}, {}, {}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Router router = node_routes();
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto line = text.substr(0, text.find('\n'));
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return 0;
    sync::HttpRequest request;
    request.method = line.substr(0, space);
    if (!sync::parse_target(line.substr(space + 1), request)) return 0;
    const auto found = router.find(request.method, request.path);
    if (found.route == nullptr) return 0;
    if (line.size() < size) request.body = text.substr(line.size() + 1);
    const auto response = RefusingNode{}.answer(*found.route, found.parts, std::move(request));
    check(response.status >= 200 && response.status < 600 && response.status != 500, "no input is a fault of ours");
    if (response.status < 400 || !response.body.starts_with('{')) return 0;
    const auto problem = boost::json::parse(response.body);
    check(problem.as_object().contains("code") || response.status == 503, "a problem has a code");
    return 0;
}
