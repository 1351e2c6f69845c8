#include "edge/api/api_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <thread>

#include "edge/api/answers.hpp"
#include "edge/api/kept_catalogue.hpp"
#include "sync/central/bearer.hpp"
#include "sync/link/log.hpp"
#include "sync/link/thread_urgency.hpp"
#include "sync/web/browser_session.hpp"
#include "sync/web/hosts.hpp"

namespace gatehouse::edge {

namespace {

constexpr std::size_t kept_events = 4096;

Result<std::uint64_t> body_limit(const sync::HttpRequest& /*header*/) { return std::uint64_t{JsonLimits{}.octets}; }

}  // namespace

Router node_routes() {
    Router router;
    add_people_routes(router);
    add_sales_routes(router);
    add_basket_routes(router);
    add_shift_routes(router);
    add_gate_routes(router);
    add_device_routes(router);
    add_status_routes(router);
    add_report_routes(router);
    add_journal_routes(router);
    add_event_routes(router);
    add_health_routes(router);
    add_page_routes(router);
    return router;
}

void ApiServices::refresh_catalogue() {
    if (!reader || reader->fault() != ledger::Fault::none) return;
    if (reader->catalogue_version() == catalogue.version && catalogue.version != 0) return;
    auto latest = reader->catalogue();
    if (!latest) return;
    catalogue = std::move(*latest);
    if (const auto kept = keep_catalogue(facts.kept_catalogue, catalogue); !kept)
        log::warning("the catalogue could not be kept beside the journal: {}", kept.error().detail);
}

class ApiServer::Thread {
public:
    Thread(const ApiOptions& options, ApiFacts facts, ApiOutlets outlets)
        : work_(io_.get_executor()),
          heartbeat_(io_),
          every_(options.heartbeat),
          hosts_(options.listen, options.hosts),
          router_(node_routes()),
          services_{
              std::move(facts), bound(std::move(outlets)), {}, {to_hex(random_bytes(4)), kept_events}, {}, {}, {}, {}} {
    }

    [[nodiscard]] Result<std::string> listen(const ApiOptions& options) {
        sync::HttpServerOptions wanted;
        wanted.listen = options.listen;
        wanted.unix_socket = options.socket.string();
        wanted.tls = options.tls;
        wanted.body_limit = body_limit;
        auto server = sync::HttpServer::start(io_, std::move(wanted),
                                              [this](sync::HttpRequest request, sync::HttpRespond respond) {
                                                  handle(std::move(request), std::move(respond));
                                              });
        if (!server) return server.error();
        server_ = std::make_unique<sync::HttpServer>(std::move(*server));
        return server_->address();
    }

    void run() {
        services_.catalogue = kept_catalogue(services_.facts.kept_catalogue).value_or(Catalogue{});
        beat();
        thread_ = std::thread{[this] {
            describe_thread("api", Urgency::ordinary);
            io_.run();
            ended_.set_value();
        }};
    }

    void stop() {
        if (!thread_.joinable()) return;
        boost::asio::post(io_, [this] {
            heartbeat_.cancel();
            services_.events.close_all();
            if (server_) server_->stop();
            work_.reset();
        });
        // What is being answered may end; nobody waits for a client that does not read.
        if (ended_.get_future().wait_for(std::chrono::seconds{1}) != std::future_status::ready) io_.stop();
        thread_.join();
        server_.reset();
    }

    boost::asio::io_context& io() { return io_; }
    ApiServices& services() { return services_; }

private:
    // Answers come back on this thread, whatever thread they are given on.
    ApiOutlets bound(ApiOutlets outlets) {
        ApiOutlets mine;
        mine.read_failed = outlets.read_failed;
        mine.now = outlets.now;
        mine.later = [this](std::function<void()> run) { boost::asio::post(io_, std::move(run)); };
        mine.command = [this, ask = std::move(outlets.command)](Actor actor, Command command, std::string pin,
                                                                std::function<void(Result<Reply>)> answered) {
            auto back = [this, answered = std::move(answered)](Result<Reply> reply) {
                boost::asio::post(io_, [answered, reply = std::move(reply)] { answered(reply); });
            };
            ask(std::move(actor), std::move(command), std::move(pin), std::move(back));
        };
        mine.desk_status = [this, ask = std::move(outlets.desk_status)](std::function<void(DeskStatus)> answered) {
            auto back = [this, answered = std::move(answered)](DeskStatus status) {
                boost::asio::post(io_, [answered, status = std::move(status)] { answered(status); });
            };
            ask(std::move(back));
        };
        return mine;
    }

