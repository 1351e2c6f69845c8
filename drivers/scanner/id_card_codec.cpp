#include "drivers/scanner/id_card_codec.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "schemas/base/check.hpp"
#include "schemas/crypto/wipe.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::uint8_t, 5> preamble{0xAA, 0xAA, 0xAA, 0x96, 0x69};
constexpr std::size_t head = preamble.size() + 2;
constexpr std::size_t largest_length = 4'096;  // photo and fingerprints make 2.3 kB
constexpr std::size_t status_size = 3;         // 00 00 and the status
constexpr std::size_t text_at = 4;             // after the lengths of text and photo
constexpr std::size_t text_size = 256;
constexpr std::size_t number_at = text_at + 30 + 2 + 4 + 16 + 70;
constexpr std::size_t number_length = 18;

std::uint8_t check_of(ByteView bytes) {
    std::uint8_t check = 0;
    for (const auto byte : bytes) check = static_cast<std::uint8_t>(check ^ byte);
    return check;
}

Bytes framed(ByteView content) {
    const auto length = content.size() + 1;
    gatehouse::check(length <= largest_length, "an identity card's frame has a limit");
    Bytes bytes(preamble.begin(), preamble.end());
    bytes.push_back(static_cast<std::uint8_t>(length >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(length & 0xffU));
    bytes.insert(bytes.end(), content.begin(), content.end());
    bytes.push_back(check_of(ByteView(bytes).subspan(preamble.size())));
    return bytes;
}

}  // namespace

void wipe(Bytes& bytes) {
    gatehouse::wipe(std::span(bytes));
    bytes.clear();
}
void wipe(std::string& text) {
    gatehouse::wipe(std::span(text));
    text.clear();
}

Bytes encode_id_card(IdCardCommand command) {
    const auto code = static_cast<unsigned>(command);
    return framed(Bytes{static_cast<std::uint8_t>(code >> 8U), static_cast<std::uint8_t>(code & 0xffU)});
}

Bytes encode_id_card_answer(const IdCardAnswer& answer) {
    Bytes content{0x00, 0x00, answer.status};
    content.insert(content.end(), answer.data.begin(), answer.data.end());
    return framed(content);
}

bool is_id_card_number(std::string_view number) {
    if (number.size() != number_length) return false;
    constexpr std::string_view checks = "10X98765432";
    unsigned sum = 0;
    unsigned weight = 1;  // of the character from the right: 2 to its place, modulo 11
    for (std::size_t i = 1; i < number_length; ++i) {
        const char c = number[number_length - 1 - i];
        if (c < '0' || c > '9') return false;
        weight = weight * 2 % 11;
        sum += weight * static_cast<unsigned>(c - '0');
    }
    return number.back() == checks[sum % 11];
}

std::optional<std::string> id_card_number(ByteView data) {
    if (data.size() < text_at + text_size) return std::nullopt;
    std::string number;
    number.reserve(number_length);  // so that growing leaves no copy behind
    for (std::size_t i = 0; i < number_length; ++i) {
        const auto unit = data.subspan(number_at + 2 * i, 2);
        if (unit[1] != 0) return std::nullopt;
        number.push_back(static_cast<char>(unit[0]));
    }
    if (is_id_card_number(number)) return number;
    wipe(number);
    return std::nullopt;
}

std::vector<IdCardAnswer> IdCardReader::take(ByteView bytes) {
    std::vector<IdCardAnswer> answers;
    hold(rest_.size() + bytes.size());
    rest_.insert(rest_.end(), bytes.begin(), bytes.end());
    while (true) {
        const auto [at, matched] = std::mismatch(preamble.begin(), preamble.end(), rest_.begin(), rest_.end());
        if (at != preamble.end() && matched != rest_.end()) {
            drop(1);
            continue;
        }
        if (rest_.size() < head) return answers;
        const std::size_t length = std::size_t{rest_[5]} << 8U | rest_[6];
        if (length < status_size + 1 || length > largest_length) {
            drop(preamble.size());
            continue;
        }
        if (rest_.size() < head + length) return answers;
        const auto checked = ByteView(rest_).subspan(preamble.size(), 2 + length - 1);
        if (check_of(checked) == rest_[head + length - 1]) {
            const auto data = checked.subspan(2 + status_size);
            answers.push_back({rest_[head + 2], Bytes(data.begin(), data.end())});
        }
        drop(head + length);
    }
}

// As reserve(), which would leave a copy behind.
void IdCardReader::hold(std::size_t octets) {
    if (rest_.capacity() >= octets) return;
    Bytes larger;
    larger.reserve(std::max(octets, head + largest_length));
    larger.assign(rest_.begin(), rest_.end());
    wipe(rest_);
    rest_ = std::move(larger);
}

void IdCardReader::clear() { wipe(rest_); }

void IdCardReader::drop(std::size_t count) {
    const auto left = rest_.size() - count;
    std::copy(rest_.begin() + static_cast<std::ptrdiff_t>(count), rest_.end(), rest_.begin());
    gatehouse::wipe(std::span(rest_).subspan(left));
    rest_.resize(left);
}

}  // namespace gatehouse::drivers
