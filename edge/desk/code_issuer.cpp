#include "edge/desk/code_issuer.hpp"

#include <utility>

#include "edge/desk/commands.hpp"
#include "schemas/records/issued_codes.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::edge {

std::string CodeIssuer::code_of(const Bytes& payload) {
    if (!key_) return {};
    if (const auto at = latest_.find(payload); at != latest_.end()) return at->second;
    const auto known = former_.find(payload);
    auto code = known == former_.end() ? issue_code(*key_, venue_, payload) : known->second;
    if (latest_.size() >= limits::tickets) former_ = std::exchange(latest_, {});
    latest_.emplace(payload, code);
    return code;
}

Bytes CodeIssuer::extension_of(const Body& body) {
    if (!key_) return {};
    std::vector<IssuedCode> issued;
    if (const auto* sale = std::get_if<Sale>(&body))
        for (const auto& payload : sale->tickets) issued.push_back(issued_code(code_of(payload)));
    if (const auto* reissue = std::get_if<Reissue>(&body)) issued.push_back(issued_code(code_of(reissue->ticket)));
    return issued_codes_extension(issued);
}

}  // namespace gatehouse::edge
