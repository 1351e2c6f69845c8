// The operator's side of the node's HTTP interface: where the daemon is, the token, how answers and errors are shown.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "schemas/words/fault_words.hpp"
#include "schemas/words/text.hpp"
#include "sync/link/http_client.hpp"

namespace gatehouse::cli {

// sysexits(3)
enum Exit : int {  // unscoped: it is what main() returns
    ok = 0,
    usage = 64,
    bad_data = 65,
    no_input = 66,
    unavailable = 69,
    internal = 70,
    io = 74,
    try_again = 75,
    denied = 77,
    config = 78,
};

[[nodiscard]] Exit exit_of(ErrorCode code);
[[nodiscard]] Exit exit_of_status(unsigned status);

struct Options {
    std::string url = "http://127.0.0.1:8440";
    std::string socket;
    std::string token_file;  // empty: default_token_file()
    bool json = false;
    Language language = Language::en;
};

// What a person reads of an error: why in their words where the error knows it; else the catalogue's text, then the
// English detail as a technical remark. `field`: the path of what is wrong in a body that is not valid.
[[nodiscard]] std::string sentence_of(const Error& error, Language language, const std::string& field = "");

// $XDG_CONFIG_HOME or ~/.config, then gatehouse/token.
[[nodiscard]] std::string default_token_file();

// Shows a JSON answer to a person.
using Show = std::function<void(const boost::json::value&)>;

class Client {
public:
    // `patience`: how long one answer may take; a daemon that hangs is told after that.
    explicit Client(const Options& options, std::chrono::seconds patience = std::chrono::seconds{10})
        : options_(options), patience_(patience) {}

    // One call. With --json the body is printed verbatim, else `show` shows it; a problem is told on standard error.
    int call(const std::string& method, const std::string& target, const std::string& body, const Show& show);
    // Quietly: the parsed answer, or nothing after the problem was told; `exit` then says how to end.
    std::optional<boost::json::value> ask(const std::string& method, const std::string& target, const std::string& body,
                                          int& exit);
    // The body as it came; a problem is told.
    std::optional<std::string> fetch(const std::string& method, const std::string& target, const std::string& body,
                                     int& exit);
    // Says an error in the person's language on standard error.
    int fail(const Error& error) const;
    // Says that what was answered as done is none of the daemon's answers.
    int not_ours(const Error& error) const;
    // As fail(), where the command knows better than the error's code what is to be done.
    int fail(const Error& error, const FaultWords& better) const;

    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] std::string word(Text key) const { return std::string{text(key, options_.language)}; }
    [[nodiscard]] Result<void> keep_token(const std::string& token) const;
    // What a person reads of an answer that is a problem. `logging_in`: name and PIN are what it judges.
    [[nodiscard]] std::string sentence_of_answer(const sync::HttpResponse& response, bool logging_in) const;

private:
    [[nodiscard]] sync::HttpFields fields() const;
    [[nodiscard]] Result<sync::HttpResponse> request(const std::string& method, const std::string& target,
                                                     const std::string& body);
    int tell(const sync::HttpResponse& response, bool logging_in) const;

    const Options& options_;
    std::chrono::seconds patience_;
    std::optional<sync::HttpClient> client_;
};

// A new id for a command that must act once.
[[nodiscard]] std::string new_client_id();

}  // namespace gatehouse::cli