    void handle(sync::HttpRequest request, sync::HttpRespond respond) {
        if (!hosts_.allow(request))
            return respond(sync::problem(403, "forbidden", "Host or Origin is not a name of this node"));
        RouteFound found = router_.find(request.method, request.path);
        if (found.route == nullptr) return respond(not_routed(found));
        auto call = std::make_shared<ApiCall>(
            ApiCall{std::move(request), std::move(found.parts), {}, std::move(respond), &services_});
        if (found.route->access == Access::named && !authenticate(*call)) return;
        found.route->handler(std::move(call));
    }

    static sync::HttpResponse not_routed(const RouteFound& found) {
        if (found.allowed.empty()) return sync::problem(404, "not_found", "there is no such path");
        auto answer = sync::problem(405, "method_not_allowed", "the path takes " + found.allowed);
        answer.fields.push_back({"Allow", found.allowed});
        return answer;
    }

    bool authenticate(ApiCall& call) {
        services_.refresh_catalogue();
        constexpr std::string_view scheme = "Bearer ";
        const ApiFacts& facts = services_.facts;
        const auto field = call.request.field("authorization");
        std::optional<std::string> token;
        if (field && field->starts_with(scheme))
            token = std::string{field->substr(scheme.size())};
        else if ((token = sync::session_token(call.request, facts.cookie)) && call.request.method != "GET" &&
                 !sync::csrf_holds(call.request, facts.bearer_key, *token)) {
            call.answer(sync::problem(fail(ErrorCode::forbidden, "a page must send its X-CSRF-Token")));
            return false;
        }
        const Operator* person = nullptr;
        if (token)
            person = central::check_bearer(facts.bearer_key, services_.catalogue, *token, services_.outlets.now());
        if (person == nullptr) {
            call.answer(sync::problem(fail(ErrorCode::unauthenticated, "log in first")));
            return false;
        }
        call.actor = Actor{person->name};
        call.bearer = std::move(*token);
        return true;
    }

    // Of those who would not be let in any more: a stream outlives the call that it was asked for with.
    void end_streams() {
        services_.refresh_catalogue();
        const WallTime now = services_.outlets.now();
        services_.events.keep([&](std::string_view bearer) {
            return central::check_bearer(services_.facts.bearer_key, services_.catalogue, bearer, now) != nullptr;
        });
    }

    void beat() {
        heartbeat_.expires_after(every_);
        heartbeat_.async_wait([this](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            end_streams();
            services_.events.publish("heartbeat",
                                     "{\"time\":\"" + services_.time_text(services_.outlets.now()) + "\"}");
            beat();
        });
    }

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer heartbeat_;
    std::chrono::milliseconds every_;
    sync::KnownHosts hosts_;
    Router router_;
    ApiServices services_;
    std::unique_ptr<sync::HttpServer> server_;
    std::promise<void> ended_;
    std::thread thread_;
};

Result<std::unique_ptr<ApiServer>> ApiServer::start(ApiOptions options, ApiFacts facts, ApiOutlets outlets) {
    std::unique_ptr<ApiServer> server{new ApiServer};
    server->thread_ = std::make_unique<Thread>(options, std::move(facts), std::move(outlets));
    auto address = server->thread_->listen(options);
    if (!address) return address.error();
    server->address_ = std::move(*address);
    server->thread_->run();
    return server;
}

ApiServer::~ApiServer() { stop(); }

void ApiServer::post(std::function<void()> run) { boost::asio::post(thread_->io(), std::move(run)); }

void ApiServer::put(BoardPart part) {
    boost::asio::post(thread_->io(), [this, part = std::move(part)]() mutable {
        edge::publish(thread_->services(), part);
        thread_->services().board.put(std::move(part));
    });
}

void ApiServer::publish(Published published) {
    boost::asio::post(thread_->io(),
                      [this, published = std::move(published)] { edge::publish(thread_->services(), published); });
}

void ApiServer::journal_opened(ledger::LedgerReader reader, bool read_back) {
    auto shared = std::make_shared<ledger::LedgerReader>(std::move(reader));
    boost::asio::post(thread_->io(), [this, shared, read_back] {
        ApiServices& services = thread_->services();
        services.reader = std::move(*shared);
        services.refresh_catalogue();
        // A fault that somebody found is not gone because the same file was opened again.
        if (read_back && (!services.judged || services.judged->fault.empty()))
            services.judged = JournalsJudged{services.outlets.now(), {}, {}};
    });
}

void ApiServer::stop() {
    if (thread_) thread_->stop();
}

}  // namespace gatehouse::edge
