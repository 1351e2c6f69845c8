#include "schemas/words/reasons.hpp"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

// `text`: what a detail says; {name} is a word of it, {#name} a number, * anything.
struct Form {
    std::string_view text;
    std::string_view word;
};

// Of invalid_body, behind the path. The first that fits counts.
constexpr std::array of_values{
    Form{"is too short", "missing"},
    Form{"too short", "missing"},
    Form{"is empty", "missing"},
    Form{"empty", "missing"},
    Form{"is missing", "missing"},
    Form{"missing", "missing"},
    Form{"is needed", "missing"},
    Form{"needed", "missing"},
    Form{"names the document that was seen", "missing"},
    Form{"an agency's order is named by its reference", "missing"},
    Form{"is too long", "too_long"},
    Form{"too long", "too_long"},
    Form{"is there twice", "twice"},
    Form{"names a zone twice", "twice"},
    Form{"names a role twice", "twice"},
    Form{"one is named twice", "twice"},
    Form{"is not a name*", "name"},
    Form{"1 to 32 of a-z, 0-9*", "name"},
    Form{"1 to {#most} octets", "octets"},
    Form{"1 to {#most} printable ASCII characters without blanks", "printable"},
    Form{"needs 1 to {#most} octets in zh-CN and in en", "both_languages"},
    Form{"has not {#least} to {#most} elements", "count"},
    Form{"is not between {#least} and {#most}", "between"},
    Form{"is not a number from {#least} to {#most}", "between"},
    Form{"{#least} to {#most}", "between"},
    Form{"is not a whole number", "whole"},
    Form{"a whole number", "whole"},
    Form{"is not in the catalogue", "unknown"},
    Form{"is not known", "unknown"},
    Form{"no such *", "unknown"},
    Form{"names a zone that *", "unknown"},
    Form{"names a role that *", "unknown"},
    Form{"nobody here is called *", "unknown"},
    Form{"is not after *", "order"},
    Form{"not after *", "order"},
    Form{"is not before *", "order"},
    Form{"not before *", "order"},
    Form{"is before *", "order"},
    Form{"is after to", "order"},
    Form{"1 or more, and not after to", "order"},
    Form{"is not a date*", "date"},
    Form{"a date*", "date"},
    Form{"is not a time*", "date"},
    Form{"a time*", "date"},
    Form{"is not YYYY-MM-DD", "date"},
    Form{"is not a whole minute*", "date"},
    Form{"is out of range", "range"},
    Form{"out of range", "range"},
    Form{"is not between *", "range"},
    Form{"is more than *", "range"},
    Form{"is 0*", "range"},
    Form{"at least 1", "range"},
    Form{"from 1", "range"},
    Form{"the price is out of range", "range"},
    Form{"is not 4 to 12 digits", "pin"},
    Form{"is 4 to 12 digits", "pin"},
    Form{"is not an array*", "form"},
    Form{"is not an object*", "form"},
    Form{"is not text*", "form"},
    Form{"is not true or false*", "form"},
    Form{"is not 1 to 64 of *", "form"},
    Form{"is neither confirmed nor failed*", "form"},
    Form{"contains control characters", "form"},
    Form{"is not a ticket's id", "ticket"},
    Form{"node, epoch, seq and ordinal*", "ticket"},
    Form{"is not sold by session", "no_sessions"},
    Form{"the product is sold by session", "needs_session"},
    Form{"it is over", "over"},
    Form{"not on sale today", "not_on_sale"},
    Form{"has from and to only when it is a range", "no_range"},
    Form{"is needed from {#least} minor units on", "large"},
    Form{"makes tickets that no code can carry*", "no_code"},
    Form{"has no administrator*", "no_administrator"},
    Form{"nobody with a PIN would be administrator", "no_administrator"},
    Form{"units of {session} have been granted; it must stay", "granted"},
    Form{"{#units} units have been granted", "granted_units"},
    Form{"the venue's is {currency}", "currency"},
    Form{"{operator} has a shift open there", "open_shift"},
    Form{"has no printer", "no_printer"},
    Form{"is a card's number", "card_number"},
    Form{"the lane is for the other way", "other_way"},
    Form{"more than is due, and not in cash", "too_much"},
    Form{"another order has it", "order_has_it"},
    Form{"from here on nothing was read*", "rest_unread"},
    Form{"{#count} fields where 8 are named", "fields"},
    Form{"column {column} is missing", "column"},
    Form{"column {column} is there twice", "column"},
    Form{"column {column} is none of *", "column"},
};

// Of other codes, where the detail says more than the code does.
constexpr std::array of_codes{
    Form{"a node named {name} is enrolled; revoke it first", "node_name"},
    Form{"node {name} is revoked", "node_revoked"},
    Form{"its seller is revoked, *", "seller_revoked"},
    Form{"{ticket} is revoked", "ticket_revoked"},
    Form{"{ticket} was replaced", "ticket_replaced"},
    Form{"{ticket} was replaced before", "ticket_replaced"},
    Form{"only an administrator *", "not_administrator"},
    Form{"{#units} left", "units_left"},
    Form{"* {#units} left", "units_left"},
    Form{"the catalogue does not fit one record", "large_catalogue"},
};

using Found = std::vector<std::pair<std::string_view, std::string_view>>;

bool fits(std::string_view form, std::string_view text, Found& found);

// `form` begins with {name}: each length of the word is tried, the longest first.
bool fits_word(std::string_view form, std::string_view text, Found& found) {
    const auto end = form.find('}');
    const bool number = form[1] == '#';
    const auto name = form.substr(number ? 2 : 1, end - (number ? 2 : 1));
    const auto belongs = [&](char c) { return number ? c >= '0' && c <= '9' : c != ' '; };
    const auto most = static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
    for (auto length = most; length > 0; --length) {
        found.emplace_back(name, text.substr(0, length));
        if (fits(form.substr(end + 1), text.substr(length), found)) return true;
        found.pop_back();
    }
    return false;
}

bool fits(std::string_view form, std::string_view text, Found& found) {
    if (form.empty()) return text.empty();
    if (form == "*") return true;
    if (form.front() == '{') return fits_word(form, text, found);
    if (form.front() != '*')
        return !text.empty() && text.front() == form.front() && fits(form.substr(1), text.substr(1), found);
    for (std::size_t skipped = 0; skipped <= text.size(); ++skipped)
        if (fits(form.substr(1), text.substr(skipped), found)) return true;
    return false;
}

template <std::size_t n>
std::optional<StatedReason> reason_in(const std::array<Form, n>& forms, std::string_view text) {
    for (const Form& form : forms)
        if (Found found; fits(form.text, text, found)) return StatedReason{form.word, std::move(found)};
    return std::nullopt;
}

}  // namespace

std::string_view field_of(std::string_view detail) {
    const auto path = detail.substr(0, detail.find(": "));
    const auto is_of_path = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"_.-[]"}.find(c) != std::string_view::npos;
    };
    return std::ranges::all_of(path, is_of_path) ? path : std::string_view{};
}

std::optional<StatedReason> reason_of(const Error& error) {
    constexpr std::size_t longest = 500;  // octets; a longer one is of no form
    std::string_view text = error.detail;
    if (text.size() > longest) return std::nullopt;
    if (error.code != ErrorCode::invalid_body) return reason_in(of_codes, text);
    if (const auto path = field_of(text); !path.empty() && path.size() < text.size())
        text.remove_prefix(path.size() + 2);
    if (constexpr std::string_view whole = "the body "; text.starts_with(whole)) text.remove_prefix(whole.size());
    return reason_in(of_values, text);
}

}  // namespace gatehouse
