#include "sync/central/api/api_server.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "sync/central/api/calls.hpp"
#include "sync/central/api/routes.hpp"
#include "sync/central/bearer.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/link/log.hpp"
#include "sync/web/browser_session.hpp"
#include "sync/web/hosts.hpp"
#include "sync/web/pages.hpp"
#include "sync/web/path_match.hpp"

namespace gatehouse {
std::span<const EmbeddedFile> central_pages();
}

namespace gatehouse::central {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t import_limit = 256U << 20U;  // a million orders
constexpr std::uint64_t catalogue_limit = 4U << 20U;
constexpr std::uint64_t ordinary_limit = 64U << 10U;

// What came with a call: a program's token in its field, or a browser's in its cookie.
struct Credential {
    std::string token;
    bool of_browser = false;
};

Credential credential_of(const sync::HttpRequest& request) {
    constexpr std::string_view scheme = "Bearer ";
    const auto field = request.field("authorization").value_or("");
    if (field.starts_with(scheme)) return {std::string{field.substr(scheme.size())}, false};
    return {sync::session_token(request, browser_cookie).value_or(""), true};
}

}  // namespace

class ApiServer::Inner {
public:
    explicit Inner(ApiServices s)
        : services(s),
          known_hosts(to_string(s.settings.api), s.settings.api_hosts),
          work(asio::make_work_guard(io)),
          heartbeat(io) {}

    Result<void> start();
    void handle(sync::HttpRequest request, sync::HttpRespond respond);
    void find_route(Call call);
    [[nodiscard]] const sync::PageFile* page_at(const sync::HttpRequest& request) const;
    [[nodiscard]] Result<Operator> judge(const sync::HttpRequest& request, Right right) const;
    [[nodiscard]] Result<std::uint64_t> body_limit(const sync::HttpRequest& header) const;
    void authorise(const Route& route, Call call);
    void end_streams();
    void beat();

    ApiServices services;
    sync::KnownHosts known_hosts;
    sync::PageFiles pages = sync::page_files(central_pages());
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work;
    asio::steady_timer heartbeat;
    std::optional<sync::HttpServer> server;
    std::thread thread;
};

Result<void> ApiServer::Inner::start() {
    sync::HttpServerOptions options;
    options.listen = to_string(services.settings.api);
    if (services.settings.api_tls) options.tls = services.identity.tls;
    options.body_limit = [this](const sync::HttpRequest& header) { return body_limit(header); };
    options.body_within = std::chrono::minutes{5};
    auto started = sync::HttpServer::start(
        io, std::move(options), [this](auto request, auto respond) { handle(std::move(request), std::move(respond)); });
    if (!started) return started.error();
    server.emplace(std::move(*started));
    beat();
    thread = std::thread{[this] { io.run(); }};
    return {};
}

// Of those who would not be let in any more: a stream outlives the call that it was asked for with.
void ApiServer::Inner::end_streams() {
    const auto catalogue = services.store.catalogue();
    const auto now = read_clock({}).wall;
    services.events.keep([&](std::string_view bearer) {
        const auto* who = check_bearer(services.identity.bearer_key, *catalogue, bearer, now);
        return who != nullptr && may(who->roles, Right::follow_events);
    });
}

// So that a page notices a dead connection.
void ApiServer::Inner::beat() {
    heartbeat.expires_after(std::chrono::seconds{10});
    heartbeat.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        end_streams();
        services.events.publish("heartbeat", R"({"time":")" + time_text(services, read_clock({}).wall) + "\"}");
        beat();
    });
}

void ApiServer::Inner::handle(sync::HttpRequest request, sync::HttpRespond respond) {
    Call call{&services, std::move(request), std::move(respond), {}, {}};
    if (!known_hosts.allow(call.request))
        return call.refuse(fail(ErrorCode::forbidden, "Host or Origin names another server; see [api] hosts"));
    find_route(std::move(call));
}

const sync::PageFile* ApiServer::Inner::page_at(const sync::HttpRequest& request) const {
    if (request.method != "GET") return nullptr;
    const std::string_view path = request.path == "/" ? "/central" : std::string_view{request.path};
    const auto found = std::ranges::find(pages, path, [](const auto& page) { return std::string_view{page->path}; });
    return found == pages.end() ? nullptr : found->get();
}

void ApiServer::Inner::find_route(Call call) {
    if (const auto* page = page_at(call.request)) return call.answer(page->answer(call.request));
    std::string allowed;
    for (const auto& route : api_routes()) {
        auto parts = sync::match_path(route.path, call.request.path);
        if (!parts) continue;
        if (route.method == call.request.method) {
            call.parts = std::move(*parts);
            return authorise(route, std::move(call));
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
    }
    if (allowed.empty()) return call.refuse(fail(ErrorCode::not_found, "no such call"));
    auto response = sync::problem(405, "not_found", "not with this method");
    response.fields.push_back({"Allow", allowed});
    call.answer(std::move(response));
}

// Who asks, when that person may.
Result<Operator> ApiServer::Inner::judge(const sync::HttpRequest& request, Right right) const {
    const auto catalogue = services.store.catalogue();
    const auto& key = services.identity.bearer_key;
    const Credential given = credential_of(request);
    if (given.of_browser && !given.token.empty() && request.method != "GET" &&
        !sync::csrf_holds(request, key, given.token))
        return fail(ErrorCode::forbidden, "a page must send its X-CSRF-Token");
    const auto* who = check_bearer(key, *catalogue, given.token, read_clock({}).wall);
    if (who == nullptr) return fail(ErrorCode::unauthenticated, "log in: no valid token came with the call");
    if (!may(who->roles, right)) return needs_role_for(right);
    return *who;
}

// A large body is read only from somebody who may send it.
Result<std::uint64_t> ApiServer::Inner::body_limit(const sync::HttpRequest& header) const {
    const std::string call = header.method + ' ' + header.path;
    const bool imports = call == "POST /api/v1/orders/import";
    const bool publishes = call == "PUT /api/v1/catalogue" || call == "POST /api/v1/catalogue/check";
    if (!imports && !publishes) return ordinary_limit;
    if (!known_hosts.allow(header)) return fail(ErrorCode::forbidden, "Host or Origin names another server");
    const auto who = judge(header, imports ? Right::import_orders : Right::write_catalogue);
    if (!who) return who.error();
    return imports ? import_limit : catalogue_limit;
}

void ApiServer::Inner::authorise(const Route& route, Call call) {
    if (!route.right) return route.handler(call);
    auto who = judge(call.request, *route.right);
    if (!who) return call.refuse(who.error());
    call.who = std::move(*who);
    call.bearer = credential_of(call.request).token;
    route.handler(call);
}

ApiServer::ApiServer(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

Result<std::unique_ptr<ApiServer>> ApiServer::start(ApiServices services) {
    auto inner = std::make_unique<Inner>(services);
    if (auto started = inner->start(); !started) return started.error();
    return std::unique_ptr<ApiServer>{new ApiServer{std::move(inner)}};
}

ApiServer::~ApiServer() {
    stop();
    // Answers that were under way are written before the thread ends.
    inner_->work.reset();
    if (inner_->thread.joinable()) inner_->thread.join();
    inner_->server.reset();
}

std::string ApiServer::address() const { return inner_->server->address(); }

void ApiServer::stop() {
    inner_->services.events.close_all();
    asio::post(inner_->io, [inner = inner_.get()] {
        inner->heartbeat.cancel();
        inner->server->stop();
    });
}

}  // namespace gatehouse::central
